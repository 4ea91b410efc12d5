/** What kind of text a prompt or a reply is. */

export type Form = 'empty' | 'json' | 'xml' | 'html' | 'sql' | 'code' | 'table' | 'list' | 'fields' | 'number' | 'prose';

export interface TextForm {
  readonly form: Form;
  /** Of code: its language, lower-case, as its fence names it or as its keywords tell; absent where neither does. */
  readonly language?: string;
}

/** Whether a form is written for machines: its openings and phrases are those of a grammar, not of a writer. */
export function isSyntax(form: Form): boolean {
  return form === 'json' || form === 'xml' || form === 'html' || form === 'sql' || form === 'code';
}

/** Of a longer text only this many characters are looked at, and its JSON is not parsed. */
const CHARACTERS = 1 << 16;
const LINES = 200;
const LINE = 300;
/** From here on a text may have been cut for the panel, so that what began as JSON need not parse. */
const MAY_BE_CUT = 9000;

/**
 * The form of a text, first match: a fence around more than half of it (then what the fence holds), JSON (an object or a list that
 * parses), XML or HTML (tags from the first character to the last), SQL, code, a Markdown table, a list, `name: value` fields, a number, prose.
 * One pass over a capped text, plus JSON.parse of what begins and ends like JSON. A word or two is prose: only a set of replies makes a label.
 */
export function textForm(text: string): TextForm {
  const whole = (text.length > CHARACTERS ? text.slice(0, CHARACTERS) : text).trim();
  if (whole === '') return { form: 'empty' };
  const fence = fenced(whole);
  if (fence) return formOfFence(fence);
  return plainForm(whole);
}

function plainForm(whole: string): TextForm {
  if (isJson(whole)) return { form: 'json' };
  const markup = markupOf(whole);
  if (markup) return { form: markup };
  if (isSql(whole)) return { form: 'sql' };
  const lines = linesOf(whole);
  if (isCode(lines)) return withLanguage(languageOf(lines));
  if (isTable(lines)) return { form: 'table' };
  if (isList(lines)) return { form: 'list' };
  if (isFields(lines)) return { form: 'fields' };
  return { form: /^[-+]?[$€£¥]?\d[\d.,\u00a0]*%?$/.test(whole.slice(0, 40)) && whole.length <= 40 ? 'number' : 'prose' };
}

const withLanguage = (language: string | undefined): TextForm => (language === undefined ? { form: 'code' } : { form: 'code', language });

// ── Fences ──────────────────────────────────────────────────────────────────

interface Fence {
  readonly language: string;
  readonly inside: string;
}

/** The first fenced block, where fenced blocks make more than half of the text. An unclosed one goes to the end. */
function fenced(text: string): Fence | undefined {
  let at = text.indexOf('```');
  if (at < 0) return undefined;
  let first: Fence | undefined;
  let length = 0;
  while (at >= 0) {
    const line = text.indexOf('\n', at);
    if (line < 0) break;
    const end = text.indexOf('\n```', line);
    const inside = text.slice(line + 1, end < 0 ? text.length : end);
    first ??= {
      language: text
        .slice(at + 3, line)
        .trim()
        .toLowerCase()
        .slice(0, 20),
      inside,
    };
    length += (end < 0 ? text.length : end + 4) - at;
    if (end < 0) break;
    at = text.indexOf('```', end + 4);
  }
  return first && length * 2 > text.length ? first : undefined;
}

function formOfFence({ language, inside }: Fence): TextForm {
  if (language === 'json' || language === 'jsonl' || language === 'json5') return { form: 'json' };
  if (language === 'xml' || language === 'svg') return { form: 'xml' };
  if (language === 'html') return { form: 'html' };
  if (language === 'sql') return { form: 'sql' };
  if (language === 'text' || language === 'txt' || language === 'markdown' || language === 'md') return plainForm(inside.trim());
  if (language !== '') return { form: 'code', language };
  const form = plainForm(inside.trim());
  return isSyntax(form.form) ? form : { form: 'code' };
}

// ── Grammars ────────────────────────────────────────────────────────────────

function isJson(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  const object = text.startsWith('{');
  if (!object && !text.startsWith('[')) return false;
  if (text.length < MAY_BE_CUT) {
    if (last !== (object ? 125 : 93)) return false;
    try {
      return typeof JSON.parse(text) === 'object';
    } catch {
      return false;
    }
  }
  return /^\{\s{0,200}"[^"]{0,200}"\s{0,20}:|^\[\s{0,200}[[{]\s{0,200}["[{\d-]/.test(text.slice(0, 1000));
}

const HTML_TAG =
  /^(?:html|head|body|div|span|p|a|ul|ol|li|table|tr|td|th|h[1-6]|br|img|script|style|form|input|button|section|article|nav|header|footer|main|em|strong|b|i)$/;

function markupOf(text: string): 'xml' | 'html' | undefined {
  if (!text.startsWith('<') || !text.endsWith('>')) return undefined;
  if (text.startsWith('<?xml')) return 'xml';
  if (/^<!doctype\s+html/i.test(text.slice(0, 40))) return 'html';
  const name = /^<([A-Za-z][\w:.-]{0,60})[\s/>]/.exec(text.slice(0, 80))?.[1];
  if (name === undefined) return undefined;
  const tag = name.toLowerCase();
  if (!text.endsWith('/>') && !/<\/[A-Za-z][\w:.-]{0,60}\s{0,9}>$/.test(text.slice(-80))) return undefined;
  return HTML_TAG.test(tag) ? 'html' : 'xml';
}

const SQL_START =
  /^(?:select|insert\s+into|update|delete\s+from|create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:table|view|index|database)|alter\s+table|drop\s+(?:table|view|index)|with\s+\w{1,60}\s+as\s*\()\s?/i;

/** A statement: its first keyword, what must follow it, and a mark that prose lacks, or keywords in capitals. */
function isSql(text: string): boolean {
  const head = text.slice(0, 2000).replace(/^(?:--[^\n]*\n\s*)+/, '');
  const start = SQL_START.exec(head)?.[0];
  if (start === undefined) return false;
  const statement = text.endsWith(';');
  const capitals = start === start.toUpperCase();
  const verb = start.slice(0, 6).toLowerCase();
  if (verb === 'select')
    return (
      statement || (/\sfrom\s/i.test(head) && (capitals || /^select\s+(?:distinct\s+)?(?:\*|\w+\s*[,(]|\w+\.\w|\w+\s+from\s)/i.test(head)))
    );
  if (verb === 'update') return /\sset\s/i.test(head) && head.includes('=');
  return capitals || statement || head.includes('(');
}

const CODE_LINE =
  /^(?:(?:async\s+)?(?:def|function)\s+\w+\s*\(|class\s+\w+\s*[:({]|import\s+[\w.{*"']+(?:\s+(?:as|from)\s|;|\s*$)|from\s+[\w.]+\s+import\s|#include\s*[<"]|using\s+[\w.]+;|package\s+[\w.]+;?$|(?:const|let|var)\s+(?:[\w$]+\s*[=;:]|[{[])|(?:public|private|protected|static)\s[\w<>[\], ]{1,80}[({;=]|(?:if|for|while|switch|elif|else if)\b[^.?!]*[:{]$|(?:if|for|while|switch)\s?\([^.?!]*\)$|else\s*[:{]|try\s*[:{]|return\b[^.?!]*;?$|print\s*\(|console\.\w+\(|System\.out|fn\s+\w+|func\s+\w+|@\w+(?:\([^)]*\))?$|#!|\$\s+\w+|(?:sudo|apt-get|pip|npm|git|cd|mkdir|curl|docker|echo)\s+\S|<\?php|\/\/|\/\*)/;
const CALL_OR_ASSIGNMENT = /^[A-Za-z_$][\w.$[\]'"]*(?:\s*[-+*/|&]?=\s*\S|\([^)]{0,200}\)[;:]?$)/;

/** At least half of the lines are code and one in five begins as only code does; of a single line, it does. */
function isCode(lines: readonly string[]): boolean {
  let sure = 0;
  let like = 0;
  for (const line of lines) {
    const bare = line.trim();
    const last = bare.charCodeAt(bare.length - 1);
    if (CODE_LINE.test(bare)) sure++;
    else if (
      last === 59 ||
      last === 123 ||
      last === 125 ||
      bare === ')' ||
      bare === ');' ||
      CALL_OR_ASSIGNMENT.test(bare) ||
      (bare !== line && last === 44)
    )
      like++;
    else if (bare.startsWith('#') && !bare.startsWith('##') && lines.length > 1) like += 0.5; // a comment, or a heading
  }
  if (lines.length === 1) return sure === 1 && /[()=;{}<>]/.test(lines[0]!);
  return (sure + like) * 2 >= lines.length && sure * 5 >= Math.min(lines.length, 50);
}

const LANGUAGES: readonly (readonly [name: string, mark: RegExp])[] = [
  ['php', /^<\?php/],
  ['shell', /^(?:#!.*\bsh\b|\$\s|sudo\s|apt-get\s|echo\s|cd\s)/],
  ['c', /^#include/],
  ['go', /^(?:package\s+\w+$|func\s)/],
  ['rust', /^(?:fn\s|let\s+mut\s|use\s+[\w:]+;)/],
  ['java', /^(?:public\s+(?:static|class|void|final)|import\s+java|System\.out)/],
  ['python', /^(?:def\s|elif\s|from\s+[\w.]+\s+import|import\s+\w+(?:\s+as\s+\w+)?$|print\(|class\s+\w[^:]*:$)/],
  ['javascript', /^(?:const\s|let\s|var\s|function\s|console\.|export\s|import\s.*from\s)/],
];

function languageOf(lines: readonly string[]): string | undefined {
  for (const [name, mark] of LANGUAGES) for (const line of lines) if (mark.test(line.trimStart())) return name;
  return undefined;
}

// ── Layouts ─────────────────────────────────────────────────────────────────

/** The first lines that are not blank, each cut, so that the patterns above see little of a hostile text. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < LINES; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, Math.min(end, at + LINE)).trimEnd();
    if (line !== '') lines.push(line);
    at = end + 1;
  }
  return lines;
}

function isTable(lines: readonly string[]): boolean {
  if (lines.length < 2 || !lines[0]!.includes('|') || !/^[\s|:-]+$/.test(lines[1]!) || !lines[1]!.includes('--')) return false;
  return share(lines, (line) => line.includes('|')) >= 0.6;
}

function isList(lines: readonly string[]): boolean {
  return lines.length >= 2 && share(lines, (line) => /^\s*(?:[-*•‣–]|\d{1,3}[.)]|[a-zA-Z][.)])\s/.test(line)) >= 0.6;
}

function isFields(lines: readonly string[]): boolean {
  return lines.length >= 2 && share(lines, (line) => /^[\p{L}_][\p{L}\p{N} _/-]{0,30}:(?:\s|$)/u.test(line)) >= 0.8;
}

function share(lines: readonly string[], is: (line: string) => boolean): number {
  let hits = 0;
  for (const line of lines) if (is(line)) hits++;
  return hits / lines.length;
}
