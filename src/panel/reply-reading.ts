import { sentences } from './grammar.ts';
import { type Blank, blankAt, labelAt, markerAt } from './reply-edges.ts';
import type { PanelPair } from './tasks.ts';
import { type Form, textForm } from './text-form.ts';
import { words } from './words.ts';

/** What one reply looks like, whatever it says. */
export interface ReplyReading {
  readonly item: PanelPair;
  /** Trimmed, at most 8,000 characters of it. */
  readonly text: string;
  readonly form: Form;
  /** Of code. */
  readonly language: string | undefined;
  readonly fenced: boolean;
  /** Of JSON that is an object: its keys, in order. */
  readonly keys: readonly string[] | undefined;
  readonly startBlank: Blank;
  readonly endBlank: Blank;
  readonly label: string;
  readonly marker: string;
  /** Lower-case. */
  readonly words: readonly string[];
  readonly wordSet: ReadonlySet<string>;
  readonly sentences: number;
  /** Blocks with a blank line between them. */
  readonly paragraphs: number;
  /** That are not blank. */
  readonly lines: readonly string[];
  /** The steps to an answer are written down, and how. */
  readonly reasoning: Reasoning;
  /** What the answer stands behind, on a last line of its own: "####", "The answer is". */
  readonly answerAfter: string;
  /** Share of its different words that the prompt has; 0 where that was not asked, without a prompt, and of less than five words. */
  readonly fromPrompt: number;
}

export type Reasoning = '' | 'thoughts' | 'steps';

const LONGEST = 8000;
const LINES = 400;

/** @param made whether the reply is to be compared with its prompt */
export function readReply(item: PanelPair, made: boolean): ReplyReading {
  const { pair, example } = item;
  const { reply, prompt } = pair;
  const text = (reply.length > LONGEST ? reply.slice(0, LONGEST) : reply).trim();
  const { form, language } = textForm(reply);
  const said = words(text);
  const lines = linesOf(text);
  const wordSet = new Set(said);
  const thoughts = example.messages[pair.turn]?.reasoning;
  const answerAfter = answerMark(lines);
  return {
    item,
    text,
    form,
    language,
    fenced: text.startsWith('```'),
    keys: form === 'json' ? keysOf(text) : undefined,
    startBlank: blankAt(reply.charAt(0)),
    endBlank: blankAt(reply.charAt(reply.length - 1)),
    label: labelAt(reply, prompt),
    marker: markerAt(reply),
    words: said,
    wordSet,
    sentences: sentences(text).length,
    paragraphs: paragraphsIn(text),
    lines,
    reasoning: thoughts !== undefined && thoughts.trim() !== '' ? 'thoughts' : reasoningIn(text, lines, answerAfter),
    answerAfter,
    fromPrompt: made && pair.hasPrompt && wordSet.size >= 5 ? shareIn(wordSet, prompt) : 0,
  };
}

function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < LINES; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, Math.min(end, at + 400)).trim();
    if (line !== '') lines.push(line);
    at = end + 1;
  }
  return lines;
}

function paragraphsIn(text: string): number {
  let n = text === '' ? 0 : 1;
  let breaks = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) breaks++;
    else if (c !== 32 && c !== 13 && c !== 9) {
      if (breaks > 1) n++;
      breaks = 0;
    }
  }
  return n;
}

const KEYS = 12;

function keysOf(text: string): string[] | undefined {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from < 0 || to < from) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(from, to + 1));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).slice(0, KEYS) : undefined;
  } catch {
    return undefined;
  }
}

function shareIn(said: ReadonlySet<string>, prompt: string): number {
  const given = new Set(words(prompt));
  let found = 0;
  for (const word of said) if (given.has(word)) found++;
  return found / said.size;
}

// ── Reasoning ───────────────────────────────────────────────────────────────

const ANSWER_LINE =
  /^(####|\*{0,2}(?:so |thus |hence |therefore ?,? ?)?(?:the |my |our )?(?:final |correct )?answer(?: is)?:?|\\boxed)(?=[\s:*{]|$)/i;

/** What the last line gives the answer behind, where lines stand before it. */
function answerMark(lines: readonly string[]): string {
  if (lines.length < 2) return '';
  const found = ANSWER_LINE.exec(lines.at(-1)!)?.[1];
  return found === undefined ? '' : found.replaceAll('*', '');
}

const THINK = /^<(think|thinking|thought|thoughts|reasoning|scratchpad|analysis|reflection)>/i;
const STEP = /^[\s*#>-]{0,6}step \d/i;
const STEP_BY_STEP =
  /\b(?:think|reason|solve|calculate|figure|work)\b[^\n]{0,40}step[ -]by[ -]step|^\*{0,2}(?:reasoning|rationale|explanation|thought|thinking|chain of thought)\*{0,2}:/i;
/** How to do a thing is told in steps as well: those of an answer lead to one. */
const CONCLUSION = /\b(?:answer|therefore|thus|hence|so|result|final|conclusion|total)\b/i;
const EQUATION = /\d\s?[)%]?\s?=\s?[-$€£(]?\s?\d|<<[^<>\n]{1,60}=/;

/**
 * Thoughts in tags before the reply; or steps: numbered as such, announced, sums on two lines, or an answer on a last line behind what
 * led to it. An explanation after the answer is none of these, and neither are a numbered list and a guide.
 */
function reasoningIn(text: string, lines: readonly string[], answerAfter: string): Reasoning {
  if (THINK.test(text.slice(0, 40))) return 'thoughts';
  if (answerAfter !== '') return 'steps';
  if (lines.length > 1 && STEP_BY_STEP.test(lines[0]!.slice(0, 120))) return 'steps';
  let steps = 0;
  let sums = 0;
  for (const line of lines) {
    if (STEP.test(line)) steps++;
    if (EQUATION.test(line)) sums++;
  }
  return (steps >= 2 && CONCLUSION.test(lines.at(-1)!)) || sums >= 2 ? 'steps' : '';
}
