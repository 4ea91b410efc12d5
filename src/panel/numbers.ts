/** The numbers and dates of a text, in whatever form they are written. Linear; each text is looked at as far as `CHARACTERS`. */

const CHARACTERS = 1 << 16;

/** A number as it is written, and what it may mean. */
export interface Quantity {
  /** Where it stands: [at, end). */
  readonly at: number;
  readonly end: number;
  /** As written, with what scales it: "3.5 million", "50%". */
  readonly text: string;
  /** What it may mean, the likeliest first: "1.000" is 1 or 1,000, "3m" is 3 or 3,000,000. Of "192.168.0.1" the groups. */
  readonly values: readonly number[];
  /** The worth of its last digit that is not a 0, for rounding: 10 in "250", 0.1 in "3.5". */
  readonly step: number;
  readonly percent: boolean;
  /** In digits; else in words. */
  readonly digits: boolean;
  /** Digits that mean nothing together, such as a version: `values` are its groups, and all must be met. */
  readonly groups: boolean;
}

// ── In digits ───────────────────────────────────────────────────────────────

const DIGITS = /\d+(?:[.,]\d+)*/g;
const SCALES: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
  ['mn', 1e6],
  ['bn', 1e9],
  ['tn', 1e12],
  ['k', 1e3],
  ['m', 1e6],
  ['b', 1e9],
  ['lakh', 1e5],
  ['crore', 1e7],
]);
/** These scale or are a unit ("3m" is three metres too). */
const EITHER = new Set(['k', 'm', 'b']);
const AFTER = /[ -]?(?:(%|percent\b|per cent\b)|([a-z]{1,8})(?![a-z]))/iy;

/** All numbers in digits, in order, at most `most`. Digits inside words too. */
function inDigits(text: string, most: number): Quantity[] {
  const found: Quantity[] = [];
  for (const { 0: raw, index: at } of text.matchAll(DIGITS)) {
    if (found.length >= most) break;
    let end = at + raw.length;
    const point = text.charCodeAt(at - 1) === 46 && !/[\p{L}\d]/u.test(text[at - 2] ?? ' '); // ".75"
    const { values, step, groups } = point ? { values: [Number(`.${raw}`)], step: stepOf('', raw), groups: false } : readingsOf(raw);
    AFTER.lastIndex = end;
    const after = AFTER.exec(text);
    const scale = after?.[2] === undefined ? undefined : SCALES.get(after[2].toLowerCase());
    const percent = after?.[1] !== undefined;
    const scales = scale !== undefined && !(EITHER.has(after![2]!.toLowerCase()) && /^[ -]/.test(after![0]));
    if (percent || scales) end += after![0].length;
    const scaled = scales ? values.map((value) => value * scale) : values;
    found.push({
      at,
      end,
      text: text.slice(at, end),
      values: scales && EITHER.has(after![2]!.toLowerCase()) ? [...scaled, ...values] : scaled,
      step: scales ? step * scale : step,
      percent,
      digits: true,
      groups: groups && !scales,
    });
  }
  return found;
}

function readingsOf(raw: string): { values: number[]; step: number; groups: boolean } {
  const parts = raw.split(/[.,]/);
  if (parts.length === 1) return { values: [Number(raw)], step: stepOf(raw), groups: false };
  const last = parts.at(-1)!;
  const marks = raw.replace(/\d/g, '');
  const first = parts[0]!;
  const thousands = first.length <= 3 && parts.slice(1).every((part) => part.length === 3);
  const same = [...marks].every((mark) => mark === marks[0]);
  if (thousands && same) {
    const whole = Number(parts.join(''));
    const decimal = parts.length === 2 ? [Number(`${first}.${last}`)] : [];
    return marks[0] === ','
      ? { values: [whole, ...decimal], step: stepOf(parts.join('')), groups: false }
      : { values: [...decimal, whole], step: parts.length === 2 ? stepOf(first, last) : stepOf(parts.join('')), groups: false };
  }
  if (parts.length === 2) return { values: [Number(`${first}.${last}`)], step: stepOf(first, last), groups: false };
  const grouped = first.length <= 3 && parts.slice(1, -1).every((part) => part.length === 3);
  if (grouped && marks.at(-1) !== marks[0] && new Set(marks.slice(0, -1)).size === 1) {
    const whole = parts.slice(0, -1).join('');
    return { values: [Number(`${whole}.${last}`)], step: stepOf(whole, last), groups: false };
  }
  return { values: parts.map(Number), step: 1, groups: true };
}

function stepOf(whole: string, fraction = ''): number {
  if (fraction !== '') return 10 ** -fraction.length;
  let zeros = 0;
  while (zeros < whole.length - 1 && whole.charCodeAt(whole.length - 1 - zeros) === 48) zeros++;
  return 10 ** zeros;
}

// ── In words ────────────────────────────────────────────────────────────────

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ORDINALS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );

/** Words that are a number by themselves, or begin one. */
const CARDINALS: ReadonlyMap<string, number> = new Map([
  ...ONES.map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word, 20 + 10 * i] as const),
  ...ORDINALS.map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [`${word.slice(0, -1)}ieth`, 20 + 10 * i] as const),
]);
/** What such words say without being one: enough for a prompt to hold a number, too little for a reply to name one. */
const LOOSE: ReadonlyMap<string, number> = new Map([
  ['half', 0.5],
  ['quarter', 0.25],
  ['quarters', 0.25],
  ['once', 1],
  ['single', 1],
  ['twice', 2],
  ['double', 2],
  ['doubled', 2],
  ['both', 2],
  ['couple', 2],
  ['pair', 2],
  ['triple', 3],
  ['tripled', 3],
  ['thirds', 1 / 3],
  ['week', 7],
  ['decade', 10],
  ['dozen', 12],
  ['fortnight', 14],
  ['dozens', 12],
  ['century', 100],
  ['hundred', 100],
  ['hundreds', 100],
  ['thousand', 1e3],
  ['thousands', 1e3],
  ['million', 1e6],
  ['millions', 1e6],
  ['billion', 1e9],
]);
const LETTERS = /[A-Za-z]+/g;

/** Numbers in words: "twenty-five", "two hundred and fifty thousand". `loose`: "half", "twice", "dozen" too. */
function inWords(text: string, most: number, loose: boolean): Quantity[] {
  const found: Quantity[] = [];
  let at = -1;
  let end = 0;
  let total = 0;
  let current = 0;
  const close = (): void => {
    if (at >= 0) {
      const value = total + current;
      found.push({
        at,
        end,
        text: text.slice(at, end),
        values: [value],
        step: stepOf(String(value)),
        percent: false,
        digits: false,
        groups: false,
      });
    }
    at = -1;
    total = current = 0;
  };
  for (const { 0: raw, index } of text.matchAll(LETTERS)) {
    if (found.length >= most) break;
    if (raw.length > 12) {
      close();
      continue;
    }
    const word = raw.toLowerCase();
    const joined = at >= 0 && (index === end + 1 || text.slice(end, index) === ' and ');
    if (at >= 0 && word === 'and' && index === end + 1) continue;
    const value = CARDINALS.get(word);
    const scale = word === 'hundred' ? 100 : (word.length > 4 && SCALES.get(word)) || undefined;
    if (value !== undefined) {
      // "twenty five" and "two hundred five" are one number, "five six" are two
      if (!joined || current % 10 !== 0 || (current % 100 !== 0 && value >= 10) || (current === 0 && total === 0)) close();
      if (at < 0) at = index;
      current += value;
      end = index + raw.length;
    } else if (scale !== undefined && joined) {
      if (scale === 100) current = Math.max(1, current) * 100;
      else {
        total += Math.max(1, current) * scale;
        current = 0;
      }
      end = index + raw.length;
    } else {
      close();
      const about = loose ? LOOSE.get(word) : undefined;
      if (about !== undefined)
        found.push({
          at: index,
          end: index + raw.length,
          text: raw,
          values: [about],
          step: about,
          percent: false,
          digits: false,
          groups: false,
        });
    }
  }
  close();
  return found;
}

/** The numbers of a text, first those in digits, then those in words, each in order; with `loose`, "half" and "dozen" too. */
export function quantities(text: string, most = 1000, loose = false): Quantity[] {
  const plain = text.length > CHARACTERS ? text.slice(0, CHARACTERS) : text;
  return [...inDigits(plain, most), ...inWords(plain, most, loose)];
}

// ── Dates ───────────────────────────────────────────────────────────────────

/** A date as it is written. Day and month of "03/04/21" may be either: both are in `months`. */
export interface DateMention {
  readonly at: number;
  readonly end: number;
  /** 1–12; several where the form leaves it open; none of a weekday. */
  readonly months: readonly number[];
  /** 0 = Sunday. */
  readonly weekday?: number;
  /** Day and year, as far as they are there. Of an ambiguous date those that are no month count. */
  readonly numbers: readonly number[];
  /** Day, month and year. */
  readonly full: boolean;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const NAMED =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b/gi;
const NUMERIC = /(?<![\d./-])(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?![\d/-]|\.\d)/g;
const DAY_BEFORE = /(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?: of)?(?: the)? $/;
const DAY_AFTER = /^\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)/;
const YEAR_AFTER = /^[.,]{0,2} (?:of )?(\d{4})(?!\d)/;
const TELLS = /\b(?:in|on|by|since|until|till|of|from|to|last|next|this|every|early|late|mid|before|after|during|between|and) $/i;

/** The dates of a text: "3 March 2021", "in May", "Tuesday", "2021-03-03", "03/03/21". "May" and "Sat" alone are none, unless a word before says so. */
export function dates(text: string, most = 200): DateMention[] {
  const plain = text.length > CHARACTERS ? text.slice(0, CHARACTERS) : text;
  const found: DateMention[] = [];
  for (const { 0: raw, index, 1: one, 3: two, 4: three } of plain.matchAll(NUMERIC)) {
    if (found.length >= most) break;
    const [a, b, c] = [Number(one), Number(two), Number(three)];
    const yearFirst = one!.length === 4;
    if (one!.length === 3 || three!.length === 3 || (!yearFirst && three!.length === 1) || (yearFirst && three!.length > 2)) continue;
    const [year, rest] = yearFirst ? [a, [b, c]] : [c, [a, b]];
    if (rest.some((part) => part < 1 || part > 31) || !rest.some((part) => part <= 12)) continue;
    const months = yearFirst ? [b] : rest.filter((part) => part <= 12);
    const day = yearFirst ? [c] : rest.filter((part) => part > 12);
    found.push({ at: index, end: index + raw.length, months, numbers: [...day, fullYear(year)], full: true });
  }
  for (const { 0: raw, index } of plain.matchAll(NAMED)) {
    if (found.length >= most) break;
    const name = raw.toLowerCase();
    const weekday = WEEKDAYS.findIndex((day) => day.startsWith(name.replace(/days?$/, '').slice(0, 3)));
    const month = weekday < 0 ? MONTHS.findIndex((each) => each.startsWith(name.slice(0, 3))) + 1 : 0;
    const before = plain.slice(Math.max(0, index - 16), index);
    let end = index + raw.length;
    let at = index;
    const numbers: number[] = [];
    if (month > 0) {
      const dayBefore = DAY_BEFORE.exec(before);
      const dayAfter = DAY_AFTER.exec(plain.slice(end, end + 12));
      if (dayBefore) {
        at = index - dayBefore[0].length;
        numbers.push(Number(dayBefore[1]));
      } else if (dayAfter) {
        end += dayAfter[0].length;
        numbers.push(Number(dayAfter[1]));
      }
      const year = YEAR_AFTER.exec(plain.slice(end, end + 12));
      if (year) {
        end += year[0].length;
        numbers.push(Number(year[1]));
      }
    }
    const whole = name.endsWith('day') || name.endsWith('days') || MONTHS.includes(name);
    const sure =
      whole && name !== 'may' && name !== 'march' ? /^\p{Lu}/u.test(raw) || TELLS.test(before) : TELLS.test(before) && /^\p{Lu}/u.test(raw);
    if (numbers.length === 0 && !sure) continue;
    found.push(
      weekday >= 0
        ? { at, end, months: [], weekday, numbers, full: false }
        : { at, end, months: [month], numbers, full: numbers.length === 2 },
    );
  }
  return found.sort((a, b) => a.at - b.at);
}

/** "21" is 2021, "87" is 1987. */
function fullYear(year: number): number {
  return year >= 100 ? year : year < 50 ? 2000 + year : 1900 + year;
}
