import { expect, it } from 'vitest';
import answerInPrompt from '../../../rules/leakage/answer-in-prompt.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];
type Write = (text: string, label: string, r: () => number) => string;

const LABELS = ['positive', 'negative', 'neutral'];

/** Sentences with a label by turns, the prompt written as it is told. */
function labelled(n: number, write: Write, labels: readonly string[] = LABELS, seed = 1): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const label = labels[i % labels.length]!;
    return [write(`${sentence(r, 9)} (${i})`, label, r), label] as const;
  });
}
const free = (n: number, write: (text: string, reply: string, i: number) => string = (text) => text, seed = 2): Pairs => {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const reply = sentence(r, 12);
    return [write(`${sentence(r, 9)} (${i})`, reply, i), reply] as const;
  });
};
const systems = (pairs: Pairs, write: (label: string, i: number) => string) =>
  pairs.map(([prompt, reply], i) => ({
    messages: [
      { role: 'system', content: write(reply, i) },
      { role: 'user', content: prompt },
      { role: 'assistant', content: reply },
    ],
  }));
const plain: Write = (text) => text;
const rowsOf = (pairs: Pairs, instruction: string) => pairs.map(([input, output]) => ({ instruction, input, output }));
const shot = (r: () => number) => `${sentence(r, 6)}\nLabel: ${pick(r, LABELS)}\n\n`;

testRule(answerInPrompt, {
  even: [
    { name: 'labels that nothing gives away', pairs: labelled(180, plain), score: 0 },
    { name: 'all labels are listed', pairs: labelled(180, (text) => `${text}\nPositive, negative or neutral?`), score: 0 },
    { name: 'a value that is a label by chance', pairs: labelled(300, (text, _, r) => `${text}\nLabel: ${pick(r, LABELS)}`), score: 0 },
    { name: 'one example before the question', pairs: labelled(300, (text, _, r) => `${shot(r)}${text}\nLabel:`), score: 0 },
    {
      name: 'three examples before the question',
      pairs: labelled(300, (text, _, r) => `${shot(r)}${shot(r)}${shot(r)}${text}\nLabel:`),
      score: 0,
    },
    {
      name: 'a name with several values, the right one last',
      pairs: labelled(180, (text, label) => `${text}\nLabel: ${LABELS.find((one) => one !== label)}\nLabel: ${label}`),
      score: 0,
    },
    {
      name: 'ten replies given away',
      pairs: labelled(300, (text, label, r) => (r() < 0.03 ? `${text}\nLabel: ${label}` : text)),
      score: 0,
    },
    {
      name: 'the prompt asks for the value',
      pairs: labelled(180, (text, label) => `Colour: ${label}\nNote: ${text}\nWhat is the colour?`, ['red', 'blue', 'green']),
      score: 0,
    },
    {
      name: 'options',
      pairs: labelled(180, (text, label) => `${text}\nA: ${label}\nB: ${LABELS.find((one) => one !== label)}\nWhich one?`),
      score: 0,
    },
    {
      name: 'a system text that names all labels',
      rows: systems(labelled(180, plain), (_, i) => `Support desk ${i % 7}: say positive, negative or neutral.`),
      score: 0,
    },
    { name: 'free text', pairs: free(120), score: 0 },
    {
      name: 'an answer to copy',
      pairs: free(120, (_, reply) => `Answer: ${reply}`),
      score: null,
      notJudged: 'no task whose reply should not stand in the prompt',
    },
    {
      name: 'texts without a prompt',
      rows: labelled(120, plain).map(([text]) => ({ text: `Label: ${text}` })),
      score: null,
      notJudged: 'no prompts',
    },
    {
      name: 'too few to judge',
      pairs: labelled(24, (text, label) => `${text}\nLabel: ${label}`),
      score: null,
      notJudged: 'fewer than 30 examples',
    },
    {
      name: 'a looser bound',
      pairs: labelled(300, (text, label, r) => (r() < 0.1 ? `${text}\nLabel: ${label}` : text)),
      options: { warn: 0.2, error: 0.4 },
      score: 0.153,
      findings: [
        {
          level: 'info',
          message: 'Copying the field "label" of the prompt is right in 38% of 300 prompts (the commonest answer, "negative": 33%)',
        },
      ],
    },
  ],
  lopsided: [
    {
      name: 'the label in every prompt',
      pairs: labelled(180, (text, label) => `${text}\nLabel: ${label}`),
      score: 1,
      findings: [
        {
          key: 'value label',
          level: 'error',
          message:
            'Copying the field "label" of the prompt is right in 100% of 180 prompts, expected under 37% (the commonest answer, "negative": 33%)',
          suggestion: 'Take "label" out of the 180 prompts that hold their own reply there',
          data: { spot: 'value', name: 'label', examples: 180, named: 180, hits: 180, accuracy: 1, majority: 0.3333, measure: 1, p: 0 },
        },
      ],
    },
    {
      name: 'the label in some prompts, in brackets',
      pairs: labelled(300, (text, label, r) => (r() < 0.2 ? `${text} (Gold_Label: ${label.toUpperCase()})` : text)),
      score: 0.806,
      findings: [{ level: 'error' }],
    },
    {
      name: 'a field of another name: a warning at most',
      pairs: labelled(180, (text, label) => `{"text": "${text}", "mood": "${label}"}`),
      score: 0.79,
      findings: [
        {
          level: 'warn',
          message:
            'Copying the field "mood" of the prompt is right in 100% of 180 prompts, expected under 37% (the commonest answer, "negative": 33%)',
        },
      ],
    },
    {
      name: 'a label that is wrong in one of five: a warning at most',
      pairs: labelled(300, (text, label, r) => `${text}\nLabel: ${r() < 0.7 ? label : pick(r, LABELS)}`),
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'the system text names the label',
      rows: systems(labelled(180, plain), (label, i) => `Desk ${i}. Guideline for ${label} texts: read them twice.`),
      score: 1,
      findings: [
        {
          key: 'system',
          level: 'error',
          message:
            'Saying the label that the system text names is right in 100% of 180 prompts, expected under 37% (the commonest answer, "negative": 33%)',
          suggestion: 'Give all examples one system text, or name every label in it: that of the 180 prompts names the right one alone',
        },
      ],
    },
    {
      name: 'a system text for each label, which makes each a task',
      rows: systems(labelled(330, plain), (label) => `Guideline for ${label} texts: read them twice.`),
      score: 1,
      findings: [{ key: 'system', level: 'error' }],
    },
    {
      name: 'a field of the system text',
      rows: systems(labelled(180, plain), (label, i) => `You read texts.\nDesk: ${i}\nCategory: ${label}`),
      score: 1,
      findings: [
        {
          key: 'system value category',
          suggestion: 'Take "category" out of the system text of the 180 prompts that hold their own reply there',
        },
      ],
    },
    {
      name: 'the instruction names the label, the input does not',
      rows: labelled(180, plain).map(([input, output], i) => ({ instruction: `Text ${i}: tell why this is ${output}.`, input, output })),
      score: 1,
      findings: [{ key: 'instruction', level: 'error' }],
    },
    {
      name: 'words of the input',
      pairs: labelled(300, (text, label, r) => (r() < 0.6 ? `${text} It was ${label}, they said.` : text)),
      score: 0,
      findings: [{ key: 'input', level: 'info' }],
    },
    {
      name: 'free text with its own answer',
      pairs: free(200, (text, reply, i) => (i % 4 === 0 ? `${text}\nAnswer: ${reply}` : text)),
      score: 0.857,
      findings: [
        {
          key: 'reply answer',
          level: 'error',
          message: 'The whole reply to 25% of 200 prompts stands in them as "answer", expected under 5%',
          suggestion: 'Take "answer" out of the 50 prompts that hold their own reply',
          data: { spot: 'reply', name: 'answer', examples: 200, named: 50, hits: 50, accuracy: 0.25, majority: 0, measure: 0.25, p: 0 },
        },
      ],
    },
    {
      name: 'one task of two',
      rows: [
        ...rowsOf(labelled(150, plain), 'What is the mood of it?'),
        ...rowsOf(
          labelled(150, (text, label) => `${text}\nTopic: ${label}`, ['sport', 'art', 'law'], 5),
          'What is it about?',
        ),
      ],
      score: 1,
      findings: [
        {
          message:
            'In the task "What is it about?", copying the field "topic" of the prompt is right in 100% of 150 prompts, expected under 37% (the commonest answer, "art": 33%)',
        },
      ],
    },
    {
      name: 'few examples: a warning at most',
      pairs: labelled(60, (text, label) => `${text}\nLabel: ${label}`),
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'a tighter bound of error',
      pairs: labelled(300, (text, label, r) => (r() < 0.15 ? `${text}\nLabel: ${label}` : text)),
      options: { error: 0.06 },
      score: 0.825,
      findings: [{ level: 'error' }],
    },
  ],
});

it('shows the value, or the system text', async () => {
  const value = await runRule(
    answerInPrompt,
    labelled(180, (text, label) => `${text}\nLabel: ${label}`).map(([prompt, completion]) => ({ prompt, completion })),
  );
  for (const { excerpt } of value.findings[0]!.evidence) expect(excerpt).toMatch(/Label: (\w+) → \1$/);
  const system = await runRule(
    answerInPrompt,
    systems(labelled(180, plain), (label, i) => `Desk ${i}. Guideline for ${label} texts.`),
  );
  for (const { excerpt } of system.findings[0]!.evidence) expect(excerpt).toMatch(/Guideline for (\w+) texts\. → \1$/);
});

it('calls nothing by chance: a field that holds a label at random', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const rows = labelled(120, (text, _, r) => `${text}\nLabel: ${pick(r, LABELS)}\nMood: ${pick(r, LABELS)}`, LABELS, seed).map(
      ([prompt, completion]) => ({ prompt, completion }),
    );
    expect((await runRule(answerInPrompt, rows)).findings).toEqual([]);
  }
});

it('gives an interval where it saw a sample', async () => {
  const rows = labelled(21_000, (text, label, r) => (r() < 0.1 ? `${text}\nLabel: ${label}` : text)).map(([prompt, completion]) => ({
    prompt,
    completion,
  }));
  const { rules, findings } = await runRule(answerInPrompt, rows);
  const { interval, score } = rules['answer-in-prompt']!;
  expect(interval![0]).toBeLessThan(score!);
  expect(findings[0]!.suggestion).toMatch(/^Take "label" out of \d+(\.\d)?% of all prompts that hold/);
});
