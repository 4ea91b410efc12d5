import { beforeAll, describe, expect, it } from 'vitest';
import ungroundedReplies from '../../rules/mapping/ungrounded-replies.ts';
import { pairs } from '../../src/features/pairs.ts';
import { Context, contextOf, isName, languageOf, sentenceOf, unheldValues } from '../../src/panel/grounding.ts';
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

beforeAll(async () => {
  await loadLibraries([{ rule: ungroundedReplies }]);
});

const NONE: ReadonlySet<string> = new Set();
const unheld = (context: string, reply: string): string[] =>
  unheldValues(reply, new Context(context), true)
    .filter((value) => value.kind !== 'name' || isName(sentenceOf(reply, value), value, NONE))
    .map(({ text }) => text);

describe('values that a context does not hold', () => {
  it('are found in labelled texts', () => {
    let right = 0;
    let wrong = 0;
    let missed = 0;
    const mistakes: string[] = [];
    for (const [context, reply, labels] of LABELLED) {
      const found = unheld(context, reply);
      for (const text of found) {
        if (labels.includes(text)) right++;
        else {
          wrong++;
          mistakes.push(`wrong ${text}: ${reply}`);
        }
      }
      for (const label of labels)
        if (!found.includes(label)) {
          missed++;
          mistakes.push(`missed ${label}: ${reply}`);
        }
    }
    console.log(mistakes.join('\n'), LABELLED.length, right, wrong, missed);
    expect(right / (right + wrong)).toBeGreaterThanOrEqual(0.95);
    expect(right / (right + missed)).toBeGreaterThanOrEqual(0.9);
  });
});

export { chat, contextOf, languageOf, pairs, panelOf };
