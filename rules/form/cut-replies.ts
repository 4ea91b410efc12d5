import {
  Causes,
  contentHash,
  count,
  defineRule,
  type Example,
  Histogram,
  integer,
  jsonReplies,
  marksOf,
  type OptionsOf,
  type Pair,
  pairs,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Sketch,
  sketches,
  Tally,
} from '../../src/kit.ts';

const specs = {
  warn: {
    description: 'Share of examples with a reply that is cut off in one way that is worth a look.',
    type: 'number',
    default: 0.01,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'Share of examples with a reply that is cut off in one way that must be mended before training.',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
} as const;

export default defineRule({
  meta: {
    id: 'cut-replies',
    family: 'form',
    severity: 'error',
    docs: {
      summary:
        'Counts replies that break off: inside a code block, JSON, a table, a list or a sentence, without a final mark where the others have one, or at one and the same length.',
      why: 'A model tuned on replies that were cut by a token limit learns to stop in the middle, or never learns to stop at all.',
      score:
        'Not scored. Any such reply is told; a kind that 1% of examples show is a warning, 10% an error. A missing final mark is told only where four of five replies in prose have one, and warns only where the replies without are the long ones; a kind that half of the replies show is taken for the way this data is written.',
      source:
        'Final marks of all scripts as in Unicode, Sentence_Terminal (https://www.unicode.org/reports/tr44/); fences as in CommonMark (https://spec.commonmark.org/0.31.2/#fenced-code-blocks).',
    },
    options: specs,
    exact: true,
  },

  create: () => ({
    examples: 0,
    faults: new Causes(),
    /** Replies with a code block. */
    fenced: 0,
    /** Length in characters of replies in prose, with a final mark and without. */
    marked: new Histogram(),
    unmarked: new Histogram(),
    /** `c1000` or `w150`, and a fingerprint: how long the replies without a final mark are, and how many of a length differ. */
    lengths: new Tally(16_384),
    limits: new Causes(4096, 3),
  }),

  observe(state, example) {
    state.examples += 1;
    look(state, example);
  },

  finish({ examples, faults, fenced, marked, unmarked, lengths, limits }, options) {
    const findings: Remark[] = [];
    for (const cause of faults.list()) {
      if (cause.key === NO_MARK) {
        const remark = unmarkedRemark(cause, examples, marked, unmarked, options);
        if (remark) findings.push(remark);
        continue;
      }
      const among = cause.key === 'open fence' ? fenced : examples;
      findings.push(remarkOf(cause, examples, cause.times * 2 >= among && among >= ENOUGH, options));
    }
    for (const unit of ['c', 'w'] as const) {
      const limit = limitOf(lengths, unit);
      const cause = limit === undefined ? undefined : limits.list().find(({ key }) => key === `${unit}${limit.length}`);
      if (limit && cause) findings.push(limitRemark(limit, unit, examples, cause.witnesses, options));
    }
    return { score: null, findings };
  },
});

// ── What is said of them ────────────────────────────────────────────────────

const NO_MARK = 'no final mark';
const ENOUGH = 10;

const KINDS: Readonly<Record<string, { readonly says: string; readonly expected: string }>> = {
  'open fence': { says: 'ends inside a code block', expected: 'a closing fence' },
  'open JSON': { says: 'breaks off inside its JSON', expected: 'JSON that is closed' },
  'mid-sentence': { says: 'breaks off in a sentence', expected: 'whole sentences' },
  announcement: { says: 'ends where it announces more', expected: 'what was announced' },
  'empty item': { says: 'ends with a list item that is empty', expected: 'an item, or none' },
  'table row': { says: 'breaks off in a row of a table', expected: 'whole rows' },
};

type Cause = ReturnType<Causes['list']>[number];
type Bounds = OptionsOf<typeof specs>;

function remarkOf({ key, times, example, witnesses }: Cause, examples: number, habit: boolean, options: Bounds): Remark {
  const { says, expected } = KINDS[key] as (typeof KINDS)[string];
  const shown = example === '' ? '' : ` (${times === 1 ? '' : 'such as '}${example})`;
  const remark = remarkAbout(key, `a reply that ${says}${shown}`, expected, times, examples, witnesses, options);
  return habit
    ? {
        ...remark,
        level: 'info',
        suggestion: `Look at a few of ${these(times)}: where so many end like this, it may be how they are meant`,
      }
    : remark;
}

function remarkAbout(
  key: string,
  what: string,
  expected: string,
  times: number,
  examples: number,
  evidence: Remark['evidence'],
  { warn, error }: Bounds,
): Remark {
  const share = rounded(times / examples);
  const level: Severity = share >= error ? 'error' : share >= warn ? 'warn' : 'info';
  return {
    key,
    message: `${count(times, 'example')} (${percent(share)}) ${times === 1 ? 'has' : 'have'} ${what}, expected ${expected}`,
    level,
    suggestion: `Write the ${times === 1 ? 'reply' : 'replies'} of ${these(times)} to the end, or drop ${times === 1 ? 'it' : 'them'}`,
    evidence,
    data: { examples: times, share, warn, error },
  };
}

const these = (times: number): string => (times === 1 ? 'this example' : `these ${count(times, 'example')}`);

/** So many replies in prose must have a final mark before its absence says anything, and such a share of them. */
const ENOUGH_MARKED = 30;
const MOSTLY_MARKED = 0.8;

function unmarkedRemark(cause: Cause, examples: number, marked: Histogram, unmarked: Histogram, options: Bounds): Remark | undefined {
  const share = rounded(marked.total / (marked.total + unmarked.total));
  if (marked.total < ENOUGH_MARKED || share < MOSTLY_MARKED) return undefined;
  const { key, times, witnesses } = cause;
  const what = `a reply in prose without a final mark, where ${percent(share)} of such replies have one`;
  const remark = remarkAbout(key, what, 'one', times, examples, witnesses, options);
  // Sloppy writers leave marks out of short and long replies alike; a limit cuts the long ones.
  const long = times >= 3 && (unmarked.quantile(0.5) ?? 0) >= (marked.quantile(0.9) ?? 0);
  if (!long) {
    return {
      ...remark,
      level: 'info',
      suggestion: `Look whether ${times === 1 ? 'the reply of this example was' : `the replies of ${these(times)} were`} cut off`,
    };
  }
  return {
    ...remark,
    message: `${count(times, 'example')} (${percent(remark.data['share'] as number)}) have ${what}, and most are longer than nine in ten of those, expected a mark whatever the length`,
  };
}

interface Limit {
  readonly length: number;
  readonly times: number;
}

/** So many different replies of one length, and so many times as many as of a length nearby, are no chance: of 0.8 expected, 8 come once in 10⁶. */
const ENOUGH_ALIKE = 8;
const TIMES_AS_MANY = 10;
const NEARBY = 0.1;

/** The length at which most replies end without a final mark, where it stands out from the lengths around it. */
function limitOf({ counts }: Tally, unit: 'c' | 'w'): Limit | undefined {
  const at = new Map<number, { different: number; times: number }>();
  for (const [key, times] of counts) {
    if (!key.startsWith(unit)) continue;
    const length = Number(key.slice(1, key.indexOf(' ')));
    const known = at.get(length) ?? { different: 0, times: 0 };
    known.different += 1;
    known.times += times;
    at.set(length, known);
  }
  const lengths = [...at.keys()].toSorted((a, b) => a - b);
  const before = [0]; // how many different replies are shorter than lengths[i]
  for (const length of lengths) before.push((before.at(-1) as number) + (at.get(length)?.different ?? 0));
  let best: Limit | undefined;
  let from = 0;
  let to = 0;
  for (const length of lengths) {
    const { different, times } = at.get(length) as { different: number; times: number };
    if (different < ENOUGH_ALIKE) continue;
    const reach = Math.floor(length * NEARBY);
    while ((lengths[from] as number) < length - reach) from++;
    while (to < lengths.length && (lengths[to] as number) <= length + reach) to++;
    const others = (before[to] as number) - (before[from] as number) - different;
    if (different * 2 * reach < TIMES_AS_MANY * others || (best && best.times >= times)) continue;
    best = { length, times };
  }
  return best;
}

function limitRemark({ length, times }: Limit, unit: 'c' | 'w', examples: number, evidence: Remark['evidence'], options: Bounds): Remark {
  const name = unit === 'c' ? 'character' : 'word';
  const what = `a reply of exactly ${integer(length)} ${name}s that ends without a final mark`;
  return {
    ...remarkAbout(`same length in ${name}s`, what, 'lengths that differ', times, examples, evidence, options),
    suggestion: `Lift the limit of ${count(length, name)} that cut ${these(times)}, or drop them`,
    data: { examples: times, share: rounded(times / examples), length, warn: options.warn, error: options.error },
  };
}

// ── Finding them ────────────────────────────────────────────────────────────

interface Seen {
  fenced: number;
  readonly faults: Causes;
  readonly marked: Histogram;
  readonly unmarked: Histogram;
  readonly lengths: Tally;
  readonly limits: Causes;
}

const TICKS = marksOf('`');
const TILDES = marksOf('~');
const LONG_REPLY = 200;
const MANY_WORDS = 40;
/** A tally tells this many replies of one length apart. */
const FINGERPRINTS = 64;

/** Looks at the last characters of each reply; at more only where it holds fences or JSON. A kind is told once per example. */
function look(seen: Seen, example: Example): void {
  const all = pairs(example);
  let told: string[] | undefined;
  for (let i = 0; i < all.length; i++) {
    const pair = all[i] as Pair;
    const { reply, turn } = pair;
    if (reply.length === 0 || example.messages[turn]?.calls) continue;
    const sketch = sketches(example)[turn] as Sketch;
    const end = endOf(reply);
    const fault = faultOf(seen, example, i, reply, end, sketch);
    if (!fault) continue;
    const { key, detail, index } = fault;
    if (key === NO_MARK) {
      seen.unmarked.add(reply.length);
      if (reply.length >= LONG_REPLY) countLength(seen, example, `c${reply.length}`, reply, sketch);
      if (sketch.wordCount >= MANY_WORDS) countLength(seen, example, `w${sketch.wordCount}`, reply, sketch);
    }
    if (told?.includes(key)) continue;
    told = [...(told ?? []), key];
    seen.faults.add(key, contentHash(example), example.at, reply, index, detail);
  }
}

function countLength({ lengths, limits }: Seen, example: Example, key: string, reply: string, { exact }: Sketch): void {
  lengths.add(`${key} ${exact % FINGERPRINTS}`);
  limits.add(key, contentHash(example), example.at, reply, reply.length);
}

/** The index after the last character that is not blank. */
function endOf(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 32) end--;
  return end;
}

interface Fault {
  readonly key: string;
  readonly detail: string;
  readonly index: number;
}

const at = (key: string, index: number, detail = ''): Fault => ({ key, index, detail });

function faultOf(seen: Seen, example: Example, i: number, reply: string, end: number, sketch: Sketch): Fault | undefined {
  if ((sketch.marks & (TICKS | TILDES)) !== 0) {
    const fence = fenceOf(reply);
    if (fence !== undefined) seen.fenced += 1;
    if (fence !== undefined && fence >= 0) return at('open fence', fence, shownFence(lineAt(reply, fence)));
  }
  const json = jsonReplies(example)[i];
  if (json) return json.state === 'open' ? at('open JSON', end, '') : undefined;

  const last = reply.charCodeAt(end - 1);
  const tail = Math.max(0, end - TAIL);
  let start = tail; // of the last line, or of what is looked at of it; forwards, because that search is the faster one by far
  for (let newline = reply.indexOf('\n', tail); newline >= 0 && newline < end; newline = reply.indexOf('\n', newline + 1))
    start = newline + 1;
  if (start > 0) {
    if (end - start <= LONGEST_MARKER && isEmptyItem(reply, start, end))
      return at('empty item', end, quote(reply.slice(start, end).trim()));
    if (reply.charCodeAt(start) === 124 && isCutRow(reply, start, end)) return at('table row', end, quote(reply.slice(start, end)));
  }
  if (isFinal(last)) {
    if (end - start >= PROSE_LINE && sketch.wordCount >= PROSE_WORDS && !LIST_OR_HEADING.test(reply.slice(start, start + 12))) {
      seen.marked.add(reply.length);
    }
    return undefined;
  }
  return sketch.wordCount < 5 ? undefined : sentenceFault(reply, reply.slice(start, end), end, sketch);
}

// ── Fences ──────────────────────────────────────────────────────────────────

/** The index of the fence that is still open at the end; -1 where all are closed; undefined where there is none. */
function fenceOf(text: string): number | undefined {
  const ticks = fencesOf(text, '```');
  const tildes = fencesOf(text, '~~~');
  if (ticks === undefined) return tildes;
  return tildes === undefined ? ticks : Math.max(ticks, tildes);
}

/**
 * A fence within a block may open another (as many write a block of Markdown) or be a part of it (as CommonMark reads it); the end is
 * open only if it is so either way. A bare fence at the very end closes what the prompt opened.
 */
function fencesOf(text: string, mark: string): number | undefined {
  let open = -1; // index of the fence that CommonMark has open
  let size = 0;
  let depth = 0; // as one who nests would count
  let seen = false;
  for (let index = text.indexOf(mark); index >= 0; ) {
    let to = index + 3;
    while (text[to] === mark[0]) to++;
    let lineEnd = text.indexOf('\n', to);
    if (lineEnd < 0) lineEnd = text.length;
    const info = text.slice(to, Math.min(lineEnd, to + 60)).trim();
    if (open >= 0) {
      if (info === '') {
        depth = Math.max(0, depth - 1);
        if (to - index >= size) open = -1;
      } else if (startsLine(text, index) && /^[\w+#.-]{1,20}$/.test(info)) depth++;
    } else if (startsLine(text, index) && !info.includes('`')) {
      seen = true;
      if (info !== '' || text.slice(lineEnd, lineEnd + 1000).trim() !== '') {
        open = index;
        size = to - index;
        depth = 1;
      }
    }
    index = text.indexOf(mark, to);
  }
  if (!seen) return undefined;
  return open >= 0 && depth > 0 ? open : -1;
}

/** Whether only blanks, quote marks or a list marker stand before the index on its line. */
function startsLine(text: string, index: number): boolean {
  const from = Math.max(text.lastIndexOf('\n', index - 1) + 1, index - 20);
  return /^[\s>]*(?:(?:[-*•]|\d{1,3}[.)])\s*)?$/.test(text.slice(index === 0 ? 0 : from, index));
}

/** A bare fence says nothing. */
const shownFence = (line: string): string => (/[^`~]/.test(line) ? quote(line) : '');

function lineAt(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(index, end < 0 || end > index + 80 ? index + 80 : end).trim();
}

// ── Lists and tables ────────────────────────────────────────────────────────

const LIST_OR_HEADING = /^\s{0,9}(?:[-*•–#>|]|\d{1,3}[.)]\s|[a-zA-Z]\))/;
/** How far back an item or a row before the last one is looked for. */
const BACK = 4000;
const LONGEST_MARKER = 16;

/** `3.` or `-` alone on the last line, after an item `2. …` or `- …`. */
function isEmptyItem(text: string, start: number, end: number): boolean {
  const line = text.slice(start, end);
  const item = /^\s{0,8}(?:(\d{1,3})([.)])\s{0,2}\*{0,2}|([-*•]))$/.exec(line);
  if (!item) return false;
  const before = text.slice(Math.max(0, start - BACK), start);
  const marker = item[3] ?? `${Number(item[1]) - 1}${item[2]}`;
  for (let found = before.lastIndexOf(`${marker} `); found >= 0; found = found === 0 ? -1 : before.lastIndexOf(`${marker} `, found - 1)) {
    const from = Math.max(before.lastIndexOf('\n', found - 1) + 1, 0);
    if (found === 0 || (found - from <= 10 && before.slice(from, found).trim() === '')) return true;
    if (item[3] !== undefined && found < before.length - 2000) return false;
  }
  return false;
}

/** A last line that begins a row with `|` and does not end it, where the two lines before it do. */
function isCutRow(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(end - 1) === 124 && end - start > 1) return false;
  const lines = text
    .slice(Math.max(0, start - BACK), start)
    .trimEnd()
    .split('\n');
  return lines.length >= 2 && lines.slice(-2).every((each) => each.startsWith('|') && each.trimEnd().endsWith('|'));
}

// ── Sentences ───────────────────────────────────────────────────────────────

/** The characters at the end that are looked at. */
const TAIL = 300;
/** A last line of at least so many characters, in a reply of so many words, is a sentence; shorter ones are names, titles, verses. */
const PROSE_LINE = 40;
const PROSE_WORDS = 15;
const SENTENCE_WORDS = 8;

const FINALS = new Set(
  Array.from('.!?…。！？؟۔।॥։፧።៕។။၊‼⁇⁈⁉﹒．｡〜～"\'”’»›)]}」』】》〉）］｝*_`~>|$%#/\\+=&^@;；', (char) => char.charCodeAt(0)),
);

/** Whether a text may end like this: on a final mark of any script, a closing quote or bracket, a digit, a symbol. Not on a letter, a comma, a colon, a hyphen or an opening mark. */
function isFinal(c: number): boolean {
  if (c < 128) return (c >= 48 && c <= 57) || FINALS.has(c);
  if (FINALS.has(c)) return true;
  return !/[\p{L}\p{M}，、：；—–‐（「『【《“‘«]/u.test(String.fromCharCode(c)) || (c >= 0xd800 && c <= 0xdfff);
}

function sentenceFault(reply: string, line: string, end: number, sketch: Sketch): Fault | undefined {
  const c = reply.charCodeAt(end - 1);
  const wide = c >= 0x2e80;
  const words = line.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const sentence = wide ? line.length >= 10 : words >= 5;
  if (!sentence || isCodeLine(line)) return undefined;
  const enough = wide || sketch.wordCount >= SENTENCE_WORDS;

  if (c === 44 || c === 0xff0c || c === 0x3001) {
    return enough && !LIST_OR_HEADING.test(line) ? at('mid-sentence', end, quote(lastOf(line))) : undefined;
  }
  if (c === 58 || c === 0xff1a) return ANNOUNCES.test(line.slice(-120)) ? at('announcement', end, quote(lastOf(line))) : undefined;
  if (c === 40) return enough && /\s\($/.test(line) ? at('mid-sentence', end, quote(lastOf(line))) : undefined;
  if (c === 45) return enough && /[\p{Ll}]{2}-$/u.test(line) ? at('mid-sentence', end, quote(lastOf(line))) : undefined;
  if (!/[\p{L}\p{M}]/u.test(line.slice(-1))) return undefined;
  if (enough && dangles(line)) return at('mid-sentence', end, quote(lastOf(line)));
  return isUnmarked(reply, line, words, wide, sketch) ? at(NO_MARK, end) : undefined;
}

/** The last few words. */
const lastOf = (line: string): string => (line.length <= 30 ? line.trim() : `…${line.slice(-30).trimEnd()}`);

const ANNOUNCES =
  /(?:\b(?:following|follows|steps|here (?:is|are|'s)|here’s|below|folgend\w{1,3}|hier (?:ist|sind|ein\w{0,2})|suivante?s?|voici|siguientes?|aquí (?:tienes|está|están)|seguenti?|ecco|seguintes?|aqui (?:está|estão))\b|如下|以下|次の|следующ)/iu;

function isCodeLine(line: string): boolean {
  return /[{}=<>\\|]|;\s?$|\w\(|\)\s?:$|^\s{0,40}(?:for|if|elif|else|while|with|def|class|try|except|case|switch|return|import|from|const|let|var)\b.*[:(,[{]$|^\s{2,40}\S.*[,([{]$|"[,([{:]$/.test(
    line,
  );
}

/** Words that need another behind them, by language; all in lower case. */
const NEED_MORE: readonly ReadonlySet<string>[] = [
  'the an a and or but because of your their our my its than whose every such'.split(' '),
  'der die das den dem des ein eine einen einem einer und oder aber weil dass für zur zum im vom sowie denn'.split(' '),
  'le la les un une des du de et ou mais que dans pour sur avec par au aux ses leur qui car'.split(' '),
  'el la los las un una y o pero de del que con por para en al su sus porque'.split(' '),
  'il lo la gli le un una e o ma di del della dei delle che con per nel nella al alla'.split(' '),
  'o a os as um uma e ou mas de do da dos das que com por para em no na ao'.split(' '),
].map((words) => new Set(words));
/** Words before "a" that make it an article: "vitamin a" and "the answer is a" end well. */
const BEFORE_A = /\b(?:with|of|in|as|has|have|had|for|by|into|from|like|becomes?|using|and|or|on|at|through|create|makes?|gives?)\s+a$/;
const JOINS = /\b(?:and|or|but|und|oder|aber|et|ou|mais|y|o|pero|e|ma|mas),?\s+(?:and|or|but|und|oder|aber|et|ou|mais|y|o|pero|e|ma|mas)$/;

/** Whether the line ends on a word that needs another behind it, in a language that the line is in. */
function dangles(line: string): boolean {
  const words = line.toLowerCase().match(/\p{L}[\p{L}'’]{0,30}/gu) ?? [];
  const last = words.at(-1) ?? '';
  if (words.length < 6 || !line.endsWith(last)) return false; // a capital: "Plan A", "vitamin E"
  if (/(?:^|\s)(?:such as|due to|in order to|so that|consists of|depends on)$/.test(line)) return true;
  if (last === 'a' && !BEFORE_A.test(line)) return false;
  if (JOINS.test(line)) return false; // "and, or, but": the words themselves are meant
  return NEED_MORE.some((known) => {
    if (!known.has(last) || (last.length === 1 && last !== 'a')) return false;
    let others = 0;
    for (let i = 0; i < words.length - 1; i++) if (known.has(words[i] as string)) others++;
    return others >= (known === NEED_MORE[0] ? 1 : 2);
  });
}

/** Thai, Lao, Khmer and Burmese are mostly written without final marks. */
const WITHOUT_MARKS = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The characters after the last blank, 200 at most. */
function lastWord(line: string): string {
  const end = line.slice(-200);
  return end.slice(Math.max(end.lastIndexOf(' '), end.lastIndexOf('\t'), end.lastIndexOf('\u00a0')) + 1);
}

/** Whether this is a sentence in prose, so that a final mark is missing. */
function isUnmarked(reply: string, line: string, words: number, wide: boolean, { wordCount }: Sketch): boolean {
  if (wordCount < PROSE_WORDS || (wide ? line.length < 15 : line.length < PROSE_LINE || words < 6)) return false;
  if (LIST_OR_HEADING.test(line) || WITHOUT_MARKS.test(line.slice(-20)) || isVerse(reply)) return false;
  if (/[#@/]|https?:|.\.[^]/.test(lastWord(line))) return false; // hashtags, addresses
  if (wide ? /[。！？”」』）)…][^。！？”」』）)…]{0,4}$/.test(line.slice(-12)) : /^\p{L}{1,30}:\s/u.test(line) || !isSentence(line))
    return false;
  const capitals = line.match(/(?:^|\s)\p{Lu}/gu)?.length ?? 0;
  return capitals * 2 < words; // a title
}

/** Whether the line holds a word that sentences are made with: rows of names, numbers and echoes hold none. */
function isSentence(line: string): boolean {
  if (!/[a-z]/.test(line)) return true; // of other scripts we know no such words
  const words = line.toLowerCase().match(/\p{L}[\p{L}'’]{0,30}/gu) ?? [];
  return words.some((word) => word.length > 1 && NEED_MORE.some((known) => known.has(word)));
}

/** Lines as short as a poem's, four and more. */
function isVerse(text: string): boolean {
  let lines = 1;
  for (let found = text.indexOf('\n'); found >= 0; found = text.indexOf('\n', found + 1)) if (text.charCodeAt(found + 1) !== 10) lines++;
  return lines >= 4 && text.length / lines < 60;
}
