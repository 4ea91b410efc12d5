import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FirstSkips } from '../../src/scan/scan.ts';
import { Causes } from '../../src/stats/causes.ts';
import { Counts } from '../../src/stats/counts.ts';
import { CrossTally } from '../../src/stats/cross-tally.ts';
import { FieldSample } from '../../src/stats/field-sample.ts';
import { Groups } from '../../src/stats/groups.ts';
import { hashString } from '../../src/stats/hash.ts';
import { HeldOut } from '../../src/stats/held-out.ts';
import { Histogram } from '../../src/stats/histogram.ts';
import { PanelSample } from '../../src/stats/panel-sample.ts';
import { Partners } from '../../src/stats/partners.ts';
import { Sample } from '../../src/stats/sample.ts';
import { Tally } from '../../src/stats/tally.ts';
import { Top } from '../../src/stats/top.ts';
import type { Skip, Stat } from '../../src/types.ts';

/** A Stat under the laws: how to make one, what may be added to it, and all that it answers. Small capacities, so that eviction is met. */
interface Subject<S extends Stat, T> {
  create(): S;
  items: fc.Arbitrary<T>;
  add(stat: S, item: T): void;
  answer(stat: S): unknown;
}

const subject = <S extends Stat, T>(it: Subject<S, T>): Subject<Stat, unknown> => it;
const place = fc.record({ file: fc.constantFrom('a.jsonl', 'b.jsonl', 'c.jsonl'), line: fc.integer({ min: 1, max: 50 }) });

const SUBJECTS: Record<string, Subject<Stat, unknown>> = {
  Tally: subject({
    create: () => new Tally(5),
    items: fc.constantFrom(...'abcdefghijkl', '__proto__', ''),
    add: (stat, key: string) => stat.add(key),
    answer: (stat) => [stat.total, stat.overflowed(), [...stat.counts].sort(), stat.overflowed() ? null : stat.top(3)],
  }),
  Histogram: subject({
    create: () => new Histogram(),
    items: fc.oneof(fc.nat(60), fc.double({ min: 0, max: 1e9, noNaN: true })),
    add: (stat, value: number) => stat.add(value),
    answer: (stat) => [stat.total, [0.05, 0.5, 0.95].map((p) => stat.quantile(p))],
  }),
  Sample: subject({
    create: () => new Sample(3),
    items: fc.record({ hash: fc.nat(20), place, excerpt: fc.constant('x') }),
    add: (stat, { hash, place: at, excerpt }) => stat.wants(hash) && stat.add(hash, { ...at, excerpt }),
    answer: (stat) => stat.evidence(),
  }),
  Top: subject({
    create: () => new Top(3),
    items: fc.record({ value: fc.nat(9), place, excerpt: fc.constant('x') }),
    add: (stat, { value, place: at, excerpt }) => stat.wants(value) && stat.add(value, { ...at, excerpt }),
    answer: (stat) => [stat.greatest(), stat.evidence()],
  }),
  Causes: subject({
    create: () => new Causes(4, 2),
    items: fc.record({ key: fc.constantFrom(...'abcdefgh', '__proto__'), place }),
    // a place has one fault of a kind, so what is told of it hangs on place and kind
    add: (stat, { key, place: at }) =>
      stat.add(
        key,
        at.line % 7,
        at,
        `${key} at ${at.line}`,
        0,
        at.line % 3 === 0 ? 'third' : 'other',
        0,
        at.line % 5 === 0 ? 'fifth' : undefined,
      ),
    answer: (stat) => [stat.total, stat.list(), stat.times('a')],
  }),
  CrossTally: subject({
    create: () => new CrossTally(4),
    items: fc.record({ row: fc.constantFrom(...'abcdefgh', '__proto__'), column: fc.constantFrom('x', 'y', '__proto__') }),
    add: (stat, { row, column }) => stat.add(row, column),
    answer: (stat) => [stat.overflowed(), [...stat.rows].map(([row, columns]) => [row, [...columns].sort()]).sort()],
  }),
  Groups: subject({
    create: () => new Groups(6),
    items: fc.record({ group: fc.nat(12), member: fc.nat(2), place }),
    add: (stat, { group, member, place: at }) => stat.add(hashString(`g${group}`), hashString(`m${member}`), at),
    answer: (stat) => [stat.total, stat.sampled(), stat.count(), stat.top(4, (members, times) => members + times)],
  }),
  PanelSample: subject({
    create: () => new PanelSample(4, 60),
    items: fc.record({ text: fc.constantFrom('a', 'bb', 'a longer text', 'c', 'one that is still longer', 'd', 'e', 'ff'), place }),
    add: (stat, { text, place: at }) => {
      const hash = hashString(text);
      if (stat.wants(hash)) stat.add(hash, { at, split: 'train', format: 'chat', messages: [{ role: 'assistant', text }] });
    },
    answer: (stat) => [stat.whole(), stat.examples()],
  }),
  HeldOut: subject({
    create: () => new HeldOut(4, 60),
    items: fc.record({
      text: fc.constantFrom('a', 'bb', 'a longer text', 'c', 'one that is still longer', 'd', 'e', 'ff'),
      reply: fc.nat(12), // 0 = none
      place,
    }),
    add: (stat, { text, reply, place: at }) => {
      const [exact, normal] = [hashString(text), hashString(text.toUpperCase())];
      stat.add({ exact, normal, exactBare: exact, normalBare: normal, system: 0, reply }, text, at);
    },
    answer: (stat) => [stat.total, stat.prompts()],
  }),
  Partners: subject({
    create: () => new Partners(),
    items: fc.record({ thing: fc.nat(90), rank: fc.nat(2), hash: fc.nat(2), place, flags: fc.constantFrom(0, 1, 2, 128) }),
    add: (stat, { thing, rank, hash, place: at, flags }) => stat.add(thing, rank, hash, at, flags),
    answer: (stat) =>
      Array.from({ length: 100 }, (_, thing) => [
        stat.met(thing),
        [1, 2, 128].map((flag) => stat.flagged(thing, flag)),
        stat.met(thing) > 0 && stat.best(thing),
      ]),
  }),
  Counts: subject({
    create: () => new Counts(),
    items: fc.nat(200),
    add: (stat, thing: number) => stat.add(thing),
    answer: (stat) => Array.from({ length: 300 }, (_, thing) => stat.met(thing)),
  }),
  FieldSample: subject({
    create: () => new FieldSample(4),
    items: fc.record({
      hash: fc.nat(12),
      fields: fc.array(
        fc.record({ name: fc.constantFrom('a', '__proto__'), value: fc.constantFrom('x', 1, '1', true), said: fc.constant(false) }),
        {
          maxLength: 3,
        },
      ),
    }),
    add: (stat, { hash, fields }) => stat.wants(hash) && stat.add(hash, fields),
    answer: (stat) => stat.hashes().map((hash) => [hash, stat.of(hash)]),
  }),
  FirstSkips: subject({
    create: () => new FirstSkips(),
    items: place,
    add: (stat, at) => stat.add({ at, kind: 'not-json', reason: 'x' } satisfies Skip),
    answer: (stat) => stat.first,
  }),
};

it('every Stat is under the laws', async () => {
  for (const file of readdirSync('src/stats')) {
    const exported = (await import(`../../src/stats/${file}`)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      if (typeof value === 'function' && 'merge' in (value.prototype ?? {})) expect(Object.keys(SUBJECTS)).toContain(name);
    }
  }
});

describe.each(Object.entries(SUBJECTS))('%s', (_, { create, items, add, answer }) => {
  const filled = (list: readonly unknown[]): Stat => {
    const stat = create();
    for (const item of list) add(stat, item);
    return stat;
  };
  const joined = (...stats: readonly Stat[]): Stat => {
    const total = create();
    for (const stat of stats) total.merge(structuredClone(stat));
    return total;
  };
  const lists = fc.array(items, { maxLength: 40, size: 'max' });

  it('answers the same whatever the order', () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(answer(filled([...list].reverse()))).toEqual(answer(filled(list)));
      }),
    );
  });
  it('merges shards, cloned, to the answer of the whole', () => {
    fc.assert(
      fc.property(lists, lists, lists, (a, b, c) => {
        expect(answer(joined(filled(a), filled(b), filled(c)))).toEqual(answer(filled([...a, ...b, ...c])));
      }),
    );
  });
  it('merges in any order and grouping', () => {
    fc.assert(
      fc.property(lists, lists, lists, (a, b, c) => {
        const right = answer(joined(filled(a), joined(filled(b), filled(c))));
        expect(answer(joined(joined(filled(c), filled(a)), filled(b)))).toEqual(right);
      }),
    );
  });
  it('is unchanged by an empty one', () => {
    fc.assert(
      fc.property(lists, (a) => {
        expect(answer(joined(create(), filled(a), create()))).toEqual(answer(filled(a)));
      }),
    );
  });
  it('may go on after a merge', () => {
    fc.assert(
      fc.property(lists, lists, lists, (a, b, c) => {
        const stat = joined(filled(a), filled(b));
        for (const item of c) add(stat, item);
        expect(answer(stat)).toEqual(answer(filled([...a, ...b, ...c])));
      }),
    );
  });
});
