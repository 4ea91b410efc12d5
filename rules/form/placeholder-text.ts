import {
  Causes,
  contentHash,
  count,
  cutText,
  defineRule,
  type Example,
  feature,
  integer,
  isAsked,
  isCode,
  type Message,
  marksOf,
  type OptionsOf,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Sketch,
  sketches,
  Tally,
} from '../../src/kit.ts';

const specs = {
  warn: {
    description: 'Share of examples with a placeholder of one kind that is worth a look.',
    type: 'number',
    default: 0.05,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'Share of examples with a placeholder of one kind that must be mended before training.',
    type: 'number',
    default: 0.25,
    minimum: 0,
    maximum: 1,
  },
} as const;

export default defineRule({
  meta: {
    id: 'placeholder-text',
    family: 'form',
    severity: 'error',
    docs: {
      summary: 'Counts placeholders that were never filled in: {{name}}, [Your Name], "No input", TODO, lorem ipsum.',
      why: 'A model writes what it was tuned on: unfilled variables and blanks come back word for word in its replies.',
      score:
        'Not scored. Any placeholder is told; a kind that 5% of examples hold is a warning, 25% an error, and a variable in a reply is always a warning. Code, talk about templates, and what a reply repeats from its prompt do not count.',
      source: 'The spellings are those of public data sets: Alpaca ("<noinput>", "No input"), LLaMA-Factory\'s identity data ({{name}}).',
    },
    options: specs,
    exact: true,
  },

  create: () => ({ examples: 0, faults: new Causes(), spellings: new Tally() }),

  observe(state, example) {
    state.examples += 1;
    const hits = placeholdersOf(example);
    for (let i = 0; i < hits.length; i++) {
      const { kind, spelling, text, index } = hits[i] as Hit;
      const first = hits.findIndex((hit) => hit.kind === kind) === i;
      if (first) state.faults.add(kind, contentHash(example), example.at, text, index);
      if (first || !hits.slice(0, i).some((hit) => hit.kind === kind && hit.spelling === spelling))
        state.spellings.add(`${kind}\n${spelling}`);
    }
  },

  finish({ examples, faults, spellings }, options) {
    const findings = faults
      .list()
      .map(({ key, times, witnesses }) => remarkOf(key as Kind, times, examples, spellings, witnesses, options));
    return { score: null, findings };
  },
});

// ── What is said of them ────────────────────────────────────────────────────

const KINDS = {
  'variable in reply': {
    says: (one: boolean) => `${one ? 'has' : 'have'} an unfilled variable in a reply`,
    expected: 'none',
    order: ['Fill in the variables of', ', or drop them'],
  },
  'variable in prompt': {
    says: (one: boolean) => `${one ? 'has' : 'have'} an unfilled variable in a prompt`,
    expected: 'none',
    order: ['Fill in the variables of', ', or drop them'],
  },
  blank: {
    says: (one: boolean) => `${one ? 'has' : 'have'} a blank that was never filled in`,
    expected: 'none',
    order: ['Fill in the blanks of', ', or drop them'],
  },
  'no input': {
    says: (one: boolean) => `${one ? 'writes' : 'write'} that there is no input`,
    expected: 'an empty input',
    order: ['Leave the input empty in', ''],
  },
  unfinished: {
    says: (one: boolean) => `${one ? 'has' : 'have'} an unfinished reply`,
    expected: 'none',
    order: ['Finish the replies of', ', or drop them'],
  },
  filler: {
    says: (one: boolean) => `${one ? 'holds' : 'hold'} filler text`,
    expected: 'real text',
    order: ['Put real text into', ', or drop them'],
  },
} as const;
type Kind = keyof typeof KINDS;

const SPELLINGS_TOLD = 3;

function remarkOf(
  kind: Kind,
  times: number,
  examples: number,
  spellings: Tally,
  evidence: Remark['evidence'],
  { warn, error }: OptionsOf<typeof specs>,
): Remark {
  const { says, expected, order } = KINDS[kind];
  const share = rounded(times / examples);
  const byShare: Severity = share >= error ? 'error' : share >= warn ? 'warn' : 'info';
  const after = times === 1 ? order[1].replace('them', 'it') : order[1];
  const told = spellingsOf(kind, spellings);
  return {
    key: kind,
    message: `${count(times, 'example')} (${percent(share)}) ${says(times === 1)}${told === '' ? '' : ` (${told})`}, expected ${expected}`,
    level: kind === 'variable in reply' && byShare === 'info' ? 'warn' : byShare,
    suggestion: `${order[0]} ${times === 1 ? 'this example' : `these ${count(times, 'example')}`}${after}`,
    evidence,
    data: { examples: times, share, warn, error },
  };
}

/** `"{{name}}" in 77, "{{author}}" in 60 and 4 others`; nothing where there were too many to keep count of. */
function spellingsOf(kind: Kind, spellings: Tally): string {
  if (spellings.overflowed()) return '';
  const own = spellings.top(spellings.counts.size).filter(([key]) => key.startsWith(`${kind}\n`));
  const told = own.slice(0, SPELLINGS_TOLD).map(([key, times]) => `${quote(key.slice(kind.length + 1))} in ${integer(times)}`);
  const more = own.length - told.length;
  return `${told.join(', ')}${more > 0 ? ` and ${count(more, 'other')}` : ''}`;
}

// ── Finding them ────────────────────────────────────────────────────────────

interface Hit {
  readonly kind: Kind;
  readonly spelling: string;
  readonly text: string;
  readonly index: number;
}

const NONE: readonly Hit[] = [];
/** Of one text no more are looked at closely: the first few tell, and a text may hold millions. */
const MOST = 20;
/** Of one example no more are counted: a chat may have as many turns. */
const ENOUGH = 50;

/** The marks without which a text has no variable, and no blank in brackets. */
const VARIABLE = marksOf('{%');
const BRACKET = marksOf('[<');
const SQUARE = marksOf('[]');
const ANGLE = marksOf('<>');
/** Turns with such marks that are looked at closely: what a reply repeats is searched in all prompts. */
const MOST_TURNS = 500;

/**
 * Ordinary text costs one search for letters that it seldom holds; all else is looked at only where the shared pass
 * saw a mark, or a word that begins in capitals. Tool turns are not looked at: they are what a program said.
 */
function placeholdersOf(example: Example): readonly Hit[] {
  const { messages, parts } = example;
  const seen = sketches(example);
  let hits: Hit[] | undefined;
  let looked = 0;
  for (let turn = 0; turn < messages.length && looked < MOST_TURNS && (hits?.length ?? 0) < ENOUGH; turn++) {
    const { role, text, trained } = messages[turn] as Message;
    if (role === 'tool') continue;
    const reply = role === 'assistant' && trained !== false;
    const { marks, shouts } = seen[turn] as Sketch;
    if ((marks & (VARIABLE | BRACKET)) !== 0) looked++;
    if ((marks & VARIABLE) !== 0) {
      if (text.includes('{{')) hits = variables(example, text, reply, hits);
      else hits = formats(example, text, reply, hits);
    }
    if ((marks & SQUARE) === SQUARE || (marks & ANGLE) === ANGLE) hits = blanks(example, text, reply, hits);
    if (LATIN.test(text) || (shouts && text.includes('PSUM'))) hits = filler(example, text, reply, hits);
    if (!reply) continue;
    if (shouts) {
      if (text.includes('TODO') || text.includes('FIXME') || text.includes('TBD')) hits = unfinished(example, text, hits);
      if (text.includes('XXX')) hits = crosses(example, text, hits);
    }
    if (text.length <= SHORT && hits === undefined) hits = standsForReply(text);
  }
  const input = parts?.['input'];
  if (input !== undefined && input.length > 0 && input.length <= 40 && isNoInput(input)) {
    hits = push(hits, 'no input', input.trim(), messages.findLast(({ role }) => role === 'user')?.text ?? input, 0);
  }
  return hits ?? NONE;
}

function push(hits: Hit[] | undefined, kind: Kind, spelling: string, text: string, index: number): Hit[] {
  const hit = { kind, spelling: cutText(spelling, 40), text, index };
  if (!hits) return [hit];
  hits.push(hit);
  return hits;
}

/** `{{name}}`: plain words in two braces. Not LaTeX, JSX, BibTeX or wiki text, which write other things before or in them. */
function variables(example: Example, text: string, reply: boolean, hits: Hit[] | undefined): Hit[] | undefined {
  let found = hits;
  let closely = 0;
  for (let at = text.indexOf('{{'); at >= 0 && closely < MOST; at = text.indexOf('{{', at + 2)) {
    const name = within(text, at + 2, 125, 40);
    if (name === undefined || text.charCodeAt(at + 2 + name.length + 1) !== 125) continue;
    if (!/^\s?[\p{L}_][\p{L}\p{M}\p{N}_ .-]+\s?$/u.test(name) || /^\s?(?:cite|citation|infobox|reflist|main|see)\b/i.test(name)) continue;
    if (/[\w{}^$\\=]/.test(text.charAt(at - 1)) || /[{}^_]/.test(text.charAt(at + name.length + 4))) continue;
    if (/=[ \t]?$/.test(text.slice(Math.max(0, at - 2), at))) continue; // title = {{Deep Learning}}
    closely++;
    if (closely === 1 && (isTemplateCode(text) || talksOfTemplates(example))) return hits;
    if (isCode(text, at) || (reply && isAsked(example, text.slice(at, at + name.length + 4)))) continue;
    found = push(found, reply ? 'variable in reply' : 'variable in prompt', `{{${name.trim()}}}`, text, at);
  }
  return found;
}

/** `{name}`, `${name}`, `%(name)s`, `%s` in the middle of a sentence: where the name is one that templates use, and nothing near is code. */
function formats(example: Example, text: string, reply: boolean, hits: Hit[] | undefined): Hit[] | undefined {
  let found = hits;
  let closely = 0;
  for (const [open, close] of FORMATS) {
    for (let at = text.indexOf(open); at >= 0 && closely < MOST; at = text.indexOf(open, at + 1)) {
      const name = within(text, at + open.length, close.charCodeAt(0), 40);
      if (name === undefined || !isTemplateName(name)) continue;
      const dollar = text.charCodeAt(at - 1) === 36 ? 1 : 0;
      const start = at - dollar;
      const end = at + open.length + name.length + (open === '{' ? 1 : 2);
      if (open !== '{' && text.charCodeAt(end - 1) !== 115) continue; // %(name)s
      if (/[^\s(“„«>.,!?:;、。，！？-]/.test(text.charAt(start - 1)) || /[\w}{("'`/=]/.test(text.charAt(end))) continue;
      closely++;
      const spelling = text.slice(start, end);
      if (isProgram(text) || isTemplateCode(text) || talksOfTemplates(example)) return found;
      if (/\w\(/.test(text.slice(Math.max(0, start - 100), end + 100))) continue; // among calls of functions
      if (isInString(text, start) || isCode(text, start) || (reply ? isAsked(example, spelling) : isRepeated(example, spelling))) continue;
      found = push(found, reply ? 'variable in reply' : 'variable in prompt', spelling, text, start);
    }
  }
  if (!reply) return found;
  const at = text.indexOf('%s');
  if (at <= 0 || !/[\p{L},:] $/u.test(text.slice(Math.max(0, at - 2), at)) || !/^(?:[ ,.!?;:]|$)/.test(text.slice(at + 2, at + 3)))
    return found;
  if (isProgram(text) || talksOfTemplates(example) || isInString(text, at) || isCode(text, at) || isAsked(example, '%s')) return found;
  return push(found, 'variable in reply', '%s', text, at);
}

const FORMATS = [
  ['{', '}'],
  ['%(', ')'],
] as const;

const TEMPLATE_NAMES = new Set(
  'name names username user author bot assistant text topic question context input prompt instruction query document article language title company organization product customer client city country date email'.split(
    ' ',
  ),
);

/** `first_name`, or one of the names that templates of prompts use. Not `x`, `id` or `user_id`, of which sets and addresses are made. */
const isTemplateName = (name: string): boolean => TEMPLATE_NAMES.has(name) || /^[a-z]{2,20}(?:_[a-z]{2,20}){1,3}$/.test(name);

const KEYWORDS =
  /\b(?:def|return|const|let|print|printf|println|echo|import|function|class|SELECT|curl|GET|POST|PUT|DELETE|PATCH)\b|https?:\/\//g;
/** Of the words that a program begins a statement with, no more are looked at. */
const MOST_KEYWORDS = 50;

/** Signs of a program in the first 20,000 characters: then braces are its own. */
function isProgram(text: string): boolean {
  const near = text.slice(0, CLOSE_LOOK);
  if (/[;{][ \t]{0,8}(?:\n|$)|=>|->|\.format\(/.test(near)) return true;
  let looked = 0;
  for (const { 0: word, index } of near.matchAll(KEYWORDS)) {
    const rest = near.slice(index + word.length, index + word.length + 80);
    if (word.startsWith('http') ? /^[^\s{]{0,80}\{/.test(rest) : /^[^\n({"'`=/]{0,80}[({"'`=/]/.test(rest)) return true;
    if (++looked >= MOST_KEYWORDS) return false;
  }
  return false;
}

/** Whether an odd number of double quotes stands before it on its line. */
function isInString(text: string, index: number): boolean {
  let quotes = 0;
  for (let at = index - 1; at >= 0 && index - at < 2000; at--) {
    const c = text.charCodeAt(at);
    if (c === 10) break;
    if (c === 34) quotes++;
  }
  return quotes % 2 === 1;
}

/** Whether a reply holds the same words as its prompt: then they are what the two speak of. */
function isRepeated({ messages }: Example, spelling: string): boolean {
  return messages.some(({ role, text, trained }) => role === 'assistant' && trained !== false && text.includes(spelling));
}

/** `[Your Name]`, `[INSERT DATE]`, `<your-api-key>`. Not citations, links, indexing, tags or keys. */
function blanks(example: Example, text: string, reply: boolean, hits: Hit[] | undefined): Hit[] | undefined {
  let found = hits;
  for (const [open, close] of BRACKETS) {
    let closely = 0;
    for (let at = text.indexOf(open); at >= 0 && closely < MOST; at = text.indexOf(open, at + 1)) {
      const next = text.charCodeAt(at + 1) | 32;
      if (next < 97 || !BLANK_STARTS.has(next)) continue;
      const name = within(text, at + 1, close.charCodeAt(0), 60);
      if (name === undefined) continue;
      const spelling = `${open}${name}${close}`;
      if (open === '<' && /^no ?input$/i.test(name)) {
        closely++;
        found = push(found, 'no input', spelling, text, at);
        continue;
      }
      if (!isBlank(name, open) || /[\w)\]]/.test(text.charAt(at - 1)) || /[(:[]/.test(text.charAt(at + spelling.length))) continue;
      closely++;
      if (talksOfTemplates(example)) return found;
      if (open === '<' && text.includes(`</${name}`)) continue;
      if (isCode(text, at) || (reply ? isAsked(example, spelling) : isRepeated(example, spelling))) continue;
      found = push(found, 'blank', spelling, text, at);
    }
  }
  return found;
}

const BRACKETS = [
  ['[', ']'],
  ['<', '>'],
] as const;

/** First letters of what `isBlank` knows, lower case. */
const BLANK_STARTS = new Set(Array.from('iyemnacprsldhjfovtzwu姓名имяф', (letter) => letter.charCodeAt(0) | 32));

const ORDERS = new Set(['insert', 'your', 'my', 'enter']);
const OWNERS = new Set(
  'phone telephone mobile fax email mail mailing street home start end due first last full family middle current today todays recipient recipients client clients customer customers company employee employees person sender manager hiring landlord teacher candidate applicant user users friend spouse school job position'.split(
    ' ',
  ),
);
const THINGS = new Set(['name', 'names', 'address', 'number', 'title', 'date', 'signature']);

/** Single words that, with a capital, are blanks of letters, in the languages that letters are written in. */
const LONE = new Set(
  'name date address company city signature nachname vorname nom prénom apellido apellidos nombre nome cognome имя фамилия 姓名'.split(' '),
);

/** Whether words in brackets ask to be replaced: "insert …", "your …"; and in square brackets "Name", "Date", "Recipient's Name". */
function isBlank(inner: string, open: '[' | '<'): boolean {
  if (!/^[\p{L}\p{N} _.,'’/-]+$/u.test(inner)) return false;
  const words = inner
    .toLowerCase()
    .replace(/['’]s?(?=[ _-])/g, '')
    .split(/[ _-]/);
  const first = words[0] ?? '';
  const second = words[1] ?? '';
  if (first === 'enter') return second === 'your' || THINGS.has(words.at(-1) ?? ''); // not a stage direction
  if (words.length > 1 && ORDERS.has(first)) return true;
  if (open === '<') return first === 'placeholder';
  const last = words.at(-1) ?? '';
  if (words.length === 1) return LONE.has(last) && inner !== last; // [Name], not a list of one column
  if (second === 'of') return THINGS.has(first) && words.length <= 5;
  return THINGS.has(last) && OWNERS.has(first) && words.length <= 4;
}

/** TODO, FIXME, TBD as an author's note to himself: in capitals, not within other capitals (Spanish TODO), not in the prompt. */
function unfinished(example: Example, text: string, hits: Hit[] | undefined): Hit[] | undefined {
  let found = hits;
  for (const note of ['TODO', 'FIXME', 'TBD']) {
    for (let at = text.indexOf(note); at >= 0; at = text.indexOf(note, at + note.length)) {
      const before = text.slice(Math.max(0, at - 4), at);
      const after = text.slice(at + note.length, at + note.length + 4);
      if (/[\p{L}\p{N}_]$/u.test(before) || /^[\p{L}\p{N}_]/u.test(after)) continue;
      if (/\p{Lu}\p{P}?\s$/u.test(before) || /^\s\p{Lu}(?:\p{Lu}|\s)/u.test(after)) break; // a word of a text in capitals
      if (/\b(?:the|an?|this|your|my|our|file|of|in|see|all) $/i.test(text.slice(Math.max(0, at - 6), at))) break; // a file, a list
      if (isCode(text, at) || isComment(text, at) || isProgram(text) || isAsked(example, note)) break;
      found = push(found, 'unfinished', note, text, at);
      break;
    }
  }
  return found;
}

/** Whether a sign of a comment stands before it on its line: a note in a program is part of the program. */
function isComment(text: string, index: number): boolean {
  const line = text.slice(Math.max(0, text.lastIndexOf('\n', index - 1) + 1, index - 200), index);
  return /\/\/|\/\*|^[ \t]{0,40}(?:#|--|%|\*|<!--)|(?:^| )# ?$/.test(line);
}

const SHORT = 60;
/** A short text that is nothing but a promise of one, or the place for one. */
const PROMISE =
  /^\s{0,3}[([<]?(?:TBC|to be (?:added|completed|written|determined|decided|announced|filled in|done)(?: later| soon)?|coming soon)[)\]>]?[.!…]{0,3}\s{0,3}$/i;
const PLACE =
  /^\s{0,3}[([<]?(?:(?:insert|put|enter|write|add) (?:your )?(?:text|answer|reply|response|content) here|your (?:text|answer|reply|response) (?:goes )?here)[)\]>]?[.!…]{0,3}\s{0,3}$/i;

function standsForReply(text: string): Hit[] | undefined {
  if (PROMISE.test(text)) return push(undefined, 'unfinished', text.trim(), text, 0);
  return PLACE.test(text) ? push(undefined, 'blank', text.trim(), text, 0) : undefined;
}

/** XXXX in the place of a name or a number; not thirty in Roman figures, sizes, or a number masked but for its last digits. */
function crosses(example: Example, text: string, hits: Hit[] | undefined): Hit[] | undefined {
  for (let at = text.indexOf('XXX'); at >= 0; at = text.indexOf('XXX', at + 3)) {
    let end = at + 3;
    while (text.charCodeAt(end) === 88) end++;
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(end, end + 5);
    const amount = /[$€£]$/.test(before);
    if (end - at < 4 && !amount && !after.startsWith('-XXX')) {
      at = end - 3;
      continue;
    }
    if (end - at > 12 || /[\p{L}\d_/.]$|[^\d)]-$/u.test(before) || /^[\p{L}\d_]|^[- ]?\d/u.test(after)) {
      at = end - 3;
      continue;
    }
    if (isCode(text, at) || isProgram(text) || isAsked(example, 'XXX') || talksOfTemplates(example)) return hits;
    return push(hits, 'blank', text.slice(amount ? at - 1 : at, end), text, at);
  }
  return hits;
}

/** Letters that every filler has and no English word. All begin with one letter, because a search for one is the fastest there is. */
const LATIN = /p(?:sum|iscing)/;
const FILLERS = ['orem ipsum', 'OREM IPSUM', 'orem Ipsum', 'dolor sit amet', 'adipiscing elit'] as const;

/** Lorem ipsum, unless the other side speaks of it. */
function filler(example: Example, text: string, reply: boolean, hits: Hit[] | undefined): Hit[] | undefined {
  for (const words of FILLERS) {
    const at = text.indexOf(words);
    if (at < 0) continue;
    for (const { role, text: other, trained } of example.messages) {
      const isReply = role === 'assistant' && trained !== false;
      if (isReply !== reply && /lorem|ipsum|\b(?:filler|dummy) text\b|\blatin\b/i.test(other.slice(0, CLOSE_LOOK))) return hits;
    }
    if (isCode(text, at)) return hits;
    return push(hits, 'filler', 'Lorem ipsum', text, at);
  }
  return hits;
}

const NO_INPUT = new Set([
  'no input',
  'noinput',
  'no input required',
  'no input needed',
  'no input necessary',
  'no input provided',
  'no input given',
  'no input is required',
  'no input is needed',
  'no inputs',
  'no input text',
  'no specific input',
  'no context',
  'no context provided',
  'none needed',
  'none required',
  'none provided',
  'none given',
  'no additional input',
  'no further input',
  'not applicable',
  'not required',
  'not needed',
  'n/a',
  'n.a',
  'na',
  'none',
  'null',
  'nil',
  'nan',
]);

/** Whether an Alpaca input says that there is none. */
function isNoInput(input: string): boolean {
  const bare = input
    .toLowerCase()
    .replace(/[<>()[\]"'*]/g, '')
    .replace(/[\s_-]+/g, ' ')
    .replace(/^ ?(?:input:)? ?/, '');
  let end = bare.length;
  while (end > 0 && ' .!'.includes(bare.charAt(end - 1))) end--;
  return NO_INPUT.has(bare.slice(0, end)) || /^\s{0,3}[-–—]{1,3}\s{0,3}$/.test(input);
}

// ── What is no placeholder ──────────────────────────────────────────────────

/** What stands between `from` and the next `close`, where that comes within `most` characters, on the same line, with no other bracket between. */
function within(text: string, from: number, close: number, most: number): string | undefined {
  const end = Math.min(text.length, from + most + 1);
  for (let at = from; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === close) return at > from ? text.slice(from, at) : undefined;
    if (c === 10 || c === 60 || c === 91 || c === 123) return undefined;
  }
  return undefined;
}

/** Whether the text is written in a template language or in HTML: then its variables are code. */
function isTemplateCode(text: string): boolean {
  return text.includes('{%') || text.includes('{{#') || text.includes('{{/') || text.includes('{{>') || text.includes('</');
}

const CLOSE_LOOK = 20_000;
const TEMPLATES =
  /(?<![[<{_])\b(?:templat(?:e|es|ed|ing)|placeholders?|mail merge|form letters?|blanks|variables?|f-strings?|string format\w{0,4}|stands? for|mad libs?|fill in the blanks?|jinja2?|handlebars|mustache|vue(?:\.?js)?|angular(?:js)?|svelte|jsx|django|nunjucks|helm|ansible|dbt|postman|github actions|latex|bibtex|wiki\w{0,12}|interpolat\w{1,6}|substitut\w{1,6}|curly)\b/i;

/** Whether somebody in the example speaks of templates: then variables and blanks are its subject. Asked only where one was found. */
const talksOfTemplates = feature(({ messages }: Example): boolean =>
  messages.some(({ text }) => TEMPLATES.test(text.length > CLOSE_LOOK ? text.slice(0, CLOSE_LOOK) : text)),
);
