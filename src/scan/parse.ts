import { columnOf } from '../formats/json-path.ts';
import { jsonProblem } from '../formats/json-problem.ts';
import { lines } from '../read/lines.ts';
import { NOT_UTF8 } from '../read/reasons.ts';
import { excerptAround } from '../stats/excerpt.ts';
import type { Batch, Conversation, Example, Format, Path, Place, Row, Skip, Split } from '../types.ts';

export interface ParseOptions {
  /** In the order they are asked: the first that `detects` a row reads it. */
  readonly formats: readonly Format[];
  readonly split: Split;
  /** What is said of a row that no format detects. */
  readonly unknown: (raw: Raw) => Pick<Skip, 'reason' | 'expected' | 'advice'> & { readonly keys: readonly string[] };
}

type Raw = Readonly<Record<string, unknown>>;

/** What comes of lines: each call gives one row (where somebody wants rows), then an example or a skip. */
export interface Visitor {
  readonly row?: ((row: Row) => void) | undefined;
  readonly example: (example: Example) => void;
  readonly skip: (skip: Skip) => void;
}

/** The one row that is looked at: its fields change from line to line, because an object and a closure for each would cost as much as parsing it. */
class CurrentRow implements Row {
  at: Place = { file: '', line: 0 };
  raw: Raw = {};
  bytes = 0;
  marked = false;
  source: Row['source'] = 'lines';
  text: string | undefined;

  columnOf(path: Path): number {
    return this.text === undefined ? 0 : columnOf(this.text, path);
  }
}

/** Turns the lines of a batch into examples, and into skips where they are none. Blank lines are neither. */
export function parseBatch(batch: Batch, options: ParseOptions, visitor: Visitor): void {
  const { file } = batch;
  const row = visitor.row && new CurrentRow();
  lines(batch, (text, line, bytes, marked, column = 1, excerpt = '') => {
    const at = { file, line };
    if (text === undefined) {
      visitor.skip({ at, kind: 'bad-utf8', column, reason: NOT_UTF8, excerpt });
      return;
    }
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      const problem = jsonProblem(text);
      visitor.skip({ at, kind: 'not-json', ...problem, excerpt: excerptAround(text, problem.column - 1) });
      return;
    }
    if (row && isRow(raw)) {
      row.at = at;
      row.raw = raw;
      row.bytes = batch.rows ? 0 : bytes;
      row.marked = marked;
      row.text = batch.rows ? undefined : text;
      row.source = batch.rows ? 'columns' : 'lines';
      visitor.row?.(row);
    }
    parseRow(raw, at, text, options, visitor);
  });
  if (row) row.text = undefined;
}

/** The same for one row that is a JavaScript value already. */
export function parseObject(raw: unknown, at: Place, options: ParseOptions, visitor: Visitor, source: 'object' | 'table' = 'object'): void {
  if (visitor.row && isRow(raw)) visitor.row(Object.assign(new CurrentRow(), { at, raw, source }));
  parseRow(raw, at, undefined, options, visitor);
}

function parseRow(raw: unknown, at: Place, text: string | undefined, options: ParseOptions, visitor: Visitor): void {
  if (!isRow(raw)) {
    visitor.skip(skipOf(at, 'not-object', whatIs(raw), text));
    return;
  }
  const { formats, split } = options;
  for (let i = 0; i < formats.length; i++) {
    const format = formats[i];
    if (!format?.detects(raw)) continue;
    const read = format.read(raw);
    if ('problem' in read) visitor.skip({ ...skipOf(at, 'bad-shape', read.problem, text), ...remedyOf(read) });
    else visitor.example(exampleOf(at, split, format.id, read, raw));
    return;
  }
  const unknown = options.unknown(raw);
  visitor.skip({ ...skipOf(at, 'unknown-shape', unknown.reason, text), ...remedyOf(unknown), keys: unknown.keys });
}

/** Written out, because a format of a plugin may return more than a skip may hold. */
function remedyOf({ expected, advice }: Pick<Skip, 'expected' | 'advice'>): Pick<Skip, 'expected' | 'advice'> {
  return { ...(expected !== undefined && { expected }), ...(advice !== undefined && { advice }) };
}

function skipOf(at: Place, kind: Skip['kind'], reason: string, text: string | undefined): Skip {
  return text === undefined ? { at, kind, reason } : { at, kind, reason, excerpt: excerptAround(text) };
}

/** Written out, because spreading costs as much as parsing the row. */
function exampleOf(at: Place, split: Split, format: string, read: Omit<Conversation, 'split' | 'format'>, raw: Raw): Example {
  const { messages, rejected, parts } = read;
  if (rejected && parts) return { at, split, format, messages, rejected, parts, raw };
  if (rejected) return { at, split, format, messages, rejected, raw };
  if (parts) return { at, split, format, messages, parts, raw };
  return { at, split, format, messages, raw };
}

function isRow(raw: unknown): raw is Raw {
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
