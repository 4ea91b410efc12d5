import type { Finding, Report } from '../../src/types.ts';

const finding = (over: Partial<Finding> & Pick<Finding, 'ruleId' | 'family' | 'severity' | 'message' | 'suggestion'>): Finding => ({
  key: over.ruleId,
  level: over.severity,
  evidence: [],
  data: { share: 0.33 },
  fingerprint: '0123456789abcd',
  ...over,
});

/** A report as the engine makes them, written by hand: several severities, families with and without a score, lines that were skipped. */
export const sample: Report = {
  schemaVersion: 1,
  version: '0.1.0',
  score: 0.4622,
  interval: [0.411, 0.5204],
  families: { clustering: 0.6123, leakage: 0.92, mapping: 0.14, spread: 0, adversarial: null, form: null },
  rules: {
    'conflicting-replies': { family: 'mapping', severity: 'error', scored: true, score: 0.14 },
    'duplicate-examples': { family: 'clustering', severity: 'error', scored: true, score: 0 },
    'edit-cue': { family: 'leakage', severity: 'error', scored: true, score: 0.92, interval: [0.88, 0.95] },
    'empty-text': { family: 'form', severity: 'error', scored: false, score: null },
    'example-shape': { family: 'form', severity: 'error', scored: false, score: null },
    'placeholder-text': { family: 'form', severity: 'off', scored: false, score: null, notJudged: 'switched off' },
    'prompt-length': { family: 'spread', severity: 'warn', scored: true, score: 0 },
    'readable-lines': { family: 'form', severity: 'error', scored: false, score: null },
    'reply-balance': { family: 'mapping', severity: 'error', scored: true, score: null, notJudged: 'no task has label-like replies' },
    'reply-closings': { family: 'clustering', severity: 'warn', scored: true, score: null, notJudged: 'no task has label-like replies' },
    'reply-openings': { family: 'clustering', severity: 'error', scored: true, score: 0.6123 },
  },
  findings: [
    finding({
      ruleId: 'edit-cue',
      family: 'leakage',
      severity: 'error',
      message: 'A capital letter in the prompt gives away 97% of the sentence ends that the replies insert (U 0.40), expected under U 0.10',
      suggestion: 'Lower-case the prompts of about 1,180 examples, so that the model has to read the words',
      evidence: [
        {
          file: 'data/train.jsonl',
          line: 1,
          excerpt: 'the storm passed overnight In the morning the harbour was calm Nobody had slept much',
        },
        { file: 'data/train.jsonl', line: 3, excerpt: 'she asked for the keys He had left them\nby the door' },
        {
          file: 'data/train.jsonl',
          line: 1204,
          excerpt: '駅に着いたとき雨が降っていた 彼は傘を持っていなかった 駅に着いたとき雨が降っていた 彼は傘を持っていなかった',
        },
        { file: 'data/train.jsonl', line: 1300, excerpt: 'a fourth place, which no screen has room for' },
      ],
    }),
    finding({
      ruleId: 'readable-lines',
      family: 'form',
      severity: 'error',
      message: '3 lines are not JSON (a comma after the last field), expected none',
      suggestion: 'Repair or drop these 3 lines: they are missing from every other figure of this report',
      evidence: [{ file: 'data/train.jsonl', line: 77, excerpt: '{"prompt": "hello", "completion": "hi",}' }],
    }),
    finding({
      ruleId: 'reply-openings',
      family: 'clustering',
      severity: 'warn',
      message: '33% of replies open with "sure here is", expected at most 15%',
      suggestion: 'Rewrite or drop about 230 replies that open this way',
      evidence: [{ file: 'data/train.jsonl', line: 9, excerpt: 'Sure, here is a list of \u001b[31mred\u001b[0m things' }],
    }),
    finding({
      ruleId: 'conflicting-replies',
      family: 'mapping',
      severity: 'info',
      message: '2 prompts have 2 or more different replies, expected one reply each',
      suggestion: 'Decide for one reply in each of these 2 groups',
      evidence: [
        { file: 'data/train.jsonl', line: 12, excerpt: 'What is the capital of Australia?' },
        { file: 'data/train.jsonl', line: 40, excerpt: 'What is the capital of Australia?' },
      ],
    }),
  ],
  pictures: {
    'prompt-length': {
      kind: 'histogram',
      title: 'Words per prompt',
      unit: 'words',
      bars: [
        { label: '1', count: 3 },
        { label: '2–3', count: 40 },
      ],
    },
    'reply-balance': {
      kind: 'table',
      title: 'Replies',
      columns: ['reply', 'share'],
      rows: [
        ['yes', 0.5],
        ['no', 0.5],
      ],
    },
  },
  examples: { train: 1204, eval: 100, reference: 40, pairs: 1398 },
  skipped: {
    count: 3,
    first: [
      {
        at: { file: 'data/train.jsonl', line: 77 },
        column: 39,
        kind: 'not-json',
        reason: 'a comma after the last field',
        excerpt: '{"prompt": "hello", "completion": "hi",}',
      },
      { at: { file: 'data/train.jsonl', line: 78 }, kind: 'unknown-shape', reason: 'no format has these fields', keys: ['q', 'a'] },
    ],
  },
  parameters: {
    rules: { 'reply-openings': { warn: 0.15, error: 0.6 } },
    panel: { size: 1000, examples: 1000, whole: false },
    formats: { chat: 1200, alpaca: 4 },
  },
};

const { interval: _, ...pointwise } = sample;

/** Nothing found, little judged. */
export const quietReport: Report = {
  ...pointwise,
  score: null,
  families: { clustering: null, leakage: null, mapping: null, spread: null, adversarial: null, form: null },
  rules: {
    'edit-cue': { family: 'leakage', severity: 'error', scored: true, score: null, notJudged: 'fewer than 30 examples' },
    'readable-lines': { family: 'form', severity: 'error', scored: false, score: null },
    'reply-openings': { family: 'clustering', severity: 'error', scored: true, score: null, notJudged: 'fewer than 30 examples' },
  },
  findings: [],
  pictures: {},
  examples: { train: 1, eval: 0, reference: 0, pairs: 1 },
  skipped: { count: 0, first: [] },
  parameters: { rules: {}, panel: { size: 20_000, examples: 1, whole: true }, formats: { chat: 1 } },
};
