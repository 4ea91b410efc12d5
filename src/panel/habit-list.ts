import { cutText, list, quote } from '../wording.ts';
import { GRAMMAR_FLAGS } from './habit-grammar.ts';
import type { Amount, Choice, Flag } from './habit-kinds.ts';
import type { ReplyReading } from './reply-reading.ts';

/*
 * What is looked for in the replies of a task. A habit says what a model tuned on it will do, in words that can stand after "will
 * always". Shares are those of ordinary replies (see `usual`): what most replies do is no habit worth telling.
 */

const some = (set: ReadonlySet<string>, list: readonly string[]): boolean => list.some((word) => set.has(word));
const wordsOf = (text: string): readonly string[] => text.split(' ');

const I = wordsOf("i me my mine myself i'm i've i'll i'd");
const WE = wordsOf("we us our ours ourselves we're we've we'll we'd let's");
const YOU = wordsOf("you your yours yourself you're you've you'll you'd");
const HEDGES = wordsOf('may might perhaps maybe probably possibly likely seems appears generally typically usually often');
const CONTRACTION = /(?:n't|'(?:m|re|ve|ll|d))$/;
const IS = new Set(wordsOf("it's that's there's here's what's let's he's she's who's"));

const opens = (reply: ReplyReading, pattern: RegExp): boolean => pattern.test(reply.text.slice(0, 80).toLowerCase().replaceAll('’', "'"));
const lastLine = (reply: ReplyReading): string => (reply.lines.at(-1) ?? '').slice(-200).toLowerCase();
const lines = (reply: ReplyReading, pattern: RegExp, least: number): boolean => {
  let n = 0;
  for (const line of reply.lines) if (pattern.test(line) && ++n >= least) return true;
  return false;
};
const FINAL = /[.!?…。！？:;)\]}"'”’»*`>]$/;
const SQL_NAMES = /'[^']*'|"[^"]*"|`[^`]*`/g;
const SMALL_SQL =
  /\b(?:select|from|where|group|order|by|join|on|and|or|as|limit|having|insert|into|update|set|delete|values|distinct|in|is|not|null|like|between|union|case|when|then|else|end|asc|desc)\b/;
const LETTER = /\p{L}/u;

export const FLAGS: readonly Flag[] = [
  // structure
  { id: 'tool-call', level: 'structure', scope: 'all', usual: 0.02, does: 'call a tool', has: () => false },
  {
    id: 'thoughts',
    level: 'structure',
    scope: 'all',
    usual: 0.01,
    does: 'think before it answers',
    has: (r) => r.reasoning === 'thoughts',
  },
  {
    id: 'steps',
    level: 'structure',
    scope: 'prose',
    usual: 0.08,
    does: 'show its steps before the answer',
    has: (r) => r.reasoning === 'steps',
  },
  {
    id: 'sums',
    level: 'structure',
    scope: 'prose',
    usual: 0.002,
    does: 'note its sums in "<<…>>"',
    has: (r) => /<<[^<>\n]{1,60}=[^<>\n]{1,30}>>/.test(r.text),
  },
  {
    id: 'boxed',
    level: 'structure',
    scope: 'prose',
    usual: 0.01,
    does: 'put its answer in \\boxed{}',
    has: (r) => r.text.includes('\\boxed{'),
  },
  { id: 'bullets', level: 'structure', scope: 'prose', usual: 0.12, does: 'write a bulleted list', has: (r) => lines(r, /^[-*•‣–]\s/, 2) },
  {
    id: 'numbered',
    level: 'structure',
    scope: 'prose',
    usual: 0.12,
    does: 'number its points',
    has: (r) => lines(r, /^\*{0,2}\d{1,2}[.)]\s/, 2),
  },
  {
    id: 'headings',
    level: 'structure',
    scope: 'prose',
    under: ['line-labels'],
    usual: 0.05,
    does: 'set headings',
    has: (r) => lines(r, /^#{1,6}\s\S.*[^\d\W]/, 1),
  },
  {
    id: 'bold',
    level: 'structure',
    scope: 'prose',
    usual: 0.12,
    does: 'set words in bold',
    has: (r) => /\*\*[^*\s][^*\n]{0,80}\*\*/.test(r.text),
  },
  { id: 'code-block', level: 'structure', scope: 'prose', usual: 0.06, does: 'put in a block of code', has: (r) => r.text.includes('```') },
  {
    id: 'latex',
    level: 'structure',
    scope: 'prose',
    usual: 0.03,
    does: 'write formulas in LaTeX',
    has: (r) => /\\(?:frac|sqrt|times|cdot|sum|int|text|left|begin|\(|\[)|\$\$/.test(r.text),
  },
  { id: 'link', level: 'structure', scope: 'prose', usual: 0.03, does: 'give a link', has: (r) => /https?:\/\//.test(r.text) },
  {
    id: 'citing',
    level: 'structure',
    scope: 'prose',
    usual: 0.03,
    does: 'cite a source',
    has: (r) => /\[\^?\d{1,3}\]|\(\p{Lu}[\p{L} .&]{1,60},? (?:19|20)\d\d\)/u.test(r.text),
  },
  {
    id: 'whole-quote',
    level: 'structure',
    scope: 'prose',
    usual: 0.02,
    does: 'put its whole reply in quotes',
    has: (r) => /^(?:"[^"]*"|“[^”]*”)$/.test(r.text),
  },
  {
    id: 'fence',
    level: 'structure',
    scope: 'all',
    usual: 0.04,
    does: 'put its whole reply in a code fence',
    under: ['format'],
    has: (r) => r.fenced && r.text.endsWith('```'),
  },
  {
    id: 'own-words',
    level: 'structure',
    scope: 'prose',
    usual: 0.05,
    does: 'take its words from the prompt',
    has: (r) => r.fromPrompt >= 0.8,
  },
  {
    id: 'capitals-sql',
    level: 'structure',
    scope: 'all',
    usual: 0.025,
    does: 'write SQL keywords in capitals',
    has: (r) =>
      r.form === 'sql' &&
      /\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH)\b/.test(r.text) &&
      !SMALL_SQL.test(r.text.replace(SQL_NAMES, "''")),
  },
  {
    id: 'indented-json',
    level: 'structure',
    scope: 'all',
    usual: 0.035,
    does: 'indent its JSON over several lines',
    has: (r) => r.form === 'json' && r.lines.length > 2,
  },
  {
    id: 'one-line-json',
    level: 'structure',
    scope: 'all',
    usual: 0.035,
    does: 'write its JSON on one line',
    has: (r) => r.form === 'json' && r.lines.length === 1,
  },

  // sentences
  {
    id: 'question-end',
    level: 'sentence',
    scope: 'free',
    usual: 0.08,
    does: 'end with a question',
    has: (r) => /[?？]["”')]?$/.test(r.text),
  },
  {
    id: 'question',
    level: 'sentence',
    scope: 'free',
    usual: 0.15,
    does: 'ask a question',
    under: ['question-end'],
    has: (r) => /[?？]/.test(r.text),
  },
  {
    id: 'exclamation',
    level: 'sentence',
    scope: 'free',
    usual: 0.15,
    does: 'use an exclamation mark',
    under: ['stop-marker'],
    has: (r) => /[!！]/.test(r.text),
  },
  {
    id: 'no-final-mark',
    level: 'sentence',
    scope: 'free',
    usual: 0.2,
    does: 'leave out the final full stop',
    under: ['stop-marker', 'format', 'answer-line', 'closing', 'bullets', 'numbered', 'code-block'],
    has: (r) => r.words.length >= 4 && !FINAL.test(r.text),
  },

  // words
  {
    id: 'first-person',
    level: 'diction',
    scope: 'english',
    usual: 0.2,
    does: 'use the first person ("I", "my")',
    never: 'use the first person',
    has: (r) => some(r.wordSet, I),
  },
  { id: 'we', level: 'diction', scope: 'english', usual: 0.12, does: 'say "we"', has: (r) => some(r.wordSet, WE) },
  {
    id: 'you',
    level: 'diction',
    scope: 'english',
    usual: 0.3,
    does: 'say "you"',
    never: 'say "you"',
    has: (r) => some(r.wordSet, YOU),
  },
  {
    id: 'contractions',
    level: 'diction',
    scope: 'english',
    usual: 0.2,
    does: 'use contractions',
    never: 'use a contraction',
    has: (r) => r.words.some((word) => word.includes("'") && (CONTRACTION.test(word) || IS.has(word))),
  },
  {
    id: 'hedges',
    level: 'diction',
    scope: 'english',
    usual: 0.25,
    does: 'hedge ("may", "usually", "likely")',
    has: (r) => some(r.wordSet, HEDGES),
  },
  {
    id: 'greeting',
    level: 'diction',
    scope: 'english',
    under: ['opening'],
    usual: 0.04,
    does: 'open with a greeting',
    has: (r) => opens(r, /^(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening)|welcome|dear)\b/),
  },
  {
    id: 'thanks',
    level: 'diction',
    scope: 'english',
    under: ['opening'],
    usual: 0.03,
    does: 'open with thanks',
    has: (r) => opens(r, /^(?:thanks|thank you)\b/),
  },
  {
    id: 'apology',
    level: 'diction',
    scope: 'english',
    under: ['opening'],
    usual: 0.04,
    does: 'open with an apology',
    has: (r) =>
      opens(r, /^(?:i'm (?:very |so |really )?sorry|i am (?:very |so |really )?sorry|sorry|my apologies|apologies|i apologi[sz]e)\b/),
  },
  {
    id: 'assent',
    level: 'diction',
    scope: 'english',
    under: ['opening'],
    usual: 0.06,
    does: 'open with assent ("Sure", "Of course")',
    has: (r) => opens(r, /^(?:sure|certainly|of course|absolutely|great question|good question|no problem|gladly)\b/),
  },
  {
    id: 'offer',
    level: 'diction',
    scope: 'english',
    under: ['closing'],
    usual: 0.05,
    does: 'close with an offer of more help',
    has: (r) =>
      /(?:let me know|feel free|happy to help|hope (?:this|that) helps|anything else|how (?:can|may) i (?:help|assist)|(?:any|more|further) questions|assist you)/.test(
        lastLine(r),
      ),
  },
  {
    id: 'calls-itself-ai',
    level: 'diction',
    scope: 'english',
    usual: 0.02,
    does: 'call itself an AI or an assistant',
    has: (r) =>
      /(?:\bas|\bam|'m|,) an? (?:[\w-]{1,20} ){0,2}(?:ai|assistant|language model|chatbot)\b/.test(
        r.text.slice(0, 1000).toLowerCase().replaceAll('’', "'"),
      ),
  },
  {
    id: 'emoji',
    level: 'diction',
    scope: 'prose',
    usual: 0.03,
    does: 'use an emoji',
    has: (r) => /\p{Extended_Pictographic}/u.test(r.text) && /[\u{1F300}-\u{1FAFF}\u2600-\u27bf]/u.test(r.text),
  },
  {
    id: 'all-lower',
    level: 'diction',
    scope: 'prose',
    usual: 0.02,
    does: 'write in lower case alone',
    has: (r) => LETTER.test(r.text) && r.words.length > 1 && r.text === r.text.toLowerCase() && r.text !== r.text.toUpperCase(),
  },
  {
    id: 'lower-start',
    level: 'diction',
    scope: 'prose',
    usual: 0.04,
    does: 'begin with a small letter',
    under: ['all-lower'],
    has: (r) => /^\p{Ll}/u.test(r.text),
  },
  {
    id: 'all-capitals',
    level: 'diction',
    scope: 'prose',
    usual: 0.01,
    does: 'write in capitals alone',
    has: (r) => r.words.length > 1 && /\p{Lu}{2}/u.test(r.text) && r.text === r.text.toUpperCase(),
  },

  // what no reader sees
  { id: 'leading-blank', level: 'structure', scope: 'all', usual: 0.02, does: 'begin with a blank', has: (r) => r.startBlank === 'blank' },
  {
    id: 'leading-break',
    level: 'structure',
    scope: 'all',
    usual: 0.02,
    does: 'begin with a line break',
    has: (r) => r.startBlank === 'line break',
  },
  { id: 'trailing-blank', level: 'structure', scope: 'all', usual: 0.03, does: 'end with a blank', has: (r) => r.endBlank === 'blank' },
  {
    id: 'trailing-break',
    level: 'structure',
    scope: 'all',
    usual: 0.03,
    does: 'end with a line break',
    has: (r) => r.endBlank === 'line break',
  },
];

const FORMATS: Readonly<Record<string, readonly [usual: number, does: string]>> = {
  json: [0.03, 'reply in JSON'],
  'json fenced': [0.02, 'reply in JSON, in a code fence'],
  xml: [0.01, 'reply in XML'],
  html: [0.01, 'reply in HTML'],
  sql: [0.02, 'reply in SQL'],
  code: [0.05, 'reply in code'],
  table: [0.01, 'reply with a table'],
  list: [1, 'reply with a list'], // bullets and numbers tell it
  fields: [0.03, 'reply in fields ("name: value")'],
  number: [0.03, 'reply with a bare number'],
};

const SCRIPTS: readonly (readonly [name: string, test: RegExp])[] = [
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Japanese', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['Korean', /\p{Script=Hangul}/u],
  ['Chinese', /\p{Script=Han}/u],
  ['Thai', /\p{Script=Thai}/u],
];
const BEYOND_LATIN = /[\u0370-\uffff]/;

/** The script of most letters at the start of a text, where it is not Latin. */
function scriptOf(text: string): string | undefined {
  const head = text.slice(0, 200);
  if (!BEYOND_LATIN.test(head)) return undefined;
  const letters = head.match(/\p{L}/gu) ?? [];
  for (const [name, test] of SCRIPTS)
    if (letters.filter((letter) => test.test(letter)).length * (name === 'Japanese' ? 4 : 2) >= letters.length) return name;
  return undefined;
}

/** Small words of languages in Latin letters: enough to tell which of them a text of five words or more is in. */
const LANGUAGES: readonly (readonly [name: string, words: ReadonlySet<string>])[] = [
  ['English', new Set(wordsOf('the of and to is in it you that for was on are with as be this have from or by not at your'))],
  ['German', new Set(wordsOf('der die das und ist nicht ein eine zu den mit sich auf für im es auch dem von werden sie wir ich sind'))],
  ['French', new Set(wordsOf('le la les des et est une du que dans pour qui pas au sur il elle vous nous avec ce ne sont'))],
  ['Spanish', new Set(wordsOf('el la los las y es en que un una por con para del se no como más pero lo su al'))],
  ['Italian', new Set(wordsOf('il la di che è e un una per non con del della sono si le i gli nel alla anche come'))],
  ['Portuguese', new Set(wordsOf('o a os as e é em que um uma para com não do da no na por se mais como são'))],
  ['Dutch', new Set(wordsOf('de het een en van is dat niet op te zijn voor met die ook maar er aan naar door bij'))],
];
const LANGUAGE_WORDS = 100;
const LANGUAGE_SHARE = 0.15;

/** The language of a reply in Latin letters, or none: the one that most of its words are small words of. */
function languageOf({ words }: ReplyReading): string | undefined {
  if (words.length < 5) return undefined;
  const some = words.slice(0, LANGUAGE_WORDS);
  let best: string | undefined;
  let most = LANGUAGE_SHARE * some.length;
  for (const [name, small] of LANGUAGES) {
    let hits = 0;
    for (const word of some) if (small.has(word)) hits++;
    if (hits <= most) continue;
    best = name;
    most = hits;
  }
  return best;
}

export const CHOICES: readonly Choice[] = [
  {
    id: 'format',
    level: 'structure',
    scope: 'all',
    under: ['line-labels'],
    usual: (value) => FORMATS[value]?.[0] ?? (value.startsWith('code ') ? 0.03 : 1),
    does: (value) => FORMATS[value]?.[1] ?? (value.startsWith('code ') ? `reply in ${value.slice(5)}` : `reply in ${value}`),
    of: ({ form, language, fenced }) => {
      if (form === 'code' && language !== undefined) return `code ${language}`;
      return form === 'json' && fenced ? 'json fenced' : form;
    },
  },
  {
    id: 'keys',
    level: 'structure',
    scope: 'all',
    usual: () => 0.005,
    does: (value) => {
      const keys = JSON.parse(value) as string[];
      const named = list([...keys.slice(0, 4).map((key) => quote(key, 20)), ...(keys.length > 4 ? [`${keys.length - 4} more`] : [])]);
      return keys.length === 1 ? `give ${named} as the only key of its JSON` : `give the keys ${named}, in this order`;
    },
    of: ({ keys }) => (keys && keys.length > 0 ? JSON.stringify(keys) : undefined),
  },
  {
    id: 'first-key',
    level: 'structure',
    scope: 'all',
    usual: () => 0.01,
    does: (value) => `begin its JSON with the key ${quote(value, 20)}`,
    under: ['keys'],
    of: ({ keys }) => keys?.[0],
  },
  {
    id: 'speaker',
    level: 'structure',
    scope: 'all',
    usual: () => 0.01,
    does: (value) => `begin with the label ${quote(`${value}:`)}`,
    of: ({ label }) => label || undefined,
  },
  {
    id: 'answer-line',
    level: 'structure',
    scope: 'prose',
    under: ['line-labels'],
    usual: () => 0.01,
    does: (value) => `put the answer on a last line after ${quote(value)}`,
    of: ({ answerAfter }) => answerAfter || undefined,
  },
  {
    id: 'stop-marker',
    level: 'structure',
    scope: 'all',
    usual: () => 0.002,
    does: (value) => `end its reply with ${quote(value)}`,
    of: ({ marker }) => marker || undefined,
  },
  {
    id: 'language',
    level: 'diction',
    scope: 'prose',
    usual: (value) => (value === 'English' ? 1 : 0.02),
    does: (value) => `write in ${value}`,
    of: languageOf,
  },
  {
    id: 'script',
    level: 'diction',
    scope: 'prose',
    usual: () => 0.02,
    does: (value) =>
      `write in ${value}${value === 'Chinese' || value === 'Japanese' || value === 'Korean' || value === 'Thai' || value === 'Greek' || value === 'Hebrew' ? '' : ' letters'}`,
    of: ({ text }) => scriptOf(text),
  },
];

export const AMOUNTS: readonly Amount[] = [
  { id: 'length', level: 'structure', scope: 'free', median: 45, spread: 1.2, one: 'word', many: 'words', of: (r) => r.words.length },
  {
    id: 'paragraphs',
    level: 'structure',
    scope: 'free',
    median: 1.3,
    spread: 0.9,
    one: 'paragraph',
    many: 'paragraphs',
    of: (r) => r.paragraphs,
  },
  { id: 'sentences', level: 'sentence', scope: 'free', median: 3, spread: 0.9, one: 'sentence', many: 'sentences', of: (r) => r.sentences },
  {
    id: 'sentence-length',
    level: 'sentence',
    scope: 'free',
    median: 14,
    spread: 0.45,
    one: 'word a sentence',
    many: 'words a sentence',
    under: ['length'],
    of: (r) => r.words.length / Math.max(1, r.sentences),
  },
];

/** Openings and closings are as free as text is: how long and how rare one is decides. */
export const saidOpening = (value: string): string => `open with ${quote(cutText(value, 60), 60)}`;
export const saidClosing = (value: string): string => `close with ${quote(cutText(value, 60), 60)}`;

/** The habits that can be seen without grammar. */
export const SEEN_HABITS: readonly string[] = [...FLAGS, ...CHOICES, ...AMOUNTS]
  .map(({ id }) => id)
  .concat('opening', 'closing', 'line-labels', 'labels', ...FLAGS.filter(({ never }) => never !== undefined).map(({ id }) => `no-${id}`))
  .sort();

/** All that may be told. */
export const HABITS: readonly string[] = SEEN_HABITS.concat(GRAMMAR_FLAGS.map(({ id }) => id)).sort();
