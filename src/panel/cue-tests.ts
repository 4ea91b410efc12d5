import { rounded } from '../judge.ts';
import { type Baseline, cueBaseline, cueExcess, cueTells, type Decisions, falseDiscoveryRates, givenTells } from '../stats/association.ts';
import type { Evidence, PanelExample } from '../types.ts';
import { cutText } from '../wording.ts';
import { CUES, type CueId, type Edits, OPERATIONS, type OperationId, readEdits } from './edits.ts';
import type { Task } from './tasks.ts';

/** How far a cue tells where an edit task's edits go: one test for each cue and operation, see `cueExcess`. */

/** Below these an operation is not tested: the events and the non-events, and the pairs with an event. */
const EVENTS = 30;
const PAIRS_WITH_EVENT = 10;
/** Pairs that must have a cue. */
const PAIRS_WITH_CUE = 10;

/** Shares, 0–1. */
interface Shares {
  /** Theil's U: of the uncertainty about where the edit goes, what the cue explains. */
  readonly uncertainty: number;
  /** The same of what is left of it once the next word (of changes of words: the word) is known. */
  readonly conditional: number;
}

/** A cue as it stands, with what chance makes of it. */
export interface CueGlance extends Shares {
  /** Of the places with the cue, those where the edit is made. */
  readonly precision: number;
  /** Of all places, those where the edit is made. */
  readonly baseRate: number;
}

/** One cue against one operation, in one task. Figures are rounded; `uncertainty` and `conditional` are less what chance makes of them. */
export interface CueTest extends CueGlance {
  readonly edits: Edits;
  readonly operation: OperationId;
  readonly cue: CueId;
  /** Of the places where the edit is made, those with the cue. */
  readonly recall: number;
  /** Of the places without the cue, those where the edit is made. */
  readonly rateWithout: number;
  /** What the next word alone tells, as a share of the uncertainty, see `givenTells`. */
  readonly nextWord: number;
  readonly events: number;
  /** The pairs that have the cue, and those in which the edit is made at it. */
  readonly carriers: number;
  readonly meetings: number;
  /** That a cue without a tie to the edit tells as much; not rounded. */
  readonly p: number;
  readonly chance: Shares;
  /** The places where the operation could be done, as indexes into the columns of `edits`. */
  readonly slots: Uint32Array;
  /** What was decided there. */
  readonly decisions: Decisions;
  /** Which of the decisions have the cue, ascending. */
  readonly cued: Uint32Array;
}

export interface CueQuestions {
  /** Decisions that are read at most, over all tasks. */
  readonly decisions: number;
  /** Whether a cue is tested against an operation: not where it would be circular. */
  readonly tells: (cue: CueId, operation: OperationId) => boolean;
  /** Whether what a cue tells as it stands is worth the test proper, which costs 20 times as much and takes chance off. */
  readonly matters: (cue: CueId, glance: CueGlance) => boolean;
  /** Of the tests that are returned, the share that may be by chance. */
  readonly falseDiscoveries: number;
}

/**
 * Tests cues against operations, in each of some edit tasks.
 *
 * @returns the tests that matter and that chance would not bring forth, in the order of the tasks, of `OPERATIONS` and of `CUES`;
 * `null` where there are too few edits of any one kind to test
 */
export function testCues(tasks: readonly Task[], questions: CueQuestions): CueTest[] | null {
  const most = Math.floor(questions.decisions / tasks.length);
  const tested = tasks.map((task) => testTask(task, most, questions));
  if (tested.every(({ operations }) => operations === 0)) return null;
  const tests = tested.flatMap((one) => one.tests);
  const rates = falseDiscoveryRates(
    tests.map(({ p }) => p),
    tested.reduce((sum, { made }) => sum + made, 0),
  );
  return tests.filter((_, i) => rates[i]! <= questions.falseDiscoveries);
}

interface Tested {
  readonly tests: readonly CueTest[];
  /** How many there were, with those that do not matter. */
  readonly made: number;
  /** How many operations were tested. */
  readonly operations: number;
}

function testTask(task: Task, most: number, { tells, matters }: CueQuestions): Tested {
  const edits = readEdits(task, most);
  const tests: CueTest[] = [];
  let made = 0;
  let operations = 0;
  OPERATIONS.forEach((operation, o) => {
    const slots = withBit(edits.possible, 1 << o);
    const decisions = decisionsOn(edits, slots, 1 << o);
    const known = cueBaseline(decisions);
    if (known.yes < EVENTS || known.total - known.yes < EVENTS) return;
    if (runsWith(decisions, withBit(edits.done, 1 << o, slots)) < PAIRS_WITH_EVENT) return;
    operations += 1;
    let nextWord: number | undefined;
    CUES.forEach((cue, c) => {
      if (!tells(cue, operation)) return;
      const cued = withBit(edits.cues, 1 << c, slots);
      const carriers = runsWith(decisions, cued);
      if (carriers < PAIRS_WITH_CUE || cued.length === slots.length) return;
      if (cue === 'odd-mark' && isReplaced(edits, slots, decisions, cued, 1 << o)) return;
      made += 1;
      const glance = glanceAt(known, cued);
      if (!matters(cue, glance)) return;
      const value = cueExcess(known, cued);
      nextWord ??= givenTells(known);
      tests.push({
        edits,
        operation,
        cue,
        ...lessChance(value, value.chance),
        precision: rounded(glance.precision),
        recall: rounded(value.cuedYes / known.yes),
        baseRate: rounded(glance.baseRate),
        rateWithout: rounded((known.yes - value.cuedYes) / (known.total - value.cued)),
        nextWord: rounded(nextWord),
        events: known.yes,
        carriers,
        meetings: runsWith(
          decisions,
          cued.filter((i) => decisions.outcome[i] === 1),
        ),
        p: value.p,
        chance: value.chance,
        slots,
        decisions,
        cued,
      });
    });
  });
  return { tests, made, operations };
}

/** The test with one of the 20 groups (0–19) left out of the counts; what chance takes off stays as it is. */
export function cueTestWithout(test: CueTest, group: number): CueTest {
  return { ...test, ...lessChance(cueTells(cueBaseline(test.decisions, group), test.cued), test.chance) };
}

/** The first `most` places, in hash order, where the cue and the edit meet, one an example; rather those where the word before does not have the cue as well, as in a text all in capitals. */
export function cueEvidence({ edits, cue, slots, decisions, cued }: CueTest, most: number): Evidence[] {
  const flag = 1 << CUES.indexOf(cue);
  const chosen = new Map<PanelExample, Evidence>();
  for (const standsOut of [true, false]) {
    for (let c = 0; c < cued.length && chosen.size < most; c++) {
      if (decisions.outcome[cued[c]!] === 0) continue;
      const slot = slots[cued[c]!]!;
      const pair = edits.pairOf[slot]!;
      const { example, text } = edits.pairs[pair]!;
      if (chosen.has(example)) continue;
      if (standsOut && edits.pairOf[slot - 1] === pair && edits.cues[slot - 1]! & flag) continue;
      chosen.set(example, { ...example.at, excerpt: around(text, edits.at[slot]!) });
    }
  }
  return [...chosen.values()].toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

/** At most 160 characters of a text, with what stands at `at` in their midst, from a blank to a blank where there is one. */
function around(text: string, at: number): string {
  let from = Math.max(0, at - 70);
  if (from > 0) {
    const blank = text.indexOf(' ', from);
    from = blank >= 0 && blank < at ? blank + 1 : from;
  }
  return cutText(from > 0 ? `…${text.slice(from)}` : text, 160);
}

function glanceAt(known: Baseline, cued: Uint32Array): CueGlance {
  const { uncertainty, conditional, cued: places, cuedYes } = cueTells(known, cued);
  return { uncertainty, conditional, precision: cuedYes / places, baseRate: known.yes / known.total };
}

const lessChance = (value: Shares, chance: Shares): Shares => ({
  uncertainty: rounded(Math.max(0, value.uncertainty - chance.uncertainty)),
  conditional: rounded(Math.max(0, value.conditional - chance.conditional)),
});

/** The decisions on one operation; a run is a pair. */
function decisionsOn({ word, vocabulary, done, pairOf, pairs }: Edits, slots: Uint32Array, operation: number): Decisions {
  const outcome = new Uint8Array(slots.length);
  const given = new Uint32Array(slots.length);
  const runs: number[] = [];
  const seeds: number[] = [];
  const groups: number[] = [];
  let pair = -1;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!;
    outcome[i] = done[slot]! & operation ? 1 : 0;
    given[i] = word[slot]!;
    if (pairOf[slot] === pair) continue;
    pair = pairOf[slot]!;
    runs.push(i);
    seeds.push(pairs[pair]!.seed);
    groups.push(pairs[pair]!.example.group);
  }
  runs.push(slots.length);
  return {
    outcome,
    given,
    givenSize: vocabulary,
    runs: new Uint32Array(runs),
    seeds: new Float64Array(seeds),
    groups: new Uint8Array(groups),
  };
}

/** Where a column has a bit set, among the given rows or all. */
function withBit(column: readonly number[], flag: number, rows?: Uint32Array): Uint32Array {
  const found = new Uint32Array(rows?.length ?? column.length);
  let n = 0;
  for (let i = 0; i < found.length; i++) if (column[rows ? rows[i]! : i]! & flag) found[n++] = i;
  return found.slice(0, n);
}

/** In how many runs these decisions, in ascending order, lie. */
function runsWith({ runs }: Decisions, which: Uint32Array): number {
  let found = 0;
  let run = 0;
  let last = -1;
  for (const i of which) {
    while (runs[run + 1]! <= i) run++;
    if (run !== last) found += 1;
    last = run;
  }
  return found;
}

/** Whether the reply mostly takes the odd mark away where the operation is done: then it is what is edited, and not a cue. */
function isReplaced({ replaced }: Edits, slots: Uint32Array, { outcome }: Decisions, cued: Uint32Array, operation: number): boolean {
  let both = 0;
  let gone = 0;
  for (const i of cued) {
    if (outcome[i] === 0) continue;
    both += 1;
    if (replaced[slots[i]!]! & operation) gone += 1;
  }
  return gone * 2 > both;
}
