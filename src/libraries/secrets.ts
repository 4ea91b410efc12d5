// secretlint's own engine reads files, is asynchronous and prints; its rules do none of that. They are driven here one at a
// time, over the piece of text that their key begins. The build bundles them into this one file.
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

/** Something that a rule of secretlint reports: where it stands in the text given, [start, end), and which of its messages it is. */
export interface RuleSetHit {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

interface Creator {
  readonly meta: { readonly id: string };
  create(context: object, options: object): { file(source: object): unknown };
}

let reported: RuleSetHit[] = [];

const context = {
  createTranslator: () => (messageId: string) => ({ message: '', messageId }),
  report: ({ message, range }: { message: { messageId: string }; range: readonly [number, number] }) => {
    reported.push({ message: message.messageId, start: range[0], end: range[1] });
  },
  ignore: () => {},
};

/** Access key ids are looked for on request only. */
const OPTIONS: { readonly [id: string]: object } = { aws: { enableIDScanRule: true } };

/** One looks at whole files that are a service account's JSON (the key in it is found by itself); one lets a text hide its own secrets. */
const LEFT_OUT = new Set(['gcp', 'filter-comments']);

const byId = new Map(
  (rules as unknown as readonly Creator[])
    .map((rule) => [rule.meta.id.replace('@secretlint/secretlint-rule-', ''), rule] as const)
    .filter(([id]) => !LEFT_OUT.has(id))
    .map(([id, rule]) => [id, rule.create(context, OPTIONS[id] ?? {})] as const),
);

/** The ids of the rules, without their common beginning: `aws`, `github`, `privatekey` … */
export const ruleSetIds: readonly string[] = [...byId.keys()].toSorted();

/**
 * What one rule reports in `text`. Throws what the rule throws, and where it has no such rule or the rule has become asynchronous:
 * a check that did not run must not pass for one that found nothing. The rules are linear, 2 GB/s each at best, 1 ms for a hostile kilobyte at worst.
 */
export function ruleSetHits(id: string, text: string): RuleSetHit[] {
  const rule = byId.get(id);
  if (!rule) throw new Error(`Unexpected rule "${id}", expected one of ${ruleSetIds.join(', ')}`);
  reported = [];
  const result = rule.file({ filePath: 'text', content: text, contentType: 'text', ext: '', hasBOM: false });
  if (result instanceof Promise) throw new Error(`Unexpected promise of the rule "${id}", expected a synchronous rule`);
  return reported;
}
