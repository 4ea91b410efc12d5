import { redact } from '../privacy/redact.ts';
import { cutText } from '../wording.ts';

/** What the user named, and what is made by us: a file that is called like a phone number must still be found. */
const OURS = new Set(['file', 'ruleId', 'fingerprint', 'version']);

/** A deep copy of plain data with every string redacted: any rule may quote any line. */
export function redacted<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redacted) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, OURS.has(key) ? inner : key === 'excerpt' ? excerpt(inner) : redacted(inner)]),
    ) as T;
  }
  return value;
}

/** What is hidden may be longer than what it hides. */
const EXCERPT = 160;
const excerpt = (value: unknown): unknown => (typeof value === 'string' ? cutText(redact(value), EXCERPT) : redacted(value));
