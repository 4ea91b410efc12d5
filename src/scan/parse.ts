import { jsonProblem } from '../formats/json-problem.ts';
import { lines } from '../read/lines.ts';
import { excerptAround } from '../stats/excerpt.ts';
import type { Batch, Conversation, Example, Format, Place, Skip, Split } from '../types.ts';

export interface ParseOptions {
  /** In the order they are asked: the first that `detects` a row reads it. */
  readonly formats: readonly Format[];
  readonly split: Split;
  /** What is said of a row that no format detects. */
  readonly unknown: (raw: Row) => { readonly reason: string; readonly keys: readonly string[] };
}

type Row = Readonly<Record<string, unknown>>;
type VisitExample = (example: Example) => void;
type VisitSkip = (skip: Skip) => void;

/** Turns the lines of a batch into examples, and into skips where they are none. Blank lines are neither. */
export function parseBatch(batch: Batch, options: ParseOptions, visitExample: VisitExample, visitSkip: VisitSkip): void {
  const { file } = batch;
  lines(batch, (text, line, column = 1, excerpt = '') => {
    const at = { file, line };
    if (text === undefined) {
      visitSkip({ at, kind: 'bad-utf8', column, reason: 'bytes that are not UTF-8 (was the file saved in another encoding?)', excerpt });
      return;
    }
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      const problem = jsonProblem(text);
      visitSkip({ at, kind: 'not-json', ...problem, excerpt: excerptAround(text, problem.column - 1) });
      return;
    }
    parseRow(raw, at, text, options, visitExample, visitSkip);
  });
}

/** The same for one row that is a JavaScript value already. */
export function parseObject(raw: unknown, at: Place, options: ParseOptions, visitExample: VisitExample, visitSkip: VisitSkip): void {
  parseRow(raw, at, undefined, options, visitExample, visitSkip);
}

function parseRow(
  raw: unknown,
  at: Place,
  text: string | undefined,
  options: ParseOptions,
  visitExample: VisitExample,
  visitSkip: VisitSkip,
): void {
  if (!isRow(raw)) {
    visitSkip(skipOf(at, 'not-object', whatIs(raw), text));
    return;
  }
  const { formats, split } = options;
  for (let i = 0; i < formats.length; i++) {
    const format = formats[i];
    if (!format?.detects(raw)) continue;
    const read = format.read(raw);
    if ('problem' in read) visitSkip(skipOf(at, 'bad-shape', read.problem, text));
    else visitExample(exampleOf(at, split, format.id, read, raw));
    return;
  }
  const { reason, keys } = options.unknown(raw);
  visitSkip({ ...skipOf(at, 'unknown-shape', reason, text), keys });
}

function skipOf(at: Place, kind: Skip['kind'], reason: string, text: string | undefined): Skip {
  return text === undefined ? { at, kind, reason } : { at, kind, reason, excerpt: excerptAround(text) };
}

/** Written out, because spreading costs as much as parsing the row. */
function exampleOf(at: Place, split: Split, format: string, read: Omit<Conversation, 'split' | 'format'>, raw: Row): Example {
  const { messages, rejected, parts } = read;
  if (rejected && parts) return { at, split, format, messages, rejected, parts, raw };
  if (rejected) return { at, split, format, messages, rejected, raw };
  if (parts) return { at, split, format, messages, parts, raw };
  return { at, split, format, messages, raw };
}

function isRow(raw: unknown): raw is Row {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function whatIs(raw: unknown): string {
  if (Array.isArray(raw)) {
    const first: unknown = raw[0];
    const turn = isRow(first) && ('role' in first || 'from' in first);
    return turn ? 'an array of messages without the object around it' : 'an array instead of an object';
  }
  if (raw === null || raw === undefined) return `${String(raw)} instead of an object`;
  return `a ${typeof raw} instead of an object`;
}
