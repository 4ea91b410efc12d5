import {
  count,
  cutText,
  defineRule,
  type Evidence,
  excerptAround,
  HABITS,
  type Habit,
  habits,
  integer,
  list,
  oneTask,
  type PanelPair,
  type Picture,
  pairEvidence,
  percent,
  quote,
  type Remark,
  rounded,
  type TaskHabits,
} from '../../src/kit.ts';

/** Habits that the message names: what a reader takes in at once. All are in the picture and in `data`. */
const NAMED = 5;
/** What replies lack is named only where that many are not there, and at most twice. */
const NEVERS = 2;
/** From here on "always" is true enough: 199 in 200. */
const ALWAYS = 0.995;
/** What fewer replies than this keep is no habit. */
const KEPT = 0.9;
const ROWS = 60;

export default defineRule({
  meta: {
    id: 'taught-patterns',
    family: 'mapping',
    severity: 'info',
    docs: {
      summary: 'Tells what the replies of a task have in common, and so what a model tuned on them will do.',
      why: 'Patterns are what tuning teaches: whatever nine in ten replies share, their format, their length, their person, a stray "###" at the end, the model will do every time, wanted or not. Only the reader knows which of them are wanted.',
      score:
        'Not scored. A habit is told where at least 90% of the replies of a task keep it (85% at the lower end of the 95% interval) and ordinary replies do so much less often: by one bit or more (Kullback–Leibler divergence of the two shares), so that a habit of half of all replies is told only where all have it. The most surprising come first. What replies never do is told of 200 replies and more that are 20 words long in the median, and only of what one in seven ordinary replies does. At most 2,000 replies of a task are read, fewer for voice and tense. Labels are told as such; replies in code, SQL, JSON or XML are told by their form; where replies are made of the prompt, its wording is none of theirs. Grammar, person and wording are read in English only.',
      source:
        'Gudibande et al. 2023, "The false promise of imitating proprietary LLMs", https://arxiv.org/abs/2305.15717: tuning passes on style much sooner than knowledge.',
    },
    options: {
      wanted: {
        type: 'array',
        items: { type: 'string', enum: HABITS },
        default: [],
        description: 'The habits that are meant, by id: these are not told (reply-consistency can see to it that they are kept).',
      },
    },
    needs: ['compromise'],
  },

  create: () => ({}),

  finish(_, { wanted }, panel) {
    const all = habits(panel);
    if (all.length === 0) return { score: null, notJudged: 'too few replies of one task', findings: [] };
    const alone = oneTask(panel);
    const cards = all
      .map((found) => ({ found, told: found.told().filter(({ id }) => !wanted.includes(id)) }))
      .filter(({ told }) => told.length > 0);
    return {
      score: null,
      findings: cards.map(({ found, told }) => cardOf(found, told, alone, panel.whole)),
      ...(cards.length > 0 && { picture: pictureOf(cards, alone) }),
    };
  },
});

interface Card {
  readonly found: TaskHabits;
  readonly told: readonly Habit[];
}

function cardOf({ task, replies, all }: TaskHabits, told: readonly Habit[], alone: boolean, whole: boolean): Remark {
  const named = namedOf(told);
  // a tenth of the replies, written another way, is enough to break a habit
  const others =
    all && whole
      ? `${integer(Math.ceil((1 - KEPT) * replies))} of the ${count(replies, 'reply', 'replies')}`
      : `${percent(1 - KEPT)} of the replies`;
  return {
    key: alone ? 'habits' : `${task.key}: habits`,
    message: `${alone ? 'A' : `In the task ${quote(task.name)}, a`} model tuned on this will ${sentenceOf(named)}`,
    level: 'info',
    suggestion:
      told.length === 1 && told[0]!.id === 'labels'
        ? 'Leave it if labels are all that the model is to say'
        : told.length === 1
          ? `If you want this, put its id into the option wanted (${told[0]!.id}); to unteach it, write at least ${others} another way`
          : `Put the ids of those you want into the option wanted (${cutText(told.map(({ id }) => id).join(', '), 80)}); to unteach another, write at least ${others} another way`,
    evidence: evidenceOf(named),
    data: {
      ...(!alone && { task: task.name }),
      replies,
      habits: told.length,
      ...Object.fromEntries(told.map(({ id, share }) => [id, rounded(share)])),
    },
  };
}

function namedOf(told: readonly Habit[]): Habit[] {
  const done = told.filter(({ never }) => !never).slice(0, NAMED);
  return done.length < NAMED ? [...done, ...told.filter(({ never }) => never).slice(0, NEVERS)] : done;
}

/** "always end … (100%) and … (100%), nearly always … (97%), and never … (100%)". */
function sentenceOf(named: readonly Habit[]): string {
  const groups: readonly (readonly [how: string, and: string, habits: readonly Habit[]])[] = [
    ['always', 'and', named.filter(({ never, share }) => !never && share >= ALWAYS)],
    ['nearly always', 'and', named.filter(({ never, share }) => !never && share < ALWAYS)],
    ['never', 'or', named.filter(({ never, share }) => never && share === 1)],
    ['hardly ever', 'or', named.filter(({ never, share }) => never && share < 1)],
  ];
  const said = groups.flatMap(([how, and, found]) => (found.length === 0 ? [] : [`${how} ${list(clauses(found), and)}`]));
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')}, and ${said.at(-1)}`;
}

const AMOUNT = /^write (?:\d|at )/;

/** "write 10 to 40 sentences (96%)", "150 to 500 words (98%)": one verb for both. */
function clauses(found: readonly Habit[]): string[] {
  return found.map(({ does, share }, i) => {
    const repeated = i > 0 && AMOUNT.test(does) && found[i - 1]!.does.startsWith('write ');
    return `${repeated ? does.slice('write '.length) : does} (${percent(share)})`;
  });
}

const PLACES = 10;
const SHOWN = 90;
const SHOWN_END = 50;
/** These show at the end of a reply. */
const AT_END = new Set([
  'stop-marker',
  'closing',
  'answer-line',
  'question-end',
  'offer',
  'trailing-blank',
  'trailing-break',
  'no-final-mark',
]);

/** Two places for each habit that is named, each place once. */
function evidenceOf(named: readonly Habit[]): Evidence[] {
  const places = new Map<string, Evidence>();
  for (const { id, read, keeps } of named) {
    for (const item of read.filter((_, i) => keeps[i] === 1).slice(0, 2)) {
      const key = `${item.example.at.file}:${item.example.at.line}:${item.pair.turn}`;
      if (!places.has(key) && places.size < PLACES) places.set(key, evidenceFor(id, item));
    }
  }
  return [...places.values()];
}

function evidenceFor(id: string, item: PanelPair): Evidence {
  const { reply } = item.pair;
  if (id === 'labels' || id === 'own-words') return pairEvidence(item);
  return { ...item.example.at, excerpt: AT_END.has(id) ? excerptAround(reply, reply.length, SHOWN_END) : excerptAround(reply, 0, SHOWN) };
}

function pictureOf(cards: readonly Card[], alone: boolean): Picture {
  const rows = cards.flatMap(({ found, told }) =>
    told.map(({ id, does, never, share }): (string | number)[] => [
      ...(alone ? [] : [found.task.name]),
      id,
      `${never ? 'never' : 'always'} ${does}`,
      rounded(share),
    ]),
  );
  return {
    kind: 'table',
    title: 'What a model tuned on this will do',
    columns: [...(alone ? [] : ['task']), 'habit', 'the model will', 'share'],
    rows: rows.slice(0, ROWS),
  };
}
