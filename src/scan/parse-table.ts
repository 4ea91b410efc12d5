import { jsonProblem } from '../formats/json-problem.ts';
import { records } from '../read/records.ts';
import type { Batch, Skip, Table } from '../types.ts';
import { quote } from '../wording.ts';
import { type ParseOptions, parseObject, type Visitor } from './parse.ts';

/*
 * What the cells of a table mean. A cell is text, as it stands; an empty one is empty text, so that an empty reply is
 * found as such and an Alpaca row without an input reads as one. Numbers stay text too: trainers tokenise them as they are written. The exceptions are
 * columns that hold no text in any format:
 */

/** Lists and objects in every format that has them: their cells hold JSON, and an empty one is null. Text that is no JSON is a fault. */
const LISTS = new Set([
  'messages',
  'conversations',
  'history',
  'tools',
  'functions',
  'preferred_output',
  'non_preferred_output',
  'contents',
]);

/**
 * Texts in some formats, messages in others. A prompt may begin with a bracket and a completion may well be JSON, so here only a list of turns, a turn, or
 * OpenAI's object around a list of them is taken for what it looks like.
 */
const TEXTS_OR_TURNS = new Set(['prompt', 'completion', 'response', 'chosen', 'rejected', 'input']);

/**
 * True or false. KTO's `label` only beside a completion: elsewhere (text classification) it is the reply. The `datasets` library, which TRL reads a CSV with,
 * turns true, True and TRUE into booleans as well.
 */
const TRUTHS = new Set(['kto_tag']);
const TRUTH: { readonly [text: string]: boolean } = { true: true, True: true, TRUE: true, false: false, False: false, FALSE: false };

type Read = (cell: string) => unknown;

/** Turns the records of a table into examples, and into skips where they are none. */
export function parseTable(batch: Batch, table: Table, options: ParseOptions, visitor: Visitor): void {
  const { file } = batch;
  const { columns } = table;
  const reads = columns.map((name) => readerOf(name, columns));
  const plain = reads.every((read) => read === undefined) && !columns.includes('__proto__');
  let excerpt = (): string => '';
  const skip = (skip: Skip): void => visitor.skip({ ...skip, excerpt: excerpt() });
  const row: Visitor = { row: visitor.row, example: visitor.example, skip };
  records(batch, table, (record) => {
    excerpt = record.excerpt;
    const { line, cells, problem } = record;
    if (problem || !cells) {
      const { kind = 'not-record', line: at = line, column, reason = '', advice } = problem ?? {};
      skip({ at: { file, line: at }, kind, reason, ...(column !== undefined && { column }), ...(advice !== undefined && { advice }) });
      return;
    }
    const at = { file, line };
    if (plain) {
      const raw: { [name: string]: string } = {};
      for (let i = 0; i < columns.length; i++) raw[columns[i] as string] = cells[i] as string;
      parseObject(raw, at, options, row, 'table');
      return;
    }
    const entries: [string, unknown][] = [];
    for (let i = 0; i < columns.length; i++) {
      const name = columns[i] as string;
      const cell = cells[i] as string;
      const value = reads[i] ? reads[i]?.(cell) : cell;
      if (value instanceof BadJson) {
        skip({
          at,
          kind: 'bad-shape',
          reason: `${quote(name)} is text that is not JSON (${value.reason})`,
          expected: 'a list written as JSON',
          advice: `Write ${quote(name)} with json.dumps or the like in`,
        });
        return;
      }
      entries.push([name, value]);
    }
    parseObject(Object.fromEntries(entries), at, options, row, 'table'); // fromEntries, not assignment: a column may be called __proto__
  });
}

function readerOf(name: string, columns: readonly string[]): Read | undefined {
  if (LISTS.has(name)) return listIn;
  if (TEXTS_OR_TURNS.has(name)) return turnsIn;
  if (TRUTHS.has(name) || (name === 'label' && columns.includes('completion')))
    return (cell) => (Object.hasOwn(TRUTH, cell) ? TRUTH[cell] : cell);
  return undefined;
}

class BadJson {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

const looksLikeJson = (cell: string): boolean => /^\s{0,100}[[{]/.test(cell);

function listIn(cell: string): unknown {
  if (cell.trim() === '') return null;
  if (!looksLikeJson(cell)) return cell; // the format says what it expects instead
  try {
    return JSON.parse(cell);
  } catch {
    return new BadJson(jsonProblem(cell).reason);
  }
}

function turnsIn(cell: string): unknown {
  if (!looksLikeJson(cell)) return cell;
  try {
    const value: unknown = JSON.parse(cell);
    return isTurns(value) ? value : cell;
  } catch {
    return cell;
  }
}

function isTurns(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isTurn);
  return isTurn(value) || (typeof value === 'object' && value !== null && Array.isArray((value as { messages?: unknown }).messages));
}

function isTurn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    (Object.hasOwn(value, 'role') && (Object.hasOwn(value, 'content') || Object.hasOwn(value, 'tool_calls'))) ||
    (Object.hasOwn(value, 'from') && Object.hasOwn(value, 'value'))
  );
}
