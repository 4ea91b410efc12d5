import type { Found } from '../privacy/found.ts';
import { personalIn } from '../privacy/personal.ts';
import { secretsIn, UNCHECKED } from '../privacy/secrets.ts';
import type { Example } from '../types.ts';
import { feature } from './feature.ts';
import { marksOf, type Sketch, sketches } from './sketch.ts';

/** Something private in an example: the first of its kind. */
export interface PrivateSpot {
  readonly kind: string;
  /** The text that holds it, as it is: only for `excerptAround`, which hides it. */
  readonly text: string;
  readonly index: number;
}

/** Keys, tokens and passwords in an example, the first of each kind: in all turns, tool calls and other fields of the row. */
export const secretSpots = feature((example: Example): readonly PrivateSpot[] => spotsIn(example, secretsIn, mayHoldSecret));

/** Personal data in an example, the first of each kind: in all turns, tool calls and other fields of the row. */
export const personalSpots = feature((example: Example): readonly PrivateSpot[] => spotsIn(example, personalIn, mayHoldPersonal));

const JOINS = marksOf('_-');
const URL_MARKS = marksOf('@:/');
/** What stands between a name and its value. */
const NAMED = marksOf('=:');
const AT = marksOf('@');

/** A key is a run of 15 letters, digits, "_" and "-" at least, or stands in a URL, or behind a name. */
const mayHoldSecret = ({ longestWord, marks }: Sketch): boolean =>
  longestWord >= 15 || (marks & (JOINS | NAMED)) !== 0 || (marks & URL_MARKS) === URL_MARKS;

/** Seven digits; or a word of 15 characters that begins with letters, as account numbers do. */
const mayHoldPersonal = ({ digits, longestWord, marks }: Sketch): boolean => digits >= 7 || longestWord >= 15 || (marks & AT) !== 0;

const NONE: readonly PrivateSpot[] = [];

function spotsIn(example: Example, find: (text: string) => readonly Found[], mayHold: (sketch: Sketch) => boolean): readonly PrivateSpot[] {
  const { messages, rejected } = example;
  const all = sketches(example);
  let spots: PrivateSpot[] | undefined;
  const look = (text: string): void => {
    const found = find(text);
    if (found.length === 0) return;
    spots ??= [];
    for (const { kind, start } of found) if (!spots.some((spot) => spot.kind === kind)) spots.push({ kind, text, index: start });
  };
  for (let i = 0; i < all.length; i++) {
    if (!mayHold(all[i]!)) continue;
    look((i < messages.length ? messages[i]! : rejected![i - messages.length]!).text);
  }
  const { texts, whole } = otherTexts(example);
  for (const text of texts) look(text);
  if (!whole && find === secretsIn && !spots?.some(({ kind }) => kind === UNCHECKED)) {
    spots = [...(spots ?? []), { kind: UNCHECKED, text: '', index: 0 }];
  }
  return spots ?? NONE;
}

interface OtherTexts {
  readonly texts: readonly string[];
  /** False where a row has so many values that not all were looked at. */
  readonly whole: boolean;
}

const NO_OTHERS: OtherTexts = { texts: [], whole: true };
const SHORTEST = 6;
/** Up to here a text is looked at for a digit or an at sign first: most are roles, types and names. */
const SHORT = 14;
/** Values of one row: lists, objects, texts, numbers. A row of 64 MiB can have 30 million. */
const MOST_VALUES = 1_000_000;
/** A row's texts come in the order of its turns, some left out; how many turns ahead a text is compared with. */
const AHEAD = 8;

/** Texts of the row that are not the text of a turn: arguments, reasoning, tools, names, metadata. No names of fields. */
const otherTexts = feature(({ raw, messages, rejected, parts }: Example): OtherTexts => {
  let known: readonly { readonly text: string }[] = rejected ? [...messages, ...rejected] : messages;
  if (parts) known = [...known, ...Object.values(parts).map((text) => ({ text }))];
  let next = 0;
  let others: string[] | undefined;
  let values = 0;
  const take = (text: string): void => {
    if (text.length < SHORTEST) return;
    let at = next;
    const stop = Math.min(known.length, next + AHEAD);
    while (at < stop && known[at]!.text !== text) at++;
    if (at < stop) next = at + 1;
    else if (text.length > SHORT || /[\d@]/.test(text)) (others ??= []).push(text);
  };
  const stack: object[] = [raw];
  for (let parent = stack.pop(); parent; parent = stack.pop()) {
    const before = stack.length;
    if (Array.isArray(parent)) {
      values += parent.length;
      if (values > MOST_VALUES) return { texts: others ?? [], whole: false };
      for (let i = 0; i < parent.length; i++) {
        const value: unknown = parent[i];
        if (typeof value === 'string') take(value);
        else if (typeof value === 'object' && value !== null) stack.push(value);
      }
    } else {
      for (const key in parent) {
        if (!Object.hasOwn(parent, key)) continue; // in rows that were handed over as objects
        if (++values > MOST_VALUES) return { texts: others ?? [], whole: false };
        const value: unknown = (parent as Readonly<Record<string, unknown>>)[key];
        if (typeof value === 'string') take(value);
        else if (typeof value === 'object' && value !== null) stack.push(value);
      }
    }
    // The first of them next, so that texts come in the order of the turns.
    for (let from = before, to = stack.length - 1; from < to; from++, to--) {
      const value = stack[from]!;
      stack[from] = stack[to]!;
      stack[to] = value;
    }
  }
  return others ? { texts: others, whole: true } : NO_OTHERS;
});
