import type { Fields, Place, Stat } from '../types.ts';
import { byPlace } from './sample.ts';

/** Of a longer prompt only the first 8,192 characters are kept and compared. */
const HEAD = 8192;
/** Replies of one prompt that are told apart. */
const REPLIES = 8;

/** The hashes by which a prompt is known, each below 2^53, with all turns before it. */
export interface PromptKeys {
  /** Of every character, the system text included. */
  readonly exact: number;
  /** But for case, blanks and marks. */
  readonly normal: number;
  /** The same two without the system text. */
  readonly exactBare: number;
  readonly normalBare: number;
  /** Of the system text. */
  readonly system: number;
  /** Of the reply, but for blanks; 0 where there is none apart from the prompt. */
  readonly reply: number;
}

/** A prompt of the held-out data. */
export interface HeldOutPrompt extends Omit<PromptKeys, 'reply'> {
  /** Its first 8,192 characters. */
  readonly text: string;
  /** Its first place. */
  at: Place;
  /** How often it came. */
  times: number;
  /** How often in each file, by name. */
  files: readonly (readonly [file: string, times: number])[];
  /** The keys of its replies in order, at most 8. */
  replies: readonly number[];
}

/**
 * The prompts of held-out data, each once (by `exact`), with their texts: what training data is compared with.
 *
 * Bounded as the panel is: the prompts with the smallest hashes, at most `size` of them and at most `text` characters (the longest prefix
 * in hash order that fits both), so it merges exactly, and what is kept depends on the data alone.
 */
export class HeldOut implements Stat {
  readonly size: number;
  readonly text: number;
  /** All that was added, what is not kept included. */
  total = 0;
  kept = new Map<number, HeldOutPrompt>();
  held = 0;
  /** Prompts whose hash is at or above this are not kept. */
  limit: number = Number.MAX_SAFE_INTEGER;

  constructor(size = 20_000, text = 8_000_000) {
    this.size = size;
    this.text = text;
  }

  add(keys: PromptKeys, text: string, at: Place): void {
    this.total += 1;
    if (keys.exact >= this.limit) return;
    const { reply, ...own } = keys;
    this.put({ ...own, text: text.slice(0, HEAD), at, times: 1, files: [[at.file, 1]], replies: reply === 0 ? [] : [reply] });
  }

  merge(other: Fields<HeldOut>): void {
    this.total += other.total;
    if (other.limit < this.limit) this.keepBelow(other.limit);
    for (const prompt of other.kept.values()) if (prompt.exact < this.limit) this.put({ ...prompt });
  }

  /** In the order of their hashes. */
  prompts(): readonly HeldOutPrompt[] {
    return promptsOf(this);
  }

  private put(prompt: HeldOutPrompt): void {
    const known = this.kept.get(prompt.exact);
    if (known) {
      known.times += prompt.times;
      if (byPlace(prompt.at, known.at) < 0) known.at = prompt.at;
      known.files = joined(known.files, prompt.files);
      known.replies = [...new Set([...known.replies, ...prompt.replies])].sort((a, b) => a - b).slice(0, REPLIES);
      return;
    }
    this.kept.set(prompt.exact, prompt);
    this.held += prompt.text.length;
    if (this.kept.size > this.size * 1.25 || this.held > this.text * 1.25) this.keepBelow(cutOf(this));
  }

  private keepBelow(limit: number): void {
    this.limit = Math.min(limit, this.limit);
    for (const [hash, { text }] of this.kept) {
      if (hash < this.limit) continue;
      this.kept.delete(hash);
      this.held -= text.length;
    }
  }
}

/** The prompts that a side file left, in the order of their hashes: its fields alone came over. */
export function promptsOf(data: Fields<HeldOut>): readonly HeldOutPrompt[] {
  const limit = cutOf(data);
  return [...data.kept.values()].filter(({ exact }) => exact < limit).sort((a, b) => a.exact - b.exact);
}

/** The hash of the first prompt that does not fit. */
function cutOf({ kept, size, text, limit }: Fields<HeldOut>): number {
  let count = 0;
  let held = 0;
  for (const hash of Float64Array.from(kept.keys()).sort()) {
    count += 1;
    held += kept.get(hash)!.text.length;
    if (count > size || held > text) return Math.min(hash, limit);
  }
  return limit;
}

function joined(a: HeldOutPrompt['files'], b: HeldOutPrompt['files']): HeldOutPrompt['files'] {
  const times = new Map(a);
  for (const [file, n] of b) times.set(file, (times.get(file) ?? 0) + n);
  return [...times].sort(([x], [y]) => (x < y ? -1 : 1));
}
