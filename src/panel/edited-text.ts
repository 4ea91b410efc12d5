import { wordList } from './alignment.ts';
import type { PanelPair } from './tasks.ts';

/** Which part of a prompt its reply edits. */

/** Characters of a text: what the panel holds of a long one in one piece. */
export const FIRST_PART = 8192;

/** The first part of a text that the panel has in one piece. */
export const firstPart = (text: string): string => (text.length > FIRST_PART ? text.slice(0, FIRST_PART) : text);

/** Words that nearly all prompts of a task begin and end with, and its replies do not: an instruction. Case folded; `last` from the end. */
export interface Frame {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** Of a frame, words at each end; pairs that are asked. */
const FRAME = 100;
const ASKED = 500;

export function frameOf(pairs: readonly PanelPair[]): Frame {
  const prompts: string[] = [];
  const replies: string[] = [];
  for (const one of pairs.slice(0, ASKED)) {
    prompts.push(unframed(one));
    replies.push(firstPart(one.pair.reply));
  }
  const shared = (of: (text: string) => readonly string[]) => {
    const words = sharedStart(prompts.map(of));
    return words.length > 0 && words[0] === sharedStart(replies.map(of))[0] ? [] : words;
  };
  return {
    first: shared((text) => wordList(text, FRAME).folded),
    last: shared((text) =>
      wordList(text.slice(-10 * FRAME), FIRST_PART)
        .folded.slice(-FRAME)
        .toReversed(),
    ),
  };
}

/** The longest list of words that at least 19 in 20 lists begin with. */
function sharedStart(lists: readonly (readonly string[])[]): readonly string[] {
  const found: string[] = [];
  let live = lists;
  for (;;) {
    const at = found.length;
    const counts = new Map<string, number>();
    for (const list of live) {
      const word = list[at];
      if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    let best: string | undefined;
    for (const [word, n] of counts) if (n * 20 >= lists.length * 19) best = word;
    if (best === undefined) return found;
    live = live.filter((list) => list[at] === best);
    found.push(best);
  }
}

/**
 * The text that a reply edits: of a prompt in parts, the part that has most words in common with the reply, otherwise the prompt,
 * and of either what is left without the frame.
 */
export function editedText(one: PanelPair, { first, last }: Frame): string {
  const text = unframed(one);
  let from = 0;
  let until = text.length;
  if (first.length > 0) {
    const { folded, starts } = wordList(text, first.length + 1);
    if (first.every((word, i) => folded[i] === word)) from = starts[first.length] ?? until;
  }
  if (last.length > 0) {
    const { folded, ends } = wordList(text.slice(from), FIRST_PART);
    const kept = folded.length - last.length;
    if (kept > 0 && last.every((word, i) => folded[folded.length - 1 - i] === word)) until = from + ends[kept - 1]!;
  }
  return text.slice(from, until);
}

function unframed({ pair, example }: PanelPair): string {
  let best = firstPart(pair.prompt);
  if (!example.parts) return best;
  const replied = new Set(wordList(firstPart(pair.reply), FIRST_PART).folded);
  let most = -1;
  for (const part of Object.values(example.parts)) {
    if (part === '' || !pair.prompt.includes(part)) continue;
    const words = wordList(part, FIRST_PART).folded;
    let common = 0;
    for (const word of words) if (replied.has(word)) common++;
    const likeness = common / Math.max(words.length, replied.size);
    if (likeness <= most) continue;
    most = likeness;
    best = firstPart(part);
  }
  return best;
}
