import { jaroWinkler } from '../libraries/natural.ts';
import type { Format } from '../types.ts';
import { integer, list, quote } from '../wording.ts';
import { METADATA } from './alternatives.ts';
import { kindOf, type Raw } from './problem.ts';

const KEYS_SHOWN = 8;
const KEYS_READ = 100;
/** From here on a name is taken for a slip of the pen: "mesages", "conversation", "promt". */
const ALIKE = 0.9;

/** What prompts and replies are called where people name fields themselves, likeliest first. */
const PROMPTS =
  'prompt instruction question query input user human request user_input context source src text sentence sentence1 text_a claim utterance message document article passage problem task premise title body description'.split(
    ' ',
  );
const REPLIES =
  'completion response reply answer output assistant target tgt expected generated_text generation gold reference summary translation result solution code sql label class category intent sentiment labels'.split(
    ' ',
  );
/** Fields that make a prompt together, in the order in which they are read. */
const PARTNERS: readonly (readonly [string, string])[] = [
  ['premise', 'hypothesis'],
  ['context', 'question'],
  ['passage', 'question'],
  ['paragraph', 'question'],
  ['document', 'question'],
  ['article', 'question'],
  ['context', 'query'],
  ['document', 'query'],
  ['claim', 'evidence'],
  ['sentence1', 'sentence2'],
  ['text_a', 'text_b'],
  ['title', 'body'],
  ['title', 'description'],
];
/** Fields that hold a list or an object where a format asks for them: a text that is called "content" is no misspelt "contents". */
const LISTS: ReadonlySet<string> = new Set(['messages', 'conversations', 'contents', 'interactions', 'completions', 'labels', 'segments']);

/** What is said of a row that no format detects. */
export interface UnknownShape {
  readonly reason: string;
  readonly expected: string;
  readonly advice?: string;
  /** Its first fields, quoted. */
  readonly keys: readonly string[];
}

/**
 * Why a row of no known format is none: which fields it has, which format comes nearest, and what would
 * mend it: the name that was meant, the field that is missing, or the flags that read the row as it is.
 *
 * @param formats those whose `detects` turned the row down
 */
export function unknownShapeAmong(formats: readonly Format[], raw: Raw): UnknownShape {
  const all = Object.keys(raw);
  const keys = all.slice(0, KEYS_SHOWN).map((key) => (raw[key] === null ? `${quote(key)} (null)` : quote(key)));
  if (all.length === 0) return { reason: 'an object without fields', expected: 'a prompt and a reply', keys };
  const rest = all.length - keys.length;
  const fields = `field${all.length === 1 ? '' : 's'} ${keys.join(', ')}${rest > 0 ? ` and ${integer(rest)} more` : ''}`;
  const match = all.length === 1 ? 'matches' : 'match';
  return { reason: `${fields} ${match} no known format`, ...remedy(formats, raw, all.slice(0, KEYS_READ)), keys };
}

function remedy(formats: readonly Format[], raw: Raw, keys: readonly string[]): { expected: string; advice: string } {
  const filled = keys.filter((key) => raw[key] != null && key.length <= 40);
  const near = nearestFormat(formats, raw, filled);
  const renamed = near?.fields.filter(({ key, name }) => key !== name && key !== undefined) ?? [];
  if (near && renamed.length > 0 && near.fields.every(({ key }) => key !== undefined)) {
    const names = list(renamed.map(({ key, name }) => `${quote(key as string)} to "${name}"`));
    return { expected: `one such as ${near.format.name}`, advice: `Rename ${names} in` };
  }
  const flags = fieldsToRead(raw, filled);
  if (flags) {
    return { expected: 'one such as prompt/completion', advice: `Run again with --prompt ${flags.prompt} --reply ${flags.reply} to read` };
  }
  if (near) {
    const lacking = near.fields.filter(({ key }) => key === undefined).map(({ name }) => `"${name}"`);
    if (lacking.length > 0) {
      return { expected: `one such as ${near.format.name}, which needs ${list(lacking)} too`, advice: `Add ${list(lacking)} to` };
    }
  }
  const known = list(
    formats.filter(isShortest).map(({ keys: needed }) => withAll(needed.map((name) => `"${name}"`))),
    'or',
  );
  return {
    expected: `${known}, or the fields that hold prompt and reply by --prompt and --reply`,
    advice: 'Name the fields with --prompt and --reply to read',
  };
}

/** Whether no other format is marked by some of the same fields: a reader needs to be told of one of both. */
function isShortest({ keys }: Format, at: number, formats: readonly Format[]): boolean {
  if (keys.length === 0) return false;
  return !formats.some(
    (other, i) =>
      other.keys.length > 0 &&
      (other.keys.length < keys.length || (other.keys.length === keys.length && i < at)) &&
      other.keys.every((key) => keys.includes(key)),
  );
}

/** `"a" with "b" and "c"`. */
function withAll([first = '', ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first} with ${list(rest)}`;
}

/** A field that a format needs, and the row's field that is it or is spelt like it. */
interface Match {
  readonly name: string;
  readonly key: string | undefined;
}

/** The format most of whose fields the row has; `undefined` where it has none of any. Ties go to the one that needs fewer, then to the first. */
function nearestFormat(formats: readonly Format[], raw: Raw, keys: readonly string[]): { format: Format; fields: Match[] } | undefined {
  let best: { format: Format; fields: Match[] } | undefined;
  let most = 0;
  for (const format of formats) {
    const fields = format.keys.map((name) => ({ name, key: keyLike(name, raw, keys) }));
    const share = fields.filter(({ key }) => key !== undefined).length / fields.length;
    if (share > most) {
      most = share;
      best = { format, fields };
    }
  }
  return best;
}

function keyLike(name: string, raw: Raw, keys: readonly string[]): string | undefined {
  if (keys.includes(name)) return name;
  let best: string | undefined;
  let likeness = ALIKE;
  for (const key of keys) {
    // No text is a list that is missing, and what is the name of another list is no slip.
    if (LISTS.has(name) ? typeof raw[key] !== 'object' : LISTS.has(key)) continue;
    const like = jaroWinkler(key, name);
    if (like > likeness) {
      likeness = like;
      best = key;
    }
  }
  return best;
}

/** The fields that most likely hold prompt and reply: by name, else the longest text that is left. Looks one level down where the row itself holds no two. */
function fieldsToRead(raw: Raw, keys: readonly string[]): { prompt: string; reply: string } | undefined {
  const top = keys.filter((key) => isScalar(raw[key])).map((key) => ({ path: key, name: key, length: String(raw[key]).length }));
  const own = guess(top);
  if (own) return own;
  const nested = keys.flatMap((key) => {
    const inner = raw[key];
    if (kindOf(inner) !== 'an object') return [];
    const below = Object.keys(inner as Raw).slice(0, KEYS_READ);
    return below
      .filter((name) => name.length <= 40 && isScalar((inner as Raw)[name]))
      .map((name) => ({ path: `${key}.${name}`, name, length: String((inner as Raw)[name]).length }));
  });
  return guess([...top, ...nested]);
}

const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function guess(
  all: readonly { readonly path: string; readonly name: string; readonly length: number }[],
): { prompt: string; reply: string } | undefined {
  const fields = all.filter(({ path }) => /^\w[\w.-]*$/.test(path)); // what can stand on a command line as it is
  const called = (names: readonly string[]) => {
    for (const name of names) {
      const field = fields.find((candidate) => candidate.name.toLowerCase() === name);
      if (field) return field;
    }
    return undefined;
  };
  const prompt = called(PROMPTS);
  const reply = called(REPLIES);
  if (prompt && reply) {
    const both = PARTNERS.map((names) => names.map((name) => fields.find((field) => field.name.toLowerCase() === name))).find(
      (pair) => pair.includes(prompt) && pair.every((field) => field !== undefined && field !== reply),
    );
    return { prompt: both ? both.map((field) => field!.path).join(',') : prompt.path, reply: reply.path };
  }
  const known = prompt ?? reply;
  if (!known) return undefined; // two fields of unknown names: which is which would be a guess
  const same = prompt ? PROMPTS : REPLIES; // a second name for a prompt is no reply
  const other = fields
    .filter(({ path, name, length }) => path !== known.path && length > 0 && !same.includes(name.toLowerCase()) && !METADATA.test(name))
    .toSorted((a, b) => b.length - a.length || (a.path < b.path ? -1 : 1))[0];
  if (!other) return undefined;
  return prompt ? { prompt: prompt.path, reply: other.path } : { prompt: other.path, reply: known.path };
}
