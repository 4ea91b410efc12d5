import { feature } from '../features/feature.ts';
import { rounded } from '../judge.ts';
import { competency } from '../stats/association.ts';
import { normalQuantile } from '../stats/tails.ts';
import type { Panel } from '../types.ts';
import { type AnsweredPairs, answeredPairs } from './answered.ts';
import { isFunctionWord } from './function-words.ts';
import { isPlainWord, words } from './words.ts';

/** A word or two whose presence alone tells the answer. */
export interface WordCue {
  /** One word, or two with a blank between them; lower-case. */
  readonly text: string;
  /** The class that it goes with. */
  readonly answer: number;
  /** Prompts that have it, and those of them with the answer. */
  readonly prompts: number;
  readonly withAnswer: number;
  /** Shares, 0–1: of the prompts with it those with the answer, of all prompts those with the answer, of all prompts those with it. */
  readonly share: number;
  readonly base: number;
  readonly coverage: number;
  /** Competency statistic, see `wordCues`. */
  readonly z: number;
  /** Pointwise mutual information of word and answer in bits: log₂ of the share with the answer among prompts with the word over that among all, each smoothed by 100 imaginary prompts answered evenly. */
  readonly pmi: number;
  /**
   * `function`: of words of grammar only. `boilerplate`: nearly always at the same end of the prompt, and written as no other word is
   * (a name, capitals, in brackets): a publisher, a signature. Else `content`, which may be what the task is about.
   */
  readonly kind: 'function' | 'boilerplate' | 'content';
  /** Indexes into `items` of prompts that have it and the answer, smallest hashes first: two. And of one that has neither; −1: none. */
  readonly examples: readonly number[];
  readonly contrast: number;
  /** `prompts`, `withAnswer`, and all prompts with the answer, with each of the 20 groups left out; and all prompts. */
  readonly without: readonly { readonly prompts: number; readonly withAnswer: number; readonly answer: number; readonly all: number }[];
}

export interface WordCues {
  readonly answers: AnsweredPairs;
  /** Indexes into `answers.items`: what was read. */
  readonly read: readonly number[];
  /** Words and pairs of words that were tested, against every class. */
  readonly tests: number;
  /** Strongest first. */
  readonly cues: readonly WordCue[];
}

const WORDS = 200;
const PAIRS = 6000;
const PAIRS_IN_ALL = 18_000;
const PROMPTS_WITH_IT = 20;
const SHARE_WITH_IT = 0.002;
/** How far the share with the answer must be from the base rate. */
const EXCESS = 0.15;
const ERROR_RATE = 0.01;
const SMOOTHING = 100;
const CUES = 60;
/** Of the prompts that have it, in so many it stands among the first or last words. */
const SAME_PLACE = 0.9;
const ENDS = 3;
const GROUPS = 20;

/**
 * Words and pairs of neighbouring words against the answers of every judged task: z = (p̂ − p₀) / √(p₀(1 − p₀) / n) with p̂ the share of
 * the n prompts with the word that have the answer and p₀ its share of all prompts. Gardner et al. 2021, “Competency problems”,
 * https://arxiv.org/abs/2104.08646. Kept: n ≥ 20 and .2 %, p̂ − p₀ ≥ .15, and z beyond the normal quantile of .01 over all tests
 * (Bonferroni). A pair of words that says hardly more than one of its words is left out.
 */
export const wordCues: (panel: Panel) => readonly WordCues[] = feature((panel: Panel) => {
  const all = answeredPairs(panel);
  const most = Math.floor(Math.min(PAIRS, PAIRS_IN_ALL / Math.max(1, all.length)));
  return all.map((answers) => cuesOf(answers, most));
});

interface Counted {
  /** Rows that have it, in hash order; then the counts per class. */
  n: number;
  readonly byClass: Uint16Array;
}

function cuesOf(answers: AnsweredPairs, most: number): WordCues {
  const read = answers.items.slice(0, most).map((_, i) => i);
  const texts = read.map((i) => words(answers.items[i]!.pair.prompt, WORDS));
  const least = Math.max(PROMPTS_WITH_IT, SHARE_WITH_IT * read.length);
  const { classOf, classes } = answers;
  const sizes = new Float64Array(classes);
  for (const i of read) sizes[classOf[i]!]! += 1;

  // words first, so that only pairs of common words need be counted
  const single = new Map<string, number>();
  for (const text of texts) for (const word of new Set(text)) single.set(word, (single.get(word) ?? 0) + 1);
  const common = new Set([...single].filter(([word, n]) => n >= least && isPlainWord(word)).map(([word]) => word));
  const counts = new Map<string, Counted>();
  texts.forEach((text, i) => {
    for (const term of termsOf(text, common)) {
      let counted = counts.get(term);
      if (!counted) {
        counted = { n: 0, byClass: new Uint16Array(classes) };
        counts.set(term, counted);
      }
      counted.n += 1;
      counted.byClass[classOf[i]!]! += 1;
    }
  });
  const terms = [...counts].filter(([, { n }]) => n >= least);
  const tests = terms.length * classes;
  const bound = normalQuantile(Math.max(1e-12, ERROR_RATE / Math.max(1, tests)));
  const total = read.length;
  const found: Omit<WordCue, 'kind' | 'examples' | 'contrast' | 'without'>[] = [];
  for (const [text, { n, byClass }] of terms) {
    for (let answer = 0; answer < classes; answer++) {
      const base = sizes[answer]! / total;
      const share = byClass[answer]! / n;
      if (share - base < EXCESS) continue;
      const z = competency(byClass[answer]!, n, base);
      if (z < bound) continue;
      const pmi = Math.log2(
        ((byClass[answer]! + SMOOTHING / classes) * (total + SMOOTHING)) / ((n + SMOOTHING) * (sizes[answer]! + SMOOTHING / classes)),
      );
      found.push({
        text,
        answer,
        prompts: n,
        withAnswer: byClass[answer]!,
        share: rounded(share),
        base: rounded(base),
        coverage: rounded(n / total),
        z: rounded(z),
        pmi: rounded(pmi),
      });
    }
  }
  found.sort((a, b) => b.z - a.z || (a.text < b.text ? -1 : a.text > b.text ? 1 : a.answer - b.answer));
  const shareOf = new Map(found.map(({ text, answer, share }) => [`${answer} ${text}`, share]));
  const kept = found.filter((one) => !saysNoMore(one, shareOf)).slice(0, CUES);
  return { answers, read, tests, cues: kept.map((one) => shown(one, answers, texts)) };
}

function termsOf(text: readonly string[], common: ReadonlySet<string>): Set<string> {
  const terms = new Set<string>();
  for (let i = 0; i < text.length; i++) {
    if (!common.has(text[i]!)) continue;
    terms.add(text[i]!);
    if (i > 0 && common.has(text[i - 1]!)) terms.add(`${text[i - 1]!} ${text[i]!}`);
  }
  return terms;
}

/** Whether a pair of words is hardly surer than one of them. */
function saysNoMore(one: Pick<WordCue, 'text' | 'answer' | 'share'>, shareOf: ReadonlyMap<string, number>): boolean {
  const parts = one.text.split(' ');
  return parts.length > 1 && parts.some((part) => (shareOf.get(`${one.answer} ${part}`) ?? -1) > one.share - 0.1);
}

function shown(
  one: Omit<WordCue, 'kind' | 'examples' | 'contrast' | 'without'>,
  answers: AnsweredPairs,
  texts: readonly (readonly string[])[],
): WordCue {
  const parts = one.text.split(' ');
  const has = (text: readonly string[]): number => {
    for (let i = 0; i + parts.length <= text.length; i++) if (parts.every((part, j) => text[i + j] === part)) return i;
    return -1;
  };
  const examples: number[] = [];
  let contrast = -1;
  let inPlace = 0;
  let odd = 0;
  const groups = Array.from({ length: GROUPS }, () => ({ prompts: 0, withAnswer: 0, answer: 0, all: 0 }));
  texts.forEach((text, i) => {
    const at = has(text);
    const group = groups[answers.groups[i]!]!;
    const isAnswer = answers.classOf[i] === one.answer;
    group.all += 1;
    if (isAnswer) group.answer += 1;
    if (at >= 0) group.prompts += 1;
    if (at >= 0 && isAnswer) group.withAnswer += 1;
    if (at < 0) {
      if (contrast < 0 && !isAnswer) contrast = i;
      return;
    }
    if (isAnswer && examples.length < 2) examples.push(i);
    const start = at < ENDS;
    // of a longer text the end is not among the words that were read
    const end = text.length < WORDS && at + parts.length > text.length - ENDS;
    if (start || end) inPlace += 1;
    if (isOdd(answers.items[i]!.pair.prompt, parts[0]!, start)) odd += 1;
  });
  const isBoilerplate = inPlace >= SAME_PLACE * one.prompts && odd >= SAME_PLACE * one.prompts;
  const kind = parts.every(isFunctionWord) ? 'function' : isBoilerplate ? 'boilerplate' : 'content';
  const whole = {
    prompts: one.prompts,
    withAnswer: one.withAnswer,
    answer: groups.reduce((n, { answer }) => n + answer, 0),
    all: texts.length,
  };
  const without = groups.map((group) => ({
    prompts: whole.prompts - group.prompts,
    withAnswer: whole.withAnswer - group.withAnswer,
    answer: whole.answer - group.answer,
    all: whole.all - group.all,
  }));
  return { ...one, kind, examples, contrast, without };
}

/** Whether the word stands there as a signature does: in capitals, in brackets, or with a capital where no sentence begins. */
function isOdd(prompt: string, word: string, start: boolean): boolean {
  const where = wordAt(prompt.toLowerCase(), word, !start);
  if (where < 0) return false;
  const written = prompt.slice(where, where + word.length);
  const before = prompt[where - 1] ?? '';
  if ('([{<@#'.includes(before) && before !== '') return true;
  if (word.length >= 2 && written === written.toUpperCase() && written !== written.toLowerCase()) return true;
  const last =
    prompt
      .slice(Math.max(0, where - 3), where)
      .trimEnd()
      .at(-1) ?? '';
  return where > 0 && /^\p{Lu}/u.test(written) && last !== '' && !'.!?:"“'.includes(last);
}

/** Where a word stands in a text as a word of its own, first or last; −1: nowhere. */
export function wordAt(text: string, word: string, last = false): number {
  for (let at = last ? text.lastIndexOf(word) : text.indexOf(word); at >= 0; ) {
    if (!PART_OF_WORD.test(`${text[at - 1] ?? ''}${text[at + word.length] ?? ''}`)) return at;
    if (last && at === 0) return -1;
    at = last ? text.lastIndexOf(word, at - 1) : text.indexOf(word, at + 1);
  }
  return -1;
}

const PART_OF_WORD = /[\p{L}\p{N}]/u;
