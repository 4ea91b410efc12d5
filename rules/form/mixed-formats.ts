import {
  type Cause,
  Causes,
  CrossTally,
  contentHash,
  count,
  defineRule,
  type Evidence,
  type Example,
  hashString,
  integer,
  list,
  type Remark,
  rounded,
  type Severity,
} from '../../src/kit.ts';

const create = () => ({ examples: 0, variants: new Causes(2000, 3), files: new CrossTally(), unread: new Causes() });
type MixState = ReturnType<typeof create>;

export default defineRule({
  meta: {
    id: 'mixed-formats',
    family: 'form',
    severity: 'warn',
    docs: {
      summary: 'Counts the data formats of the examples, and the ways in which one format is written.',
      why: 'Trainers read one format per run and refuse, drop or misread the rows of another; a table has one type per column, so that a field which is a text here and a list there stops many of them before the first step.',
      score: 'Not scored. A mixture is a warning; pictures among plain texts are a note.',
      source:
        'The guides of Together (https://docs.together.ai/docs/fine-tuning-data-preparation) and TRL (https://huggingface.co/docs/trl/dataset_formats); for columns Apache Arrow and Hugging Face datasets (https://github.com/huggingface/datasets/pull/8027).',
    },
    options: {},
    exact: true,
  },

  create,

  observe(state, example) {
    state.examples += 1;
    state.files.add(example.at.file, example.format);
    state.variants.add(variantOf(example), contentHash(example), example.at, example.messages[0]?.text ?? '');
  },

  observeSkip(state, { kind, at, reason, excerpt = reason, keys, advice }) {
    if (kind !== 'unknown-shape' || !keys) return;
    state.unread.add(keys.toSorted().join(', '), hashString(excerpt), at, excerpt, 0, list(keys), 0, advice);
  },

  finish(state) {
    const variants = state.variants.list().map(readVariant);
    const byFormat = new Map<string, Variant[]>();
    for (const variant of variants) byFormat.set(variant.format, [...(byFormat.get(variant.format) ?? []), variant]);
    const findings = [
      ...formatRemarks(state, byFormat),
      ...leftoverRemarks(state, byFormat),
      ...[...byFormat].flatMap(([format, of]) => TRAITS.flatMap((trait) => traitRemarks(trait, format, of, byFormat.size > 1))),
    ];
    return { score: null, findings };
  },
});

// ── How one example is written ──────────────────────────────────────────────

// A bit for each way of writing something that one table cannot hold both ways.
const CONTENT_TEXT = 1;
const CONTENT_PARTS = 2; // a list of texts
const CONTENT_MEDIA = 4; // a list with something else in it, which no text can stand for
const SYSTEM_BESIDE = 8;
const SYSTEM_TURN = 16;
const ARGUMENTS_TEXT = 32;
const ARGUMENTS_OBJECT = 64;
const PROMPT_TEXT = 128;
const PROMPT_TURNS = 256;
const REPLY_TEXT = 512;
const REPLY_TURNS = 1024;
const REPLY_TURN = 2048;
const TURNS_ROLE = 4096;
const TURNS_FROM = 8192;
const LABEL_TEXT = 16384;
const LABEL_NUMBER = 32768;
const LABEL_BOOLEAN = 65536;
// Which of several names a field goes by.
const FIRST_NAME = 17; // shift of the names below
const NAMES = ['instruction', 'question', 'output', 'response', 'answer', 'completion'] as const;
const INSTRUCTIONS = ['instruction', 'question'] as const;
const OUTPUTS = ['output', 'response', 'answer'] as const;
const COMPLETIONS = ['completion', 'response'] as const;

type Row = Readonly<Record<string, unknown>>;

/** The fields in which rows of a format hold turns. Others may hold some too, in whatever way: no trainer of this format looks there. */
const TURNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['chat', ['messages']],
  ['sharegpt', ['conversations']],
  ['interactions', ['interactions']],
  ['prompt-completion', ['prompt', 'completion']],
  ['preference', ['prompt', 'chosen', 'rejected']],
  ['kto', ['messages', 'prompt', 'completion']],
]);
const NONE: readonly string[] = [];

function variantOf({ format, raw, messages }: Example): string {
  let bits = 0;
  for (const name of TURNS.get(format) ?? NONE) {
    const value = raw[name];
    if (Array.isArray(value)) bits |= bitsOfTurns(value as Row[]);
  }
  if (messages[0]?.role === 'system') bits |= raw.system || raw.system_prompt ? SYSTEM_BESIDE : SYSTEM_TURN;
  switch (format) {
    case 'prompt-completion':
      bits |= bitsOfSides(raw) | bitsOfNames(raw, COMPLETIONS);
      break;
    case 'preference':
      bits |= bitsOfSides(raw) | bitsOfNames(raw, INSTRUCTIONS);
      break;
    case 'kto':
    case 'stepwise':
      bits |= bitsOfSides(raw);
      break;
    case 'alpaca':
      bits |= bitsOfNames(raw, INSTRUCTIONS) | bitsOfNames(raw, OUTPUTS);
      break;
    case 'text':
      bits |= typeof raw.label === 'string' ? LABEL_TEXT : typeof raw.label === 'number' ? LABEL_NUMBER : 0;
      if (typeof raw.label === 'boolean') bits |= LABEL_BOOLEAN;
      break;
    default:
  }
  return variantName(format, bits);
}

function bitsOfTurns(turns: readonly (Row | null)[]): number {
  let bits = 0;
  for (const turn of turns) {
    if (!turn) continue;
    const { content } = turn;
    if (typeof content === 'string') bits |= CONTENT_TEXT;
    else if (Array.isArray(content)) bits |= content.every(isTextPart) ? CONTENT_PARTS : CONTENT_MEDIA;
    if (turn.from !== undefined) bits |= TURNS_FROM;
    else if (turn.role !== undefined) bits |= TURNS_ROLE;
    if (Array.isArray(turn.tool_calls)) bits |= bitsOfCalls(turn.tool_calls as Row[]);
  }
  return bits;
}

const isTextPart = (part: unknown): boolean => typeof (part as Row | null)?.text === 'string';

function bitsOfCalls(calls: readonly (Row | null)[]): number {
  let bits = 0;
  for (const call of calls) {
    const given = ((call?.function ?? call) as Row | null)?.arguments;
    if (typeof given === 'string') bits |= ARGUMENTS_TEXT;
    else if (typeof given === 'object' && given !== null) bits |= ARGUMENTS_OBJECT;
  }
  return bits;
}

function bitsOfSides({ prompt, completion, chosen, rejected }: Row): number {
  let bits = typeof prompt === 'string' ? PROMPT_TEXT : Array.isArray(prompt) ? PROMPT_TURNS : 0;
  for (const reply of [completion, chosen, rejected]) {
    if (typeof reply === 'string') bits |= REPLY_TEXT;
    else if (Array.isArray(reply)) bits |= REPLY_TURNS;
    else if (typeof reply === 'object' && reply !== null) bits |= REPLY_TURN;
  }
  return bits;
}

/** The first of these names that the row has: the one that its format takes. */
function bitsOfNames(raw: Row, names: readonly (typeof NAMES)[number][]): number {
  for (const name of names) if (raw[name] != null) return 1 << (FIRST_NAME + NAMES.indexOf(name));
  return 0;
}

const variantNames = new Map<string, Map<number, string>>();
let lastFormat = '';
let lastBits = -1;
let lastName = '';

/** `chat 5`: made once for each, because a string made for each example would cost more than the rest. */
function variantName(format: string, bits: number): string {
  if (bits === lastBits && format === lastFormat) return lastName;
  let ofFormat = variantNames.get(format);
  if (!ofFormat) {
    ofFormat = new Map();
    variantNames.set(format, ofFormat);
  }
  let name = ofFormat.get(bits);
  if (name === undefined) {
    name = `${format} ${bits}`;
    ofFormat.set(bits, name);
  }
  lastFormat = format;
  lastBits = bits;
  lastName = name;
  return name;
}

interface Variant {
  readonly format: string;
  readonly bits: number;
  readonly times: number;
  readonly witnesses: readonly Evidence[];
}

function readVariant({ key, times, witnesses }: Cause): Variant {
  const at = key.lastIndexOf(' ');
  return { format: key.slice(0, at), bits: Number(key.slice(at + 1)), times, witnesses };
}

// ── What is said of it ──────────────────────────────────────────────────────

const timesOf = (variants: readonly Variant[]): number => variants.reduce((sum, { times }) => sum + times, 0);

/** At most five places, the first ones of a fair sample; each row once. */
function evidenceOf(variants: readonly Variant[]): Evidence[] {
  return variants
    .flatMap(({ witnesses }) => witnesses)
    .toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
    .slice(0, 5)
    .map(({ file, line, excerpt }) => ({ file, line, excerpt }));
}

function formatRemarks({ examples, files }: MixState, byFormat: ReadonlyMap<string, readonly Variant[]>): Remark[] {
  if (byFormat.size < 2) return [];
  const formats = [...byFormat]
    .map(([format, variants]) => ({ format, variants, times: timesOf(variants) }))
    .toSorted((a, b) => b.times - a.times || (a.format < b.format ? -1 : 1));
  const [first, ...others] = formats as [(typeof formats)[0], ...typeof formats];
  const rest = others.reduce((sum, { times }) => sum + times, 0);
  const counts = list(
    formats.map(({ format, times }, i) => (i === 0 ? `${format} in ${count(times, 'line')}` : `${format} in ${integer(times)}`)),
  );
  const apart = [...files.rows.values()].every((columns) => columns.size === 1);
  return [
    {
      key: 'formats',
      message: apart
        ? `The files are in ${integer(formats.length)} data formats, each file in one: ${counts}, expected one for all`
        : `Rows of ${integer(formats.length)} data formats are mixed: ${counts}, expected one`,
      level: 'warn',
      suggestion: `Convert ${rest === 1 ? 'this line' : `these ${count(rest, 'line')}`} to ${first.format}, or ${apart ? 'train on the files of each format in a run of their own' : `move ${rest === 1 ? 'it to a file of its own' : 'them to a file for each format'}`}`,
      evidence: others.flatMap(({ variants }) => evidenceOf(variants).slice(0, Math.max(1, Math.floor(6 / others.length)))).slice(0, 6),
      data: { formats: formats.length, lines: rest, share: rounded(rest / examples) },
    },
  ];
}

/** Where most lines have a shape that no format reads, what could be read is what was left over in another one. */
function leftoverRemarks({ examples, unread }: MixState, byFormat: ReadonlyMap<string, readonly Variant[]>): Remark[] {
  const [most] = unread.list();
  if (!most || examples === 0 || most.times <= examples) return [];
  const fields = most.detail ?? most.key;
  const formats = list([...byFormat.keys()].toSorted());
  const these = examples === 1 ? 'this line' : `these ${count(examples, 'line')}`;
  return [
    {
      key: 'leftovers',
      message: `Only ${count(examples, 'line')} could be read, as ${formats}, beside ${count(most.times, 'line')} with the fields ${fields}, expected one shape for all`,
      level: 'warn',
      suggestion: `${most.advice ?? 'Name the fields with --prompt and --reply to read'} the other ${count(most.times, 'line')}, and name the fields of ${these} like theirs, or drop ${examples === 1 ? 'it' : 'them'}`,
      evidence: evidenceOf([...byFormat.values()].flat()),
      data: { lines: examples, others: most.times, share: rounded(examples / (examples + most.times)) },
    },
  ];
}

/** Something that a format lets people write in several ways. */
interface Trait {
  readonly key: string;
  /** Before the ways: "text in 880 and a list of parts in 120 of 1,000 examples". */
  readonly says: string;
  readonly ways: readonly { readonly bits: number; readonly words: string }[];
  /** After "expected one way in all". */
  readonly because: string;
  /** What is done with those of the rarer way, given in words the commoner one. */
  readonly order: (these: string, common: string) => string;
  readonly level?: (variants: readonly Variant[]) => Severity;
}

const COLUMN = ': a table has one type per column, and Hugging Face datasets before 4.7, which TRL and others load with, refuse two';
const MISSED = ': a trainer looks in one place and passes over the other';
const write = (these: string, common: string): string => `Write it as ${common} in ${these}`;
const rename = (these: string, common: string): string => `Rename it to ${common} in ${these}`;
const named = (name: (typeof NAMES)[number]) => ({ bits: 1 << (FIRST_NAME + NAMES.indexOf(name)), words: `"${name}"` });

const TRAITS: readonly Trait[] = [
  {
    key: 'content',
    says: 'the content of turns is',
    ways: [
      { bits: CONTENT_TEXT, words: 'text' },
      { bits: CONTENT_PARTS | CONTENT_MEDIA, words: 'a list of parts' },
    ],
    because: COLUMN,
    order: (these) => `Write all content of ${these} as lists of parts, or all as text where there is nothing but text`,
    // Who has pictures needs lists; to keep plain turns as text beside them is what OpenAI's own examples do.
    level: (variants) => (variants.some(({ bits }) => (bits & CONTENT_PARTS) !== 0 && (bits & CONTENT_MEDIA) === 0) ? 'warn' : 'info'),
  },
  {
    key: 'prompt',
    says: '"prompt" is',
    ways: [
      { bits: PROMPT_TEXT, words: 'text' },
      { bits: PROMPT_TURNS, words: 'a list of messages' },
    ],
    because: COLUMN,
    order: write,
  },
  {
    key: 'reply',
    says: 'the reply is',
    ways: [
      { bits: REPLY_TEXT, words: 'text' },
      { bits: REPLY_TURNS, words: 'a list of messages' },
      { bits: REPLY_TURN, words: 'one message' },
    ],
    because: COLUMN,
    order: write,
  },
  {
    key: 'arguments',
    says: 'the arguments of tool calls are',
    ways: [
      { bits: ARGUMENTS_TEXT, words: 'JSON in a text' },
      { bits: ARGUMENTS_OBJECT, words: 'an object' },
    ],
    because: COLUMN,
    order: write,
  },
  {
    key: 'label',
    says: '"label" is',
    ways: [
      { bits: LABEL_TEXT, words: 'text' },
      { bits: LABEL_NUMBER, words: 'a number' },
      { bits: LABEL_BOOLEAN, words: 'true or false' },
    ],
    because: COLUMN,
    order: write,
  },
  {
    key: 'system',
    says: 'the system text is',
    ways: [
      { bits: SYSTEM_TURN, words: 'the first turn' },
      { bits: SYSTEM_BESIDE, words: 'a field beside the turns' },
    ],
    because: MISSED,
    order: write,
  },
  {
    key: 'turns',
    says: 'turns are written with',
    ways: [
      { bits: TURNS_FROM, words: '"from" and "value"' },
      { bits: TURNS_ROLE, words: '"role" and "content"' },
    ],
    because: MISSED,
    order: (these, common) => `Write the turns as ${common} in ${these}`,
  },
  {
    key: 'prompt name',
    says: 'the prompt is called',
    ways: [named('instruction'), named('question')],
    because: MISSED,
    order: rename,
  },
  {
    key: 'reply name',
    says: 'the reply is called',
    ways: [named('output'), named('completion'), named('response'), named('answer')],
    because: MISSED,
    order: rename,
  },
];

/** @param several whether the data has other formats too, so that this one must be named */
function traitRemarks(trait: Trait, format: string, variants: readonly Variant[], several: boolean): Remark[] {
  const { key, says, because, order, level = () => 'warn' as const } = trait;
  const ways = trait.ways
    .map(({ bits, words }) => {
      const of = variants.filter((variant) => (variant.bits & bits) !== 0);
      return { words, of, times: timesOf(of) };
    })
    .filter(({ times }) => times > 0)
    .toSorted((a, b) => b.times - a.times || (a.words < b.words ? -1 : 1));
  const [common, ...others] = ways;
  if (!common || others.length === 0) return [];
  const rare = variants.filter((variant) => others.some(({ of }) => of.includes(variant)));
  const times = timesOf(rare);
  const counts = list(ways.map((way) => `${way.words} in ${integer(way.times)}`));
  return [
    {
      key: `${key} ${format}`,
      message: `${says[0]?.toUpperCase()}${says.slice(1)} ${counts} of ${count(timesOf(variants), 'example')}${several ? ` of ${format}` : ''}, expected one way in all${because}`,
      level: level(rare),
      suggestion: order(times === 1 ? 'this example' : `these ${count(times, 'example')}`, common.words),
      evidence: evidenceOf(rare),
      data: { examples: times, share: rounded(times / timesOf(variants)) },
    },
  ];
}
