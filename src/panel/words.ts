/** The words of a text: what measures of wording, overlap and variety count. */

/** Of a longer text only this many characters are looked at (the panel keeps at most 9,216 of any). */
const CHARACTERS = 1 << 16;
const WORDS = 2000;

/** A run of letters and digits with the marks that stand on them, and one apostrophe inside. Linear: no two parts can match the same character. */
const RUN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:'\p{L}[\p{L}\p{M}]*)?/gu;
const BEYOND_ASCII = /[^\0-\x7f]/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Splitting by dictionary goes by script, not by locale; one is named so that the machine's own is never asked. */
let segmenter: Intl.Segmenter | undefined;

/**
 * The first `most` words of a text, in order: NFKC, lower case, typographic apostrophes as plain ones; `/[\p{L}\p{N}]+(?:'\p{L}+)?/`
 * with combining marks inside. Scripts that do not part words with blanks (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are split by
 * the dictionary of `Intl.Segmenter`, so that a sentence never counts as one word. Some 100 MB/s; 4 MB/s where the dictionary is needed.
 *
 * @returns no more than `most` words, without empty ones
 */
export function words(text: string, most = WORDS): string[] {
  let plain = text.length > CHARACTERS ? text.slice(0, CHARACTERS) : text;
  const ascii = !BEYOND_ASCII.test(plain);
  if (!ascii) {
    // NFKC may make a text 18 times as long
    plain = plain.normalize('NFKC').replaceAll('’', "'");
    if (plain.length > CHARACTERS) plain = plain.slice(0, CHARACTERS);
  }
  plain = plain.toLowerCase();
  const found: string[] = [];
  for (const [run] of plain.matchAll(RUN)) {
    if (found.length >= most) break;
    if (ascii || !UNSPACED.test(run)) found.push(run);
    else split(run, most, found);
  }
  return found;
}

/** The dictionary reads a run to its end before it tells the first word: a run without any punctuation is given to it in pieces. */
const PIECE = 400;

function split(run: string, most: number, into: string[]): void {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  for (let at = 0; at < run.length; ) {
    let end = at + PIECE;
    if (run.charCodeAt(end - 1) >= 0xd800 && run.charCodeAt(end - 1) <= 0xdbff) end++;
    for (const { segment } of segmenter.segment(run.slice(at, end))) {
      if (into.length >= most) return;
      into.push(segment);
    }
    at = end;
  }
}

/** Whether a word is one that people write: a key or an id that was cut at its marks is none, and must not be told as one. */
export const isPlainWord = (word: string): boolean => word.length <= 30 && !(word.length >= 16 && /\d/.test(word));
