import {
  type CueId,
  type CueTest,
  count,
  cueEvidence,
  cueTestWithout,
  cutText,
  defineRule,
  heldBack,
  integer,
  judge,
  type OperationId,
  type OptionsOf,
  type Panel,
  type Picture,
  pairs,
  percent,
  quote,
  type Remark,
  type Severity,
  tasks,
  testCues,
  type Verdict,
} from '../../src/kit.ts';

/*
 * In four steps:
 * 1. Pairs to decisions (src/panel/edits.ts). The words of prompt and reply are aligned; at each word of the prompt the reply did or did
 *    not put each mark, change the case, replace or delete, and some cues were there to see.
 * 2. Decisions to tests (src/panel/cue-tests.ts). U is the share of the uncertainty about where an edit goes that a cue explains, and the
 *    conditional share the same of what is left once the next word is known, as the word itself may rightly tell. Both are less what the
 *    cue tells when it is turned round inside each text, which also decides whether it is chance.
 *    Tests that chance may have brought forth are dropped.
 * 3. Tests to a verdict (here). A test is judged by both shares, each held against the other (`counted`).
 * 4. The verdict to words (here), by the two tables below.
 */

const specs = {
  warn: {
    description: 'Share of the uncertainty about an edit that a cue may explain (U), before it is worth a look.',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'Share of the uncertainty about an edit that a cue may explain (U), before the cue is what the model learns.',
    type: 'number',
    default: 0.25,
    minimum: 0,
    maximum: 1,
  },
  conditionalWarn: {
    description: 'The same of what is left to know once the next word is known, before it is worth a look.',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
  conditionalError: {
    description: 'The same of what is left to know once the next word is known, before the cue is what the model learns.',
    type: 'number',
    default: 0.3,
    minimum: 0,
    maximum: 1,
  },
} as const;
type Options = OptionsOf<typeof specs>;

const measures = {
  uncertainty: { even: 0.05, worst: 0.5, scale: 'linear', warn: 'warn', error: 'error' },
  conditional: { even: 0.05, worst: 0.6, scale: 'linear', warn: 'conditionalWarn', error: 'conditionalError' },
} as const;

// ── Which cue is tested against which edit ──────────────────────────────────

interface Operation {
  /** An operation on a gap goes before a word, the others change the word itself. */
  readonly gap: boolean;
  /** "Putting a comma" … */
  readonly doing: string;
  /** "finds 90% of the commas" */
  readonly events: string;
}

/** Where two findings are as bad, that of the first comes first. */
const OPERATIONS: { readonly [id in OperationId]: Operation } = {
  'sentence-end': { gap: true, doing: 'Putting a sentence end', events: 'sentence ends' },
  comma: { gap: true, doing: 'Putting a comma', events: 'commas' },
  'line-break': { gap: true, doing: 'Breaking the line', events: 'line breaks' },
  quote: { gap: true, doing: 'Putting a quotation mark', events: 'quotation marks' },
  're-case': { gap: false, doing: 'Changing the case of', events: 'changes of case' },
  substitute: { gap: false, doing: 'Replacing', events: 'replaced words' },
  delete: { gap: false, doing: 'Deleting', events: 'deleted words' },
};

/*
 * What is left out would be circular: a mark of the very thing that the operation changes, so that reading it is the task.
 * - Case tells nothing of what happens to words (re-case, substitute, delete): a word in capitals is what a change of case is about,
 *   what a word looks like is why it is replaced, and names and shouted phrases come in runs, so a neighbour's case is no better.
 * - Blanks tell nothing of line breaks: a line break is a blank.
 * - A line's start tells nothing of a change of case: a capital there is layout.
 * - Digits and the length of words are no cues: the folded word holds both, so that they never add anything to it (and English
 *   sentences rarely end with a short word: length alone would look like a leak where there is none).
 */
const MARKS = ['sentence-end', 'comma', 'quote'] as const;
const GAPS = [...MARKS, 'line-break'] as const;
const WORDS = ['substitute', 'delete'] as const;
const ALL = [...GAPS, 're-case', ...WORDS] as const;

interface Cue {
  /** "the capitals explain 40% of …" */
  readonly explains: string;
  /** Where a model that reads only the cue puts a mark. */
  readonly where: string;
  /** Which words it changes. */
  readonly which: string;
  /** The order to give; `those` says which prompts, given what they have: "the 120 prompts that have capitals". */
  readonly repair: (those: (what: string) => string) => string;
  /** True of a place in the text, which every text has. */
  readonly position?: true;
  readonly tells: readonly OperationId[];
}

const caseCue = (explains: string, where: string): Cue => ({
  explains,
  where,
  which: '',
  repair: (those) => `Lower-case ${those('capitals')}, or give each of their words a random case`,
  tells: GAPS,
});
const place = (which: string): Cue => ({
  explains: 'the place in the text explains',
  where: `before ${which}`,
  which,
  repair: (those) => `Cut the texts of ${those('the edit there')} at varying words`,
  position: true,
  tells: ALL,
});

const CUES: { readonly [id in CueId]: Cue } = {
  'next-capital': caseCue('the capitals explain', 'before every capitalised word'),
  'next-all-caps': caseCue('the words in capitals explain', 'before every word in capitals'),
  'last-capital': caseCue('the capitals explain', 'after every capitalised word'),
  'last-all-caps': caseCue('the words in capitals explain', 'after every word in capitals'),
  'double-blank': {
    explains: 'the double blanks explain',
    where: 'at every double blank',
    which: 'every word after a double blank',
    repair: (those) => `Make double blanks single in ${those('them')}`,
    tells: [...MARKS, 're-case', ...WORDS],
  },
  'line-break': {
    explains: 'the line breaks explain',
    where: 'at every line break',
    which: 'every word that begins a line',
    repair: (those) => `Join the lines of ${those('several')}, or break them at random places`,
    tells: [...MARKS, ...WORDS],
  },
  invisible: {
    explains: 'the invisible characters explain',
    where: 'at every invisible character or unusual blank',
    which: 'every word after an invisible character or unusual blank',
    repair: (those) => `Strip invisible characters and unusual blanks from ${those('them')}`,
    tells: [...MARKS, 're-case', ...WORDS],
  },
  'odd-mark': {
    explains: 'the odd marks explain',
    where: 'at every odd mark (none of the usual punctuation)',
    which: 'every word after an odd mark (none of the usual punctuation)',
    repair: (those) => `Strip the odd marks from ${those('them')}`,
    tells: ALL,
  },
  'second-word': place('the second word'),
  'third-word': place('the third word'),
  'fourth-word': place('the fourth word'),
  'last-word': place('the last word'),
  'last-word-but-one': place('the last word but one'),
  'last-word-but-two': place('the last word but two'),
  'every-tenth-word-from-1': place('every tenth word from word 1 on'),
  'every-tenth-word-from-2': place('every tenth word from word 2 on'),
  'every-tenth-word-from-3': place('every tenth word from word 3 on'),
  'every-tenth-word-from-4': place('every tenth word from word 4 on'),
  'every-tenth-word-from-5': place('every tenth word from word 5 on'),
  'every-tenth-word-from-6': place('every tenth word from word 6 on'),
  'every-tenth-word-from-7': place('every tenth word from word 7 on'),
  'every-tenth-word-from-8': place('every tenth word from word 8 on'),
  'every-tenth-word-from-9': place('every tenth word from word 9 on'),
  'every-tenth-word-from-10': place('every tenth word from word 10 on'),
};

// ── How much is read, and what is called ────────────────────────────────────

/** Decisions, over all tasks. */
const DECISIONS = 200_000;
/** Of all cues that are called, at most this share by chance. */
const FALSE_DISCOVERIES = 0.01;
/** A place in the text is a cue only where the edit is made there more often than not: in natural text too, commas gather near the start. */
const POSITION_PRECISION = 0.5;
/** Below this precision a cue is a warning at most, unless it is by U alone. */
const RASH = 0.15;
const EVIDENCE = 3;
const ROWS = 12;

export default defineRule({
  meta: {
    id: 'edit-cue',
    family: 'leakage',
    severity: 'error',
    docs: {
      summary:
        'Measures how far a cheap mark in the prompt, such as a capital, a line break or a place in the text, tells where the reply edits it.',
      why: 'Strip the punctuation of finished text and keep its capitals, and every sentence end is followed by a capital: the model learns to look for capitals instead of reading, scores well on data made the same way, and fails on what people type, which has no capitals. An accuracy does not show it, because most capitals are names.',
      score:
        'Of the uncertainty about where an edit goes (a sentence end, a comma, a line break, a quotation mark, a change of case, a replaced or deleted word), the share that one cue explains beyond chance (U), and the same of what is left once the next word is known, since the word may rightly tell. U counts only as far as this second, conditional share, and that one only as far as twice U. Each is 0 up to 5%, .5 at its warn bound, .8 at its error bound, and 1 from 50% (conditional: 60%). The worst cue of the worst task counts.',
      source:
        'The founding case of this project: a model tuned to restore punctuation that “learned to just look for capitalization”. Theil’s uncertainty coefficient (https://en.wikipedia.org/wiki/Uncertainty_coefficient); Myers’ O(ND) alignment (http://www.xmailserver.org/diff2.pdf).',
    },
    options: specs,
    measures,
  },
  create: () => ({}),
  finish: (_state, options, panel) => conclude(panel, options),
});

// ── From tests to a verdict ─────────────────────────────────────────────────

interface Called {
  readonly test: CueTest;
  readonly score: number;
  readonly level: Severity;
  /** Whether U alone reaches the level, so that the message can speak of it. */
  readonly byUncertainty: boolean;
}

const WEIGHT: Readonly<{ [level in Severity]: number }> = { info: 0, warn: 1, error: 2 };
const ORDER = Object.keys(OPERATIONS);

const none = (notJudged: string): Verdict => ({ score: null, notJudged, findings: [] });

function conclude(panel: Panel, options: Options): Verdict {
  if (!panel.train.some((example) => pairs(example).some((pair) => pair.hasPrompt))) return none('no prompts');
  const all = tasks(panel);
  const edits = all.filter((task) => task.type === 'edit');
  if (edits.length === 0) return none('no task that edits its prompt');
  const judged = edits.filter((task) => task.judged);
  if (judged.length === 0) return none('the tasks that edit their prompt are too small');

  // less than this as it stands cannot become more by taking chance off; and a cue that an edit avoids is no recipe for it
  const least = Math.min(measures.conditional.even, options.conditionalWarn, options.warn);
  const tests = testCues(judged, {
    decisions: DECISIONS,
    falseDiscoveries: FALSE_DISCOVERIES,
    tells: (cue, operation) => CUES[cue].tells.includes(operation),
    matters: (cue, glance) =>
      counted(glance).conditional >= least &&
      glance.precision > glance.baseRate &&
      !(CUES[cue].position && glance.precision < POSITION_PRECISION),
  });
  if (!tests) return none('too few edits of any one kind');

  const called = tests
    .map((test) => call(test, options))
    .filter(({ score }) => score > 0)
    .toSorted(worstFirst);
  const score = called.reduce((worst, one) => Math.max(worst, one.score), 0);
  const several = all.length > 1;
  const findings: Remark[] = [];
  for (const one of called) {
    const same = called.filter((other) => other.test.edits === one.test.edits && other.test.operation === one.test.operation);
    if (same[0] === one) findings.push(remark(one, same.slice(1), panel, options, several));
  }
  return {
    score,
    findings,
    ...(!panel.whole && { replicates: replicates(called, options) }),
    ...(called.length > 0 && { picture: picture(called, several) }),
  };
}

/**
 * What the next word explains already is no leak: U counts as far as the conditional share goes. And all of what the next word leaves open
 * is little where it leaves little open: the conditional share counts as far as twice U.
 */
function counted({ uncertainty, conditional }: Pick<CueTest, 'uncertainty' | 'conditional'>) {
  return {
    uncertainty: Math.min(uncertainty, conditional),
    conditional: Math.min(conditional, 2 * uncertainty),
  };
}

function call(test: CueTest, options: Options): Called {
  const shares = counted(test);
  const uncertainty = judge(measures.uncertainty, shares.uncertainty, options);
  const told = judge(measures.conditional, shares.conditional, options);
  // a rule that is nearly always wrong is no shortcut: quotation marks, too, stand before capitals, of which they precede few
  const rash = test.precision < RASH && told.level === 'error';
  const conditional = rash ? { score: heldBack(told.score, 'warn'), level: 'warn' as const } : told;
  const level = [uncertainty.level ?? 'info', conditional.level ?? 'info'].toSorted((a, b) => WEIGHT[b] - WEIGHT[a])[0]!;
  return {
    test,
    score: Math.max(uncertainty.score, conditional.score),
    level,
    byUncertainty: (uncertainty.level ?? 'info') === level && uncertainty.score > 0,
  };
}

/** Of cues that tell as much, the first in the order of the tests comes first, as sorting is stable. */
function worstFirst(a: Called, b: Called): number {
  const [{ key: one }, { key: other }] = [a.test.edits.task, b.test.edits.task];
  return (
    WEIGHT[b.level] - WEIGHT[a.level] ||
    b.score - a.score ||
    (one < other ? -1 : one > other ? 1 : 0) ||
    ORDER.indexOf(a.test.operation) - ORDER.indexOf(b.test.operation) ||
    b.test.uncertainty - a.test.uncertainty ||
    b.test.conditional - a.test.conditional
  );
}

/** The score with each of the 20 groups left out of the counts. */
function replicates(called: readonly Called[], options: Options): number[] {
  return Array.from({ length: 20 }, (_, group) =>
    called.reduce((worst, { test }) => Math.max(worst, call(cueTestWithout(test, group), options).score), 0),
  );
}

// ── From a verdict to words ─────────────────────────────────────────────────

function remark(
  { test, level, byUncertainty }: Called,
  others: readonly Called[],
  panel: Panel,
  options: Options,
  several: boolean,
): Remark {
  const operation = OPERATIONS[test.operation];
  const cue = CUES[test.cue];
  const { task, pairs: read } = test.edits;
  const where = operation.gap ? cue.where : cue.which;
  const inTask = several ? `In the task ${quote(task.name)}, ` : '';
  const doing = several ? operation.doing[0]!.toLowerCase() + operation.doing.slice(1) : operation.doing;
  const whereTo = `where the ${operation.events} ${operation.gap ? 'go' : 'are'}`;
  const left = byUncertainty ? whereTo : `what ${operation.gap ? 'the next word' : 'the word'} leaves open about ${whereTo}`;
  const [value, even, warn] = byUncertainty
    ? [test.uncertainty, measures.uncertainty.even, options.warn]
    : [test.conditional, measures.conditional.even, options.conditionalWarn];
  const bound = level === 'info' ? Math.min(even, warn) : warn;
  const explains = `${cue.explains} ${percent(value)} of ${left}, expected under ${percent(bound)}`;
  const those = (what: string): string => prompts(test, panel, what);
  return {
    key: `${several ? `${task.key}: ` : ''}${test.operation} by ${test.cue}`,
    message: `${inTask}${doing} ${where} finds ${percent(test.recall)} of the ${operation.events} without reading a word (${percent(test.precision)} of such guesses are right): ${explains}`,
    level,
    suggestion: `${cue.repair(those)}, so that the ${operation.events} must be told from the words`,
    evidence: cueEvidence(test, EVIDENCE),
    data: {
      task: task.name,
      operation: test.operation,
      cue: test.cue,
      uncertainty: test.uncertainty,
      conditional: test.conditional,
      precision: test.precision,
      recall: test.recall,
      baseRate: test.baseRate,
      rateWithoutCue: test.rateWithout,
      nextWordUncertainty: test.nextWord,
      decisions: test.slots.length,
      events: test.events,
      examples: new Set(read.map(({ example }) => example)).size,
      // what lies under this is arithmetic
      p: Math.round(test.p * 1e9) / 1e9,
      ...(others.length > 0 && { otherCues: others.map((other) => other.test.cue).join(', ') }),
    },
  };
}

/** "the 120 prompts that have capitals", as exactly as is known: the panel may be a sample, and pairs may have been left out. */
function prompts({ edits, cue, carriers, meetings }: CueTest, panel: Panel, what: string): string {
  const read = edits.pairs.length;
  const all = edits.task.pairs.length;
  // every text has a second word: what matters is where the edit is made there
  const those = CUES[cue].position ? meetings : carriers;
  const one = edits.pairs.some(({ example }) => example.times > 1) ? 'distinct prompt' : 'prompt';
  if (those === read) return panel.whole && read === all ? `all ${count(read, one)}` : 'all prompts';
  if (panel.whole && read === all) return `the ${count(those, one)} that have ${what}`;
  const about = panel.whole ? integer((those / read) * all) : `${percent(those / read)} of all`;
  return `the prompts that have ${what} (about ${about})`;
}

function picture(called: readonly Called[], several: boolean): Picture {
  const rows = called.slice(0, ROWS).map(({ test }) => {
    const cells = [OPERATIONS[test.operation].events, test.cue, test.uncertainty, test.conditional, test.precision, test.recall];
    return several ? [cutText(test.edits.task.name, 40), ...cells] : cells;
  });
  const columns = ['edit', 'cue', 'U', 'conditional U', 'precision', 'recall'];
  return { kind: 'table', title: 'What cues tell of the edits', columns: several ? ['task', ...columns] : columns, rows };
}
