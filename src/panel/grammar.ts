import type { GrammarTerm } from '../libraries/compromise.ts';
import { grammarTerms } from './libraries.ts';

/*
 * Sentences, and what English grammar tells of them. compromise reads some 160 kB a second and is quadratic on what nobody writes (runs
 * of marks, "A.B.A.B."), so nothing longer than `SEGMENT` reaches it, runs are shortened first, and how much is read is the caller's
 * to say: `segments(text, most)`. The splitter needs no library.
 */

/** Characters that the library sees at a time. */
const SEGMENT = 1000;
/** A run without blanks is cut here: no English word, name or number is as long. */
const LONGEST_RUN = 100;
/** Marks in a row that are kept. */
const MARKS = 3;

// ── Runs ────────────────────────────────────────────────────────────────────

const isBlank = (c: number): boolean => c <= 32 || c === 0xa0 || (c >= 0x2000 && c <= 0x200b) || c === 0x3000 || c === 0xfeff;
const isMark = (c: number): boolean =>
  (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126) || (c >= 0x2010 && c <= 0x2bff);

/**
 * A text whose runs are as short as in anything that a person writes: blanks become one (a line break where the run holds one, two where
 * it holds several), of marks in a row three are kept, of a run without blanks a hundred characters. Linear.
 */
export function collapseRuns(text: string): string {
  let out = '';
  let copied = 0;
  let marks = 0;
  let run = 0;
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    if (isBlank(c)) {
      let end = i;
      let breaks = 0;
      for (; end < text.length && isBlank(text.charCodeAt(end)); end++) if (text.charCodeAt(end) === 10) breaks++;
      if (end - i > 1 || (c !== 32 && c !== 10)) {
        out += `${text.slice(copied, i)}${breaks === 0 ? ' ' : breaks === 1 ? '\n' : '\n\n'}`;
        copied = end;
      }
      i = end;
      marks = run = 0;
      continue;
    }
    marks = isMark(c) ? marks + 1 : 0;
    run++;
    if (marks > MARKS || run > LONGEST_RUN) {
      out += text.slice(copied, i);
      copied = i + 1;
    }
    i++;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

// ── Sentences ───────────────────────────────────────────────────────────────

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Never the last word of a sentence: something follows that they belong to. */
const OPENERS = words(
  'mr mrs ms mx messrs mme dr prof st mt ft gen col maj capt cpt lt sgt cmdr rev hon pres gov sen rep supt fig figs eq vs cf ca approx e.g i.e viz esp incl resp',
);
/** May end one: they do where the next word is one that begins sentences. */
const CLOSERS = words(
  'jr sr inc ltd co corp llc bros etc al a.m p.m u.s u.k u.n e.u d.c ph.d b.a m.a b.c a.d jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun ave blvd rd dept univ assn est min max hrs sec',
);
/** Abbreviations before a number only: "No. 5", "pp. 3–4". */
const BEFORE_NUMBERS = words('no nos p pp vol vols ch sec art par § ed');
const STARTERS = words(
  'he she it they we you i the a an this that these those there here but and so or if when while where then as in on at by for from with after before since because although though however what who why how his her its their our your my one some many most all both each no not yes please let',
);

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isClosing = (c: number): boolean => c === 34 || c === 39 || c === 41 || c === 93 || c === 0x201d || c === 0x2019 || c === 0xbb;
const isOpening = (c: number): boolean => c === 34 || c === 39 || c === 40 || c === 91 || c === 0x201c || c === 0x2018 || c === 0xab;
/** 。！？｡ end a sentence whatever follows. */
const isWideEnd = (c: number): boolean => c === 0x3002 || c === 0xff01 || c === 0xff1f || c === 0xff61;
const isEnd = (c: number): boolean => c === 46 || c === 33 || c === 63 || c === 0x2026;

/**
 * The sentences of a text, trimmed, at most `most` of them, none empty, runs collapsed. A blank line, or a line break before
 * anything but a small letter, ends one too. "Dr. Smith", "J. S. Bach", "e.g. this", "3.5", "1. Open it" and "\"Why?\" he asked"
 * hold no end, "at 5 p.m. He left" and "Acme Inc. The" hold one. Linear.
 */
export function sentences(text: string, most = 10_000): string[] {
  const plain = collapseRuns(text);
  const found: string[] = [];
  let from = 0;
  const take = (to: number): void => {
    const sentence = plain.slice(from, to).replaceAll('\n', ' ').trim();
    if (sentence !== '') found.push(sentence);
    from = to;
  };
  for (let i = 0; i < plain.length && found.length < most; i++) {
    const c = plain.charCodeAt(i);
    if (c === 10) {
      let next = i + 1;
      if (plain.charCodeAt(next) === 10) take(next);
      else {
        while (isOpening(plain.charCodeAt(next))) next++;
        if (!isSmall(plain, next)) take(next > i + 1 ? i + 1 : next);
      }
    } else if (isWideEnd(c)) take(i + 1);
    else if (isEnd(c)) {
      let end = i + 1;
      while (isEnd(plain.charCodeAt(end))) end++;
      const marks = plain.slice(i, end);
      const closing = end;
      while (isClosing(plain.charCodeAt(end))) end++;
      const after = plain.charCodeAt(end);
      if ((after === 32 || after === 10) && endsAt(plain, from, i, marks, end > closing, end + 1)) take(end);
      i = end - 1;
    }
  }
  if (found.length < most) take(plain.length);
  return found;
}

/** Whether the marks that begin at `at` end the sentence that begins at `from`; `next` is where the next word would be. */
function endsAt(text: string, from: number, at: number, marks: string, quoted: boolean, next: number): boolean {
  while (isOpening(text.charCodeAt(next))) next++;
  const small = isSmall(text, next);
  if (marks !== '.') return !(small && (quoted || /[.…]/.test(marks)));
  if (quoted) return !small;
  let start = at;
  while (start > from && at - start < 20 && !isBlank(text.charCodeAt(start - 1)) && !isOpening(text.charCodeAt(start - 1))) start--;
  const word = text.slice(start, at);
  let first = from;
  while (first < start && isBlank(text.charCodeAt(first))) first++;
  if (first === start && /^\d{1,3}$/.test(word)) return false; // "1. Open it"
  const lower = word.toLowerCase();
  if (OPENERS.has(lower)) return false;
  if (BEFORE_NUMBERS.has(lower) && isDigit(text.charCodeAt(next))) return false;
  if (small) return !CLOSERS.has(lower) && !lower.includes('.') && word.length > 1;
  const initials = word !== 'I' && /^\p{Lu}(?:\.\p{Lu}){0,5}$/u.test(word);
  return (!initials && !CLOSERS.has(lower)) || STARTERS.has(wordAt(text, next));
}

function isSmall(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c < 128) return c >= 97 && c <= 122;
  const char = text.charAt(at);
  return char !== char.toUpperCase() && char === char.toLowerCase();
}

function wordAt(text: string, at: number): string {
  let end = at;
  while (end < text.length && end - at < 12 && /[A-Za-z]/.test(text.charAt(end))) end++;
  return text.slice(at, end).toLowerCase();
}

// ── Segments ────────────────────────────────────────────────────────────────

/**
 * The text in pieces of at most 1,000 characters, cut at sentences' ends and, inside longer sentences, at blanks; `most` characters in
 * all, at least a part of the first sentence. Runs are collapsed. What `readGrammar` is given.
 */
export function segments(text: string, most = Number.POSITIVE_INFINITY): string[] {
  const found: string[] = [];
  let piece = '';
  let left = most;
  for (const sentence of sentences(text.length > 2 * most ? text.slice(0, 2 * most) : text)) {
    for (const part of cutAtBlanks(sentence)) {
      if (part.length > left) {
        const last = part.slice(0, left).trim();
        if (last !== '' && piece === '' && found.length === 0) found.push(last);
        else if (piece !== '') found.push(piece);
        return found;
      }
      left -= part.length + 1;
      if (piece.length + 1 + part.length <= SEGMENT) piece = piece === '' ? part : `${piece} ${part}`;
      else {
        if (piece !== '') found.push(piece);
        piece = part;
      }
    }
  }
  if (piece !== '') found.push(piece);
  return found;
}

function cutAtBlanks(sentence: string): string[] {
  const parts: string[] = [];
  let from = 0;
  while (sentence.length - from > SEGMENT) {
    const blank = sentence.lastIndexOf(' ', from + SEGMENT);
    const to = blank > from ? blank : from + SEGMENT;
    parts.push(sentence.slice(from, to));
    from = blank > from ? to + 1 : to;
  }
  parts.push(sentence.slice(from));
  return parts;
}

// ── Grammar ─────────────────────────────────────────────────────────────────

/** One sentence, and its words with their parts of speech. */
export interface GrammarSentence {
  readonly text: string;
  /** Parts of contractions apart, see `GrammarTerm`. */
  readonly terms: readonly GrammarTerm[];
}

/**
 * The sentences of one segment with their words' parts of speech; of more than 1,000 characters the first 1,000 are read.
 * English only: of another language it makes nouns. Some 160 kB a second. Needs `needs: ['compromise']` in the rule's meta.
 */
export function readGrammar(segment: string): GrammarSentence[] {
  return sentences(segment.length > SEGMENT ? segment.slice(0, SEGMENT) : segment).map((text) => ({
    text,
    terms: grammarTerms(text).flat(),
  }));
}

export interface GrammarName {
  /** As written, without marks around it and without a possessive 's. */
  readonly text: string;
  readonly kind: 'person' | 'place' | 'organization' | 'name';
}

const NAME_KINDS = [
  ['Person', 'person'],
  ['Place', 'place'],
  ['Organization', 'organization'],
] as const;

/** The names in a sentence: runs of words tagged person, place or organisation, or capitalised words tagged as proper nouns ("name"). No pronouns, months or weekdays. */
export function namesOf({ terms }: GrammarSentence): GrammarName[] {
  const found: GrammarName[] = [];
  let run: GrammarTerm[] = [];
  const end = (): void => {
    const text = run
      .map((term, i) => (i === run.length - 1 ? term.text : `${term.text}${term.post.replace(/\s+/g, ' ')}`))
      .join('')
      .replace(/['’]s?$/, '');
    if (/\p{L}/u.test(text)) found.push({ text, kind: NAME_KINDS.find(([tag]) => run.some(({ tags }) => tags.has(tag)))?.[1] ?? 'name' });
    run = [];
  };
  for (const term of terms) {
    if (!isName(term)) {
      if (run.length > 0) end();
      continue;
    }
    run.push(term);
    if (/[^\s.]/.test(term.post) || /['’]s?$/.test(term.text)) end(); // a comma or a bracket parts two names
  }
  if (run.length > 0) end();
  return found;
}

function isName({ text, tags }: GrammarTerm): boolean {
  if (text === '' || tags.has('Pronoun') || tags.has('Date')) return false;
  return tags.has('Person') || tags.has('Place') || tags.has('Organization') || (tags.has('ProperNoun') && /^\p{Lu}/u.test(text));
}

/** The dates in a sentence as written: "3 March 2021", "Tuesday". A bare number is one only beside a month, and a year only where it reads as one ("in 1999"). */
export function datesOf({ terms }: GrammarSentence): string[] {
  const found: string[] = [];
  let run: GrammarTerm[] = [];
  const end = (): void => {
    if (run.some(({ tags }) => DATES.some((tag) => tags.has(tag))))
      found.push(run.map((term, i) => (i === run.length - 1 ? term.text : term.text + term.post)).join(''));
    run = [];
  };
  for (const term of terms) {
    if (term.text !== '' && term.tags.has('Date') && !term.tags.has('Time')) run.push(term);
    else if (run.length > 0) end();
  }
  if (run.length > 0) end();
  return found;
}
const DATES = ['Month', 'WeekDay', 'Year', 'Holiday'];

/** Whether a verb of the sentence is in the passive ("was written by", "got fired"). Right on 6 of 6, wrong on "are interested in". */
export const isPassive = ({ terms }: GrammarSentence): boolean => terms.some(({ tags }) => tags.has('Passive'));

/** Whether the sentence gives an order: it begins with a verb in the imperative, "please" and "don't" aside. */
export function isImperative({ terms, text }: GrammarSentence): boolean {
  if (text.endsWith('?')) return false;
  let looked = 0;
  for (const { tags, normal } of terms) {
    if (tags.has('Imperative')) return true;
    if (normal === '' || tags.has('Adverb') || tags.has('Negative') || SOFTENERS.has(normal)) continue;
    if (++looked > 0) return false;
  }
  return false;
}
const SOFTENERS = words("please just now then first next finally do don't never always");

export interface PersonCounts {
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

const FIRST = words('i me my mine myself we us our ours ourselves');
const SECOND = words('you your yours yourself yourselves');
const THIRD = words('he him his himself she her hers herself they them their theirs themselves it its itself');

/** How many pronouns of each person, possessives among them, are in the sentence. */
export function personsOf({ terms }: GrammarSentence): PersonCounts {
  let first = 0;
  let second = 0;
  let third = 0;
  for (const { normal, implicit } of terms) {
    const word = (implicit ?? normal).toLowerCase();
    if (FIRST.has(word)) first++;
    else if (SECOND.has(word)) second++;
    else if (THIRD.has(word)) third++;
  }
  return { first, second, third };
}

export interface TenseCounts {
  readonly past: number;
  readonly present: number;
  readonly future: number;
  /** can, could, may, might, must, should, would. */
  readonly modal: number;
}

const FUTURE = words('will shall wont');
const PAST_FORMS = words('was were did had wasnt werent didnt hadnt');
const PRESENT_FORMS = words('am is are do does has have isnt arent dont doesnt hasnt havent');

/** How many verb groups of the sentence are in each tense: a group is in that of its first verb, orders and bare forms after "to" are in none. */
export function tensesOf({ terms }: GrammarSentence): TenseCounts {
  const counts = { past: 0, present: 0, future: 0, modal: 0 };
  let inGroup = false;
  let bare = false;
  for (const { tags, normal, implicit } of terms) {
    const word = (implicit ?? normal).toLowerCase();
    if (word === 'to') {
      bare = true;
      continue;
    }
    const verb = tags.has('Verb') || tags.has('Modal') || tags.has('Auxiliary');
    if (!verb) {
      if (tags.has('Adverb') || tags.has('Negative') || word === '') continue; // "will not go", "has often been"
      inGroup = bare = false;
      continue;
    }
    if (inGroup) continue;
    inGroup = true;
    if (bare || tags.has('Imperative') || tags.has('Gerund')) continue;
    if (FUTURE.has(word) || tags.has('FutureTense')) counts.future++;
    else if (PAST_FORMS.has(word)) counts.past++;
    else if (PRESENT_FORMS.has(word)) counts.present++;
    else if (tags.has('Modal')) counts.modal++;
    else if (tags.has('PastTense') || tags.has('Participle')) counts.past++;
    else if (tags.has('PresentTense') || tags.has('Infinitive')) counts.present++;
  }
  return counts;
}
