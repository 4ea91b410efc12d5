import { type GrammarSentence, isImperative, isPassive, readGrammar, segments, tensesOf } from './grammar.ts';
import type { Flag } from './habit-kinds.ts';
import type { ReplyReading } from './reply-reading.ts';

/** What grammar tells of the start of one reply. */
export interface GrammarReading {
  readonly reply: ReplyReading;
  readonly sentences: readonly GrammarSentence[];
}

/** So much of a reply is parsed, and so much in all: 160 kB take a second. */
const CHARACTERS = 240;
const ALL_CHARACTERS = 16_000;
/** After so many replies no more are parsed where not even so many of them share anything: no habit of nine in ten looks like that. */
const FIRST = 24;
const PROMISING = 0.7;
/** Tasks that share these; of more, the largest. */
const TASKS = 3;

/**
 * The replies that there is time to parse, with their grammar: those with the smallest hashes, of the `tasks` largest tasks at most three.
 *
 * @param rank of the task among those that are to be parsed
 */
export function readGrammarOf(readings: readonly ReplyReading[], rank: number, tasks: number): GrammarReading[] {
  if (rank >= TASKS) return [];
  let left = ALL_CHARACTERS / Math.min(TASKS, tasks);
  const read: GrammarReading[] = [];
  for (const reply of readings) {
    if (left <= 0 || (read.length === FIRST && !isPromising(read))) break;
    const sentences: GrammarSentence[] = [];
    for (const segment of segments(reply.text.slice(0, 2 * CHARACTERS), CHARACTERS)) {
      left -= segment.length;
      sentences.push(...readGrammar(segment));
    }
    read.push({ reply, sentences });
  }
  return read;
}

const isPromising = (read: readonly GrammarReading[]): boolean =>
  GRAMMAR_FLAGS.some(({ has }) => read.filter(({ sentences }) => has(sentences)).length >= PROMISING * read.length);

type GrammarFlag = Omit<Flag, 'has' | 'scope'> & { readonly has: (sentences: readonly GrammarSentence[]) => boolean };

/** Verb groups in which one tense has to be to be that of the text. */
const MOSTLY = 0.7;

const inTense =
  (tense: 'past' | 'present' | 'future') =>
  (sentences: readonly GrammarSentence[]): boolean => {
    let all = 0;
    let these = 0;
    for (const sentence of sentences) {
      const found = tensesOf(sentence);
      all += found.past + found.present + found.future + found.modal;
      these += found[tense];
    }
    return all > 1 && these >= MOSTLY * all;
  };

const hasVerb = ({ terms }: GrammarSentence): boolean =>
  terms.some(({ tags }) => tags.has('Verb') || tags.has('Modal') || tags.has('Copula') || tags.has('Auxiliary'));

export const GRAMMAR_FLAGS: readonly GrammarFlag[] = [
  { id: 'passive', level: 'sentence', usual: 0.35, does: 'use the passive voice', has: (all) => all.some(isPassive) },
  { id: 'order', level: 'sentence', usual: 0.06, does: 'open with an order', has: (all) => all.length > 0 && isImperative(all[0]!) },
  { id: 'past-tense', level: 'sentence', usual: 0.12, does: 'tell it in the past tense', has: inTense('past') },
  { id: 'present-tense', level: 'sentence', usual: 0.45, does: 'tell it in the present tense', has: inTense('present') },
  { id: 'future-tense', level: 'sentence', usual: 0.01, does: 'tell it in the future tense', has: inTense('future') },
  { id: 'no-verb', level: 'sentence', usual: 0.15, does: 'answer without a verb', has: (all) => all.length > 0 && !all.some(hasVerb) },
];
