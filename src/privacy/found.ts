/** Something private in a text: what it is, and where: [start, end) in UTF-16 code units. */
export interface Found {
  /** A noun that can stand after "a": "GitHub token", "e-mail address". */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** By place, without overlaps: of two that overlap the one that starts first stands, of two that start together the first given. */
export function join(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const each of found.toSorted((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (!last || each.start >= last.end) kept.push(each);
    else if (each.end > last.end) kept[kept.length - 1] = { ...last, end: each.end };
  }
  return kept;
}

const STAND_INS =
  /example|sample|dummy|fake|placeholder|change_?me|replace|redacted|your[_-]?|insert|foobar|deadbeef|xxxx|\.\.\.|…|\*\*|[<>{}$]|not_?(?:a_?)?real|lorem|secret|password|mytoken|test[_-]?(?:key|token)|api[_-]?key|goes[_-]?here|abcd|qwerty|1234/i;

const LEET: { readonly [digit: string]: string } = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' };

/** Whether a value stands in for one: "xxxx", "your-key", "abc123def456", one character over and over. */
export function isPlaceholder(value: string): boolean {
  if (STAND_INS.test(value)) return true;
  if (/your|here|licen[cs]e/i.test(value.replace(/[013457]/g, (digit) => LEET[digit] as string))) return true;
  const { length } = value;
  if (length < 8) return false;
  let steps = 0;
  for (let i = 1; i < length; i++) if (Math.abs(value.charCodeAt(i) - value.charCodeAt(i - 1)) <= 1) steps++;
  return steps / (length - 1) >= 0.4 || new Set(value).size < 4;
}
