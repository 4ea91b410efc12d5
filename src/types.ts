/**
 * The whole vocabulary of the project. This file imports nothing.
 *
 * | word | means |
 * | --- | --- |
 * | example | one training example: one line of JSONL |
 * | prompt / reply | what the model sees / what it is trained to write; a chat has a pair per trained assistant turn |
 * | place | file and 1-based line |
 * | share | a part of a whole, 0–1 |
 * | score | lopsidedness: 0 even … 1 as lopsided as can be, `null` = cannot judge |
 * | family | clustering, leakage, spread, adversarial, mapping, form |
 * | panel | the fair sample: the distinct examples with the smallest content hashes; each weighs 1 |
 * | level / severity | what a rule makes of a finding / what is reported after the configured ceiling |
 * | cue | a cheap surface feature of a prompt: a capital, a final mark, a length band, an opening |
 * | side | a file that is read beside the training data: `--eval`, `--reference` |
 */

// ── What we read ────────────────────────────────────────────────────────────

/** Where an example stands. Lines count from 1, as editors do; of a file that has no lines (Parquet), the rows. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export type Split = 'train' | 'eval' | 'reference';

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface ToolCall {
  readonly id?: string;
  readonly name: string;
  /** JSON, as text. */
  readonly arguments: string;
}

/** One turn. `developer` becomes system and `function` tool; a top-level system text becomes the first message. */
export interface Message {
  readonly role: Role;
  /** Of a turn with calls only: its calls as JSON. */
  readonly text: string;
  /**
   * The thoughts before a reply, where the format keeps them in a field or a part of their own (`reasoning_content`, `thinking`).
   * Never part of `text`; what stands inside the text, such as `<think>`, stays there.
   */
  readonly reasoning?: string;
  /** Whether the model is trained to write this turn. Absent: yes for the assistant; `false` where the weight is 0. */
  readonly trained?: boolean;
  readonly calls?: readonly ToolCall[];
  /** The id of the call that a tool message answers. */
  readonly callId?: string;
  /** On the panel only: `text` was longer; this is where its first part ends and its last part begins. */
  readonly cutAt?: number;
}

/** What was said, whatever format it was written in: all that features look at. */
export interface Conversation {
  readonly split: Split;
  /** The id of the data format. */
  readonly format: string;
  readonly messages: readonly Message[];
  /**
   * Preference data only: the reply that lost, without the prompt. Unpaired preference data (KTO) has one reply, judged good or bad:
   * a bad one stands here, and `messages` then ends on its prompt.
   */
  readonly rejected?: readonly Message[];
  /** Named parts of the prompt, where the format has them (premise, hypothesis; instruction, input). */
  readonly parts?: Readonly<Record<string, string>>;
}

/** One training example. */
export interface Example extends Conversation {
  readonly at: Place;
  /** The line as parsed, for rules that look at extra fields. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One example of the panel: long texts are cut, the parsed line is gone. */
export interface PanelExample extends Conversation {
  /** The first place of this content. */
  readonly at: Place;
  /** How many examples have exactly this content. */
  readonly times: number;
  /** The content hash, a whole number below 2^53. The panel is sorted by it. */
  readonly hash: number;
  /** 0–19, by hash: for delete-a-group jackknives. */
  readonly group: number;
}

/** A prompt and the reply that the model is trained to write. */
export interface Pair {
  /** What the model sees since the last assistant turn (user and tool turns, joined by a line break); the system text apart. */
  readonly prompt: string;
  readonly reply: string;
  readonly system: string;
  /** False where nothing precedes the reply: text rows, chats that begin with the assistant. */
  readonly hasPrompt: boolean;
  /** Index of the reply in `messages`. */
  readonly turn: number;
}

/**
 * Why a line is no Example. `unknown-shape` and `bad-shape` are told by the rule
 * example-shape, the rest by readable-lines.
 */
export type SkipKind = 'not-json' | 'not-object' | 'not-record' | 'unknown-shape' | 'bad-shape' | 'too-long' | 'bad-utf8';

/** A line that is no Example. */
export interface Skip {
  readonly at: Place;
  /** 1-based, in characters; for not-json, not-record and bad-utf8. */
  readonly column?: number;
  readonly kind: SkipKind;
  /** What is wrong: a noun phrase that can stand after a colon, no final period. Never holds text from the data unquoted. */
  readonly reason: string;
  /** What belongs there instead, where the reader knows: a phrase that can stand after "expected". */
  readonly expected?: string;
  /** The text around what is wrong, at most 160 characters. */
  readonly excerpt?: string;
  /** unknown-shape only: the fields that the line has. */
  readonly keys?: readonly string[];
  /** What mends it, where the reader knows: an order that ends where "these 12 lines" can follow: 'Rename "mesages" to "messages" in'. */
  readonly advice?: string;
}

/** Why a format cannot read a row: the root cause only. */
export interface Problem {
  /** As `Skip.reason`. */
  readonly problem: string;
  /** As `Skip.expected`. */
  readonly expected?: string;
  /** As `Skip.advice`. */
  readonly advice?: string;
}

/** A step into a JSON value: a field or an index. */
export type Path = readonly (string | number)[];

/** One line that holds a JSON object, before any format has read it: what a service that takes the file would see. */
export interface Row {
  readonly at: Place;
  readonly raw: Readonly<Record<string, unknown>>;
  /** Size of the line in UTF-8, line break included; 0 where the row was no line of JSON (a table, rows in memory). */
  readonly bytes: number;
  /** Whether a byte order mark stood before it. */
  readonly marked: boolean;
  /** What it was read from: lines of JSON, a CSV or TSV, Parquet; or it was handed over as an object. */
  readonly source: 'lines' | 'table' | 'columns' | 'object';
  /** Where the value at this path begins: 1-based, in UTF-16 code units; 0 where the row was no line of JSON. Only while the row is observed. */
  columnOf(path: Path): number;
}

/** How one data format becomes Examples. */
export interface Format {
  readonly id: string;
  /** What a reader calls it: "chat messages". */
  readonly name: string;
  /** The fields that mark this format, for "which format comes nearest"; none where no field tells it from another format. */
  readonly keys: readonly string[];
  /** True where `raw` is written in this format, rightly or wrongly. Cheap: it looks at keys only. */
  detects(raw: Readonly<Record<string, unknown>>): boolean;
  /** The conversation, or what is wrong with the row. */
  read(raw: Readonly<Record<string, unknown>>): Omit<Conversation, 'split' | 'format'> | Problem;
}

/** How a table (CSV, TSV) is written. */
export interface Table {
  readonly delimiter: ',' | '\t' | ';';
  /** The names in its header row, in order: none is empty, none comes twice. */
  readonly columns: readonly string[];
}

/** Whole lines of one file, as bytes. The only thing that `read/` gives out besides skips. */
export interface Batch {
  readonly file: string;
  readonly firstLine: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of a table: the bytes are whole records of it, below its header. A record that could not be read stands as blank lines. */
  readonly table?: Table;
  /** The file has no lines (Parquet): each row was written as a line of JSON by the reader, and "line" means row. */
  readonly rows?: true;
}

// ── What we measure ─────────────────────────────────────────────────────────

/** The data of `T` without its methods: what a structured clone keeps. */
export type Fields<T> = { readonly [K in keyof T as T[K] extends (...args: never) => unknown ? never : K]: T[K] };

/**
 * A summary that two shards can each build and then join.
 *
 * Merging is exact, commutative and associative, so neither the number of
 * workers nor the order they finish in can change a report. All fields are
 * plain data, and `merge` reads only the fields of `other`, which may be a
 * structured clone from another thread or a file.
 */
export interface Stat {
  merge(other: object): void;
}

/** A rule's running state: counts, which add, and Stats, which merge. (Sums of fractions are a Stat: `Sum`.) */
export type State = { [name: string]: number | Stat };

/** A state as plain data. */
export type StateData<S> = { readonly [K in keyof S]: S[K] extends number ? number : Fields<S[K]> };

/** What the same rule saw in the files given by `--eval` and `--reference`. */
export interface Side<S = State> {
  readonly eval?: StateData<S>;
  readonly reference?: StateData<S>;
}

/** The fair sample that panel rules measure on. Each list is sorted by content hash. */
export interface Panel {
  readonly train: readonly PanelExample[];
  readonly eval: readonly PanelExample[];
  readonly reference: readonly PanelExample[];
  /** True where `train` holds every distinct example: shares over it are exact and have no interval. */
  readonly whole: boolean;
}

// ── What a rule is ──────────────────────────────────────────────────────────

/** In order of weight. */
export type Severity = 'info' | 'warn' | 'error';
export type Family = 'clustering' | 'leakage' | 'spread' | 'adversarial' | 'mapping' | 'form';

/** A flat, documented option, written as JSON Schema. The default is required. */
export type OptionSpec = { readonly description: string } & (
  | { readonly type: 'number' | 'integer'; readonly default: number; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: 'string'; readonly default: string; readonly enum?: readonly string[] }
  | { readonly type: 'boolean'; readonly default: boolean }
  | {
      readonly type: 'array';
      readonly items: { readonly type: 'string'; readonly enum?: readonly string[] };
      readonly default: readonly string[];
    }
);
export type OptionSpecs = { readonly [name: string]: OptionSpec };
type Widen<T> = T extends number
  ? number
  : T extends string
    ? string
    : T extends boolean
      ? boolean
      : T extends readonly string[]
        ? readonly string[]
        : T;
export type OptionsOf<Specs extends OptionSpecs> = { readonly [K in keyof Specs]: Widen<Specs[K]['default']> };

/**
 * How a measured value becomes a score: 0 at `even`, .5 at the warn bound, .8 at
 * the error bound, 1 at `worst`, linear (or logarithmic) between. The bounds
 * are options, named here, so that a user who tightens one moves the score with it.
 */
export interface Measure {
  readonly even: number;
  readonly worst: number;
  readonly scale: 'linear' | 'log';
  /** The name of the option that holds the warn bound. */
  readonly warn: string;
  /** The name of the option that holds the error bound. Absent: never an error, and at most .79. */
  readonly error?: string;
}

/** A large library that reads language, see `meta.needs`. */
export type Library = 'compromise' | 'stems';

/** Everything about a rule that is data. Its docs page is printed from this. */
export interface RuleMeta<Specs extends OptionSpecs = OptionSpecs> {
  /** Kebab-case, equal to the file name. */
  readonly id: string;
  readonly family: Family;
  /** The default ceiling of what its findings are reported as. */
  readonly severity: Severity;
  readonly docs: {
    /** One sentence, starting with a verb: "Measures how often …". */
    readonly summary: string;
    /** Why a lopsided value hurts the tuned model. */
    readonly why: string;
    /** What the score means, in words. "Not scored." for rules that are not. */
    readonly score: string;
    /** Where the measure comes from: a paper, a link, a talk. */
    readonly source: string;
  };
  readonly options: Specs;
  /** How its measures become scores. Absent: the rule is not scored. */
  readonly measures?: { readonly [name: string]: Measure };
  /**
   * True where a finding is a count of facts (a duplicate, an unreadable line) and
   * not an estimate: told at its full level however few examples there are.
   */
  readonly exact?: boolean;
  /** True where the rule also folds the `--eval` and `--reference` files; its `finish` then gets `side`. */
  readonly sides?: boolean;
  /** Where the rule runs only if somebody asks for it: the option that is then filled, and why it else did not run ("no provider named"). */
  readonly onRequest?: { readonly option: string; readonly otherwise: string };
  /** True where the rule's option `tokenizer` names what counts tokens for it: loaded before it runs. */
  readonly countsTokens?: true;
  /** What is loaded before `finish`, so that runs without this rule do not pay for it: `readGrammar()` and `stem()` of the kit then work. */
  readonly needs?: readonly Library[];
}

/**
 * A rule: a fold over examples, and a verdict.
 * `merge` is derived from its state; it never sees its severity, other rules, files or time.
 */
// biome-ignore lint/suspicious/noExplicitAny: lists of rules hold rules of any options and state
export interface Rule<Specs extends OptionSpecs = any, S extends State = any> {
  readonly meta: RuleMeta<Specs>;
  create(options: OptionsOf<Specs>): S;
  /** Folds one example. Synchronous, allocation-shy. `side` holds what this rule saw in the side files, where it asked for them. */
  observe?(state: S, example: Example, options: OptionsOf<Specs>, side: Side<S>): void;
  observeSkip?(state: S, skip: Skip, options: OptionsOf<Specs>): void;
  /** Folds one row as it is written, before `observe` or `observeSkip` is called for what a format makes of it. The row is valid during the call only. */
  observeRow?(state: S, row: Row, options: OptionsOf<Specs>): void;
  finish(state: S, options: OptionsOf<Specs>, panel: Panel, side: Side<S>): Verdict;
}

/** A rule with its settings decided: all that the engine needs to run it. */
export interface ActiveRule {
  readonly id: string;
  readonly rule: Rule;
  readonly severity: Severity;
  readonly options: { readonly [name: string]: unknown };
}

/** What a rule concludes. */
export interface Verdict {
  /** Lopsidedness, 0–1; `null`: cannot judge, or not scored. */
  readonly score: number | null;
  /** Why the score is null, as a clause: "no prompts". Required where a scored rule gives null. */
  readonly notJudged?: string;
  /** The score with each of the panel's 20 groups left out; absent = exact. Intervals are made from these. */
  readonly replicates?: readonly number[];
  readonly findings: readonly Remark[];
  /** Small plain data for reporters to draw. */
  readonly picture?: Picture;
}

/** A place, and the part of its text that matters: at most 160 characters, unescaped (reporters escape). */
export interface Evidence extends Place {
  readonly excerpt: string;
}

/** What a rule says of one problem; the engine stamps the rest on (see Finding). */
export interface Remark {
  /** What this finding is about, without figures, unique within the rule: what a fingerprint is made of. */
  readonly key: string;
  /** "<measured>, expected <bound>": one sentence, no final period. */
  readonly message: string;
  /** From the rule's own bounds. */
  readonly level: Severity;
  /** What to do next: an order, with a quantity. */
  readonly suggestion: string;
  readonly evidence: readonly Evidence[];
  /** The numbers behind the message, for machines. */
  readonly data: { readonly [name: string]: string | number };
}

/** What reporters may draw of a rule. Small whatever the data's size. */
export type Picture =
  | {
      readonly kind: 'histogram';
      readonly title: string;
      readonly unit: string;
      readonly bars: readonly { readonly label: string; readonly count: number }[];
    }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | number)[])[];
    };

// ── What we report ──────────────────────────────────────────────────────────

export interface Finding extends Remark {
  readonly ruleId: string;
  readonly family: Family;
  /** `level`, held down to the configured ceiling and to what the sample size allows. */
  readonly severity: Severity;
  /** The same for the same problem, however lines move: 14 hex digits. */
  readonly fingerprint: string;
}

export interface RuleReport {
  readonly family: Family;
  /** The configured ceiling; `off` = was not run. */
  readonly severity: Severity | 'off';
  readonly scored: boolean;
  readonly score: number | null;
  /** 95 %, by delete-a-group jackknife. Absent: exact. */
  readonly interval?: readonly [number, number];
  /** Why there is no score, or why the rule did not run. */
  readonly notJudged?: string;
}

/** The lopsidedness report. Same data, same report: byte for byte. */
export interface Report {
  readonly schemaVersion: 1;
  /** Of lopsided. */
  readonly version: string;
  /** Overall lopsidedness, 0–1. */
  readonly score: number | null;
  readonly interval?: readonly [number, number];
  readonly families: { readonly [family in Family]: number | null };
  readonly rules: { readonly [ruleId: string]: RuleReport };
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly pictures: { readonly [ruleId: string]: Picture };
  readonly examples: { readonly train: number; readonly eval: number; readonly reference: number; readonly pairs: number };
  readonly skipped: { readonly count: number; readonly first: readonly Skip[] };
  /** What the report depends on besides the data. Never workers, file names, time or machine. */
  readonly parameters: {
    readonly rules: { readonly [ruleId: string]: { readonly [option: string]: unknown } };
    readonly panel: { readonly size: number; readonly examples: number; readonly whole: boolean };
    /** Format id to number of examples, training data. */
    readonly formats: { readonly [format: string]: number };
    readonly prompt?: readonly string[];
    readonly reply?: string;
    /** The services and trainers that the data was checked for. */
    readonly provider?: readonly string[];
    /** What counted tokens exactly; absent: they were estimated. */
    readonly tokenizer?: string;
    /** True where the run was stopped before all was read. */
    readonly partial?: true;
  };
}

/** What a reporter needs to know of where its text goes. */
export interface ReportStyle {
  readonly color: boolean;
  /** In columns. */
  readonly width: number;
}

/** Turns a report into text. Pure: it neither prints nor exits, and escapes whatever comes from the data. */
export type Reporter = (report: Report, style: ReportStyle) => string;

// ── How it is configured ────────────────────────────────────────────────────

export interface Plugin {
  /** Prefix of its rule ids in configuration: `acme/brand-voice`. */
  readonly name: string;
  readonly rules?: readonly Rule[];
  readonly formats?: readonly Format[];
}

export type RuleSetting = 'off' | Severity | readonly [Severity, { readonly [option: string]: unknown }];

export interface Config {
  readonly plugins?: readonly Plugin[];
  readonly rules?: { readonly [ruleId: string]: RuleSetting };
  /** The fields of a row that make the prompt, for data in a shape of its own. */
  readonly prompt?: string | readonly string[];
  /** The field that holds the reply. */
  readonly reply?: string;
  /** The services and trainers that the data must suit, by id, or "all". */
  readonly provider?: string | readonly string[];
  /** What counts tokens exactly: "gpt-tokenizer", which must be installed. Default: they are estimated. */
  readonly tokenizer?: string;
  /** The least severity that makes the command fail. Default: 'error'. */
  readonly failOn?: Severity | 'never';
  /** The command fails when overall lopsidedness, 0–100, is above this. Default: none. */
  readonly maxScore?: number;
  /** Size of the panel, in examples. Default: 20,000. */
  readonly panel?: number;
}
