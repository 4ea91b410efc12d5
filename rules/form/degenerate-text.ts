import {
  Causes,
  type Circle,
  contentHash,
  count,
  defineRule,
  type Example,
  feature,
  integer,
  isSyntax,
  type Message,
  ODD,
  type OptionsOf,
  percent,
  quote,
  type Remark,
  repetition,
  rounded,
  type Severity,
  type Sketch,
  sketches,
  textForm,
} from '../../src/kit.ts';

const specs = {
  warn: {
    description: 'Share of examples with a degenerate text of one kind that is worth a look.',
    type: 'number',
    default: 0.01,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'Share of examples with a degenerate reply of one kind that must be mended before training.',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
} as const;

export default defineRule({
  meta: {
    id: 'degenerate-text',
    family: 'form',
    severity: 'error',
    docs: {
      summary:
        'Counts texts that go round in circles, say most of what they say twice, or hold the same character over and over: replies and prompts apart.',
      why: 'A model that was sampled badly writes such loops, and a model tuned on its output learns them: it starts to repeat itself and finds no end.',
      score:
        'Not scored. Any such text is told; a kind that 1% of examples hold is a warning, 10% an error (in prompts a warning). Songs, copies and repetition that was asked for, tables, data and code do not count.',
      source:
        'Repetition is counted as for Gopher (Rae et al. 2021, https://arxiv.org/abs/2112.11446, table A1). Its limits were made for web pages, and one reply in twelve of GSM8K is beyond them; here half of a text must have been said before in runs of ten words.',
    },
    options: specs,
    exact: true,
  },

  create: () => ({ examples: 0, faults: new Causes() }),

  observe(state, example) {
    state.examples += 1;
    look(example, state.faults);
  },

  finish({ examples, faults }, options) {
    return { score: null, findings: faults.list().map((cause) => remarkOf(cause, examples, options)) };
  },
});

// ── What is said of them ────────────────────────────────────────────────────

const KINDS = {
  circle: { says: 'goes round in circles', expected: 'text that moves on', order: 'cut it where the circle begins' },
  repeats: { says: 'says more than half of its words twice', expected: 'each thing said once', order: 'cut what it says again' },
  characters: { says: 'holds the same characters over and over', expected: 'words', order: 'cut them out' },
} as const;
type Kind = keyof typeof KINDS;
type Part = 'reply' | 'prompt';

function remarkOf(cause: ReturnType<Causes['list']>[number], examples: number, { warn, error }: OptionsOf<typeof specs>): Remark {
  const { key, times, example, witnesses } = cause;
  const [kind, , part] = key.split(' ') as [Kind, 'in', Part];
  const { says, expected, order } = KINDS[kind];
  const share = rounded(times / examples);
  const level: Severity = share >= error && part === 'reply' ? 'error' : share >= warn ? 'warn' : 'info';
  return {
    key,
    message: `${count(times, 'example')} (${percent(share)}) ${times === 1 ? 'has' : 'have'} a ${part} that ${says} (${times === 1 ? '' : 'such as '}${example}), expected ${expected}`,
    level,
    suggestion:
      times === 1
        ? `Drop this example, or ${order} in its ${part}`
        : `Drop these ${count(times, 'example')}, or ${order} in their ${part === 'reply' ? 'replies' : 'prompts'}`,
    evidence: witnesses,
    data: { examples: times, share, warn, error },
  };
}

// ── Finding them ────────────────────────────────────────────────────────────

/** Sketches count no repeats below 64 characters. */
const SHORTEST = 64;

/** A fault is told once per example and part: it is one row to mend. Tool turns are what a program said. */
function look(example: Example, faults: Causes): void {
  const { messages } = example;
  let told: string[] | undefined;
  for (let turn = 0; turn < messages.length; turn++) {
    const { role, text, trained, calls } = messages[turn] as Message;
    if (text.length < SHORTEST / 2 || role === 'tool' || calls) continue;
    const part: Part = role === 'assistant' ? 'reply' : 'prompt';
    if (role === 'assistant' && trained === false) continue;
    const sketch = sketches(example)[turn] as Sketch;
    const fault =
      (mayRepeat(sketch) ? repetitionIn(example, text, sketch, part) : undefined) ?? charactersIn(text, sketch.odd >= ODD.invisible);
    if (!fault) continue;
    const key = `${fault.kind} in ${part}`;
    if (told?.includes(key)) continue;
    told = [...(told ?? []), key];
    faults.add(key, contentHash(example), example.at, text, fault.index, fault.detail);
  }
}

/**
 * Whether the shared pass saw so many runs of three words come again that the text is worth counting exactly. Whatever is told
 * covers three tenths of its text at least; the pass forgets a run after some 500 others, so in a text of more than 500 words
 * a copy that stands far from its original may be missed, a circle never.
 */
function mayRepeat({ repeats, wordCount }: Sketch): boolean {
  return repeats > 0 && repeats >= Math.min(0.2 * wordCount, 40 + 0.1 * wordCount);
}

interface Fault {
  readonly kind: Kind;
  readonly index: number;
  readonly detail: string;
}

/** A circle must cover this share of its text, or this many characters. */
const COVERS = 0.3;
/** How often the same few words, or the same longer run of words, may come one after the other: refrains and emphasis do. */
const FEW_WORDS = { most: 2, times: 20 } as const;
const TIMES = 5;
const TIMES_IN_SYNTAX = 30;
/** Characters of what comes again: shorter units are emphasis, or labels. */
const SHORTEST_UNIT = 3;
const SHORTEST_CIRCLE = 60;
/** Words of a text that says things twice: shorter ones are slogans and jokes. */
const ENOUGH_WORDS = 50;
const SAID_BEFORE = 0.5;

function repetitionIn(example: Example, text: string, { wordCount }: Sketch, part: Part): Fault | undefined {
  const found = repetition(text);
  const { circle } = found;
  if (circle && isCircle(text, circle) && !(part === 'reply' && isAsked(example, text.slice(circle.start, circle.unitEnd)))) {
    const unit = text.slice(circle.start, circle.unitEnd).trim();
    return {
      kind: 'circle',
      index: circle.start,
      detail: `${quote(unit)} ${integer(circle.times)} times from character ${integer(circle.start + 1)} on`,
    };
  }
  if (circle && circle.times >= TIMES && circle.end - circle.start >= SAID_BEFORE * text.length) return undefined; // labels, zeros, a copy
  const again = found.saidBefore;
  if (wordCount < ENOUGH_WORDS || again < SAID_BEFORE || isData(text) || isVerse(text)) return undefined;
  if (part === 'reply' && isAsked(example, text)) return undefined;
  return { kind: 'repeats', index: 0, detail: `${percent(rounded(again))} of its characters stand in runs of ten words that came before` };
}

function isCircle(text: string, { start, end, unitEnd, unitWords, times }: Circle): boolean {
  const length = end - start;
  if (length < SHORTEST_CIRCLE || (length < COVERS * text.length && length < 2000)) return false;
  const unit = text.slice(start, Math.min(unitEnd, start + 400)).trim();
  if (unit.length < SHORTEST_UNIT || !/\p{L}{2}/u.test(unit)) return false; // numbers, tags of one letter, laughter
  const few = unitWords <= FEW_WORDS.most || unit.length < 8;
  if (times < (few ? FEW_WORDS.times : TIMES)) return false;
  return times >= TIMES_IN_SYNTAX * (few ? 10 : 1) || !(isData(text) || isFenced(text, start) || /[|<>{}[\]=;\t]/.test(unit));
}

/** Grammars say the same words again and again by their nature; so do tables and forms. */
function isData(text: string): boolean {
  const { form } = textForm(text);
  return isSyntax(form) || form === 'table' || form === 'fields';
}

/** Lines as short as a song's or a poem's, ten and more: refrains are what they are made of. */
function isVerse(text: string): boolean {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) if (text.charCodeAt(at + 1) !== 10) lines++;
  return lines >= 10 && text.length / (lines + 1) < 60;
}

/** Whether the index lies in a fenced block. Looks back 20,000 characters at most. */
function isFenced(text: string, index: number): boolean {
  let fences = 0;
  for (let at = text.indexOf('```', Math.max(0, index - 20_000)); at >= 0 && at < index; at = text.indexOf('```', at + 3)) fences++;
  return fences % 2 === 1;
}

const ASKED =
  /\b(?:repeat\w{0,4}|times|songs?|sing|lyrics?|chants?|mantras?|poems?|verses?|refrain|chorus|rhymes?|over and over|again and again|wiederhol\w{0,4}|songtext|gedicht|strophe|chanson|paroles|poème|répét\w{0,4}|fois|canción|poema|letra|repit\w{0,4}|repet\w{0,4}|veces|vezes|canzone|poesia|ripet\w{0,4}|volte)\b|重复|重複|遍|歌|诗|詩|繰り返/i;
const LOOKED_AT = 20_000;

const asksForRepetition = feature(({ messages }: Example): boolean =>
  messages.some(
    ({ role, text }) => (role === 'user' || role === 'system') && ASKED.test(text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text),
  ),
);

/** Whether a prompt asks for a song or for repetition, or holds the same words, so that the reply copies it. */
function isAsked(example: Example, unit: string): boolean {
  if (asksForRepetition(example)) return true;
  const words = unit.trim();
  const twice = words.length > 200 ? words.slice(0, 200) : words;
  return example.messages.some(({ role, text }) => {
    if (role === 'assistant') return false;
    const first = text.indexOf(twice);
    return first >= 0 && (words.length > 200 || text.includes(twice, first + twice.length));
  });
}

// ── The same character over and over ────────────────────────────────────────

/** How often a letter or a mark of emphasis may come in a row ("Nooo!!!"), ASCII, and capitals and beyond (laughter: 哈哈哈, ㅋㅋㅋ, 😂😂😂). */
const EMPHASIS = 30;
const LAUGHTER = 60;
/** How often anything else may: rulers, leaders and blanks to fill in are as long as a line. */
const RULER = 300;
/** A run is looked for at every so many characters: one of `EMPHASIS` cannot slip through. */
const STRIDE = 24;

function charactersIn(text: string, beyondAscii: boolean): Fault | undefined {
  const { length } = text;
  for (let at = 0; at + 4 < length; at += STRIDE) {
    const c = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    let period = 0;
    if (c === next) period = text.charCodeAt(at + 2) === c ? 1 : 0;
    else if (beyondAscii && c > 127 && text.charCodeAt(at + 2) === c && text.charCodeAt(at + 3) === next) period = 2;
    if (period === 0) continue;
    let from = at;
    let to = at + period;
    while (from > 0 && text.charCodeAt(from - 1) === text.charCodeAt(from - 1 + period)) from--;
    while (to < length && text.charCodeAt(to) === text.charCodeAt(to - period)) to++;
    const times = Math.floor((to - from) / period);
    if (times >= limitOf(text, c, from, to)) {
      const char = text.slice(from, from + period);
      return { kind: 'characters', index: from, detail: `${quote(char)} ${integer(times)} times from character ${integer(from + 1)} on` };
    }
    at = to - STRIDE > at ? to - STRIDE : at; // a run is walked through once
  }
  return undefined;
}

function limitOf(text: string, c: number, from: number, to: number): number {
  if (c === 33 || c === 63) return EMPHASIS;
  const letter = (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
  if (!letter) return c > 127 && !(c >= 0x2000 && c < 0x2e80) && c !== 0xa0 && c !== 0x3000 ? LAUGHTER : RULER;
  // zeros of base64 (which are capital A's), a sequence of DNA: a part of a longer run of letters and digits
  const around = /[A-Za-z0-9+/]{6}/;
  return around.test(text.slice(Math.max(0, from - 8), from)) || around.test(text.slice(to, to + 8)) ? RULER : c < 97 ? LAUGHTER : EMPHASIS;
}
