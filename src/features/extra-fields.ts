import type { Example } from '../types.ts';

/** A field of a row beside what was said: a text (at most 64 characters), a number, true or false. */
export interface ExtraField {
  /** Of a field one level down "metadata.source". */
  readonly name: string;
  readonly value: string | number | boolean;
  /** Whether the value is one of the texts of the example: its format reads it, as a message, a part or the reply. */
  readonly said: boolean;
}

const FIELDS = 30;
const LONGEST = 64;
const BLANKS = 20;

/**
 * The fields with one value of the row that an example was read from, the first 30 by name; lists, empty values and long texts that were
 * said are left out.
 */
export function extraFields(example: Example): readonly ExtraField[] {
  const found: ExtraField[] = [];
  // plain loops: this runs for a third of the rows of a file of ten panels
  for (const name in example.raw) {
    const value = example.raw[name];
    if (isOne(value)) add(found, name, value, example);
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const inner in value) {
        const one = (value as Readonly<Record<string, unknown>>)[inner];
        if (isOne(one)) add(found, `${name}.${inner}`, one, example);
      }
    }
  }
  if (found.length > 1) found.sort(byName);
  if (found.length > FIELDS) found.length = FIELDS;
  return found;
}

const byName = (a: ExtraField, b: ExtraField): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function add(found: ExtraField[], name: string, value: string | number | boolean, example: Example): void {
  const text = typeof value === 'string' ? value.trim() : String(value);
  const said = isSaid(text, example);
  const long = text.length > LONGEST;
  if (said && long) return;
  // copies of long texts, lest they be kept whole
  const kept = typeof value !== 'string' ? value : long ? copy(text.slice(0, LONGEST)) : text;
  found.push({ name: name.length > LONGEST ? copy(name.slice(0, LONGEST)) : name, value: kept, said });
}

function isSaid(text: string, { messages, rejected, parts }: Example): boolean {
  for (const message of messages) if (isSame(message.text, text)) return true;
  if (rejected) for (const message of rejected) if (isSame(message.text, text)) return true;
  if (parts) for (const name in parts) if (isSame(parts[name]!, text)) return true;
  return false;
}

function isOne(value: unknown): value is string | number | boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

/** But for blanks around it; most are told apart by their lengths. */
const isSame = (said: string, text: string): boolean =>
  said.length >= text.length && (said === text || (said.length < text.length + BLANKS && said.trim() === text));

/** A slice keeps the text that it was cut from in memory. */
function copy(slice: string): string {
  const codes: number[] = [];
  for (let i = 0; i < slice.length; i++) codes.push(slice.charCodeAt(i));
  return String.fromCharCode(...codes);
}
