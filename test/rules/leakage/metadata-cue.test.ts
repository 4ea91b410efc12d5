import { expect, it } from 'vitest';
import metadataCue from '../../../rules/leakage/metadata-cue.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';

const LABELS = ['yes', 'no'];
type Make = (label: string, r: () => number, i: number) => object;

/** Rows with a label by chance, and what stands beside it. */
function rows(n: number, beside: Make, seed = 1, labels: readonly string[] = LABELS, write = (text: string, _beside: object) => text) {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const label = pick(r, labels);
    const fields = beside(label, r, i);
    return { prompt: write(`${sentence(r, 9)} (${i})`, fields), completion: label, ...fields };
  });
}
const SOURCES = ['web', 'forum', 'book'];
/** For `yes` mostly from the web, for `no` from a forum: with a chance of `strength` the source tells. */
const source =
  (strength: number): Make =>
  (label, r) => ({ source: r() < strength ? (label === 'yes' ? 'web' : 'forum') : pick(r, SOURCES) });
const inPrompt = (text: string, beside: object) => `Source: ${(beside as { source: string }).source}\n${text}`;

testRule(metadataCue, {
  even: [
    {
      name: 'no fields',
      pairs: rows(200, () => ({})).map(({ prompt, completion }) => [prompt, completion] as const),
      score: null,
      notJudged: 'no fields of plain values beside the conversation',
    },
    {
      name: 'fields that tell nothing',
      rows: rows(200, (_, r, i) => ({
        id: i + 5000,
        source: pick(r, SOURCES),
        meta: { score: r(), at: `2024-0${1 + Math.floor(r() * 9)}-11` },
      })),
      score: null,
      notJudged: 'no field beside the conversation stands in the prompts',
    },
    { name: 'a field that tells nothing, in the prompt', rows: rows(200, source(0), 2, LABELS, inPrompt), score: 0 },
    {
      name: 'a label that is in the row, and is the reply',
      rows: rows(200, (label) => ({ answer: label, n: 1 })),
      score: null,
      notJudged: 'no fields of plain values beside the conversation',
    },
    {
      name: 'a field that is sometimes the reply',
      rows: rows(300, (_, r) => ({ guess: pick(r, LABELS) })),
      score: null,
      notJudged: 'no field beside the conversation stands in the prompts',
    },
    {
      name: 'free text',
      rows: rows(200, (_, r) => ({ source: pick(r, SOURCES) }), 3).map((row) => ({ ...row, completion: `${row.prompt} Indeed.` })),
      score: null,
      notJudged: 'the replies do not decide between a few answers',
    },
    {
      name: 'texts without a prompt',
      rows: rows(200, source(1)).map(({ prompt, ...row }) => ({ text: prompt, source: (row as { source?: string }).source })),
      score: null,
      notJudged: 'no prompts',
    },
    { name: 'too few to judge', rows: rows(25, source(1)), score: null },
    {
      name: 'a looser bound',
      rows: rows(300, source(0.4), 4, LABELS, inPrompt),
      options: { warn: 0.4 },
      score: 0.074,
      findings: [{ level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: 'a source that is no part of the prompt',
      rows: rows(400, (label, r, i) => ({ meta: source(0.7)(label, r, i) })),
      score: null,
      notJudged: 'no field beside the conversation stands in the prompts',
      findings: [
        {
          key: 'reply by meta.source',
          level: 'info',
          message:
            'The field "meta.source", which is no part of the prompt, tells at least 42% of the label: a rule that reads nothing else is right in 87% of 400 examples (the commonest answer: 52%)',
          suggestion: 'Keep "meta.source" out of the prompts, or balance the answers within each of its values',
        },
      ],
    },
    {
      name: 'the same in the prompt',
      rows: rows(400, source(0.7), 1, LABELS, inPrompt),
      score: 0.728,
      findings: [
        {
          key: 'reply by source',
          level: 'warn',
          message:
            'The field "source", whose value stands in the prompt, tells at least 40% of the label, expected under 5%: a rule that reads nothing else is right in 87% of 400 examples (the commonest answer: 52%)',
          suggestion: 'Take "source" out of the prompts of the 400 examples, or balance the answers within each of its values',
        },
      ],
    },
    {
      name: 'prompts that name all values: none of them is its own',
      rows: rows(400, source(0.7), 1, LABELS, (text) => `${text} From the web, a forum or a book?`),
      score: null,
      findings: [{ key: 'reply by source', level: 'info' }],
    },
    {
      name: 'the label under another name',
      rows: rows(200, (label) => ({ target: label === 'yes' ? 1 : 0 })),
      score: null,
      findings: [
        {
          message:
            'The field "target", which is no part of the prompt, tells the label outright: a rule that reads nothing else is right in 100% of 200 examples (the commonest answer: 51%)',
          suggestion: 'Keep "target" out of the prompts: it holds the answer itself, or stands for where each answer comes from',
        },
      ],
    },
    {
      name: 'a field that only one label has',
      rows: rows(200, (label) => (label === 'yes' ? { reviewer: 'kim' } : {})),
      score: null,
      findings: [{ key: 'reply by reviewer' }],
    },
    {
      name: 'an id, and the file sorted by label',
      rows: rows(400, () => ({}))
        .toSorted((a, b) => (a.completion < b.completion ? -1 : 1))
        .map((row, i) => ({ ...row, id: `train-${String(i).padStart(5, '0')}` })),
      score: null,
      findings: [
        {
          message:
            'The order of the field "id", which is no part of the prompt, tells at least 87% of the label: a rule that reads nothing else is right in 98% of 400 examples (the commonest answer: 52%)',
          suggestion: 'Shuffle the 400 examples before you split them or train on them: the file looks sorted by answer',
        },
      ],
    },
    {
      name: 'a date, with one label in winter',
      rows: rows(400, (label, r) => ({
        created: `2024-0${label === 'yes' ? 1 + Math.floor(r() * 6) : 4 + Math.floor(r() * 6)}-${10 + Math.floor(r() * 18)}T10:00:00Z`,
      })),
      score: null,
      findings: [{ key: 'reply by created', level: 'info' }],
    },
    {
      name: 'one task of two',
      rows: [
        ...rows(200, source(0), 6).map(({ prompt, completion, ...beside }) => ({
          instruction: 'Is it so?',
          input: prompt,
          output: completion,
          ...beside,
        })),
        ...rows(200, source(0.9), 7).map(({ prompt, completion, ...beside }) => ({
          instruction: 'Is it good?',
          input: prompt,
          output: completion,
          ...beside,
        })),
      ],
      score: null,
      findings: [
        {
          message:
            'In the task "Is it good?", the field "source", which is no part of the prompt, tells at least 66% of the label: a rule that reads nothing else is right in 97% of 200 examples (the commonest answer: 52%)',
        },
      ],
    },
    {
      name: 'a tighter bound',
      rows: rows(400, source(0.35), 8, LABELS, inPrompt),
      options: { warn: 0.03 },
      score: 0.51,
      findings: [{ level: 'warn' }],
    },
  ],
});

it('finds nothing in fields drawn by chance', async () => {
  let told = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const data = rows(
      200,
      (_, r, i) => ({ id: i, a: pick(r, SOURCES), b: Math.floor(r() * 10), c: r(), d: r() < 0.1, e: `u${Math.floor(r() * 40)}` }),
      seed * 31,
      ['yes', 'no', 'no'],
    );
    told += (await runRule(metadataCue, data)).findings.length;
  }
  expect(told).toBeLessThanOrEqual(2);
});

it('takes equal contents beside unlike fields the same in any order', async () => {
  const data = rows(200, source(0.8), 9);
  const twice = [...data, ...data.map((row) => ({ ...row, source: 'web' }))];
  const one = await runRule(metadataCue, twice);
  const other = await runRule(metadataCue, twice.toReversed());
  const without = ({ findings }: typeof one) => findings.map((finding) => ({ ...finding, evidence: [] })); // places differ
  expect(without(other)).toEqual(without(one));
  expect(one.findings.length).toBeGreaterThan(0);
});

it('shows the field, and an example with neither its value nor its answer', async () => {
  const { findings } = await runRule(metadataCue, rows(400, source(0.7)));
  const [first, second, third] = findings[0]!.evidence.map(({ excerpt }) => excerpt);
  for (const excerpt of [first, second]) expect(excerpt).toMatch(/^source: (web \| .* → yes|forum \| .* → no)$/);
  expect(first!.slice(-3)).toBe(second!.slice(-3));
  expect(third!.slice(-3)).not.toBe(first!.slice(-3));
});

it('agrees with scipy on a table', async () => {
  // sklearn.metrics.mutual_info_score of these counts over the entropy of the label, without correction: U = .2781
  const counts = { web: [80, 20], forum: [20, 80] };
  const data = Object.entries(counts).flatMap(([from, [yes, no]]) =>
    Array.from({ length: yes! + no! }, (_, i) => ({
      prompt: `Is ${from} number ${i} the right one for me?`,
      completion: i < yes! ? 'yes' : 'no',
      from,
    })),
  );
  const { findings } = await runRule(metadataCue, data);
  expect(findings[0]!.data.uncertainty).toBeCloseTo(0.2781 - 0.005, 2);
});

it('takes times in nanoseconds among dates as they come', async () => {
  const timed = rows(200, (label, r, i) => ({
    created: i % 20 === 0 ? 17e17 + i * 1e9 : new Date(1.7e12 + (label === 'yes' ? 0 : 9e9) + r() * 8e9).toISOString(),
  }));
  expect((await runRule(metadataCue, timed)).findings.length).toBeGreaterThan(0);
});
