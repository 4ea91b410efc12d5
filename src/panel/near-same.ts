import { combine } from '../stats/hash.ts';

/** How two texts differ that ask the same: in small words, contractions and marks, or in the spelling of one word. */
export type NearBy = 'small words' | 'spelling';

/** The places of two texts in the list that was given, the smaller first. */
export interface NearPair {
  readonly first: number;
  readonly second: number;
  readonly by: NearBy;
}

/** Of a longer text only so much may differ; the rest must be the same. */
const CHARACTERS = 1500;
const TOKEN = /[\p{L}\p{N}\p{M}]+(?:'\p{L}+)?|[-+*/=<>%$€£&|^~#@\\_{}[\]]/gu;
/** The same for texts of plain ASCII, three times as fast. */
const ASCII_TOKEN = /[a-zA-Z0-9]+(?:'[a-zA-Z]+)?|[-+*/=<>%$&|^~#@\\_{}[\]]/g;
const BEYOND_ASCII = /[^\0-\x7f]/;
const LETTER = /\p{L}/u;
/** Texts that share half their words are compared with one another up to this many: more of them are slots of one template. */
const TEMPLATE = 64;
/** A word this short has too many neighbours to be taken for a slip of another. */
const SHORTEST = 5;
/** A slip is seen in so few texts, and what was meant in so many. */
const RARE = 2;
const KNOWN = 5;

/** What any phrasing may have or leave out. No negations, no words for place, time or number, none that says who or whose. */
const SMALL = new Set('a an the please kindly just hi hello hey'.split(' '));

const CONTRACTED = new Map(
  (
    "whats:what is,what's:what is,wheres:where is,where's:where is,whos:who is,who's:who is,hows:how is,how's:how is,that's:that is," +
    "im:i am,i'm:i am,i've:i have,i'll:i will,i'd:i would,it's:it is,you're:you are,dont:do not,don't:do not,doesnt:does not," +
    "doesn't:does not,didnt:did not,didn't:did not,isnt:is not,isn't:is not,cant:can not,can't:can not,cannot:can not,won't:will not"
  )
    .split(',')
    .map((pair) => pair.split(':') as [string, string])
    .map(([short, full]) => [short, full.split(' ')]),
);

/** The words of a text by their numbers in a vocabulary. */
interface Read {
  readonly words: readonly number[];
  /** Places of words with a capital inside the text: names. */
  readonly names: readonly number[];
}

/** Two texts and the two words that differ. */
interface Slip {
  readonly first: number;
  readonly second: number;
  readonly words: readonly [number, number];
}

/** What one token is read as. */
interface Token {
  /** None where it is a small word. */
  readonly numbers: readonly number[];
  readonly capital: boolean;
}

/** Each spelling is folded once. */
class Vocabulary {
  readonly words: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly tokens = new Map<string, Token>();

  read(token: string): Token {
    let read = this.tokens.get(token);
    if (!read) {
      const word = token.toLowerCase();
      const full = SMALL.has(word) ? [] : (CONTRACTED.get(word) ?? [word]);
      read = { numbers: full.map((each) => this.numberOf(each)), capital: word !== token };
      this.tokens.set(token, read);
    }
    return read;
  }

  numberOf(word: string): number {
    let number = this.numbers.get(word);
    if (number === undefined) {
      number = this.words.push(word) - 1;
      this.numbers.set(word, number);
    }
    return number;
  }
}

/**
 * The pairs of texts that differ so little that they ask the same, though not by case, blanks and final marks only (that is for the caller to
 * have seen to). Stricter than a bound on shared shingles, because one word may decide: numbers, signs, negations, names and the
 * order of words must be the same. What may differ is
 *
 * - articles, "please" and greetings, contractions, and marks other than those of sums and code; or
 * - one word of five letters or more by one slip of the pen (a letter more, less, other or two swapped, not the first and not the last)
 *   that at most two texts have, where at least five have the other spelling.
 *
 * Linear but for templates: groups of more than 64 texts that share half their words are not looked into for slips.
 *
 * @param texts distinct
 */
export function nearSame(texts: readonly string[]): NearPair[] {
  const vocabulary = new Vocabulary();
  const read = texts.map((text) => wordsOf(text, vocabulary));
  const wholes = new Map<number, number[]>();
  const halves = new Map<number, number[]>();
  read.forEach(({ words }, i) => {
    if (words.length === 0) return;
    const middle = words.length >> 1;
    const start = hashOf(words, 0, middle);
    const end = hashOf(words, middle, words.length);
    put(wholes, combine(start, end), i);
    if (words.length < 3) return;
    put(halves, combine(start, words.length), i);
    put(halves, combine(-end, words.length), i);
  });

  const found: NearPair[] = [];
  for (const group of wholes.values())
    for (let j = 1; j < group.length; j++) found.push({ first: group[0]!, second: group[j]!, by: 'small words' });
  const slips: Slip[] = [];
  for (const group of halves.values()) {
    if (group.length > TEMPLATE) continue;
    for (let j = 1; j < group.length; j++) {
      for (let i = 0; i < j; i++) {
        const [first, second] = [group[i]!, group[j]!];
        const words = slipBetween(read[first]!, read[second]!, vocabulary);
        if (words) slips.push({ first, second, words });
      }
    }
  }
  for (const { first, second } of rareSlips(slips, read)) found.push({ first, second, by: 'spelling' });
  return found.sort((a, b) => a.first - b.first || a.second - b.second);
}

function put(groups: Map<number, number[]>, key: number, i: number): void {
  const group = groups.get(key);
  if (group) group.push(i);
  else groups.set(key, [i]);
}

function hashOf(words: readonly number[], from: number, to: number): number {
  let hash = 1;
  for (let i = from; i < to; i++) hash = combine(hash, words[i]! + 1);
  return hash;
}

function wordsOf(text: string, vocabulary: Vocabulary): Read {
  const words: number[] = [];
  const names: number[] = [];
  let start = text.length > CHARACTERS ? text.slice(0, CHARACTERS) : text;
  const ascii = !BEYOND_ASCII.test(start);
  if (!ascii) start = start.normalize('NFKC').replaceAll('’', "'");
  for (const { 0: token, index } of start.matchAll(ascii ? ASCII_TOKEN : TOKEN)) {
    if (token === '-' && LETTER.test(start[index - 1] ?? '') && LETTER.test(start[index + 1] ?? '')) continue; // well-known
    const { numbers, capital } = vocabulary.read(token);
    if (words.length > 0 && token === 'A') words.push(vocabulary.numberOf(token)); // "vitamin A" is not "vitamin"
    if (capital && words.length > 0 && numbers.length > 0) names.push(words.length);
    for (const number of numbers) words.push(number);
  }
  if (text.length > CHARACTERS) words.push(vocabulary.numberOf(text.slice(CHARACTERS)));
  return { words, names };
}

/** The two words that differ, where it is one on each side, and one may be a slip for the other. */
function slipBetween(a: Read, b: Read, { words }: Vocabulary): readonly [number, number] | undefined {
  let at = -1;
  for (let i = 0; i < a.words.length; i++) {
    if (a.words[i] === b.words[i]) continue;
    if (at >= 0) return undefined;
    at = i;
  }
  if (at < 0 || a.names.includes(at) || b.names.includes(at)) return undefined;
  const [one, other] = [a.words[at]!, b.words[at]!];
  return isSlip(words[one]!, words[other]!) ? [one, other] : undefined;
}

/** Those where few texts have one spelling and many the other. */
function rareSlips(slips: readonly Slip[], read: readonly Read[]): readonly Slip[] {
  if (slips.length === 0) return slips;
  const texts = new Map<number, number>(slips.flatMap(({ words }) => words.map((word) => [word, 0] as const)));
  for (const { words } of read) {
    for (const word of new Set(words)) {
      const n = texts.get(word);
      if (n !== undefined) texts.set(word, n + 1);
    }
  }
  return slips.filter(({ words: [one, other] }) => {
    const [rare, usual] = [texts.get(one)!, texts.get(other)!].sort((a, b) => a - b) as [number, number];
    return rare <= RARE && usual >= KNOWN;
  });
}

/** Damerau–Levenshtein distance 1, of words of letters only, with the first and the last letter right: inflection changes the end, and "atypical" is no typical slip. */
function isSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < SHORTEST || Math.abs(a.length - b.length) > 1) return false;
  if (a[0] !== b[0] || a.at(-1) !== b.at(-1) || !/^\p{L}+$/u.test(a) || !/^\p{L}+$/u.test(b)) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (restA.length + restB.length <= 1 || (restA.length === 1 && restB.length === 1)) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
