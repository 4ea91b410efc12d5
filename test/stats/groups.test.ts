import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, type GroupCounts, Groups } from '../../src/stats/groups.ts';
import { byPlace } from '../../src/stats/sample.ts';
import type { Place } from '../../src/types.ts';
import { random } from '../generate.ts';

interface Item {
  readonly group: number;
  readonly member: number;
  readonly at: Place;
}
type Weight = (members: number, times: number, key: number) => number;
interface Answers {
  readonly total: number;
  readonly sampled: boolean;
  readonly count: GroupCounts;
  readonly top: readonly Group[];
}

/** What the docs of Groups promise, written as plainly as can be: the whole list in memory, grouped and sorted. */
function twin(items: readonly Item[], capacity: number, n: number, weight: Weight): Answers {
  const groups = new Map<number, Map<number, Place[]>>();
  for (const { group, member, at } of items) {
    const members = groups.get(group) ?? new Map<number, Place[]>();
    members.set(member, [...(members.get(member) ?? []), at].sort(byPlace));
    groups.set(group, members);
  }
  let rows = 0;
  let full = false;
  const kept = [...groups]
    .sort(([a], [b]) => a - b)
    .filter(([, members]) => {
      rows += members.size;
      full ||= rows > capacity;
      return !full;
    });
  const repeated = kept
    .flatMap(([group, members]) => [...members].map(([member, places]) => ({ group, member, places })))
    .filter(({ places }) => places.length > 1)
    .sort((a, b) => a.group - b.group || a.member - b.member);
  const withPlaces = new Set(repeated.slice(0, 1000).map(({ places }) => places));

  const list = kept.map(([key, members]): Group => {
    const all = [...members].map(([member, places]) => ({
      member,
      times: places.length,
      places: withPlaces.has(places) ? places.slice(0, 16) : places.length === 1 ? places : [places[0]!, places.at(-1)!],
    }));
    return {
      key,
      times: all.reduce((sum, { times }) => sum + times, 0),
      members: all.sort((a, b) => byPlace(a.places[0]!, b.places[0]!) || a.member - b.member),
    };
  });
  const sums = (of: (group: Group) => number): number[] =>
    Array.from({ length: 20 }, (_, slice) => list.filter(({ key }) => key % 20 === slice).reduce((sum, group) => sum + of(group), 0));
  const weightOf = ({ members, times, key }: Group) => weight(members.length, times, key);
  return {
    total: items.length,
    sampled: full,
    count: {
      groups: sums(() => 1),
      members: sums(({ members }) => members.length),
      repeated: sums(({ members }) => members.filter(({ times }) => times > 1).length),
      times: sums(({ times }) => times),
    },
    top: list
      .filter((group) => weightOf(group) > 0)
      .sort((a, b) => weightOf(b) - weightOf(a) || byPlace(a.members[0]!.places[0]!, b.members[0]!.places[0]!) || a.key - b.key)
      .slice(0, n),
  };
}

const ask = (groups: Groups, n: number, weight: Weight): Answers => ({
  total: groups.total,
  sampled: groups.sampled(),
  count: groups.count(),
  top: groups.top(n, weight),
});

function filled(items: readonly Item[], capacity: number): Groups {
  const groups = new Groups(capacity);
  for (const { group, member, at } of items) groups.add(group, member, at);
  return groups;
}

function joined(shards: readonly (readonly Item[])[], capacity: number): Groups {
  const total = new Groups(capacity);
  for (const shard of shards) total.merge(structuredClone(filled(shard, capacity)));
  return total;
}

function shuffled<T>(r: () => number, list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, at: r() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const byExcess: Weight = (members, times) => times - members;
const place = fc.record({ file: fc.constantFrom('a.jsonl', 'b.jsonl', '__proto__'), line: fc.integer({ min: 1, max: 20 }) });
/** Keys over the whole range of a hash, few enough to meet again. */
const key = (bits: number) => fc.nat(2 ** bits - 1).map((n) => (n * 0x9e3779b97f4a7) % 2 ** 53);
const items = fc.array(fc.record({ group: key(4), member: key(2), at: place }), { maxLength: 120, size: 'max' });

describe('Groups', () => {
  it('answers as its plain twin does, with room and without', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 6 }), (list, capacity, n) => {
        expect(ask(filled(list, capacity), n, byExcess)).toEqual(twin(list, capacity, n, byExcess));
      }),
    );
  });

  it('answers as its twin does when merged from clones', () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 4 }), fc.integer({ min: 1, max: 60 }), (shards, capacity) => {
        const weight: Weight = (members, times, at) => (at % 3 === 0 ? 0 : members + times);
        expect(ask(joined(shards, capacity), 5, weight)).toEqual(twin(shards.flat(), capacity, 5, weight));
      }),
    );
  });

  it('shows every group once', () => {
    fc.assert(
      fc.property(items, (list) => {
        const seen: [members: number, times: number, key: number][] = [];
        filled(list, 1000).each((...group) => seen.push(group));
        const expected = twin(list, 1000, 1000, () => 1).top.map(({ members, times, key: at }) => [members.length, times, at]);
        expect(seen.sort((a, b) => a[2] - b[2])).toEqual(expected.sort((a, b) => a[2]! - b[2]!));
      }),
    );
  });

  // 1,000 repeated members have places; here are 3,000 and more, before and after most are evicted.
  describe.each([
    ['all kept', 1 << 20],
    ['sampled', 2500],
  ])('with many repeats, %s', (_, capacity) => {
    const r = random(7);
    const list: Item[] = Array.from({ length: 24_000 }, (__, i) => ({
      group: Math.floor(r() * 1500) * 6_004_799_503_160,
      member: Math.floor(r() ** 4 * 6),
      at: { file: i % 3 === 0 ? 'b.jsonl' : 'a.jsonl', line: i + 1 },
    }));
    const expected = twin(list, capacity, 2000, byExcess);

    it('keeps 16 places of the first 1,000, two of the others', () => {
      const found = ask(filled(list, capacity), 2000, byExcess);
      expect(found).toEqual(expected);
      const lengths = found.top.flatMap(({ members }) => members.map(({ places }) => places.length));
      expect(Math.max(...lengths)).toBe(16);
      const repeated = found.top.flatMap(({ members }) => members.filter(({ times }) => times > 2));
      expect(repeated.filter(({ places }) => places.length > 2).length).toBeLessThanOrEqual(1000);
      expect(repeated.filter(({ places }) => places.length === 2).length).toBeGreaterThan(100);
    });

    it('does so in any order, in shards and after more was added', () => {
      for (const seed of [1, 2, 3]) {
        const order = shuffled(random(seed), list);
        expect(ask(filled(order, capacity), 2000, byExcess)).toEqual(expected);
        const cuts = [order.slice(0, 9000), order.slice(9000, 9001), order.slice(9001, 20_000)];
        const groups = joined(cuts, capacity);
        groups.top(3, byExcess); // asking in between changes nothing
        for (const { group, member, at } of order.slice(20_000)) groups.add(group, member, at);
        expect(ask(groups, 2000, byExcess)).toEqual(expected);
      }
    });
  });

  it('keeps nothing where the first group alone has more members than there is room for', () => {
    const groups = new Groups(3);
    for (let i = 0; i < 9; i++) groups.add(1, i, { file: 'a', line: i + 1 });
    groups.add(2, 0, { file: 'a', line: 99 });
    expect([groups.total, groups.sampled(), groups.top(5, () => 1)]).toEqual([10, true, []]);
  });

  it('is a fair sample: the share of repeats is that of the whole', () => {
    const r = random(11);
    const twice = new Groups(4000);
    for (let i = 0; i < 60_000; i++) {
      const content = Math.floor(r() * 2 ** 32) * 2 ** 21 + Math.floor(r() * 2 ** 21); // one call gives 32 bits
      twice.add(content, 1, { file: 'a', line: i + 1 });
      if (i % 10 === 0) twice.add(content, 1, { file: 'b', line: i + 1 });
    }
    const { members, times } = twice.count();
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b);
    expect([twice.sampled(), twice.total, sum(members)]).toEqual([true, 66_000, 4000]);
    expect(Math.abs(sum(times) / sum(members) - 1.1)).toBeLessThan(3 * Math.sqrt(0.09 / 4000)); // three standard errors
    expect(Math.min(...members)).toBeGreaterThan(100); // all 20 slices have their share
  });
});
