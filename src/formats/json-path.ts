import type { Path } from '../types.ts';

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Where the value at `path` begins in a line that is valid JSON: 1-based, in UTF-16 code units. Of a path that leads nowhere, where the
 * deepest value that it does lead to begins: that is what lacks a field. Of a field that comes twice, the last, as `JSON.parse` takes it.
 * One pass, no recursion.
 */
export function columnOf(text: string, path: Path): number {
  let at = skipBlanks(text, 0);
  for (const step of path) {
    const found = typeof step === 'number' ? itemAt(text, at, step) : fieldAt(text, at, step);
    if (found === undefined) break;
    at = found;
  }
  return at + 1;
}

function itemAt(text: string, start: number, index: number): number | undefined {
  if (text[start] !== '[') return undefined;
  let at = skipBlanks(text, start + 1);
  for (let i = 0; at < text.length && text[at] !== ']'; i++) {
    if (i === index) return at;
    at = skipBlanks(text, endOfValue(text, at));
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return undefined;
}

function fieldAt(text: string, start: number, name: string): number | undefined {
  if (text[start] !== '{') return undefined;
  let found: number | undefined;
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text[at] !== '}') {
    const end = endOfString(text, at);
    const same = isName(text, at, end, name);
    at = skipBlanks(text, skipBlanks(text, end) + 1); // the colon
    if (same) found = at;
    at = skipBlanks(text, endOfValue(text, at));
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return found;
}

function isName(text: string, start: number, end: number, name: string): boolean {
  if (end - start - 2 === name.length && text.startsWith(name, start + 1)) return true;
  const written = text.slice(start, end);
  return written.includes('\\') && JSON.parse(written) === name;
}

/** The index after the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== '{' && first !== '[') {
    let at = start;
    while (at < text.length && !/[,\]}\s]/.test(text.charAt(at))) at++;
    return at;
  }
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    if (c === 123 || c === 91) depth++;
    else if (c === 125 || c === 93) depth--;
    at++;
    if (depth === 0) break;
  }
  return at;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === BACKSLASH) at++;
    else if (c === QUOTE) return at + 1;
  }
  return text.length;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  let c = text.charCodeAt(at);
  while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
  return at;
}
