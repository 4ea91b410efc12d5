import {
  align,
  combine,
  count,
  cueBaseline,
  cueExcess,
  cueTells,
  cutText,
  type Decisions,
  defineRule,
  type Edit,
  type Evidence,
  editedText,
  editOf,
  falseDiscoveryRates,
  firstPart,
  frameOf,
  givenTells,
  integer,
  judge,
  type OptionsOf,
  type Panel,
  type PanelExample,
  type Picture,
  pairs,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Task,
  tasks,
  type Verdict,
  type WordList,
  wordList,
} from '../../src/kit.ts';

const specs = {
  warn: {
    description: 'Share of the uncertainty about an edit that a cue may explain (U), before it is worth a look',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'Share of the uncertainty about an edit that a cue may explain (U), before the cue is what the model learns',
    type: 'number',
    default: 0.25,
    minimum: 0,
    maximum: 1,
  },
  conditionalWarn: {
    description: 'The same of what is left to know once the next word is known, before it is worth a look',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
  conditionalError: {
    description: 'The same of what is left to know once the next word is known, before the cue is what the model learns',
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

// ── What is decided, and what may give it away ──────────────────────────────

type OperationId = 'sentence-end' | 'comma' | 'line-break' | 'quote' | 're-case' | 'substitute' | 'delete';

interface Operation {
  readonly id: OperationId;
  /** The operations on a gap go before a word, the others change the word itself. */
  readonly gap: boolean;
  /** "Putting a comma" … */
  readonly doing: string;
  readonly events: string;
  /** "where the commas …" */
  readonly verb: string;
}

const OPERATIONS: readonly Operation[] = [
  { id: 'sentence-end', gap: true, doing: 'Putting a sentence end', events: 'sentence ends', verb: 'go' },
  { id: 'comma', gap: true, doing: 'Putting a comma', events: 'commas', verb: 'go' },
  { id: 'line-break', gap: true, doing: 'Breaking the line', events: 'line breaks', verb: 'go' },
  { id: 'quote', gap: true, doing: 'Putting a quotation mark', events: 'quotation marks', verb: 'go' },
  { id: 're-case', gap: false, doing: 'Changing the case of', events: 'changes of case', verb: 'are' },
  { id: 'substitute', gap: false, doing: 'Replacing', events: 'replaced words', verb: 'are' },
  { id: 'delete', gap: false, doing: 'Deleting', events: 'deleted words', verb: 'are' },
];

interface Cue {
  readonly id: string;
  /** "the capitals explain …" */
  readonly name: string;
  /** Where a model that reads only the cue puts a mark. */
  readonly where: string;
  /** Which words it changes. */
  readonly which: string;
  /** The order to give; `those` says which prompts, given what they have: "the 120 prompts that have capitals". */
  readonly repair: (those: (what: string) => string) => string;
  /** True of a place in the text. */
  readonly position?: true;
  readonly tells: readonly OperationId[];
}

/*
 * Which cue is tested against which operation. What is left out would be circular: a mark of the very thing that the operation
 * changes, so that reading it is the task.
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

const lowerCase: Cue['repair'] = (those) => `Lower-case ${those('capitals')}, or give each of their words a random case`;
const elsewhere: Cue['repair'] = (those) => `Cut the texts of ${those('the edit there')} at varying words`;

const CUES: readonly Cue[] = [
  {
    id: 'next-capital',
    name: 'the capitals',
    where: 'before every capitalised word',
    which: '',
    repair: lowerCase,
    tells: GAPS,
  },
  { id: 'next-all-caps', name: 'the words in capitals', where: 'before every word in capitals', which: '', repair: lowerCase, tells: GAPS },
  { id: 'last-capital', name: 'the capitals', where: 'after every capitalised word', which: '', repair: lowerCase, tells: GAPS },
  { id: 'last-all-caps', name: 'the words in capitals', where: 'after every word in capitals', which: '', repair: lowerCase, tells: GAPS },
  {
    id: 'double-blank',
    name: 'the double blanks',
    where: 'at every double blank',
    which: 'every word after a double blank',
    repair: (those) => `Make double blanks single in ${those('them')}`,
    tells: [...MARKS, 're-case', ...WORDS],
  },
  {
    id: 'line-break',
    name: 'the line breaks',
    where: 'at every line break',
    which: 'every word that begins a line',
    repair: (those) => `Join the lines of ${those('several')}, or break them at random places`,
    tells: [...MARKS, ...WORDS],
  },
  {
    id: 'invisible',
    name: 'the invisible characters',
    where: 'at every invisible character or unusual blank',
    which: 'every word after an invisible character or unusual blank',
    repair: (those) => `Strip invisible characters and unusual blanks from ${those('them')}`,
    tells: [...MARKS, 're-case', ...WORDS],
  },
  {
    id: 'odd-mark',
    name: 'the odd marks',
    where: 'at every odd mark (none of the usual punctuation)',
    which: 'every word after an odd mark (none of the usual punctuation)',
    repair: (those) => `Strip the odd marks from ${those('them')}`,
    tells: ALL,
  },
  ...['second', 'third', 'fourth'].map((word): Cue => positionCue(`${word}-word`, `the ${word} word`)),
  ...['last word', 'last word but one', 'last word but two'].map((word): Cue => positionCue(word.replaceAll(' ', '-'), `the ${word}`)),
  ...Array.from({ length: 10 }, (_, i): Cue => positionCue(`every-tenth-word-from-${i + 1}`, `every tenth word from word ${i + 1} on`)),
];

function positionCue(id: string, which: string): Cue {
  return { id, name: 'the place in the text', where: `before ${which}`, which, repair: elsewhere, position: true, tells: ALL };
}

const BIT = new Map(CUES.map((cue, i) => [cue.id, 1 << i]));
const bit = (id: string): number => BIT.get(id)!;
const NEXT_CAPITAL = bit('next-capital');
const NEXT_ALL_CAPS = bit('next-all-caps');
const LAST_CAPITAL = bit('last-capital');
const LAST_ALL_CAPS = bit('last-all-caps');
const FROM_START = CUES.findIndex((cue) => cue.id === 'second-word');
const FROM_END = FROM_START + 3;
const TENTHS = FROM_START + 6;

// ── How much is read ────────────────────────────────────────────────────────

/** Words of a text. */
const WORDS_READ = 2000;
/** Decisions, over all tasks. */
const DECISIONS = 200_000;
/** Words looked at for each decision allowed, and comparisons of an alignment's search: hostile data ends here. */
const WORDS_PER_DECISION = 10;
const DIFFERENCES = 30_000_000;
/** Share of the words of prompt and reply that an alignment must keep. */
const ALIGNED = 0.7;
/** Below these an operation is not judged: the events and the non-events, and the pairs with an event. */
const EVENTS = 30;
const PAIRS_WITH_EVENT = 10;
/** Pairs that must carry a cue. */
const PAIRS_WITH_CUE = 10;
/** The conditional share counts as far as so many times U: all of what the next word leaves open is little, where it leaves little open. */
const CONDITIONAL_PER_UNCERTAINTY = 2;
/** Of all cues that are called, at most this share by chance. */
const FALSE_DISCOVERIES = 0.01;
/** A place in the text is a cue only where the edit is made there more often than not: in natural text too, commas gather near the start. */
const POSITION_PRECISION = 0.5;
const EVIDENCE = 3;
const ROWS = 12;

export default defineRule({
  meta: {
    id: 'edit-cue',
    family: 'leakage',
    severity: 'error',
    docs: {
      summary:
        'Measures, where replies are edited prompts, how far a cheap mark in the prompt (a capital, a line break, a double blank, a place in the text) tells where the edits go.',
      why: 'Strip the punctuation of finished text and keep its capitals, and every sentence end is followed by a capital: the model learns to look for capitals instead of reading, scores well on data made the same way, and fails on what people type, which has no capitals. An accuracy does not show it, because most capitals are names.',
      score:
        'Words of prompt and reply are aligned; for each kind of edit (sentence end, comma, line break, quotation mark, change of case, replaced and deleted word) and each cue, U is the share of the uncertainty about where the edit goes that the cue explains, and the conditional share the same of what is left once the next word is known, as the word itself may rightly tell. Both are less what the cue tells when it is turned round inside each text, which also decides whether it is chance. U counts only as far as the conditional share goes: what the next word explains already is no leak; and the conditional share only as far as twice U: all of what the next word leaves open is little where it leaves little open. 0 at 5%; the warn line at 10% and the error line at 25% (conditional: 30%) are options; 1 at 50% (conditional: 60%). The worst cue of the worst task counts.',
      source:
        'The founding case of this project: a model tuned to restore punctuation that “learned to just look for capitalization”. Theil’s uncertainty coefficient (https://en.wikipedia.org/wiki/Uncertainty_coefficient); Myers’ O(ND) alignment (http://www.xmailserver.org/diff2.pdf).',
    },
    options: specs,
    measures,
  },
  create: () => ({}),
  finish: (_state, options, panel) => conclude(panel, options),
});

// ── From pairs to decisions ─────────────────────────────────────────────────

/** The decisions of one task: one for the gap before each word and one for the word. The arrays run over the words. */
interface Recorded {
  readonly task: Task;
  readonly word: number[];
  readonly cues: number[];
  /** Bits by the order of `OPERATIONS`: what was done; what could have been. */
  readonly done: number[];
  readonly possible: number[];
  /** Bits by the order of `OPERATIONS`: the reply no longer has the odd mark at which this was done. */
  readonly replaced: number[];
  /** The pair of each word, as an index of the lists below. */
  readonly pairOf: number[];
  /** Where the word stands in its text. */
  readonly at: number[];
  readonly pairs: { readonly example: PanelExample; readonly text: string; readonly seed: number }[];
  vocabulary: number;
}

function readTask(task: Task, most: number): Recorded {
  const record: Recorded = {
    task,
    word: [],
    cues: [],
    done: [],
    possible: [],
    replaced: [],
    pairOf: [],
    at: [],
    pairs: [],
    vocabulary: 0,
  };
  const ids = new Map<string, number>();
  const idsOf = (words: WordList): Uint32Array => {
    const list = new Uint32Array(words.folded.length);
    for (let i = 0; i < list.length; i++) {
      const word = words.folded[i]!;
      let id = ids.get(word);
      if (id === undefined) ids.set(word, (id = ids.size));
      list[i] = id;
    }
    return list;
  };
  const frame = frameOf(task.pairs);
  let wordsLeft = most * WORDS_PER_DECISION;
  let differencesLeft = DIFFERENCES;
  for (const one of task.pairs) {
    const { pair, example } = one;
    if (record.word.length >= most || wordsLeft <= 0 || differencesLeft <= 0) break;
    if (!pair.hasPrompt) continue;
    const text = editedText(one, frame);
    const reply = firstPart(pair.reply);
    const said = wordList(text, WORDS_READ);
    const replied = wordList(reply, WORDS_READ);
    wordsLeft -= said.folded.length + replied.folded.length;
    const before = idsOf(said);
    const after = idsOf(replied);
    const needed = Math.ceil(ALIGNED * after.length);
    if (after.length < 2 || shared(before, after) < needed) continue;
    const mostDifferences = Math.min(before.length + after.length - 2 * needed, Math.floor(Math.sqrt(differencesLeft)));
    const alignment = align(before, after, mostDifferences);
    differencesLeft -= alignment ? differences(alignment, after.length) ** 2 : mostDifferences ** 2;
    if (!alignment) continue;
    const changed = editOf(alignment, after.length);
    if (changed.keptCount < ALIGNED * Math.max(changed.until - changed.from, replied.cut ? 0 : after.length)) continue;
    decide(record, { text, reply, said, replied, words: before, changed });
    record.pairs.push({ example, text, seed: combine(example.hash, pair.turn) });
  }
  record.vocabulary = ids.size;
  return record;
}

/** How many words a bag of words has in common with another. */
function shared(a: Uint32Array, b: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const word of a) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of b) {
    const left = counts.get(word) ?? 0;
    if (left === 0) continue;
    counts.set(word, left - 1);
    common++;
  }
  return common;
}

function differences(alignment: Int32Array, replyLength: number): number {
  let matched = 0;
  for (const j of alignment) if (j >= 0) matched++;
  return alignment.length + replyLength - 2 * matched;
}

interface Aligned {
  readonly text: string;
  readonly reply: string;
  readonly said: WordList;
  readonly replied: WordList;
  readonly words: Uint32Array;
  readonly changed: Edit;
}

const SENTENCE_END = 1;
const COMMA = 2;
const LINE_BREAK = 4;
const QUOTE = 8;
/** A sentence mark that may be something else: an initial's, an ellipsis inside a sentence, a dot in an address. */
const ANY_END = 16;
const DOUBLE_BLANK = 32;
const INVISIBLE = 64;
const ODD = 128;
const GAP_OPERATIONS = SENTENCE_END | COMMA | LINE_BREAK | QUOTE;
const RE_CASE = 1 << 4;
const SUBSTITUTE = 1 << 5;
const DELETE = 1 << 6;

/** Adds the decisions on every word of an edited text but the first, which has no gap before it. */
function decide(record: Recorded, { text, reply, said, replied, words, changed }: Aligned): void {
  const { from, until, to, kept } = changed;
  const pair = record.pairs.length;
  let lastCase = caseOf(text, said.starts[from]!, said.ends[from]!);
  for (let i = from + 1; i < until; i++) {
    const start = said.starts[i]!;
    const gap = marksOf(text, said.ends[i - 1]!, start);
    const ownCase = caseOf(text, start, said.ends[i]!);
    const j = to[i]!;

    let done = 0;
    let possible = DELETE;
    let replaced = 0;
    if (j < 0) done = DELETE;
    else {
      const paired = j > 0 && to[i - 1] === j - 1;
      const replyGap = paired ? marksOf(reply, replied.ends[j - 1]!, replied.starts[j]!) : 0;
      possible |= SUBSTITUTE;
      if (kept[i] === 0) done |= SUBSTITUTE;
      // after a sentence end that the prompt shows, or that the reply has just put there, a capital is no secret
      else if (!((gap | replyGap) & ANY_END)) {
        possible |= RE_CASE;
        if (recased(text, start, said.ends[i]!, reply, replied.starts[j]!, replied.ends[j]!)) done |= RE_CASE;
      }
      // where the prompt shows a sentence end, neither a new line nor a quotation mark is a secret
      if (paired && !(gap & ANY_END)) {
        possible |= GAP_OPERATIONS & ~(gap & GAP_OPERATIONS);
        done |= replyGap & possible & GAP_OPERATIONS;
      }
      if (gap & ODD && !(replyGap & ODD)) replaced = done;
    }

    let cues = ownCase;
    if (lastCase & NEXT_CAPITAL) cues |= LAST_CAPITAL;
    if (lastCase & NEXT_ALL_CAPS) cues |= LAST_ALL_CAPS;
    if (gap & DOUBLE_BLANK) cues |= bit('double-blank');
    if (gap & LINE_BREAK) cues |= bit('line-break');
    if (gap & INVISIBLE) cues |= bit('invisible');
    if (gap & ODD) cues |= bit('odd-mark');
    const index = i - from;
    const left = until - 1 - i;
    if (index <= 3) cues |= 1 << (FROM_START + index - 1);
    if (left <= 2) cues |= 1 << (FROM_END + left);
    cues |= 1 << (TENTHS + (index % 10));

    record.word.push(words[i]!);
    record.cues.push(cues);
    record.done.push(done);
    record.possible.push(possible);
    record.replaced.push(replaced);
    record.pairOf.push(pair);
    record.at.push(start);
    lastCase = ownCase;
  }
}

/** NEXT_CAPITAL and NEXT_ALL_CAPS, as they hold of a word. */
function caseOf(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  if (first < 128 ? first < 65 || first > 90 : !/^\p{Lu}/u.test(text.slice(start, start + 2))) return 0;
  const word = text.slice(start, end);
  const rest = word.slice(first >= 0xd800 && first <= 0xdbff ? 2 : 1);
  return /\p{Lu}/u.test(rest) && !/\p{Ll}/u.test(rest) ? NEXT_CAPITAL | NEXT_ALL_CAPS : NEXT_CAPITAL;
}

function recased(text: string, start: number, end: number, reply: string, from: number, until: number): boolean {
  const before = text.slice(start, end);
  const after = reply.slice(from, until);
  return before !== after && before.toLowerCase() === after.toLowerCase();
}

/** Which marks stand between two words. */
function marksOf(text: string, start: number, end: number): number {
  let marks = 0;
  let ended = false; // a sentence mark, and no blank after it yet
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 32 || c === 10 || c === 13) {
      if (ended) marks |= SENTENCE_END;
      if (c === 10) marks |= LINE_BREAK;
      else if (c === 32 && i > start && text.charCodeAt(i - 1) === 32) marks |= DOUBLE_BLANK;
      ended = false;
      continue;
    }
    switch (c) {
      case 46: // .
        marks |= ANY_END;
        if (!(i === start && isInitial(text, start))) ended = true;
        break;
      case 33: // !
      case 63: // ?
      case 0x2026: // …
        marks |= ANY_END;
        ended = true;
        break;
      case 0x3002: // 。
      case 0xff01: // ！
      case 0xff1f: // ？
      case 0xff0e: // ．
        marks |= ANY_END | SENTENCE_END;
        break;
      case 44: // ,
      case 58: // :
      case 59: // ;
      case 0x2013: // –
      case 0x2014: // —
      case 0x060c: // ،
      case 0x061b: // ؛
      case 0x3001: // 、
      case 0xff0c: // ，
      case 0xff1a: // ：
      case 0xff1b: // ；
        marks |= COMMA;
        break;
      case 45: // a hyphen between blanks is a dash
        if (i > start && i + 1 < end && text.charCodeAt(i - 1) === 32 && text.charCodeAt(i + 1) === 32) marks |= COMMA;
        break;
      case 34: // "
      case 0x201c: // “
      case 0x201d: // ”
      case 0x201e: // „
      case 0xab: // «
      case 0xbb: // »
      case 0x300c: // 「
      case 0x300d: // 」
      case 0x300e: // 『
      case 0x300f: // 』
        marks |= QUOTE;
        break;
      default:
        if (isInvisible(c)) {
          if (ended) marks |= SENTENCE_END;
          marks |= INVISIBLE;
          ended = false;
        } else if (!USUAL.has(c) && !isPicture(c)) marks |= ODD;
    }
  }
  // two blanks that begin a line are an indent
  return marks & LINE_BREAK ? marks & ~DOUBLE_BLANK : marks;
}

/** Marks of ordinary prose, beside those that `marksOf` names. */
const USUAL = new Set(Array.from("'()[]/&%$+#@*_•·‘’‚‹›£€°§（）", (char) => char.charCodeAt(0)));

/** A single letter before a full stop: "E. F. Benson". */
function isInitial(text: string, end: number): boolean {
  const before = text.charCodeAt(end - 1);
  const isCapital = before < 128 ? before >= 65 && before <= 90 : /^\p{Lu}$/u.test(text[end - 1]!);
  return isCapital && before !== 73 && (end < 2 || /[\s.(]/.test(text[end - 2]!));
}

/** Emoji and dingbats are said, like words. */
const isPicture = (c: number): boolean => (c >= 0xd800 && c <= 0xdfff) || (c >= 0x2190 && c <= 0x2bff);

const isInvisible = (c: number): boolean =>
  c < 32 ||
  (c >= 0x7f && c <= 0xa0) ||
  c === 0xad ||
  c === 0x1680 ||
  (c >= 0x2000 && c <= 0x200f) ||
  (c >= 0x2028 && c <= 0x202f) ||
  (c >= 0x205f && c <= 0x206f) ||
  c === 0x3000 ||
  (c >= 0xfe00 && c <= 0xfe0f) ||
  c === 0xfeff;

// ── From decisions to tests ─────────────────────────────────────────────────

/** One cue against one operation, in one task. */
interface Test {
  readonly record: Recorded;
  readonly operation: Operation;
  readonly cue: Cue;
  /** The decisions on the operation, as indexes into the record. */
  readonly slots: Uint32Array;
  readonly decisions: Decisions;
  readonly cued: Uint32Array;
  readonly events: number;
  /** Less what chance makes of them. */
  readonly uncertainty: number;
  readonly conditional: number;
  readonly chance: { readonly uncertainty: number; readonly conditional: number };
  readonly precision: number;
  readonly recall: number;
  readonly baseRate: number;
  readonly rateWithout: number;
  readonly nextWord: number;
  /** The pairs that carry the cue. */
  readonly carriers: number;
  readonly p: number;
}

interface Tested {
  readonly tests: readonly Test[];
  /** How many there were, with those that could not matter. */
  readonly made: number;
  /** How many operations were judged. */
  readonly operations: number;
}

function testTask(record: Recorded, least: number): Tested {
  const tests: Test[] = [];
  let made = 0;
  let operations = 0;
  OPERATIONS.forEach((operation, o) => {
    const { slots, decisions } = decisionsOn(record, o);
    const known = cueBaseline(decisions);
    const events = withBit(record.done, 1 << o, slots);
    if (known.yes < EVENTS || known.total - known.yes < EVENTS || pairsWith(decisions, events) < PAIRS_WITH_EVENT) return;
    operations += 1;
    let nextWord = -1;
    CUES.forEach((cue, c) => {
      if (!cue.tells.includes(operation.id)) return;
      const cued = withBit(record.cues, 1 << c, slots);
      const carriers = pairsWith(decisions, cued);
      if (carriers < PAIRS_WITH_CUE || cued.length === slots.length) return;
      if (cue.id === 'odd-mark' && isReplaced(record, slots, decisions, cued, o)) return;
      made += 1;
      const first = cueTells(known, cued);
      const precision = first.cuedYes / first.cued;
      const baseRate = known.yes / known.total;
      // less than this as it stands cannot become more by taking chance off; and a cue that an edit avoids is no recipe for it
      if (
        Math.min(first.conditional, CONDITIONAL_PER_UNCERTAINTY * first.uncertainty) < least ||
        precision <= baseRate ||
        (cue.position && precision < POSITION_PRECISION)
      )
        return;
      const value = cueExcess(known, cued);
      if (nextWord < 0) nextWord = givenTells(known);
      tests.push({
        record,
        operation,
        cue,
        slots,
        decisions,
        cued,
        events: known.yes,
        uncertainty: rounded(Math.max(0, value.uncertainty - value.chance.uncertainty)),
        conditional: rounded(Math.max(0, value.conditional - value.chance.conditional)),
        chance: value.chance,
        precision: rounded(precision),
        recall: rounded(value.cuedYes / known.yes),
        baseRate: rounded(baseRate),
        rateWithout: rounded((known.yes - value.cuedYes) / (known.total - value.cued)),
        nextWord: rounded(nextWord),
        // every text has a second word: what matters is where the edit is made there
        carriers: cue.position
          ? pairsWith(
              decisions,
              cued.filter((i) => decisions.outcome[i] === 1),
            )
          : carriers,
        p: value.p,
      });
    });
  });
  return { tests, made, operations };
}

interface Slots {
  /** The decisions, as indexes into the record. */
  readonly slots: Uint32Array;
  readonly decisions: Decisions;
}

function decisionsOn(record: Recorded, operation: number): Slots {
  const flag = 1 << operation;
  const { word, done, possible, pairOf } = record;
  const slots = withBit(possible, flag);
  const outcome = new Uint8Array(slots.length);
  const given = new Uint32Array(slots.length);
  const runs: number[] = [];
  const seeds: number[] = [];
  const groups: number[] = [];
  let pair = -1;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!;
    outcome[i] = done[slot]! & flag ? 1 : 0;
    given[i] = word[slot]!;
    if (pairOf[slot] === pair) continue;
    pair = pairOf[slot]!;
    runs.push(i);
    seeds.push(record.pairs[pair]!.seed);
    groups.push(record.pairs[pair]!.example.group);
  }
  runs.push(slots.length);
  const decisions = {
    outcome,
    given,
    givenSize: record.vocabulary,
    runs: new Uint32Array(runs),
    seeds: new Float64Array(seeds),
    groups: new Uint8Array(groups),
  };
  return { slots, decisions };
}

/** Where a column has a bit set, among the given rows or all. */
function withBit(column: readonly number[], flag: number, rows?: Uint32Array): Uint32Array {
  const found = new Uint32Array(rows?.length ?? column.length);
  let n = 0;
  for (let i = 0; i < found.length; i++) if (column[rows ? rows[i]! : i]! & flag) found[n++] = i;
  return found.slice(0, n);
}

/** In how many runs these decisions, in ascending order, lie. */
function pairsWith({ runs }: Decisions, which: Uint32Array): number {
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
function isReplaced({ replaced }: Recorded, slots: Uint32Array, { outcome }: Decisions, cued: Uint32Array, operation: number): boolean {
  let both = 0;
  let gone = 0;
  for (const i of cued) {
    if (outcome[i] === 0) continue;
    both += 1;
    if (replaced[slots[i]!]! & (1 << operation)) gone += 1;
  }
  return gone * 2 > both;
}

// ── From tests to a verdict ─────────────────────────────────────────────────

interface Called {
  readonly test: Test;
  readonly score: number;
  readonly level: Severity;
  /** Whether U alone reaches the level, so that the message can speak of it. */
  readonly byUncertainty: boolean;
}

const WEIGHT: Readonly<{ [level in Severity]: number }> = { info: 0, warn: 1, error: 2 };

const none = (notJudged: string): Verdict => ({ score: null, notJudged, findings: [] });

function conclude(panel: Panel, options: Options): Verdict {
  if (!panel.train.some((example) => pairs(example).some((pair) => pair.hasPrompt))) return none('no prompts');
  const all = tasks(panel);
  const edits = all.filter((task) => task.type === 'edit');
  if (edits.length === 0) return none('no task that edits its prompt');
  const judged = edits.filter((task) => task.judged);
  if (judged.length === 0) return none('the tasks that edit their prompt are too small');

  const least = Math.min(measures.conditional.even, options.conditionalWarn, options.warn);
  const tested = judged.map((task) => testTask(readTask(task, Math.floor(DECISIONS / judged.length)), least));
  if (tested.every(({ operations }) => operations === 0)) return none('too few edits of any one kind');

  const tests = tested.flatMap((one) => one.tests);
  const rates = falseDiscoveryRates(
    tests.map(({ p }) => p),
    tested.reduce((sum, { made }) => sum + made, 0),
  );
  const called = tests
    .filter((_, i) => rates[i]! <= FALSE_DISCOVERIES)
    .map((test) => call(test, options))
    .filter(({ score }) => score > 0)
    .toSorted(worstFirst);
  const score = called.reduce((worst, one) => Math.max(worst, one.score), 0);
  const several = all.length > 1;
  const findings: Remark[] = [];
  for (const one of called) {
    const same = called.filter((other) => other.test.record === one.test.record && other.test.operation === one.test.operation);
    if (same[0] === one) findings.push(remark(one, same.slice(1), panel, options, several));
  }
  return {
    score,
    findings,
    ...(!panel.whole && { replicates: replicates(called, options) }),
    ...(called.length > 0 && { picture: picture(called, several) }),
  };
}

function call(test: Test, options: Options): Called {
  // what the next word explains already is no leak: U counts as far as the conditional share goes
  const uncertainty = judge(measures.uncertainty, Math.min(test.uncertainty, test.conditional), options);
  const conditional = judge(measures.conditional, Math.min(test.conditional, CONDITIONAL_PER_UNCERTAINTY * test.uncertainty), options);
  const level = [uncertainty.level ?? 'info', conditional.level ?? 'info'].toSorted((a, b) => WEIGHT[b] - WEIGHT[a])[0]!;
  return {
    test,
    score: Math.max(uncertainty.score, conditional.score),
    level,
    byUncertainty: (uncertainty.level ?? 'info') === level && uncertainty.score > 0,
  };
}

function worstFirst(a: Called, b: Called): number {
  return (
    WEIGHT[b.level] - WEIGHT[a.level] ||
    b.score - a.score ||
    (a.test.record.task.key < b.test.record.task.key ? -1 : a.test.record.task.key > b.test.record.task.key ? 1 : 0) ||
    OPERATIONS.indexOf(a.test.operation) - OPERATIONS.indexOf(b.test.operation) ||
    b.test.uncertainty - a.test.uncertainty ||
    b.test.conditional - a.test.conditional ||
    CUES.indexOf(a.test.cue) - CUES.indexOf(b.test.cue)
  );
}

/** The score with each of the 20 groups left out of the counts; what chance takes off stays as it is. */
function replicates(called: readonly Called[], options: Options): number[] {
  return Array.from({ length: 20 }, (_, group) =>
    called.reduce((worst, { test }) => {
      const value = cueTells(cueBaseline(test.decisions, group), test.cued);
      const uncertainty = rounded(Math.max(0, value.uncertainty - test.chance.uncertainty));
      const conditional = rounded(Math.max(0, value.conditional - test.chance.conditional));
      return Math.max(worst, call({ ...test, uncertainty, conditional }, options).score);
    }, 0),
  );
}

function remark(
  { test, level, byUncertainty }: Called,
  others: readonly Called[],
  panel: Panel,
  options: Options,
  several: boolean,
): Remark {
  const { operation, cue, record } = test;
  const where = operation.gap ? cue.where : cue.which;
  const task = several ? `In the task ${quote(record.task.name)}, ` : '';
  const doing = several ? operation.doing[0]!.toLowerCase() + operation.doing.slice(1) : operation.doing;
  const whereTo = `where the ${operation.events} ${operation.verb}`;
  const verb = cue.name.endsWith('text') ? 'explains' : 'explain';
  const left = byUncertainty ? whereTo : `what ${operation.gap ? 'the next word' : 'the word'} leaves open about ${whereTo}`;
  const [value, even, warn] = byUncertainty
    ? [test.uncertainty, measures.uncertainty.even, options.warn]
    : [test.conditional, measures.conditional.even, options.conditionalWarn];
  const bound = level === 'info' ? Math.min(even, warn) : warn;
  const explains = `${cue.name} ${verb} ${percent(value)} of ${left}, expected under ${percent(bound)}`;
  const those = (what: string): string => prompts(test, panel, what);
  return {
    key: `${several ? `${record.task.key}: ` : ''}${operation.id} by ${cue.id}`,
    message: `${task}${doing} ${where} finds ${percent(test.recall)} of the ${operation.events} without reading a word (${percent(test.precision)} of such guesses are right): ${explains}`,
    level,
    suggestion: `${cue.repair(those)}, so that the ${operation.events} must be told from the words`,
    evidence: evidence(test),
    data: {
      task: record.task.name,
      operation: operation.id,
      cue: cue.id,
      uncertainty: test.uncertainty,
      conditional: test.conditional,
      precision: test.precision,
      recall: test.recall,
      baseRate: test.baseRate,
      rateWithoutCue: test.rateWithout,
      nextWordUncertainty: test.nextWord,
      decisions: test.slots.length,
      events: test.events,
      examples: new Set(record.pairs.map(({ example }) => example)).size,
      // what lies under this is arithmetic
      p: Math.round(test.p * 1e9) / 1e9,
      ...(others.length > 0 && { otherCues: others.map((other) => other.test.cue.id).join(', ') }),
    },
  };
}

/** "the 120 prompts that have capitals", as exactly as is known: the panel may be a sample, and pairs may have been left out. */
function prompts({ record, carriers }: Test, panel: Panel, what: string): string {
  const read = record.pairs.length;
  const all = record.task.pairs.length;
  const one = record.pairs.some(({ example }) => example.times > 1) ? 'distinct prompt' : 'prompt';
  if (carriers === read) return panel.whole && read === all ? `all ${count(read, one)}` : 'all prompts';
  if (panel.whole && read === all) return `the ${count(carriers, one)} that have ${what}`;
  const about = panel.whole ? integer((carriers / read) * all) : `${percent(carriers / read)} of all`;
  return `the prompts that have ${what} (about ${about})`;
}

/** The first places, in hash order, where the cue and the edit meet, one an example; rather those where the cue stands out, as in no text all in capitals. */
function evidence({ record, decisions, slots, cued, cue }: Test): Evidence[] {
  const flag = 1 << CUES.indexOf(cue);
  const chosen = new Map<PanelExample, Evidence>();
  for (const standsOut of [true, false]) {
    for (let c = 0; c < cued.length && chosen.size < EVIDENCE; c++) {
      if (decisions.outcome[cued[c]!] === 0) continue;
      const slot = slots[cued[c]!]!;
      const pair = record.pairOf[slot]!;
      const { example, text } = record.pairs[pair]!;
      if (chosen.has(example)) continue;
      if (standsOut && record.pairOf[slot - 1] === pair && record.cues[slot - 1]! & flag) continue;
      chosen.set(example, { ...example.at, excerpt: around(text, record.at[slot]!) });
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

function picture(called: readonly Called[], several: boolean): Picture {
  const rows = called.slice(0, ROWS).map(({ test }) => {
    const cells = [test.operation.events, test.cue.id, test.uncertainty, test.conditional, test.precision, test.recall];
    return several ? [cutText(test.record.task.name, 40), ...cells] : cells;
  });
  const columns = ['edit', 'cue', 'U', 'conditional U', 'precision', 'recall'];
  return { kind: 'table', title: 'What cues tell of the edits', columns: several ? ['task', ...columns] : columns, rows };
}
