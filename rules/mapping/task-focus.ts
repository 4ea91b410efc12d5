import {
  count,
  defineRule,
  excerptAround,
  figure,
  type InstructionKind,
  integer,
  list,
  type Picture,
  pairEvidence,
  percent,
  quote,
  type ReplyForm,
  rounded,
  type TaskKind,
  type TaskKinds,
  taskKinds,
} from '../../src/kit.ts';

/** Fewer examples say little about a mix. */
const FEW = 30;
/** Where the task of fewer prompts than this can be told, nothing is said of the others. */
const TOLD = 0.5;
/** Tasks that are named in the message, and those that are listed. */
const NAMED = 4;
const LISTED = 12;

export default defineRule({
  meta: {
    id: 'task-focus',
    family: 'mapping',
    severity: 'warn',
    docs: {
      summary: 'Counts the different tasks that the prompts ask for, and names them.',
      why: 'A small model learns one thing well from a few hundred examples. Where a data set meant for one task holds others, each gets a share of what there is to learn from, and the rarer ones are learnt badly. A general assistant needs many: this is the one rule that minds variety, and it does so aloud only where `oneTask` says that there should be none.',
      score:
        'Not scored. The effective number of tasks is exp(H), H the entropy of their shares (the Hill number of order 1): 4 where four are equally frequent, near 1 where one has nearly all examples. What makes a task is its instruction, but for small words, or a field that its prompts open with. Without either, prompts are one task where their replies are labels, of one form (SQL, JSON with the same keys), end alike around a number, or come out of the prompt in one way; else they are told apart by the kind of the instruction (an English verb, or a question) and the form of the reply. Kinds are broad: questions of all sorts are one task. Instructions whose replies come out of one mould are wordings of one task. Nothing is said where most prompts give no instruction that can be read.',
      source:
        'Hill 1973, Diversity and evenness: a unifying notation and its consequences, https://doi.org/10.2307/1934352. Measured on at most 4,000 examples of the panel.',
    },
    options: {
      oneTask: {
        type: 'boolean',
        default: false,
        description: 'Whether the data is meant to teach one task, so that others among it are worth a warning.',
      },
      most: {
        type: 'number',
        default: 1.5,
        minimum: 1,
        description: 'The effective number of tasks above which they are told.',
      },
    },
  },

  create: () => ({}),

  finish(_, { oneTask, most }, panel) {
    const found = taskKinds(panel);
    const none = (notJudged: string) => ({ score: null, notJudged, findings: [] });
    if (found.examples === 0) return none('no prompts');
    if (found.examples < FEW) return none(`fewer than ${FEW} examples`);
    if (found.told < TOLD * found.examples) return none('most prompts give no instruction that can be read');

    const tasks = rounded(effectiveNumber(found.kinds.map(({ pairs }) => pairs.length)));
    if (found.kinds.length < 2) return { score: null, findings: [] };
    const picture = pictureOf(found);
    if (tasks <= most) return { score: null, findings: [], picture };
    const [largest, ...others] = found.kinds as [TaskKind, ...TaskKind[]];
    const rest = found.told - largest.pairs.length;
    return {
      score: null,
      findings: [
        {
          key: 'tasks',
          level: oneTask ? 'warn' : 'info',
          message: `The prompts ask for about ${figure(tasks)} different tasks (effective number: ${namesOf(found)})${oneTask ? `, expected one (at most ${figure(most)})` : ''}`,
          suggestion: oneTask
            ? `Keep the largest of them, ${nameOf(largest)} (${shareOf(largest, found)} of the examples), and move the other ${percent(rest / found.told)} to data sets of their own`
            : `Split the data into ${count(found.kinds.length, 'set')}, one per task, if the model is to do one thing well, and keep it together if it is to follow instructions of many kinds`,
          evidence: [largest, ...others].slice(0, LISTED).map(({ pairs }) => pairEvidence(pairs[0]!)),
          data: {
            tasks,
            kinds: found.kinds.length,
            largest: nameOf(largest),
            largestShare: rounded(largest.pairs.length / found.told),
            told: found.told,
            examples: found.examples,
          },
        },
      ],
      picture,
    };
  },
});

/** exp(H): the number of equally frequent kinds that would be as uncertain. */
function effectiveNumber(sizes: readonly number[]): number {
  let total = 0;
  for (const size of sizes) total += size;
  let entropy = 0;
  for (const size of sizes) if (size > 0) entropy -= (size / total) * Math.log(size / total);
  return Math.exp(entropy);
}

// ── What the tasks are called ───────────────────────────────────────────────

const DOING: Readonly<Record<InstructionKind, string>> = {
  answer: 'answering questions',
  write: 'writing',
  rewrite: 'rewriting or converting',
  translate: 'translating',
  summarise: 'summarising',
  classify: 'identifying or classifying',
  extract: 'extracting',
  complete: 'completing',
  arrange: 'putting in order',
  play: 'playing a part',
};
const IN: Readonly<Record<ReplyForm, string>> = { text: '', json: ' in JSON', markup: ' in XML or HTML', sql: ' in SQL', code: ' in code' };
const TYPES: Readonly<Record<string, string>> = {
  copy: 'copying the prompt',
  edit: 'editing the prompt',
  extract: 'extracting from the prompt',
  reformat: 'reformatting the prompt',
  compress: 'shortening the prompt',
  choose: 'choosing from the prompt',
  classify: 'classifying the prompt',
};

function nameOf({ shared, type }: TaskKind): string {
  switch (shared.by) {
    case 'instruction':
    case 'field':
    case 'system':
      return quote(shared.text);
    case 'labels':
      return 'giving a label';
    case 'form':
      return `replying in ${shared.form === 'number' ? 'numbers' : shared.form === 'table' ? 'tables' : shared.form === 'code' ? 'code' : shared.form.toUpperCase()}`;
    case 'ending':
      return `replies that end in ${quote(shared.text)}`;
    case 'calls':
      return 'calling tools';
    case 'kind':
      return shared.kind === 'write' ? `writing${IN[shared.form].replace(' in ', ' ')}` : DOING[shared.kind] + IN[shared.form];
    default:
      return TYPES[type] ?? 'one way to reply';
  }
}

const shareOf = ({ pairs }: TaskKind, { told }: TaskKinds): string => percent(pairs.length / told);

function namesOf(found: TaskKinds): string {
  const named = found.kinds.slice(0, found.kinds.length === NAMED + 1 ? NAMED + 1 : NAMED);
  const names = named.map((kind) => `${nameOf(kind)} ${shareOf(kind, found)}`);
  const others = found.kinds.length - named.length;
  return list(others > 0 ? [...names, `${integer(others)} others`] : names);
}

function pictureOf(found: TaskKinds): Picture {
  const all = found.told === found.examples ? '' : `, as far as ${integer(found.told)} of ${integer(found.examples)} prompts tell`;
  return {
    kind: 'table',
    title: `What the prompts ask for${all}`,
    columns: ['task', 'type', 'share', 'example'],
    rows: found.kinds
      .slice(0, LISTED)
      .map((kind) => [nameOf(kind), kind.type, shareOf(kind, found), excerptAround(kind.pairs[0]!.pair.prompt.trim(), 0, 60)]),
  };
}
