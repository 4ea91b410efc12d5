import { redactAt } from '../privacy/redact.ts';

const LONGEST = 160;
const BEFORE = 60;

/** How much on either side is looked at, so that what is cut is known for what it was. */
const MARGIN = 2000;

/**
 * At most `most` (160) characters of `text` around the character at `index`, `before` of them before it where there are more; secrets and
 * personal data hidden, with an ellipsis where it was cut, never through a surrogate pair. A copy: a slice would keep the whole text in
 * memory, and texts may have 64 MiB.
 */
export function excerptAround(text: string, index = 0, most = LONGEST, before = Math.min(BEFORE, most >> 1)): string {
  const from = Math.max(0, index - MARGIN);
  const to = Math.min(text.length, index + most + MARGIN);
  const near = redactAt(text.slice(from, to), index - from);
  return cutAround(near.text, near.index, from > 0, to < text.length, most, before);
}

function cutAround(text: string, index: number, isBefore: boolean, isAfter: boolean, most: number, before: number): string {
  const room = most - (isBefore ? 1 : 0) - (isAfter ? 1 : 0);
  let start = 0;
  let end = text.length;
  if (text.length > room) {
    start = Math.max(0, Math.min(index - before, text.length - most + 1));
    end = start + most - (start > 0 || isBefore ? 2 : 1);
    if (end + 1 >= text.length && !isAfter) end = text.length;
    if (start > 0 && isLow(text.charCodeAt(start))) start += 1;
    if (end < text.length && isLow(text.charCodeAt(end))) end -= 1;
  }
  const codes: number[] = [];
  for (let i = start; i < end; i++) codes.push(text.charCodeAt(i));
  return `${start > 0 || isBefore ? '…' : ''}${String.fromCharCode(...codes)}${end < text.length || isAfter ? '…' : ''}`;
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
