import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import evalOverlap from '../../../rules/leakage/eval-overlap.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import type { Report } from '../../../src/types.ts';
import { pick, random, sentence } from '../../generate.ts';

type Pair = readonly [prompt: string, reply: string];
const id = 'eval-overlap';

/** Words that nobody knows, so that nothing is shared by chance. */
function gibberish(r: () => number, words: number): string {
  const said = Array.from({ length: words }, () =>
    Array.from({ length: 3 }, () => pick(r, 'bcdfglmnprst'.split('')) + pick(r, 'aeiou'.split(''))).join(''),
  );
  const text = said.join(' ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}?`;
}
const train: readonly Pair[] = (() => {
  const r = random(1);
  return Array.from({ length: 200 }, () => [gibberish(r, 24), sentence(r, 9)] as const);
})();
const held: readonly Pair[] = (() => {
  const r = random(2);
  return Array.from({ length: 100 }, () => [gibberish(r, 24), sentence(r, 9)] as const);
})();
const short: readonly Pair[] = (() => {
  const r = random(3);
  return Array.from({ length: 100 }, () => [gibberish(r, 4), sentence(r, 4)] as const);
})();
/** Prompts of eight to eighteen words. */
const medium: readonly Pair[] = (() => {
  const r = random(4);
  return Array.from({ length: 100 }, (_, i) => [gibberish(r, 8 + (i % 11)), sentence(r, 4)] as const);
})();
const TASK = 'Say in one word whether this review is one of praise or of blame, and no more than that. Review:';
const rows = (pairs: readonly Pair[]): object[] => pairs.map(([prompt, completion]) => ({ prompt, completion }));
const chats = (pairs: readonly Pair[], system?: (i: number) => string): object[] =>
  pairs.map(([prompt, reply], i) => ({
    messages: [
      ...(system ? [{ role: 'system', content: system(i) }] : []),
      { role: 'user', content: prompt },
      { role: 'assistant', content: reply },
    ],
  }));
const changed = (pairs: readonly Pair[], change: (prompt: string, i: number) => string): Pair[] =>
  pairs.map(([prompt], i) => [change(prompt, i), 'Something else.']);
/** Puts another word in every n-th place. */
const everyNth = (text: string, n: number, from = 0): string =>
  text
    .split(' ')
    .map((word, i) => (i % n === from ? `${word}x` : word))
    .join(' ');
const louder = (text: string): string => `${text.toUpperCase().replaceAll(' ', ',  ').slice(0, -1)}!`;

const WHOLE = 'stand in the training data word for word';

testRule(evalOverlap, {
  even: [
    { name: 'no eval data', pairs: train, score: null, notJudged: 'no eval data' },
    {
      name: 'eval data without a prompt',
      pairs: train,
      eval: [{ prompt: ' ', completion: 'x' }],
      score: null,
      notJudged: 'no prompts in the eval data',
    },
    { name: 'no training data', rows: ['not json'], eval: rows(held), score: null, notJudged: 'fewer than 30 examples' },
    { name: 'other words', pairs: train, eval: rows(held), score: 0 },
    {
      name: 'a wrapper that all share',
      pairs: changed(train, (text) => `Answer the question below in one short sentence and give no reasons for it. ${text}\nSolution:`),
      eval: rows(changed(held, (text) => `Answer the question below in one short sentence and give no reasons for it. ${text}\nSolution:`)),
      score: 0,
    },
    {
      name: 'a wrapper of the training data that a few eval prompts have',
      pairs: changed(
        train,
        (text) => `${text}\nThink about this step by step and then write the answer alone on the last line of your reply, please.`,
      ),
      eval: rows([
        ...held,
        ...changed(
          short.slice(0, 3),
          (text) => `${text}\nThink about this step by step and then write the answer alone on the last line of your reply, please.`,
        ),
      ]),
      score: 0,
    },
    {
      name: 'the same words in another order',
      pairs: [...train, ...changed(held, (text) => text.split(' ').reverse().join(' '))],
      eval: rows(held),
      score: 0,
    },
    {
      // paraphrases are not seen, and the docs say so
      name: 'paraphrases',
      pairs: [
        ...train,
        ['If someone walks 3 miles each hour, what distance do they cover from noon to four?', '12 miles'],
        ['A shop takes a fifth off a coat that used to cost 80 dollars. What is the price now?', '64'],
      ],
      eval: rows([
        ['A woman goes on foot at three miles per hour and sets out at twelve. How far has she come by 4 pm?', '12'],
        ['The coat was 80 dollars before the sale, in which everything is 20 percent cheaper. How much does it cost today?', '64'],
      ]),
      score: 0,
    },
    {
      name: 'marks that matter',
      pairs: [...train, ['What is 3-4?', '-1'], ['What is 1.5 and 1?', '2.5'], ['Run a[1] now', 'ok'], ['It is -2 there', 'cold']],
      eval: rows([
        ['What is 3+4?', '7'],
        ['What is 3 4?', '?'],
        ['What is 15 and 1?', '16'],
        ['What is 1,5 and 1?', '2.5'],
        ['Run a(1) now', 'ok'],
        ['It is 2 there', 'cold'],
      ]),
      score: 0,
    },
    {
      name: 'the same question about another text in the system prompt',
      rows: chats(
        train.map(() => ['Sum this document up in one sentence for a busy reader', 'It is about rivers.'] as const),
        (i) => `Document: ${train[i]![0]}`,
      ),
      eval: chats(
        held.map(() => ['Sum this document up in one sentence for a busy reader', 'It is about rivers.'] as const),
        (i) => `Document: ${held[i]![0]}`,
      ),
      score: 0,
    },
    {
      name: 'a greeting before the first prompt',
      rows: train.map(([prompt, reply]) => ({
        messages: [
          { role: 'assistant', content: 'Hello! How can I help you today?' },
          { role: 'user', content: prompt },
          { role: 'assistant', content: reply },
        ],
      })),
      eval: held.map(([prompt, reply]) => ({
        messages: [
          { role: 'assistant', content: 'Hello! How can I help you today?' },
          { role: 'user', content: prompt },
          { role: 'assistant', content: reply },
        ],
      })),
      score: 0,
    },
    {
      name: 'two prompts that share half of their runs may be chance',
      pairs: [...train, ...changed(held.slice(0, 2), (text) => everyNth(text, 99, 22))],
      eval: rows(held),
      score: 0.49, // 2% of the prompts, held under the warn line
      findings: [
        {
          key: 'runs',
          level: 'info',
          message: '2 of 100 eval prompts of 20 words or more (2%) have at least half of their runs of eight words in the training data',
          data: { prompts: 100, long: 100, covered: 2, share: 0.02, same: 0 },
        },
      ],
    },
    {
      name: 'a sentence in common',
      pairs: [...train, ...changed(held.slice(0, 9), (text) => `${text.split(' ').slice(0, 14).join(' ')} and other things besides`)],
      eval: rows(held.map(([prompt, reply], i) => [`${prompt} ${gibberish(random(900 + i), 24)}`, reply])),
      score: 0,
      findings: [
        {
          key: 'long-runs',
          level: 'info',
          message: '9 of 100 eval prompts (9%) share runs of thirteen words or more with the training data, though less than half of each',
          suggestion:
            'Look at the 9 (such as test.jsonl:201, test.jsonl:202 and test.jsonl:203; the JSON report has one for each) and drop the training lines that give an answer away; a passage that many texts quote is none',
          data: { prompts: 100, long: 9, share: 0.09 },
        },
      ],
    },
    {
      name: 'a single short word changed',
      pairs: [...train, ['how many bags can i take with me on a flight to the north of japan', 'two']],
      eval: rows([...short, ['how many bags can i take with me on a flight to the north of peru', 'two']]),
      score: 0,
      findings: [
        {
          key: 'near',
          level: 'info',
          message: '1 of 101 eval prompts (1%) differs from a text of the training data in a few words',
          suggestion: 'Read it beside its partner (test.jsonl:201) and drop the training lines that say the same',
          data: { prompts: 101, near: 1, share: 0.009901 },
        },
      ],
    },
    {
      name: 'other numbers and names',
      pairs: [...train, ['Lena has 12 apples and gives a third of them to Omar. How many does she keep?', '8']],
      eval: rows([...short, ['Nora has 30 apples and gives a third of them to Kim. How many does she keep?', '20']]),
      score: 0,
      findings: [
        {
          key: 'template',
          level: 'info',
          message: '1 of 101 eval prompts (1%) differs from prompts of the training data in numbers, names or quotes only',
          suggestion: 'Write another eval prompt (test.jsonl:201) unless filling in this template is all that you test',
          data: { prompts: 101, template: 1, share: 0.009901 },
        },
      ],
    },
    {
      name: 'a template that all share',
      pairs: changed(train, (_, i) => `Lena has ${i} apples and gives a third of them to Omar. How many does she keep?`),
      eval: rows(changed(short, (_, i) => `Lena has ${i + 500} apples and gives a third of them to Omar. How many does she keep?`)),
      score: 0,
    },
    {
      name: 'one instruction on both sides, alone in the training data, too',
      pairs: [
        ...changed(train, (text) => `${TASK} ${text}`),
        ...changed(short, (text) => `Review: ${text}`),
        [TASK, 'Show me one.'],
        [`${TASK} ?`, 'Which?'],
      ],
      eval: rows(changed(medium, (text) => `${TASK} ${text}`)),
      score: 0,
    },
    {
      name: 'short wrappers on both sides',
      pairs: changed(train, (text) => `Review: ${text} Answer with one word.`),
      eval: rows(changed(medium, (text) => `Review: ${text} Answer with one word.`)),
      score: 0,
    },
    {
      name: 'questions that stand in texts of their own',
      pairs: [...train, ...changed(medium.slice(0, 30), (text, i) => `${train[i]![0]} ${text} ${train[i + 40]![0]}`)],
      eval: rows(medium),
      score: 0,
      findings: [{ key: 'long-runs', level: 'info' }],
    },
    {
      name: 'two wrapped copies may be chance',
      pairs: [...train, ...medium.slice(0, 2)],
      eval: rows(changed(medium, (text) => `${TASK} ${text}`)),
      score: 0.49,
      findings: [
        {
          key: 'wrapped',
          level: 'info',
          message: '2 of 100 eval prompts of 8 words or more (2%) stand whole in the training data but for what is put around them',
          suggestion:
            'Read the 2 beside their partners (test.jsonl:201 and test.jsonl:202) and drop the training lines that give them away, or choose other eval prompts',
          data: { prompts: 100, enough: 100, wrapped: 2, share: 0.02 },
        },
      ],
    },
    {
      name: 'four that differ in a word',
      pairs: [...train, ...changed(medium.slice(4, 8), (text, i) => `${text} Indeed${i}`)],
      eval: rows(medium),
      score: 0,
      findings: [{ key: 'near', level: 'info', data: { prompts: 100, near: 4, share: 0.04 } }],
    },
    {
      name: 'bounds that allow it',
      pairs: [...train, ...held.slice(0, 4)],
      eval: rows(held),
      options: { warn: 0.1, error: 0.2, runsWarn: 0.1, runsError: 0.2 },
      score: 0.2, // 4% of the way to 10%
      findings: [{ key: 'same', level: 'info', message: `4 of 100 eval prompts (4%) ${WHOLE}, all with the same reply` }],
    },
  ],

  lopsided: [
    {
      name: 'one eval prompt copied',
      pairs: [...train, short[0]!],
      eval: rows(short),
      score: 0.56, // .5 at 0.001%, .8 at 5%
      findings: [
        {
          key: 'same',
          level: 'warn',
          message: '1 of 100 eval prompts (1%) stands in the training data word for word, with the same reply, expected none',
          suggestion: 'Drop test.jsonl:201 from the training data, or choose another eval prompt: a score on it measures memory',
          data: { prompts: 100, same: 1, share: 0.01, exact: 1, withReply: 1, trainingLines: 1 },
        },
      ],
    },
    {
      name: 'one of few is no error yet',
      pairs: [...train, short[0]!],
      eval: rows(short.slice(0, 5)),
      score: 0.79,
      findings: [{ key: 'same', level: 'warn' }],
    },
    {
      name: 'half of the eval data with other case and marks',
      pairs: [...train, ...changed(held.slice(0, 50), louder)],
      eval: rows(held),
      score: 1,
      findings: [
        {
          key: 'same',
          level: 'error',
          message: `50 of 100 eval prompts (50%) ${WHOLE} but for case, blanks and marks, none with the same reply, expected none`,
          suggestion:
            'Drop the 50 training lines that hold them (such as test.jsonl:201, test.jsonl:202 and test.jsonl:203; the JSON report has one for each) or choose other eval prompts: scores on them measure memory',
          data: { prompts: 100, same: 50, share: 0.5, exact: 0, withReply: 0, trainingLines: 50 },
        },
      ],
    },
    {
      name: 'half of the eval data with one word in ten changed',
      pairs: [...train, ...changed(held.slice(0, 50), (text) => everyNth(text, 10, 9))],
      eval: rows(held),
      score: 0,
      findings: [
        {
          key: 'words',
          level: 'info',
          message:
            '50 of 100 eval prompts of 20 words or more (50%) have at least half of their words in runs of eight or more that the training data holds',
          suggestion:
            'Read the 50 beside their partners (such as test.jsonl:201, test.jsonl:202 and test.jsonl:203; the JSON report has one for each) and drop the training lines that are these prompts with words changed',
          data: { prompts: 100, long: 100, words: 50, share: 0.5 },
        },
      ],
    },
    {
      name: 'copies in replies, with a word changed',
      pairs: [...train, ...held.slice(0, 4).map(([prompt]) => ['Write a question.', everyNth(prompt, 99, 3)] as const)],
      eval: rows(held),
      score: 0.725, // .5 at 1%, .8 at 5%
      findings: [
        {
          key: 'runs',
          level: 'warn',
          message:
            '4 of 100 eval prompts of 20 words or more (4%) have at least half of their runs of eight words in the training data, expected under 1%',
          suggestion:
            'Read the 4 beside their partners (such as test.jsonl:201, test.jsonl:202 and test.jsonl:203; the JSON report has one for each) and drop the training lines that give them away, or choose other eval prompts',
          data: { prompts: 100, long: 100, covered: 4, share: 0.04, same: 0 },
        },
      ],
    },
    {
      name: 'only the copies wrapped, in the eval data',
      pairs: [...train, ...medium.slice(0, 30)],
      eval: rows(medium.map(([prompt, reply], i) => [i < 30 ? `Film: ${prompt}` : prompt, reply])),
      score: 1,
      findings: [
        {
          key: 'wrapped',
          level: 'error',
          message:
            '30 of 100 eval prompts of 8 words or more (30%) stand whole in the training data but for what is put around them, expected under 1%',
          suggestion:
            'Read the 30 beside their partners (such as test.jsonl:201, test.jsonl:202 and test.jsonl:203; the JSON report has one for each) and drop the training lines that give them away, or choose other eval prompts',
          data: { prompts: 100, enough: 100, wrapped: 30, share: 0.3 },
        },
      ],
    },
    {
      name: 'four in a long wrapper of the training data',
      pairs: [...train, ...changed(medium.slice(0, 4), (text) => `${TASK} ${text}`)],
      eval: rows(medium),
      score: 0.725,
      findings: [{ key: 'wrapped', level: 'warn', data: { prompts: 100, enough: 100, wrapped: 4, share: 0.04 } }],
    },
    {
      name: 'five that differ in a word',
      pairs: [...train, ...changed(medium.slice(4, 9), (text, i) => `${text} Indeed${i}`)],
      eval: rows(medium),
      score: 0.79, // never an error
      findings: [
        {
          key: 'near',
          level: 'warn',
          message: '5 of 100 eval prompts (5%) differ from texts of the training data in a few words, expected under 1%',
          data: { prompts: 100, near: 5, share: 0.05 },
        },
      ],
    },
    {
      name: 'some whole, some in part',
      pairs: [...train, ...held.slice(0, 2), ...changed(held.slice(2, 6), (text) => everyNth(text, 99, 22))],
      eval: rows(held),
      score: 0.813,
      findings: [
        {
          key: 'runs',
          level: 'error',
          message:
            '6 of 100 eval prompts of 20 words or more (6%) have at least half of their runs of eight words in the training data, 2 of them whole, expected under 1%',
        },
        { key: 'same', level: 'warn', message: `2 of 100 eval prompts (2%) ${WHOLE}, all with the same reply, expected none` },
      ],
    },
    {
      name: 'another system text',
      rows: [...chats(train, () => 'You are terse.'), ...chats(held.slice(0, 3), () => 'You are terse.')],
      eval: rows(held),
      score: 0.68,
      findings: [{ key: 'same', level: 'warn', message: `3 of 100 eval prompts (3%) ${WHOLE}, all with the same reply, expected none` }],
    },
    {
      name: 'later turns of a chat, with all turns before them',
      rows: [
        ...rows(train),
        ...held.slice(0, 3).map(([prompt, reply]) => ({
          messages: [
            { role: 'user', content: prompt },
            { role: 'assistant', content: reply },
            { role: 'user', content: 'And then?' },
            { role: 'assistant', content: 'Nothing.' },
          ],
        })),
        // the same words after another beginning
        {
          messages: [
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: 'Hi' },
            { role: 'user', content: 'And then?' },
            { role: 'assistant', content: 'Nothing.' },
          ],
        },
      ],
      eval: held.slice(0, 50).map(([prompt, reply]) => ({
        messages: [
          { role: 'user', content: prompt },
          { role: 'assistant', content: reply },
          { role: 'user', content: 'And then?' },
          { role: 'assistant', content: 'Something.' },
        ],
      })),
      score: 0.813, // 6%: .8 at 5%, 1 at 20%
      findings: [
        {
          key: 'same',
          level: 'error',
          message: `6 of 100 eval prompts (6%) ${WHOLE}, 3 of them with the same reply, expected none`,
          data: { prompts: 100, same: 6, share: 0.06, exact: 6, withReply: 3, trainingLines: 3 },
        },
      ],
    },
    {
      name: 'texts without a prompt',
      rows: [...train, ...held.slice(0, 3)].map(([prompt, reply]) => ({ text: `${prompt} ${reply}` })),
      eval: held.map(([prompt, reply]) => ({ text: `${prompt} ${reply}` })),
      score: 0.68,
      findings: [{ key: 'same', level: 'warn', message: `3 of 100 eval prompts (3%) ${WHOLE}, expected none` }],
    },
    {
      name: 'prompts alone, and a reply that is to be unlearnt',
      rows: [
        ...rows(train),
        { prompt: short[0]![0], completion: 'No.', label: false },
        { prompt: short[1]![0], completion: 'Yes.', label: true },
      ],
      eval: short.map(([content]) => ({ messages: [{ role: 'user', content }] })),
      score: 0.62,
      findings: [{ key: 'same', level: 'warn', message: `2 of 100 eval prompts (2%) ${WHOLE}, expected none` }],
    },
    {
      name: 'the question stands in a text',
      rows: [
        ...train.map(([text]) => ({ text })),
        ...held.slice(0, 8).map(([prompt, reply]) => ({ text: `From an exam: ${prompt} ${reply}` })),
      ],
      eval: rows(held),
      score: 0.84,
      findings: [{ key: 'runs', level: 'error', data: { prompts: 100, long: 100, covered: 8, share: 0.08, same: 0 } }],
    },
    {
      name: 'a tightened bound',
      pairs: [...train, ...changed(held.slice(0, 3), (text) => everyNth(text, 99, 22))],
      eval: rows(held),
      options: { runsError: 0.02 },
      score: 0.811,
      findings: [{ key: 'runs', level: 'error' }],
    },
    {
      name: 'a mixed file',
      rows: [
        ...train.slice(0, 100).map(([input, output]) => ({ instruction: 'Continue.', input, output })),
        ...train.slice(100).map(([input]) => ({ instruction: 'Yes or no?', input, output: 'yes' })),
        ...held.slice(0, 3).map(([input]) => ({ instruction: 'Yes or no?', input, output: 'yes' })),
      ],
      eval: held.map(([input]) => ({ instruction: 'Yes or no?', input, output: 'no' })),
      score: 0.68,
      findings: [{ key: 'same', level: 'warn', message: `3 of 100 eval prompts (3%) ${WHOLE}, none with the same reply, expected none` }],
    },
    {
      name: 'the training data is the eval data',
      pairs: train,
      eval: rows(train),
      score: 1,
      findings: [
        { key: 'same', level: 'error', message: `200 of 200 eval prompts (100%) ${WHOLE}, all with the same reply, expected none` },
      ],
    },
    {
      name: 'rejected replies, and prompts in Chinese',
      rows: [
        ...train.map(([prompt, chosen]) => ({ prompt, chosen, rejected: 'No.' })),
        { prompt: 'x', chosen: 'y', rejected: held[0]![0] },
        { prompt: 'z', chosen: '从前有一座山，山里有一座庙，庙里有一个老和尚在讲故事。他讲的是什么故事呢？', rejected: 'No.' },
      ],
      eval: rows([held[0]!, ['从前有一座山，山里有一座庙，庙里有一个老和尚在讲故事。他讲的是什么？', '不知道'], ...held.slice(10)]),
      score: 0.49,
      findings: [{ key: 'runs', level: 'info', data: { prompts: 92, long: 92, covered: 2, share: 0.02174, same: 0 } }],
    },
  ],
});

// ── A twin that counts with strings ─────────────────────────────────────────

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
const grams = (words: readonly string[], n: number): string[] =>
  words.length < n ? [] : Array.from({ length: words.length - n + 1 }, (_, i) => words.slice(i, i + n).join(' '));

/** Where the words stand that are in a run of eight of this kind. */
function inRuns(words: readonly string[], isKind: (gram: string) => boolean): Set<number> {
  const inside = new Set<number>();
  grams(words, 8).forEach((gram, i) => {
    if (isKind(gram)) for (let k = i; k < i + 8; k++) inside.add(k);
  });
  return inside;
}
const wordsIn = (words: readonly string[], isKind: (gram: string) => boolean): number => inRuns(words, isKind).size;

/** The words outside of wrappers. */
function unwrapped(words: readonly string[], isWrapper: (gram: string) => boolean): string[] {
  const wrapped = inRuns(words, isWrapper);
  return words.filter((_, i) => !wrapped.has(i));
}

function jaccard(own: readonly string[], other: readonly string[]): boolean {
  if (own.length < 5) return false;
  const pad = (words: readonly string[]) => ['<1', '<2', ...words, '>1', '>2'];
  const [a, b] = own.length < 30 ? [grams(pad(own), 3), grams(pad(other), 3)] : [grams(own, 5), grams(other, 5)];
  const [x, y] = [new Set(a), new Set(b)];
  const common = [...x].filter((gram) => y.has(gram)).length;
  return common / (x.size + y.size - common) >= (own.length < 30 ? 0.7 : 0.8);
}

function twin(pairs: readonly Pair[], heldOut: readonly Pair[]): Record<string, number> {
  const distinct = [...new Set(heldOut.map(([prompt]) => prompt))];
  const different = new Set(distinct.map((prompt) => wordsOf(prompt).join(' ')));
  const many = Math.min(100, Math.max(3, Math.ceil(0.02 * distinct.length)));
  const holders = new Map<string, number>();
  for (const prompt of different) for (const gram of new Set(grams(wordsOf(prompt), 8))) holders.set(gram, (holders.get(gram) ?? 0) + 1);
  const isWrapper = (gram: string) => (holders.get(gram) ?? 0) > many;
  const texts = pairs.flat().map(wordsOf);
  const seen = new Map<string, number>();
  for (const text of texts) for (const gram of new Set(grams(text, 8))) seen.set(gram, (seen.get(gram) ?? 0) + 1);
  const long = new Set(texts.flatMap((text) => grams(text, 13)));
  const isCommon = (gram: string) => isWrapper(gram) || (seen.get(gram) ?? 0) > Math.max(20, 0.01 * pairs.length);
  const prompts = new Set(pairs.map(([prompt]) => wordsOf(prompt).join(' ')));
  const counts: Record<string, number> = { same: 0, runs: 0, near: 0, words: 0, 'long-runs': 0 };
  for (const [prompt] of heldOut) {
    const words = wordsOf(prompt);
    const own = grams(words, 8).filter((gram) => !isCommon(gram));
    const shared = own.filter((gram) => seen.has(gram));
    const seeds = new Set(grams(words, 8).filter((gram) => !isWrapper(gram)));
    const isNear = () =>
      texts.some(
        (text) => grams(text, 8).some((gram) => seeds.has(gram)) && jaccard(unwrapped(words, isWrapper), unwrapped(text, isWrapper)),
      );
    if (prompts.has(words.join(' '))) counts.same! += 1;
    else if (own.length >= 13 && shared.length >= own.length / 2) counts.runs! += 1;
    else if (shared.length > 0 && isNear()) counts.near! += 1;
    else if (
      own.length >= 13 &&
      wordsIn(words, (gram) => !isCommon(gram) && seen.has(gram)) >= wordsIn(words, (gram) => !isCommon(gram)) / 2
    )
      counts.words! += 1;
    else if (grams(words, 13).some((gram) => long.has(gram) && grams(gram.split(' '), 8).every((run) => !isCommon(run))))
      counts['long-runs']! += 1;
  }
  return counts;
}

/** How many prompts each finding counts, those of `runs` without those that are told by `same`. */
function told({ findings }: Report): Record<string, number> {
  const counts: Record<string, number> = { same: 0, runs: 0, near: 0, words: 0, 'long-runs': 0 };
  for (const { key, data } of findings) {
    if (key === 'same') counts.same = data.same as number;
    if (key === 'runs') counts.runs = (data.covered as number) - (data.same as number);
    if (key === 'words') counts.words = data.words as number;
    if (key === 'near') counts.near = data.near as number;
    if (key === 'long-runs') counts['long-runs'] = data.long as number;
  }
  return counts;
}

describe('the counts', () => {
  /** Prompts of a few dozen words, and training texts that borrow from them by the piece. */
  function borrowed(seed: number): { pairs: Pair[]; heldOut: Pair[] } {
    const r = random(seed);
    const vocabulary = Array.from({ length: 12 + Math.floor(r() * 60) }, (_, i) => `w${i}`);
    const said = (n: number) => Array.from({ length: n }, () => pick(r, vocabulary));
    const wrapper = said(12).join(' ');
    const heldOut = Array.from({ length: 40 }, (): Pair => {
      const round = said(9).join(' ');
      const prompt =
        r() < 0.1 ? `${said(6).join(' ')} ${`${round} `.repeat(6)}${said(20).join(' ')}` : said(2 + Math.floor(r() * 40)).join(' ');
      return [r() < 0.3 ? `${wrapper} ${prompt}` : prompt, 'x'];
    });
    const piece = () => {
      const words = pick(r, heldOut)[0].split(' ');
      const from = Math.floor(r() * words.length);
      return words.slice(from, from + 4 + Math.floor(r() * 20));
    };
    const text = (): string => {
      const kind = r();
      if (kind < 0.25) return said(5 + Math.floor(r() * 30)).join(' ');
      if (kind < 0.35) return pick(r, heldOut)[0].toUpperCase();
      if (kind < 0.65) {
        const words = pick(r, heldOut)[0].split(' ');
        for (let n = 1 + Math.floor(r() * 2); n > 0; n--) words[Math.floor(r() * words.length)] = pick(r, vocabulary);
        return words.join(' ');
      }
      if (kind < 0.7) return `${piece().join(' ')} `.repeat(30);
      return [...piece(), ...said(2), ...piece()].join(' ');
    };
    const pairs = Array.from({ length: 60 }, (): Pair => (r() < 0.8 ? [text(), 'y'] : ['z', text()]));
    return { pairs, heldOut };
  }

  it('are those of a twin that compares strings', async () => {
    const all: Record<string, number> = {};
    for (let seed = 1; seed <= 40; seed++) {
      const { pairs, heldOut } = borrowed(seed);
      const counts = told(await runRule(evalOverlap, rows(pairs), {}, rows(heldOut)));
      expect(counts, `seed ${seed}`).toEqual(twin(pairs, heldOut));
      for (const [key, n] of Object.entries(counts)) all[key] = (all[key] ?? 0) + n;
    }
    for (const n of Object.values(all)) expect(n).toBeGreaterThan(20); // the twin was asked about each
  });

  it('are the same whatever the order of either side', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.nat(1000), async (seed, other) => {
        const { pairs, heldOut } = borrowed(seed);
        const r = random(other);
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => [r(), item] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, item]) => item);
        const [a, b] = [
          await runRule(evalOverlap, rows(pairs), {}, rows(heldOut)),
          await runRule(evalOverlap, rows(shuffled(pairs)), {}, rows(shuffled(heldOut))),
        ];
        expect(told(b)).toEqual(told(a));
        expect(b.rules[id]).toEqual(a.rules[id]);
        expect(b.pictures).toEqual(a.pictures);
      }),
      { numRuns: 10 },
    );
  });
});

describe('copies in a wrapper', () => {
  type Wrap = (text: string) => string;
  const plain: Wrap = (text) => text;
  const before: Wrap = (text) => `Review: ${text}`;
  const behind: Wrap = (text) => `${text} Answer with one word.`;
  const task: Wrap = (text) => `${TASK} ${text}`;
  it.each<readonly [string, Wrap, Wrap]>([
    ['the eval prompts in a short wrapper', plain, before],
    ['the eval prompts in a long wrapper', plain, task],
    ['the eval prompts with an instruction behind', plain, behind],
    ['the training prompts in a short wrapper', before, plain],
    ['the training prompts in a long wrapper', task, plain],
    ['the training prompts with an instruction behind', behind, plain],
    ['each side in another wrapper', task, (text) => before(behind(text))],
    ['both in a wrapper, of which the training prompts have more', (text) => task(behind(text)), task],
  ])('are all found: %s', async (_, there, here) => {
    for (const wrapped of [100, 30]) {
      const heldOut = medium.map(([prompt, reply], i): Pair => [i < wrapped ? here(prompt) : prompt, reply]);
      const { findings } = await runRule(evalOverlap, rows([...train, ...changed(medium.slice(0, 30), there)]), {}, rows(heldOut));
      const counts = findings.map(({ key, data }) => [key, data.covered ?? data.wrapped]);
      expect(counts.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(30);
      expect(counts.map(([key]) => key)).toContain('wrapped');
      expect(counts.filter(([key]) => key !== 'runs' && key !== 'wrapped')).toEqual([]); // runs: those of twenty words
      expect(findings[0]!.level).toBe('error');
    }
  });

  it('are found where several begin with the same instruction, which is theirs', async () => {
    const r = random(7);
    const mend = (): Pair => [`Mend the mistakes in this sentence: ${gibberish(r, 4)}`, 'x'];
    const asked = [...Array.from({ length: 10 }, mend), ...medium.slice(0, 20)];
    const told = async (there: readonly Pair[]) => {
      const { findings } = await runRule(evalOverlap, rows([...train, ...there]), {}, rows(changed(asked, before)));
      return findings.map(({ key, data }) => [key, data.wrapped]);
    };
    expect(await told(asked.slice(0, 15))).toEqual([['wrapped', 15]]);
    expect(await told(Array.from({ length: 10 }, mend))).toEqual([]); // the instruction with other sentences
  });

  it('do not count for a few in a few words that only some eval prompts begin with', async () => {
    const heldOut = medium.map(([prompt, reply], i): Pair => [i < 10 ? `Please ${prompt}` : prompt, reply]);
    const told = async (copies: number) =>
      (await runRule(evalOverlap, rows([...train, ...medium.slice(0, copies)]), {}, rows(heldOut))).findings.map(({ key }) => key);
    expect(await told(3)).not.toContain('wrapped');
    expect(await told(4)).toContain('wrapped');
  });

  it('count where the shortest has eight words, and not below', async () => {
    const r = random(5);
    const counts = async (words: number) => {
      const some = Array.from({ length: 100 }, (): Pair => [gibberish(r, words), 'x']);
      const { findings } = await runRule(evalOverlap, rows([...train, ...changed(some.slice(0, 30), before)]), {}, rows(some));
      return findings.map(({ key, data }) => [key, data.wrapped]);
    };
    expect(await counts(8)).toEqual([['wrapped', 30]]);
    expect(await counts(7)).toEqual([]);
  });

  it('are known by single letters in scripts without blanks, and by marks and case in none', async () => {
    const r = random(6);
    const said = () => Array.from({ length: 12 }, () => String.fromCharCode(0x4e00 + Math.floor(r() * 5000))).join('');
    const some = Array.from({ length: 20 }, (): Pair => [said(), 'x']);
    const there = [...train, ...changed(some.slice(0, 4), (text) => `这句话是什么意思？${text}`)];
    const { findings } = await runRule(evalOverlap, rows(there), {}, rows(some));
    expect(findings.map(({ key, data }) => [key, data.wrapped])).toEqual([['wrapped', 4]]);
    const loud = await runRule(
      evalOverlap,
      rows([...train, ...changed(medium.slice(0, 30), (text) => before(louder(text)))]),
      {},
      rows(medium),
    );
    expect(loud.findings.find(({ key }) => key === 'wrapped')).toMatchObject({ level: 'error' });
  });

  it('are shown beside their partners', async () => {
    const { findings } = await runRule(evalOverlap, rows([...train, ...medium.slice(0, 30)]), {}, rows(changed(medium, before)));
    const { evidence } = findings.find(({ key }) => key === 'wrapped')!;
    expect(evidence[0]).toMatchObject({ file: 'eval.jsonl', line: 1 });
    expect(evidence[0]!.excerpt).toMatch(/^stands in test\.jsonl:201: Review: \w.* \| there: \w/);
  });
});

describe('what is said', () => {
  it('lists eval lines beside their partners, both sides to be read', async () => {
    const near = `${held[7]![0].split(' ').slice(0, 20).join(' ')} but then otherwise`;
    const { findings } = await runRule(evalOverlap, rows([...train, held[0]!, [near, 'x']]), {}, rows(held));
    expect(findings.map(({ key, evidence }) => [key, evidence])).toEqual([
      [
        'same',
        [{ file: 'eval.jsonl', line: 1, excerpt: expect.stringMatching(/^same prompt and reply as test\.jsonl:201: \w/) as string }],
      ],
      [
        'runs',
        [
          {
            file: 'eval.jsonl',
            line: 8,
            excerpt: expect.stringMatching(/^76% of its runs, most in test\.jsonl:202: \w.* \| there: \w/) as string,
          },
        ],
      ],
    ]);
    expect(findings[1]!.evidence[0]!.excerpt.length).toBeLessThanOrEqual(160);
  });

  it('shows where two texts part that differ in a few words', async () => {
    const { findings } = await runRule(
      evalOverlap,
      rows([...train, ['how many bags can i take with me on a flight to the north of japan', 'two']]),
      {},
      rows([['how many bags can i take with me on a flight to the north of peru', 'two']]),
    );
    expect(findings[0]!.evidence[0]!.excerpt).toMatch(/^nearly test\.jsonl:201: .*peru \| there: .*japan$/);
  });

  it('counts in a table, with what could be compared whole only', async () => {
    const { pictures } = await runRule(
      evalOverlap,
      rows([...train, short[0]!, ...changed([short[1]!], louder)]),
      {},
      rows([...short.slice(0, 8), ...held.slice(0, 2)]),
    );
    expect(pictures[id]).toEqual({
      kind: 'table',
      title: 'Eval prompts in the training data, by the words that are the same (paraphrases are not seen)',
      columns: ['in the training data', 'eval prompts', 'share'],
      rows: [
        ['the prompt, word for word', 1, 0.1],
        ['the prompt, but for case, blanks and marks', 1, 0.1],
        ['half of its runs of eight words or more', 0, 0],
        ['all but what is put around it', 0, 0],
        ['all but a few words', 0, 0],
        ['all but numbers, names and quotes', 0, 0],
        ['half of its words, in runs of eight or more', 0, 0],
        ['a run of thirteen words', 0, 0],
        ['no verbatim overlap found', 8, 0.8],
        ['of these without a run of eight words of their own: compared whole only', 6, 0.6],
      ],
    });
  });

  it('is of a fair sample where the eval data is large', async () => {
    const many = Array.from({ length: 21_000 }, (_, i): Pair => [`Is ${i} prime?`, 'x']);
    const { findings, rules } = await runRule(evalOverlap, rows([...train, ...many.slice(0, 2100)]), {}, rows(many));
    // a tenth of all: 20,000 are compared, with an interval
    expect(findings[0]!.message).toMatch(/^(1,9|2,0)\d\d of 20,000 sampled eval prompts/);
    const { score, interval } = rules[id]!;
    expect(interval![0]).toBeLessThan(score!);
    expect(interval![1]).toBeGreaterThan(score!);
    expect(interval![1] - interval![0]).toBeLessThan(0.03);
  });

  it('hides secrets of either side', async () => {
    const key = `sk-proj-${'a1B2'.repeat(8)}`;
    const prompt = `${held[0]![0]} My key is ${key}, does it work here or not?`;
    const report = await runRule(
      evalOverlap,
      rows([...train, [prompt, 'x'], [`${prompt} Say yes or no.`, 'x']]),
      {},
      rows([
        [prompt, 'x'],
        [`Oh, ${prompt}`, 'x'],
      ]),
    );
    expect(report.findings).toHaveLength(2);
    expect(JSON.stringify(report)).not.toContain(key);
  });

  it('names keys and words of the data that are no keys of ours', async () => {
    const odd: Pair[] = [
      ['__proto__', 'constructor'],
      ['toString', '__proto__'],
      ['hasOwnProperty', 'x'],
    ];
    const { findings } = await runRule(evalOverlap, rows([...train, ...odd]), {}, rows(odd));
    expect(findings[0]!.data).toMatchObject({ prompts: 3, same: 3, withReply: 3 });
  });
});

it('compares texts that say a thing over and over in time that grows with them', async () => {
  const held = [
    { prompt: 'a '.repeat(4000), completion: 'x' },
    { prompt: `sum x ${'0 0 0 0 '.repeat(400)}`, completion: 'x' },
  ];
  const rows = Array.from({ length: 60 }, (_, i) => ({
    prompt: `${i % 2 === 0 ? 'a '.repeat(50_000) : '0 0 0 0 '.repeat(500)}${i}`,
    completion: 'y',
  }));
  const { rules } = await runRule(evalOverlap, rows, {}, held);
  expect(rules['eval-overlap']!.score).not.toBeNull();
});

it.each([20, 25, 60])('finds eval prompts that stand in %i training texts each', async (times) => {
  const r = random(31);
  const held = Array.from({ length: 40 }, () => ({ prompt: gibberish(r, 25), completion: 'x' }));
  const rows = held.flatMap(({ prompt }) =>
    Array.from({ length: times }, () => ({ prompt: `${gibberish(r, 3)} ${prompt} ${gibberish(r, 3)}`, completion: 'y' })),
  );
  const { rules, findings } = await runRule(evalOverlap, rows, {}, held);
  expect([rules['eval-overlap']!.score, findings[0]!.level]).toEqual([1, 'error']);
});
