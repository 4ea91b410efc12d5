/**
 * Hides what must not be printed: keys and tokens that would be secrets wherever they stand. It
 * runs over every string of a report, because any rule may quote any line. Each pattern is a fixed
 * prefix and one bounded character class, so that it is linear.
 *
 * Shapes as their issuers document them (OpenAI, Anthropic, GitHub, GitLab, Slack, AWS, Google, Stripe,
 * Hugging Face, npm, PEM, JWT).
 */
const SECRETS =
  /(\bsk-(?:ant-|proj-)?|\bgh[pousr]_|\bgithub_pat_|\bglpat-|\bxox[abprs]-|\bAKIA|\bASIA|\bAIza|\b[rs]k_live_|\bhf_|\bnpm_|\beyJ[\w-]{8,400}\.eyJ)[\w.-]{12,400}|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\w+/=\s\\-]{0,400}/g;

/** `text` with secrets replaced by their first characters and "[redacted]". */
export function redact(text: string): string {
  return text.replace(SECRETS, (_, prefix: string | undefined) => `${(prefix ?? '').slice(0, 8)}[redacted]`);
}

/** A deep copy of plain data with every string redacted. */
export function redacted<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redacted) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redacted(inner)])) as T;
  }
  return value;
}
