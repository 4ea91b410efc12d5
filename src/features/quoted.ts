import type { Example } from '../types.ts';

/** How far back from a place is looked for what it stands in. */
const LOOKED_BACK = 20_000;

/** Whether the index lies in a fenced block or between backticks on its line. Looks back 20,000 characters at most. */
export function isCode(text: string, index: number): boolean {
  const from = Math.max(0, index - LOOKED_BACK);
  let fences = 0;
  let ticks = 0;
  for (let at = text.indexOf('`', from); at >= 0 && at < index; at = text.indexOf('`', at + 1)) {
    if (text.charCodeAt(at + 1) === 96 && text.charCodeAt(at + 2) === 96) {
      fences++;
      at += 2;
    }
  }
  if (fences % 2 === 1) return true;
  const line = Math.max(from, text.lastIndexOf('\n', index) + 1);
  for (let at = text.indexOf('`', line); at >= 0 && at < index; at = text.indexOf('`', at + 1)) {
    if (text.charCodeAt(at + 1) === 96 && text.charCodeAt(at + 2) === 96) at += 2;
    else ticks++;
  }
  return ticks % 2 === 1;
}

/** Whether a prompt of this example holds the same words: then the reply does as it was asked. */
export function isAsked({ messages }: Example, spelling: string): boolean {
  return messages.some(({ role, text, trained }) => (role !== 'assistant' || trained === false) && text.includes(spelling));
}
