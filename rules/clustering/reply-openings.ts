import {
  count,
  defineRule,
  type Evidence,
  excerptAround,
  integer,
  isSyntax,
  judge,
  type Measure,
  type PanelPair,
  type Picture,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Task,
  type TaskType,
  tasks,
  textForm,
} from '../../src/kit.ts';

const SHARE: Measure = { even: 0.075, worst: 1, scale: 'linear', warn: 'warn', error: 'error' };

/** Their replies are names or forms: how these begin is part of the task. */
const NOT_JUDGED: readonly TaskType[] = ['classify', 'choose', 'reformat'];
/** Their replies begin as the text does that they are made of. */
const FROM_PROMPT: readonly TaskType[] = ['copy', 'extract', 'edit', 'compress'];

/** The opening that is judged; shorter ones are shown. */
const TOKENS = 3;
/** So much of a reply is looked at. */
const START = 200;
const SHOWN = 3;

export default defineRule({
  meta: {
    id: 'reply-openings',
    family: 'clustering',
    severity: 'error',
    docs: {
      summary: 'Measures how many replies of a task open with the same three words.',
      why: 'The first words of a reply are what a tuned model learns fastest: data that mostly opens one way gives a model that opens every reply that way, also where it does not fit, and the words after it then follow the same path.',
      score:
        'The share of replies of a task that open with its commonest three tokens (words, or runs of one punctuation mark), case aside: 0 up to 7.5%, .5 at the warn bound, .8 at the error bound, 1 where all do. Of several tasks the worst counts. Tasks that classify, choose or reformat are left out, and those whose replies are mostly code, SQL, JSON or XML; a call or a reply in code does not count as an opening, and where replies are made of the prompt (copy, extract, edit, compress) an opening that stands in its own prompt does not count. Measured on the panel, where each different example counts once.',
      source:
        'Wang et al. 2023 look at the first words of instructions in the same way, "Self-Instruct", https://aclanthology.org/2023.acl-long.754.',
    },
    options: {
      warn: { type: 'number', default: 0.15, minimum: 0, maximum: 1, description: 'The share of one opening from which it is a warning.' },
      error: { type: 'number', default: 0.6, minimum: 0, maximum: 1, description: 'The share of one opening from which it is an error.' },
    },
    measures: { share: SHARE },
  },

  create: () => ({}),

  finish(_, options, panel) {
    const all = tasks(panel);
    if (all.length === 0) return { score: null, notJudged: 'no replies', findings: [] };
    const prose = all.filter(({ type, proseReplies }) => proseReplies && !NOT_JUDGED.includes(type));
    if (prose.length === 0) return { score: null, notJudged: 'the replies are labels, code or data', findings: [] };
    const large = prose.filter((task) => task.judged);
    if (large.length === 0) return { score: null, notJudged: 'too few replies of one task', findings: [] };
    const measured = large.flatMap((task) => measure(task) ?? []);
    if (measured.length === 0) return { score: null, notJudged: 'the replies are blank', findings: [] };

    const judged = measured.map((found) => ({ found, ...judge(SHARE, found.count / found.replies, options) }));
    const worst = judged.reduce((a, b) => (b.score > a.score ? b : a));
    const alone = all.length === 1;
    return {
      score: worst.score,
      ...(!panel.whole && { replicates: replicatesOf(measured, options) }),
      findings: judged.flatMap(({ found, level }) => (level ? [remark(found, level, options.warn, alone, panel.whole)] : [])),
      picture: pictureOf(worst.found, alone),
    };
  },
});

// ── Measuring ───────────────────────────────────────────────────────────────

interface Opening {
  /** How it is most often written. */
  readonly said: string;
  readonly tokens: number;
  readonly count: number;
}

interface Measured {
  readonly task: Task;
  /** Replies that are not blank. */
  readonly replies: number;
  /** The commonest opening of three tokens, and the pairs that have it. */
  readonly said: string;
  readonly count: number;
  readonly items: readonly PanelPair[];
  /** By group of the panel: all replies, and those with the opening. */
  readonly repliesIn: readonly number[];
  readonly countIn: readonly number[];
  /** Of the openings of three tokens, in bits. */
  readonly entropy: number;
  readonly shown: readonly Opening[];
}

/** One token, whatever the writing: a word with its apostrophe, two characters where words have no blanks between them, or a run of one mark. Linear. */
const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{1,2}|[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{M}]+)?|([^\s\p{L}\p{N}])\1*/gu;

interface Start {
  readonly text: string;
  /** Case folded, at most three. */
  readonly tokens: readonly string[];
  /** Where each token ends in `text`, which starts with the first. */
  readonly ends: readonly number[];
}

function startOf(reply: string): Start {
  const text = reply
    .slice(0, START * 2)
    .trimStart()
    .slice(0, START);
  const tokens: string[] = [];
  const ends: number[] = [];
  for (const match of text.matchAll(TOKEN)) {
    tokens.push(folded(match[0]));
    ends.push(match.index + match[0].length);
    if (tokens.length === TOKENS) break;
  }
  return { text, tokens, ends };
}

const folded = (text: string): string => text.normalize('NFKC').replaceAll('’', "'").toLowerCase();

interface Begun {
  readonly item: PanelPair;
  readonly start: Start;
}

/** `undefined` where all replies are blank. */
function measure(task: Task): Measured | undefined {
  const begun = task.pairs.map((item): Begun => ({ item, start: startOf(item.pair.reply) })).filter(({ start }) => start.tokens.length > 0);
  if (begun.length === 0) return undefined;
  const byOpening = new Map<string, Begun[]>();
  for (const one of begun) {
    if (one.start.tokens.length < TOKENS) continue;
    const key = one.start.tokens.join(' ');
    const same = byOpening.get(key);
    if (same) same.push(one);
    else byOpening.set(key, [one]);
  }
  const ranked = [...byOpening].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const fromPrompt = FROM_PROMPT.includes(task.type);
  let best: Begun[] = [];
  for (const [, same] of ranked) {
    if (same.length <= best.length) break; // no later one can have more
    const own = same.filter((one) => isOwn(one, fromPrompt));
    if (own.length > best.length) best = own;
  }
  return {
    task,
    replies: begun.length,
    said: best.length === 0 ? '' : commonest(best.map(({ start }) => saidOf(start, TOKENS))),
    count: best.length,
    items: best.map(({ item }) => item),
    repliesIn: byGroup(begun),
    countIn: byGroup(best),
    entropy: entropyOf(ranked.map(([, same]) => same.length)),
    shown: [1, 2, 3].flatMap((n) => commonestOpenings(begun, n)),
  };
}

/** Whether somebody chose these words: not the grammar of code, a call among it, and not the prompt, where the task is to work on its text. */
function isOwn({ item: { pair }, start }: Begun, fromPrompt: boolean): boolean {
  if (isSyntax(textForm(pair.reply).form)) return false;
  return !(fromPrompt && standsIn(pair.prompt, start.tokens));
}

function byGroup(begun: readonly Begun[]): number[] {
  const counts = new Array<number>(20).fill(0);
  for (const { item } of begun) counts[item.example.group]! += 1;
  return counts;
}

/** Whether the words of an opening follow each other in the prompt, whatever is between them. */
function standsIn(prompt: string, tokens: readonly string[]): boolean {
  const words = tokens.filter((token) => /[\p{L}\p{N}]/u.test(token));
  const [first] = words;
  if (first === undefined) return false;
  const text = folded(prompt);
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    if (WORD_AT_END.test(text.slice(Math.max(0, at - 2), at))) continue;
    let end = at + first.length;
    const follow = words.slice(1).every((word) => {
      while (end < text.length && !text.startsWith(word, end) && !WORD_AT_START.test(text.slice(end, end + 2))) end++;
      if (!text.startsWith(word, end)) return false;
      end += word.length;
      return true;
    });
    if (follow && !WORD_AT_START.test(text.slice(end, end + 2))) return true;
  }
  return false;
}

const WORD_AT_START = /^[\p{L}\p{N}]/u;
const WORD_AT_END = /[\p{L}\p{N}]$/u;

const saidOf = ({ text, ends }: Start, tokens: number): string => text.slice(0, ends[tokens - 1]).replace(/\s+/g, ' ');

function commonest(list: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of list) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]![0];
}

/** The three commonest openings of n tokens. */
function commonestOpenings(begun: readonly Begun[], tokens: number): Opening[] {
  const found = new Map<string, string[]>();
  for (const { start } of begun) {
    if (start.tokens.length < tokens) continue;
    const key = start.tokens.slice(0, tokens).join(' ');
    const said = saidOf(start, tokens);
    const same = found.get(key);
    if (same) same.push(said);
    else found.set(key, [said]);
  }
  return [...found]
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .slice(0, SHOWN)
    .map(([, said]) => ({ said: commonest(said), tokens, count: said.length }));
}

/** In bits. The counts come sorted, so that they add up in one order. */
function entropyOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, n) => sum + n, 0);
  return counts.reduce((bits, n) => bits - (n / total) * Math.log2(n / total), 0);
}

/** The score with each group of the panel left out; the opening stays the one it is. */
function replicatesOf(measured: readonly Measured[], options: { readonly warn: number; readonly error: number }): number[] {
  return Array.from({ length: 20 }, (_, group) =>
    Math.max(
      ...measured.map(({ replies, count: all, repliesIn, countIn }) => {
        const left = replies - repliesIn[group]!;
        return left === 0 ? 0 : judge(SHARE, (all - countIn[group]!) / left, options).score;
      }),
    ),
  );
}

// ── Saying ──────────────────────────────────────────────────────────────────

function remark(found: Measured, level: Severity, warn: number, alone: boolean, whole: boolean): Remark {
  const { task, replies, said, items, entropy } = found;
  const share = found.count / replies;
  const tooMany = Math.floor(found.count - warn * replies) + 1;
  return {
    key: alone ? 'opening' : `opening:${task.key}`,
    level,
    message: `${percent(rounded(share))} of replies${alone ? '' : ` in ${quote(task.name)}`} open with ${quote(said)}, expected under ${percent(warn)}`,
    suggestion: whole
      ? `Rewrite or drop about ${integer(tooMany)} of the ${count(found.count, 'reply', 'replies')} that open this way`
      : `Rewrite or drop about ${percent(tooMany / found.count)} of the replies that open this way`,
    evidence: items.slice(0, 3).map(({ pair, example }): Evidence => ({ ...example.at, excerpt: excerptAround(pair.reply.trim()) })),
    data: {
      task: task.name,
      opening: said,
      share: rounded(share),
      count: found.count,
      replies,
      entropy: rounded(entropy),
    },
  };
}

function pictureOf({ task, shown, replies }: Measured, alone: boolean): Picture {
  return {
    kind: 'table',
    title: alone ? 'Commonest openings of replies' : `Commonest openings of replies in ${quote(task.name)}`,
    columns: ['tokens', 'opening', 'replies', 'share'],
    rows: shown.map(({ said, tokens, count: n }) => [tokens, said, n, percent(n / replies)]),
  };
}
