import { jaroWinkler } from '../libraries/natural.ts';
import type { Conversation, Pair } from '../types.ts';
import { namesOf, readGrammar, sentences } from './grammar.ts';
import { type DateMention, dates, type Quantity, quantities } from './numbers.ts';
import { valuesOf } from './task-type.ts';
import { isSyntax, textForm } from './text-form.ts';

/*
 * Which numbers, dates and names a reply holds that what came before it does not. Where in doubt, a value is held: it may be rounded,
 * follow by arithmetic, be a part of a name or a slip of the pen set right. So what is left over is worth a look.
 */

export type ValueKind = 'number' | 'date' | 'name';

/** Something that a reply says and its context does not. */
export interface UnheldValue {
  readonly kind: ValueKind;
  /** As written. */
  readonly text: string;
  /** Index in the reply; -1 where it is not known. */
  readonly at: number;
}

// ── What the model sees ─────────────────────────────────────────────────────

/** Longer contexts are not looked at: what a value could be held by is too much to tell. */
const LONGEST = 1 << 16;
/** Numbers of the context that a number of the reply may follow from by any of the four operations; of more, by neighbours only. */
const FEW = 8;

/** All that a model sees before a reply: system text, earlier turns, prompt. Read as far as it is asked for. */
export class Context {
  readonly text: string;
  private read: ReadText | undefined;
  private known: ReadonlySet<string> | undefined;
  private folded: string | undefined;
  private firsts: readonly string[] | undefined;
  /** Words that may still be compared letter by letter. */
  comparisons = 3000;

  constructor(text: string) {
    this.text = text;
  }

  get numbers(): ReadText {
    this.read ??= readText(this.text);
    return this.read;
  }

  /** In small letters. */
  get lower(): string {
    this.folded ??= this.text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
    return this.folded;
  }

  get words(): ReadonlySet<string> {
    this.known ??= new Set(this.lower.match(/[\p{L}\p{M}\p{N}]+/gu));
    return this.known;
  }

  /** The first letters of its words, with and without the small ones that abbreviations leave out. */
  get initials(): readonly string[] {
    if (!this.firsts) {
      const words = this.lower.match(/[\p{L}\p{N}]+/gu) ?? [];
      const told = words.filter((word) => !/^(?:of|the|and|for|in|to|on|a)$/.test(word));
      this.firsts = [words, told].map((each) => each.map((word) => word[0]).join(''));
    }
    return this.firsts;
  }
}

interface ReadText {
  /** Without doubles, in order. */
  readonly list: readonly number[];
  readonly set: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Of "'87" and "03/03/21" the last two digits. */
  readonly shortYears: ReadonlySet<number>;
  /** Whether there is a date of which the day of the week, or the month, could be told. */
  readonly dated: boolean;
}

function readText(text: string): ReadText {
  const set = new Set<number>();
  const list: number[] = [];
  // "3, 800" and "2. 4", as texts have it that were cut into words and joined again
  const joined = /\d[.,] \d/.test(text) ? text.replace(/(\d[.,]) (?=\d)/g, '$1') : '';
  for (const { values } of [...quantities(text, 1000, true), ...quantities(joined, 1000)]) {
    if (values[0] !== undefined && !set.has(key(values[0])) && list.length < 200) list.push(values[0]);
    for (const value of values) set.add(key(value));
  }
  const months = new Set<number>();
  const weekdays = new Set<number>();
  let dated = false;
  for (const { months: some, weekday, numbers, full } of dates(text)) {
    for (const month of some) months.add(month);
    for (const number of numbers) set.add(key(number));
    if (weekday !== undefined) weekdays.add(weekday);
    dated ||= full || numbers.length > 0;
  }
  // every group of digits, so that "2021-03-03", "1.2.3" and "GPT4" hold their parts
  for (const [group] of text.matchAll(/\d{1,15}/g)) set.add(Number(group));
  const shortYears = new Set([...text.matchAll(/['’/.-](\d\d)(?!\d)/g)].map(([, year]) => Number(year)));
  return { list, set, months, weekdays, shortYears, dated };
}

const key = (value: number): number => Number(value.toPrecision(12));

/**
 * What a model sees before this reply; undefined where texts were cut for the panel or are too long, so that what is missing may be what holds a value.
 */
export function contextOf({ messages }: Conversation, { turn }: Pair): Context | undefined {
  let text = '';
  for (let i = 0; i < turn; i++) {
    const message = messages[i]!;
    if (message.cutAt !== undefined) return undefined;
    text = text === '' ? message.text : `${text}\n${message.text}`;
    if (text.length > LONGEST) return undefined;
  }
  return new Context(text);
}

// ── Languages ───────────────────────────────────────────────────────────────

/** Small words, without those that English has too ("no", "as", "per"). */
const LANGUAGES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  (
    [
      ['English', 'the of and to in is that it was for with as be at this have from by not but are or an you your'],
      ['German', 'der die das und ist nicht ein eine zu den mit von im für auf dem sich des auch es ich sie'],
      ['French', 'le la les des et est une un du dans que qui pas au avec ce il elle vous je mais'],
      ['Spanish', 'el la los las de que y en un una es por con para del se lo como más su está'],
      ['Italian', 'il lo la gli di che e è un una con non del della sono nel si più al anche'],
      ['Portuguese', 'o os de que e em um uma é por com para não da na se mais ao pela foi'],
      ['Dutch', 'de het een en van dat niet op te zijn voor aan ook als maar bij naar hij'],
    ] as const
  ).map(([name, words]) => [name, new Set(words.split(' '))]),
);

/** Characters and words that are looked at. */
const HEAD = 1000;
const LOOKED_AT = 80;

/** The language that most of the small words of a text are of, or its script where that is not Latin; undefined where it has too few of them. */
export function languageOf(text: string): string | undefined {
  const head = text.slice(0, HEAD);
  if (/[^\0-\u02ff]/.test(head)) {
    const letters = head.match(/\p{L}/gu)?.length ?? 0;
    const latin = head.match(/\p{Script=Latin}/gu)?.length ?? 0;
    if (letters >= 10 && latin * 2 < letters) {
      return SCRIPTS.find(([, script]) => script.test(head))?.[0] ?? 'other';
    }
  }
  const found = (head.toLowerCase().match(/\p{L}+/gu) ?? []).slice(0, LOOKED_AT);
  let best: string | undefined;
  let most = Math.max(2, found.length * 0.12);
  for (const [name, words] of LANGUAGES) {
    let hits = 0;
    for (const word of found) if (words.has(word)) hits++;
    if (hits <= most) continue;
    best = name;
    most = hits;
    if (hits * 3 > found.length) break; // as many small words as a language has
  }
  return best;
}

/** Whether a text has a part in this language: in its small words, or in its script. */
export function speaks(text: string, language: string): boolean {
  const small = LANGUAGES.get(language);
  if (!small) return language === 'other' || SCRIPTS.find(([name]) => name === language)![1].test(text);
  const found =
    text
      .slice(0, 4 * HEAD)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  let hits = 0;
  for (const word of found) if (small.has(word)) hits++;
  return hits >= Math.max(3, found.length * 0.03);
}

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['Japanese', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['Chinese', /\p{Script=Han}/u],
  ['Korean', /\p{Script=Hangul}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Thai', /\p{Script=Thai}/u],
];

// ── The reply ───────────────────────────────────────────────────────────────

/** Of a longer reply so much is read, and so many values of each kind. */
const REPLY = 10_000;
const VALUES = 60;

/** Code, addresses and markup hold no facts: each becomes blanks of the same length. */
const NO_PROSE =
  /```[^`]{0,9000}(?:```|$)|`[^`\n]{1,200}`|<[a-zA-Z/!][^<>\n]{0,300}>|(?:https?:\/\/|www\.)\S{1,300}|(?<![\w.+-])[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{1,60}|#\p{L}+\d*#|\[\d{1,3}\]|\$\$[^$]{1,500}\$\$|\\[a-z]{1,20}/gu;

/**
 * The values of a reply that its context does not hold, each once, in the order of kinds: numbers, dates, names. Of JSON, markup and SQL the
 * values are read, of code nothing. Names are words with a capital inside a sentence, so of English replies only (`names`); they are
 * candidates: see `isName`.
 */
export function unheldValues(reply: string, context: Context, names: boolean): UnheldValue[] {
  const cut = reply.length > REPLY ? reply.slice(0, REPLY) : reply;
  const { form } = textForm(cut);
  if (form === 'code') return [];
  const inside = isSyntax(form);
  const text = inside ? valuesOf(cut, form) : cut.replace(NO_PROSE, (found) => ' '.repeat(found.length));
  const found: UnheldValue[] = [];
  const spans: DateMention[] = [];
  const add = (kind: ValueKind, value: string, at: number): void => {
    if (found.length < 3 * VALUES && !found.some((one) => one.kind === kind && one.text === value))
      found.push({ kind, text: value, at: inside ? cut.indexOf(value) : at });
  };
  for (const date of dates(text, VALUES)) {
    spans.push(date);
    if (!holdsDate(context, date)) add('date', text.slice(date.at, date.end), date.at);
  }
  const earlier: number[] = [];
  for (const quantity of quantities(text, VALUES)) {
    if (spans.some(({ at, end }) => quantity.at >= at && quantity.at < end)) continue;
    const value = quantity.values[0]!;
    if (isFact(text, quantity) && !context.text.includes(quantity.text) && !holdsNumber(context, text, quantity, earlier)) {
      add(
        isYear(quantity) && SINCE.test(text.slice(Math.max(0, quantity.at - 10), quantity.at)) ? 'date' : 'number',
        quantity.text,
        quantity.at,
      );
    }
    if (!earlier.includes(value)) earlier.push(value);
  }
  if (names)
    for (const { text: name, at } of inside ? namesAmongValues(text) : nameCandidates(text))
      if (!holdsName(context, name)) add('name', name, at);
  return found;
}

// ── Numbers ─────────────────────────────────────────────────────────────────

const SINCE = /\b(?:in|since|by|until|till|from|of|year|circa) $/i;
/** "Step 3", "Option 2": names of parts, not values. */
const PARTS =
  /(?:\b(?:step|part|option|question|answer|point|item|note|example|line|slide|scene|paragraph|section|figure|fig|table|chapter|phase|level|day|week|no|number|rule|tip|reason|problem|exercise|task|sentence|bullet|page|verse|grade|class|type|version|v)s?\.?:? {0,2}|#)$/i;
const UNITS =
  /^(?:st|nd|rd|th|s|am|pm|kg|g|mg|lb|lbs|oz|km|cm|mm|m|ft|mi|in|mph|kmh|kph|h|hr|hrs|min|mins|sec|ms|gb|mb|tb|kb|hz|khz|mhz|ghz|w|kw|kwh|kv|v|ml|l|c|f|px|usd|eur|gbp|p|x)\b/i;
const RESULT =
  /(?:[=≈→]|\b(?:total|totals|totalling|totaling|sum|sums|average|averages|mean|difference|altogether|combined|equals|equal to|comes to|which is|results? in|makes)\b[^.!?\n]{0,25}) ?[$€£]?$/i;
const HEDGED =
  /\b(?:about|around|some|approximately|approx\.?|roughly|nearly|almost|over|under|below|above|more than|less than|fewer than|at least|at most|up to|close to|just|another) [$€£]?$/i;

/** What everybody knows of days, weeks and years. */
const CALENDAR = /^(?:(?:7|30|31|365|366)[ -]days?|24[ -]hours?|60[ -](?:minutes?|seconds?)|52[ -]weeks?|12[ -]months?)\b/i;

/** Whether a number of a reply is a value at all: no part of a word, no mark of a list, no count that a reader makes ("two of them"). */
function isFact(text: string, { at, end, text: raw, values, digits, percent }: Quantity): boolean {
  const value = values[0]!;
  if (!digits) return value > 12 && value !== 100 && value !== 1000;
  const before = at === 0 ? '' : text[at - 1]!;
  const after = text[end] ?? '';
  if (/[\p{L}\p{N}_]/u.test(before) || (/[-/.:]/.test(before) && at > 1 && /[\p{L}\d]/u.test(text[at - 2]!) && before !== ':'))
    return false;
  if (/[\p{L}_]/u.test(after) && !UNITS.test(text.slice(end, end + 5))) return false;
  if (after === '-' && /\p{L}/u.test(text[end + 1] ?? '') && value <= 3) return false;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  if (
    /^[\s>*_#(-]{0,12}$/.test(text.slice(Math.max(lineStart, at - 13), at)) &&
    at - lineStart <= 12 &&
    /^(?:[.):]|\*\*)/.test(text.slice(end))
  )
    return false;
  // "Choose a file. 5. Enter a name. 6) Save": a list in one line
  if (/^[.)] /.test(text.slice(end, end + 2)) && /[.:;!?)] {1,4}$/.test(text.slice(Math.max(0, at - 5), at))) return false;
  if (after === ')' && /\s/.test(before) && !text.slice(Math.max(0, at - 30), at).includes('(')) return false;
  if (PARTS.test(text.slice(Math.max(0, at - 14), at))) return false;
  if (percent && value > 0) return value !== 100;
  return value > 3 || raw.includes('.') || raw.includes(',');
}

function isYear({ text, values }: Quantity): boolean {
  return /^\d{4}$/.test(text) && values[0]! >= 1100 && values[0]! <= 2100;
}

function holdsNumber(context: Context, reply: string, quantity: Quantity, earlier: readonly number[]): boolean {
  const { list, set, shortYears } = context.numbers;
  const { values, percent, groups, at, end } = quantity;
  if (groups) return values.every((value) => set.has(key(value)));
  if (values.some((value) => earlier.includes(value))) return true; // told or held before
  const before = reply.slice(Math.max(0, at - 45), at);
  if (RESULT.test(before) || /^ ?[=*×÷+]/.test(reply.slice(end, end + 3))) return true;
  // "so she pays 18 because 6 * 3 = 18", "7 days a week"
  if (reply.includes(`=${quantity.text}`) || reply.includes(`= ${quantity.text}`)) return true;
  if (CALENDAR.test(reply.slice(at, end + 9))) return true;
  const year = isYear(quantity);
  const clock = /^ ?(?::\d\d|[ap]\.?m\b)/i.test(reply.slice(end, end + 5)) || /\d:$/.test(before);
  const decade = year && /^'?s\b/.test(reply.slice(end, end + 3));
  for (const value of values) {
    if (set.has(key(value))) return true;
    if (percent && (set.has(key(value / 100)) || set.has(key(100 - value)) || (value === 50 && set.has(0.5)))) return true;
    if (
      clock &&
      (set.has(value - 12) || set.has(value + 12) || (value === 30 && set.has(0.5)) || ((value === 15 || value === 45) && set.has(0.25)))
    )
      return true;
    if (clock && /\d:$/.test(before) && value === 0) return true;
    if (decade && list.some((one) => (one >= value && one < value + 10) || one === value % 100)) return true;
    if (year) {
      if (shortYears.has(value % 100)) return true;
    } else {
      const near = Math.min(
        Math.abs(value) * (HEDGED.test(before) ? 0.15 : 0.05),
        HEDGED.test(before) ? Number.POSITIVE_INFINITY : quantity.step / 2,
      );
      if (list.some((one) => Math.abs(one - value) <= near * 1.000001)) return true;
    }
    if (value > 0 && list.some((one) => one > 0 && isPowerOfTen(one / value))) return true;
  }
  return follows(values[0]!, quantity, list, earlier, year);
}

function isPowerOfTen(ratio: number): boolean {
  const power = Math.log10(ratio);
  return Math.abs(power) <= 9 && Math.abs(power - Math.round(power)) < 1e-9;
}

/**
 * Whether a number follows from others by one of the four operations. Of many numbers some two always add up to it, so that beyond eight only
 * neighbours count, and the sum of all.
 */
function follows(value: number, { step, percent }: Quantity, list: readonly number[], earlier: readonly number[], year: boolean): boolean {
  const operands = [...list.slice(0, 40), ...earlier.slice(-20)];
  const near = (percent ? step / 2 : Math.min(step / 2, Math.abs(value) * 0.01)) * 1.000001;
  const is = (result: number): boolean => Math.abs(result - value) <= near || (percent && Math.abs(100 * result - value) <= near);
  const grows = (from: number, to: number): boolean => percent && from !== 0 && Math.abs(Math.abs(100 * (to / from - 1)) - value) <= near;
  let sum = 0;
  for (let i = 0; i < operands.length; i++) {
    const a = operands[i]!;
    sum += a;
    if (i > 1 && is(sum)) return true;
    const to = operands.length <= FEW ? operands.length : Math.min(operands.length, i + 2);
    for (let j = i; j < to; j++) {
      const b = operands[j]!;
      if (j > i && (is(a + b) || is(a - b) || is(b - a) || grows(a, b) || grows(b, a))) return true;
      if (year) continue; // no product makes a year
      if (is(a * b) || (b !== 0 && j > i && is(a / b)) || (a !== 0 && j > i && is(b / a))) return true;
    }
    if (
      !year &&
      operands.length <= FEW &&
      (is(a / 2) || is(a * 2) || is(a * 7) || is(a * 12) || is(a * 60) || is(100 - a) || is(Math.sqrt(a)))
    )
      return true;
  }
  return false;
}

// ── Dates ───────────────────────────────────────────────────────────────────

/** Part by part: month, day and year, or the weekday. A weekday, and the month of "tomorrow", may follow from any date. */
function holdsDate(context: Context, { months, weekday, numbers }: DateMention): boolean {
  const { set, months: known, weekdays, dated } = context.numbers;
  if (weekday !== undefined) return dated || weekdays.has(weekday) || WEEKEND.test(context.text);
  const month = months.length === 0 || months.some((one) => known.has(one) || (known.size > 0 && dated && set.has(one)));
  return month && numbers.every((number) => set.has(number) || (number >= 1900 && set.has(number % 100) && dated));
}
const WEEKEND = /\b(?:today|tomorrow|yesterday|tonight|weekends?|weekdays?)\b/i;

// ── Names ───────────────────────────────────────────────────────────────────

const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));
/** With a capital, and yet no name, or no telling part of one. */
const NO_NAMES = set(
  'i mr mrs ms miss dr prof sir madam lord lady king queen president chancellor minister senator governor mayor judge captain general professor doctor saint st the a an of and or for in on at to by with from as is are was were be it he she we you they his her my our your their this that these those not no yes ok okay tv pm am ad bc ceo cfo cto hr it id pc dvd cd usb faq pdf url html json xml sql api ai ml css god internet web christmas easter halloween new north south east west northern southern eastern western central english spanish french german italian chinese japanese monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december',
);
/** What one country, its people and its language are called, where no letters are shared. */
const ALIASES: readonly ReadonlySet<string>[] = [
  set('us usa america american americans states u.s u.s.a'),
  set('uk britain british kingdom england english scotland wales u.k briton britons'),
  set('eu europe european union e.u'),
  set('netherlands dutch holland'),
  set('france french frenchman'),
  set('spain spanish spaniard'),
  set('wales welsh'),
  set('greece greek greeks'),
  set('denmark danish dane danes'),
  set('poland polish pole poles'),
  set('ireland irish'),
  set('scotland scottish scots scot'),
  set('switzerland swiss'),
  set('thailand thai'),
  set('russia russian moscow kremlin'),
  set('un nations u.n'),
];

interface Candidate {
  readonly text: string;
  readonly at: number;
}

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu;
/** A line is a title where so many of its words of four letters and more have a capital, the first aside. */
const TITLE = 0.8;
/** A title or an initial, after which a full stop ends nothing. */
const SHORTENED = /^(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Gen|Sen|Rep|Gov|Lt|Col|Sgt)$/u;

/** Of values, a line each, those that are nothing but words with a capital; of others as in prose. */
function namesAmongValues(text: string): Candidate[] {
  const found: Candidate[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (found.length >= VALUES) break;
    if (line.length < 60 && /^\p{Lu}[\p{L}\p{M}'’.-]*(?: \p{Lu}[\p{L}\p{M}'’.-]*){0,3}$/u.test(line)) found.push({ text: line, at });
    else for (const one of nameCandidates(line)) found.push({ text: one.text, at: at + one.at });
    at += line.length + 1;
  }
  return found;
}

/** Runs of words with a capital of which at least one stands inside a sentence, out of lines that are no titles. */
export function nameCandidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  let run: { at: number; end: number; inside: boolean } | undefined;
  let line: Candidate[] = [];
  let capitals = 0;
  let counted = 0;
  let first = true;
  let last = '';
  let end = 0;
  const closeRun = (): void => {
    // what is bold or in brackets is a heading or the name of a button
    if (run?.inside && !/[*_`<[]/.test(text[run.at - 1] ?? ''))
      line.push({ text: text.slice(run.at, run.end).replace(/['’]s?$/, ''), at: run.at });
    run = undefined;
  };
  const closeLine = (): void => {
    closeRun();
    if (counted < 2 || capitals < TITLE * counted) found.push(...line);
    line = [];
    capitals = counted = 0;
    first = true;
  };
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const gap = text.slice(end, Math.min(index, end + 12));
    const starts = end === 0 ? true : index - end > 6 || !(/^(?:,? |-| & )$/.test(gap) || (gap === '. ' && SHORTENED.test(last)));
    if (gap.includes('\n')) closeLine();
    const capital = /^\p{Lu}/u.test(word) && word !== 'I' && !/^I['’]/.test(word);
    if (word.length > 3 && !first) {
      counted++;
      if (capital) capitals++;
    }
    first = false;
    if (!capital || starts || gap === ', ') closeRun();
    if (capital) {
      if (run) {
        run.end = index + word.length;
        run.inside ||= !starts;
      } else run = { at: index, end: index + word.length, inside: !starts };
      if (/['’]s?$/.test(word)) closeRun();
    }
    last = word;
    end = index + word.length;
    if (found.length + line.length >= VALUES) break;
  }
  closeLine();
  return found;
}

/** Whether at least half of the words of a name are in the context: as they are, inside a word, but for an ending or a slip of the pen, or as initials. */
function holdsName(context: Context, name: string): boolean {
  const parts = name
    .normalize('NFKC')
    .replaceAll('’', "'")
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .map((part) => part.replace(/'s?$/, ''))
    .filter((part) => part.length > 1 && !NO_NAMES.has(part.toLowerCase()));
  if (parts.length === 0) return true;
  let held = 0;
  for (const part of parts) if (holdsWord(context, part.toLowerCase(), part)) held++;
  if (held * 2 >= parts.length) return true;
  // "World Health Organization" where the context says WHO
  const initials = parts.map((part) => part[0]!).join('');
  return parts.length > 1 && context.text.includes(initials.toUpperCase());
}

function holdsWord(context: Context, word: string, written: string): boolean {
  const { words, lower } = context;
  if (words.has(word)) return true;
  if (word.length >= 4 && lower.includes(word.slice(0, Math.max(4, word.length - 3)))) return true;
  for (const alias of ALIASES)
    if (alias.has(word)) for (const other of alias) if (words.has(other) || (other.includes('.') && lower.includes(other))) return true;
  if (written === written.toUpperCase() && written.length <= 6 && context.initials.some((all) => all.includes(word))) return true; // "WHO" for World Health Organization
  if (word.length < 4) return false;
  for (const known of words) {
    if (Math.abs(known.length - word.length) > 2 || known.length < 4) continue;
    if (known[0] !== word[0] && known.at(-1) !== word.at(-1)) continue;
    if (context.comparisons-- <= 0) return true; // a text that holds so much may hold it
    if (jaroWinkler(known, word) >= 0.88) return true;
  }
  return false;
}

/** The sentence of a reply that a value stands in, or what is around it. */
export function sentenceOf(reply: string, { text, at }: UnheldValue): string {
  if (at < 0 || /["'>]/.test(reply[at - 1] ?? '')) return text; // a value of JSON or markup
  const around = sentences(reply.slice(Math.max(0, at - AROUND), at + text.length + AROUND));
  return around.find((one) => one.includes(text)) ?? text;
}
const AROUND = 150;

/**
 * Whether grammar, too, takes a candidate for a name: a person, place or organisation; or at least a proper noun that no reply writes small.
 * Needs `needs: ['compromise']`.
 *
 * @param sentence what it stands in: see `sentenceOf`
 * @param small words that replies hold in small letters
 */
export function isName(sentence: string, { text }: UnheldValue, small: ReadonlySet<string>): boolean {
  const head = text.split(/\s/)[0]!;
  for (const name of readGrammar(sentence).flatMap((read) => namesOf(read))) {
    if (!name.text.includes(head) && !text.includes(name.text)) continue;
    if (name.kind !== 'name') return true;
    if (text !== text.toUpperCase() && text.split(/[\s-]/).some((part) => !small.has(part.toLowerCase()))) return true;
  }
  return false;
}
