import { feature } from '../features/feature.ts';
import { type Column, type CueStrength, cueStrength, quantileBins } from '../stats/cues.ts';
import type { Panel } from '../types.ts';
import { integer } from '../wording.ts';
import { type AnsweredPairs, answeredPairs } from './answered.ts';
import { type Surface, surfaceOf } from './surface.ts';
import type { PanelPair, Task } from './tasks.ts';

/** The cues of `surface.ts` as columns, with the words for them. */

interface Cue {
  readonly id: string;
  /** Cues of one kind say much the same. */
  readonly kind: 'case' | 'end' | 'length' | 'marks' | 'blanks' | 'markup' | 'digits' | 'script';
  /** What a rule that reads only this reads. */
  readonly name: string;
  readonly read: (surface: Surface) => string | number;
  /** The prompts that have a value: stands after "prompts". Of numbers, what is counted: one, many. */
  readonly those: ((value: string) => string) | readonly [one: string, many: string];
  /** True where what is asked may rightly show in it: a sum has numbers, a list has commas. */
  readonly asked?: true;
  /** An order. */
  readonly repair: string;
}

const CASE = 'Lower-case the prompts, or randomise their case';

/** All cues, in the order in which ties are told. */
const CUES: readonly Cue[] = [
  {
    id: 'digits',
    kind: 'digits',
    asked: true,
    name: 'the number of numbers',
    read: ({ digits }) => digits,
    those: ['number in digits', 'numbers in digits'],
    repair: 'Let every answer have prompts with and without numbers',
  },
  {
    id: 'first-shape',
    kind: 'case',
    name: 'how the first word is written',
    read: ({ first }) => first,
    those: (shape) => (shape === 'none' ? 'without a word' : `that begin with ${shape === 'lower case' ? 'a small letter' : shape}`),
    repair: CASE,
  },
  {
    id: 'capitals',
    kind: 'case',
    asked: true,
    name: 'the number of capitalised words',
    read: ({ capitals }) => capitals,
    those: ['capitalised word', 'capitalised words'],
    repair: CASE,
  },
  {
    id: 'all-caps',
    kind: 'case',
    name: 'the number of words in capitals',
    read: ({ allCaps }) => allCaps,
    those: ['word in capitals', 'words in capitals'],
    repair: CASE,
  },
  {
    id: 'final-mark',
    kind: 'end',
    name: 'the final mark',
    read: ({ end }) => end,
    those: (end) => (end === 'nothing' ? 'without a word' : `that end with ${/^[a-z]/.test(end) ? end : JSON.stringify(end)}`),
    repair: 'End all prompts with the same mark, or with none, unless the mark is what is asked',
  },
  {
    id: 'words',
    kind: 'length',
    asked: true,
    name: 'the number of words',
    read: ({ words }) => words,
    those: ['word', 'words'],
    repair: 'Even out the lengths: give every answer short and long prompts',
  },
  {
    id: 'lines',
    kind: 'length',
    asked: true,
    name: 'the number of lines',
    read: ({ lines }) => lines,
    those: ['line', 'lines'],
    repair: 'Break lines alike, whatever the answer',
  },
  {
    id: 'questions',
    kind: 'marks',
    asked: true,
    name: 'the number of question marks',
    read: ({ questions }) => questions,
    those: ['question mark', 'question marks'],
    repair: 'Take the question marks away, or put them everywhere',
  },
  {
    id: 'exclamations',
    kind: 'marks',
    asked: true,
    name: 'the number of exclamation marks',
    read: ({ exclamations }) => exclamations,
    those: ['exclamation mark', 'exclamation marks'],
    repair: 'Take the exclamation marks away, or set them at random',
  },
  {
    id: 'commas',
    kind: 'marks',
    asked: true,
    name: 'the number of commas',
    read: ({ commas }) => commas,
    those: ['comma', 'commas'],
    repair: 'Punctuate alike, whatever the answer',
  },
  {
    id: 'colons',
    kind: 'marks',
    asked: true,
    name: 'the number of colons and semicolons',
    read: ({ colons }) => colons,
    those: ['colon or semicolon', 'colons and semicolons'],
    repair: 'Punctuate alike, whatever the answer',
  },
  {
    id: 'dashes',
    kind: 'marks',
    asked: true,
    name: 'the number of dashes',
    read: ({ dashes }) => dashes,
    those: ['dash', 'dashes'],
    repair: 'Punctuate alike, whatever the answer',
  },
  {
    id: 'brackets',
    kind: 'marks',
    asked: true,
    name: 'the number of brackets',
    read: ({ brackets }) => brackets,
    those: ['bracket', 'brackets'],
    repair: 'Punctuate alike, whatever the answer',
  },
  {
    id: 'quotes',
    kind: 'marks',
    asked: true,
    name: 'the number of quotation marks',
    read: ({ quotes }) => quotes,
    those: ['quotation mark', 'quotation marks'],
    repair: 'Quote alike, whatever the answer',
  },
  {
    id: 'typography',
    kind: 'marks',
    name: 'the shape of quotation marks and apostrophes',
    read: ({ typography }) => typography,
    those: (shape) =>
      shape === 'none'
        ? 'without quotation marks or apostrophes'
        : shape === 'both'
          ? 'with both plain and typographic quotation marks'
          : `with ${shape} quotation marks or apostrophes`,
    repair: 'Make all quotation marks and apostrophes plain',
  },
  {
    id: 'drawn-out',
    kind: 'marks',
    name: 'characters said three times in a row',
    read: ({ drawnOut }) => (drawnOut ? 'yes' : 'no'),
    those: (is) => (is === 'yes' ? 'that say a character three times in a row' : 'that say no character three times in a row'),
    repair: 'Shorten such runs, or let every answer have some',
  },
  {
    id: 'blanks-at-ends',
    kind: 'blanks',
    name: 'the blanks at the ends',
    read: ({ blanksAtEnds }) => blanksAtEnds,
    those: (where) =>
      where === 'none' ? 'without blanks at their ends' : where === 'both' ? 'with blanks at both ends' : `with a blank ${where} them`,
    repair: 'Trim all prompts',
  },
  {
    id: 'double-blanks',
    kind: 'blanks',
    name: 'the number of double blanks',
    read: ({ doubleBlanks }) => doubleBlanks,
    those: ['double blank', 'double blanks'],
    repair: 'Make double blanks single',
  },
  {
    id: 'markup',
    kind: 'markup',
    asked: true,
    name: 'the markup',
    read: ({ markup }) => markup,
    those: (kinds) =>
      kinds === 'none' ? 'without markup' : kinds === 'other' ? 'with another mix of markup' : `with ${kinds.split('+').join(' and ')}`,
    repair: 'Strip the markup, or use it alike, whatever the answer',
  },
  {
    id: 'address',
    kind: 'markup',
    asked: true,
    name: 'links, @ and #',
    read: ({ address }) => address,
    those: (what) =>
      what === 'none' ? 'without links, @ or #' : what === 'link' ? 'with a link' : what === 'at' ? 'with an @' : 'with a hashtag',
    repair: 'Strip links and handles, or put them everywhere',
  },
  {
    id: 'emoji',
    kind: 'markup',
    name: 'emoji',
    read: ({ emoji }) => (emoji ? 'yes' : 'no'),
    those: (is) => (is === 'yes' ? 'with emoji' : 'without emoji'),
    repair: 'Strip emoji, or let every answer have some',
  },
  {
    id: 'script',
    kind: 'script',
    name: 'the script',
    read: ({ script }) => script,
    those: (name) => (name === 'no letters' ? 'without letters' : name === 'another script' ? 'in another script' : `in ${name} script`),
    repair: 'Let every answer have prompts in every script',
  },
];

/** A cue of some pairs: a column, and the words for it. */
export interface SurfaceColumn {
  readonly cue: Omit<Cue, 'read' | 'those'>;
  readonly column: Column;
  /**
   * How far the answer may rightly follow from it. `no`: case, final marks, blanks, typography have nothing to do with what is asked.
   * `perhaps`: numbers, length, commas may. `likely`: these, where there are more than five labels, each of which asks for something of
   * its own, and of refusals.
   */
  readonly rightly: 'no' | 'perhaps' | 'likely';
  /** Per value the prompts that have it: stands after "prompts". */
  readonly those: readonly string[];
}

/** With more labels than this each asks for something of its own, and what is asked shows in the look of a prompt. */
const LABELS = 5;
/** With more kinds of answer than this, length tells some of them by chance of their wording. */
const CLASSES_FOR_LENGTH = 20;
const NAMED_VALUES = 12;

export interface SurfaceTable {
  readonly answers: AnsweredPairs;
  /** Cues with at least two values. */
  readonly columns: readonly SurfaceColumn[];
}

/** The surface cues of all answered pairs, in the order of `answeredPairs`. */
export const surfaceTables: (panel: Panel) => readonly SurfaceTable[] = feature((panel: Panel) => {
  const read = new Map<Task, Map<PanelPair, Surface>>();
  return answeredPairs(panel).map((answers) => {
    const { task } = answers.scheme;
    const known = read.get(task) ?? new Map<PanelPair, Surface>();
    read.set(task, known);
    const surfaces = answers.items.map((item) => {
      let surface = known.get(item);
      if (!surface) {
        surface = surfaceOf(item.pair.prompt);
        known.set(item, surface);
      }
      return surface;
    });
    const columns = CUES.filter(({ id }) => id !== 'words' || answers.classes <= CLASSES_FOR_LENGTH)
      .map((cue) => columnOf(cue, surfaces, rightly(cue, answers)))
      .filter(({ column }) => column.size > 1);
    return { answers, columns };
  });
});

function rightly({ asked }: Cue, { classes, scheme }: AnsweredPairs): SurfaceColumn['rightly'] {
  if (!asked) return 'no';
  return classes > LABELS || scheme.scheme === 'refusal' ? 'likely' : 'perhaps';
}

/** One cue against the answers of one task. */
export interface SurfaceTest {
  readonly answers: AnsweredPairs;
  readonly told: SurfaceColumn;
  readonly strength: CueStrength;
}

/** Every cue of every table, tested; in the order of `surfaceTables` and of its columns. */
export const surfaceTests: (panel: Panel) => readonly SurfaceTest[] = feature((panel: Panel) =>
  surfaceTables(panel).flatMap(({ answers, columns }) =>
    columns.map((told) => ({ answers, told, strength: cueStrength(told.column, answers) })),
  ),
);

function columnOf({ read, those, ...cue }: Cue, surfaces: readonly Surface[], mayFollow: SurfaceColumn['rightly']): SurfaceColumn {
  if (typeof those !== 'function') {
    const { column, edges } = quantileBins(Float64Array.from(surfaces, (surface) => read(surface) as number));
    return { cue, rightly: mayFollow, column, those: edges.map((_, bin) => between(edges, bin, those)) };
  }
  const values = surfaces.map((surface) => read(surface) as string);
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  const names = [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  const kept = names.length > NAMED_VALUES ? [...names.slice(0, NAMED_VALUES - 1), 'other'] : names;
  const index = new Map(kept.map((name, i) => [name, i]));
  const last = kept.length - 1;
  return {
    cue,
    rightly: mayFollow,
    column: { values: Int16Array.from(values, (value) => index.get(value) ?? last), size: kept.length },
    those: kept.map(those),
  };
}

/** "with 3 to 5 commas", "without commas", "with more than 20 words". */
function between(edges: readonly (readonly [number, number])[], bin: number, [one, many]: readonly [string, string]): string {
  const [least, greatest] = edges[bin]!;
  if (greatest === 0) return `without ${many}`;
  if (bin === edges.length - 1 && bin > 0) return least === 1 ? `with ${many}` : `with ${integer(least)} ${many} or more`;
  if (least === greatest) return `with ${integer(least)} ${least === 1 ? one : many}`;
  return least === 0 || bin === 0
    ? `with at most ${integer(greatest)} ${greatest === 1 ? one : many}`
    : `with ${integer(least)} to ${integer(greatest)} ${many}`;
}
