import { xmlError } from '../libraries/xml.ts';
import { yamlError } from '../libraries/yaml.ts';
import { quote } from '../wording.ts';

/** Why a text does not parse. */
export interface SyntaxProblem {
  /** Index in the text. */
  readonly at: number;
  /** A noun phrase. Text of the data only by `quote`. */
  readonly reason: string;
}

/** Longer texts are left alone: the libraries get capped texts only. The one for YAML takes up to 30 µs a character where most are errors. */
const LONGEST = 1 << 16;
const LONGEST_YAML = 1 << 11;

/** Where a text is not well-formed XML; undefined where it is, or is too long to tell. */
export function xmlProblem(text: string, fragment = false): SyntaxProblem | undefined {
  if (text.length > LONGEST) return undefined;
  const error = xmlError(text, fragment);
  if (!error) return undefined;
  // The parser takes all behind a bare ampersand for a name, and finds fault with the end of the text.
  const ampersand = /<!(?:--|\[CDATA\[)/.test(text) ? -1 : text.search(/&(?!#?\w{1,40};)/);
  if (ampersand >= 0 && ampersand < error.at) return { at: ampersand, reason: 'an ampersand that is not written &amp;' };
  const colon = error.message.indexOf(': ');
  const reason = colon < 0 ? error.message : error.message.slice(0, colon);
  return {
    at: Math.min(error.at, text.length),
    reason: XML_REASONS[reason] ?? (/^[\w ,.'"<>&/=?!-]{1,80}$/.test(reason) ? reason : quote(reason)),
  };
}

/** The parser's commonest messages, as noun phrases. */
const XML_REASONS: Readonly<Record<string, string>> = {
  'unclosed tag': 'a tag that is never closed',
  'unexpected close tag': 'a closing tag that closes another tag',
  'unmatched closing tag': 'a closing tag without an opening one',
  'undefined entity': 'an entity that XML does not know',
  'malformed character entity': 'an ampersand that is not written &amp;',
  'disallowed character in tag name': 'a character that no tag name can have',
  'disallowed character in entity name': 'an ampersand that is not written &amp;',
  'unquoted attribute value': 'an attribute without quotes',
  'attribute without value': 'an attribute without a value',
  'document must contain a root element': 'no element',
  'text data outside of root node': 'text outside of the outermost element',
  'documents may contain only one root': 'a second element beside the outermost',
  'unexpected end': 'the end inside a tag',
};

/** Deeper nesting than a person writes; the parser of YAML recurses. */
const DEEPEST = 100;

const YAML_LINE = /^\s{0,200}(?:- |-$|#|[\w."'/-]{1,100}\s?:(?:\s|$)|[}\]])/;
const LONGEST_LINE = 400;

/** Whether most lines are keys, items or comments: prose in a block, and what no person wrote, is not judged. */
function looksLikeYaml(text: string): boolean {
  let lines = 0;
  let like = 0;
  for (const line of text.split('\n')) {
    if (line.length > LONGEST_LINE) return false;
    if (line.trim() === '') continue;
    lines++;
    if (YAML_LINE.test(line)) like++;
  }
  return lines > 0 && like * 2 >= lines;
}

/** Where a text is not YAML; undefined where it is, does not look like it, or is too long or too deep to tell. */
export function yamlProblem(text: string): SyntaxProblem | undefined {
  if (text.length > LONGEST_YAML || !looksLikeYaml(text) || isDeep(text)) return undefined;
  const error = yamlError(text);
  return error && { at: error.at, reason: YAML_REASONS[error.code] ?? 'something that YAML does not have' };
}

const YAML_REASONS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'an indent that fits no level',
  TAB_AS_INDENT: 'a tab as indent',
  MULTILINE_IMPLICIT_KEY: 'a key on more than one line',
  BLOCK_AS_IMPLICIT_KEY: 'a second colon in one line, without quotes',
  MISSING_CHAR: 'a quote, bracket or blank that is missing',
  BAD_SCALAR_START: 'a text that begins with a mark and has no quotes',
  UNEXPECTED_TOKEN: 'text where a key or the end belongs',
  DUPLICATE_KEY: 'a key that comes twice',
  BAD_ALIAS: 'an asterisk without a name',
  BAD_DQ_ESCAPE: 'an escape that YAML does not have',
  BLOCK_IN_FLOW: 'a block inside brackets',
  KEY_OVER_1024_CHARS: 'a key of more than 1,024 characters',
};

/** Brackets that open, and markers of items in one line, beyond what is closed. */
function isDeep(text: string): boolean {
  let brackets = 0;
  let markers = 0; // `- - - ? ` at the start of a line
  let inStart = true;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 10) {
      inStart = true;
      markers = 0;
    } else if (c === 91 || c === 123) brackets++;
    else if (c === 93 || c === 125) brackets = Math.max(0, brackets - 1);
    else if (inStart && (c === 45 || c === 63 || c === 58)) markers++;
    else if (c !== 32) inStart = false;
    if (brackets > DEEPEST || markers > DEEPEST) return true;
  }
  return false;
}

/** Quotes and brackets of an SQL text that do not match; undefined where all do, or the text is too long to tell. Strings, names in quotes, comments and $$ are passed over. Linear. */
export function sqlProblem(text: string): SyntaxProblem | undefined {
  if (text.length > LONGEST) return undefined;
  const problem = unmatched(text, false);
  return problem && text.includes('\\') && !unmatched(text, true) ? undefined : problem;
}

/** Whether a backslash escapes a quote hangs on the database: only what is wrong either way is wrong. */
function unmatched(text: string, escapes: boolean): SyntaxProblem | undefined {
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === "'" || c === '"' || c === '`') {
      const end = endOfQuote(text, at, c, escapes);
      if (end < 0) return { at, reason: `a quote ${c} that is never closed` };
      at = end;
    } else if (c === '-' && text.charAt(at + 1) === '-') {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      at = end;
    } else if (c === '/' && text.charAt(at + 1) === '*') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) return { at, reason: 'a comment that is never closed' };
      at = end + 1;
    } else if (c === '$' && text.charAt(at + 1) === '$') {
      const end = text.indexOf('$$', at + 2);
      if (end < 0) return { at, reason: 'a $$ that is never closed' };
      at = end + 1;
    } else if (c === '(') open.push(at);
    else if (c === ')' && open.pop() === undefined) return { at, reason: 'a closing bracket without an opening one' };
  }
  const last = open.at(-1);
  return last === undefined ? undefined : { at: last, reason: 'a bracket that is never closed' };
}

/** The index of the closing quote: a doubled one goes on, and so does one after a backslash where that escapes. */
function endOfQuote(text: string, start: number, mark: string, escapes: boolean): number {
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charAt(at);
    if (escapes && c === '\\') at++;
    else if (c === mark && text.charAt(at + 1) === mark) at++;
    else if (c === mark) return at;
  }
  return -1;
}
