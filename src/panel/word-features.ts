import type { FeatureRows } from '../stats/probe.ts';
import { isPlainWord, words } from './words.ts';

const WORDS = 200;
const TEXTS_WITH_IT = 3;
const FEATURES = 1 << 16;

/**
 * Which words, and which pairs of neighbouring words, texts have: of each the first 200 words, without what fewer than three texts have.
 *
 * @param counts whether a word counts at all; pairs count where both do
 */
export function wordFeatures(texts: readonly string[], counts: (word: string) => boolean = () => true): FeatureRows {
  const ids = new Map<string, number>();
  const times: number[] = [];
  const rows = texts.map((text) => {
    const row = new Set<number>();
    let before = '';
    for (const word of words(text, WORDS)) {
      const counted = isPlainWord(word) && counts(word);
      if (counted) add(word, ids, times, row);
      if (counted && before !== '') add(`${before} ${word}`, ids, times, row);
      before = counted ? word : '';
    }
    return row;
  });
  const kept = new Int32Array(times.length).fill(-1);
  let features = 0;
  for (let id = 0; id < times.length && features < FEATURES; id++) if (times[id]! >= TEXTS_WITH_IT) kept[id] = features++;
  const starts = new Uint32Array(rows.length + 1);
  const all: number[] = [];
  rows.forEach((row, i) => {
    for (const id of row) if (kept[id]! >= 0) all.push(kept[id]!);
    starts[i + 1] = all.length;
  });
  return { starts, ids: Uint32Array.from(all), features };
}

function add(word: string, ids: Map<string, number>, times: number[], row: Set<number>): void {
  let id = ids.get(word);
  if (id === undefined) {
    id = times.length;
    ids.set(word, id);
    times.push(0);
  }
  if (row.has(id)) return;
  row.add(id);
  times[id]! += 1;
}
