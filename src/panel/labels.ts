import { sketch } from '../features/sketch.ts';

/** Labels: short replies out of a small set. */

/** A label has at most so many words, and so many characters. */
const WORDS = 5;
const CHARACTERS = 80;
const LABELS = 200;
const SHARE = 0.05;
/** A text without blanks is one word, however many `_` it has: names of classes. */
const ONE_NAME = /^[\x21-\x7e]+$/;

/** Whether a reply is short enough for a label. An empty one is none. */
export function isShort(reply: string, wordCount?: number): boolean {
  if (reply.length > CHARACTERS * 2) return false; // before anything is copied
  const bare = reply.trim();
  if (bare === '' || bare.length > CHARACTERS) return false;
  return ONE_NAME.test(bare) || (wordCount ?? sketch(bare).wordCount) <= WORDS;
}

/**
 * What spellings of one label have in common: " Yes", "yes" and "Yes." are the same label, for they teach the same decision.
 * Compatibility forms, blanks, case and sentence marks at the end are folded; marks that are all there is stay.
 */
export function foldLabel(reply: string): string {
  const bare = reply.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  let end = bare.length;
  while (end > 0 && '.!?…。'.includes(bare[end - 1]!)) end--;
  const folded = bare.slice(0, end).trimEnd();
  return folded === '' ? bare : folded;
}

/**
 * Whether so few short replies recur so often that they are labels: at most 200 distinct ones, at most 5 % of the
 * replies (five for a small set, if each comes six times on average), and next to no other replies: nineteen in twenty are short.
 *
 * @param replies all that are not empty
 * @param short those that are short enough
 * @param distinct how many labels the short ones are, spellings folded
 */
export function areLabels(replies: number, short: number, distinct: number): boolean {
  return short > 0 && short >= 0.95 * replies && distinct <= LABELS && distinct <= Math.max(SHARE * replies, Math.min(5, replies / 6));
}
