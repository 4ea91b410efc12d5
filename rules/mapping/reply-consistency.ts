import {
  areLabels,
  type Blank,
  blankAt,
  count,
  defineRule,
  type Evidence,
  type Form,
  fallbackSpellings,
  foldLabel,
  habits,
  heldBack,
  integer,
  isShort,
  isSyntax,
  judge,
  labelAt,
  list,
  type Measure,
  markerAt,
  oneTask,
  type PanelPair,
  percent,
  quote,
  type Remark,
  type ReplyReading,
  rounded,
  SEEN_HABITS,
  type Severity,
  type Task,
  type TaskHabits,
  type TaskType,
  tasks,
} from '../../src/kit.ts';

const OTHERS: Measure = { even: 0.05, worst: 0.5, scale: 'linear', warn: 'warn' };

/** Below this many replies a mix is a hint at most. */
const ENOUGH = 100;
/** A way that so few replies take, and so small a part of them, is a slip: it is not counted apart. */
const SLIPS = 3;
const SLIP_SHARE = 0.01;
/** Ways that are named; the rest are counted together. */
const NAMED = 4;
/** One task, one way to answer. */
const CLOSED: readonly TaskType[] = ['classify', 'choose', 'extract', 'edit', 'reformat', 'copy'];
const GROUPS = 20;

export default defineRule({
  meta: {
    id: 'reply-consistency',
    family: 'mapping',
    severity: 'warn',
    docs: {
      summary: 'Measures how many replies of one task begin, end, reason or spell otherwise than the others do.',
      why: 'Where some replies begin with a name and others with a blank, or a third of the labels come with an explanation, nothing in the prompt says which it will be: the model learns to toss a coin, and whatever reads its replies fails as often.',
      score:
        'The share of replies of a task that do not do as most of them do: how they begin (with a blank, a line break, the label of a speaker), which stop marker they end with, how a label is spelled, and whether steps are shown before the answer where the task has one answer (it classifies, chooses, extracts, edits or reformats, or the replies without steps are labels or numbers). 0 up to 5%, .5 at the warn bound, .79 where as many do otherwise; never an error. Of several tasks the worst counts. Formats, final marks, blanks at the end and the spellings of "no answer" are hints. Replies that are calls, and blanks before code, are left out. In tasks that generate text, several formats and lengths are as they should be.',
      source:
        'The rule of one format for every example is in every service\'s guide, such as OpenAI\'s legacy fine-tuning guide ("each completion should end with a fixed stop sequence"); labels that contradict each other bound what can be learnt: Northcutt et al. 2021, https://arxiv.org/abs/2103.14749.',
    },
    options: {
      warn: {
        type: 'number',
        default: 0.1,
        minimum: 0,
        maximum: 0.5,
        description: 'The share of replies that do otherwise than most from which it is a warning.',
      },
      wanted: {
        type: 'array',
        items: { type: 'string', enum: SEEN_HABITS },
        default: [],
        description:
          'Habits that all replies are meant to keep, by the ids that taught-patterns gives them (voice and tense are not looked at here): it is told where too many do not.',
      },
    },
    measures: { others: OTHERS },
    needs: ['stems'],
  },

  create: () => ({}),

  finish(_, options, panel) {
    const prompted = tasks(panel).filter(({ pairs }) => pairs.some(({ pair }) => pair.hasPrompt));
    if (prompted.length === 0) return { score: null, notJudged: 'no prompts', findings: [] };
    const judged = prompted.filter((task) => task.judged);
    if (judged.length === 0) return { score: null, notJudged: 'too few replies of one task', findings: [] };

    const read = new Map(habits(panel).map((found) => [found.task, found]));
    const alone = oneTask(panel);
    const mixes = judged.flatMap((task) => mixesOf(task, read.get(task), options.wanted));
    const scored = mixes.map((mix) => ({ mix, ...weigh(mix, options) })).sort((a, b) => b.score - a.score);
    return {
      score: Math.max(0, ...scored.map(({ score }) => score)),
      ...(!panel.whole && {
        replicates: Array.from({ length: GROUPS }, (_, group) => Math.max(0, ...mixes.map((mix) => weigh(mix, options, group).score))),
      }),
      findings: scored.map(({ mix, level }) => remark(mix, level, options.warn, alone)),
    };
  },
});

// ── Ways ────────────────────────────────────────────────────────────────────

interface Way {
  readonly name: string;
  readonly replies: number;
  readonly inGroup: readonly number[];
  /** The first of them. */
  readonly items: readonly PanelPair[];
}

/** How the replies of a task do one thing: the share that does not do as most do is what is measured. */
interface Mix {
  readonly task: Task;
  readonly what: string;
  /** Commonest first; of a wanted habit those that keep it. */
  readonly ways: readonly Way[];
  readonly replies: number;
  /** A hint at most, and not scored. */
  readonly hint?: true;
  /** A clause that begins small. */
  readonly measured: string;
  readonly suggestion: string;
  readonly expected?: string;
  /** Which end of the reply shows it. */
  readonly at: 'start' | 'end';
}

const SHOWN = 2;

function waysOf(items: readonly PanelPair[], nameOf: (item: PanelPair, i: number) => string): Way[] {
  const ways = new Map<string, { name: string; replies: number; inGroup: number[]; items: PanelPair[] }>();
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const name = nameOf(item, i);
    let way = ways.get(name);
    if (!way) {
      way = { name, replies: 0, inGroup: new Array<number>(GROUPS).fill(0), items: [] };
      ways.set(name, way);
    }
    way.replies++;
    way.inGroup[item.example.group]! += 1;
    if (way.items.length < SHOWN) way.items.push(item);
  }
  return [...ways.values()].sort((a, b) => b.replies - a.replies || (a.name < b.name ? -1 : 1));
}

/** The share that does not do as most do, of the replies outside one jackknife group. */
function othersOf({ ways, replies }: Mix, without?: number): number {
  const most = ways[0]!;
  if (without === undefined) return rounded((replies - most.replies) / replies);
  const left = replies - ways.reduce((sum, { inGroup }) => sum + inGroup[without]!, 0);
  return left === 0 ? 0 : rounded((left - most.replies + most.inGroup[without]!) / left);
}

function weigh(mix: Mix, options: { readonly warn: number }, without?: number): { readonly score: number; readonly level: Severity } {
  if (mix.hint) return { score: 0, level: 'info' };
  const { score, level } = judge(OTHERS, othersOf(mix, without), options);
  return level && mix.replies < ENOUGH ? { score: heldBack(score, 'info'), level: 'info' } : { score, level: level ?? 'info' };
}

// ── What is looked at ───────────────────────────────────────────────────────

function mixesOf(task: Task, found: TaskHabits | undefined, wanted: readonly string[]): Mix[] {
  const items = task.pairs.filter(({ pair, example }) => pair.hasPrompt && pair.reply.trim() !== '' && !example.messages[pair.turn]?.calls);
  if (items.length === 0) return [];
  return [
    starts(task, items),
    ends(task, items),
    endBlanks(task, items),
    spellings(task, items),
    fallbacks(task, items),
    ...(found
      ? [reasoning(task, found.readings), forms(task, found.readings), finals(task, found.readings), ...keptBy(found, wanted)]
      : []),
  ].flatMap((mix) => (mix && mix.ways.length > 1 ? [mix] : []));
}

/** Names that few have are slips, and count as none: those are the replies of no name. */
function frequent(names: readonly string[]): ReadonlySet<string> {
  const times = new Map<string, number>();
  for (const name of names) if (name !== '') times.set(name, (times.get(name) ?? 0) + 1);
  return new Set([...times].filter(([, n]) => n >= Math.max(SLIPS, SLIP_SHARE * names.length)).map(([name]) => name));
}

/** "3% of the replies begin with a blank, the others do not", "replies begin in 3 ways: 60% with a blank, …". */
function mixSaid(verb: string, ways: readonly Way[], replies: number): string {
  const none = ways.findIndex(({ name }) => name.startsWith('without'));
  if (ways.length === 2 && none >= 0) {
    const { name, replies: n } = ways[1 - none]!;
    return `${percent(n / replies)} of the replies ${verb} ${name}, the others do not`;
  }
  return `replies ${verb} in ${ways.length} ways: ${waysSaid(ways, replies)}`;
}

/** What the fewer would have to do, and what would do for all. */
function orderOf(verb: 'begin' | 'end', ways: readonly Way[], replies: number): string {
  const others = replies - ways[0]!.replies;
  const which = others === 1 ? 'the other one' : `the ${integer(others)} others`;
  const marked = ways.filter(({ name }) => !name.startsWith('with neither') && !name.startsWith('without'));
  if (marked.length === 1 && ways[0] !== marked[0])
    return `Write every reply one way: take ${marked[0]!.name.slice('with '.length)} out of ${count(others, 'reply', 'replies')}`;
  const out = list(marked.slice(0, NAMED).map(({ name }) => name.slice('with '.length)));
  if (ways[0] === marked[0]) return `Write every reply one way: ${verb} ${which} ${marked[0]!.name} too, or take ${out} out of all`;
  return `Write every reply one way: take ${out} out of ${count(others, 'reply', 'replies')}`;
}

const waysSaid = (ways: readonly Way[], replies: number): string =>
  list([
    ...ways.slice(0, NAMED).map(({ name, replies: n }) => `${percent(n / replies)} ${name}`),
    ...(ways.length > NAMED ? [`${percent(ways.slice(NAMED).reduce((sum, way) => sum + way.replies, 0) / replies)} otherwise`] : []),
  ]);

function starts(task: Task, items: readonly PanelPair[]): Mix | undefined {
  const labels = items.map(({ pair }) => labelAt(pair.reply, pair.prompt));
  const known = frequent(labels);
  // an indent before code is code
  const blanks = task.proseReplies || task.labelLike ? items.map(({ pair }) => blankAt(pair.reply.charAt(0))) : items.map((): Blank => '');
  const knownBlanks = frequent(blanks);
  if (known.size + knownBlanks.size === 0) return undefined;
  const none = known.size === 0 || knownBlanks.size === 0 ? 'without' : 'with neither';
  const ways = waysOf(items, (_, i) => {
    const blank = knownBlanks.has(blanks[i]!) ? `a ${blanks[i]!}` : '';
    const label = known.has(labels[i]!) ? quote(`${labels[i]!}:`) : '';
    return blank === '' && label === '' ? none : `with ${blank !== '' && label !== '' ? `${blank} and ${label}` : blank || label}`;
  });
  return {
    task,
    what: 'start',
    ways,
    replies: items.length,
    measured: mixSaid('begin', ways, items.length),
    suggestion: orderOf('begin', ways, items.length),
    at: 'start',
  };
}

function ends(task: Task, items: readonly PanelPair[]): Mix | undefined {
  const markers = items.map(({ pair }) => markerAt(pair.reply));
  const known = frequent(markers);
  if (known.size === 0) return undefined;
  const ways = waysOf(items, (_, i) => (known.has(markers[i]!) ? `with ${quote(markers[i]!)}` : 'without a stop marker'));
  return {
    task,
    what: 'end',
    ways,
    replies: items.length,
    measured: mixSaid('end', ways, items.length),
    suggestion: orderOf('end', ways, items.length),
    at: 'end',
  };
}

function endBlanks(task: Task, items: readonly PanelPair[]): Mix | undefined {
  const blanks = items.map(({ pair }) => blankAt(pair.reply.charAt(pair.reply.length - 1)));
  const known = frequent(blanks);
  if (known.size === 0) return undefined;
  const ways = waysOf(items, (_, i) => (known.has(blanks[i]!) ? `with a ${blanks[i]!}` : 'without'));
  return {
    task,
    what: 'end blanks',
    ways,
    replies: items.length,
    hint: true,
    measured: mixSaid('end', ways, items.length),
    suggestion: orderOf('end', ways, items.length),
    at: 'end',
  };
}

/** Spellings of one label: "Yes", "yes." and "YES". */
function spellings(task: Task, items: readonly PanelPair[]): Mix | undefined {
  if (!task.labelLike) return undefined;
  const labels = new Map<string, Map<string, number>>();
  for (const { pair } of items) {
    if (!isShort(pair.reply)) continue;
    const spelling = pair.reply.trim();
    const label = foldLabel(spelling);
    let times = labels.get(label);
    if (!times) labels.set(label, (times = new Map<string, number>()));
    times.set(spelling, (times.get(spelling) ?? 0) + 1);
  }
  const usual = new Map([...labels].map(([label, times]) => [label, byCount(times)]));
  const isUsual = (reply: string): boolean => {
    const spelling = reply.trim();
    const of = isShort(reply) ? usual.get(foldLabel(spelling)) : undefined;
    return of === undefined || of[0]![0] === spelling;
  };
  const ways = waysOf(items, ({ pair }) => (isUsual(pair.reply) ? 'as mostly' : 'otherwise'));
  if (ways.length < 2) return undefined;
  const [most, other] = [...usual.values()]
    .filter((of) => of.length > 1)
    .sort((a, b) => b[1]![1] - a[1]![1] || (a[0]![0] < b[0]![0] ? -1 : 1))[0]!;
  const others = ways.find(({ name }) => name === 'otherwise')!;
  return {
    task,
    what: 'spelling',
    ways,
    replies: items.length,
    measured: `${percent(others.replies / items.length)} of the replies spell their label otherwise than most do (${quote(other![0])} ${integer(other![1])} times, ${quote(most![0])} ${integer(most![1])} times)`,
    suggestion: `Spell each label one way: correct ${count(others.replies, 'reply', 'replies')}`,
    at: 'start',
  };
}

const byCount = (times: ReadonlyMap<string, number>): [string, number][] => [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

const FALLBACKS = 5;

function fallbacks(task: Task, items: readonly PanelPair[]): Mix | undefined {
  let found = fallbackSpellings(items);
  // labels of their own where labels are what is asked for
  if (task.labelLike) found = found.filter(({ group }) => group === found[0]!.group);
  const folded = new Set(found.map(({ spelling }) => foldLabel(spelling)));
  const total = found.reduce((sum, { items: of }) => sum + of.length, 0);
  if ((task.labelLike ? folded.size : found.length) < 2 || total < FALLBACKS || found[1]!.items.length < 2) return undefined;
  const spellingOf = new Map(found.flatMap(({ spelling, items: of }) => of.map((item) => [item, spelling] as const)));
  const ways = waysOf([...spellingOf.keys()], (item) => spellingOf.get(item)!);
  const named = ways.slice(0, NAMED).map(({ name, replies }) => `${quote(name)} ${replies === 1 ? 'once' : `${integer(replies)} times`}`);
  return {
    task,
    what: 'fallback',
    ways,
    replies: total,
    hint: true,
    measured: `that there is no answer is said in ${ways.length} ways: ${list([...named, ...(ways.length > NAMED ? [`${integer(ways.length - NAMED)} more`] : [])])}`,
    suggestion: `Say it one way in all ${integer(total)} replies, such as ${quote(ways[0]!.name)}`,
    at: 'start',
  };
}

const SHORT_SHARE = 0.9;
const FROM_PROMPT = 0.8;

function reasoning(task: Task, readings: readonly ReplyReading[]): Mix | undefined {
  // where a reply is made of its prompt, so are its sums
  const isShown = ({ reasoning: how, fromPrompt }: ReplyReading): boolean => how !== '' && fromPrompt < FROM_PROMPT;
  const bare = readings.filter((reading) => !isShown(reading));
  const shown = readings.length - bare.length;
  if (shown < SLIPS || bare.length < SLIPS || Math.min(shown, bare.length) < SLIP_SHARE * readings.length) return undefined;
  const short = bare.filter(({ text }) => isShort(text));
  const labels = new Set(short.map(({ text }) => foldLabel(text)));
  const numbers = bare.filter(({ form }) => form === 'number').length;
  const oneAnswer = CLOSED.includes(task.type) || areLabels(bare.length, short.length, labels.size) || numbers >= SHORT_SHARE * bare.length;
  const few = Math.min(shown, bare.length) < 0.2 * readings.length;
  if (!oneAnswer && few) return undefined;
  const items = readings.map(({ item }) => item);
  const ways = waysOf(items, (_, i) => (isShown(readings[i]!) ? 'in' : 'not in'));
  return {
    task,
    what: 'reasoning',
    ways,
    replies: readings.length,
    ...(!oneAnswer && { hint: true as const }),
    measured: `steps are shown before the answer in ${percent(shown / readings.length)} of the replies and not in ${percent(bare.length / readings.length)}${oneAnswer ? '' : ', which may be right where prompts ask for different things'}`,
    suggestion: oneAnswer
      ? ways[0]!.name === 'in'
        ? `Show the steps in the ${integer(bare.length)} others too, or say in the prompt when to`
        : `Take the steps out of ${integer(shown)} replies, or say in the prompt when to show them`
      : `See whether the ${integer(Math.min(shown, bare.length))} fewer ones were asked for; if not, write them as the others are`,
    at: 'start',
  };
}

const FORM_SHARE = 0.1;
const FORM_NAMES: Readonly<Partial<Record<Form, string>>> = {
  json: 'JSON',
  xml: 'XML',
  html: 'HTML',
  sql: 'SQL',
  code: 'code',
  table: 'a table',
  list: 'a list',
  fields: 'fields',
  number: 'a number',
  prose: 'prose',
};
/** What a prompt says where it is meant to be answered in that form. */
const ASKS: Readonly<Partial<Record<Form, RegExp>>> = {
  json: /\bjson|\bobject|\bschema|\bkeys?\b/i,
  xml: /\bxml\b|\btags?\b/i,
  html: /\bhtml|\bweb|\bpage\b/i,
  sql: /\bsql\b|\bquer|\btable|\bdatabase|\bselect\b/i,
  code: /\bcode|\bprogram|\bfunction|\bscript|\bpython|\bjava|\bc\+\+|\bimplement|\bclass\b|\bcommand|\bregex|\bhtml|\bcss\b|\balgorithm|\bmethod|\bbash\b|\bshell\b/i,
};

/** Where a task has one answer any mix of formats; else only forms for machines among prose, and only where the prompts do not ask for them. */
function forms(task: Task, readings: readonly ReplyReading[]): Mix | undefined {
  const closed = CLOSED.includes(task.type);
  const isOther = (form: Form): boolean => (closed ? form !== 'empty' : isSyntax(form));
  const items = readings.map(({ item }) => item);
  const ways = waysOf(items, (_, i) => {
    const { form } = readings[i]!;
    if (closed && form === 'number') return 'in prose';
    return `in ${isOther(form) ? (FORM_NAMES[form] ?? form) : 'prose'}`;
  });
  const large = ways.filter(({ replies }) => replies >= FORM_SHARE * readings.length);
  if (large.length < 2) return undefined;
  if (!closed) {
    for (const form of ['json', 'xml', 'html', 'sql', 'code'] as const) {
      const own = readings.filter((reading) => reading.form === form);
      if (own.length < FORM_SHARE * readings.length) continue;
      const asked = own.filter(({ item: { pair } }) =>
        ASKS[form]!.test(`${pair.system.slice(0, 2000)}\n${pair.prompt.slice(0, 4000)}`),
      ).length;
      if (asked * 2 >= own.length) return undefined;
    }
  }
  return {
    task,
    what: 'format',
    ways: large,
    replies: readings.length,
    hint: true,
    measured: `replies are written ${waysSaid(large, readings.length)}`,
    suggestion: `Write the ${integer(readings.length - large[0]!.replies)} others ${large[0]!.name} too, or say in the prompt which it is to be`,
    at: 'start',
  };
}

const FINAL_SHARE = 0.2;

/** Of replies of one line and four words or more: whether a mark ends them. */
function finals(task: Task, readings: readonly ReplyReading[]): Mix | undefined {
  const plain = readings.filter(
    ({ form, lines, words, marker }) => form === 'prose' && lines.length === 1 && words.length >= 4 && marker === '',
  );
  if (plain.length < ENOUGH || plain.length < 0.5 * readings.length) return undefined;
  const items = plain.map(({ item }) => item);
  const ways = waysOf(items, (_, i) => (/[.!?…。！？]["'”’)\]]*$/.test(plain[i]!.text) ? 'with a final mark' : 'without'));
  if (ways.length < 2 || ways[1]!.replies < FINAL_SHARE * plain.length) return undefined;
  const marked = ways.find(({ name }) => name !== 'without')!.replies;
  return {
    task,
    what: 'final mark',
    ways,
    replies: plain.length,
    hint: true,
    measured: `of replies of one line, ${percent(marked / plain.length)} end with a final mark and ${percent(1 - marked / plain.length)} without one`,
    suggestion: `End the ${integer(ways[1]!.replies)} others ${ways[0]!.name === 'without' ? 'without one' : 'with one'} too, where they are sentences`,
    at: 'end',
  };
}

/** The habits that are meant, and the replies that do not keep them. */
function keptBy({ task, find }: TaskHabits, wanted: readonly string[]): Mix[] {
  return wanted.flatMap((id): Mix[] => {
    const habit = find(id);
    if (!habit) return [];
    const { read, keeps, share, does, never } = habit;
    if (share === 1) return [];
    const found = waysOf(read, (_, i) => (keeps[i] === 1 ? 'kept' : 'not kept'));
    const [kept, not] = ['kept', 'not kept'].map((name) => found.find((way) => way.name === name)) as [Way | undefined, Way];
    const none: Way = { name: 'kept', replies: 0, inGroup: new Array<number>(GROUPS).fill(0), items: [] };
    const others = read.length - habit.kept;
    return [
      {
        task,
        what: `wanted: ${id}`,
        ways: [kept ?? none, not],
        replies: read.length,
        measured: `${share === 0 ? 'none' : percent(share)} of the replies ${share === 0 ? 'keeps' : 'keep'} the wanted habit ${quote(id)}${does === '' ? '' : ` (${never ? 'never ' : ''}${does})`}`,
        suggestion: `Rewrite ${count(others, 'reply', 'replies')} so that ${others === 1 ? 'it keeps' : 'they keep'} it`,
        expected: 'over',
        at: 'start',
      },
    ];
  });
}

// ── Telling ─────────────────────────────────────────────────────────────────

function remark(mix: Mix, level: Severity, warn: number, alone: boolean): Remark {
  const { task, what, ways, replies, measured, suggestion, at } = mix;
  // of a few slips these are what is to be seen
  const shown = level === 'info' ? ways.slice(0, NAMED).toReversed() : ways.slice(0, NAMED);
  const text = alone ? `${measured[0]!.toUpperCase()}${measured.slice(1)}` : `In the task ${quote(task.name)}, ${measured}`;
  return {
    key: alone ? what : `${task.key}: ${what}`,
    message: level === 'info' ? text : `${text}, expected ${mix.expected ?? 'one way in over'} ${percent(1 - warn)}`,
    level,
    suggestion,
    // one of each first, so that the first few show every way
    evidence: [0, 1].flatMap((nth) => shown.flatMap(({ items }) => items.slice(nth, nth + 1).map((item) => evidenceFor(item, at)))),
    data: {
      ...(!alone && { task: task.name }),
      replies,
      ways: ways.length,
      others: othersOf(mix),
      ...Object.fromEntries(ways.slice(0, NAMED).map(({ name, replies: n }) => [name, n])),
    },
  };
}

const EXCERPT = 100;

/** In quotes, since a blank at either end is what is to be seen. */
function evidenceFor({ pair, example }: PanelPair, at: Mix['at']): Evidence {
  const { reply } = pair;
  return { ...example.at, excerpt: quote(at === 'start' ? reply : reply.slice(-EXCERPT + 10), EXCERPT) };
}
