import type { ReplyReading } from './reply-reading.ts';

/** From what a reply is as a whole, through its sentences, to its choice of words. */
export type HabitLevel = 'structure' | 'sentence' | 'diction';

/** Which replies a habit is looked for in: `prose` is neither labels nor mostly code or data, `free` is prose that is not made of the prompt. */
export type HabitScope = 'all' | 'prose' | 'free' | 'english';

export interface Flag {
  readonly id: string;
  readonly level: HabitLevel;
  readonly scope: HabitScope;
  /**
   * The share of ordinary replies that do so: measured on the two open-ended sets of short instructions that every habit was tried on,
   * widened by hand where chats are known to do it more, and rounded. It decides what is worth telling, so that a factor of two is no matter.
   */
  readonly usual: number;
  /** After "the model will always". */
  readonly does: string;
  /** After "the model will never": only where its absence tells something. */
  readonly never?: string;
  /** Not told beside one of these, which say it already. */
  readonly under?: readonly string[];
  readonly has: (reply: ReplyReading) => boolean;
}

/** A habit that has one of many values: a format, an opening. */
export interface Choice {
  readonly id: string;
  readonly level: HabitLevel;
  readonly scope: HabitScope;
  readonly usual: (value: string) => number;
  readonly does: (value: string) => string;
  readonly under?: readonly string[];
  readonly of: (reply: ReplyReading) => string | undefined;
}

/** A habit that is a number within bounds. Ordinary replies have a lognormal one, or so. */
export interface Amount {
  readonly id: string;
  readonly level: HabitLevel;
  readonly scope: HabitScope;
  /** Median of ordinary replies, and the standard deviation of its logarithm. */
  readonly median: number;
  readonly spread: number;
  readonly one: string;
  readonly many: string;
  readonly under?: readonly string[];
  readonly of: (reply: ReplyReading) => number;
}
