/*
 * Where the value of `NAME=value`, `"name": "value"`, `Name: value` begins and ends, whatever symbols it holds; and whether
 * it is one at all or stands for one.
 */

/** A value that is given a name: [start, end) without its quotes. */
export interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Whether it stands in quotes. */
  readonly quoted: boolean;
  /** What stands between: "=" of any kind, ":", or a blank, as after `--password`. */
  readonly by: '=' | ':' | ' ';
}

/** How long a value may be: where no quote closes one within so many characters, it ends with its line or there. */
const LONGEST = 1000;

const isBlank = (c: number): boolean => c <= 32 || c === 160 || c === 0x2028 || c === 0x2029 || c !== c;
const isQuote = (c: number): boolean => c === 34 || c === 39 || c === 96;
const isCloser = (c: number): boolean => c === 41 || c === 44 || c === 59 || c === 93 || c === 125;

/**
 * The end of a value that begins at `start`: its closing quote where a quote stands just before, and else the next blank, line end, or
 * comma, semicolon or closing bracket behind which the value does not go on.
 */
export function valueEnd(text: string, start: number, longest = LONGEST): number {
  const stop = Math.min(text.length, start + longest);
  const quote = start > 0 ? text.charCodeAt(start - 1) : 0;
  if (isQuote(quote)) {
    const depth = backslashes(text, start - 1);
    for (let end = start; end < stop; end++) {
      const c = text.charCodeAt(end);
      if (c === 10 || c === 13) return end;
      if (c === quote) {
        const before = Math.min(backslashes(text, end), end - start);
        if (before <= depth) return end - before;
      }
    }
    return stop;
  }
  let end = start;
  for (; end < stop; end++) {
    const c = text.charCodeAt(end);
    if (isBlank(c)) break;
    if (isCloser(c) && !goesOn(text, end)) break;
  }
  while (end > start && (isQuote(text.charCodeAt(end - 1)) || text.charCodeAt(end - 1) === 92)) end--; // of what stands around it
  return end;
}

/** How many backslashes stand just before an index, 8 at most. */
function backslashes(text: string, at: number): number {
  let count = 0;
  while (count < 8 && text.charCodeAt(at - 1 - count) === 92) count++;
  return count;
}

/** Whether a value without quotes goes on behind a comma, semicolon or closing bracket: not where the next name, a quote or an end follows. */
function goesOn(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  if (isBlank(next) || isQuote(next) || isCloser(next) || next === 92) return false;
  return !/^[A-Za-z_][\w .-]{0,40}[=:(]/.test(text.slice(at + 1, at + 44));
}

const SECRET_NAME =
  /(?:pass(?:words?|wd|phrase|code)|(?:^|[^A-Za-z])pass|pwd|kennwort|passwort|contrase[nñ]a|secrets?|token|bearer|authorization|credentials?|(?:api|access|private|secret|auth|account|signing|encryption|master|client|session|service|license|app)[_ .-]?(?:access[_ .-]?)?key)(?:[_-]?(?:\d{1,3}|base|prod|production|dev|staging|stage|test|live|new|old|value|default))?$/i;
/** The last three letters of such names, as small letters packed into a number: most that stands before a colon is none. */
const packed = (a: number, b: number, c: number): number => ((a | 32) << 16) | ((b | 32) << 8) | (c | 32);
const endings = (list: string): ReadonlySet<number> =>
  new Set(list.split(' ').map((end) => packed(end.charCodeAt(0), end.charCodeAt(1), end.charCodeAt(2))));
const LAST = endings('ord rds swd ase ode pwd ort eña ena ret ets ken rer als ial key ass');
/** Of what may follow such a name after "_" or "-", and of "authorization". */
const ADDED = endings('rod dev ing age est ive new old lue ult ase ion');

/** Whether what ends at an index may be such a name. */
function mayEnd(text: string, end: number): boolean {
  let at = end - 1;
  for (let i = 0; i < 4; i++) {
    const c = text.charCodeAt(at);
    if ((c < 48 || c > 57) && c !== 95 && c !== 45) break;
    at--;
  }
  const last = packed(text.charCodeAt(at - 2), text.charCodeAt(at - 1), text.charCodeAt(at));
  if (LAST.has(last)) return true;
  if (!ADDED.has(last)) return false;
  for (let i = at - 3; i > at - 12; i--) {
    const c = text.charCodeAt(i);
    if (c === 95 || c === 45 || c === 122) return true; // authorization
  }
  return false;
}

/** What may stand between a name and the mark behind it, and between the mark and the value. */
const AROUND = new Uint8Array(128);
for (const char of ' \t"\'`*_)]\\!=:') AROUND[char.charCodeAt(0)] = 1;
const AHEAD = new Uint8Array(128);
for (const char of ' \t=>:*\\"\'`') AHEAD[char.charCodeAt(0)] = 1;

/** Longer than any of these names. */
const BEFORE = 36;

/** All values that follow a name which says that they are secret, by place. Linear: looks only around "=" and ":", ">" and "--". */
export function namedIn(text: string, marks: readonly string[] = ['=', ':'], longest = LONGEST): Named[] {
  const named: Named[] = [];
  for (const mark of marks) {
    let from = 0;
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, Math.max(at + 1, from))) {
      const found = namedAt(text, at, longest);
      if (found) named.push(found);
      from = found ? Math.min(found.start + 1, at + 12) : at + 1;
    }
  }
  return named;
}

function namedAt(text: string, at: number, longest: number): Named | undefined {
  if (text.charCodeAt(at) === 45) return optionAt(text, at);
  if (text.charCodeAt(at) === 62) return elementAt(text, at);
  if (text.charCodeAt(at) === 32) return saidAt(text, at);
  // `"password" =`, `**Token**:`, `['SECRET_KEY'] =`, `password is:`, `:=`, `!==`
  let before = at;
  while (before > 0 && at - before < 12 && AROUND[text.charCodeAt(before - 1)] === 1) before--;
  const last = text.charCodeAt(before - 1);
  if (last === 115 && text.startsWith(' is', before - 3)) before -= 3;
  else if (last === 116 && text.startsWith(' ist', before - 4)) before -= 4;
  if (!mayEnd(text, before)) return undefined;
  const name = SECRET_NAME.exec(text.slice(Math.max(0, before - BEFORE), before));
  if (!name) return undefined;
  let start = at + 1;
  while (start < text.length && start - at < 12 && AHEAD[text.charCodeAt(start)] === 1) {
    if (isQuote(text.charCodeAt(start))) {
      // one quote opens; `""""` and `'''` do so together
      start++;
      while (start - at < 12 && text.charCodeAt(start) === text.charCodeAt(start - 1)) start++;
      break;
    }
    start++;
  }
  const prefix = /^(?:bearer|basic|token) (?=\S)/i.exec(text.slice(start, start + 8))?.[0].length ?? 0;
  const quoted = prefix === 0 && isQuote(text.charCodeAt(start - 1));
  const by = text.charCodeAt(at) === 58 && !'=>'.includes(text.charAt(at + 1)) ? ':' : '=';
  return { name: name[0], start: start + prefix, end: valueEnd(text, start + prefix, longest), quoted, by };
}

/** `--password value`. */
function optionAt(text: string, at: number): Named | undefined {
  const name = /^--[\w-]{0,40}/.exec(text.slice(at, at + 44))?.[0] ?? '';
  const blank = at + name.length;
  if (text.charCodeAt(blank) !== 32 || !SECRET_NAME.test(name)) return undefined;
  const quoted = isQuote(text.charCodeAt(blank + 1));
  const start = blank + (quoted ? 2 : 1);
  return { name, start, end: valueEnd(text, start), quoted, by: ' ' };
}

/** "the password for the shop is value". */
function saidAt(text: string, at: number): Named | undefined {
  const name = /pass(?:word|wd|code|phrase)s?(?: [\w-]{1,20}){0,4}$/i.exec(text.slice(Math.max(0, at - 100), at))?.[0];
  if (name === undefined) return undefined;
  const quoted = isQuote(text.charCodeAt(at + 4));
  const start = at + (quoted ? 5 : 4);
  return { name, start, end: valueEnd(text, start), quoted, by: ' ' };
}

/** `<password>value</password>`. */
function elementAt(text: string, at: number): Named | undefined {
  if (!mayEnd(text, at)) return undefined;
  const tag = /<[\w:.-]{0,40}$/.exec(text.slice(Math.max(0, at - 42), at))?.[0] ?? '';
  const name = SECRET_NAME.exec(tag)?.[0];
  if (name === undefined) return undefined;
  const close = text.slice(at + 1, at + 1 + LONGEST).indexOf('<');
  return close < 0 ? undefined : { name, start: at + 1, end: at + 1 + close, quoted: true, by: '=' };
}

/** Words of which stand-ins for values are made, and names of types. */
const STAND_IN_WORDS =
  /your|example|sample|dummy|fake|placeholder|change|replace|redacted|hidden|insert|enter|here|secret|password|passwd|passphrase|pass|token|bearer|basic|client|access|private|public|admin|auth|login|user|name|value|account|service|session|root|test|todo|this|with|string|text|none|null|true|false|undefined|optional|required|invalid|missing|number|integer|boolean|object|array|bytes|varchar|hash|hashed|encrypted|generated|random|strong|super|value|foobar|key|api|app|foo|bar|baz|xxx|str|int|any|set|get|the|my|me|db|is|in|to|x/gi;

/** Whether a value only stands for one: "your-api-key", "<token>", "${TOKEN}", "xxxx", "****", "$PASSWORD", "[redacted]", `null`. */
export function isStandIn(value: string): boolean {
  if (
    /^(?:\$\{|\$\(|\{\{|\{%|<[^<>]{0,80}>?$|%[\w-]{1,40}%$|%[sdr]$|\$[A-Z_]{1,60}$|\$[a-z_]{1,60}$|!(?:Ref|Sub|GetAtt|ImportValue|secret)$)/.test(
      value,
    )
  )
    return true;
  if (/^\[(?:redacted|[A-Za-z][A-Za-z _-]{0,60}\]?[…"'`.]?$)/.test(value)) return true;
  if (/^\{[A-Za-z_.]{1,60}\}$/.test(value)) return true;
  return !/[A-Za-z0-9\u0080-\uffff]/.test(value.replaceAll('…', '')) && /^[.*…_\-#•?+/\\|[\](){}<>=:;,"'`&]*$/.test(value)
    ? true
    : /^[\s_.…*<>[\]"'`-]*$/.test(value.replace(STAND_IN_WORDS, ''));
}

const OF_CODE =
  /^(?:(?:await|new|not) ?)?(?:process\.env|import\.meta|os\.|self[.[]|this[.[]|args[.[]|argv|config[.[]|settings[.[]|options[.[]|opts[.[]|env[.[]|ENV[.[]|req\.|request\.|res\.|resp(?:onse)?[.[]|data[.[]|params[.[]|props\.|state\.|secrets[.[]|System\.|ctx\.|event[.[]|user\.|app\.|client\.|session[.[]|tokenizer\.)/;
const CALL =
  /^[@&*!]?[A-Za-z_$][A-Za-z_$]{0,60}\d?(?:(?:\.|->|::)[A-Za-z_$]{1,60}\d?){0,6}(?:\((?:["'`)\\]|[\w.$,=&*]{0,200}\)?$)|\[(?:["'`\\]|[\w.$:+-]{0,60}\]?$))/;

/** Whether a value without quotes is an expression of code: `getenv("X")`, `process.env.X`, `os.environ[...]`, `tokens[i]`. */
export const isCode = (value: string): boolean => OF_CODE.test(value) || CALL.test(value);
