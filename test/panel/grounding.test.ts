import { beforeAll, describe, expect, it } from 'vitest';
import ungroundedReplies from '../../rules/mapping/ungrounded-replies.ts';
import { pairs } from '../../src/features/pairs.ts';
import { Context, contextOf, isName, languageOf, sentenceOf, speaks, unheldValues } from '../../src/panel/grounding.ts';
import { loadLibraries } from '../../src/panel/libraries.ts';
import { chat, panelOf } from './panel-of.ts';

/** Written and labelled by hand: what comes before, the reply, and the values of the reply that nothing before holds. */
const LABELLED: readonly (readonly [context: string, reply: string, unheld: readonly string[]])[] = [
  // numbers
  ['The town spent 1,250 dollars on lamps.', 'The town spent 1250 dollars on lamps.', []],
  ['The town spent 1,250 dollars on lamps.', 'The town spent 1,520 dollars on lamps.', ['1,520']],
  ['One thousand people came to the fair.', 'The fair drew 1,000 people.', []],
  ['About twenty-five horses ran.', 'Some 25 horses ran.', []],
  ['About twenty-five horses ran.', 'Some 35 horses ran.', ['35']],
  ['Two hundred and fifty thousand tons were moved.', 'The mine moved 250,000 tons.', []],
  ['The mine moved 250,000 tons.', 'A quarter of a million tons, 250k in all, were moved.', []],
  ['The budget is 3.5 million euros.', 'A budget of €3,500,000 was set.', []],
  ['The budget is 3,487,000 euros.', 'The budget is about 3.5 million euros.', []],
  ['The budget is 3,487,000 euros.', 'The budget is about 4.7 million euros.', ['4.7 million']],
  ['Half of the members voted.', 'Turnout was 50%.', []],
  ['Turnout was 47.8 percent.', 'Turnout was 48%.', []],
  ['Turnout was 47.8 percent.', 'Turnout was 61%.', ['61%']],
  ['The rate rose to 0.25.', 'The rate is now 25%.', []],
  ['He finished third in the race.', 'He came 3rd in the race.', []],
  ['The hall seats nine hundred.', 'The hall seats 900 and has 14 doors.', ['14']],
  ['The flat has 85 m2 and costs 1200 a month.', 'An 85 m2 flat for 1,200 a month, with a 40 m2 garden.', ['40']],
  ['Ann met Bob and Carl in the park.', 'The three friends met in the park.', []],
  ['He ran the model on the data.', 'He ran GPT4 on an x86 machine.', []],
  ['Wash, cut and fry the onions.', '1. Wash the onions.\n2. Cut them.\n3. Fry them.\n4. Serve.\n5. Eat.', []],
  ['Wash, cut and fry the onions.', 'Step 4: fry the onions for 12 minutes.', ['12']],
  ['Install the tool from our page.', 'See https://example.com/v2/page/4711 and run `pip install tool==8.15`.', []],
  ['Choose a file, name it and save it.', 'Choose a file. 5. Enter a name: 6) Save it.', []],
  ['The report of the board [7] was late.', 'The report was late [12].', []],
  ['Der Preis beträgt 1.500,75 Euro.', 'Der Preis ist 1500,75 Euro.', []],
  ['The parcel weighs 3m less.', 'It is 45 kg lighter.', ['45']],
  ['They sold 312 cars last year.', 'They sold over 300 cars last year.', []],
  ['The bridge is 2 km long.', 'The bridge is 2,000 metres long.', []],
  ['The shop sold 12,400 units.', 'The shop sold 14,200 units.', ['14,200']],
  ['It holds 8 litres.', 'It holds 8 litres, or 17 pints.', ['17']],
  ['Version 2.4.1 fixes it.', 'It is fixed in version 2.4.1.', []],
  ['The server is 10.0.0.7 now.', 'The server moved to 10.0.0.9 now.', ['10.0.0.9']],
  ['The score was 2-0 at the end.', 'They won 2-0.', []],
  ['Doors open at 17:30.', 'Doors open at 5:30 pm.', []],
  ['Doors open at 5 p.m.', 'Doors open at 17:00.', []],
  ['Doors open at 5 p.m.', 'Doors open at 18:45.', ['18', '45']],
  ['A dozen eggs were broken.', '12 eggs were broken.', []],
  ['It was 3, 800 km away.', 'It was 3,800 km away.', []],
  // arithmetic
  ['She had 48 apples and sold 24 of them.', 'She has 24 apples left, and sold 48 / 2 = 24.', []],
  ['She sold 48 clips in April and half as many in May.', 'She sold 48/2 = <<48/2=24>>24 in May, so 48+24 = <<48+24=72>>72 in all.', []],
  ['Born in 1931, he died in 2004.', 'He died aged 73.', []],
  ['It has 4 rooms of 15 square metres each.', 'It has 60 square metres.', []],
  ['Sales rose from 200 to 250.', 'Sales rose by 25%.', []],
  ['There were 17 men and 25 women on the boat.', 'There were 42 people on the boat.', []],
  ['There were 17 men and 25 women on the boat.', 'There were 57 people on the boat.', ['57']],
  // dates
  ['They met on 3 March 2021.', 'Date: 2021-03-03', []],
  ['They met on 2021-03-03.', 'They met on March 3, 2021.', []],
  ['They met on 03/03/21.', 'They met on 3 March 2021.', []],
  ['They met on 3 March 2021.', 'They met on 3 April 2021.', ['3 April 2021']],
  ['They met on 3 March 2021.', 'They met on March 13, 2021.', ['March 13, 2021']],
  ['They met on 3 March 2021.', 'They met in March.', []],
  ['They met in spring.', 'They met in April of last year.', ['April']],
  ['It opened in 1998.', 'It opened in 1988.', ['1988']],
  ['It opened in 1998.', 'It was built in the 1990s.', []],
  ['The class of 1987 met.', 'The class of ’87 met.', []],
  ['The match is on Tuesday.', 'The match is on Tuesday evening.', []],
  ['The match is at noon.', 'The match is on Friday.', ['Friday']],
  ['The match is on 5 June 2020.', 'The match is on a Friday.', []],
  ['He may march with them.', 'He may march with us.', []],
  // names
  ['the chancellor angela merkel spoke in berlin.', 'In Berlin, chancellor Angela Merkel spoke.', []],
  ['The chancellor spoke in the capital.', 'The speech by Angela Merkel was held in Berlin.', ['Angela Merkel', 'Berlin']],
  ['Mr Johnson told his sister.', 'His sister was told by Mr Johnson.', []],
  ['Mr Johnson told his sister Jane.', 'His sister was told by Mr Thompson.', ['Mr Thompson']],
  ['The World Health Organization warned of it.', 'A warning came from the WHO.', []],
  ['The WHO warned of it.', 'A warning came from the World Health Organization.', []],
  ['The company opened an office.', 'The office was opened by Microsoft in Dublin.', ['Microsoft', 'Dublin']],
  ['A german firm won.', 'The winner was from Germany.', []],
  ['An american won.', 'The winner was from the United States.', []],
  ['I saw Micheal in Pari.', 'Yesterday I saw Michael in Paris.', []],
  ["We took Maria's car to the lake.", 'They went in the car of Maria to the lake.', []],
  ['She likes the book.', 'She told Peter about the book on the train to Vienna.', ['Peter', 'Vienna']],
  ['The band played a song.', 'A song was played by Nirvana.', ['Nirvana']],
  ['Summarise the minutes: we agreed on lunch.', 'The Minutes Of The Meeting\nWe agreed on lunch.', []],
  ['the team will meet in the red room', 'The team will meet in the Red Room.', []],
  ['Our guest wrote two novels.', 'It is known that Haruki Murakami wrote two novels.', ['Haruki Murakami']],
  ['Ask Dr. Lee about the results.', 'Please ask Dr. Lee about it.', []],
  ['A storm hit the coast of Chile.', 'A storm hit the coast of Peru and 31 ships.', ['31', 'Peru']],
  ['He said that I should come.', 'So I am to come, and I know it.', []],
  ['Anna wrote to Tom.', 'A letter to Tom was written by Anna, not by Gregor Samsa.', ['Gregor Samsa']],
  // other forms
  ['Ann Lee, born 1990, lives in Rome.', '{"name": "Ann Lee", "born": 1990, "city": "Rome"}', []],
  ['Ann Lee, born 1990, lives in Rome.', '{"name": "Ann Lee", "born": 1991, "city": "Rome"}', ['1991']],
  ['Ann Lee, born 1990, lives in Rome.', '{"name": "Ann Lee", "born": 1990, "city": "Lisbon"}', ['Lisbon']],
  ['Players older than 30', 'SELECT name FROM players WHERE age > 30 LIMIT 1;', []],
  ['Players older than 30', 'SELECT name FROM players WHERE age > 35;', ['35']],
  ['Order of Tom: 12 lamps', '<order><who>Tom</who><lamps>15</lamps></order>', ['15']],
  ['Double every number of a list.', '```python\ndef double(xs):\n    return [x * 2 + 4096 for x in xs]\n```', []],
];

/** The same, written once the code was done: what it does on texts that it was not made for. Of its four mistakes one was mended since (growth in percent). */
const UNSEEN: typeof LABELLED = [
  [
    'The ferry carried 412 passengers and 61 cars across the strait on Monday.',
    'On Monday a ferry took 412 passengers and 61 cars over the strait.',
    [],
  ],
  [
    'The ferry carried 412 passengers and 61 cars across the strait on Monday.',
    'On Monday a ferry took 421 passengers and 61 cars to Helsinki.',
    ['421', 'Helsinki'],
  ],
  ['hi team, the audit by kpmg is due on the 14th of november', 'Dear team, the audit by KPMG is due on 14 November.', []],
  [
    'hi team, the audit by kpmg is due on the 14th of november',
    'Dear team, the audit by Deloitte is due on 24 November.',
    ['Deloitte', '24 November'],
  ],
  [
    'Patient: male, 54, BP 140/90, on metformin 500 mg twice daily.',
    'The patient is a 54-year-old man with a blood pressure of 140/90 who takes metformin 500 mg twice daily.',
    [],
  ],
  [
    'Patient: male, 54, BP 140/90, on metformin 500 mg twice daily.',
    'The patient is a 45-year-old man who takes metformin 850 mg twice daily.',
    ['45', '850'],
  ],
  ['Revenue came to $4.2bn in Q3, up from $3.9bn a year before.', 'Revenue rose by $0.3bn to $4.2 billion in the third quarter.', []],
  [
    'Revenue came to $4.2bn in Q3, up from $3.9bn a year before.',
    'Revenue rose by 8% to $4.2bn, said Tim Cook of Apple.',
    ['Tim Cook', 'Apple'],
  ],
  ['Dr. Amara Okafor joined the lab in Nairobi in 2016.', 'In 2016 Okafor joined a lab in Nairobi, Kenya.', ['Kenya']],
  ['The committee met for two hours and agreed on nothing.', 'The committee, which met for 2 hours, could not agree.', []],
  ['Flights LH454 and BA283 were late.', 'Two flights, LH454 and BA283, were late.', []],
  [
    'The recipe needs 250 g flour, 3 eggs and 120 ml milk.',
    'Mix 250 g of flour with 3 eggs and 200 ml of milk, then bake at 180 degrees.',
    ['200', '180'],
  ],
  ['The trial begins next Thursday at the court in Leeds.', 'The trial at Leeds begins next Thursday.', []],
  ['The trial begins soon at the court.', 'The trial at the court in Leeds begins next Thursday.', ['Leeds', 'Thursday']],
  ['she was born on 7/12/1990 in porto', 'She was born in Porto in 1990.', []],
  ['The novel sold twelve thousand copies in its first week.', 'In a week the novel sold 12,000 copies.', []],
  ['The novel sold twelve thousand copies in its first week.', 'In a week the novel sold twenty thousand copies.', ['twenty thousand']],
  ['Send the invoice to Mrs. Petrova, 18 Mill Lane.', 'Please send the invoice to Mrs. Petrova at 18 Mill Lane.', []],
  ['Send the invoice to Mrs. Petrova, 18 Mill Lane.', 'Please send the invoice to Mrs. Ivanova at 81 Mill Lane.', ['Ivanova', '81']],
  ['The United Nations condemned the attack.', 'The attack was condemned by the UN.', []],
  ['A man was held after the attack.', 'After the attack, police in Manchester held a 32-year-old man.', ['Manchester', '32']],
  ['It was cold, and the lake froze in places.', 'The lake froze in places, as it was so cold.', []],
  ['Apollo 11 landed in 1969 with three men.', 'In 1969 three men landed with Apollo 11.', []],
  ['The phone has a 6.1-inch screen and 128 GB.', 'A phone with 128GB and a screen of 6.1 inches.', []],
  ['The phone has a 6.1-inch screen and 128 GB.', 'A phone with 256GB and a screen of 6.7 inches.', ['256', '6.7']],
];

beforeAll(async () => {
  await loadLibraries([{ rule: ungroundedReplies }]);
});

const NONE: ReadonlySet<string> = new Set();
const unheld = (context: string, reply: string): string[] =>
  unheldValues(reply, new Context(context), true)
    .filter((value) => value.kind !== 'name' || isName(sentenceOf(reply, value), value, NONE))
    .map(({ text }) => text);

describe('values that a context does not hold', () => {
  it.each([
    ['labelled', LABELLED, 0.95, 0.95],
    ['unseen', UNSEEN, 0.95, 0.8],
  ])('are found in %s texts', (_, labelled, precision, recall) => {
    let right = 0;
    let wrong = 0;
    let missed = 0;
    const mistakes: string[] = [];
    for (const [context, reply, labels] of labelled) {
      const found = unheld(context, reply);
      for (const text of found) {
        if (labels.some((label) => text.includes(label))) right++;
        else {
          wrong++;
          mistakes.push(`wrong ${text}: ${reply}`);
        }
      }
      for (const label of labels)
        if (!found.some((text) => text.includes(label))) {
          missed++;
          mistakes.push(`missed ${label}: ${reply}`);
        }
    }
    expect(right + missed).toBeGreaterThanOrEqual(20);
    expect(right / (right + wrong), mistakes.join('\n')).toBeGreaterThanOrEqual(precision);
    expect(right / (right + missed), mistakes.join('\n')).toBeGreaterThanOrEqual(recall);
  });

  it('are told where they stand', () => {
    const reply = 'He paid 47 coins, and 47 more on 3 June 1999 to Gregor Samsa of `Prague 88`.';
    for (const { text, at } of unheldValues(reply, new Context('He paid and paid again.'), true)) expect(reply.slice(at)).toMatch(text);
    expect(unheldValues(reply, new Context('He paid and paid again.'), true).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'date 3 June 1999',
      'number 47',
      'name Gregor Samsa',
    ]);
  });

  it('are not looked for where what precedes was cut', () => {
    const [whole, cut] = panelOf([chat(['Short.', 'Yes.']), chat(['Long. '.repeat(3000), 'Yes.'])]).train.toSorted(
      (a, b) => a.messages[0]!.text.length - b.messages[0]!.text.length,
    );
    expect(contextOf(whole!, pairs(whole!)[0]!)!.text).toBe('Short.');
    expect(contextOf(cut!, pairs(cut!)[0]!)).toBeUndefined();
  });

  it('are held by system text and earlier turns', () => {
    const [example] = panelOf([chat(['One.', 'Two.', 'Three.', 'Four.'], 'Zero.')]).train;
    expect(pairs(example!).map((pair) => contextOf(example!, pair)!.text)).toEqual(['Zero.\nOne.', 'Zero.\nOne.\nTwo.\nThree.']);
  });
});

describe('languages', () => {
  it.each([
    ['It was the best of times, and it was not for you.', 'English'],
    ['Der Mann und die Frau sind nicht auf dem Schiff.', 'German'],
    ['Le chat est dans la maison et il ne veut pas que vous le voyiez.', 'French'],
    ['El gato está en la casa y no quiere que lo vean los perros.', 'Spanish'],
    ['Il gatto è nella casa di mia madre e non vuole che la vedano.', 'Italian'],
    ['O gato não está em casa e os cães não sabem que ele foi para a rua.', 'Portuguese'],
    ['De kat is in het huis en wil niet dat de hond het ziet.', 'Dutch'],
    ['Кошка спит дома, а собака гуляет.', 'Cyrillic'],
    ['猫は家で寝ています。犬は外にいます。', 'Japanese'],
    ['猫在家里睡觉，狗在外面散步，他们都很好。', 'Chinese'],
    ['4711 + 12 = ?', undefined],
    ['Lamps, coats', undefined],
  ])('%j', (text, language) => {
    expect(languageOf(text)).toBe(language);
    if (language) expect(speaks(text, language)).toBe(true);
  });

  it('are spoken in a part of a text too', () => {
    expect(speaks('Correct what is wrong in the text that follows: der Mann und die Frau sind nicht auf dem Schiff.', 'German')).toBe(true);
    expect(speaks('Correct what is wrong in the text that follows, and do it with care, as the man and the woman asked.', 'German')).toBe(
      false,
    );
  });
});
