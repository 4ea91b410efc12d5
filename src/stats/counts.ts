import type { Fields, Stat } from '../types.ts';

/** How often each thing of a numbered list was met: a typed array as long as the list. Merging adds. */
export class Counts implements Stat {
  times = new Uint32Array(0);

  add(thing: number): void {
    if (thing >= this.times.length) this.grow(thing + 1);
    this.times[thing]! += 1;
  }

  merge(other: Fields<Counts>): void {
    if (other.times.length > this.times.length) this.grow(other.times.length);
    for (let thing = 0; thing < other.times.length; thing++) this.times[thing]! += other.times[thing]!;
  }

  met(thing: number): number {
    return this.times[thing] ?? 0;
  }

  private grow(least: number): void {
    const times = new Uint32Array(Math.max(64, least, this.times.length * 2));
    times.set(this.times);
    this.times = times;
  }
}
