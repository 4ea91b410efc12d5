const LONGEST = 160;
const BEFORE = 60;

/**
 * At most 160 characters of `text` around the character at `index`, with an ellipsis where it was cut, never through a
 * surrogate pair. A copy: a slice would keep the whole text in memory, and texts may have 64 MiB.
 */
export function excerptAround(text: string, index = 0): string {
  if (text.length <= LONGEST) return text;
  let start = Math.max(0, Math.min(index - BEFORE, text.length - LONGEST + 1));
  let end = start + LONGEST - (start > 0 ? 2 : 1);
  if (end + 1 >= text.length) end = text.length;
  if (start > 0 && isLow(text.charCodeAt(start))) start += 1;
  if (end < text.length && isLow(text.charCodeAt(end))) end -= 1;
  const codes: number[] = [];
  for (let i = start; i < end; i++) codes.push(text.charCodeAt(i));
  return `${start > 0 ? '…' : ''}${String.fromCharCode(...codes)}${end < text.length ? '…' : ''}`;
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
