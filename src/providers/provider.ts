import type { Path } from '../types.ts';

/**
 * What a service or trainer takes, as data: shapes, roles, order and limits, each limit with its source and the
 * month it was checked. `check.ts` holds a row against it.
 */
export interface Provider {
  /** As in `--provider`. */
  readonly id: string;
  /** What a reader calls it. */
  readonly name: string;
  readonly kind: 'service' | 'trainer';
  /** Tried in order: the first that detects a row judges it. */
  readonly shapes: readonly Shape[];
  /** What becomes of a row, or of its file, that breaks a shape. */
  readonly broken: Consequence;
  /** What becomes of a row of a shape it does not take; absent: as of a broken one. */
  readonly foreign?: Consequence;
  /** What becomes of a line that is no JSON object. */
  readonly unreadable: Consequence;
  /** A page or document that describes the shapes. */
  readonly source: string;
  /** What becomes of a file whose rows have different shapes; absent: nothing. */
  readonly mixed?: Consequence;
  /** What is said of a file that begins with a byte order mark; absent: nothing. */
  readonly mark?: string;
  /** The rows of one file hold either images or videos. */
  readonly oneMedium?: true;
  readonly limits: readonly Limit[];
  /** What one should know before uploading at all: a clause. */
  readonly notice?: string;
  /** The setting in which fields of any name can be told to it; then a shape it does not know is no error. */
  readonly mapping?: string;
}

/** What a provider does with what it does not take. */
export type Consequence =
  | 'rejects the file'
  | 'stops with an error'
  | 'fails while training'
  | 'drops the row'
  | 'cuts the row'
  | 'cuts the row at the end'
  | 'ignores the field'
  | 'unknown';

/** How sure a fact is. What is disagreed or unverified is told as a warning, never as an error. */
export type Confidence = 'confirmed' | 'disagreed' | 'unverified';

/** What a limit counts. `validation …` are those of the `--eval` files. */
export type Measured =
  | 'examples'
  | 'bytes'
  | 'tokens'
  | 'image examples'
  | 'images'
  | 'tools'
  | 'validation examples'
  | 'validation bytes'
  | 'validation share';

export interface Limit {
  readonly of: Measured;
  /** At least or at most so many. A share is of the training data, 0–1. */
  readonly min?: number;
  readonly max?: number;
  readonly unit: 'examples' | 'bytes' | 'tokens' | 'images' | 'tools' | 'share';
  readonly beyond: Consequence;
  /** A page or document. */
  readonly source: string;
  /** Year and month. */
  readonly checked: string;
  readonly confidence: Confidence;
  /** A recommendation, not a limit. */
  readonly advised?: true;
  /** The setting that raises it, of which this is the default. */
  readonly setting?: string;
  /** What it holds for, where that is not all: a clause. */
  readonly where?: string;
}

/** One way to write a row. */
export interface Shape {
  readonly id: string;
  /** What a reader calls it: "chat messages". */
  readonly name: string;
  /** What it trains on, where that is not one reply: rows of another shape are best converted to one of the same purpose. */
  readonly purpose?: 'preference';
  /** Whether a row is written in this shape, rightly or wrongly. Cheap: it looks at few keys. */
  readonly detects: (raw: Raw) => boolean;
  readonly fields: Fields;
  /** What becomes of other fields; absent: nothing, they are used or ignored. */
  readonly extra?: Rejection;
  /** A shape that is never taken, and what is wrong with it. */
  readonly wrong?: { readonly kind: 'keys' | 'rated'; readonly detail: string; readonly expected: string };
  /** Fields that mean something elsewhere and nothing here, with what is meant; whether this is sure. */
  readonly ignored?: {
    readonly fields: readonly string[];
    /** A field with which these are no loss. */
    readonly unless?: string;
    /** Where they stand: "beside the messages". */
    readonly where: string;
    readonly expected: string;
    readonly confidence: Confidence;
  };
  /** What one should know of rows in this shape, where it takes them: a clause. */
  readonly note?: string;
  /** Names that were meant: a wrong one to the right one. */
  readonly renamed?: Readonly<Record<string, string>>;
}

export type Raw = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, Field>>;

/** Where what is wrong has another consequence than usual, or is in doubt. */
export interface Rejection {
  readonly does?: Consequence;
  readonly confidence?: Confidence;
}

/** What a field must hold. `optional` ones may be absent or null. */
export type Field = { readonly optional?: true } & (
  | { readonly kind: 'any' }
  | { readonly kind: 'text' }
  | { readonly kind: 'texts' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'booleans' }
  /** A number ≥ 0. */
  | { readonly kind: 'weight' }
  /** Text only, equal to `value`. */
  | { readonly kind: 'constant'; readonly value: string }
  | { readonly kind: 'turns'; readonly turns: Turns }
  /** One turn, not in a list. */
  | { readonly kind: 'turn'; readonly turns: Turns }
  | { readonly kind: 'text or turns'; readonly turns: Turns }
  | { readonly kind: 'object'; readonly fields: Fields }
  /** A list of `{text}`. */
  | { readonly kind: 'blocks' }
  /** Lists of two texts: the history of Alpaca. */
  | { readonly kind: 'text pairs' }
  /** `{label, text}` segments. */
  | { readonly kind: 'segments' }
  | { readonly kind: 'tools'; readonly needs: readonly string[]; readonly wrapped: boolean }
  /** Two completions with the scores 1 and 0. */
  | { readonly kind: 'scored'; readonly turns: Turns }
);

/** Who speaks. */
export type Speaker = 'system' | 'user' | 'assistant' | 'tool';

/** A list of turns. */
export interface Turns {
  /** "message" or "turn". */
  readonly each: string;
  /** The key that says who speaks. */
  readonly role: string;
  /** The names it may hold; absent: any text. */
  readonly roles?: Readonly<Record<string, Speaker>>;
  /** Roles whose text stands elsewhere: where. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Keys that may hold what is said, likeliest first: exactly one of them does. */
  readonly content: readonly string[];
  /** Whether what is said may be a plain text. */
  readonly text: boolean;
  /** What it may hold as a list of parts, by kind of part: the speakers that may use it. Absent: no list. */
  readonly parts?: Readonly<Record<string, readonly Speaker[]>>;
  /** How parts tell their kind: by `type`, or by their only key. */
  readonly partsBy?: 'type' | 'key';
  /** A turn of the assistant may call tools. */
  readonly calls?: Calls;
  /** What becomes of other keys of a turn; absent: nothing. */
  readonly extra?: Rejection & { readonly known: readonly string[] };
  /** The assistant's `weight` is 0 or 1. */
  readonly weight?: true;
  /** Reserved words that must not stand in a text. */
  readonly reserved?: readonly string[];
  /** What an address of a file must look like; a linear test. */
  readonly address?: { readonly test: (uri: string) => boolean; readonly expected: string };
  readonly order: readonly Order[];
}

export interface Calls {
  readonly arguments: 'text' | 'object';
  /** Calls need an id and `"type": "function"`. */
  readonly ids: boolean;
  /** The exact length of an id. */
  readonly idLength?: number;
  /** Each answer names a call before it. */
  readonly answered: boolean;
  /** A turn has content or calls, not both. */
  readonly alone?: Rejection;
  /** Calls are followed by an answer and a turn of the assistant. */
  readonly followed?: Rejection;
  readonly doubt?: Confidence;
}

/** A rule on who speaks when, and what becomes of a row that breaks it. */
export type Order = Rejection & {
  readonly rule:
    | 'at least two turns'
    | 'an assistant turn'
    | 'a user turn'
    | 'something to train'
    | 'starts with user'
    | 'starts with system or user'
    | 'ends on assistant'
    | 'ends on user'
    | 'ends on a prompt'
    | 'alternates'
    | 'system first'
    | 'one system'
    | 'one user turn'
    | 'one assistant turn'
    /** User and tool turns at odd positions, the assistant's at even ones, after a leading system turn. */
    | 'odd and even'
    | 'even count'
    | 'odd count';
};

/** One thing that is wrong with a row. */
export interface Fault {
  /** What is wrong, for orders and for counting: one of a fixed list. */
  readonly kind: FaultKind;
  readonly path: Path;
  /** After "1 example has": 'a message with role "model"'. */
  readonly detail: string;
  /** The same without what stands in the data, for many examples that differ. */
  readonly general: string;
  /** What was expected instead: any of these. */
  readonly expected: readonly string[];
  readonly does: Consequence;
  readonly confidence: Confidence;
}

export type FaultKind =
  | 'shape'
  | 'unknown-shape'
  | 'missing'
  | 'renamed'
  | 'type'
  | 'empty'
  | 'extra'
  | 'ignored'
  | 'role'
  | 'elsewhere'
  | 'content'
  | 'part'
  | 'weight'
  | 'tool'
  | 'call'
  | 'answer'
  | 'keys'
  | 'rated'
  | 'reserved'
  | 'address'
  | 'no-assistant'
  | 'no-user'
  | 'untrained'
  | 'start'
  | 'end'
  | 'order'
  | 'late-system'
  | 'count'
  | 'scores'
  | 'media'
  | 'images'
  | 'tools'
  | 'too-long';
