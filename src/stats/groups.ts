import type { Fields, Place, Stat } from '../types.ts';
import { combine } from './hash.ts';
import { byPlace } from './sample.ts';

const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const ROWS_WITH_PLACES = 1000;
const PLACES = 16;
const SLICES = 20;

/** One distinct (group, member) pair. */
export interface Member {
  readonly member: number;
  /** How often it was added. */
  readonly times: number;
  /** Its first places in order, at most 16, never fewer than the first and (where times ≥ 2) one more. */
  readonly places: readonly Place[];
}

/** The members that share a group key, in order of their first places. */
export interface Group {
  readonly key: number;
  readonly times: number;
  readonly members: readonly Member[];
}

/** Counts over the groups that are kept, in 20 slices by key (for delete-a-group jackknives). Each array has 20 entries. */
export interface GroupCounts {
  /** Distinct group keys. */
  readonly groups: readonly number[];
  /** Distinct (group, member) pairs. */
  readonly members: readonly number[];
  /** Those that were added more than once. */
  readonly repeated: readonly number[];
  /** All that was added. */
  readonly times: readonly number[];
}

/** The first places of a repeated member, in order. */
interface Repeats {
  readonly group: number;
  readonly member: number;
  readonly first: Place[];
}

/**
 * Equal things, counted exactly: (group key, member key) → how often, first and last place.
 * Both keys are hashes below 2^53. The same prompt with two replies is a group of two members;
 * the same example twice is a member with times = 2.
 *
 * Columns of typed arrays under an open-addressing index, no object per row: about 55 bytes per
 * distinct pair. Beyond `capacity` pairs, the groups with the smallest keys are kept, each whole: the
 * longest prefix in key order that fits. That is a fair sample of groups (`sampled` says so), and it
 * depends on the data only, so merging stays exact, also of sampled tables. (A single group of more
 * than `capacity` members is never kept, nor is any with a greater key: the sample may be empty.)
 *
 * Of the 1,000 repeated members that come first in the order of (group, member) 16 places are kept,
 * of all others the first and the last. The order must begin with the group key: were it another
 * one, members that are evicted later could have taken the room of those that stay, and which ones
 * did would depend on the order of arrival.
 */
export class Groups implements Stat {
  readonly capacity: number;
  size = 0;
  groupKeys = new Float64Array(64);
  memberKeys = new Float64Array(64);
  counts = new Uint32Array(64);
  firstFile = new Uint32Array(64);
  firstLine = new Uint32Array(64);
  lastFile = new Uint32Array(64);
  lastLine = new Uint32Array(64);
  /** Row number + 1 at the slot of its keys' hash; 0 = free. A power of two long, at most half full. */
  index = new Uint32Array(128);
  files: string[] = [];
  /** All that was added, evicted groups included. */
  total = 0;
  /** Groups whose key is at or above this are not kept. */
  limit: number = NO_LIMIT;
  /** By the hash of a repeated row's keys. */
  places = new Map<number, Repeats>();
  /** Repeated rows that come at or after this pair of keys have no entry in `places`. */
  placesGroup: number = NO_LIMIT;
  placesMember = 0;

  constructor(capacity = 1 << 21) {
    this.capacity = capacity;
  }

  add(group: number, member: number, place: Place): void {
    this.total += 1;
    if (group >= this.limit) return;
    const file = this.fileId(place.file);
    this.put(group, member, 1, file, place.line, file, place.line, undefined);
  }

  merge(other: Fields<Groups>): void {
    this.total += other.total;
    if (other.limit < this.limit) this.keepBelow(other.limit);
    if (this.hasPlaces(other.placesGroup, other.placesMember)) this.keepPlacesBefore(other.placesGroup, other.placesMember);
    const files = other.files.map((name) => this.fileId(name));
    for (let row = 0; row < other.size; row++) {
      const group = other.groupKeys[row]!;
      if (group >= this.limit) continue;
      const member = other.memberKeys[row]!;
      const known = other.counts[row]! > 1 ? other.places.get(combine(group, member))?.first : undefined;
      this.put(
        group,
        member,
        other.counts[row]!,
        files[other.firstFile[row]!]!,
        other.firstLine[row]!,
        files[other.lastFile[row]!]!,
        other.lastLine[row]!,
        known,
      );
    }
  }

  /** Whether there were more distinct pairs than `capacity`, so that the counts are those of a fair sample of groups. */
  sampled(): boolean {
    this.settle();
    return this.limit !== NO_LIMIT;
  }

  count(): GroupCounts {
    const groups = new Array<number>(SLICES).fill(0);
    const members = new Array<number>(SLICES).fill(0);
    const repeated = new Array<number>(SLICES).fill(0);
    const times = new Array<number>(SLICES).fill(0);
    this.each((_, __, key) => {
      groups[key % SLICES]! += 1;
    });
    for (let row = 0; row < this.size; row++) {
      const slice = this.groupKeys[row]! % SLICES;
      members[slice]! += 1;
      if (this.counts[row]! > 1) repeated[slice]! += 1;
      times[slice]! += this.counts[row]!;
    }
    return { groups, members, repeated, times };
  }

  /** Shows each kept group to `visit`, in no particular order: what is made of them must not depend on it. */
  each(visit: (members: number, times: number, key: number) => void): void {
    this.settle();
    const { head, next } = this.chains();
    for (const first of head) {
      if (first === 0) continue;
      let members = 0;
      let times = 0;
      for (let row = first; row !== 0; row = next[row - 1]!) {
        members += 1;
        times += this.counts[row - 1]!;
      }
      visit(members, times, this.groupKeys[first - 1]!);
    }
  }

  /** The n groups that `weight` puts first (it gets distinct members, times and the key; 0 = leave out); ties by first place, then by key. */
  top(n: number, weight: (members: number, times: number, key: number) => number): Group[] {
    this.settle();
    const { head, next } = this.chains();
    let best: { row: number; weight: number; place: Place }[] = [];
    const better = (a: (typeof best)[number], b: (typeof best)[number]) =>
      b.weight - a.weight || byPlace(a.place, b.place) || this.groupKeys[a.row - 1]! - this.groupKeys[b.row - 1]!;
    for (const first of head) {
      if (first === 0) continue;
      let members = 0;
      let times = 0;
      let place = this.firstPlace(first - 1);
      for (let row = first; row !== 0; row = next[row - 1]!) {
        members += 1;
        times += this.counts[row - 1]!;
        const other = this.firstPlace(row - 1);
        if (byPlace(other, place) < 0) place = other;
      }
      const w = weight(members, times, this.groupKeys[first - 1]!);
      if (w <= 0) continue;
      best.push({ row: first, weight: w, place });
      if (best.length >= 2 * n + 64) best = best.sort(better).slice(0, n);
    }
    return best
      .sort(better)
      .slice(0, n)
      .map(({ row: first }) => {
        const members: Member[] = [];
        let times = 0;
        for (let row = first; row !== 0; row = next[row - 1]!) {
          members.push(this.member(row - 1));
          times += this.counts[row - 1]!;
        }
        members.sort((a, b) => byPlace(a.places[0]!, b.places[0]!) || a.member - b.member);
        return { key: this.groupKeys[first - 1]!, times, members };
      });
  }

  private member(row: number): Member {
    const times = this.counts[row]!;
    const first = this.firstPlace(row);
    if (times === 1) return { member: this.memberKeys[row]!, times, places: [first] };
    const known = this.places.get(combine(this.groupKeys[row]!, this.memberKeys[row]!));
    return { member: this.memberKeys[row]!, times, places: known?.first ?? [first, this.lastPlace(row)] };
  }

  private firstPlace(row: number): Place {
    return { file: this.files[this.firstFile[row]!]!, line: this.firstLine[row]! };
  }

  private lastPlace(row: number): Place {
    return { file: this.files[this.lastFile[row]!]!, line: this.lastLine[row]! };
  }

  private fileId(name: string): number {
    const last = this.files.length - 1;
    if (this.files[last] === name) return last; // nearly always: files are read one after the other
    const at = this.files.indexOf(name);
    return at >= 0 ? at : this.files.push(name) - 1;
  }

  private put(
    group: number,
    member: number,
    times: number,
    firstFile: number,
    firstLine: number,
    lastFile: number,
    lastLine: number,
    known: readonly Place[] | undefined,
  ): void {
    const hash = combine(group, member);
    const mask = this.index.length - 1;
    let slot = (hash >>> 0) & mask;
    for (let entry = this.index[slot]!; entry !== 0; entry = this.index[slot]!) {
      const row = entry - 1;
      if (this.groupKeys[row] === group && this.memberKeys[row] === member) {
        this.repeat(row, hash, times, firstFile, firstLine, lastFile, lastLine, known);
        return;
      }
      slot = (slot + 1) & mask;
    }
    const row = this.size++;
    if (row === this.counts.length) this.grow();
    this.groupKeys[row] = group;
    this.memberKeys[row] = member;
    this.counts[row] = times;
    this.firstFile[row] = firstFile;
    this.firstLine[row] = firstLine;
    this.lastFile[row] = lastFile;
    this.lastLine[row] = lastLine;
    this.index[slot] = row + 1;
    if (known) for (const place of known) this.notePlace(row, hash, place);
    if (this.size * 2 > this.index.length) this.reindex();
    if (this.size > this.capacity + (this.capacity >> 1)) this.fit();
  }

  private repeat(
    row: number,
    hash: number,
    times: number,
    firstFile: number,
    firstLine: number,
    lastFile: number,
    lastLine: number,
    known: readonly Place[] | undefined,
  ): void {
    const first = { file: this.files[firstFile]!, line: firstLine };
    const last = times === 1 ? first : { file: this.files[lastFile]!, line: lastLine };
    // A row that was alone till now has no entry yet. One that comes repeated without places has none to give: it is past the limit.
    if (this.hasPlaces(this.groupKeys[row]!, this.memberKeys[row]!)) {
      if (this.counts[row] === 1) this.notePlace(row, hash, this.firstPlace(row));
      for (const place of known ?? [first]) this.notePlace(row, hash, place);
    }
    this.counts[row]! += times;
    if (byPlace(first, this.firstPlace(row)) < 0) {
      this.firstFile[row] = firstFile;
      this.firstLine[row] = firstLine;
    }
    if (byPlace(last, this.lastPlace(row)) > 0) {
      this.lastFile[row] = lastFile;
      this.lastLine[row] = lastLine;
    }
  }

  /** Adds to the first places of a repeated row, if it is one of those that are kept. */
  private notePlace(row: number, hash: number, place: Place): void {
    const group = this.groupKeys[row]!;
    const member = this.memberKeys[row]!;
    if (!this.hasPlaces(group, member)) return;
    const known = this.places.get(hash);
    if (!known) {
      this.places.set(hash, { group, member, first: [place] });
      if (this.places.size > 2 * ROWS_WITH_PLACES) this.fitPlaces();
      return;
    }
    const { first } = known;
    let at = first.length;
    while (at > 0 && byPlace(place, first[at - 1]!) < 0) at--;
    if (at === PLACES) return;
    first.splice(at, 0, place);
    if (first.length > PLACES) first.pop();
  }

  private hasPlaces(group: number, member: number): boolean {
    return group < this.placesGroup || (group === this.placesGroup && member < this.placesMember);
  }

  private fitPlaces(): void {
    if (this.places.size <= ROWS_WITH_PLACES) return;
    const { group, member } = [...this.places.values()].sort((a, b) => a.group - b.group || a.member - b.member)[ROWS_WITH_PLACES]!;
    this.keepPlacesBefore(group, member);
  }

  private keepPlacesBefore(group: number, member: number): void {
    this.placesGroup = group;
    this.placesMember = member;
    for (const [hash, known] of this.places) if (!this.hasPlaces(known.group, known.member)) this.places.delete(hash);
  }

  private settle(): void {
    this.fit();
    this.fitPlaces();
  }

  /** Cuts down to the longest prefix of groups, in key order, that has at most `capacity` rows. */
  private fit(): void {
    if (this.size <= this.capacity) return;
    this.keepBelow(this.groupKeys.slice(0, this.size).sort()[this.capacity]!);
  }

  private keepBelow(limit: number): void {
    this.limit = limit;
    const columns = [this.memberKeys, this.counts, this.firstFile, this.firstLine, this.lastFile, this.lastLine];
    let size = 0;
    for (let row = 0; row < this.size; row++) {
      if (this.groupKeys[row]! >= limit) continue;
      for (const column of columns) column[size] = column[row]!;
      this.groupKeys[size] = this.groupKeys[row]!;
      size++;
    }
    this.size = size;
    for (const [hash, known] of this.places) if (known.group >= limit) this.places.delete(hash);
    this.reindex();
  }

  private grow(): void {
    const length = Math.ceil(this.counts.length * 1.5);
    const wide = <T extends Float64Array | Uint32Array>(old: T, empty: T): T => {
      empty.set(old);
      return empty;
    };
    this.groupKeys = wide(this.groupKeys, new Float64Array(length));
    this.memberKeys = wide(this.memberKeys, new Float64Array(length));
    this.counts = wide(this.counts, new Uint32Array(length));
    this.firstFile = wide(this.firstFile, new Uint32Array(length));
    this.firstLine = wide(this.firstLine, new Uint32Array(length));
    this.lastFile = wide(this.lastFile, new Uint32Array(length));
    this.lastLine = wide(this.lastLine, new Uint32Array(length));
  }

  private reindex(): void {
    let slots = 128;
    while (slots < this.size * 3) slots *= 2;
    this.index = new Uint32Array(slots);
    for (let row = 0; row < this.size; row++) {
      let slot = (combine(this.groupKeys[row]!, this.memberKeys[row]!) >>> 0) & (slots - 1);
      while (this.index[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.index[slot] = row + 1;
    }
  }

  /** The rows of each group as linked lists of row number + 1; 0 ends one. One pass, no sorting. */
  private chains(): { head: Uint32Array; next: Uint32Array } {
    let slots = 128;
    while (slots < this.size * 2) slots *= 2;
    const head = new Uint32Array(slots);
    const next = new Uint32Array(this.size);
    for (let row = 0; row < this.size; row++) {
      const key = this.groupKeys[row]!;
      let slot = (key >>> 0) & (slots - 1);
      while (head[slot] !== 0 && this.groupKeys[head[slot]! - 1] !== key) slot = (slot + 1) & (slots - 1);
      next[row] = head[slot]!;
      head[slot] = row + 1;
    }
    return { head, next };
  }
}
