import { jaroWinkler } from '../libraries/natural.ts';
import { stem } from './libraries.ts';
import type { PanelPair } from './tasks.ts';
import { words } from './words.ts';

/** Replies that say there is nothing to say. The groups mean different things where replies are labels, and one thing in free text. */
const NOTHING =
  'none|none found|nothing|nothing found|no results|no results found|no match|no matches|n/a|na|not applicable|null|nil|empty'.split('|');
const UNKNOWN =
  "unknown|i don't know|i do not know|not known|no answer|no answer found|unanswerable|cannot answer|can't answer|cannot be answered|cannot be determined|cannot determine|not mentioned|not specified|not stated|not given|not provided|not available|not found|not enough information|no information|no information found|no information provided|not sure".split(
    '|',
  );

export interface Fallback {
  readonly group: 'nothing' | 'unknown';
  /** Trimmed, as written. */
  readonly spelling: string;
  readonly items: readonly PanelPair[];
}

/** A reply is looked at up to this length. */
const LONGEST = 48;
/** Jaro–Winkler similarity from which two wordings are one with a slip in it: "not mentionned". */
const ALIKE = 0.95;

/**
 * The spellings of "there is no answer" among the replies, commonest first. A reply is one where its stems are those of a known wording
 * ("No results were found" is not, "None found." is), or it is one of them but for a slip of the pen. Needs `needs: ['stems']`.
 */
export function fallbackSpellings(items: readonly PanelPair[]): Fallback[] {
  const found = new Map<string, PanelPair[]>();
  for (const item of items) {
    const { reply } = item.pair;
    if (reply.length > 2 * LONGEST) continue;
    const spelling = reply.trim();
    if (spelling === '' || spelling.length > LONGEST) continue;
    const same = found.get(spelling);
    if (same) same.push(item);
    else found.set(spelling, [item]);
  }
  return [...found]
    .flatMap(([spelling, of]) => {
      const group = groupOf(spelling);
      return group ? [{ group, spelling, items: of }] : [];
    })
    .sort((a, b) => b.items.length - a.items.length || (a.spelling < b.spelling ? -1 : 1));
}

const known = new Map<string, Fallback['group']>();

function groupOf(spelling: string): Fallback['group'] | undefined {
  const said = words(spelling, 9);
  if (said.length === 0 || said.length > 8) return undefined;
  if (known.size === 0) for (const [group, list] of GROUPS) for (const wording of list) known.set(stemmed(words(wording)), group);
  const exact = known.get(stemmed(said));
  if (exact || said.join('').length < 5) return exact;
  const text = said.join(' ');
  for (const [group, list] of GROUPS)
    for (const wording of list) if (wording.length > 5 && jaroWinkler(text, wording) >= ALIKE) return group;
  return undefined;
}

const GROUPS = [
  ['nothing', NOTHING],
  ['unknown', UNKNOWN],
] as const;
const stemmed = (said: readonly string[]): string => said.map((word) => stem(word)).join(' ');
