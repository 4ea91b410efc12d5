import { describe, expect, it } from 'vitest';
import taskFocus from '../../../rules/mapping/task-focus.ts';
import { instructionKind } from '../../../src/panel/instructions.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];

const LANGUAGES = ['French', 'German', 'Welsh', 'Danish'];
/** Four ways to ask for each of a few things, so that no wording recurs enough to be a task of its own. */
const ASK: Readonly<Record<string, readonly ((text: string, r: () => number) => string)[]>> = {
  translate: [
    (text, r) => `Translate "${text}" into ${pick(r, LANGUAGES)}.`,
    (text, r) => `Please translate this into ${pick(r, LANGUAGES)}: ${text}`,
    (text, r) => `Can you translate the line "${text}" into ${pick(r, LANGUAGES)}?`,
  ],
  rewrite: [
    (text) => `Rewrite this politely: ${text}`,
    (text) => `Rephrase "${text}" for a child.`,
    (text) => `Given a sentence, correct its grammar. ${text}`,
  ],
  answer: [
    (text) => `What does "${text}" mean?`,
    (text) => `Explain where ${text.toLowerCase()}`,
    (text) => `Who wrote that ${text.toLowerCase().slice(0, -1)}?`,
  ],
  write: [
    (text) => `Write a poem about this. ${text}`,
    (text) => `I want you to compose a letter that says that ${text}`,
    (text) => `Tell me a story about it. ${text}`,
  ],
  summarise: [(text) => `Summarize the plot in a line. ${text}`, (text) => `Your task is to condense what follows. ${text}`],
  classify: [(text) => `Classify the tone. ${text}`, (text) => `Identify what is sold here. ${text}`],
  arrange: [(text) => `Sort these words by length. ${text}`, (text) => `Arrange these words by colour. ${text}`],
  complete: [(text) => `Continue with a second line. ${text}`, (text) => `Finish what I began. ${text}`],
};

/** What replies of each kind are made of, since replies of one mould are taken for one task. */
const REPLIES: Readonly<Record<string, string>> = {
  translate: 'la le un rivière vieux pont marché ouvre suit vend et sous pluie nord',
  rewrite: 'kindly note hereby regard matter concerning shall respectfully further party said herein',
  answer: 'it means because people usually think that such things come from long ago when nobody knew',
  write: 'moon oh sweet silver sing dream night once upon softly heart my love fading',
  summarise: 'in short briefly all told main point ends well',
  classify: 'category tone praise neutral seems mostly label type fits',
  arrange: 'ash birch cedar elm fir hazel larch maple oak',
  complete: 'and then suddenly he she went home again happily ever after',
};

/** So many prompts of each kind, in turn; replies of free text. */
function asked(sizes: Readonly<Record<string, number>>, seed = 1): Pairs {
  const r = random(seed);
  return Object.entries(sizes).flatMap(([kind, n]) =>
    Array.from({ length: n }, () => {
      const prompt = pick(r, ASK[kind]!)(sentence(r, 8), r);
      const said = REPLIES[kind]!.split(' ');
      return [prompt, `So: ${Array.from({ length: 8 + Math.floor(r() * 8) }, () => pick(r, said)).join(' ')}.`] as const;
    }),
  );
}
/** Word problems: each prompt is another, and each reply ends in the same way. */
function problems(n: number, end: (i: number) => string, seed = 3): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [
    `${sentence(r, 9)} ${pick(r, ['How many are left?', 'Find how many are left.', 'Write down what is left.', 'Translate this into a sum.'])}`,
    `${sentence(r, 7)}\n${end(i)}`,
  ]);
}
const replied = (pairs: Pairs, reply: (i: number, prompt: string) => string): Pairs =>
  pairs.map(([prompt], i) => [prompt, reply(i, prompt)]);
/** Rows of Alpaca with an instruction and one of a few labels by their number. */
function labelledBy(instruction: (i: number) => string, labels: (i: number) => readonly string[], n = 120): object[] {
  const r = random(9);
  return Array.from({ length: n }, (_, i) => ({ instruction: instruction(i), input: sentence(r, 12), output: pick(r, labels(i)) }));
}
/** Half translations, half poems. */
const MIX = asked({ translate: 60, write: 60 });
const one = { score: null, options: { oneTask: true } };

testRule(taskFocus, {
  even: [
    { name: 'one task in several wordings', pairs: asked({ translate: 120 }), ...one },
    { name: 'questions of all sorts', pairs: asked({ answer: 120 }), ...one },
    { name: 'word problems whose replies end alike around a number', pairs: problems(120, (i) => `#### ${i}`), ...one },
    { name: 'SQL, however it is asked for', pairs: replied(MIX, (i) => `SELECT name FROM t${i} WHERE id = ${i};`), ...one },
    { name: 'code of one language', pairs: replied(MIX, (i) => `def f${i}(x):\n    return x + ${i}`), ...one },
    { name: 'JSON with the same keys', pairs: replied(MIX, (i) => JSON.stringify({ tone: 'warm', score: i })), ...one },
    { name: 'labels', pairs: replied(MIX, (i) => ['warm', 'cold', 'neutral'][i % 3]!), ...one },
    {
      name: 'prompts that are edited, whatever they say',
      pairs: asked({ answer: 30, write: 30, rewrite: 20 })
        .map(([prompt]) => prompt)
        .concat(Array.from({ length: 40 }, (_, i) => sentence(random(i), 14)))
        .map((prompt) => [prompt, prompt.replace(/[.?"]/g, '').toLowerCase()] as const),
      ...one,
    },
    {
      name: 'questions and orders that are replied to in code of several languages',
      pairs: replied(asked({ write: 60, answer: 60 }), (i) =>
        i % 2 ? `def f${i}(x):\n    return x + ${i}` : `function f${i}(x) {\n  return x + ${i};\n}`,
      ),
      ...one,
    },
    {
      name: 'slots of one template',
      pairs: replied(asked({ write: 120 }), () => '').map(
        ([prompt], i) => [`Genre: ${i % 2 ? 'crime' : 'romance'}\nNote: ${prompt}`, sentence(random(i), 12)] as const,
      ),
      ...one,
    },
    {
      name: 'a few prompts of another task',
      pairs: asked({ translate: 114, write: 6 }),
      ...one,
    },
    {
      name: 'two instructions that mean the same but for small words',
      rows: MIX.map(([input, output], i) => ({
        instruction: i % 2 ? 'Translate the sentence into French.' : 'Please translate the following text into French',
        input,
        output,
      })),
      ...one,
    },
    {
      name: 'several tasks, where nobody declared one',
      pairs: MIX,
      score: null,
      findings: [
        {
          key: 'tasks',
          level: 'info',
          message: 'The prompts ask for about 2 different tasks (effective number: translating 50% and writing 50%)',
          suggestion:
            'Split the data into 2 sets, one per task, if the model is to do one thing well, and keep it together if it is to follow instructions of many kinds',
          data: { tasks: 2, kinds: 2, largest: 'translating', largestShare: 0.5, told: 120, examples: 120 },
        },
      ],
    },
    {
      name: 'one task in a few templates, of two kinds of instruction',
      rows: labelledBy(
        (i) => ['Classify the tone.', 'What is the tone?', 'Determine how it sounds.'][i % 3]!,
        () => ['warm', 'cold', 'neutral'],
      ),
      ...one,
    },
    {
      name: 'one task in a few templates, with replies of free text',
      rows: asked({ translate: 120 }).map(([input, output], i) => ({
        instruction: ['Translate this.', 'Please translate into Norman.', 'Translate for the duke'][i % 3],
        input,
        output,
      })),
      ...one,
    },
    { name: 'more tasks allowed', pairs: MIX, options: { oneTask: true, most: 2 }, score: null },
    {
      name: 'prompts without an instruction',
      pairs: replied(asked({ write: 120 }), (i) => sentence(random(i), 12)).map(
        ([, reply], i) => [sentence(random(i + 500), 14), reply] as const,
      ),
      ...one,
      notJudged: 'most prompts give no instruction that can be read',
    },
    { name: 'texts', rows: MIX.map(([text]) => ({ text })), score: null, notJudged: 'no prompts' },
    { name: 'too few', pairs: MIX.slice(46, 74), ...one, notJudged: 'fewer than 30 examples' },
  ],
  lopsided: [
    {
      // exp(H) of these sizes is 4.3756931682 by scipy.stats.entropy
      name: 'the effective number of eight tasks',
      pairs: asked({ answer: 500, translate: 200, write: 100, rewrite: 100, classify: 50, summarise: 30, arrange: 10, complete: 10 }),
      ...one,
      findings: [
        {
          key: 'tasks',
          level: 'warn',
          message:
            'The prompts ask for about 4.4 different tasks (effective number: answering questions 50%, translating 20%, rewriting or converting 10%, writing 10% and 4 others), expected one (at most 1.5)',
          suggestion:
            'Keep the largest of them, answering questions (50% of the examples), and move the other 50% to data sets of their own',
          data: { tasks: 4.376, kinds: 8, largest: 'answering questions', largestShare: 0.5, told: 1000, examples: 1000 },
        },
      ],
    },
    {
      name: 'one kind of instruction, in text and in code',
      pairs: [...asked({ write: 60 }), ...replied(asked({ write: 60 }, 7), (i) => `def f${i}(x):\n    return x + ${i}`)],
      ...one,
      findings: [
        {
          level: 'warn',
          message:
            'The prompts ask for about 2 different tasks (effective number: writing code 50% and writing 50%), expected one (at most 1.5)',
        },
      ],
    },
    {
      name: 'the same instructions again and again, of one kind, with labels of their own',
      rows: labelledBy(
        (i) => `Classify the ${['topic', 'tone', 'language'][i % 3]} of the text.`,
        (i) =>
          [
            ['art', 'trade'],
            ['warm', 'cold'],
            ['Welsh', 'Danish'],
          ][i % 3]!,
      ),
      ...one,
      findings: [
        {
          level: 'warn',
          message:
            'The prompts ask for about 3 different tasks (effective number: "Classify the language of the text." 33%, "Classify the tone of the text." 33% and "Classify the topic of the text." 33%), expected one (at most 1.5)',
        },
      ],
    },
    {
      name: 'labels beside tasks of their own wording',
      rows: [
        ...asked({ answer: 110 }).map(([input], i) => ({
          instruction: 'Rate the tone.',
          input,
          output: ['warm', 'cold', 'neutral'][i % 3],
        })),
        ...asked({ answer: 110 }, 5).map(([instruction, output]) => ({ instruction, input: '', output })),
      ],
      ...one,
      findings: [
        {
          level: 'warn',
          message:
            'The prompts ask for about 2 different tasks (effective number: "Rate the tone." 50% and answering questions 50%), expected one (at most 1.5)',
        },
      ],
    },
    {
      name: 'a tighter bound',
      pairs: asked({ translate: 108, write: 12 }),
      options: { most: 1.2 },
      score: null,
      findings: [
        {
          level: 'info',
          message: 'The prompts ask for about 1.4 different tasks (effective number: translating 90% and writing 10%)',
        },
      ],
    },
    {
      name: 'few examples',
      pairs: MIX.slice(40, 80),
      ...one,
      findings: [
        {
          level: 'warn',
          message:
            'The prompts ask for about 2 different tasks (effective number: translating 50% and writing 50%), expected one (at most 1.5)',
        },
      ],
    },
  ],
});

describe('task-focus', () => {
  it('draws each task, with what it is called, its type, its share and an example', async () => {
    const { pictures, findings } = await runRule(
      taskFocus,
      MIX.map(([prompt, completion]) => ({ prompt, completion })),
    );
    const picture = pictures['task-focus']!;
    expect(picture).toMatchObject({ kind: 'table', title: 'What the prompts ask for', columns: ['task', 'type', 'share', 'example'] });
    expect(picture.kind === 'table' && picture.rows.map((row) => row.slice(0, 3))).toEqual([
      ['translating', 'generate', '50%'],
      ['writing', 'generate', '50%'],
    ]);
    expect(findings[0]!.evidence.map(({ excerpt }) => /translate/i.test(excerpt))).toEqual([true, false]);
  });

  it('reads the opening of a chat, and takes all that call tools for one task', async () => {
    const chat = (prompt: string, reply: object) => ({
      messages: [
        { role: 'user', content: prompt },
        { role: 'assistant', ...reply },
        { role: 'user', content: 'Thanks.' },
        { role: 'assistant', content: 'Any time.' },
      ],
    });
    const call = { content: null, tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] };
    const { findings } = await runRule(
      taskFocus,
      asked({ write: 40, translate: 40 }).map(([prompt]) => chat(prompt, call)),
    );
    expect(findings).toEqual([]);
    const { findings: told } = await runRule(
      taskFocus,
      asked({ write: 40, translate: 40 }).map(([prompt, content], i) => chat(prompt, i < 40 ? call : { content })),
    );
    expect(told[0]!.message).toContain('calling tools 50% and translating 50%');
  });

  it('takes the instruction out of a rendered template', async () => {
    const rendered = asked({ write: 60, translate: 60 }).map(([prompt, completion]) => ({
      prompt: `Below is an instruction that describes a task. Write a response that completes the request.\n\n### Instruction:\n${prompt}\n\n### Response:\n`,
      completion,
    }));
    expect((await runRule(taskFocus, rendered)).findings[0]!.message).toContain('about 2 different tasks');
  });
});

describe('instructionKind', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['Translate into French: How are you?', 'translate'],
    ['Could you please rewrite this so that it rhymes?', 'rewrite'],
    ['Given two numbers, find the larger one.', 'answer'],
    ['In this task, you are given a text. Your task is to summarise it.', 'summarise'],
    ['I want you to act as a travel guide.', 'play'],
    ['whats the capital of peru', 'answer'],
    ['你叫什么名字？', 'answer'],
    ['There were ten apples. Ann ate two. How many are left?', 'answer'],
    ['Tell me a long sad story.', 'write'],
    ['1. Classify the mail.', 'classify'],
    ['Name: Bob\nAge: 12', undefined],
    ['Anna: Write to me soon\nBen: Translate it yourself', undefined],
    ['The bridge crosses the river. It was built in 1802.', undefined],
    ['Mark sold 48 clips in May.', undefined],
    ['Übersetze das ins Englische.', undefined],
    ['', undefined],
  ];
  it.each(cases)('%j is %s', (text, kind) => expect(instructionKind(text)).toBe(kind));

  it('finds what stands behind a long text', () => {
    const text = Array.from({ length: 60 }, (_, i) => sentence(random(i), 12)).join(' ');
    expect(instructionKind(text)).toBeUndefined();
    expect(instructionKind(`${text}\n\nSummarize the text above.`)).toBe('summarise');
  });
});
