import type { Fields, Message, PanelExample, Stat } from '../types.ts';
import { byPlace } from './sample.ts';

/** Of a longer text the panel keeps the first 8,192 and the last 1,024 characters. */
const HEAD = 8192;
const TAIL = 1024;
/** Characters of text that the panel may hold. */
const TEXT = 48_000_000;

/** `length` = characters of text. */
type Kept = { -readonly [K in keyof PanelExample]: PanelExample[K] } & { length: number };

/**
 * The panel in the making: the distinct examples with the smallest content hashes, at most `size`
 * of them and at most 48 million characters of text (the longest prefix in hash order that fits both).
 *
 * A pure function of the set of examples: order, shards and file names change nothing but the places.
 * Merging is exact: whatever is in the final prefix is in the prefix of each shard that saw it, and
 * `limit`, the hash of the first example left out, says where knowledge ends.
 */
export class PanelSample implements Stat {
  readonly size: number;
  readonly text: number;
  kept = new Map<number, Kept>();
  held = 0;
  limit: number = Number.MAX_SAFE_INTEGER;

  constructor(size = 20_000, text = TEXT) {
    this.size = size;
    this.text = text;
  }

  /** Whether an example with this hash would be kept; ask before `add`. */
  wants(hash: number): boolean {
    return hash < this.limit;
  }

  add(hash: number, example: Omit<PanelExample, 'hash' | 'times' | 'group'>): void {
    const known = this.kept.get(hash);
    if (known) {
      known.times += 1;
      if (byPlace(example.at, known.at) < 0) known.at = example.at;
      return;
    }
    this.insert(trim(example, hash));
  }

  merge(other: Fields<PanelSample>): void {
    if (other.limit < this.limit) this.keepBelow(other.limit);
    for (const [hash, item] of other.kept) {
      if (hash >= this.limit) continue;
      const known = this.kept.get(hash);
      if (!known) this.insert({ ...item });
      else {
        known.times += item.times;
        if (byPlace(item.at, known.at) < 0) known.at = item.at;
      }
    }
  }

  /** Sorted by hash. */
  examples(): readonly PanelExample[] {
    this.fit();
    return [...this.kept.values()].sort((a, b) => a.hash - b.hash);
  }

  /** Whether every distinct example is in it. */
  whole(): boolean {
    this.fit();
    return this.limit === Number.MAX_SAFE_INTEGER;
  }

  private insert(item: Kept): void {
    this.kept.set(item.hash, item);
    this.held += item.length;
    if (this.kept.size > this.size * 1.25 || this.held > this.text * 1.25) this.fit();
  }

  private fit(): void {
    if (this.kept.size <= this.size && this.held <= this.text) return;
    let count = 0;
    let held = 0;
    for (const hash of Float64Array.from(this.kept.keys()).sort()) {
      count += 1;
      held += this.kept.get(hash)!.length;
      if (count > this.size || held > this.text) {
        this.keepBelow(hash);
        return;
      }
    }
  }

  private keepBelow(limit: number): void {
    this.limit = limit;
    for (const [hash, item] of this.kept) {
      if (hash < limit) continue;
      this.kept.delete(hash);
      this.held -= item.length;
    }
  }
}

function textOf(example: Pick<PanelExample, 'messages' | 'rejected' | 'parts'>): number {
  let length = 0;
  for (const message of example.messages) length += message.text.length + (message.reasoning?.length ?? 0);
  for (const message of example.rejected ?? []) length += message.text.length;
  for (const part of Object.values(example.parts ?? {})) length += part.length;
  return length;
}

/** Only what the panel needs, with long texts cut; drops the parsed line, which would hold the rest in memory. No spreads: this runs for every example of a small file. */
function trim({ at, split, format, messages, rejected, parts }: Omit<PanelExample, 'hash' | 'times' | 'group'>, hash: number): Kept {
  const kept: Kept = {
    at,
    split,
    format,
    messages: messages.some(isLong) ? messages.map(cut) : messages,
    hash,
    times: 1,
    group: hash % 20,
    length: 0,
  };
  if (rejected) kept.rejected = rejected.some(isLong) ? rejected.map(cut) : rejected;
  if (parts) kept.parts = Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, text.slice(0, HEAD)]));
  kept.length = textOf(kept);
  return kept;
}

const isLong = ({ text, reasoning }: Message): boolean => text.length > HEAD + TAIL || (reasoning !== undefined && reasoning.length > HEAD);

function cut(message: Message): Message {
  const { text, reasoning } = message;
  if (!isLong(message)) return message;
  const thought = reasoning === undefined ? message : { ...message, reasoning: reasoning.slice(0, HEAD) };
  if (text.length <= HEAD + TAIL) return thought;
  return { ...thought, text: text.slice(0, HEAD) + text.slice(text.length - TAIL), cutAt: HEAD };
}
