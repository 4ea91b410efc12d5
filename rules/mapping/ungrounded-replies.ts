import {
  contextOf,
  count,
  defineRule,
  type Evidence,
  excerptAround,
  heldBack,
  integer,
  isName,
  judge,
  languageOf,
  list,
  type OptionsOf,
  oneTask,
  type Panel,
  type PanelPair,
  pairs,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  sentenceOf,
  speaks,
  type Task,
  type TaskType,
  tasks,
  textForm,
  type UnheldValue,
  unheldValues,
  type ValueKind,
  type Verdict,
} from '../../src/kit.ts';

const options = {
  warn: {
    description: 'Share of replies with a number, date or name that their prompt does not hold, at which it is a warning.',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'The same at which it is an error.',
    type: 'number',
    default: 0.4,
    minimum: 0,
    maximum: 1,
  },
} as const;
type Options = OptionsOf<typeof options>;

const measures = { share: { even: 0.02, worst: 0.8, scale: 'linear', warn: 'warn', error: 'error' } } as const;

/** Tasks whose replies are made of their prompts. */
const CLOSED: readonly TaskType[] = ['extract', 'compress', 'edit', 'reformat'];
/** Tasks whose replies may be answers out of the model's own memory. */
const OPEN: readonly TaskType[] = ['generate', 'expand'];
/** Pairs that are read: of all tasks made of their prompts, and at least of each; and of all open tasks together. */
const READ = 4000;
const READ_EACH = 200;
const READ_OPEN = 600;
/** Characters that are read of all tasks of a kind, and at least of each; contexts count with each reply. */
const CHARACTERS = 4_000_000;
const CHARACTERS_EACH = 100_000;
/** Characters that grammar reads, of the replies of tasks made of their prompts, and of the others. */
const GRAMMAR = 20_000;
const GRAMMAR_OPEN = 12_000;
/** Names that grammar has looked at in a task, before it is taken to tell of those that it has not. */
const TELLING = 10;
/** A value that so many of the replies hold is how they are worded. */
const WORDING = 0.2;
/** With fewer replies than this, nothing louder than info. */
const ENOUGH = 5;
/** Below this many readable pairs of a task nothing is said of it. */
const LEAST = 30;
/** An open task is told of where so many of its replies name so many such values. */
const FACTS = 2;
const FACTUAL = 0.5;
const EVIDENCE = 3;
const GROUPS = 20;

export default defineRule({
  meta: {
    id: 'ungrounded-replies',
    family: 'mapping',
    severity: 'error',
    docs: {
      summary:
        'Measures how many replies name numbers, dates or names that nothing before them holds, in tasks whose replies are made of their prompts.',
      why: 'A summary that names a sum its article does not hold cannot be learnt from the article: what the model may learn is to add such sums of its own. And answers that no prompt leads to may teach facts, which tuning does badly: they are better looked up and put into the prompt (retrieval).',
      score:
        'Of the tasks that extract, compress, edit or reformat, the share of replies with a value that the whole context (system text, earlier turns, prompt) holds in no form: 0 up to 2%, .5 at 10%, .8 at 40%, 1 from 80%; the worst task counts. A value is held if it stands there in words or digits, in another notation, rounded, or follows by arithmetic from numbers there or earlier in the reply; a name if half of its words do, as they are, with another ending, misspelt or as initials. Numbers up to three, numbers of lists and steps, code and addresses are no values, nor is what a fifth of the replies holds, which is wording. Names are looked for in English only, and inside sentences. Pairs whose prompt is too long to be read whole, or whose reply is in another language, are left out. Answers out of memory and texts without a prompt are info and not scored.',
      source:
        'Entity-level hallucination in summaries: Nan et al. 2021, https://aclanthology.org/2021.eacl-main.235; Maynez et al. 2020, https://aclanthology.org/2020.acl-main.173. New facts by tuning: Gekhman et al. 2024, https://arxiv.org/abs/2405.05904; against retrieval: Ovadia et al. 2024, https://arxiv.org/abs/2312.05934.',
    },
    options,
    measures,
    needs: ['compromise'],
  },

  create: () => ({ pairs: 0 }),

  observe(state, example) {
    state.pairs += pairs(example).length;
  },

  finish: ({ pairs: total }, settings, panel) => conclude(panel, settings, total),
});

function conclude(panel: Panel, settings: Options, total: number): Verdict {
  const all = tasks(panel);
  const onPanel = all.reduce((sum, { pairs: items }) => sum + items.length, 0);
  const scale = Math.max(1, total / Math.max(1, onPanel));
  const prompted = all.filter(hasPrompts);
  const open = all.filter((task) => task.judged && (OPEN.includes(task.type) || !hasPrompts(task)));
  const told = open.flatMap((task) => {
    const read = readTask(
      task,
      { most: Math.floor(READ_OPEN / open.length), grammar: GRAMMAR_OPEN / open.length, text: CHARACTERS / open.length },
      FACTS,
    );
    return hasPrompts(task) ? openRemark(read, panel, scale) : textsRemark(read, panel, scale);
  });
  if (prompted.length === 0) return { score: null, notJudged: 'no prompts', findings: told };

  const closed = prompted.filter(({ type }) => CLOSED.includes(type));
  const large = closed.filter(({ judged }) => judged);
  const each = Math.max(READ_EACH, Math.min(READ / 2, Math.floor(READ / Math.max(1, large.length))));
  const read = large.map((task) => readTask(task, { most: each, grammar: GRAMMAR / large.length, text: CHARACTERS / large.length }));
  const measured = read.filter(({ items }) => items.length >= LEAST);
  if (measured.length === 0) return { score: null, notJudged: whyNot(closed, read), findings: told };
  const judged = measured
    .map((one) => ({ one, ...verdictOf(one, settings) }))
    .sort((a, b) => b.score - a.score || (a.one.task.key < b.one.task.key ? -1 : 1));
  return {
    score: judged[0]!.score,
    ...(!panel.whole && {
      replicates: Array.from({ length: GROUPS }, (_, group) => Math.max(...measured.map((one) => verdictOf(one, settings, group).score))),
    }),
    findings: [...judged.flatMap(({ one, level }) => (level ? [remark(one, level, settings, panel, scale)] : [])), ...told],
  };
}

const hasPrompts = (task: Task): boolean => task.pairs.some(({ pair }) => pair.hasPrompt);

function whyNot(closed: readonly Task[], read: readonly ReadTask[]): string {
  if (closed.length === 0) return 'no task that extracts, compresses, edits or reformats';
  if (read.length === 0) return 'the tasks that extract, compress, edit or reformat are too small';
  const [first] = read.toSorted((a, b) => b.foreign + b.cut - a.foreign - a.cut);
  if (first!.foreign > first!.cut) return 'replies in another language than their prompts';
  if (first!.cut > 0) return 'prompts too long to be read whole';
  return 'too few replies of which the values can be read';
}

// ── Reading a task ──────────────────────────────────────────────────────────

interface ReadPair {
  readonly item: PanelPair;
  readonly values: readonly UnheldValue[];
  /** How sure it is that there is one (of open tasks: that there are several): 1 where it is a number or date, or grammar took a name for one; else what share of others it did. */
  readonly weight: number;
}

interface ReadTask {
  readonly task: Task;
  /** All that could be read, with or without such values. */
  readonly items: readonly ReadPair[];
  /** Left out: the reply is in another language; the context is too long. */
  readonly foreign: number;
  readonly cut: number;
}

/**
 * Reads the first pairs, in hash order: `most` of them, so much `text`, and of it so much as `grammar` may read.
 *
 * @param facts pairs count that have at least so many values; of several, reading ends with what grammar may read
 */
function readTask(task: Task, { most, grammar, text }: { most: number; grammar: number; text: number }, facts = 1): ReadTask {
  let characters = Math.max(CHARACTERS_EACH, text);
  const found: { item: PanelPair; values: UnheldValue[] }[] = [];
  const bare = !hasPrompts(task);
  let foreign = 0;
  let cut = 0;
  for (const item of task.pairs) {
    if (found.length + foreign + cut >= most || (characters <= 0 && found.length >= LEAST)) break;
    const { pair, example } = item;
    if (pair.hasPrompt === bare || pair.reply.trim() === '' || example.messages[pair.turn]?.calls || textForm(pair.reply).form === 'code')
      continue;
    const context = contextOf(example, pair);
    if (!context) {
      cut++;
      continue;
    }
    characters -= context.text.length + pair.reply.length;
    const language = languageOf(pair.reply);
    const before = languageOf(pair.prompt) ?? languageOf(context.text);
    if (language !== undefined && before !== undefined && language !== before && !speaks(context.text, language)) {
      foreign++;
      continue;
    }
    found.push({ item, values: unheldValues(pair.reply, context, (language ?? before) === 'English') });
  }
  return { task, items: confirmed(bare ? found : withoutWording(found), grammar, facts), foreign, cut };
}

/** The words that replies hold in small letters. */
function smallWords(found: readonly { readonly item: PanelPair }[]): ReadonlySet<string> {
  const small = new Set<string>();
  for (const { item } of found) for (const [word] of item.pair.reply.slice(0, 1000).matchAll(SMALL)) small.add(word);
  return small;
}
const NONE: ReadonlySet<string> = new Set();
const SMALL = /(?<![\p{L}'’])\p{Ll}[\p{L}\p{M}]{2,}/gu;

/** Without the values that a fifth of the replies holds. */
function withoutWording<T extends { readonly values: readonly UnheldValue[] }>(found: readonly T[]): T[] {
  const times = new Map<string, number>();
  const keyOfValue = ({ kind, text }: UnheldValue) => `${kind} ${text.toLowerCase()}`;
  for (const { values } of found) for (const key of new Set(values.map(keyOfValue))) times.set(key, (times.get(key) ?? 0) + 1);
  const most = Math.max(ENOUGH, WORDING * found.length);
  return found.map((one) => ({ ...one, values: one.values.filter((value) => times.get(keyOfValue(value))! < most) }));
}

/** Names are candidates until grammar has seen them; where it may read no more, the share that it took before is taken. */
function confirmed(
  found: readonly { readonly item: PanelPair; readonly values: readonly UnheldValue[] }[],
  grammar: number,
  facts: number,
): ReadPair[] {
  let left = grammar;
  const small = found.some(({ values }) => values.some(({ kind }) => kind === 'name')) ? smallWords(found) : NONE;
  let looked = 0;
  let taken = 0;
  const unread: ReadPair[] = [];
  const read: ReadPair[] = [];
  for (const { item, values } of found) {
    const sure = values.filter(({ kind }) => kind !== 'name');
    const names = values.filter(({ kind }) => kind === 'name');
    if (names.length === 0 || (facts > 1 && sure.length >= facts)) {
      read.push({ item, values: sure, weight: sure.length >= facts ? 1 : 0 });
      continue;
    }
    if (left <= 0 && facts > 1) return read; // the first so many pairs, whatever is in them
    if (left <= 0) {
      unread.push({ item, values: sure, weight: sure.length >= facts ? 1 : Number.NaN });
      continue;
    }
    const before = sure.length;
    for (const name of names.slice(0, facts + 1)) {
      const sentence = sentenceOf(item.pair.reply, name);
      left -= sentence.length;
      if (isName(sentence, name, small)) sure.push(name);
      if (sure.length - before >= facts) break;
    }
    looked++;
    if (sure.length > before) taken++;
    read.push({ item, values: sure, weight: sure.length >= facts ? 1 : 0 });
  }
  const share = looked < TELLING ? 0 : taken / looked;
  return [...read, ...unread.map((one) => (Number.isNaN(one.weight) ? { ...one, weight: share } : one))];
}

// ── Tasks made of their prompts ─────────────────────────────────────────────

interface Judged {
  readonly score: number;
  readonly level: Severity | undefined;
}

function verdictOf({ items }: ReadTask, settings: Options, without = -1): Judged {
  let n = 0;
  let sum = 0;
  for (const { item, weight } of items) {
    if (item.example.group === without) continue;
    n++;
    sum += weight;
  }
  const share = n === 0 ? 0 : rounded(sum / n);
  const { score, level } = judge(measures.share, share, settings);
  if (level === undefined) return { score, level: share >= measures.share.even && sum >= 3 ? 'info' : undefined };
  return sum < ENOUGH ? { score: heldBack(score, 'info'), level: 'info' } : { score, level };
}

const KINDS: readonly ValueKind[] = ['number', 'name', 'date'];

function sharesOf(items: readonly ReadPair[]): { any: number; kinds: Record<ValueKind, number> } {
  const kinds = { number: 0, name: 0, date: 0 };
  let any = 0;
  for (const { values, weight } of items) {
    any += weight;
    for (const kind of KINDS) if (values.some((value) => value.kind === kind)) kinds[kind]++;
    if (weight > 0 && values.length === 0) kinds.name += weight;
  }
  for (const kind of KINDS) kinds[kind] = rounded(kinds[kind] / items.length);
  return { any: rounded(any / items.length), kinds };
}

const inTask = (task: Task, panel: Panel): string => (oneTask(panel) ? '' : `In the task ${quote(task.name)}, `);
const keyOf = (what: string, task: Task, panel: Panel): string => (oneTask(panel) ? what : `${what} ${task.key}`);
const replies = (n: number, task: Task, panel: Panel): string =>
  count(
    n,
    panel.whole && n >= task.pairs.length * 0.95 ? 'reply' : 'sampled reply',
    panel.whole && n >= task.pairs.length * 0.95 ? 'replies' : 'sampled replies',
  );

function remark(read: ReadTask, level: Severity, settings: Options, panel: Panel, scale: number): Remark {
  const { task, items } = read;
  const { any, kinds } = sharesOf(items);
  const [first, ...more] = KINDS.filter((kind) => kinds[kind] > 0).toSorted((a, b) => kinds[b] - kinds[a]);
  const what =
    more.length === 0
      ? `a ${first} that their prompt does not hold`
      : `what their prompt does not hold (${list([first!, ...more].map((kind) => `${percent(kinds[kind])} a ${kind}`))})`;
  const check = Math.max(1, Math.round(any * task.pairs.length * scale));
  return {
    key: keyOf('ungrounded', task, panel),
    message: `${inTask(task, panel)}${percent(any)} of ${replies(items.length, task, panel)} name ${what}, expected under ${percent(settings.warn)}`,
    level,
    suggestion: `Check about ${integer(check)} ${check === 1 ? 'reply' : 'replies'}, put what they need into the prompt, or drop them: a model tuned on them may learn to add values of its own`,
    evidence: evidenceOf(items),
    data: {
      ...(!oneTask(panel) && { task: task.name }),
      replies: items.length,
      share: any,
      numbers: kinds.number,
      names: kinds.name,
      dates: kinds.date,
    },
  };
}

/** Three replies, of unlike kinds where there are, with the value in sight. */
function evidenceOf(items: readonly ReadPair[]): Evidence[] {
  const shown = new Map<ReadPair, UnheldValue>();
  for (const kind of KINDS) {
    const one = items.find((item) => !shown.has(item) && item.values.some((value) => value.kind === kind && value.at >= 0));
    if (one) shown.set(one, one.values.find((value) => value.kind === kind && value.at >= 0)!);
  }
  for (const one of items) {
    if (shown.size >= EVIDENCE) break;
    if (one.values.length > 0 && !shown.has(one)) shown.set(one, one.values[0]!);
  }
  return [...shown].slice(0, EVIDENCE).map(([{ item }, value]) => ({ ...item.example.at, excerpt: excerptOf(item, value) }));
}

const PROMPT = 40;
const WHOLE = 160;

/** The value first, then the reply around it, then how the prompt begins. */
function excerptOf({ pair }: PanelPair, { at, text }: UnheldValue): string {
  const value = quote(text, 30);
  const prompt = excerptAround(pair.prompt.trim(), 0, PROMPT);
  const reply = excerptAround(pair.reply, Math.max(0, at), WHOLE - PROMPT - value.length - 8, 30);
  return pair.hasPrompt ? `${value} in ${reply} ← ${prompt}` : `${value} in ${reply}`;
}

// ── Answers out of memory, and texts without a prompt ───────────────────────

/** Of an open task: whether most replies name several values out of nowhere, numbers or dates among them (a story has names of its own). */
function openRemark({ task, items }: ReadTask, panel: Panel, scale: number): Remark[] {
  if (items.length < LEAST) return [];
  const factual = items.filter(({ weight }) => weight > 0);
  const share = rounded(factual.length / items.length);
  const numbers = items.filter(({ values }) => values.some(({ kind }) => kind !== 'name')).length;
  if (share < FACTUAL || numbers < (FACTUAL / 2) * items.length) return [];
  const about = Math.round(share * task.pairs.length * scale);
  return [
    {
      key: keyOf('memory', task, panel),
      message: `${inTask(task, panel)}${percent(share)} of ${replies(items.length, task, panel)} name at least ${FACTS} numbers, dates or names that their prompt does not hold: such data may be teaching facts, and retrieval serves knowledge better`,
      level: 'info',
      suggestion: `Look through about ${count(about, 'reply', 'replies')}: put the facts that they need into their prompts, as retrieval would, and tune for how to answer`,
      evidence: evidenceOf(factual),
      data: { ...(!oneTask(panel) && { task: task.name }), replies: items.length, share },
    },
  ];
}

/** Texts without a prompt teach what they say. */
function textsRemark({ task, items }: ReadTask, panel: Panel, scale: number): Remark[] {
  if (items.length === 0) return [];
  const factual = items.filter(({ weight }) => weight > 0);
  const share = rounded(factual.length / items.length);
  const total = Math.round(task.pairs.length * scale);
  return [
    {
      key: keyOf('texts', task, panel),
      message: `${count(total, 'text')} without a prompt may teach facts and wording, but no mapping from prompts to replies: ${percent(share)} of ${integer(items.length)} that were read name at least ${FACTS} numbers, dates or names`,
      level: 'info',
      suggestion: `Put what the model should know of these ${count(total, 'text')} into prompts, as retrieval would, and write replies that use it; tune on bare texts for their wording only`,
      evidence: (factual.length > 0 ? factual : items).slice(0, EVIDENCE).map(({ item, values }) => ({
        ...item.example.at,
        excerpt: excerptAround(item.pair.reply, Math.max(0, values[0]?.at ?? 0)),
      })),
      data: { texts: total, read: items.length, share },
    },
  ];
}
