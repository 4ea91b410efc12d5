/**
 * How much of a text was said before in it, and the stretch that goes round in circles.
 *
 * The share is one of the measures by which Gopher's makers left out web pages (Rae et al. 2021,
 * https://arxiv.org/abs/2112.11446, table A1, "duplicate 10-gram character fraction"). Words are runs of letters and digits,
 * with A–Z folded; of scripts without blanks each character is one; the numbers of a list are none. Linear in the text;
 * runs of words are compared by 32-bit hashes, so that two unlike ones are taken for equal with a chance of about 10⁻⁵
 * in a text of the greatest length.
 */
export interface Repetition {
  /** Share of the characters, 0–1, in runs of ten words that came before: the later ones only, and no character twice. */
  readonly saidBefore: number;
  /** The longest stretch in which the same words come again and again. */
  readonly circle: Circle | undefined;
}

/** The same words, over and over, one time right after the other. */
export interface Circle {
  /** Index of the first character. */
  readonly start: number;
  /** Index after the last character. */
  readonly end: number;
  /** Index after the first time round. */
  readonly unitEnd: number;
  /** Words in one time round. */
  readonly unitWords: number;
  /** How many whole times round. */
  readonly times: number;
}

/** Of a longer text the first and the last so many characters are looked at. */
const PART = 100_000;

const OTHER = 1;
const WORD = 2;
const ALONE = 3; // a character of a script without blanks between words

/** What each code unit is, found out when it is first met. */
const kinds = new Uint8Array(65_536);

function kindOf(c: number): number {
  const known = kinds[c] as number;
  if (known > 0) return known;
  const char = String.fromCharCode(c);
  let kind = OTHER;
  if (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(char) &&
    /[\p{L}\p{N}\p{M}]/u.test(char)
  )
    kind = ALONE;
  else if (/[\p{L}\p{N}\p{M}]/u.test(char)) kind = WORD;
  kinds[c] = kind;
  return kind;
}

/** The words of a text: a hash of each, and where it begins and ends. */
interface Words {
  readonly hash: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly count: number;
}

function wordsOf(text: string, from: number, to: number): Words {
  const most = to - from;
  const hash = new Int32Array(most);
  const start = new Int32Array(most);
  const end = new Int32Array(most);
  let count = 0;
  for (let at = from; at < to; ) {
    let c = text.charCodeAt(at);
    const kind = kindOf(c);
    if (kind === OTHER) {
      at++;
      continue;
    }
    start[count] = at;
    let h = 0x811c9dc5;
    if (kind === ALONE) {
      h = Math.imul(h ^ c, 0x01000193);
      at++;
    } else {
      do {
        h = Math.imul(h ^ (c >= 65 && c <= 90 ? c | 32 : c), 0x01000193) ^ (h >>> 15);
        at++;
        c = text.charCodeAt(at);
        if ((c === 39 || c === 0x2019) && at + 1 < to && kindOf(text.charCodeAt(at + 1)) === WORD) {
          at++;
          c = text.charCodeAt(at);
        }
      } while (at < to && kindOf(c) === WORD);
    }
    if (at - (start[count] as number) <= 3 && isListNumber(text, start[count] as number, at)) continue;
    hash[count] = h;
    end[count] = at;
    count++;
  }
  return { hash, start, end, count };
}

/** `12.` or `12)` at the start of a line: a circle may count its rounds. */
function isListNumber(text: string, start: number, end: number): boolean {
  const after = text.charCodeAt(end);
  if (after !== 46 && after !== 41) return false;
  for (let at = start; at < end; at++) if (text.charCodeAt(at) < 48 || text.charCodeAt(at) > 57) return false;
  for (let at = start - 1; at >= 0; at--) {
    const c = text.charCodeAt(at);
    if (c === 10) return true;
    if (c !== 32 || at < start - 12) return false;
  }
  return true;
}

/** A set of 32-bit hashes with a number for each: open addressing, at most half full. */
class Table {
  readonly keys: Int32Array;
  readonly values: Int32Array;
  readonly mask: number;

  constructor(most: number) {
    let size = 16;
    while (size < most * 2) size *= 2;
    this.keys = new Int32Array(size);
    this.values = new Int32Array(size);
    this.mask = size - 1;
  }

  /** The slot of the key; a new one has the value 0. */
  slot(key: number): number {
    const wanted = key === 0 ? 1 : key; // 0 marks an empty slot
    let at = (Math.imul(wanted, 0x9e3779b1) >>> 7) & this.mask;
    while (this.keys[at] !== 0 && this.keys[at] !== wanted) at = (at + 1) & this.mask;
    this.keys[at] = wanted;
    return at;
  }

  clear(): void {
    this.keys.fill(0);
    this.values.fill(0);
  }
}

/** Counts exactly. Ask `sketches` first whether there is anything to count. */
export function repetition(text: string): Repetition {
  if (text.length <= PART * 2) return measure(text);
  const first = measure(text.slice(0, PART));
  const last = measure(text.slice(-PART), text.length - PART);
  return first.circle === undefined || (last.circle !== undefined && lengthOf(last.circle) >= lengthOf(first.circle)) ? last : first;
}

const lengthOf = ({ start, end }: Circle): number => end - start;

const RUN = 10;

function measure(text: string, offset = 0): Repetition {
  const words = wordsOf(text, 0, text.length);
  const table = new Table(words.count);
  const grams = new Int32Array(words.count);
  const circle = circleOf(words, table, grams);
  gramsOf(words, RUN, grams);
  return {
    saidBefore: duplicateShare(text, words, RUN, grams, table),
    circle: circle && { ...circle, start: circle.start + offset, end: circle.end + offset, unitEnd: circle.unitEnd + offset },
  };
}

/** A hash of each run of n words, by its first word. */
function gramsOf({ hash, count }: Words, n: number, into: Int32Array): void {
  for (let i = 0; i + n <= count; i++) {
    let h = n;
    for (let k = i; k < i + n; k++) h = Math.imul(h ^ (hash[k] as number), 0x85ebca6b) ^ (h >>> 13);
    into[i] = h;
  }
}

function duplicateShare(text: string, { start, end, count }: Words, n: number, grams: Int32Array, table: Table): number {
  table.clear();
  let covered = 0;
  let to = 0;
  for (let i = 0; i + n <= count; i++) {
    const slot = table.slot(grams[i] as number);
    if (table.values[slot] === 0) {
      table.values[slot] = 1;
      continue;
    }
    const last = end[i + n - 1] as number;
    covered += last - Math.max(to, start[i] as number);
    to = last;
  }
  return covered / Math.max(1, text.length);
}

/**
 * The longest stretch (in characters) whose words come again right after themselves, at least three times. A run of two
 * words that was seen `period` words before, again and again with the same period, is such a stretch; every
 * period is tried from the last place where the same two words stood, and once more from the end of the text by its
 * shortest border, so that circles whose unit holds a repetition of its own are found where they matter most.
 */
function circleOf(words: Words, table: Table, grams: Int32Array): Circle | undefined {
  const { hash, start, end, count } = words;
  let best: Circle | undefined;
  const offer = (from: number, to: number, period: number): void => {
    const times = Math.floor((to - from) / period);
    if (times < 3) return;
    if (best && (end[to - 1] as number) - (start[from] as number) <= best.end - best.start) return;
    best = {
      start: start[from] as number,
      end: end[to - 1] as number,
      unitEnd: from + period < count ? (start[from + period] as number) : (end[to - 1] as number),
      unitWords: period,
      times,
    };
  };
  gramsOf(words, 2, grams);
  table.clear();
  for (let i = 0; i + 2 <= count; ) {
    const slot = table.slot(grams[i] as number);
    const period = i - ((table.values[slot] as number) - 1); // values hold index + 1
    const known = table.values[slot] !== 0;
    table.values[slot] = i + 1;
    if (!known) {
      i++;
      continue;
    }
    let to = i;
    while (to < count && hash[to] === hash[to - period]) to++;
    let from = i - period;
    // The first words of a unit that holds a repetition of its own were met with another period: at most one time round, so it stays linear.
    if (to - from >= period * 3)
      for (const least = Math.max(0, from - period); from > least && hash[from - 1] === hash[from - 1 + period]; ) from--;
    offer(from, to, period);
    // what was walked over is entered too, so that the walk stays linear: a new start needs new words
    for (let k = i + 1; k + 2 <= to && k + 2 <= count; k++) table.values[table.slot(grams[k] as number)] = k + 1;
    i = Math.max(i + 1, to - 1);
  }
  // The shortest period of each suffix, from the border array (Knuth, Morris, Pratt 1977) of the words read backwards.
  const border = new Int32Array(count + 1);
  border[0] = -1;
  for (let i = 0, k = -1; i < count; ) {
    while (k >= 0 && hash[count - 1 - i] !== hash[count - 1 - k]) k = border[k] as number;
    i++;
    k++;
    border[i] = k;
    const period = i - k;
    if (i >= period * 3) offer(count - i, count, period);
  }
  return best;
}
