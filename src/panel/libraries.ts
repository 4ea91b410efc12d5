import type * as Compromise from '../libraries/compromise.ts';
import type * as Porter from '../libraries/stems.ts';
import type { Library, Rule } from '../types.ts';

/**
 * The libraries that read language. They are large, so they are loaded only where a rule that runs says in `meta.needs` that it wants
 * them, and before its `finish`: rules stay synchronous, and a run without them never pays.
 */

type Grammar = typeof Compromise;
type Stems = typeof Porter;

let grammar: Grammar | undefined;
let stems: Stems | undefined;

/** Loads what these rules need, once. */
export async function loadLibraries(rules: readonly { readonly rule: Rule }[]): Promise<void> {
  const needed = new Set<Library>(rules.flatMap(({ rule }) => rule.meta.needs ?? []));
  if (needed.has('compromise')) grammar ??= await import('../libraries/compromise.ts');
  if (needed.has('stems')) stems ??= await import('../libraries/stems.ts');
}

/** What compromise makes of at most 1,000 characters: for `grammar.ts`, which sees to that. Throws where no rule asked for it. */
export function grammarTerms(text: string): ReturnType<Grammar['grammarTerms']> {
  if (!grammar) throw new Error("Unexpected use of compromise, expected needs: ['compromise'] in the rule's meta");
  return grammar.grammarTerms(text);
}

const known = new Map<string, string>();
const KNOWN = 50_000;

/** The Porter stem of a lower-case English word, remembered. Throws where no rule asked for it. */
export function stem(word: string): string {
  if (!stems) throw new Error("Unexpected use of stems, expected needs: ['stems'] in the rule's meta");
  let found = known.get(word);
  if (found === undefined) {
    found = word.length > 40 ? word : stems.porterStem(word);
    if (known.size >= KNOWN) known.clear();
    known.set(word, found);
  }
  return found;
}
