import {
  type Cause,
  Causes,
  contentHash,
  count,
  defineRule,
  type Example,
  feature,
  hashString,
  list,
  mojibake,
  ODD,
  type OptionsOf,
  percent,
  quote,
  type Remark,
  rounded,
  type Sketch,
  sketches,
} from '../../src/kit.ts';

const specs = {
  warn: {
    description: 'Share of examples with one kind of damage that is worth a look.',
    type: 'number',
    default: 0.005,
    minimum: 0,
    maximum: 1,
  },
} as const;

export default defineRule({
  meta: {
    id: 'text-encoding',
    family: 'form',
    severity: 'error',
    docs: {
      summary:
        'Finds text that was damaged on its way: mojibake ("cafÃ©"), lost characters, halves of emoji, control characters, invisible characters.',
      why: 'A model tuned on damaged text writes it back, wastes tokens on it, and meets words in production that it never saw whole. Half an emoji makes trainers in Python stop; tag characters can carry orders that no reader sees.',
      score:
        'Not scored. Any such text is told; a kind of damage that 0.5% of examples hold is a warning. Soft hyphens, private characters and a byte order mark at the start of a file are never more than a remark. Joiners, direction marks and variation selectors count only where their script or emoji does not call for them.',
      source:
        'Mojibake by round trip, as in ftfy (https://ftfy.readthedocs.io); Unicode, Default_Ignorable_Code_Point and Bidi_Control (https://www.unicode.org/reports/tr44/); Boucher and Anderson, Trojan Source (https://trojansource.codes).',
    },
    options: specs,
    exact: true,
  },

  create: () => ({ examples: 0, faults: new Causes() }),

  observe(state, example) {
    state.examples += 1;
    const seen = sketches(example);
    let odd = 0;
    for (let i = 0; i < seen.length; i++) odd |= (seen[i] as Sketch).odd;
    if (odd === 0) return;
    const faults = faultsOf(example, seen);
    if (faults)
      for (const { kind, text, index, detail } of faults) state.faults.add(kind, contentHash(example), example.at, text, index, detail);
  },

  observeRow(state, { marked, at, raw }) {
    if (marked) state.faults.add('file mark', hashString(at.file), at, excerptOf(raw));
  },

  finish({ examples, faults }, options) {
    return { score: null, findings: faults.list().map((cause) => remarkOf(cause, examples, options)) };
  },
});

function excerptOf(raw: Readonly<Record<string, unknown>>): string {
  return `U+FEFF {${Object.keys(raw)
    .slice(0, 5)
    .map((key) => JSON.stringify(key))
    .join(', ')}, …`;
}

// ── What is said of them ────────────────────────────────────────────────────

interface Said {
  readonly level: 'by share' | 'info';
  /** After "1 example" or "12 examples"; the details come after it in brackets. */
  readonly says: (one: boolean) => string;
  readonly expected: string;
  readonly order: (these: string, one: boolean) => string;
}

const has = (what: string) => (one: boolean) => `${one ? 'has' : 'have'} ${what}`;

const KINDS = {
  mojibake: {
    level: 'by share',
    says: has('mojibake'),
    expected: 'the letters themselves',
    order: (these) => `Read the source of ${these} as UTF-8 again, or mend ${these} with ftfy.fix_text in Python`,
  },
  replacement: {
    level: 'by share',
    says: has('U+FFFD where a character was lost'),
    expected: 'the character',
    order: (these, one) =>
      `Take ${these} from ${one ? 'its' : 'their'} source again, read in its own encoding, or drop ${one ? 'it' : 'them'}: what U+FFFD replaced cannot be restored from here`,
  },
  surrogate: {
    level: 'by share',
    says: has('half of a surrogate pair'),
    expected: 'whole characters',
    order: (these) =>
      `Cut text between characters and not within an emoji, and make ${these} anew: Python cannot write such text as UTF-8 and stops ("surrogates not allowed") or puts a question mark`,
  },
  nul: {
    level: 'by share',
    says: has('NUL characters'),
    expected: 'none',
    order: (these) => `Remove U+0000 from ${these}: databases and tokenizers written in C end the text there`,
  },
  escape: {
    level: 'by share',
    says: has('ANSI escape sequences of a terminal'),
    expected: 'plain text',
    order: (these) => `Strip the colours from ${these} (strip-ansi does it), or log without them`,
  },
  'windows control': {
    level: 'by share',
    says: has('C1 controls where Windows-1252 has marks'),
    expected: 'the marks',
    order: (these) => `Read the source of ${these} as Windows-1252 and not as Latin-1, or mend ${these} with ftfy.fix_text in Python`,
  },
  control: {
    level: 'by share',
    says: has('control characters'),
    expected: 'none but tabs and line breaks',
    order: (these) => `Remove the control characters from ${these}, or put the line break there that was meant`,
  },
  'byte order mark': {
    level: 'by share',
    says: has('a byte order mark inside the text'),
    expected: 'none',
    order: (these) => `Remove U+FEFF from ${these}: it comes of joining files that begin with one (read them as utf-8-sig in Python)`,
  },
  'hidden text': {
    level: 'by share',
    says: has('hidden text in invisible tag characters or variation selectors'),
    expected: 'nothing that a reader cannot see',
    order: (these, one) =>
      `Read what ${these} ${one ? 'hides' : 'hide'}, and remove it or drop ${one ? 'it' : 'them'}: prompts are smuggled this way`,
  },
  direction: {
    level: 'by share',
    says: has('direction controls in text that runs from left to right'),
    expected: 'none',
    order: (these) => `Remove the direction controls from ${these}: they make text read otherwise than it is stored`,
  },
  invisible: {
    level: 'by share',
    says: has('invisible characters'),
    expected: 'none but those that scripts and emoji call for',
    order: (these) => `Remove the invisible characters from ${these}: to a tokenizer they make another word of the same letters`,
  },
  'line separator': {
    level: 'by share',
    says: has('Unicode line or paragraph separators'),
    expected: 'line feeds',
    order: (these) => `Write U+2028 and U+2029 as line feeds in ${these}: readers such as Python's splitlines break the row of JSON there`,
  },
  'private use': {
    level: 'info',
    says: has('characters of private use'),
    expected: 'characters that mean the same everywhere',
    order: (these) => `Write the mark that was meant (often a bullet or an icon of one font) in ${these}`,
  },
  'soft hyphen': {
    level: 'info',
    says: has('soft hyphens'),
    expected: 'none outside typesetting',
    order: (these) => `Remove U+00AD from ${these}: it parts words where no reader sees it, and a tokenizer does`,
  },
} as const satisfies Record<string, Said>;
type Kind = keyof typeof KINDS;

const DETAILS_TOLD = 3;

function remarkOf({ key, times, detail, witnesses }: Cause, examples: number, { warn }: OptionsOf<typeof specs>): Remark {
  if (key === 'file mark') {
    return {
      key,
      message: `${count(times, 'file')} ${times === 1 ? 'begins' : 'begin'} with a byte order mark, expected none`,
      level: 'info',
      suggestion: `Save ${times === 1 ? 'this file' : `these ${count(times, 'file')}`} as UTF-8 without a byte order mark: some services ask for it and some refuse the first line`,
      evidence: witnesses,
      data: { files: times },
    };
  }
  const { level, says, expected, order }: Said = KINDS[key as Kind];
  const share = rounded(times / examples);
  const details = [...new Set(witnesses.map((witness) => witness.detail))].toSorted();
  const told = list(details.slice(0, DETAILS_TOLD));
  return {
    key,
    message: `${count(times, 'example')} (${percent(share)}) ${says(times === 1)} (${detail === undefined && (times > details.length || details.length > DETAILS_TOLD) ? 'such as ' : ''}${told}), expected ${expected}`,
    level: level === 'by share' && share >= warn ? 'warn' : 'info',
    suggestion: order(times === 1 ? 'this example' : `these ${count(times, 'example')}`, times === 1),
    evidence: witnesses,
    data: { examples: times, share, ...(level === 'by share' && { warn }) },
  };
}

// ── Finding them ────────────────────────────────────────────────────────────

interface Fault {
  readonly kind: Kind;
  readonly text: string;
  readonly index: number;
  /** What stands there, for the message: quoted, or by code point. */
  readonly detail: string;
}

const SCANNED = ODD.control | ODD.invisible | ODD.surrogate;

/** The first fault of each kind. */
function faultsOf(example: Example, seen: readonly Sketch[]): Fault[] | undefined {
  const { messages, rejected = [] } = example;
  let faults: Fault[] | undefined;
  const add = (kind: Kind, text: string, index: number, detail: () => string): void => {
    if (faults === undefined) faults = [];
    else if (faults.some((fault) => fault.kind === kind)) return;
    faults.push({ kind, text, index, detail: detail() });
  };
  for (let i = 0; i < seen.length; i++) {
    const { odd } = seen[i] as Sketch;
    if (odd === 0) continue;
    const { text } = (messages[i] ?? rejected[i - messages.length]) as { readonly text: string };
    const misread = (odd & (ODD.latin | ODD.beyond)) !== 0 ? mojibake(text, (odd & ODD.beyond) !== 0) : undefined;
    if (misread && !talksOfEncodings(example)) {
      const { index, stretch, mended } = misread;
      add('mojibake', text, index, () => `${quote(stretch)} for ${quote(mended)}`);
    }
    if ((odd & ODD.replacement) !== 0 && !talksOfEncodings(example)) {
      const index = text.indexOf('\ufffd');
      add('replacement', text, index, () => quote(wordAround(text, index)));
    }
    if ((odd & SCANNED) !== 0) scan(text, misread !== undefined, add);
  }
  return faults;
}

/** `detail` is asked for only where the fault is the first of its kind: a text may hold millions. */
type Add = (kind: Kind, text: string, index: number, detail: () => string) => void;

/** One pass over a text that holds controls, invisible characters or surrogates. */
function scan(text: string, misread: boolean, add: Add): void {
  let rightToLeft: boolean | undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20) {
      if (c === 9 || c === 10 || c === 13) continue;
      if (c === 0) add('nul', text, i, () => named(0));
      else if (c === 27 && isEscape(text.charCodeAt(i + 1))) add('escape', text, i, () => quote(escapeAt(text, i), 20));
      else add('control', text, i, () => named(c));
    } else if (c < 0x7f) {
    } else if (c < 0xa0) {
      if (misread) continue; // bytes of what was misread
      const mark = WINDOWS_1252.charAt(c - 0x80);
      if (c > 0x7f && mark !== ' ') add('windows control', text, i, () => `${named(c)} for ${quote(mark)}`);
      else add('control', text, i, () => named(c));
    } else if (c < 0x34f) {
      if (c === 0xad && !misread) add('soft hyphen', text, i, () => quote(wordAround(text, i).replaceAll('\u00ad', '-')));
    } else if (c >= 0xd800 && c < 0xe000) {
      if (c < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
        i = supplementary(text, i, add);
      } else {
        add('surrogate', text, i, () => `\\u${c.toString(16)}`);
      }
    } else if (c >= 0xe000 && c < 0xf900) {
      add('private use', text, i, () => named(c));
    } else if (c >= 0xfe00 && c <= 0xfe0f) {
      i = selectors(text, i, add);
    } else if (INVISIBLE_AT(c)) {
      if (c === 0x2028 || c === 0x2029) {
        add('line separator', text, i, () => named(c));
      } else if (c === 0xfeff) {
        add('byte order mark', text, i, () => (i === 0 ? 'at the start of a text' : 'in the middle of a text'));
      } else if (!isCalledFor(text, i, c)) {
        const turns = isDirection(c);
        if (turns || c === 0x200e || c === 0x200f || c === 0x61c) {
          rightToLeft ??= RIGHT_TO_LEFT.test(text);
          if (rightToLeft) continue;
        }
        add(turns ? 'direction' : 'invisible', text, i, () => named(c));
      }
    }
  }
}

const INVISIBLE_AT = (c: number): boolean =>
  (c >= 0x2000 && c < 0x2070 && ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || c >= 0x2060)) ||
  c === 0xfeff ||
  c === 0x61c ||
  c === 0x180e ||
  c === 0x115f ||
  c === 0x1160 ||
  c === 0x3164 ||
  c === 0xffa0 ||
  (c >= 0xfff9 && c <= 0xfffb) ||
  c === 0x34f;

/** Embeddings, overrides and isolates: they turn the order of what follows. */
const isDirection = (c: number): boolean => (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Whether the scripts on both sides, or the emoji, need the joiner, the break or the filler that stands here. */
function isCalledFor(text: string, index: number, c: number): boolean {
  const left = charBefore(text, index);
  const right = charAt(text, index + 1);
  switch (c) {
    case 0x200b: // a place to break a line in scripts without blanks
      return UNSPACED.test(left) || UNSPACED.test(right);
    case 0x200c:
      return JOINING.test(left);
    case 0x200d:
      return JOINING.test(left) || JOINING.test(right) || (EMOJI.test(left) && EMOJI.test(right));
    case 0x180e:
      return /\p{Script=Mongolian}/u.test(left);
    case 0x115f:
    case 0x1160:
      return /[\u1100-\u11ff]/.test(left) || /[\u1100-\u11ff]/.test(right);
    default:
      return false;
  }
}

const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Javanese}\p{Script=Balinese}]/u;
/** Scripts whose letters change shape beside each other. */
const JOINING =
  /[\u0600-\u08ff\u0900-\u0dff\u0e00-\u109f\u1700-\u18af\u1a00-\u1bff\ua800-\ua8ff\ua980-\ua9df\uaa00-\uaaff\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc\u{10a00}-\u{11fff}]/u;
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\ufe0f\u20e3\u{e007f}]/u;

/** What may have a variation selector after it: symbols, emoji, keycaps, Han, Mongolian, Myanmar, Phags-pa, Manichaean. */
const VARIES = /[\p{S}\p{Emoji}\p{P}\u20e3\u200d\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Script=Hebrew}]/u;

/** Variation selectors from here on: one after what varies is good; a row of them carries bytes. Returns where they end. */
function selectors(text: string, index: number, add: Add): number {
  const bytes: number[] = [];
  let end = index;
  for (;;) {
    const code = text.codePointAt(end) ?? 0;
    if (code >= 0xfe00 && code <= 0xfe0f) {
      bytes.push(code - 0xfe00);
      end += 1;
    } else if (code >= 0xe0100 && code <= 0xe01ef) {
      bytes.push(code - 0xe0100 + 16);
      end += 2;
    } else {
      break;
    }
    if (bytes.length >= HIDDEN_READ) break;
  }
  if (bytes.length > 3) {
    add('hidden text', text, index, () => hidden(bytes));
  } else if (bytes.length > 1 || !VARIES.test(charBefore(text, index))) {
    add('invisible', text, index, () => named(text.codePointAt(index) ?? 0));
  }
  return end - 1;
}

/** How many hidden characters are read out. */
const HIDDEN_READ = 40;
const FLAG = 0x1f3f4;

/** A character beyond U+FFFF: tags, selectors, private use. Returns the index of its last code unit. */
function supplementary(text: string, index: number, add: Add): number {
  const code = text.codePointAt(index) ?? 0;
  if (code < 0xe0000) return index + 1;
  if (code >= 0xe0100 && code <= 0xe01ef) {
    if (UNSPACED.test(charBefore(text, index)) && (text.codePointAt(index + 2) ?? 0) >> 8 !== 0xe01) return index + 1; // a variant of a Han character
    return selectors(text, index, add);
  }
  if (code <= 0xe007f) {
    const bytes: number[] = [];
    let end = index;
    let told = code;
    for (; told >= 0xe0000 && told <= 0xe007f; told = text.codePointAt(end) ?? 0) {
      if (bytes.length < HIDDEN_READ) bytes.push(told - 0xe0000);
      end += 2;
    }
    const flag = text.codePointAt(index - 2) === FLAG && end - index <= 14 && text.codePointAt(end - 2) === 0xe007f; // England, Scotland, Wales
    if (!flag) add('hidden text', text, index, () => hidden(bytes));
    return end - 1;
  }
  if (code >= 0xf0000) add('private use', text, index, () => named(code));
  return index + 1;
}

/** What tags or selectors say: as text where it is text. */
function hidden(bytes: readonly number[]): string {
  const said = String.fromCharCode(...bytes.filter((byte) => byte >= 32 && byte < 127));
  return said.length * 2 >= bytes.length
    ? `it says ${quote(said)}`
    : `${count(bytes.length, 'character')} that ${bytes.length === 1 ? 'is' : 'are'} no text`;
}

const isLow = (c: number): boolean => c >= 0xdc00 && c < 0xe000;

/** Whether a terminal would take ESC and this for the start of an order: CSI, OSC, and the rest of ECMA-48. */
const isEscape = (next: number): boolean =>
  next === 0x5b || next === 0x5d || (next >= 0x40 && next <= 0x5f) || next === 0x28 || next === 0x29 || next === 0x63;

function escapeAt(text: string, index: number): string {
  return /^[[\]()]?[0-9;?]{0,12}[A-Za-z]?/.exec(text.slice(index + 1, index + 16))?.[0].replace(/^/, '\u001b') ?? '\u001b';
}

function charBefore(text: string, index: number): string {
  const low = text.charCodeAt(index - 1);
  return isLow(low) && index > 1 ? text.slice(index - 2, index) : text.charAt(index - 1);
}

function charAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** The word around the index, 20 characters each way at most. */
function wordAround(text: string, index: number): string {
  let start = index;
  while (start > 0 && index - start < 20 && text.charCodeAt(start - 1) > 32) start--;
  if (start > 0 && isLow(text.charCodeAt(start))) start++;
  let end = index + 1;
  while (end < text.length && end - index < 20 && text.charCodeAt(end) > 32) end++;
  if (isLow(text.charCodeAt(end))) end--;
  return text.slice(start, end);
}

/** What Windows-1252 has at 0x80–0x9F; a blank where it has nothing. */
const WINDOWS_1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** Names for the commonest; the rest go by their number. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'NUL'],
  [7, 'bell'],
  [8, 'backspace'],
  [0xb, 'vertical tab'],
  [0xc, 'form feed'],
  [0x1a, 'substitute'],
  [0x1b, 'escape'],
  [0x7f, 'delete'],
  [0x200b, 'zero-width space'],
  [0x200c, 'zero-width non-joiner'],
  [0x200d, 'zero-width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'pop directional formatting'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x2060, 'word joiner'],
  [0x3164, 'Hangul filler'],
  [0xfe0f, 'emoji selector'],
]);

/** U+200B (zero-width space) */
function named(code: number): string {
  const name = NAMES.get(code);
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return name === undefined ? number : `${number} ${name}`;
}

// ── What is no fault ────────────────────────────────────────────────────────

/** Words of those who speak about encodings; not the declarations by which a file of code names its own. */
const ENCODINGS =
  /\b(?:mojibake|garbled|ftfy|utf-?8-?sig|unicode(?:decode|encode)?error|iso-8859-\d{1,2}|windows-125\d|cp-?125\d|latin-?1|replacement character|u\+fffd|character (?:set|encoding)s?|encoding (?:problem|issue|error|bug)s?|wrong (?:charset|encoding)|zeichensatz|zeichenkodierung|encodage|codificaci[oó]n|codifica[cç][aã]o|codifica dei caratteri)\b|(?:\bas|\bin|\bto|\bfrom|\bvalid|\bthrough) utf-?8\b|кодировк|文字化け|文字コード|乱码|编码/iu;
const CLOSE_LOOK = 20_000;

/** Whether somebody in the example speaks of encodings: then mojibake is its subject. Asked only where some was found. */
const talksOfEncodings = feature(({ messages }: Example): boolean =>
  messages.some(({ text }) => ENCODINGS.test(text.length > CLOSE_LOOK ? text.slice(0, CLOSE_LOOK) : text)),
);
