import { type Found, join } from './found.ts';
import { personalIn } from './personal.ts';
import { isKeyBeginning, secretsIn } from './secrets.ts';

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
  const whole = join([...secretsIn(text), ...personalIn(text)]);
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
