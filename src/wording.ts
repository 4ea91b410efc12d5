import { redact } from './privacy/redact.ts';

/** How numbers and quotes are put into sentences, so that every rule speaks alike. */

/** How much beyond its end a quote is looked at, so that what is cut is known for what it was. */
const LOOKED_AT = 500;

/** A share as "7.4%" or "33%"; never "0.0%" or "100%" of what is not none or all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return 'under 0.1%';
  if (share > 0.995 && share < 1) return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
  const digits = share < 0.1 && share > 0 ? 1 : 0;
  return `${(share * 100).toFixed(digits).replace(/\.0$/, '')}%`;
}

/** "1 reply", "1,204 replies". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${integer(n)} ${n === 1 ? one : many}`;
}

/** "1,204": by hand, because toLocaleString depends on the machine's ICU and costs a microsecond. */
export function integer(n: number): string {
  const digits = String(Math.round(n));
  if (!/^-?\d{4,}$/.test(digits)) return digits;
  const from = digits.startsWith('-') ? 1 : 0;
  let text = digits.slice(-3);
  for (let end = digits.length - 3; end > from; end -= 3) text = `${digits.slice(Math.max(from, end - 3), end)},${text}`;
  return from === 1 ? `-${text}` : text;
}

/** A number at `digits` significant digits, without trailing zeros. */
export function figure(value: number, digits = 2): string {
  return String(Number(value.toPrecision(digits)));
}

/** Text from the data, in quotes, secrets and personal data hidden, blanks and controls made visible, cut to `max` characters. */
export function quote(text: string, max = 40): string {
  return JSON.stringify(cutText(redact(text.length > max + LOOKED_AT ? text.slice(0, max + LOOKED_AT) : text), max));
}

/** Cuts to `max` characters with an ellipsis, never through a surrogate pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.charCodeAt(max - 2) >= 0xd800 && text.charCodeAt(max - 2) <= 0xdbff ? max - 2 : max - 1;
  return `${text.slice(0, end)}…`;
}

/** "a", "a and b", "a, b and c". */
export function list(items: readonly string[], and = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`;
}
