import {
  count,
  defineRule,
  type Evidence,
  excerptAround,
  figure,
  Histogram,
  integer,
  judge,
  type Measure,
  type Panel,
  type Picture,
  pairs,
  rounded,
  sketches,
  Tally,
} from '../../src/kit.ts';

const BANDS: Measure = { even: 3, worst: 1, scale: 'log', warn: 'warn', error: 'error' };
const RATIO: Measure = { even: 3, worst: 1, scale: 'log', warn: 'ratioWarn', error: 'ratioError' };

/** Where prompts of other lengths are asked for: this share of them on either side puts both measures past their warn bounds. */
const ENOUGH = 0.06;

/** The names of the bands: no word, one word, and on from there twice as many each time. No text has 2^31 words. */
const NAMES: readonly string[] = [
  '0',
  '1',
  ...Array.from({ length: 30 }, (_, k) => `${integer(2 ** (k + 1))}–${integer(2 ** (k + 2) - 1)}`),
];
const bandOf = (words: number): number => (words === 0 ? 0 : 32 - Math.clz32(words));

export default defineRule({
  meta: {
    id: 'prompt-length',
    family: 'spread',
    severity: 'error',
    docs: {
      summary: 'Measures how widely the lengths of prompts are spread, in words by doubling and in characters.',
      why: 'A model tuned on prompts of one length has not seen the short question or the long document that users will send, and tends to treat both as if they were of the usual length. A wrapper or an instruction that stands in every prompt counts as its words: it makes short prompts look alike, so strip it before you compare data sets.',
      score:
        'The worse of two measures. Effective length bands: 2^H of the entropy H of the bands 1, 2–3, 4–7, 8–15 … words; broad instruction sets have 4.5 to 6, single-topic questions about 2.5, one filled-in template 1. And the 95th over the 5th percentile of characters, because prompts of nearly one length can straddle the border of two bands. 0 from 3 upwards, .5 at the warn bound, .8 at the error bound, 1 where all are equal, linear in the logarithm.',
      source:
        'Effective number of equally likely bands: the Hill number of order 1, Hill 1973, https://doi.org/10.2307/1934352. Percentiles from logarithmic buckets within 1%, https://arxiv.org/abs/1908.10693.',
    },
    options: {
      warn: {
        type: 'number',
        default: 1.5,
        minimum: 1,
        description: 'The number of effective length bands down to which it is a warning.',
      },
      error: {
        type: 'number',
        default: 1.1,
        minimum: 1,
        description: 'The number of effective length bands down to which it is an error.',
      },
      ratioWarn: {
        type: 'number',
        default: 1.5,
        minimum: 1,
        description: 'How many times as long as a short prompt (5th percentile) a long one (95th) is, down to which it is a warning.',
      },
      ratioError: {
        type: 'number',
        default: 1.1,
        minimum: 1,
        description: 'How many times as long as a short prompt (5th percentile) a long one (95th) is, down to which it is an error.',
      },
    },
    measures: { bands: BANDS, ratio: RATIO },
  },

  create: () => ({ bands: new Tally(), words: new Histogram(), characters: new Histogram() }),

  // The turns since the last reply, as in `pairs`; the sketches have counted their words already.
  observe(state, example) {
    const { messages } = example;
    const texts = sketches(example);
    let words = 0;
    let solid = 0;
    let characters = -1; // a line break between two turns
    for (let turn = 0; turn < messages.length; turn++) {
      const { role, text, trained } = messages[turn]!;
      if (role === 'system') continue;
      if (role !== 'assistant') {
        words += texts[turn]!.wordCount;
        solid += texts[turn]!.solid;
        characters += text.length + 1;
        continue;
      }
      // A blank prompt is none: empty-text tells of those that are missing.
      if (trained !== false && solid > 0) {
        state.bands.add(NAMES[bandOf(words)]!);
        state.words.add(words);
        state.characters.add(characters);
      }
      words = 0;
      solid = 0;
      characters = -1;
    }
  },

  finish({ bands, words, characters }, options, panel) {
    if (words.total === 0) return { score: null, notJudged: 'no prompts', findings: [] };
    const effective = rounded(effectiveNumber(bands.counts.values()));
    const [short, long] = [characters.quantile(0.05)!, characters.quantile(0.95)!];
    const ratio = rounded(long / short);
    const byBands = judge(BANDS, effective, options);
    const byRatio = judge(RATIO, ratio, options);
    const worse = byRatio.score > byBands.score ? byRatio : byBands;
    const picture = histogram(bands);
    if (worse.level === undefined) return { score: worse.score, findings: [], picture };

    const [p5, p50, p95] = [0.05, 0.5, 0.95].map((p) => Math.round(words.quantile(p)!)) as [number, number, number];
    const message =
      worse === byBands
        ? `${most(words, 'word', p5, p95)}: ${bandsOf(effective)}, expected over ${figure(options.warn, 3)}`
        : `${most(characters, 'character', Math.round(short), Math.round(long))}, ${comparison(ratio, options.ratioWarn)}`;
    return {
      score: worse.score,
      findings: [
        {
          key: 'one-length',
          level: worse.level,
          message,
          suggestion: suggestion(words.total, p50),
          evidence: evidence(panel),
          data: {
            prompts: words.total,
            effectiveBands: effective,
            ratio,
            wordsP5: p5,
            wordsP50: p50,
            wordsP95: p95,
            charactersP5: Math.round(short),
            charactersP95: Math.round(long),
          },
        },
      ],
      picture,
    };
  },
});

/** 2^H, the number of equally likely things that are as uncertain as these: 1 … how many there are. Hill number of order 1. */
function effectiveNumber(counts: Iterable<number>): number {
  const sorted = [...counts].sort((a, b) => a - b); // one order of addition, whatever the order of arrival
  const total = sorted.reduce((sum, n) => sum + n, 0);
  return 2 ** sorted.reduce((bits, n) => bits - (n / total) * Math.log2(n / total), 0);
}

const bandsOf = (effective: number): string => {
  const n = figure(effective, 3);
  return `${n} effective length ${n === '1' ? 'band' : 'bands'}`;
};

const range = (from: number, to: number, unit: string): string =>
  from === to ? count(from, unit) : `${integer(from)} to ${count(to, unit)}`;

/** "All 200 prompts have 3 words"; else the range that at least nine in ten are in (5th to 95th percentile). */
function most(lengths: Histogram, unit: string, p5: number, p95: number): string {
  const [least, greatest] = [lengths.quantile(0)!, lengths.quantile(1)!];
  const all = least === greatest && least < 50; // beyond, a bucket holds more than one length
  const who = !all
    ? 'At least 90% of prompts have'
    : lengths.total === 1
      ? 'The only prompt has'
      : `All ${count(lengths.total, 'prompt')} have`;
  return `${who} ${range(p5, p95, unit)}`;
}

const comparison = (ratio: number, bound: number): string =>
  ratio === 1
    ? `expected the longest to be over ${figure(bound, 3)} times the shortest`
    : `the longest ${figure(ratio, 3)} times the shortest, expected over ${figure(bound, 3)} times`;

function suggestion(prompts: number, median: number): string {
  const some = Math.ceil(ENOUGH * prompts);
  const long = `of more than ${count(2 * Math.max(median, 1), 'word')}`;
  if (median < 4) return `Add about ${count(some, 'prompt')} ${long}`;
  return `Add about ${count(some, 'prompt')} of fewer than ${integer(Math.floor(median / 2))} words and ${integer(some)} ${long}`;
}

/** All bands from the shortest prompt's to the longest's. */
function histogram(bands: Tally): Picture {
  const counts = NAMES.map((name) => bands.counts.get(name) ?? 0);
  const from = counts.findIndex((n) => n > 0);
  const to = counts.findLastIndex((n) => n > 0);
  return {
    kind: 'histogram',
    title: 'Words per prompt',
    unit: 'words',
    bars: counts.slice(from, to + 1).map((n, i) => ({ label: NAMES[from + i]!, count: n })),
  };
}

function evidence({ train }: Panel): Evidence[] {
  const found: Evidence[] = [];
  for (const example of train) {
    const pair = pairs(example).find(({ prompt }) => prompt.trim() !== '');
    if (pair) found.push({ ...example.at, excerpt: excerptAround(pair.prompt) });
    if (found.length === 3) break;
  }
  return found;
}
