import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import editCue from '../../../rules/leakage/edit-cue.ts';
import type { Panel, PanelExample } from '../../../src/kit.ts';
import { combine, hashString } from '../../../src/stats/hash.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random } from '../../generate.ts';

const NAMES = 'Anna Boris Carla Deniz Elias Freya Gustav Hanna Igor Julia'.split(' ');
const TOWNS = 'Aarhus Basel Cardiff Dresden Évora Florence'.split(' ');
const OPENERS = 'The |A |Every |Our |That |One '.split('|');
const THINGS = 'baker bridge cat doctor engine farmer garden house island judge kitchen lamp mayor neighbour orchard painter'.split(' ');
const VERBS = 'waits for|looks at|stands near|belongs to|remembers|follows|asks for|pays for'.split('|');
const ENDS = 'at noon|in the rain|without a word|for a week|since spring|after school|before the storm|on foot'.split('|');

/** One sentence in about thirty million, with names inside, without its marks. */
function sentence(r: () => number): string[] {
  const subject = r() < 0.3 ? pick(r, NAMES) : `${pick(r, OPENERS)}${pick(r, THINGS)}`;
  const object = r() < 0.4 ? pick(r, NAMES) : `the ${pick(r, THINGS)}`;
  const where = r() < 0.4 ? ` in ${pick(r, TOWNS)}` : '';
  return `${subject} ${pick(r, VERBS)} ${object}${where} ${pick(r, ENDS)}`.split(' ');
}

interface Told {
  /** Sentences, as words. */
  readonly sentences: readonly (readonly string[])[];
  readonly r: () => number;
}

/** `n` texts of three to five sentences, as pairs of what `prompt` and `reply` make of them. */
function texts(n: number, seed: number, prompt: (told: Told, i: number) => string, reply = finished): (readonly [string, string])[] {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const sentences = Array.from({ length: 3 + Math.floor(r() * 3) }, () => sentence(r));
    const told = { sentences, r };
    return [prompt(told, i), reply(told)];
  });
}

const finished = ({ sentences }: Told): string => sentences.map((words) => `${words.join(' ')}.`).join(' ');
const capitals = ({ sentences }: Told): string => sentences.flat().join(' ');
const lowerCase = (told: Told): string => capitals(told).toLowerCase();
const joined =
  (by: string) =>
  ({ sentences }: Told): string =>
    sentences.map((words) => words.join(' ').toLowerCase()).join(by);
const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
const verse = ({ sentences }: Told): string => sentences.map((words) => words.join(' ')).join(',\n');
/** All words of a text in sentences of five, lower-cased. */
const fives =
  (mark: string) =>
  ({ sentences }: Told): string =>
    sentences
      .flat()
      .map((word, i) => word.toLowerCase() + (i % 5 === 4 ? mark : ''))
      .join(' ');
/** Puts something between words, by chance. */
const strewn =
  (what: string) =>
  ({ sentences, r }: Told): string =>
    sentences
      .flat()
      .map((word) => word.toLowerCase() + (r() < 0.1 ? what : ' '))
      .join('')
      .trim();

const INSTRUCTIONS = ['Put the marks back.', 'Add what punctuation is missing.'];
const OFF = { warn: 1, error: 1, conditionalWarn: 1, conditionalError: 1 };
const questions = texts(
  120,
  9,
  ({ r }) => `What did ${pick(r, NAMES)} see in ${pick(r, TOWNS)} number ${Math.floor(r() * 1e6)}?`,
  capitals,
);

testRule(editCue, {
  even: [
    { name: 'lower-cased prompts', pairs: texts(120, 1, lowerCase), score: 0 },
    {
      name: 'the case of each word at random',
      pairs: texts(120, 2, ({ sentences, r }) =>
        sentences
          .flat()
          .map((word) => (r() < 0.5 ? capital(word) : word.toLowerCase()))
          .join(' '),
      ),
      score: 0,
    },
    {
      name: 'each prompt lower-cased, in capitals or with a capital at each word',
      pairs: texts(120, 3, (told) => {
        const words = lowerCase(told).split(' ');
        const kind = Math.floor(told.r() * 3);
        return kind === 0 ? words.join(' ') : kind === 1 ? words.join(' ').toUpperCase() : words.map(capital).join(' ');
      }),
      score: 0,
    },
    { name: 'line breaks at random places', pairs: texts(120, 4, strewn('\n')), score: 0 },
    { name: 'double blanks at random places', pairs: texts(120, 5, strewn('  ')), score: 0 },
    { name: 'a mark that the reply replaces is what is edited', pairs: texts(120, 6, joined(' | ')), score: 0 },
    { name: 'only the case is to be restored', pairs: texts(120, 7, (told) => finished(told).toLowerCase()), score: 0 },
    {
      name: 'a dropped letter here and there',
      pairs: texts(120, 8, (told) =>
        finished(told)
          .split(' ')
          .map((word) => (word.length > 4 && told.r() < 0.15 ? word.slice(0, 2) + word.slice(3) : word))
          .join(' '),
      ),
      score: 0,
    },
    {
      name: 'a filler word at each tenth place is read, not counted',
      pairs: texts(
        120,
        10,
        (told) =>
          lowerCase(told)
            .split(' ')
            .flatMap((word, i) => (i % 9 === 8 ? [word, 'um'] : [word]))
            .join(' '),
        lowerCase,
      ),
      score: 0,
    },
    {
      name: 'each tenth word misspelt: the word shows it itself',
      pairs: texts(
        120,
        31,
        (told) =>
          lowerCase(told)
            .split(' ')
            .map((word, i) => (i % 10 === 4 ? pick(told.r, THINGS).replace(/.$/, 'x') : word))
            .join(' '),
        lowerCase,
      ),
      score: 0,
      findings: [],
    },
    {
      name: 'a finished text cut into paragraphs: its marks are there to read',
      pairs: texts(120, 18, finished, ({ sentences, r }) =>
        sentences
          .map((words) => `${words.join(' ')}.${r() < 0.5 ? '\n\n' : ' '}`)
          .join('')
          .trim(),
      ),
      score: null,
      notJudged: 'too few edits of any one kind',
    },
    {
      name: 'forty sentence ends, but in nine texts',
      pairs: texts(120, 19, capitals, capitals).map(([prompt], i) =>
        i < 9 ? [`so ${prompt}`, `So ${prompt.replaceAll(/ (?=\p{Lu})/gu, '. ')}`] : [`so ${prompt}`, `So ${prompt}`],
      ),
      score: null,
      notJudged: 'too few edits of any one kind',
    },
    {
      name: 'all that the next word leaves open, but that is nearly nothing',
      pairs: texts(120, 20, joined(' because ')).map(([text], i): [string, string] => {
        const cue = i < 11;
        const joint = (prompt: boolean) => (prompt ? (cue ? '  and ' : ' and ') : cue ? ', and ' : ' and ');
        const ended = (said: string, prompt: boolean) => (i < 22 ? `${said}${joint(prompt)}left` : said);
        return [ended(text, true), ended(text.replaceAll(' because', ', because'), false)];
      }),
      score: 0,
    },
    { name: 'replies that are no edits', pairs: questions, score: null, notJudged: 'no task that edits its prompt' },
    {
      name: 'text without prompts',
      rows: texts(120, 11, capitals).map(([, text]) => ({ text })),
      score: null,
      notJudged: 'no prompts',
    },
    {
      name: 'capitals kept, but 29 examples are too few',
      pairs: texts(29, 12, capitals),
      score: null,
      notJudged: 'fewer than 30 examples',
    },
    {
      name: 'capitals kept, but in a task of 60 beside another',
      rows: [
        ...texts(60, 14, capitals).map(([input, output]) => ({ instruction: INSTRUCTIONS[0]!, input, output })),
        ...questions.map(([input, output]) => ({ instruction: 'Answer.', input, output })),
      ],
      score: null,
      notJudged: 'the tasks that edit their prompt are too small',
    },
    {
      name: 'capitals kept in two of ten prompts: below the warn bound, but told',
      pairs: texts(120, 17, (told, i) => (i % 10 > 1 ? lowerCase(told) : capitals(told))),
      score: 0.169,
      findings: [
        {
          level: 'info',
          message:
            'Putting a sentence end before every capitalised word finds 21% of the sentence ends without reading a word (52% of such guesses are right): the capitals explain 7.8% of where the sentence ends go, expected under 5%',
          suggestion:
            'Lower-case the 24 prompts that have capitals, or give each of their words a random case, so that the sentence ends must be told from the words',
        },
      ],
    },
    {
      name: 'bounds at their ends let everything pass',
      pairs: texts(120, 16, capitals),
      options: OFF,
      score: 0.257,
      findings: [
        {
          level: 'info',
          message:
            'Putting a sentence end before every capitalised word finds 100% of the sentence ends without reading a word (48% of such guesses are right): the capitals explain 57% of where the sentence ends go, expected under 5%',
          suggestion:
            'Lower-case all 120 prompts, or give each of their words a random case, so that the sentence ends must be told from the words',
        },
      ],
    },
    {
      name: 'too few edits of any one kind',
      pairs: texts(100, 13, (told, i) =>
        finished(told)
          .split(' ')
          .map((word, at) => (at !== 3 ? word : [`${word} um`, capital(word), `${word}x`, word.replace(/$/, '.')][i % 4]))
          .join(' '),
      ),
      score: null,
      notJudged: 'too few edits of any one kind',
    },
  ],
  lopsided: [
    {
      name: 'capitals kept',
      pairs: texts(120, 21, capitals),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end before every capitalised word finds 100% of the sentence ends without reading a word (48% of such guesses are right): the capitals explain 56% of where the sentence ends go, expected under 10%',
        },
      ],
    },
    {
      name: 'capitals kept, the marks being commas and line breaks too',
      pairs: texts(120, 22, capitals, verse),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a comma before every capitalised word finds 100% of the commas without reading a word (49% of such guesses are right): the capitals explain 57% of where the commas go, expected under 10%',
          suggestion:
            'Lower-case all 120 prompts, or give each of their words a random case, so that the commas must be told from the words',
        },
        {
          level: 'error',
          message:
            'Breaking the line before every capitalised word finds 100% of the line breaks without reading a word (49% of such guesses are right): the capitals explain 57% of where the line breaks go, expected under 10%',
          suggestion:
            'Lower-case all 120 prompts, or give each of their words a random case, so that the line breaks must be told from the words',
        },
      ],
    },
    {
      name: 'three quarters lower-cased',
      pairs: texts(120, 23, (told, i) => (i % 4 ? lowerCase(told) : capitals(told))),
      score: 0.513,
      findings: [
        {
          level: 'warn',
          message:
            'Putting a sentence end before every capitalised word finds 23% of the sentence ends without reading a word (54% of such guesses are right): the capitals explain 11% of what the next word leaves open about where the sentence ends go, expected under 10%',
        },
      ],
    },
    {
      name: 'capitals kept in 30 examples: at most warn',
      pairs: texts(30, 24, capitals),
      score: 0.79,
      findings: [
        {
          level: 'warn',
          message:
            'Putting a sentence end before every capitalised word finds 100% of the sentence ends without reading a word (50% of such guesses are right): the capitals explain 58% of where the sentence ends go, expected under 10%',
        },
      ],
    },
    {
      name: 'capitals kept in 100 examples',
      pairs: texts(100, 25, capitals),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end before every capitalised word finds 100% of the sentence ends without reading a word (49% of such guesses are right): the capitals explain 57% of where the sentence ends go, expected under 10%',
        },
      ],
    },
    {
      name: 'an instruction before and after',
      pairs: texts(120, 21, (told) => `Put The Marks back In: ${capitals(told)} (Only The Text.)`),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end before every capitalised word finds 100% of the sentence ends without reading a word (48% of such guesses are right): the capitals explain 56% of where the sentence ends go, expected under 10%',
        },
      ],
    },
    {
      name: 'one sentence a line',
      pairs: texts(120, 26, joined('\n')),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end at every line break finds 100% of the sentence ends without reading a word (100% of such guesses are right): the line breaks explain 99.7% of where the sentence ends go, expected under 10%',
          suggestion:
            'Join the lines of all 120 prompts, or break them at random places, so that the sentence ends must be told from the words',
        },
      ],
    },
    {
      name: 'two blanks between sentences',
      pairs: texts(120, 27, joined('  ')),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end at every double blank finds 100% of the sentence ends without reading a word (100% of such guesses are right): the double blanks explain 99.8% of where the sentence ends go, expected under 10%',
          suggestion: 'Make double blanks single in all 120 prompts, so that the sentence ends must be told from the words',
        },
      ],
    },
    {
      name: 'a blank without width between sentences',
      pairs: texts(120, 28, joined(' \u200b')),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end at every invisible character or unusual blank finds 100% of the sentence ends without reading a word (100% of such guesses are right): the invisible characters explain 99.7% of where the sentence ends go, expected under 10%',
          suggestion:
            'Strip invisible characters and unusual blanks from all 120 prompts, so that the sentence ends must be told from the words',
        },
      ],
    },
    {
      name: 'a mark between sentences that the reply keeps',
      pairs: texts(120, 29, joined(' ~ '), ({ sentences }) => sentences.map((words) => words.join(' ')).join('. ~ ')),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end at every odd mark (none of the usual punctuation) finds 100% of the sentence ends without reading a word (100% of such guesses are right): the odd marks explain 99.8% of where the sentence ends go, expected under 10%',
          suggestion: 'Strip the odd marks from all 120 prompts, so that the sentence ends must be told from the words',
        },
      ],
    },
    {
      name: 'sentences of five words',
      pairs: texts(120, 30, fives(''), fives('.')),
      score: 0.919,
      findings: [
        {
          level: 'error',
          message:
            'Putting a sentence end before every tenth word from word 6 on finds 54% of the sentence ends without reading a word (100% of such guesses are right): the place in the text explains 41% of where the sentence ends go, expected under 10%',
          suggestion: 'Cut the texts of all 120 prompts at varying words, so that the sentence ends must be told from the words',
        },
      ],
    },
    {
      name: 'a word of the text repeated at each tenth place',
      pairs: texts(
        120,
        32,
        (told) =>
          lowerCase(told)
            .split(' ')
            .flatMap((word, i, all) => (i % 9 === 8 ? [word, all[(i * 7) % all.length]!] : [word]))
            .join(' '),
        lowerCase,
      ),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Deleting every tenth word from word 10 on finds 94% of the deleted words without reading a word (94% of such guesses are right): the place in the text explains 83% of where the deleted words are, expected under 10%',
          suggestion: 'Cut the texts of all 120 prompts at varying words, so that the deleted words must be told from the words',
        },
      ],
    },
    {
      name: 'names in quotation marks',
      pairs: texts(120, 33, capitals, ({ sentences }) =>
        sentences
          .flat()
          .map((word) => (NAMES.includes(word) ? `"${word}"` : word))
          .join(' '),
      ),
      score: 0.659,
      findings: [
        {
          level: 'warn',
          message:
            'Putting a quotation mark after every capitalised word finds 53% of the quotation marks without reading a word (37% of such guesses are right): the capitals explain 10% of where the quotation marks go, expected under 10%',
          suggestion:
            'Lower-case all 120 prompts, or give each of their words a random case, so that the quotation marks must be told from the words',
        },
      ],
    },
    {
      name: 'a comma before the last word',
      pairs: texts(120, 35, lowerCase, (told) => lowerCase(told).replace(/ (\S+)$/, ', $1')),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'Putting a comma before the last word finds 100% of the commas without reading a word (100% of such guesses are right): the place in the text explains 99% of where the commas go, expected under 10%',
          suggestion: 'Cut the texts of all 120 prompts at varying words, so that the commas must be told from the words',
        },
      ],
    },
    {
      name: 'two tasks, of which one has the cue',
      rows: texts(240, 34, (told, i) => (i % 2 ? lowerCase(told) : capitals(told))).map(([input, output], i) => ({
        instruction: INSTRUCTIONS[i % 2]!,
        input,
        output,
      })),
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'In the task "Put the marks back.", putting a sentence end before every capitalised word finds 100% of the sentence ends without reading a word (48% of such guesses are right): the capitals explain 57% of where the sentence ends go, expected under 10%',
        },
      ],
    },
    {
      name: 'the bounds of U',
      pairs: texts(120, 15, (told, i) => (i % 10 ? lowerCase(told) : capitals(told))),
      options: { warn: 0.02, error: 0.04 },
      score: 0.596,
      findings: [
        {
          level: 'warn',
          message:
            'Putting a sentence end before every capitalised word finds 9.6% of the sentence ends without reading a word (47% of such guesses are right): the capitals explain 2.9% of where the sentence ends go, expected under 2%',
        },
      ],
    },
    {
      name: 'the bounds of the conditional share',
      pairs: texts(120, 15, (told, i) => (i % 10 ? lowerCase(told) : capitals(told))),
      options: { conditionalWarn: 0.02, conditionalError: 0.04 },
      score: 0.596,
      findings: [
        {
          level: 'warn',
          message:
            'Putting a sentence end before every capitalised word finds 9.6% of the sentence ends without reading a word (47% of such guesses are right): the capitals explain 2.6% of what the next word leaves open about where the sentence ends go, expected under 2%',
        },
      ],
    },
  ],
});

/** A panel of single-turn examples, without the engine. */
function panelOf(pairs: readonly (readonly [string, string])[], whole = true): Panel {
  const train = pairs.map(([prompt, reply], i): PanelExample => {
    const hash = combine(hashString(prompt), hashString(reply));
    return {
      at: { file: 'test.jsonl', line: i + 1 },
      split: 'train',
      format: 'test',
      messages: [
        { role: 'user', text: prompt },
        { role: 'assistant', text: reply },
      ],
      times: 1,
      hash,
      group: hash % 20,
    };
  });
  return { train: train.toSorted((a, b) => a.hash - b.hash), eval: [], reference: [], whole };
}

const DEFAULTS = { warn: 0.1, error: 0.25, conditionalWarn: 0.1, conditionalError: 0.3 };
const verdictOn = (pairs: readonly (readonly [string, string])[], whole = true, options = DEFAULTS) =>
  editCue.finish({}, options, panelOf(pairs, whole), {});

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/edit-cue/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { prompt: string; completion: string });

const long = ({ sentences }: Told): string => Array.from({ length: 100 }, () => finished({ sentences, r: random(1) })).join(' ');
/** As the panel cuts a long text. */
const cut = (text: string): string => text.slice(0, 8192) + text.slice(-1024);

describe('edit-cue', () => {
  it('sees the capitals of its fixture, and nothing without them', async () => {
    const lopsided = await runRule(editCue, fixture('lopsided'));
    expect(lopsided.findings.map(({ severity, data }) => [severity, data.operation, data.cue])).toEqual([
      ['error', 'sentence-end', 'next-capital'],
    ]);
    const even = await runRule(editCue, fixture('even'));
    expect([even.rules['edit-cue']!.score, even.findings]).toEqual([0, []]);
  });

  // Each of 60 texts has seven words, so six decisions, and one sentence end, before the third word. A line break stands there too, and in
  // every second text before the fifth word as well.
  it('counts what can be counted by hand', () => {
    const words = 'oak elm ash fir yew bay'.split(' ');
    const pairs = Array.from({ length: 60 }, (_, i): [string, string] => {
      const text = [...words.slice(i % 6), ...words.slice(0, i % 6), `n${i}`];
      const join = (mark: (at: number) => string) => text.map((word, at) => (at === 0 ? word : mark(at) + word)).join('');
      return [join((at) => (at === 2 || (at === 4 && i % 2 === 0) ? '\n' : ' ')), join((at) => (at === 2 ? '. ' : ' '))];
    });
    const { data } = verdictOn(pairs).findings[0]!;
    expect(data).toMatchObject({
      operation: 'sentence-end',
      cue: 'third-word',
      decisions: 360,
      events: 60,
      examples: 60,
      recall: 1,
      precision: 1,
      baseRate: 0.1667,
      rateWithoutCue: 0,
    });
    expect(data.otherCues).toBe('every-tenth-word-from-3, line-break');
  });

  it('shows places where the cue stands out and meets the edit', () => {
    const pairs = texts(120, 41, (told, i) => (i % 2 ? capitals(told).toUpperCase() : capitals(told)));
    const { evidence } = verdictOn(pairs).findings[0]!;
    expect(evidence).toHaveLength(3);
    expect(evidence.map(({ line }) => line)).toEqual(evidence.map(({ line }) => line).toSorted((a, b) => a - b));
    for (const { line, excerpt } of evidence) {
      expect(excerpt.length).toBeLessThanOrEqual(160);
      expect(pairs[line - 1]![0]).toContain(excerpt.replaceAll('…', ''));
      expect(excerpt).toMatch(/\p{Ll}/u);
    }
  });

  it('draws a table of the cues that tell something, strongest first', () => {
    const { picture } = verdictOn(texts(120, 30, fives(''), fives('.')));
    expect(picture).toMatchObject({ kind: 'table', columns: ['edit', 'cue', 'U', 'conditional U', 'precision', 'recall'] });
    expect(picture?.kind === 'table' && picture.rows.map((row) => row.slice(0, 2))).toEqual([
      ['sentence ends', 'every-tenth-word-from-6'],
      ['sentence ends', 'every-tenth-word-from-1'],
    ]);
    expect(verdictOn(texts(120, 1, lowerCase)).picture).toBeUndefined();
  });

  it('leaves out one group after the other where the panel is a sample', () => {
    const pairs = texts(240, 42, (told, i) => (i % 2 ? lowerCase(told) : capitals(told)));
    expect(verdictOn(pairs).replicates).toBeUndefined();
    const { score, replicates, findings } = verdictOn(pairs, false);
    expect(replicates).toHaveLength(20);
    expect(new Set(replicates).size).toBeGreaterThan(10);
    for (const one of replicates!) expect(Math.abs(one - score!)).toBeLessThan(0.1);
    expect(findings[0]!.suggestion).toBe(
      'Lower-case the prompts that have capitals (about 50% of all), or give each of their words a random case, so that the sentence ends must be told from the words',
    );
    expect(verdictOn(texts(120, 1, lowerCase), false).replicates).toEqual(Array.from({ length: 20 }, () => 0));
  });

  it('says the same of the same texts in any order, each twice', async () => {
    const rows = texts(120, 43, capitals).map(([prompt, completion]) => ({ prompt, completion }));
    const once = await runRule(editCue, rows);
    const twice = await runRule(editCue, [...rows.toReversed(), ...rows]);
    expect(twice.rules).toEqual(once.rules);
    expect(twice.findings.map(({ message, data }) => [message, data])).toEqual(once.findings.map(({ message, data }) => [message, data]));
    expect(twice.findings[0]!.suggestion).toMatch(/^Lower-case all 120 distinct prompts, /);
  });

  it('calls no chance a cue: at most 1% of 200 sets without one are above info', () => {
    let called = 0;
    for (let seed = 1000; seed < 1200; seed++) {
      const noise = ({ sentences, r }: Told) =>
        sentences
          .flat()
          .map((word) => (r() < 0.3 ? capital(word) : word.toLowerCase()) + (r() < 0.05 ? '\n' : r() < 0.1 ? '  ' : ' '))
          .join('')
          .trim();
      if (verdictOn(texts(40, seed, noise)).score! >= 0.5) called++;
    }
    expect(called).toBeLessThanOrEqual(2);
  });

  it('reads marks that are no sentence ends for what they are', () => {
    // initials get their stops, and every one of them is before a capital
    const pairs = texts(120, 44, capitals, ({ sentences }) => sentences.flat().join(' ')).map(([prompt, reply], i): [string, string] => {
      const name = pick(random(i), NAMES);
      return [`so ${prompt} B F ${name} left`, `so ${reply} B. F. ${name} left`];
    });
    expect(verdictOn(pairs)).toMatchObject({ score: null, notJudged: 'too few edits of any one kind' });
  });

  it('reads of a long text what the panel has in one piece', () => {
    const pairs = texts(40, 45, (told) => long(told).replaceAll('.', ''), long);
    const { data } = verdictOn(pairs.map(([prompt, reply]): [string, string] => [cut(prompt), cut(reply)])).findings[0]!;
    const first = verdictOn(pairs.map(([prompt, reply]): [string, string] => [prompt.slice(0, 8192), reply.slice(0, 8192)])).findings[0]!
      .data;
    expect(data).toMatchObject({ operation: 'sentence-end', cue: 'next-capital', recall: 1 });
    expect([data.decisions, data.events]).toEqual([first.decisions, first.events]);
  });

  it('leaves out pairs of which too little was kept', () => {
    const pairs = texts(150, 46, capitals).map(([prompt, reply], i): [string, string] => [
      i < 30 ? prompt.replaceAll(' ', ' um ') : prompt,
      reply,
    ]);
    expect(verdictOn(pairs).findings[0]!.data.examples).toBe(120);
    expect(verdictOn(pairs).findings[0]!.suggestion).toBe(
      'Lower-case all prompts, or give each of their words a random case, so that the sentence ends must be told from the words',
    );
  });

  it('calls nothing that chance would call too, however low the bounds', () => {
    const low = { warn: 0.001, error: 0.002, conditionalWarn: 0.001, conditionalError: 0.002 };
    let called = 0;
    for (let seed = 2000; seed < 2100; seed++) {
      const noise = ({ sentences, r }: Told) =>
        sentences
          .flat()
          .map((word) => word.toLowerCase() + (r() < 0.1 ? '\n' : ' '))
          .join('')
          .trim();
      if (verdictOn(texts(30, seed, noise), true, low).score! > 0) called++;
    }
    expect(called).toBeLessThanOrEqual(3);
  });

  it('takes words such as __proto__ for words, and texts made to be slow', () => {
    const words = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const hostile = Array.from({ length: 300 }, (_, i): [string, string] => {
      const r = random(i);
      const list = Array.from({ length: 900 }, () => pick(r, words));
      return [list.join(' '), `${list.toReversed().join(' ')} ${i}`];
    });
    expect(verdictOn(hostile).findings.every(({ level }) => level !== 'error')).toBe(true);
  });
});
