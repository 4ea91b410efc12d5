import { type Found, join } from './found.ts';
import { personalIn } from './personal.ts';
import { isKeyBeginning, secretsIn, UNCHECKED } from './secrets.ts';
import { isCode, isStandIn, type Named, namedIn } from './values.ts';

/*
 * Hides what must not be printed. Whatever quotes a text goes through here before it is cut (`excerptAround`, `quote`), so
 * that states, workers and reports hold no value; and every string of a report once more, for what was cut before.
 */

/** `text` with each secret and each piece of personal data replaced by "[redacted: <kind>]"; what is a part of one only, by "[redacted]". */
export function redact(text: string): string {
  const hidden = hiddenIn(text);
  if (hidden.length === 0) return text;
  let result = '';
  let at = 0;
  for (const { kind, start, end } of hidden) {
    result += text.slice(at, start) + markOf(kind);
    at = end;
  }
  return result + text.slice(at);
}

/** The same, and where the character at `index` has come to. */
export function redactAt(text: string, index: number): { readonly text: string; readonly index: number } {
  const hidden = hiddenIn(text);
  let moved = index;
  for (const { kind, start, end } of hidden) {
    if (start >= index) break;
    moved += end <= index ? markOf(kind).length - (end - start) : start - index;
  }
  return { text: hidden.length === 0 ? text : redact(text), index: moved };
}

const PART = '';
const markOf = (kind: string): string => (kind === PART ? '[redacted]' : `[redacted: ${kind}]`);

function hiddenIn(text: string): Found[] {
  if (text.length < 6) return [];
  const named: Found[] = [];
  values(text, named);
  const whole = join([...secretsIn(text).map((found) => extended(text, found)), ...personalIn(text), ...named]);
  const cut = text.includes('…');
  if (!cut && text.length < LONG_BODY) return whole;
  let rest = '';
  let at = 0;
  for (const { start, end } of whole) {
    rest += text.slice(at, start) + ' '.repeat(end - start);
    at = end;
  }
  rest += text.slice(at);
  const parts: Found[] = [];
  if (cut) cutOnes(rest, parts);
  if (text.length >= LONG_BODY) bodies(rest, parts);
  return parts.length === 0 ? whole : join([...whole, ...parts]);
}

// ── What a name says to be secret ───────────────────────────────────────────

/** A key with all symbols that it goes on with: what follows it without a blank may be a part of it. */
function extended(text: string, found: Found): Found {
  const { kind, start } = found;
  if (kind === UNCHECKED || kind === 'private key' || kind === 'password in a URL') return found;
  const stop = Math.min(text.length, found.end + 200);
  let end = found.end;
  while (end < stop && /[!-~]/.test(text.charAt(end)) && !/["'`\\,;<>()[\]{}|]/.test(text.charAt(end))) end++;
  while (end > found.end && /[.:?!*_&=/]/.test(text.charAt(end - 1))) end--;
  return end === found.end ? found : { kind, start, end };
}

/** Hides more than the rule `secrets` finds: any value whose name says so, be it a word. */
function values(text: string, found: Found[]): void {
  for (const named of namedIn(text, ['=', ':', '>', '--', ' is '])) {
    if (isHidden(text, named)) found.push({ kind: PART, start: named.start, end: named.end });
  }
  if (text.includes('curl')) accounts(text, found);
  if (text.includes('://') && text.includes('@')) urlPasswords(text, found);
}

function isHidden(text: string, { name, start, end, quoted, by }: Named): boolean {
  const value = text.slice(start, end);
  if (value.length < 4 || isStandIn(value)) return false;
  if (quoted) return !isProse(value);
  if (isCode(value)) return false;
  if (by === '=') return true;
  if (/^https?:\/\/[\w./-]{1,200}$/.test(value) || /^\d{1,3}(?:,\d{3}){1,4}$|^\d{1,9}\.\d{1,9}$/.test(value)) return false;
  const body = value.replace(/[.,:;*]{1,3}$/, '');
  return /\d/.test(body) ? body.length > 3 : /[!@#$%^&*+=~|_?]/.test(/pass|pwd/i.test(name) ? body : body.replace(/[!?_*]{1,3}$/, ''));
}

/** A sentence: three words or more without digits, one of which joins the others. */
const isProse = (value: string): boolean =>
  !/\d/.test(value) &&
  (value.match(/\S\s/g)?.length ?? 0) >= 2 &&
  /(?:^|\s)(?:the|an?|of|to|is|are|and|or|in|for|with|your|must|not|be|der|die|das|und|ein|le|la|les|el|de)\s/i.test(value);

/** `curl -u user:password`. */
function accounts(text: string, found: Found[]): void {
  ACCOUNT.lastIndex = 0;
  for (let hit = ACCOUNT.exec(text); hit; hit = ACCOUNT.exec(text)) {
    const open = hit[1] ?? '';
    const start = ACCOUNT.lastIndex;
    let end = start;
    while (end < text.length && end - start < 300 && (open === '' ? !/\s/.test(text.charAt(end)) : text.charAt(end) !== open)) end++;
    if (open !== '' && text.charAt(end - 1) === '\\') end--;
    if (end - start >= 4 && !isStandIn(text.slice(start, end))) found.push({ kind: PART, start, end });
  }
}
const ACCOUNT = /\s(?:-u|--user|--proxy-user|-U)[\s=]{0,2}\\{0,3}(["'`]?)[\w.@+\\-]{0,64}:/g;

/** The password of `scheme://user:password@host`, up to the last "@" of the URL. */
function urlPasswords(text: string, found: Found[]): void {
  for (let mark = text.indexOf('://'); mark >= 0; mark = text.indexOf('://', mark + 3)) {
    let start = 0;
    let last = 0;
    for (let at = mark + 3; at < text.length && at - mark < 400; at++) {
      const c = text.charAt(at);
      if (/[\s<>]/.test(c) || (start === 0 && /["'`/@]/.test(c)) || text.startsWith('://', at)) break;
      if (c === ':' && start === 0) start = at + 1;
      else if (c === '@') last = at;
    }
    if (start === 0 || last - start < 4) continue;
    const value = text.slice(start, last);
    if (!/^\d{1,5}(?:[/?#]|$)/.test(value) && !isStandIn(value)) found.push({ kind: PART, start, end: last });
  }
}

// ── What was cut ────────────────────────────────────────────────────────────

const isPart = (c: number): boolean =>
  (c > 47 && c < 58) || (c > 63 && c < 91) || (c > 96 && c < 123) || c === 95 || (c > 42 && c < 48 && c !== 44) || c === 61; // letters, digits, @ _ + - . / =

/** On both sides of an ellipsis: what may be the first or the last part of a value. */
function cutOnes(text: string, found: Found[]): void {
  for (let at = text.indexOf('…'); at >= 0; at = text.indexOf('…', at + 1)) {
    let start = at;
    while (start > 0 && isPart(text.charCodeAt(start - 1))) start--;
    if (mayBePart(text.slice(start, at))) found.push({ kind: PART, start, end: at });
    let end = at + 1;
    while (end < text.length && isPart(text.charCodeAt(end))) end++;
    if (mayBePart(text.slice(at + 1, end))) found.push({ kind: PART, start: at + 1, end });
    const before = numberBefore(text, at);
    if (before.length > 3 && isNumberPart(before)) found.push({ kind: PART, start: at - before.length, end: at });
    const after = /^[\d ().-]{4,30}\d/.exec(text.slice(at + 1, at + 32))?.[0];
    if (after !== undefined && isNumberPart(after)) found.push({ kind: PART, start: at + 1, end: at + 1 + after.length });
  }
}

/** What of a number stands just before an index, 32 characters at most; '' where there is none. */
function numberBefore(text: string, at: number): string {
  let start = at;
  while (start > 0 && at - start < 32 && /[\d ().+-]/.test(text.charAt(start - 1))) start--;
  let digit = start;
  while (digit < at && !/\d/.test(text.charAt(digit))) digit++;
  let first = digit;
  while (first > start && digit - first < 2 && /[+(]/.test(text.charAt(first - 1))) first--;
  return text.slice(first, at);
}

const isNumberPart = (text: string): boolean =>
  text.replace(/\D/g, '').length >= 5 && !/^(?:19|20)\d\d[-./][01]?\d?(?:[-./][0-3]?\d?)?$/.test(text); // dates

/** Letters and digits that take turns, an address, or a known beginning. */
function mayBePart(text: string): boolean {
  if (text.length > 400 || /\w@\w/.test(text) || isKeyBeginning(text)) return true;
  if (text.length < 8) return false;
  return turnsOf(text) >= 3 && /[A-Za-z]/.test(text);
}

/** How often digits and other characters take turns. */
function turnsOf(text: string): number {
  let turns = 0;
  let wasDigit = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const isDigit = c > 47 && c < 58;
    if (i > 0 && isDigit !== wasDigit) turns++;
    wasDigit = isDigit;
  }
  return turns;
}

/** Base64 of about a line's length: the middle of a private key, of which neither end may be in sight. The last line of one may be shorter. */
const LONG_BODY = 36;

function bodies(text: string, found: Found[]): void {
  for (let at = LONG_BODY - 1; at < text.length; ) {
    if (!isBody(text.charCodeAt(at))) {
      at += LONG_BODY;
      continue;
    }
    let start = at;
    while (start > 0 && at - start < LONG_BODY - 1 && isBody(text.charCodeAt(start - 1))) start--;
    if (at - start < LONG_BODY - 1) {
      at = start - 1 + LONG_BODY;
      continue;
    }
    let end = at + 1;
    while (end < text.length && isBody(text.charCodeAt(end))) end++;
    const piece = text.slice(start, Math.min(end, start + 400));
    const rises = piece.match(/[a-z][A-Z]/g)?.length ?? 0;
    if (rises * 14 >= piece.length && turnsOf(piece) * 10 >= piece.length) found.push({ kind: PART, start, end });
    at = end + LONG_BODY;
  }
}

const isBody = (c: number): boolean => isPart(c) && c !== 46 && c !== 64;
