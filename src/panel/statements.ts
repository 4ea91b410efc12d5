import { textForm } from './text-form.ts';

/** Replies in SQL and code, read closely enough to tell what is only written otherwise from what asks for something else. */

/** "1,000" and "1000.0" are one number. Longer than a number can hold, digits are compared as they stand. */
export function valueOf(digits: string): string {
  const plain = digits.replaceAll(',', '');
  const value = Number(plain);
  return plain.length > 15 || Number.isNaN(value) ? plain : String(value);
}

export interface Token {
  readonly text: string;
  /** Where it begins in the reply; −1 where it is only meant. */
  readonly at: number;
  /** 's' a string, 'n' a number, 'w' a word, 'm' a mark. */
  readonly type: 's' | 'n' | 'w' | 'm';
  /** Another one here asks for something else. */
  isValue: boolean;
}

export interface Statement {
  readonly tokens: readonly Token[];
  /** The same for what is only written otherwise. */
  readonly canonical: string;
  /** The tokens without their values, and the values alone, in no order: `a = 1 OR b = 2` may well stand the other way round. */
  readonly frame: string;
  readonly values: string;
}

/** Of a longer reply only so many characters are compared. */
const STATEMENT = 8192;
/** Nothing that is shorter can be told from a word. */
const SHORTEST = 8;

/** The reply as SQL or code; undefined where it is neither. */
export function statementOf(reply: string): Statement | undefined {
  if (reply.length < SHORTEST || !/[(=;{]|select\s/i.test(reply)) return undefined;
  const { form } = textForm(reply);
  if (form !== 'sql' && form !== 'code') return undefined;
  const isSql = form === 'sql';
  const read = tokensOf(reply.slice(0, STATEMENT), isSql);
  const tokens = isSql ? withOrders(withoutAliases(read)) : read;
  if (isSql) markSqlValues(tokens);
  else for (const token of tokens) token.isValue = token.type === 'n';
  return {
    tokens,
    canonical: tokens.map(shown).join(BETWEEN),
    frame: tokens.map((token) => (token.isValue ? '?' : shown(token))).join(BETWEEN),
    values: valuesOf(tokens).sort().join(BETWEEN),
  };
}

const BETWEEN = '\u0000';
const shown = ({ type, text }: Token): string => (type === 's' ? `'${text}` : type === 'n' ? valueOf(text) : text);

const WORD_START = /[\p{L}_$@]/u;
const WORD_PART = /[\p{L}\p{M}\p{N}_$]/u;

/** Blanks, semicolons, fences and, in SQL, comments left out; the words of SQL in lower case, those that stand in quotes as they are. */
function tokensOf(text: string, isSql: boolean): Token[] {
  const tokens: Token[] = [];
  const endOf = (mark: string, from: number): number => {
    const end = text.indexOf(mark, from);
    return end < 0 ? text.length : end;
  };
  let i = 0;
  while (i < text.length) {
    const char = text[i]!;
    const at = i;
    if (isBlank(char) || char === ';') i++;
    else if ((text.startsWith('```', i) && isBlank(text[i - 1] ?? ' ')) || (isSql && text.startsWith('--', i))) i = endOf('\n', i);
    else if (isSql && text.startsWith('/*', i)) i = endOf('*/', i) + 2;
    else if (char === '"' || char === "'" || char === '`') {
      const end = closing(text, i, isSql);
      i = end < 0 ? i + 1 : end + 1;
      const inside = text.slice(at + 1, end);
      if (end < 0) tokens.push({ type: 'm', text: char, at, isValue: false });
      else if (isSql && char === '`') tokens.push({ type: 'w', text: inside.toLowerCase(), at, isValue: false });
      else tokens.push({ type: 's', text: inside, at, isValue: false });
    } else if (char >= '0' && char <= '9') {
      while (i < text.length && /[\d.]/.test(text[i]!)) i++;
      tokens.push({ type: 'n', text: text.slice(at, i), at, isValue: false });
    } else if (WORD_START.test(char)) {
      while (i < text.length && WORD_PART.test(text[i]!)) i++;
      const word = text.slice(at, i);
      tokens.push({ type: 'w', text: isSql ? word.toLowerCase() : word, at, isValue: false });
    } else {
      const two = text.slice(i, i + 2);
      const mark = /^(?:[<>!=]=|<>)$/.test(two) ? two : char;
      i += mark.length;
      tokens.push({ type: 'm', text: isSql ? (SAME_MARK.get(mark) ?? mark) : mark, at, isValue: false });
    }
  }
  return tokens;
}

const SAME_MARK = new Map([
  ['<>', '!='],
  ['==', '='],
]);

/** The quote that closes the one at `from`, in code on the same line; −1 where none does. */
function closing(text: string, from: number, isSql: boolean): number {
  const quoted = text[from]!;
  for (let i = from + 1; i < text.length && i - from <= LONGEST_STRING; i++) {
    if (text[i] === quoted) return i;
    if (!isSql && text[i] === '\\') i++;
    else if (!isSql && text[i] === '\n' && quoted !== '`') return -1;
  }
  return -1;
}

/** A string that is longer is none, but an apostrophe. */
const LONGEST_STRING = 500;

/** Without `AS name`, what is called so elsewhere being called by number, and without `OFFSET 0`. */
function withoutAliases(tokens: readonly Token[]): Token[] {
  const names = new Map<string, string>();
  const calls: string[] = [];
  const kept: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const next = tokens[i + 1];
    if (isMark(token, '(')) calls.push(tokens[i - 1]?.text ?? '');
    else if (isMark(token, ')')) calls.pop();
    if (isWord(token, 'as') && !isCast(calls.at(-1)) && next && (next.type === 'w' || next.type === 's') && !isMark(tokens[i + 2], '(')) {
      const name = next.text.toLowerCase();
      if (!names.has(name)) names.set(name, `@${names.size + 1}`);
      i++;
    } else if (isWord(token, 'offset') && next?.type === 'n' && valueOf(next.text) === '0') i++;
    else kept.push(token);
  }
  return kept.map((token, i) => {
    const name = token.type === 'w' && !isMark(kept[i + 1], '(') ? names.get(token.text) : undefined;
    return name === undefined ? token : { ...token, text: name };
  });
}

const isWord = ({ type, text }: Token, word: string): boolean => type === 'w' && text === word;
const isMark = (token: Token | undefined, mark: string): boolean => token?.type === 'm' && token.text === mark;
const isCast = (call: string | undefined): boolean => call === 'cast' || call === 'try_cast';
const AFTER_ORDER = new Set(['limit', 'offset', 'fetch', 'nulls', 'union', 'rows', 'range']);

/** With the `ASC` that is meant where nothing is said. */
function withOrders(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  /** By clause that is open: how deep in brackets it stands, and whether its last item has no order yet. */
  const clauses: { readonly depth: number; open: boolean }[] = [];
  let depth = 0;
  const close = (): void => {
    const clause = clauses.at(-1);
    if (clause?.open) kept.push({ type: 'w', text: 'asc', at: -1, isValue: false });
    if (clause) clause.open = false;
  };
  tokens.forEach((token, i) => {
    const clause = clauses.at(-1);
    if (clause && clause.depth === depth) {
      if (isMark(token, ',') || (token.type === 'w' && AFTER_ORDER.has(token.text)) || isMark(token, ')')) close();
      if (isWord(token, 'asc') || isWord(token, 'desc')) clause.open = false;
      if (isMark(token, ',')) clause.open = true;
      if (isMark(token, ')') || isWord(token, 'limit') || isWord(token, 'union')) clauses.pop();
    }
    if (isMark(token, '(')) depth++;
    if (isMark(token, ')')) depth--;
    kept.push(token);
    if (isWord(token, 'by') && i > 0 && isWord(tokens[i - 1]!, 'order')) clauses.push({ depth, open: true });
  });
  while (clauses.length > 0) {
    close();
    clauses.pop();
  }
  return kept;
}

const AGGREGATES = new Set(['avg', 'sum', 'min', 'max']);
const COMPARES = new Set(['<', '<=', '>', '>=', '=', '!=']);
const KEYWORDS = new Set(
  'all and as between case distinct else end from group by having in is like not null on or order over partition select then when where'.split(
    ' ',
  ),
);

/** Marks what asks for something else if it is another: literals, comparisons, aggregates and what they are taken of; the order where it decides what is seen. */
function markSqlValues(tokens: readonly Token[]): void {
  const limited = tokens.some((token) => token.type === 'w' && /^(?:limit|top|fetch)$/.test(token.text));
  const calls: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const { type, text } = token;
    const before = tokens[i - 1];
    const after = tokens[i + 1];
    let isValue = false;
    // to leave out what is not there changes nothing: `!= 'NA'` and `!= '--'` may both be right
    if (type === 's') isValue = !isMark(before, '!=');
    // to how many digits is a matter of how it is shown
    else if (type === 'n') isValue = !(calls.at(-1) === 'round' && isMark(before, ','));
    else if (type === 'm') {
      isValue = COMPARES.has(text);
      if (text === '(') calls.push(after && isWord(after, 'select') ? 'select' : before?.type === 'w' ? before.text : '');
      if (text === ')') calls.pop();
    } else if (text === 'asc' || text === 'desc') isValue = limited;
    else if (isMark(after, '(')) isValue = AGGREGATES.has(text);
    else if (!KEYWORDS.has(text) && text[0] !== '@' && !isMark(after, '.') && !(before && isWord(before, 'as'))) {
      const query = calls.lastIndexOf('select');
      isValue = calls.some((call, k) => k > query && AGGREGATES.has(call));
    }
    token.isValue = isValue;
  }
}

/** A string but for case; a comparison with the number behind it, of whole numbers `> 4` being `>= 5`. */
function valuesOf(tokens: readonly Token[]): string[] {
  const values: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const next = tokens[i + 1];
    if (!token.isValue) continue;
    if (token.type !== 'm' || next?.type !== 'n') {
      values.push(token.type === 's' ? shown(token).toLowerCase() : shown(token));
      continue;
    }
    const value = Number(next.text);
    const step = { '>': 1, '<': -1 }[token.text];
    values.push(step && Number.isSafeInteger(value) ? `${token.text}=${value + step}` : token.text + shown(next));
    i++;
  }
  return values;
}

/** Where the first value that differs stands in two replies of one frame. */
export function valuesApart(a: string, b: string): [number, number] | undefined {
  const [one, other] = [statementOf(a), statementOf(b)];
  if (!one || !other || one.frame !== other.frame || one.values === other.values) return undefined;
  const i = one.tokens.findIndex((token, at) => token.isValue && shown(token).toLowerCase() !== shown(other.tokens[at]!).toLowerCase());
  const at = ({ tokens }: Statement, text: string): number => (i < 0 || tokens[i]!.at < 0 ? text.length : tokens[i]!.at);
  return [at(one, a), at(other, b)];
}

const isBlank = (char: string | undefined): boolean => char !== undefined && char.trim() === '';
