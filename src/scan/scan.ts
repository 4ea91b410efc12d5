import { badRuleState, RuleError } from '../errors.ts';
import { contentHash, pairs } from '../features/pairs.ts';
import { PanelSample } from '../stats/panel-sample.ts';
import { byPlace } from '../stats/sample.ts';
import { Tally } from '../stats/tally.ts';
import type { ActiveRule, Example, Fields, Row, Rule, Side, Skip, Stat, State, StateData } from '../types.ts';

/**
 * What has been seen of one split so far: the states of all rules side by side, and what the
 * engine itself keeps. It obeys the same law as each of its states, so shards can be scanned
 * anywhere, in any order, and merged.
 */
export interface Scan {
  readonly base: {
    examples: number;
    pairs: number;
    skipped: number;
    readonly formats: Tally;
    readonly skips: FirstSkips;
    readonly panel: PanelSample;
  };
  readonly states: { readonly [ruleId: string]: State };
}

/** A Scan as it comes from a worker or a file: data without methods. */
export type ScanData = { readonly base: StateData<Scan['base']>; readonly states: { readonly [ruleId: string]: StateData<State> } };

/** Side data by rule id: see `sidesOf`. */
export type Sides = { readonly [ruleId: string]: Side };

export interface ScanOptions {
  /** Size of the panel, in examples. */
  readonly panel: number;
}

const SKIPS_SHOWN = 20;

/** The first skips, by place. */
export class FirstSkips implements Stat {
  first: readonly Skip[] = [];

  add(skip: Skip): void {
    this.first = firstOf([...this.first, skip]);
  }

  merge(other: Fields<FirstSkips>): void {
    this.first = firstOf([...this.first, ...other.first]);
  }
}

const firstOf = (skips: readonly Skip[]): readonly Skip[] => [...skips].sort((a, b) => byPlace(a.at, b.at)).slice(0, SKIPS_SHOWN);

/** An empty Scan. Of side files only the rules that asked for them take part. */
export function createScan(rules: readonly ActiveRule[], { panel }: ScanOptions, split: Example['split'] = 'train'): Scan {
  const states = Object.fromEntries(
    rules.filter(({ rule }) => split === 'train' || rule.meta.sides).map(({ id, rule, options }) => [id, stateOf(id, rule, options)]),
  );
  return {
    base: { examples: 0, pairs: 0, skipped: 0, formats: new Tally(), skips: new FirstSkips(), panel: new PanelSample(panel) },
    states,
  };
}

/** Throws a UserError for what could not be merged: a plugin would lose it in silence. */
function stateOf(id: string, rule: Rule, options: { readonly [name: string]: unknown }): State {
  const state = rule.create(options) as State;
  for (const [field, value] of Object.entries(state)) {
    if (typeof value !== 'number' && typeof (value as Partial<Stat> | null)?.merge !== 'function') throw badRuleState(id, field, value);
  }
  return state;
}

/** Something that takes rows, examples and skips, one by one. Made once per scan: the list of rules is fixed, so the loop stays small. */
export interface Observer {
  /** Absent where no rule looks at rows: they then need not be made. */
  readonly row: ((row: Row) => void) | undefined;
  readonly example: (example: Example) => void;
  readonly skip: (skip: Skip) => void;
}

const NO_SIDE: Side = {};

/** Throws a RuleError where a rule throws. */
export function observer(scan: Scan, rules: readonly ActiveRule[], sides: Sides = {}): Observer {
  const { base, states } = scan;
  // Looked up once, not for every example.
  const observing = rules
    .filter(({ id, rule }) => rule.observe && states[id])
    .map(({ id, rule, options }) => ({ id, rule, options, state: states[id]!, side: sides[id] ?? NO_SIDE }));
  const skipping = rules.filter(({ id, rule }) => rule.observeSkip && states[id]);
  const reading = rules.filter(({ id, rule }) => rule.observeRow && states[id]);
  const row = (row: Row): void => {
    for (const { id, rule, options } of reading) {
      try {
        rule.observeRow!(states[id], row, options);
      } catch (cause) {
        throw new RuleError(id, row.at, cause);
      }
    }
  };
  return {
    row: reading.length > 0 ? row : undefined,
    example(example) {
      base.examples += 1;
      base.pairs += pairs(example).length;
      base.formats.add(example.format);
      const hash = contentHash(example);
      if (base.panel.wants(hash)) base.panel.add(hash, example);
      let at = 0;
      try {
        for (; at < observing.length; at++) {
          const { rule, state, options, side } = observing[at]!;
          rule.observe!(state, example, options, side);
        }
      } catch (cause) {
        throw new RuleError(observing[at]!.id, example.at, cause);
      }
    },
    skip(skip) {
      base.skipped += 1;
      base.skips.add(skip);
      for (const { id, rule, options } of skipping) {
        try {
          rule.observeSkip!(states[id], skip, options);
        } catch (cause) {
          throw new RuleError(id, skip.at, cause);
        }
      }
    },
  };
}

/** Folds `other` into `scan`. `other` may be a structured clone: only its fields are read. */
export function mergeScans(scan: Scan, other: ScanData): void {
  mergeStates(scan.base, other.base);
  for (const [id, state] of Object.entries(scan.states)) mergeStates(state, other.states[id]!);
}

/** The derived merge: counts add, Stats merge, field by field. */
function mergeStates(state: State, other: StateData<State>): void {
  for (const [name, value] of Object.entries(state)) {
    if (typeof value === 'number') state[name] = value + (other[name] as number);
    else value.merge(other[name] as object);
  }
}

/** What each rule saw in the side files, as it goes into `observe` and `finish`. */
export function sidesOf(scans: { readonly eval?: ScanData; readonly reference?: ScanData }): Sides {
  const ids = new Set([...Object.keys(scans.eval?.states ?? {}), ...Object.keys(scans.reference?.states ?? {})]);
  return Object.fromEntries(
    [...ids].map((id) => [
      id,
      {
        ...(scans.eval?.states[id] && { eval: scans.eval.states[id] }),
        ...(scans.reference?.states[id] && { reference: scans.reference.states[id] }),
      },
    ]),
  );
}
