import { expect, it } from 'vitest';
import optionPosition from '../../../rules/leakage/option-position.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];

const WORDS = 'amber birch cedar delta ember fjord grove heath islet jetty knoll ledge marsh oasis pond quay reef shoal tarn vale'.split(
  ' ',
);

interface Make {
  /** How often each place is right. */
  readonly right: readonly number[];
  readonly options?: number;
  readonly seed?: number;
  readonly write?: (question: string, options: readonly string[]) => string;
  readonly reply?: (place: number, options: readonly string[]) => string;
  /** The text of an option, given whether it is right. */
  readonly text?: (r: () => number, right: boolean, at: number) => string;
}

const inLines = (question: string, options: readonly string[]): string =>
  `${question}\n${options.map((text, i) => `${'ABCDEFGH'[i]}) ${text}`).join('\n')}`;
const letter = (place: number): string => 'ABCDEFGH'[place]!;
/** All alike in length, so that only the place can tell. */
const alike = (r: () => number): string =>
  `the ${pick(r, WORDS).padEnd(6, 'x')} ${pick(r, WORDS).padEnd(6, 'y')}${Math.floor(r() * 90) + 10}`;

/** Questions with options, and which is right. */
function questions({ right, options = right.length, seed = 1, write = inLines, reply = letter, text = alike }: Make): Pairs {
  const r = random(seed);
  return right.flatMap((times, place) =>
    Array.from({ length: times }, () => {
      const texts = Array.from({ length: options }, (_, i) => text(r, i === place, i));
      return [write(`Which one? ${sentence(r, 9)}`, texts), reply(place, texts)] as const;
    }),
  );
}
const even4 = [50, 50, 50, 50];
const lopsided4 = [32, 32, 104, 32];
const rowsOf = (pairs: Pairs, instruction: string) => pairs.map(([input, output]) => ({ instruction, input, output }));

/** The right one is the longest in `share` of a hundred questions, else the shortest or in between. */
const longest = (share: number, seed = 3): Pairs => {
  const r = random(seed);
  return Array.from({ length: 400 }, (_, i) => {
    const place = i % 4;
    const rank = i % 100 < share ? 3 : i % 3;
    // lengths 2, 4, 6 and 8 words
    const others = [0, 1, 2, 3].filter((one) => one !== rank);
    const texts = [0, 1, 2, 3].map((at) => sentence(r, 3 + 3 * (at === place ? rank : others.pop()!)));
    return [inLines(`Which one? ${sentence(r, 9)}`, texts), letter(place)] as const;
  });
};

const judge = (first: number, second: number, tail = '\n\nWhich response is better?', seed = 4): Pairs => {
  const r = random(seed);
  return Array.from({ length: first + second }, (_, i) => [
    `Question: ${sentence(r, 8)}\n\nResponse A:\n${sentence(r, 14 + (i % 7))}\n\nResponse B:\n${sentence(r, 14 + (i % 5))}${tail}`,
    i < first ? '[[A]]' : '[[B]]',
  ]);
};

testRule(optionPosition, {
  even: [
    { name: 'four options, each right as often', pairs: questions({ right: even4 }), score: 0 },
    // χ² = 11 with 3 degrees of freedom, p = .0117 (scipy.stats.chisquare([70, 40, 45, 45]))
    { name: 'what chance may do', pairs: questions({ right: [70, 40, 45, 45] }), score: 0 },
    { name: 'free text', pairs: questions({ right: even4, reply: (_, texts) => `I think of ${texts.join(' and ')}.` }), score: null },
    {
      name: 'labels with letters: the same list everywhere',
      pairs: questions({ right: [150, 50], text: (_r, _right, at) => ['yes', 'no'][at]! }),
      score: null,
      notJudged: 'the options are the same in all questions',
    },
    {
      name: 'letters, but no options',
      pairs: questions({ right: lopsided4, write: (question) => question }),
      score: null,
      notJudged: 'no multiple-choice questions',
    },
    {
      name: 'numbers that are counts',
      pairs: questions({
        right: [10, 20, 100],
        write: (question, texts) => `How many of these are true? ${question}\n${texts.map((text, i) => `${i + 1}. ${text}`).join('\n')}`,
        reply: (place) => `${place + 1}`,
      }),
      score: null,
      notJudged: 'no multiple-choice questions',
    },
    {
      name: 'two sentences and a number that is a label',
      pairs: questions({
        right: [60, 60, 60],
        write: (_, [one, another]) => `Option 1: ${one}\nOption 2: ${another}\nSame, other or unknown?`,
        reply: (place) => `${place}`,
      }),
      score: null,
      notJudged: 'no multiple-choice questions',
    },
    {
      name: 'texts without a prompt',
      rows: questions({ right: [100, 10] }).map(([text]) => ({ text })),
      score: null,
      notJudged: 'no prompts',
    },
    {
      name: 'few questions among other pairs',
      pairs: [
        ...questions({ right: [40, 5, 5, 5] }),
        ...questions({
          right: [300],
          write: (question) => question,
          reply: () => 'It stands there as it always did, I would say.',
          seed: 9,
        }),
      ],
      score: null,
      notJudged: 'too few multiple-choice questions',
    },
    { name: 'too few to judge', pairs: questions({ right: [1, 1, 24] }), score: null, notJudged: 'fewer than 30 examples' },
    { name: 'two texts, each better as often', pairs: judge(100, 100), score: 0 },
    {
      name: 'a looser bound',
      pairs: questions({ right: [40, 40, 80, 40], seed: 7 }),
      options: { excessWarn: 0.2 },
      score: 0.333,
      findings: [{ level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: '"C" in half of the questions',
      pairs: questions({ right: lopsided4 }),
      score: 0.755,
      findings: [
        {
          key: 'place',
          level: 'warn',
          message: '"C" is the right answer to 52% of 200 questions with four options, expected about 25%',
          suggestion: 'Shuffle the options of each question and its answer with them, so that about 54 of the 104 right answers leave "C"',
          // χ² = 77.76 with 3 degrees of freedom (scipy.stats.chisquare): p = 9.3e-17
          data: { giveaway: 'place 3', questions: 200, right: 104, expected: 50, excess: 0.27, p: 0 },
        },
      ],
    },
    {
      name: 'the first option is always right',
      pairs: questions({ right: [120], options: 3 }),
      score: 1,
      findings: [{ level: 'error', message: '"A" is the right answer to 100% of 120 questions with three options, expected about 33%' }],
    },
    {
      name: 'questions with two to four options',
      pairs: [...questions({ right: [80, 20], seed: 5 }), ...questions({ right: [70, 10, 10, 10], seed: 6 })],
      score: 0.85,
      findings: [
        {
          message: '"A" is the right answer to 75% of 200 questions with two to four options, expected about 38%',
        },
      ],
    },
    {
      name: 'inline, with the answer at the end of a thought',
      pairs: questions({
        right: lopsided4,
        write: (question, texts) => `${question} ${texts.map((text, i) => `(${'abcd'[i]}) ${text}`).join(' ')}`,
        reply: (place, texts) => `Let us see. ${texts[place]} fits best.\nTherefore the answer is (${letter(place)}).`,
      }),
      score: 0.755,
      findings: [{ message: '"C" is the right answer to 52% of 200 questions with four options, expected about 25%' }],
    },
    {
      name: 'bullets, and the text of one as the reply',
      pairs: questions({
        right: lopsided4,
        write: (question, texts) => `${question}\nOPTIONS:\n${texts.map((text) => `- ${text}`).join('\n')}`,
        reply: (place, texts) => texts[place]!,
      }),
      score: 0.755,
      findings: [
        {
          message: 'The third option is the right answer to 52% of 200 questions with four options, expected about 25%',
          suggestion:
            'Shuffle the options of each question and its answer with them, so that about 54 of the 104 right answers leave the third option',
        },
      ],
    },
    {
      name: 'numbers',
      pairs: questions({
        right: lopsided4,
        write: (question, texts) => `${question}\n${texts.map((text, i) => `${i + 1}. ${text}`).join('\n')}`,
        reply: (place, texts) => `${place + 1}. ${texts[place]}`,
      }),
      score: 0.755,
      findings: [{ message: '"3" is the right answer to 52% of 200 questions with four options, expected about 25%' }],
    },
    {
      name: 'a judge that prefers what comes first',
      pairs: judge(150, 50),
      score: 0.725,
      findings: [{ level: 'warn', message: '"A" is the right answer to 75% of 200 questions with two options, expected about 50%' }],
    },
    {
      name: 'the longest option',
      pairs: longest(70),
      score: 0.9,
      findings: [
        {
          key: 'longest',
          level: 'error',
          message: 'The longest option is the right answer to 70% of 400 questions with four options, expected about 25%',
          suggestion:
            'Lengthen a wrong option, or shorten the right one, in about 180 of the 280 questions where the right one is the longest',
        },
      ],
    },
    {
      name: '"all of the above" is right whenever it is there',
      pairs: questions({
        right: [50, 50, 50, 50],
        text: (r, right, at) => (at === 3 && (right || r() < 0.15) ? 'all of the above' : sentence(r, 5)),
        seed: 8,
      }),
      score: 0.884,
      findings: [
        {
          key: 'all-of-the-above',
          level: 'error',
          message: '"all of the above" is the right answer to 68% of 74 questions with four options that offer it, expected about 25%',
          suggestion:
            'Replace "all of the above" in about 32 of the 50 questions where it is right, or add as many questions where it is wrong',
        },
        // it is short
        { message: 'The shortest option is the right answer to 45% of 159 questions with four options, expected about 25%' },
      ],
    },
    {
      name: 'one task of two',
      rows: [...rowsOf(questions({ right: even4 }), 'Pick a letter.'), ...rowsOf(questions({ right: lopsided4, seed: 2 }), 'Choose well.')],
      score: 0.755,
      findings: [
        {
          message: 'In the task "Choose well.", "C" is the right answer to 52% of 200 questions with four options, expected about 25%',
          data: { task: 'Choose well.', giveaway: 'place 3', questions: 200, right: 104, expected: 50, excess: 0.27, p: 0 },
        },
      ],
    },
    {
      name: 'few questions: a warning at most',
      pairs: questions({ right: [45, 5] }),
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'a tighter bound of error',
      pairs: questions({ right: lopsided4, seed: 11 }),
      options: { excessError: 0.2 },
      score: 0.835,
      findings: [{ level: 'error' }],
    },
  ],
});

it('shows the option that is picked, and the answer', async () => {
  const { findings } = await runRule(
    optionPosition,
    questions({ right: lopsided4 }).map(([prompt, completion]) => ({ prompt, completion })),
  );
  expect(findings[0]!.evidence).toHaveLength(3);
  for (const { excerpt } of findings[0]!.evidence) expect(excerpt).toMatch(/C\) .* → C$/s);
});

it('gives an interval where it saw a sample', async () => {
  const report = await runRule(
    optionPosition,
    questions({ right: lopsided4.map((n) => n * 110) }).map(([prompt, completion]) => ({ prompt, completion })),
  );
  const { interval, score } = report.rules['option-position']!;
  expect(interval![0]).toBeLessThan(score!);
  expect(interval![1] - interval![0]).toBeLessThan(0.1);
  expect(report.findings[0]!.message).toMatch(/^"C" is the right answer to 52% of 20,000 sampled questions with four options/);
});

it('calls next to nothing by chance', async () => {
  let called = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const r = random(seed * 77);
    const pairs = Array.from({ length: 120 }, () => {
      const texts = Array.from({ length: 4 }, () => sentence(r, 2 + Math.floor(r() * 6)));
      return { prompt: inLines(sentence(r, 8), texts), completion: letter(Math.floor(r() * 4)) };
    });
    called += (await runRule(optionPosition, pairs)).findings.length;
  }
  expect(called).toBeLessThanOrEqual(1);
});
