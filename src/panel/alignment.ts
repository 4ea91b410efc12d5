/** What a reply made of the words of its prompt. */

/** The words of a text, in order. */
export interface WordList {
  /** Case folded, typographic apostrophes as plain ones, separators inside numbers gone: what makes two words the same. */
  readonly folded: readonly string[];
  /** Offsets into the text: a word is `text.slice(starts[i], ends[i])`. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** True where the text has more words than were asked for. */
  readonly cut: boolean;
}

const MARK = 1;
const LETTER = 2;
const DIGIT = 3;
/** A character of a script that does not part words with blanks. */
const UNSPACED = 4;
/** A combining mark: part of whatever it stands on. */
const COMBINING = 5;

/** What each UTF-16 code unit is; 0 = not yet asked. */
const classes = new Uint8Array(65_536);

function classOf(char: string): number {
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(char)) {
    return /\p{M}/u.test(char) ? COMBINING : /[\p{L}\p{N}]/u.test(char) ? UNSPACED : MARK;
  }
  if (/\p{L}/u.test(char)) return LETTER;
  if (/\p{N}/u.test(char)) return DIGIT;
  return /\p{M}/u.test(char) ? COMBINING : MARK;
}

/** The class of the character at `at`; half a surrogate pair has that of the whole pair where it is the first half. */
function classAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit >= 0xd800 && unit <= 0xdbff) return classOf(String.fromCodePoint(text.codePointAt(at)!));
  const known = classes[unit]!;
  return known !== 0 ? known : (classes[unit] = classOf(text[at]!));
}

/**
 * The first `most` words of a text: runs of letters and digits, one apostrophe inside allowed, and the
 * separators of a number ("1,250.5" is one word). In scripts that do not part words with blanks every character is a
 * word: where the blanks would go is then a decision like any other. One pass.
 */
export function wordList(text: string, most: number): WordList {
  const folded: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const { length } = text;
  let at = 0;
  while (at < length) {
    let kind = classAt(text, at);
    if (kind === MARK || kind === COMBINING) {
      at += widthAt(text, at);
      continue;
    }
    if (folded.length === most) return { folded, starts, ends, cut: true };
    const start = at;
    const unspaced = kind === UNSPACED;
    let apostrophe = false;
    let separated = false;
    for (;;) {
      const before = kind;
      at += widthAt(text, at);
      if (at >= length) break;
      kind = classAt(text, at);
      if (kind === COMBINING) {
        kind = before;
        continue;
      }
      if (unspaced || kind === UNSPACED) break;
      if (kind !== MARK) continue;
      const unit = text.charCodeAt(at);
      const after = at + 1 < length ? classAt(text, at + 1) : MARK;
      if (!apostrophe && (unit === 39 || unit === 0x2019) && after === LETTER) {
        apostrophe = true;
        kind = LETTER;
      } else if (before === DIGIT && after === DIGIT && (unit === 46 || (unit === 44 && isThousand(text, at + 1)))) {
        separated = true;
        kind = DIGIT;
      } else break;
    }
    let word = text.slice(start, at).toLowerCase();
    if (apostrophe) word = word.replace('\u2019', "'");
    if (separated) word = word.replace(/[.,]/g, '');
    folded.push(word);
    starts.push(start);
    ends.push(at);
  }
  return { folded, starts, ends, cut: false };
}

const widthAt = (text: string, at: number): number => (text.codePointAt(at)! > 0xffff ? 2 : 1);

/** Whether exactly three digits stand at `at`. */
function isThousand(text: string, at: number): boolean {
  for (let i = 0; i < 3; i++) if (at + i >= text.length || classAt(text, at + i) !== DIGIT) return false;
  return at + 3 >= text.length || classAt(text, at + 3) !== DIGIT;
}

/**
 * A longest common subsequence of `a` and `b`, as the index in `b` of each item of `a`, or −1; `null` where they
 * differ by more than `most` insertions and deletions.
 *
 * E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986
 * (http://www.xmailserver.org/diff2.pdf): time (n + m) · D, where D is the number of differences. What was
 * reached is kept per difference, D²/2 whole numbers, so `most` bounds the memory too (1,200 differences: 3 MB).
 *
 * Where several alignments are as long, differences at the ends of `a` are pushed out as far as they go: words before
 * and after an edited text (an instruction) then stay outside it.
 */
export function align(a: ArrayLike<unknown>, b: ArrayLike<unknown>, most: number): Int32Array | null {
  const to = new Int32Array(a.length).fill(-1);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) to[head] = head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
    tail++;
    to[a.length - tail] = b.length - tail;
  }
  const n = a.length - head - tail;
  const m = b.length - head - tail;
  if (n > 0 && m > 0) {
    if (!alignMiddle(a, b, head, n, m, most, to)) return null;
  } else if (n + m > most) return null;
  pushOut(a, to);
  return to;
}

function alignMiddle(
  a: ArrayLike<unknown>,
  b: ArrayLike<unknown>,
  head: number,
  n: number,
  m: number,
  most: number,
  to: Int32Array,
): boolean {
  const limit = Math.min(most, n + m);
  // rows[d][(k + d) / 2]: how far in `a` the furthest path with d differences comes on the diagonal k = x − y
  const rows: Int32Array[] = [];
  for (let d = 0; d <= limit; d++) {
    const row = new Int32Array(d + 1);
    const last = rows[d - 1];
    rows.push(row);
    for (let i = 0; i <= d; i++) {
      const k = 2 * i - d;
      let x = last ? (inserts(last, i) ? last[i]! : last[i - 1]! + 1) : 0;
      while (x < n && x - k < m && a[head + x] === b[head + x - k]) x++;
      row[i] = x;
      if (x === n && x - k === m) {
        trace(rows, d, k, n, head, to);
        return true;
      }
    }
  }
  return false;
}

/** Whether the better step onto a diagonal is one more item of `b`, rather than one of `a`. */
const inserts = (last: Int32Array, i: number): boolean => i === 0 || (i < last.length && last[i - 1]! < last[i]!);

function trace(rows: readonly Int32Array[], d: number, k: number, n: number, head: number, to: Int32Array): void {
  let x = n;
  for (; d > 0; d--) {
    const last = rows[d - 1]!;
    const i = (k + d) / 2;
    const inserted = inserts(last, i);
    const before = inserted ? last[i]! : last[i - 1]!;
    const from = inserted ? before : before + 1;
    while (x > from) to[head + --x] = head + x - k;
    x = before;
    k += inserted ? 1 : -1;
  }
  while (x > 0) to[head + --x] = head + x - k;
}

/** Moves the first and the last run of unmatched items of `a` to its end, where what it passes is equal to what it leaves. */
function pushOut(a: ArrayLike<unknown>, to: Int32Array): void {
  let from = 0;
  while (from < to.length && to[from]! >= 0) from++;
  let until = from;
  while (until < to.length && to[until]! < 0) until++;
  if (from > 0 && until < to.length && equalRuns(a, 0, until - from, from) && inOrder(to, 0, from)) {
    for (let i = from - 1; i >= 0; i--) {
      to[i + until - from] = to[i]!;
      to[i] = -1;
    }
    for (let i = 0; i < until - from; i++) to[i] = -1;
  }
  until = to.length;
  while (until > 0 && to[until - 1]! >= 0) until--;
  from = until;
  while (from > 0 && to[from - 1]! < 0) from--;
  const matched = to.length - until;
  if (matched > 0 && from > 0 && equalRuns(a, from, until, matched) && inOrder(to, until, matched)) {
    for (let i = 0; i < matched; i++) to[from + i] = to[until + i]!;
    for (let i = from + matched; i < to.length; i++) to[i] = -1;
  }
}

function equalRuns(a: ArrayLike<unknown>, at: number, other: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[at + i] !== a[other + i]) return false;
  return true;
}

/** Whether nothing was inserted between the matches of a run. */
function inOrder(to: Int32Array, at: number, length: number): boolean {
  for (let i = 1; i < length; i++) if (to[at + i]! !== to[at + i - 1]! + 1) return false;
  return true;
}

/** What became of the words of a prompt in its reply. */
export interface Edit {
  /** The words of the prompt that were edited are `from` … `until` − 1; what lies outside (an instruction) has no counterpart. */
  readonly from: number;
  readonly until: number;
  /** The index in the reply of each word of the prompt, kept or substituted; −1: deleted. */
  readonly to: Int32Array;
  /** 1 where the word was kept, but for its case. */
  readonly kept: Uint8Array;
  readonly keptCount: number;
}

/**
 * Reads an alignment as an edit: between two kept words, as many words as can be are substitutions, one for one and in
 * order, the rest deletions. At the ends that is so only where as many words went as came.
 *
 * @param alignment of the prompt's words to those of the reply
 */
export function editOf(alignment: Int32Array, replyLength: number): Edit {
  const to = alignment.slice();
  const kept = new Uint8Array(to.length);
  let keptCount = 0;
  let from = 0;
  let until = 0;
  let lastFrom = -1; // the last kept word, in the prompt and in the reply
  let lastTo = -1;
  const between = (i: number, j: number): boolean => {
    const gone = i - lastFrom - 1;
    const came = j - lastTo - 1;
    const atEnd = lastFrom < 0 || i === to.length;
    const pairs = atEnd && gone !== came ? 0 : Math.min(gone, came);
    for (let k = 1; k <= pairs; k++) to[lastFrom + k] = lastTo + k;
    return pairs > 0;
  };
  for (let i = 0; i < alignment.length; i++) {
    const j = alignment[i]!;
    if (j < 0) continue;
    const paired = between(i, j);
    if (keptCount === 0) from = paired ? 0 : i;
    kept[i] = 1;
    keptCount++;
    lastFrom = i;
    lastTo = j;
    until = i + 1;
  }
  if (keptCount > 0 && between(to.length, replyLength)) until = to.length;
  return { from, until, to, kept, keptCount };
}
