import { describe, expect, it } from 'vitest';
import duplicateExamples from '../../../rules/clustering/duplicate-examples.ts';
import { type Example, Groups, type Panel, type Verdict } from '../../../src/kit.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];

const varied = (n: number, seed = 1): Pairs => {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [`${sentence(r)} Number ${i}?`, sentence(r, 12)]);
};
/** The pairs, then those at `again` once more. */
const and = (pairs: Pairs, again: readonly number[], change = (pair: readonly [string, string]) => pair): Pairs => [
  ...pairs,
  ...again.map((i) => change(pairs[i]!)),
];

testRule(duplicateExamples, {
  even: [
    { name: 'none', pairs: varied(150), score: 0 },
    { name: 'texts', rows: varied(150).map(([text]) => ({ text })), score: 0 },
    {
      name: 'one of many',
      pairs: and(varied(250), [41]),
      score: 0,
      findings: [
        {
          key: 'repeats',
          level: 'info',
          message: '1 of 251 examples (0.4%) repeats an earlier one word for word',
          suggestion: 'Drop line 251: it is the same as line 42',
          data: { examples: 251, excess: 1, share: 0.003984, groups: 1, largest: 2 },
        },
      ],
    },
    {
      name: 'within the bound, half-way from even to it',
      pairs: and(varied(397), [7, 9, 50]),
      score: 0.25,
      findings: [
        {
          message: '3 of 400 examples (0.8%) repeat an earlier one word for word',
          suggestion: 'Drop the 3 repeats (lines 398, 399 and 400) and keep the first of each group',
        },
      ],
    },
    {
      name: 'other punctuation and case',
      pairs: and(varied(150), [3, 8], ([prompt, reply]) => [prompt.toUpperCase(), reply.replace('.', '!')]),
      score: 0,
      findings: [
        {
          key: 'same-words',
          level: 'info',
          message: '2 examples differ from an earlier one only in case, punctuation or blanks',
          suggestion: 'Drop the 2 (lines 151 and 152) unless case or punctuation is what you teach',
          data: { examples: 152, alike: 2 },
        },
      ],
    },
    {
      name: 'prompts with another reply',
      pairs: and(varied(150), [3, 3, 8], ([prompt, reply]) => [prompt, `${reply} And more`]),
      options: { warn: 0.05 },
      score: 0.017, // one of the three comes twice: .5 · (1/153 − .005) / (.05 − .005)
      findings: [{ key: 'repeats', level: 'info' }, { key: 'same-prompts' }],
    },
    { name: 'too few to score', pairs: varied(12), score: null, notJudged: 'fewer than 30 examples' },
    {
      name: 'other bounds',
      pairs: and(varied(90), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
      options: { warn: 0.2, error: 0.5 },
      score: 0.244,
      findings: [{ level: 'info', message: '10 of 100 examples (10%) repeat an earlier one word for word' }],
    },
  ],
  lopsided: [
    {
      name: 'at the warn bound',
      pairs: and(varied(99), [50]),
      score: 0.5,
      findings: [{ level: 'warn', message: '1 of 100 examples (1%) repeats an earlier one word for word, expected under 1%' }],
    },
    {
      name: 'some, in groups of several',
      pairs: and(varied(120), [10, 20, 10, 30, 10, 99]),
      score: 0.625,
      findings: [
        {
          level: 'warn',
          message: '6 of 126 examples (4.8%) repeat an earlier one word for word, expected under 1%',
          suggestion: 'Drop the 6 repeats, such as lines 121, 122 and 124 (the JSON report lists all), and keep the first of each group',
          data: { examples: 126, excess: 6, share: 0.04762, groups: 4, largest: 4 },
        },
      ],
    },
    {
      name: 'every example twice, though there are few',
      pairs: and(varied(20), [...Array(20).keys()]),
      score: 1,
      findings: [{ level: 'error', message: '20 of 40 examples (50%) repeat an earlier one word for word, expected under 1%' }],
    },
    {
      name: 'but for blanks',
      pairs: and(varied(100), [1, 2], ([prompt, reply]) => [`\n${prompt.replace(' ', '  ')} `, `  ${reply}\n`]),
      score: 0.532,
      findings: [{ level: 'warn', message: '2 of 102 examples (2%) repeat an earlier one word for word, expected under 1%' }],
    },
    {
      name: 'all three kinds',
      pairs: [
        ...and(varied(100), [1, 2]),
        [varied(100)[5]![0].toLowerCase(), varied(100)[5]![1]],
        [varied(100)[6]![0], 'Quite another reply.'],
      ],
      score: 0.531,
      findings: [
        { level: 'warn', message: '2 of 104 examples (1.9%) repeat an earlier one word for word, expected under 1%' },
        {
          level: 'info',
          message: '1 more example differs from an earlier one only in case, punctuation or blanks',
          suggestion: 'Drop line 103 unless case or punctuation is what you teach',
        },
        {
          level: 'info',
          message: '4 of 104 prompts (3.8%) repeat an earlier one, 1 of them with another reply',
          suggestion: 'Write a new prompt for line 104, or keep one of the two replies',
          data: { prompts: 104, again: 4, withAnotherReply: 1, groups: 1 },
        },
      ],
    },
    {
      name: 'texts',
      rows: and(varied(100), [1, 2, 3, 4]).map(([text]) => ({ text })),
      score: 0.595,
      findings: [{ level: 'warn', message: '4 of 104 examples (3.8%) repeat an earlier one word for word, expected under 1%' }],
    },
    {
      name: 'tighter bounds',
      pairs: and(varied(199), [1]),
      options: { warn: 0.001, error: 0.002 },
      score: 0.803,
      findings: [{ level: 'error', message: '1 of 200 examples (0.5%) repeats an earlier one word for word, expected under 0.1%' }],
    },
    {
      name: 'with fewer places',
      pairs: and(varied(100), Array(20).fill(60)),
      options: { places: 4 },
      score: 0.933,
      findings: [
        {
          level: 'error',
          suggestion: 'Drop the 20 repeats, such as lines 101, 102 and 103 (the JSON report lists 3), and keep the first of each group',
          data: { examples: 120, excess: 20, share: 0.1667, groups: 1, largest: 21 },
        },
      ],
    },
  ],
});

describe('duplicate-examples', () => {
  const rowsOf = (pairs: Pairs) => pairs.map(([prompt, completion]) => ({ prompt, completion }));

  it('names each line to drop, what it repeats and how it begins, different groups first', async () => {
    const pairs = and(varied(100), [10, 20, 10, 30, 10]);
    const { findings } = await runRule(duplicateExamples, rowsOf(pairs));
    const excerpt = (line: number) => `same as line ${line}: ${pairs[line - 1]![0]}`;
    expect(findings[0]!.evidence).toEqual([
      { file: 'test.jsonl', line: 101, excerpt: excerpt(11) },
      { file: 'test.jsonl', line: 102, excerpt: excerpt(21) },
      { file: 'test.jsonl', line: 104, excerpt: excerpt(31) },
      { file: 'test.jsonl', line: 103, excerpt: excerpt(11) },
      { file: 'test.jsonl', line: 105, excerpt: excerpt(11) },
    ]);
  });

  it('looks at messages and rejected replies, not at other fields', async () => {
    const row = (i: number, rejected: string, id: number) => ({ prompt: `Question ${i}`, chosen: `Answer ${i}`, rejected, id });
    const rows = Array.from({ length: 100 }, (_, i) => row(i, 'No', i));
    const told = async (more: object) => (await runRule(duplicateExamples, [...rows, more])).findings.map(({ key }) => key);
    expect(await told(row(5, 'No', 999))).toEqual(['repeats']);
    expect(await told(row(5, 'Never', 5))).toEqual(['same-prompts']);
    const chat = (name: string, turns: readonly string[]) => ({
      messages: turns.map((content, i) => ({ role: i % 2 ? 'assistant' : name, content })),
    });
    const chats = Array.from({ length: 40 }, (_, i) => chat('user', ['Hi', 'Hello', `Tell me ${i}`, `Gladly ${i}`]));
    // what differs is who said it, or an earlier turn
    expect((await runRule(duplicateExamples, [...chats, chat('user', ['Hi', 'Hey', 'Tell me 7', 'Gladly 7'])])).findings).toEqual([]);
    expect((await runRule(duplicateExamples, [...chats, chat('user', ['Hi', 'Hello', 'Tell me 7', 'Gladly 7'])])).findings).toHaveLength(1);
  });

  it('does not call texts and blank prompts the same prompt', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ prompt: i % 2 ? '' : '  ', completion: `Text ${i}` }));
    expect((await runRule(duplicateExamples, rows)).findings).toEqual([]);
  });

  it('names files where there are several', () => {
    const { observe, create, finish } = duplicateExamples;
    const options = { warn: 0.01, error: 0.1, places: 16 };
    const state = create(options);
    for (const [file, line, text] of [
      ['a.jsonl', 3, 'one'],
      ['b.jsonl', 1, 'one'],
      ['b.jsonl', 7, 'two'],
      ['c.jsonl', 2, 'two'],
    ] as const) {
      observe!(state, exampleOf(text, file, line), options, {});
    }
    const { findings } = finish(state, options, NO_PANEL, {});
    expect(findings[0]!.suggestion).toBe('Drop the 2 repeats (b.jsonl:1 and c.jsonl:2) and keep the first of each group');
    expect(findings[0]!.evidence).toEqual([
      { file: 'b.jsonl', line: 1, excerpt: 'same as a.jsonl:3' },
      { file: 'c.jsonl', line: 2, excerpt: 'same as b.jsonl:7' },
    ]);
  });

  it('estimates where there is more than can be held, and says so', () => {
    const { observe, finish } = duplicateExamples;
    const options = { warn: 0.01, error: 0.1, places: 16 };
    const verdictOf = (capacity: number): Verdict => {
      const state = { contents: new Groups(capacity), prompts: new Groups(capacity) };
      for (let i = 0; i < 9000; i++) {
        observe!(state, exampleOf(`text ${i}`, 'a', i + 1), options, {});
        if (i % 20 === 0) observe!(state, exampleOf(`text ${i}`, 'b', i + 1), options, {});
        if (i % 9 === 0) observe!(state, exampleOf(`Text ${i}!`, 'c', i + 1), options, {});
      }
      return finish(state, options, NO_PANEL, {});
    };
    const exact = verdictOf(1 << 21);
    expect(exact.replicates).toBeUndefined();
    expect(exact.findings.map(({ message }) => message)).toEqual([
      '450 of 10,450 examples (4.3%) repeat an earlier one word for word, expected under 1%',
      '1,000 more examples differ from an earlier one only in case, punctuation or blanks',
    ]);

    const sampled = verdictOf(4000);
    expect(sampled.findings[0]!.message).toMatch(
      /^About [45]\d\d of 10,450 examples \((3\.\d|4\.\d|5\.\d)%, estimated\) repeat an earlier one word for word, expected under 1%$/,
    );
    expect(Number(sampled.findings[0]!.data.excess)).toBeGreaterThan(350);
    expect(Number(sampled.findings[1]!.data.alike)).toBeGreaterThan(850);
    expect(Number(sampled.findings[1]!.data.alike)).toBeLessThan(1150);
    expect(Number(sampled.findings[0]!.data.groups)).toBe(Number(sampled.findings[0]!.data.excess)); // each repeat is of its own
    expect(sampled.replicates).toHaveLength(20);
    for (const replicate of sampled.replicates!) expect(Math.abs(replicate - sampled.score!)).toBeLessThan(0.02);
    expect(new Set(sampled.replicates).size).toBeGreaterThan(5);
  });
});

const NO_PANEL: Panel = { train: [], eval: [], reference: [], whole: false };

function exampleOf(text: string, file: string, line: number): Example {
  return { at: { file, line }, split: 'train', format: 'text', messages: [{ role: 'assistant', text }], raw: {} };
}
