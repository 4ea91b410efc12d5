import type { PanelPair, Task } from './tasks.ts';
import { words } from './words.ts';

/** The named parts that the prompts of a task are made of: premise and hypothesis, context and question. */
export interface PromptPart {
  /** As the data has it, without colon. */
  readonly name: string;
  /** Per pair of the task its text; empty where it has none. */
  readonly texts: readonly string[];
  /** Per pair where the text begins in the prompt; 0 where it is not found. */
  readonly at: readonly number[];
}

const NEARLY_ALL = 0.95;
const PARTS = 8;
const LINES = 400;
/** Of the texts of a part so many must differ: a part that is nearly constant is the instruction. */
const VARIED = 20;

/**
 * The parts of the prompts of a task, in the order in which they first stand: the named parts of the format (instruction and input,
 * fields that the user named), else the lines that begin with a label (`Premise: …`) which at least 95 % of the prompts have, each with what
 * follows up to the next of them. Only parts whose text differs from prompt to prompt. Empty where there are fewer than two.
 */
export function promptParts(task: Task): readonly PromptPart[] {
  for (const parts of [fromFormat, fromLabels]) {
    const varied = parts(task.pairs).filter(({ texts }) => new Set(texts).size >= Math.min(VARIED, 0.5 * texts.length));
    if (varied.length > 1) return varied;
  }
  return [];
}

function fromFormat(pairs: readonly PanelPair[]): PromptPart[] {
  const times = new Map<string, number>();
  for (const { example } of pairs) {
    for (const [name, text] of Object.entries(example.parts ?? {})) if (text !== '') times.set(name, (times.get(name) ?? 0) + 1);
  }
  const names = [...times].filter(([, n]) => n >= NEARLY_ALL * pairs.length).map(([name]) => name);
  return names.slice(0, PARTS).map((name) => {
    const texts = pairs.map(({ example }) => textOf(example.parts, name));
    return { name, texts, at: pairs.map(({ pair }, i) => Math.max(0, pair.prompt.indexOf(texts[i]!))) };
  });
}

const textOf = (parts: Readonly<Record<string, string>> | undefined, name: string): string =>
  parts && Object.hasOwn(parts, name) ? parts[name]! : '';

/** A label at the start of a line: up to four words, then a colon and a blank, or the end of the line. */
const LABEL = /^[ \t]{0,8}([\p{L}][\p{L}\p{N}_-]{0,30}(?: [\p{L}\p{N}_-]{1,30}){0,3}):(?:[ \t]|$)/u;

interface Labelled {
  readonly name: string;
  /** Where its line begins, where the text after the label begins, and where the next label's line begins. */
  readonly line: number;
  readonly from: number;
  to: number;
}

function fromLabels(pairs: readonly PanelPair[]): PromptPart[] {
  const read = pairs.map(({ pair }) => labelsOf(pair.prompt));
  const times = new Map<string, number>();
  for (const labels of read) for (const name of new Set(labels.map((label) => label.name))) times.set(name, (times.get(name) ?? 0) + 1);
  const names = [...times].filter(([, n]) => n >= NEARLY_ALL * pairs.length).map(([name]) => name);
  if (names.length < 2) return [];
  const known = new Set(names);
  const parts = read.map((labels) => {
    const kept = labels.filter(({ name }) => known.has(name));
    const byName = new Map<string, Labelled>();
    kept.forEach((label, i) => {
      const next = kept[i + 1];
      if (next) label.to = next.line;
      if (!byName.has(label.name)) byName.set(label.name, label);
    });
    return byName;
  });
  return names.slice(0, PARTS).map((name) => {
    const spans = parts.map((byName) => byName.get(name));
    return {
      name,
      texts: spans.map((span, i) => (span ? pairs[i]!.pair.prompt.slice(span.from, span.to).trim() : '')),
      at: spans.map((span) => span?.from ?? 0),
    };
  });
}

function labelsOf(prompt: string): Labelled[] {
  const found: Labelled[] = [];
  let lines = 0;
  for (let at = 0; at < prompt.length && lines < LINES; lines++) {
    let end = prompt.indexOf('\n', at);
    if (end < 0) end = prompt.length;
    const label = LABEL.exec(prompt.slice(at, Math.min(end, at + 160)));
    if (label) found.push({ name: label[1]!, line: at, from: at + label[0].length, to: prompt.length });
    at = end + 1;
  }
  return found;
}

/** The median number of words of a part: fields of a word or two (a name, a date) are no text. */
export function medianWords({ texts }: PromptPart): number {
  const lengths = texts.map((text) => words(text, 50).length).toSorted((a, b) => a - b);
  return lengths[lengths.length >> 1] ?? 0;
}
