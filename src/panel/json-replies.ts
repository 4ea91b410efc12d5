import { feature } from '../features/feature.ts';
import { pairs } from '../features/pairs.ts';
import { scanJson } from '../formats/json-problem.ts';
import type { Conversation } from '../types.ts';

/** A reply, or a part of one, that was written to be JSON. */
export interface JsonReading {
  /** `whole` parses (one value, or one on each line), `open` breaks off inside the value, `bad` goes wrong before its end. */
  readonly state: 'whole' | 'open' | 'bad';
  /** What it parses to; undefined where there is more than one value, or none. */
  readonly value: unknown;
  /** Of what does not parse: the index in the text where it goes wrong. */
  readonly at: number;
  /** Of what does not parse: why, as a noun phrase. */
  readonly reason: string;
}

/** Longer texts are not parsed: nobody tunes on a reply of a mebibyte, and a hostile row could hold one. */
const LONGEST = 1 << 20;

const WHOLE: JsonReading = { state: 'whole', value: undefined, at: 0, reason: '' };

/**
 * Whether a text was written to be JSON, by its first characters: an object with a quoted or plain key, a list of
 * objects, lists, texts or numbers. Not `[Verse 1]`, `[1] Smith`, `{{name}}` or `[[Page]]`.
 */
export function looksLikeJson(text: string): boolean {
  let at = 0;
  while (at < 100 && isBlank(text.charCodeAt(at))) at++;
  const first = text.charCodeAt(at);
  if (first !== 123 && first !== 91) return false;
  const head = text.slice(at, at + 200);
  if (first === 123) return /^\{\s{0,40}(?:["'}“]|$)/.test(head) || (/^\{\s{0,40}[A-Za-z_]\w{0,40}\s?:/.test(head) && !head.includes(';')); // CSS
  return LIST.test(head) || /^\[[-\d.,eE+\s]{1,199}(?:\]\s{0,9}$|$)/.test(head);
}

/** A list of objects, of lists, of texts, or of nothing. */
const LIST =
  /^\[\s{0,40}(?:\{\s{0,40}(?:["'}]|$)|\[\s{0,40}["'\d[{-]|"[^"]{0,120}(?:"\s{0,9}[,\]]|$)|'[^'\n]{0,120}'\s{0,9}[,\]]|\]\s{0,9}$)/;

const isBlank = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);

/** Reads a text that looks like JSON; undefined where it is too long to be parsed. */
export function readJson(text: string): JsonReading | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    return { state: 'whole', value: JSON.parse(text) as unknown, at: 0, reason: '' };
  } catch {
    const { state, at, why = '' } = scanJson(text);
    const reason = typeof why === 'string' ? why : why[0];
    if (state === 'open') return { state, value: undefined, at, reason: 'the end inside it' };
    if (state === 'bad') return { state, value: undefined, at, reason: inText(reason) };
    let more = at;
    while (more < text.length && isBlank(text.charCodeAt(more))) more++;
    const next = text.charCodeAt(more);
    if ((next === 123 || next === 91) && text.slice(0, more).includes('\n') && isLines(text)) return WHOLE;
    const rest =
      next === 125 || next === 93 ? `one ${text.charAt(more)} too many` : next === 44 ? 'a comma after its end' : 'text after its end';
    return { state: 'bad', value: undefined, at: more, reason: rest };
  }
}

/** The causes are worded for rows of a file; a reply may stand on many lines. */
function inText(reason: string): string {
  return reason
    .replace(' (a row must stand on one line)', '')
    .replace(' of the row', '')
    .replace(' (Python? json.dumps writes JSON)', ' (Python?)');
}

/** JSON Lines: a value on each line. */
function isLines(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, end).trim();
    at = end + 1;
    if (line === '') continue;
    try {
      JSON.parse(line);
    } catch {
      return false;
    }
  }
  return true;
}

const NONE: readonly undefined[] = [];

/** The reading of each pair's reply, in the order of `pairs`; undefined where it does not look like JSON. Empty where none does. */
export const jsonReplies = feature((example: Conversation): readonly (JsonReading | undefined)[] => {
  const all = pairs(example);
  let readings: (JsonReading | undefined)[] | undefined;
  for (let i = 0; i < all.length; i++) {
    const { reply, turn } = all[i]!;
    if (!looksLikeJson(reply) || example.messages[turn]?.calls) continue;
    readings ??= new Array<undefined>(all.length).fill(undefined);
    readings[i] = readJson(reply);
  }
  return readings ?? NONE;
});
