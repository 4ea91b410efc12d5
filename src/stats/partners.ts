import type { Fields, Place, Stat } from '../types.ts';

/**
 * For each thing of a numbered list the best partner that was met: the greatest rank, ties by smallest content hash, then by place; and
 * how many were met. Flags add up by OR. Typed columns, 25 bytes per thing; merging is exact.
 */
export class Partners implements Stat {
  times = new Uint32Array(0);
  flags = new Uint8Array(0);
  ranks = new Uint32Array(0);
  hashes = new Float64Array(0);
  fileIds = new Uint32Array(0);
  lines = new Uint32Array(0);
  files: string[] = [];

  /** @param flags bits 0–7 that are set for good @param rank a whole number from 0 */
  add(thing: number, rank: number, hash: number, place: Place, flags = 0): void {
    this.put(thing, 1, flags, rank, hash, place.file, place.line);
  }

  merge(other: Fields<Partners>): void {
    for (let thing = 0; thing < other.times.length; thing++) {
      if (other.times[thing] === 0) continue;
      this.put(
        thing,
        other.times[thing]!,
        other.flags[thing]!,
        other.ranks[thing]!,
        other.hashes[thing]!,
        other.files[other.fileIds[thing]!]!,
        other.lines[thing]!,
      );
    }
  }

  met(thing: number): number {
    return this.times[thing] ?? 0;
  }

  flagged(thing: number, flag: number): boolean {
    return ((this.flags[thing] ?? 0) & flag) !== 0;
  }

  /** Only of what was met. */
  best(thing: number): Place {
    return { file: this.files[this.fileIds[thing]!]!, line: this.lines[thing]! };
  }

  private put(thing: number, times: number, flags: number, rank: number, hash: number, file: string, line: number): void {
    if (thing >= this.times.length) this.grow(thing + 1);
    const known = this.times[thing]! > 0;
    this.times[thing]! += times;
    this.flags[thing]! |= flags;
    if (known && !this.isBetter(thing, rank, hash, file, line)) return;
    this.ranks[thing] = rank;
    this.hashes[thing] = hash;
    this.fileIds[thing] = this.fileId(file);
    this.lines[thing] = line;
  }

  private isBetter(thing: number, rank: number, hash: number, file: string, line: number): boolean {
    if (rank !== this.ranks[thing]) return rank > this.ranks[thing]!;
    if (hash !== this.hashes[thing]) return hash < this.hashes[thing]!;
    const known = this.files[this.fileIds[thing]!]!;
    return file === known ? line < this.lines[thing]! : file < known;
  }

  private fileId(name: string): number {
    const last = this.files.length - 1;
    if (this.files[last] === name) return last; // nearly always: files are read one after the other
    const at = this.files.indexOf(name);
    return at >= 0 ? at : this.files.push(name) - 1;
  }

  private grow(least: number): void {
    const length = Math.max(64, least, this.times.length * 2);
    const wide = <T extends Float64Array | Uint32Array | Uint8Array>(old: T, empty: T): T => {
      empty.set(old);
      return empty;
    };
    this.times = wide(this.times, new Uint32Array(length));
    this.flags = wide(this.flags, new Uint8Array(length));
    this.ranks = wide(this.ranks, new Uint32Array(length));
    this.hashes = wide(this.hashes, new Float64Array(length));
    this.fileIds = wide(this.fileIds, new Uint32Array(length));
    this.lines = wide(this.lines, new Uint32Array(length));
  }
}
