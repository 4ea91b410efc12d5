import {
  combine,
  count,
  defineRule,
  type Evidence,
  excerptAround,
  foldLabel,
  type Group,
  Groups,
  heldBack,
  integer,
  isShort,
  judge,
  type Measure,
  type NearBy,
  nearSame,
  type Pair,
  type Panel,
  type PanelPair,
  type Place,
  pairKeys,
  pairs,
  percent,
  quote,
  type Remark,
  rounded,
  statementOf,
  type Task,
  type TaskType,
  tasks,
  valueOf,
  valuesApart,
} from '../../src/kit.ts';

const EXCESS: Measure = { even: 0.005, worst: 0.1, scale: 'linear', warn: 'warn', error: 'error' };

/** Where a prompt may have many good replies. A longer text made of a shorter one is as free as one made of nothing. */
const OPEN: readonly TaskType[] = ['generate', 'expand'];

/** Prompts that are listed, and replies of each. */
const LISTED = 1000;
const REPLIES = 16;

export default defineRule({
  meta: {
    id: 'conflicting-replies',
    family: 'mapping',
    severity: 'error',
    exact: true,
    docs: {
      summary: 'Counts the prompts that come with different replies, and says which of these contradict each other.',
      why: 'Where the same input is given two answers the model can learn neither: it is pulled both ways, and ends up guessing. In open-ended tasks several replies are fine and even good; where there is one right answer they are mistakes in the labels, and no amount of training gets past them.',
      score:
        'The share of replies that differ from the first one given to the same prompt (system text and all earlier turns included; but for case, blanks and final marks; replies are compared but for blanks; SQL and code also but for final semicolons, aliases, `OFFSET 0` and, in SQL, case). Tasks that generate or expand text count only the replies that contradict another: other numbers in the same words, another number at the end, yes against no, another option, another label; in SQL and code other literals in the same statement; in SQL also other comparisons, another aggregate (MIN against MAX, AVG(a) against AVG(b)) or, under a limit, the other order. 0 up to .5%, .5 at the warn bound, .8 at the error bound, 1 from 10%; below the warn line while fewer prompts are concerned than `prompts` says. Of several tasks the worst counts. Where at least half of the prompts of a task that is no choice come with several replies, these are taken for references, and only those that contradict count. Prompts that differ in small words, marks or one letter are a hint and do not count, and only where twice as many of such pairs agree: where most do not, the small difference is what the task is about.',
      source:
        'Conflicting labels bound what can be learnt: Northcutt et al. 2021, "Pervasive label errors in test sets", https://arxiv.org/abs/2103.14749. Up to about two million different pairs are counted exactly; whether open-ended replies contradict is read on the panel.',
    },
    options: {
      warn: {
        type: 'number',
        default: 0.01,
        minimum: 0,
        maximum: 1,
        description: 'The share of contradicting replies from which it is a warning.',
      },
      error: {
        type: 'number',
        default: 0.05,
        minimum: 0,
        maximum: 1,
        description: 'The share of contradicting replies from which it is an error.',
      },
      prompts: { type: 'integer', default: 5, minimum: 1, description: 'With fewer contradicting prompts than this it is a hint at most.' },
    },
    measures: { excess: EXCESS },
  },

  create: () => ({ replies: new Groups() }),

  observe({ replies }, example) {
    const found = pairs(example);
    if (found.length === 0) return;
    const keys = pairKeys(example);
    for (let i = 0; i < found.length; i++) {
      if (isAsked(found[i]!)) replies.add(keys[i]!.context, keys[i]!.reply, example.at);
    }
  },

  finish({ replies }, options, panel) {
    if (replies.total === 0) return { score: null, notJudged: 'no prompts', findings: [] };
    const kept = replies.count().times.reduce((sum, n) => sum + n, 0);
    if (kept === 0) return { score: null, notJudged: 'more replies to one prompt than can be held', findings: [] };

    const several = promptsWithSeveral(replies);
    const exact = panel.whole && !replies.sampled();
    const near = nearFindings(panel, exact);
    if (several.size === 0) return { score: 0, findings: near };
    const { read, prompts } = readPrompts(several, panel);
    const pools = poolsOf(replies, panel, read, prompts, exact);
    const judged = pools.map((pool) => ({ pool, ...judgePool(totalOf(pool.slices), pool, options, replies.total / kept) }));
    return {
      score: Math.max(0, ...judged.map(({ pool, score }) => (pool.judged ? score : 0))),
      ...(!exact && { replicates: replicatesOf(pools, options, replies.total / kept) }),
      findings: [...judged.flatMap((each) => findingsOf(each, replies, read, options, exact)), ...near],
    };
  },
});

const isAsked = ({ hasPrompt, prompt }: Pair): boolean => hasPrompt && /\S/.test(prompt);

// ── What the replies to one prompt are to each other ────────────────────────

/**
 * `closed`: they differ where there is one right answer. `contradict`, `several`: open-ended replies that do, and do not.
 * `open`: open-ended, with less than two replies on the panel. `unread`: none of the replies is on the panel, so neither is the task known.
 */
type Kind = 'closed' | 'contradict' | 'several' | 'open' | 'unread';

const BAD: readonly Kind[] = ['closed', 'contradict'];
const NOT_READ: readonly Kind[] = ['open', 'unread'];

/** By the key of each reply that cannot stand beside the others: the one that it contradicts. */
type Against = ReadonlyMap<number, number>;

interface ReadPrompt {
  readonly kind: Kind;
  /** The place of its task in `tasks`. */
  readonly task: number;
  /** By the key of the reply. */
  readonly items: ReadonlyMap<number, PanelPair>;
  /** Empty where none of them contradicts, and where all that differ count. */
  readonly against: Against;
  /** So many of the replies were compared. */
  readonly compared: number;
}

function promptsWithSeveral(replies: Groups): Set<number> {
  const several = new Set<number>();
  replies.each((members, _, key) => {
    if (members > 1) several.add(key);
  });
  return several;
}

/**
 * The prompts with several replies, as far as the panel holds them, and how many prompts each task has there. It holds them all where it is whole (but for prompts of more than
 * 8,192 characters, whose keys are not those of their cut text); else a fair share of them, from which the others are judged.
 */
function readPrompts(several: ReadonlySet<number>, panel: Panel): { read: Map<number, ReadPrompt>; prompts: number[] } {
  const read = new Map<number, ReadPrompt>();
  const contexts = new Set<number>();
  const prompts: number[] = [];
  const found = new Map<number, { readonly task: number; readonly items: Map<number, PanelPair> }>();
  const labels = recurring(panel);
  const all = tasks(panel);
  all.forEach(({ pairs: items }, task) => {
    const before = contexts.size;
    for (const item of items) {
      const { pair, example } = item;
      if (!isAsked(pair)) continue;
      const at = pairs(example).findIndex(({ turn }) => turn === pair.turn);
      const { context, reply } = pairKeys(example)[at]!;
      contexts.add(context);
      if (!several.has(context)) continue;
      const known = found.get(context);
      if (!known) found.set(context, { task, items: new Map([[reply, item]]) });
      else if (!known.items.has(reply)) known.items.set(reply, item);
    }
    prompts.push(contexts.size - before);
  });
  for (const [key, { task, items }] of found) {
    read.set(key, { task, items, ...kindOf(all[task]!, items, labels) });
  }
  return { read, prompts };
}

/** How often each short reply comes in open-ended tasks: what recurs is a label. */
function recurring(panel: Panel): Map<string, number> {
  const labels = new Map<string, number>();
  for (const { pairs: items, type } of tasks(panel)) {
    if (!OPEN.includes(type)) continue;
    for (const { pair } of items) {
      if (!isAsked(pair) || !isShort(pair.reply)) continue;
      const label = foldLabel(pair.reply);
      labels.set(label, (labels.get(label) ?? 0) + 1);
    }
  }
  return labels;
}

function kindOf(
  { type }: Task,
  items: ReadonlyMap<number, PanelPair>,
  labels: ReadonlyMap<string, number>,
): Pick<ReadPrompt, 'kind' | 'against' | 'compared'> {
  if (!OPEN.includes(type)) {
    const against = rewritten(items);
    return { kind: against?.size === 0 ? 'several' : 'closed', against: against ?? NOBODY, compared: items.size };
  }
  if (items.size < 2) return { kind: 'open', against: NOBODY, compared: items.size };
  const against = contradictions(items, labels);
  return { kind: against.size > 0 ? 'contradict' : 'several', against, compared: Math.min(items.size, COMPARED) };
}

const NOBODY: Against = new Map();

/** A short reply that so many prompts of the panel get is a label. */
const RECURS = 5;
/** Replies to one prompt that are compared: the smallest hashes, by the order of the panel. */
const COMPARED = 200;

/** Of replies where one is right: those that are more than another way to write the first; undefined where none is only that. */
function rewritten(items: ReadonlyMap<number, PanelPair>): Against | undefined {
  const ways = new Map<string, number>();
  const against = new Map<number, number>();
  let first: number | undefined;
  for (const [key, { pair }] of items) {
    const statement = statementOf(pair.reply);
    const way = statement ? `:${statement.canonical}` : String(key);
    if (ways.has(way)) continue;
    ways.set(way, key);
    if (first === undefined) first = key;
    else against.set(key, first);
  }
  return ways.size === items.size ? undefined : against;
}

/** What a reply claims, by what it is about: two replies that claim different things about one cannot both be right. */
type Claims = readonly (readonly [about: string, value: string])[];

/**
 * The open-ended replies to one prompt that must go for the rest to be able to be right together. Those that the fewest others contradict
 * stay, of equals the one that comes first on the panel; each other one names the first that stays and that it contradicts.
 */
function contradictions(items: ReadonlyMap<number, PanelPair>, labels: ReadonlyMap<string, number>): Against {
  const claims = new Map<number, Claims>();
  const claimed = new Map<string, Map<string, number>>();
  for (const [key, item] of items) {
    if (claims.size === COMPARED) break;
    const own = claimsOf(item, labels);
    claims.set(key, own);
    for (const [about, value] of own) {
      const values = claimed.get(about) ?? new Map<string, number>();
      claimed.set(about, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  if (![...claimed.values()].some(({ size }) => size > 1)) return NOBODY;
  const totals = new Map([...claimed].map(([about, values]) => [about, [...values.values()].reduce((sum, n) => sum + n, 0)]));
  const opponents = (own: Claims): number =>
    own.reduce((sum, [about, value]) => sum + totals.get(about)! - claimed.get(about)!.get(value)!, 0);
  const against = new Map<number, number>();
  const stays = new Map<string, readonly [value: string, key: number]>();
  const ranked = [...claims].map(([key, own]) => ({ key, own, opponents: opponents(own) })).sort((a, b) => a.opponents - b.opponents);
  for (const { key, own } of ranked) {
    const [about] = own.find(([name, value]) => stays.has(name) && stays.get(name)![0] !== value) ?? [];
    if (about !== undefined) against.set(key, stays.get(about)![1]);
    else for (const [name, value] of own) if (!stays.has(name)) stays.set(name, [value, key]);
  }
  return against;
}

/** It begins with yes or no (or true or false), names an option or a label, ends with a number; its numbers in these very words; the values in this very statement. */
function claimsOf({ pair, example }: PanelPair, labels: ReadonlyMap<string, number>): Claims {
  const statement = statementOf(pair.reply);
  if (statement) return statement.values === '' ? [] : [[`frame:${statement.frame}`, statement.values]];
  const claims: [string, string][] = [];
  const reply = pair.reply.normalize('NFKC').trim();
  const start = reply.slice(0, 60);
  const verdict = /^(?:yes|no|true|false)(?![\p{L}\p{N}-])/iu.exec(start)?.[0].toLowerCase();
  if (verdict && !NO_ANSWER.test(start)) claims.push(['verdict', verdict]);
  const option = /^\(?([A-J])\)(?!\S)|^([A-J])[.:]?$/.exec(start);
  if (option) claims.push(['option', (option[1] ?? option[2])!]);
  if (isShort(reply)) {
    const label = foldLabel(reply);
    // In a chat short replies recur because they are small talk.
    const recurs = (labels.get(label) ?? 0) >= RECURS && pairs(example).length === 1;
    if (recurs || offers(pair.prompt, label)) claims.push(['label', label]);
  }
  const last = reply.slice(-40);
  const end = [...last.matchAll(NUMBERS)].at(-1);
  if (end && !/\p{L}/u.test(last.slice(end.index + end[0].length))) claims.push(['end', valueOf(end[0])]);
  const all = reply.match(NUMBERS);
  if (all) {
    const frame = reply
      .toLowerCase()
      .replace(NUMBERS, '0')
      .replace(/[^\p{L}0]+/gu, ' ');
    claims.push([`words:${frame}`, all.map(valueOf).join(' ')]);
  }
  return claims;
}

const NUMBERS = /\d+(?:[.,]\d+)*/g;
const NO_ANSWER = /^no (?:problem|worries|worry|doubt|one|matter|longer|more|wonder|need|idea|thanks|way|such)\b/i;

/** Whether the prompt names this answer, as a word of its own. */
function offers(prompt: string, label: string): boolean {
  const text = prompt.normalize('NFKC').toLowerCase();
  const isPart = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  for (let at = text.indexOf(label); at >= 0; at = text.indexOf(label, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + label.length])) return true;
  }
  return false;
}

// ── How many there are ──────────────────────────────────────────────────────

/** Of replies also those to a prompt of the kinds `closed` and `contradict` that are only written otherwise, or contradict none. */
type ByKind = Record<Kind | 'rewritten' | 'beside', number>;
const none = (): ByKind => ({ closed: 0, contradict: 0, several: 0, open: 0, unread: 0, rewritten: 0, beside: 0 });

/** Counts of one slice of the keys, or of all. */
interface Slice {
  /** Replies to a prompt. */
  pairs: number;
  /** Different prompts, with one reply or several. */
  asked: number;
  readonly prompts: ByKind;
  /** Replies beyond the first of each prompt. */
  readonly excess: ByKind;
}

/** Where one share is taken: a task, or the file. */
interface Pool {
  /** The place of its task in `tasks`; undefined where the pool is the file. */
  readonly at: number | undefined;
  /** The task, where there is one. */
  readonly task: Task | undefined;
  readonly judged: boolean;
  /** 20, by the keys of prompts; one where the figures are exact. */
  readonly slices: readonly Slice[];
  /** The share of unread prompts that is taken for closed, where none was read. */
  readonly guess: number;
  /** Where prompts come with several replies on purpose: the share that does. */
  readonly references?: number;
}

/**
 * A pool per task where everything could be read, so that the contradictions of a small task are not lost in a large file; else one
 * pool for the file. Unread prompts belong to the largest task then: they are few, and too long to be read.
 */
function poolsOf(replies: Groups, panel: Panel, read: ReadonlyMap<number, ReadPrompt>, prompts: readonly number[], exact: boolean): Pool[] {
  const all = tasks(panel);
  const perTask = exact && all.length > 1;
  const size = exact ? 1 : 20;
  const slice = (): Slice => ({ pairs: 0, asked: 0, prompts: none(), excess: none() });
  const pool = (task: Task | undefined, at?: number): Pool => ({
    at,
    task,
    judged: at === undefined || task!.judged,
    slices: Array.from({ length: size }, slice),
    guess: closedShare(all),
  });
  const pools = perTask ? all.map((task, at) => pool(task, at)) : [pool(all.length === 1 ? all[0] : undefined)];
  if (perTask) {
    for (const { task, slices, at } of pools) {
      slices[0]!.asked = prompts[at!]!;
      for (const { pair, example } of task!.pairs) if (isAsked(pair)) slices[0]!.pairs += example.times;
    }
  } else {
    replies.count().times.forEach((n, i) => {
      pools[0]!.slices[i % size]!.pairs += n;
    });
  }
  replies.each((distinct, _, key) => {
    const known = read.get(key);
    const part = pools[perTask ? (known?.task ?? 0) : 0]!.slices[key % size]!;
    if (!perTask) part.asked += 1;
    if (distinct < 2) return;
    const kind = known?.kind ?? 'unread';
    part.prompts[kind] += 1;
    const bad = known && known.against.size > 0 ? ((distinct - 1) * known.against.size) / (known.compared - 1) : distinct - 1;
    part.excess[kind] += bad;
    if (kind === 'closed') part.excess.rewritten += distinct - 1 - bad;
    if (kind === 'contradict') part.excess.beside += distinct - 1 - bad;
  });
  return pools.filter(({ slices }) => slices.some(({ pairs: n }) => n > 0)).map(withReferences);
}

/** In these a second reply is a second opinion, however many prompts have one. */
const CHOICES: readonly TaskType[] = ['classify', 'choose', 'extract'];
/** So large a share of the prompts has several replies where that is how the data was made: captions, translations, samples of a model. */
const ON_PURPOSE = 0.5;

/** Of a task whose prompts mostly come with several replies: those that do not contradict are references, whatever its type. */
function withReferences(pool: Pool): Pool {
  const total = totalOf(pool.slices);
  const share = sumOf(total.prompts) / Math.max(1, total.asked);
  if (!pool.task || CHOICES.includes(pool.task.type) || share < ON_PURPOSE) return pool;
  const fine = (counts: ByKind): ByKind => ({
    ...counts,
    closed: 0,
    rewritten: 0,
    several: counts.several + counts.closed + counts.rewritten,
  });
  const slices = pool.slices.map((slice) => ({ ...slice, prompts: fine(slice.prompts), excess: fine(slice.excess) }));
  return { ...pool, slices, guess: 0, references: share };
}

/** The share of pairs in tasks with one right answer. */
function closedShare(all: readonly Task[]): number {
  let closed = 0;
  let total = 0;
  for (const { type, pairs: items } of all) {
    total += items.length;
    if (!OPEN.includes(type)) closed += items.length;
  }
  return total === 0 ? 0 : closed / total;
}

function totalOf(slices: readonly Slice[], without = -1): Slice {
  const total: Slice = { pairs: 0, asked: 0, prompts: none(), excess: none() };
  slices.forEach(({ pairs: n, asked, prompts, excess }, i) => {
    if (i === without) return;
    total.pairs += n;
    total.asked += asked;
    for (const kind of Object.keys(prompts) as (keyof ByKind)[]) {
      total.prompts[kind] += prompts[kind];
      total.excess[kind] += excess[kind];
    }
  });
  return total;
}

/** How many of these contradict: those that were read, and of the others the same share as of those. */
function contradicting({ closed, contradict: wrong, several, open, unread, rewritten: same, beside }: ByKind, guess: number): number {
  const opened = wrong + several + beside;
  const known = closed + same + opened + open;
  const bad = closed + wrong + (opened === 0 ? 0 : (open * wrong) / opened);
  return bad + unread * (known === 0 ? guess : bad / known);
}

const sumOf = (counts: ByKind): number => Object.values(counts).reduce((sum, n) => sum + n, 0);

type Options = { readonly warn: number; readonly error: number; readonly prompts: number };

interface Judged {
  readonly score: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly share: number;
  readonly pairs: number;
  /** `beside`: replies to these prompts that differ from the first and contradict none that stays. */
  readonly bad: { readonly prompts: number; readonly excess: number; readonly beside: number };
  readonly fine: { readonly prompts: number; readonly excess: number };
}

/** @param scale what a count of the kept prompts stands for among all */
function judgePool(slice: Slice, { guess, judged }: Pick<Pool, 'guess' | 'judged'>, options: Options, scale: number): Judged {
  const whole = (n: number): number => Math.round(n * scale);
  const excess = contradicting(slice.excess, guess);
  const prompts = contradicting(slice.prompts, guess);
  const share = slice.pairs === 0 ? 0 : excess / slice.pairs;
  const { score, level } = judge(EXCESS, share, options);
  const few = whole(prompts) < options.prompts || !judged;
  const beside = whole(slice.excess.rewritten + slice.excess.beside);
  const bad = { prompts: Math.min(whole(prompts), whole(excess)), excess: whole(excess), beside }; // each by its own ratio: estimates may cross
  return {
    score: few ? heldBack(score, 'info') : score,
    level: few ? 'info' : (level ?? 'info'),
    share,
    pairs: whole(slice.pairs),
    bad,
    fine: { prompts: whole(sumOf(slice.prompts)) - bad.prompts, excess: Math.max(0, whole(sumOf(slice.excess)) - bad.excess - beside) },
  };
}

/** The score with each slice of the prompts left out; there is one pool then. */
function replicatesOf(pools: readonly Pool[], options: Options, scale: number): number[] {
  return Array.from({ length: 20 }, (_, i) =>
    Math.max(0, ...pools.map((pool) => judgePool(totalOf(pool.slices, i), pool, options, scale).score)),
  );
}

// ── Findings ────────────────────────────────────────────────────────────────

function findingsOf(
  { pool, level, share, pairs: all, bad, fine }: Judged & { readonly pool: Pool },
  replies: Groups,
  read: ReadonlyMap<number, ReadPrompt>,
  options: Options,
  exact: boolean,
): Remark[] {
  const findings: Remark[] = [];
  const { task, at, references } = pool;
  const where = at === undefined ? '' : `In ${quote(task!.name)} `;
  const about = exact ? '' : 'about ';
  const start = (text: string): string => (where === '' ? `${text[0]!.toUpperCase()}${text.slice(1)}` : where + text);
  const key = at === undefined ? '' : `:${task!.key}`;
  const have = (n: number): string => `${about}${count(n, 'prompt')} ${n === 1 ? 'has' : 'have'}`;
  const of = (n: number, how = n === 1 ? 'differs from the first' : 'differ from the first'): string =>
    `${about}${integer(n)} of ${count(all, 'reply', 'replies')} (${percent(n / Math.max(1, all))}) ${how}`;
  const contradicts = bad.beside === 0 ? undefined : bad.excess === 1 ? 'contradicts another' : 'contradict another';
  const data = (n: { readonly prompts: number; readonly excess: number }) => ({
    ...(at !== undefined && { task: task!.name }),
    prompts: n.prompts,
    excess: n.excess,
    replies: all,
  });
  // Where those that were read are of one kind, so are the others taken to be, and are listed with them.
  const anyBad = pool.slices.some(({ prompts }) => prompts.closed + prompts.contradict > 0);

  if (bad.prompts > 0) {
    const listed = listOf(replies, read, at, [
      ...(references === undefined ? BAD : BAD.slice(1)),
      ...(fine.prompts === 0 || !anyBad ? NOT_READ : []),
    ]);
    findings.push({
      key: `contradicting${key}`,
      level,
      message: start(
        `${have(bad.prompts)} replies that contradict each other: ${of(bad.excess, contradicts)}${level === 'info' ? '' : `, expected under ${percent(options.warn)}`}`,
      ),
      suggestion: `Decide on one reply for ${each(bad.prompts)} and check ${theOther(bad.excess)} against it`,
      evidence: listed,
      data: { ...data(bad), share: rounded(share) },
    });
  }
  if (fine.prompts > 0) {
    const formal = references === undefined && task !== undefined && !task.proseReplies && !task.labelLike;
    const said =
      references !== undefined
        ? `looks like several references per prompt, as ${percent(references)} of all prompts have them`
        : formal
          ? 'may be ways to write the same'
          : 'may be several good answers to an open-ended task';
    findings.push({
      key: `${references === undefined ? 'several' : 'references'}${key}`,
      level: 'info',
      message: start(`${have(fine.prompts)} several replies, which ${said}: ${of(fine.excess)}`),
      suggestion: formal
        ? `Settle on one way to write it for ${each(fine.prompts)} and drop ${theOther(fine.excess)}, or check that each is right`
        : `Check that each of the ${integer(fine.prompts + fine.excess)} replies is a good one, or drop ${theOther(fine.excess)}`,
      evidence: listOf(replies, read, at, [...(references === undefined ? [] : (['closed'] as const)), 'several', ...NOT_READ]),
      data: data(fine),
    });
  }
  return findings;
}

const theOther = (replies: number): string => (replies === 1 ? 'the other' : `the other ${integer(replies)}`);
const each = (prompts: number): string => (prompts === 1 ? 'this prompt' : `each of the ${integer(prompts)} prompts`);

/** Each reply that differs from the first: the second replies of all prompts, then the third, so that the first few show different prompts. */
function listOf(replies: Groups, read: ReadonlyMap<number, ReadPrompt>, pool: number | undefined, kinds: readonly Kind[]): Evidence[] {
  const isOurs = (key: number): boolean => {
    const known = read.get(key);
    return kinds.includes(known?.kind ?? 'unread') && (pool === undefined || (known?.task ?? 0) === pool);
  };
  return replies
    .top(LISTED, (members, _, key) => (members > 1 && isOurs(key) ? members - 1 : 0))
    .flatMap((group) => others(group, read.get(group.key)))
    .sort((a, b) => a.rank - b.rank || b.known - a.known)
    .map(({ evidence }) => evidence);
}

interface Listed {
  readonly rank: number;
  /** How many of the two replies the panel holds. */
  readonly known: number;
  readonly evidence: Evidence;
}

/** Where it is known which of the replies contradict: these, each beside the one that it contradicts; else all beside the first. */
function others({ members }: Group, prompt: ReadPrompt | undefined): Listed[] {
  const items = prompt?.items;
  const places = new Map(members.map((one) => [one.member, one.places[0]!]));
  const told: { readonly key: number; readonly other: number }[] = [];
  for (const { member } of members.slice(1))
    if (!prompt || prompt.against.size === 0) told.push({ key: member, other: members[0]!.member });
  for (const { member } of members) {
    const other = prompt?.against.get(member);
    if (other === undefined) continue;
    // the line that comes later is named first
    const isLater = members.findIndex((one) => one.member === other) < members.findIndex((one) => one.member === member);
    told.push(isLater ? { key: member, other } : { key: other, other: member });
  }
  return told.slice(0, REPLIES - 1).map(({ key, other }, rank) => {
    const at = places.get(key)!;
    const [pair, before] = [items?.get(key)?.pair, items?.get(other)?.pair];
    const excerpt = excerptAround(excerptOf(at, pair, places.get(other)!, before));
    return { rank, known: Number(pair !== undefined) + Number(before !== undefined), evidence: { ...at, excerpt } };
  });
}

function excerptOf(at: Place, pair: Pair | undefined, first: Place, before: Pair | undefined): string {
  const there = at.file === first.file ? `on line ${first.line}` : `at ${first.file}:${first.line}`;
  const prompt = (pair ?? before)?.prompt;
  if (prompt === undefined) return `another reply than ${there}`;
  if (!pair || !before) return `another reply than ${there}, to ${quote(prompt.trim(), 80)}`;
  const [here, other] = apart(pair.reply.trim(), before.reply.trim());
  return `${quote(here, 36)}, but ${there} ${quote(other, 36)}, to ${quote(prompt.trim(), 40)}`;
}

/**
 * Both texts from a little before their first difference, where it is not at their start: the first one that is not of case or blanks,
 * if there is any, since "select Name" and "SELECT name" go on to differ in what they select.
 */
function apart(a: string, b: string): [string, string] {
  const [i, j] = valuesApart(a, b) ?? differAt(a, b);
  return [cutBefore(a, i), cutBefore(b, j)];
}

const isBlank = (char: string | undefined): boolean => char !== undefined && char.trim() === '';

function differAt(a: string, b: string): [number, number] {
  let i = 0;
  let j = 0;
  for (;;) {
    while (isBlank(a[i])) i++;
    while (isBlank(b[j])) j++;
    if (i >= a.length && j >= b.length) break;
    if (a[i]?.toLowerCase() !== b[j]?.toLowerCase()) return [i, j];
    i++;
    j++;
  }
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return [same, same];
}

/** From the start of a word that is at most so many characters before the difference, and as many as that of one that is longer. */
const BEFORE = 16;

function cutBefore(text: string, at: number): string {
  if (at <= 24) return text;
  let from = at - BEFORE;
  for (let i = from; i <= at; i++) {
    if (!isBlank(text[i - 1])) continue;
    from = i;
    break;
  }
  return `…${text.slice(from)}`;
}

// ── Prompts that are nearly the same ────────────────────────────────────────

/** Where a small difference in the prompt makes none in the reply. Elsewhere what was changed in the prompt may be what the reply keeps or mends. */
const NEAR: readonly TaskType[] = ['classify', 'choose', 'generate', 'expand'];
/** So many pairs agree for each that does not: where fewer do, the small difference is what the task is about (as in texts that were edited to change their label). */
const AGREE = 2;
/** Pairs of a task whose replies are compared. */
const NEAR_PAIRS = 1000;

interface Asked {
  readonly prompt: string;
  /** Of each reply that it has, the first pair. */
  readonly items: PanelPair[];
}

interface NearConflict {
  readonly first: PanelPair;
  readonly second: PanelPair;
}

/**
 * Pairs of prompts on the panel that ask the same but for small words, marks or a slip of the pen, whose replies contradict each other. Openings of
 * conversations only, under the same system text.
 */
function nearFindings(panel: Panel, exact: boolean): Remark[] {
  const all = tasks(panel);
  const labels = recurring(panel);
  return all.flatMap((task) => {
    if (!NEAR.includes(task.type)) return [];
    const found: Record<NearBy, NearConflict[]> = { 'small words': [], spelling: [] };
    const agree: Record<NearBy, number> = { 'small words': 0, spelling: 0 };
    let left = NEAR_PAIRS;
    const seen = new Set<number>();
    for (const asked of askedBySystem(task)) {
      for (const { first, second, by } of nearSame(asked.map(({ prompt }) => prompt))) {
        if (left-- === 0) break;
        const [a, b] = [asked[first]!.items, asked[second]!.items];
        const [one, other] = [contextOf(a[0]!), contextOf(b[0]!)].sort((x, y) => x - y) as [number, number];
        const key = combine(one, other);
        if (one === other || seen.has(key)) continue; // the same but for case, blanks and final marks: told above
        seen.add(key);
        if (differ(a, b, task, labels)) found[by].push({ first: a[0]!, second: b[0]! });
        else agree[by] += 1;
      }
      if (left < 0) break;
    }
    const telling = (Object.keys(found) as NearBy[]).filter((by) => found[by].length > 0 && agree[by] >= AGREE * found[by].length);
    const told = telling.flatMap((by) => found[by]);
    if (told.length === 0) return [];
    const agreeing = telling.reduce((sum, by) => sum + agree[by], 0);
    return [nearFinding(told, agreeing, all.length > 1 ? task : undefined, exact)];
  });
}

/** The prompts that open a conversation, by the system text before them. */
function askedBySystem({ pairs: items }: Task): Iterable<Asked[]> {
  const systems = new Map<string, Map<string, Asked>>();
  for (const item of items) {
    const { pair, example } = item;
    if (!isAsked(pair) || example.messages.findIndex(({ role }) => role === 'assistant') !== pair.turn) continue;
    let found = systems.get(pair.system);
    if (!found) {
      found = new Map();
      systems.set(pair.system, found);
    }
    const known = found.get(pair.prompt);
    if (!known) found.set(pair.prompt, { prompt: pair.prompt, items: [item] });
    else if (known.items.length < REPLIES) known.items.push(item);
  }
  return [...systems.values()].map((found) => [...found.values()]);
}

const contextOf = ({ example }: PanelPair): number => pairKeys(example)[0]!.context;

/** Whether the replies to one prompt contradict those to another. What one of them does to itself is told elsewhere. */
function differ(a: readonly PanelPair[], b: readonly PanelPair[], { type }: Task, labels: ReadonlyMap<string, number>): boolean {
  const disagree = (items: readonly PanelPair[]): boolean => contradictions(new Map(items.map((item, i) => [i, item])), labels).size > 0;
  if (OPEN.includes(type)) return disagree([...a, ...b]) && !disagree(a) && !disagree(b);
  const wayOf = ({ pair }: PanelPair): string => statementOf(pair.reply)?.canonical ?? foldLabel(pair.reply);
  const said = new Set(a.map(wayOf));
  return !b.some((item) => said.has(wayOf(item)));
}

function nearFinding(told: readonly NearConflict[], agreeing: number, task: Task | undefined, exact: boolean): Remark {
  const [have, pairsOf] = told.length === 1 ? ['has', 'pair'] : ['have', 'pairs'];
  const message = `${exact ? '' : 'at least '}${integer(told.length)} ${pairsOf} of prompts that differ only in small words, marks or one letter ${have} replies that contradict each other, where ${count(agreeing, 'such pair')} ${agreeing === 1 ? 'agrees' : 'agree'}`;
  return {
    key: task ? `near-same:${task.key}` : 'near-same',
    level: 'info',
    message: task ? `In ${quote(task.name)} ${message}` : `${message[0]!.toUpperCase()}${message.slice(1)}`,
    suggestion:
      told.length === 1
        ? 'Decide on one reply for both prompts, and correct the other'
        : `Decide on one reply for each of the ${integer(told.length)} pairs, and correct the other ${integer(told.length)}`,
    evidence: told.slice(0, LISTED).map(nearEvidence),
    data: { ...(task && { task: task.name }), pairs: told.length, agreeing },
  };
}

function nearEvidence({ first, second }: NearConflict): Evidence {
  const { at } = second.example;
  const there = first.example.at;
  const [here, other] = apart(second.pair.reply.trim(), first.pair.reply.trim());
  const [asked, before] = apart(second.pair.prompt.trim(), first.pair.prompt.trim());
  const where = at.file === there.file ? `on line ${there.line}` : `at ${there.file}:${there.line}`;
  return {
    ...at,
    excerpt: excerptAround(`${quote(asked, 42)} → ${quote(here, 24)}, but ${where} ${quote(before, 42)} → ${quote(other, 24)}`),
  };
}
