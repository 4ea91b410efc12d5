import { describe, expect, it } from 'vitest';
import promptLength from '../../../rules/spread/prompt-length.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];

/** Prompts of the given numbers of words, in turn. */
function ofLengths(n: number, lengths: readonly number[], seed = 1): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const length = lengths[i % lengths.length]!;
    return [
      `${['Ask', 'Say', 'Ich', 'You'][i % 4]} ${sentence(r, length + 20)
        .split(' ')
        .slice(0, length - 1)
        .join(' ')}`,
      `Reply ${i}`,
    ];
  });
}
const word = (i: number, letters: number) =>
  `${String.fromCharCode(97 + (i % 26), 97 + (Math.floor(i / 26) % 26))}${'x'.repeat(letters - 2)}`;
/** Prompts of ten words, all of as many letters. */
const blocks = (n: number, letters: (i: number) => number): Pairs =>
  Array.from({ length: n }, (_, i) => [Array.from({ length: 10 }, (__, k) => word(i + k * 31, letters(i))).join(' '), `Reply ${i}`]);

testRule(promptLength, {
  even: [
    { name: 'all lengths alike', pairs: ofLengths(160, [2, 5, 10, 20, 40, 80, 160, 300]), score: 0 },
    // two equal bands, so 2: .5 · log(3/2) / log(3/1.5)
    { name: 'two bands', pairs: ofLengths(120, [9, 30]), score: 0.293 },
    {
      name: 'too few to judge',
      pairs: ofLengths(20, [9]),
      score: null,
      notJudged: 'fewer than 30 examples',
      findings: [{ level: 'info', message: 'All 20 prompts have 9 words: 1 effective length band, expected over 1.5' }],
    },
    { name: 'texts without a prompt', rows: ofLengths(120, [9]).map(([text]) => ({ text })), score: null, notJudged: 'no prompts' },
    {
      name: 'blank prompts are none',
      rows: ofLengths(120, [9]).map(([, completion], i) => ({ prompt: i % 2 === 0 ? '' : ' \n ', completion })),
      score: null,
      notJudged: 'no prompts',
    },
  ],
  lopsided: [
    {
      name: 'one template',
      pairs: Array.from({ length: 120 }, (_, i) => [`Translate the word ${word(i, 6)} to French, please`, `Mot ${i}`] as const),
      score: 1,
      findings: [
        {
          key: 'one-length',
          level: 'error',
          message: 'All 120 prompts have 7 words: 1 effective length band, expected over 1.5',
          suggestion: 'Add about 8 prompts of fewer than 3 words and 8 of more than 14 words',
          data: { prompts: 120, effectiveBands: 1, ratio: 1, wordsP5: 7, wordsP50: 7, wordsP95: 7, charactersP5: 43, charactersP95: 43 },
        },
      ],
    },
    {
      // 15 and 16 words fall in two bands: the ratio sees that they are of one length
      name: 'a length across the border of two bands',
      pairs: Array.from(
        { length: 120 },
        (_, i) => [Array.from({ length: 15 + (i % 2) }, (__, k) => word(i + 40 * k, 4)).join(' '), `Reply ${i}`] as const,
      ),
      score: 0.876,
      findings: [
        {
          level: 'error',
          message: 'At least 90% of prompts have 74 to 79 characters, the longest 1.06 times the shortest, expected over 1.5 times',
          suggestion: 'Add about 8 prompts of fewer than 7 words and 8 of more than 30 words',
        },
      ],
    },
    {
      name: 'nearly all in one band',
      pairs: [...blocks(150, (i) => 3 + (i % 20)), ...ofLengths(6, [40])],
      score: 0.735,
      findings: [{ level: 'warn', message: 'At least 90% of prompts have 10 words: 1.18 effective length bands, expected over 1.5' }],
    },
    {
      name: 'a tighter bound for bands',
      pairs: ofLengths(120, [9, 30]),
      options: { warn: 2.2, error: 1.1 },
      score: 0.541,
      findings: [{ level: 'warn', message: 'At least 90% of prompts have 9 to 30 words: 2 effective length bands, expected over 2.2' }],
    },
    {
      name: 'a bound for bands as an error',
      pairs: ofLengths(120, [9, 30]),
      options: { error: 2, warn: 2.5 },
      score: 0.8,
      findings: [{ level: 'error', message: 'At least 90% of prompts have 9 to 30 words: 2 effective length bands, expected over 2.5' }],
    },
    {
      name: 'tighter bounds for the ratio',
      pairs: ofLengths(120, [9, 30]),
      options: { ratioWarn: 10, ratioError: 1.1 },
      score: 0.629,
      findings: [
        {
          level: 'warn',
          message: 'At least 90% of prompts have 44 to 170 characters, the longest 3.88 times the shortest, expected over 10 times',
        },
      ],
    },
    {
      name: 'of the ratio as an error',
      pairs: ofLengths(120, [9, 30]),
      options: { ratioWarn: 10, ratioError: 8 },
      score: 0.87,
      findings: [{ level: 'error' }],
    },
    {
      name: 'one word',
      pairs: Array.from({ length: 60 }, (_, i) => [word(i, 4), `Reply ${i}`] as const),
      score: 0.79,
      findings: [
        {
          level: 'warn',
          message: 'All 60 prompts have 1 word: 1 effective length band, expected over 1.5',
          suggestion: 'Add about 4 prompts of more than 2 words',
        },
      ],
    },
  ],
});

describe('prompt-length', () => {
  it('measures what was said since the last reply, without the system text', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      messages: [
        { role: 'system', content: 'You are as helpful as can be, and more than that.' },
        { role: 'user', content: `Hello ${word(i, 5)} there` },
        { role: 'user', content: 'how are you' },
        { role: 'assistant', content: `Fine, thank you, and what can I do for you? ${i}` },
        { role: 'user', content: 'One word, please: yes or no or both of them, I do not mind' },
        { role: 'assistant', content: 'Yes' },
        { role: 'assistant', content: 'a reply to nothing' },
      ],
    }));
    const { pictures, findings } = await runRule(promptLength, rows);
    expect(pictures['prompt-length']).toEqual({
      kind: 'histogram',
      title: 'Words per prompt',
      unit: 'words',
      bars: [
        { label: '4–7', count: 100 },
        { label: '8–15', count: 100 },
      ],
    });
    expect(findings).toEqual([]);
  });

  it('leaves out replies that are not trained, and draws the bands between', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({
      messages: [
        { role: 'user', content: `Long ${'word '.repeat(60)} ${i}` },
        { role: 'assistant', content: 'not trained', weight: 0 },
        { role: 'user', content: i % 2 === 0 ? 'Hm' : 'This one has eight words and no more' },
        { role: 'assistant', content: `trained ${i}` },
      ],
    }));
    const { pictures } = await runRule(promptLength, rows);
    const picture = pictures['prompt-length'];
    expect(picture?.kind === 'histogram' && picture.bars).toEqual([
      { label: '1', count: 25 },
      { label: '2–3', count: 0 },
      { label: '4–7', count: 0 },
      { label: '8–15', count: 25 },
    ]);
  });

  it('counts words where no blanks part them, and texts without any', async () => {
    const rows = [
      ...Array.from({ length: 40 }, (_, i) => ({
        prompt: `这是一个没有空格的句子但是有很多词${'天地人你我他'[i % 6]}`,
        completion: `${i}`,
      })),
      ...Array.from({ length: 40 }, (_, i) => ({ prompt: '!?'.repeat(i + 1), completion: `${i}` })),
    ];
    const { pictures } = await runRule(promptLength, rows);
    const picture = pictures['prompt-length'];
    const bars = picture?.kind === 'histogram' ? picture.bars.filter(({ count }) => count > 0) : [];
    expect(bars).toEqual([
      { label: '0', count: 40 },
      { label: '8–15', count: 40 },
    ]);
  });

  it('shows three prompts', async () => {
    const rows = ofLengths(100, [12]).map(([prompt, completion]) => ({ prompt, completion }));
    const { findings } = await runRule(promptLength, rows);
    expect(findings[0]!.evidence).toHaveLength(3);
    for (const { line, excerpt } of findings[0]!.evidence) expect(rows[line - 1]!.prompt).toBe(excerpt);
  });
});
