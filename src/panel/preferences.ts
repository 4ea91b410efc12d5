import { feature } from '../features/feature.ts';
import { pairKeys } from '../features/pairs.ts';
import { type Rival, type Rivals, rivals } from '../features/preference.ts';
import { excerptAround } from '../stats/excerpt.ts';
import { combine } from '../stats/hash.ts';
import type { Evidence, Panel, PanelExample } from '../types.ts';

/** A preference pair of the panel whose two replies differ. */
export interface PreferencePair extends Rivals {
  /** `example.group` is the jackknife group. */
  readonly example: PanelExample;
  /**
   * Which ranking it comes from, numbered from 0 in hash order. Pairs on one prompt that share a reply come from one ranking ("A beats B, A
   * beats C"): what A has that the others lack is seen twice and happened once, so that a test must count a ranking once.
   */
  readonly ranking: number;
}

/** The preference pairs of the panel whose two replies differ in more than blanks, in hash order. */
export const preferencePairs: (panel: Panel) => readonly PreferencePair[] = feature((panel: Panel) => {
  const found: (Rivals & { readonly example: PanelExample })[] = [];
  const parent: number[] = [];
  const holders = new Map<number, number>(); // prompt and reply to one of the pairs that have it
  for (const example of panel.train) {
    const both = rivals(example);
    if (both === undefined || both.identical) continue;
    const at = found.length;
    found.push({ ...both, example });
    parent.push(at);
    const { context } = pairKeys(example)[0]!;
    for (const rival of [both.chosen, both.rejected]) {
      let key = context;
      for (const { blanks } of rival.sketches) key = combine(key, blanks);
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, at);
      else parent[rootOf(parent, at)] = rootOf(parent, holder);
    }
  }
  const numbers = new Map<number, number>();
  return found.map((pair, i) => {
    const root = rootOf(parent, i);
    const ranking = numbers.get(root) ?? numbers.size;
    numbers.set(root, ranking);
    return { ...pair, ranking };
  });
});

function rootOf(parent: number[], of: number): number {
  let root = of;
  while (parent[root] !== root) root = parent[root]!;
  for (let i = of; i !== root; ) {
    const next = parent[i]!;
    parent[i] = root; // so that the next walk is short
    i = next;
  }
  return root;
}

/** What the assistant says in one of the two replies, its turns joined by a line break. */
export const textOf = ({ turns }: Rival): string => (turns.length === 1 ? turns[0]!.text : turns.map(({ text }) => text).join('\n'));

const BESIDE = 'chosen: ; rejected: '.length;
const WHOLE = 160;

/**
 * The place of a pair, with "chosen: …; rejected: …" as its excerpt: at most 160 characters.
 *
 * @param notes what stands in brackets behind "chosen" and "rejected": "212 words"
 * @param at the character to show of each
 */
export function preferenceEvidence(
  { example, chosen, rejected }: PreferencePair,
  notes: readonly [string, string] | undefined,
  at: readonly [number, number],
): Evidence {
  const [won, lost] = notes ? [` (${notes[0]})`, ` (${notes[1]})`] : ['', ''];
  const room = (WHOLE - BESIDE - won.length - lost.length) >> 1;
  const cut = (text: string, index: number): string => excerptAround(text, index, room).replace(/\s+/g, ' ');
  return {
    ...example.at,
    excerpt: `chosen${won}: ${cut(textOf(chosen), at[0])}; rejected${lost}: ${cut(textOf(rejected), at[1])}`,
  };
}
