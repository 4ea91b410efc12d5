import {
  answerClasses,
  binomialTail,
  count,
  defineRule,
  type Evidence,
  excerptAround,
  falseDiscoveryRates,
  foldLabel,
  foldName,
  heldBack,
  inTask,
  judge,
  namedValues,
  type OptionsOf,
  oneTask,
  type Panel,
  type PanelPair,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Task,
  tasks,
  type Verdict,
  words,
} from '../../src/kit.ts';

/*
 * A reply may be given away at four kinds of spot:
 * - a named value of the prompt or the system text ("Label: positive") that is the reply;
 * - the system text, or the instruction beside an input, where it differs between examples and names one label;
 * - of free text, a value named "answer" or the like that is the whole reply;
 * - the input itself, where the name of a label is a word like any other. There it is most often the task ("how do I translate …" →
 *   "translate"): no more than a hint.
 * Each spot is a rule that answers: what it names, and elsewhere the commonest label. It is measured by what that is right in, above
 * always saying the commonest.
 */

const options = {
  warn: {
    description:
      'Share of what always saying the commonest label gets wrong that copying the given-away one gets right, before it is a warning.',
    type: 'number',
    default: 0.05,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'The same before it is an error.',
    type: 'number',
    default: 0.15,
    minimum: 0,
    maximum: 1,
  },
} as const;
type Options = OptionsOf<typeof options>;

const measures = { given: { even: 0.02, worst: 0.5, scale: 'linear', warn: 'warn', error: 'error' } } as const;

/** Replies given away, below which nothing is said. */
const HITS = 20;
/** A spot that names another label more often than this gives nothing away for sure: a warning at most. */
const SURE = 0.9;
/** What words name by chance. */
const WORDS_SURE = 0.8;
/** The input is the task: worth a hint only where its words tell as much. */
const INPUT_TELLS = 0.3;
/** Prompts whose words are looked at, and characters of each. */
const INPUTS = 1000;
const INPUT = 2000;
/** A reply that as many pairs of a task have is no free text that could be given away. */
const COMMON = 0.05;
/** Words in which a prompt may speak of a field again. */
const ASKED = 1000;
/** Of all that is called, at most this share by chance. */
const FALSE_DISCOVERIES = 0.001;
const GROUPS = 20;
const EVIDENCE = 3;

/** Names under which nothing but the reply is expected. */
const ANSWER =
  /^(?:(?:the|correct|right|true|gold|golden|final|expected|target|reference|actual|predicted|ground truth) )*(?:answer|label|class|category|classification|target|gold|ground truth|truth|solution|verdict|output|response|reply|completion|prediction|expected|annotation|sentiment|intent|topic|tag)s?$/;
/** An option is offered, not given away. */
const OPTION =
  /^(?:.|\d+|(?:option|choice|candidate|alternative|label|class|category) .|options|choices|labels|classes|categories|candidates)$/;
/** The same names before a whole reply of free text, at the end of what precedes it. */
const BEFORE_REPLY =
  /(?:^|[\n|([{<"'*#]) {0,4}((?:(?:the|correct|right|true|gold|golden|final|expected|target|reference|ground truth)[ _-])?(?:answer|label|target|gold|ground truth|solution|output|response|reply|completion|summary|translation))["'*]{0,3} ?[:=>]["'*]{0,3}[ \n]{0,3}["'`]{0,3}$/i;
const AFTER_REPLY = /^["'`*.]{0,3} {0,4}(?:\n|$|[|)\]}<])/;
/** There the reply rightly comes from the prompt, and a value may be what it is taken from. */
const FROM_PROMPT: ReadonlySet<Task['type']> = new Set(['copy', 'edit', 'reformat']);

export default defineRule({
  meta: {
    id: 'answer-in-prompt',
    family: 'leakage',
    severity: 'error',
    docs: {
      summary:
        'Measures how often the prompt holds its own answer: as a named value, or in an instruction that names the right label only.',
      why: 'A field that was left in the prompt, such as "Label: positive", is copied and never reasoned about: the model scores near 100% until it meets a prompt that has no such field, which is every prompt that matters.',
      score:
        'What is right by copying the label that one spot of the prompt names, and saying the commonest label where it names none, above always saying the commonest, as a share of what that gets wrong: 0 up to 0.02, .5 at the warn bound of 0.05, .8 at the error bound of 0.15, and 1 from 0.5. Of free text the share of prompts with a value named "answer", "output" or the like that is the whole reply. Fewer than 20 such replies, or what chance may have brought forth (binomial test, Benjamini–Hochberg at 0.001), score 0; a value of any other name, or one that is wrong in more than a tenth, at most .79. Words of the input itself are not scored: they are the task. The worst task counts.',
      source: 'Kaufman et al. 2012, Leakage in Data Mining, https://doi.org/10.1145/2382577.2382579',
    },
    options,
    measures,
  },
  create: () => ({}),
  finish: (_state, settings, panel) => conclude(panel, settings),
});

// ── What is asked, and what the spots say ───────────────────────────────────

/** Pairs with labels, and the label of each. */
interface Unit {
  /** Absent: tasks with one and the same reply each, taken together. */
  readonly task?: Task;
  readonly items: readonly PanelPair[];
  readonly labels: readonly string[];
  readonly labelOf: Int16Array;
}

interface Spot {
  readonly kind: 'value' | 'system value' | 'system' | 'instruction' | 'input' | 'reply';
  /** Of a value. */
  readonly name: string;
  /** Per item what it names: the index of a label; −1: nothing, or several. */
  readonly named: Int16Array;
}

interface Counts {
  readonly examples: number;
  /** That the spot names one label of. */
  readonly named: number;
  readonly hits: number;
  readonly accuracy: number;
  readonly majority: number;
  readonly measure: number;
}

interface Tested extends Counts {
  readonly task?: Task;
  readonly spot: Spot;
  readonly most: string;
  readonly p: number;
  readonly score: number;
  readonly level: Severity;
  readonly evidence: readonly Evidence[];
  readonly scoreWithout: (group: number) => number;
}

function unitsOf(panel: Panel): Unit[] {
  const found: Unit[] = [];
  for (const { scheme, task, classes, classOf } of answerClasses(panel)) {
    if (!task.judged || !['reply', 'option', 'yes-no', 'true-false'].includes(scheme)) continue;
    const at = [...classOf.keys()].filter((i) => classOf[i]! >= 0);
    found.push({ task, items: at.map((i) => task.pairs[i]!), labels: classes, labelOf: Int16Array.from(at, (i) => classOf[i]!) });
  }
  // where a system text or a first line stands for one label, each is a task of its own
  const constant = tasks(panel).flatMap((task) => {
    const [first] = task.pairs;
    if (!task.judged || !task.labelLike || !first) return [];
    const label = foldLabel(first.pair.reply);
    return task.pairs.every(({ pair }) => foldLabel(pair.reply) === label) ? [{ task, label }] : [];
  });
  const labels = [...new Set(constant.map(({ label }) => label))].sort();
  if (labels.length > 1) {
    const items = constant.flatMap(({ task, label }) => task.pairs.map((item) => ({ item, label: labels.indexOf(label) })));
    items.sort((a, b) => a.item.example.hash - b.item.example.hash || a.item.pair.turn - b.item.pair.turn);
    found.push({ items: items.map(({ item }) => item), labels, labelOf: Int16Array.from(items, ({ label }) => label) });
  }
  return found;
}

const foldValue = (text: string): string => foldLabel(text.replace(/[_-]+/g, ' '));

/** Every named value that is a label for some, and every text that names labels. */
function spotsOf({ items, labels, labelOf }: Unit): Spot[] {
  const byValue = new Map(labels.map((label, i) => [foldValue(label), i]));
  // of most names no column is made: there may be as many as there are users or tickets
  const values = new Map<
    string,
    { readonly kind: Spot['kind']; readonly name: string; readonly at: number[]; readonly label: number[]; hits: number }
  >();
  const note = (kind: Spot['kind'], name: string, value: string, i: number): void => {
    const label = byValue.get(foldValue(value));
    if (label === undefined || OPTION.test(name)) return;
    const key = `${kind} ${name}`;
    let noted = values.get(key);
    if (!noted) {
      noted = { kind, name, at: [], label: [], hits: 0 };
      values.set(key, noted);
    }
    noted.at.push(i);
    noted.label.push(label);
    if (label === labelOf[i]) noted.hits++;
  };
  const spotOf = ({
    kind,
    name,
    at,
    label,
  }: {
    kind: Spot['kind'];
    name: string;
    at: readonly number[];
    label: readonly number[];
  }): Spot => {
    const named = new Int16Array(items.length).fill(-1);
    at.forEach((i, n) => {
      named[i] = named[i] === -1 || named[i] === label[n] ? label[n]! : -2;
    });
    return { kind, name, named };
  };
  let system: string | undefined;
  let ofSystem: ReturnType<typeof namedValues> = [];
  items.forEach(({ pair, example }, i) => {
    for (const { name, value } of namedValues(pair.prompt)) note('value', name, value, i);
    for (const [name, value] of Object.entries(example.parts ?? {})) {
      if (value.length <= 80 && pair.prompt.includes(value)) note('value', foldName(name), value, i);
    }
    if (pair.system !== system) {
      system = pair.system;
      ofSystem = namedValues(system);
    }
    for (const { name, value } of ofSystem) note('system value', name, value, i);
  });

  const namer = new Namer(labels);
  const texts: Spot[] = [
    { kind: 'system', name: '', named: namer.all(items.map(({ pair }) => pair.system)) },
    {
      kind: 'instruction',
      name: '',
      named: namer.all(items.map(({ example: { parts } }) => (parts?.input?.trim() ? (parts.instruction ?? '') : ''))),
    },
  ];
  const spots = [...values.values()].filter(({ hits }) => hits >= HITS).map(spotOf);
  return [...spots, ...texts].filter(({ named }) => enough(named, labelOf));
}

/** The words of the input, of the first prompts by hash. */
function inputOf({ task, items, labels, labelOf }: Unit): [Unit, Spot] | undefined {
  // where the label is to be found in the prompt, nothing is given away
  if (!task || task.type === 'choose') return undefined;
  const some = items.slice(0, INPUTS);
  const named = new Namer(labels).all(
    some.map(({ pair }) => pair.prompt.slice(0, INPUT)),
    4,
  );
  if (!enough(named, labelOf)) return undefined;
  return [
    { task, items: some, labels, labelOf: labelOf.subarray(0, some.length) },
    { kind: 'input', name: '', named },
  ];
}

const enough = (named: Int16Array, labelOf: Int16Array): boolean => {
  let hits = 0;
  for (let i = 0; i < named.length; i++) if (named[i] === labelOf[i]) hits++;
  return hits >= HITS;
};

/** Finds names of labels among the words of a text; of names inside each other ("toxic" in "non-toxic") the longer one. */
class Namer {
  readonly #byFirst = new Map<string, { readonly rest: readonly string[]; readonly label: number; readonly length: number }[]>();

  constructor(labels: readonly string[]) {
    labels.forEach((text, label) => {
      const [first, ...rest] = words(text.replace(/[_-]+/g, ' '));
      if (first === undefined || text.length < 2) return;
      const same = this.#byFirst.get(first) ?? [];
      same.push({ rest, label, length: text.length });
      this.#byFirst.set(
        first,
        same.sort((a, b) => b.rest.length - a.rest.length),
      );
    });
  }

  /**
   * Of each text the one label that it names; −1: none, or several. Where all texts are the same, they name nothing.
   *
   * @param shortest names of fewer characters are words like "no"
   */
  all(texts: readonly string[], shortest = 2): Int16Array {
    const known = new Map<string, number>();
    const named = Int16Array.from(texts, (text) => {
      let label = known.get(text);
      if (label === undefined) {
        label = this.#only(text, shortest);
        if (known.size < 10_000) known.set(text, label);
      }
      return label;
    });
    return known.size > 1 ? named : named.fill(-1);
  }

  #only(text: string, shortest: number): number {
    if (text === '') return -1;
    const said = words(text);
    let only = -1;
    for (let i = 0; i < said.length; i++) {
      const hit = this.#byFirst.get(said[i]!)?.find(({ rest }) => rest.every((word, j) => said[i + 1 + j] === word));
      if (!hit) continue;
      i += hit.rest.length;
      if (hit.length < shortest || only === hit.label) continue;
      if (only >= 0) return -1;
      only = hit.label;
    }
    return only;
  }
}

// ── Measuring ───────────────────────────────────────────────────────────────

function countsOf(
  { items, labels, labelOf }: Unit,
  { named }: Spot,
  without?: number,
): Counts & { readonly p: number; readonly most: string } {
  const sizes = new Array<number>(labels.length).fill(0);
  let examples = 0;
  for (let i = 0; i < items.length; i++) {
    if (items[i]!.example.group === without) continue;
    examples++;
    sizes[labelOf[i]!]! += 1;
  }
  const most = sizes.indexOf(Math.max(...sizes));
  let given = 0;
  let hits = 0;
  let right = 0;
  let expected = 0;
  for (let i = 0; i < items.length; i++) {
    if (items[i]!.example.group === without) continue;
    const label = named[i]! >= 0 ? named[i]! : most;
    if (label === labelOf[i]) right++;
    if (named[i]! < 0) continue;
    given++;
    expected += sizes[label]! / examples;
    if (label === labelOf[i]) hits++;
  }
  const majority = sizes[most]! / Math.max(1, examples);
  const accuracy = right / Math.max(1, examples);
  return {
    examples,
    named: given,
    hits,
    accuracy,
    majority,
    measure: rounded(majority < 1 ? Math.max(0, (accuracy - majority) / (1 - majority)) : 0),
    // shares differ between labels, so that the sum varies less than this
    p: given === 0 ? 1 : binomialTail(hits, given, expected / given),
    most: labels[most]!,
  };
}

function testLabels(whole: Unit, settings: Options): Tested[] {
  const input = inputOf(whole);
  const all = [...spotsOf(whole).map((spot): [Unit, Spot] => [whole, spot]), ...(input ? [input] : [])];
  return all.flatMap(([unit, spot]) => {
    const counts = countsOf(unit, spot);
    const sure = counts.hits / Math.max(1, counts.named);
    const wordsOnly = spot.kind === 'system' || spot.kind === 'instruction' || spot.kind === 'input';
    const answer = wordsOnly || ANSWER.test(spot.name);
    if (counts.hits < HITS || (wordsOnly && sure < WORDS_SURE) || (!answer && sure < SURE)) return [];
    if (spot.kind === 'input' && counts.measure < INPUT_TELLS) return [];
    if (!answer && askedFor(unit, spot)) return [];
    const judged = ({ measure }: Counts) => {
      const { score, level } = judge(measures.given, measure, settings);
      if (spot.kind === 'input') return { score: 0, level: 'info' as const };
      const held = !answer || sure < SURE;
      return {
        score: held ? heldBack(score, 'warn') : score,
        level: held && level === 'error' ? ('warn' as const) : (level ?? ('info' as const)),
      };
    };
    const evidence: Evidence[] = [];
    for (let i = 0; i < unit.items.length && evidence.length < EVIDENCE; i++) {
      if (spot.named[i] === unit.labelOf[i]) evidence.push(evidenceOf(unit.items[i]!, spot, unit.labels[unit.labelOf[i]!]!));
    }
    return [
      {
        ...counts,
        ...judged(counts),
        ...(unit.task && { task: unit.task }),
        spot,
        evidence,
        scoreWithout: (group: number) => judged(countsOf(unit, spot, group)).score,
      },
    ];
  });
}

/** "Colour: red … What is the colour?": where half of the prompts speak of the name again, its value is what they ask for. */
function askedFor({ items, labelOf }: Unit, { name, named }: Spot): boolean {
  let hits = 0;
  let asked = 0;
  const own = words(name);
  items.forEach(({ pair }, i) => {
    if (named[i] !== labelOf[i]) return;
    hits++;
    let times = 0;
    for (const word of words(`${pair.system} ${pair.prompt}`, ASKED)) if (word === own[0]) times++;
    if (times > 1) asked++;
  });
  return asked * 2 >= hits;
}

/** The prompt around the value, or the system text around the name. */
function evidenceOf(item: PanelPair, { kind, name }: Spot, label: string): Evidence {
  const { pair } = item;
  const inSystem = kind === 'system' || kind === 'system value';
  const text = inSystem ? pair.system : pair.prompt;
  const value =
    kind === 'value' || kind === 'system value'
      ? namedValues(text).find((one) => one.name === name && foldValue(one.value) === foldValue(label))?.index
      : text.toLowerCase().indexOf(words(label.replace(/[_-]+/g, ' '))[0] ?? '');
  const index = Math.max(0, Math.min(value ?? 0, text.length - 1));
  return excerptOf(item, text, index);
}

/** Short enough for a terminal to show the spot and the reply. */
const excerptOf = ({ pair, example }: PanelPair, text: string, index: number): Evidence => ({
  ...example.at,
  excerpt: `${excerptAround(text, index, 60)} → ${excerptAround(pair.reply.trim(), 0, 30)}`,
});

/** Free text: how often a value named "answer" or the like is the whole reply. */
function testFree(task: Task, settings: Options): Tested[] {
  const times = new Map<string, number>();
  for (const { pair } of task.pairs) times.set(pair.reply, (times.get(pair.reply) ?? 0) + 1);
  const hits = new Map<string, { readonly item: PanelPair; readonly index: number }[]>();
  let examples = 0;
  for (const item of task.pairs) {
    const { prompt, reply, hasPrompt } = item.pair;
    const said = reply.trim();
    if (!hasPrompt || said === '') continue;
    examples++;
    if (said.length > prompt.length || times.get(reply)! > Math.max(1, COMMON * task.pairs.length)) continue;
    const index = prompt.lastIndexOf(said);
    if (index < 0) continue;
    const name = BEFORE_REPLY.exec(prompt.slice(Math.max(0, index - 60), index))?.[1];
    if (name === undefined || !AFTER_REPLY.test(prompt.slice(index + said.length, index + said.length + 10))) continue;
    const folded = foldName(name);
    const found = hits.get(folded);
    if (found) found.push({ item, index });
    else hits.set(folded, [{ item, index }]);
  }
  return [...hits].flatMap(([name, found]) => {
    if (found.length < HITS) return [];
    const scoreOf = (hit: number, of: number) => judge(measures.given, hit / Math.max(1, of), settings);
    const { score, level } = scoreOf(found.length, examples);
    const share = rounded(found.length / examples);
    return [
      {
        examples,
        named: found.length,
        hits: found.length,
        accuracy: share,
        majority: 0,
        measure: share,
        task,
        spot: { kind: 'reply' as const, name, named: new Int16Array(0) },
        most: '',
        p: 0,
        score,
        level: level ?? ('info' as const),
        evidence: found.slice(0, EVIDENCE).map(({ item, index }) => excerptOf(item, item.pair.prompt, index)),
        scoreWithout: (group: number) =>
          scoreOf(
            found.filter(({ item }) => item.example.group !== group).length,
            task.pairs.filter(({ example, pair }) => example.group !== group && pair.hasPrompt && pair.reply.trim() !== '').length,
          ).score,
      },
    ];
  });
}

// ── Verdict ─────────────────────────────────────────────────────────────────

const WEIGHT: Readonly<{ [level in Severity]: number }> = { info: 0, warn: 1, error: 2 };

function conclude(panel: Panel, settings: Options): Verdict {
  const prompted = tasks(panel).filter(({ pairs }) => pairs.some(({ pair }) => pair.hasPrompt));
  if (prompted.length === 0) return none('no prompts');
  const units = unitsOf(panel);
  const free = prompted.filter(({ judged, labelLike, type }) => judged && !labelLike && !FROM_PROMPT.has(type));
  if (units.length === 0 && free.length === 0) {
    return none(
      prompted.some(({ judged }) => judged) ? 'no task whose reply should not stand in the prompt' : 'too few prompts for one task',
    );
  }
  const tests = [...units.flatMap((unit) => testLabels(unit, settings)), ...free.flatMap((task) => testFree(task, settings))];
  const rates = falseDiscoveryRates(tests.map(({ p }) => p));
  const called = tests
    .filter(({ score, spot }, i) => rates[i]! <= FALSE_DISCOVERIES && (score > 0 || spot.kind === 'input'))
    .toSorted((a, b) => WEIGHT[b.level] - WEIGHT[a.level] || b.score - a.score || b.measure - a.measure || (keyOf(a) < keyOf(b) ? -1 : 1));
  // where a value was found, the words around it say the same again
  const told = called.filter((test) => {
    const { kind } = test.spot;
    if (kind !== 'system' && kind !== 'input' && kind !== 'instruction') return true;
    return !called.some(({ task, spot }) => task === test.task && spot.kind === (kind === 'system' ? 'system value' : 'value'));
  });
  const seen = new Set<string>();
  return {
    score: called.reduce((worst, { score }) => Math.max(worst, score), 0),
    findings: told.filter((test) => !seen.has(keyOf(test)) && seen.add(keyOf(test))).map((test) => remark(test, panel, settings)),
    ...(!panel.whole && {
      replicates: Array.from({ length: GROUPS }, (_, group) =>
        called.reduce((worst, test) => Math.max(worst, test.scoreWithout(group)), 0),
      ),
    }),
  };
}

const none = (notJudged: string): Verdict => ({ score: null, notJudged, findings: [] });
const keyOf = ({ task, spot: { kind, name } }: Tested): string =>
  `${task && task.key !== 'all' ? `${task.key}: ` : ''}${kind}${name === '' ? '' : ` ${name}`}`;

function remark(test: Tested, panel: Panel, settings: Options): Remark {
  const { task, spot, examples, named, hits, accuracy, majority, measure, most, level } = test;
  const several = !oneTask(panel);
  // of the input only some are read
  const all = panel.whole && (spot.kind !== 'input' || examples < INPUTS);
  const prompts = count(examples, all ? 'prompt' : 'sampled prompt');
  const where = task ? inTask(panel, task) : '';
  const bound = percent(majority + settings.warn * (1 - majority));
  const expected = level === 'info' ? '' : `, expected under ${bound}`;
  const compared = `is right in ${percent(accuracy)} of ${prompts}${expected} (the commonest answer, ${quote(most)}: ${percent(majority)})`;
  const doing = (text: string): string => (where === '' ? `${text[0]!.toUpperCase()}${text.slice(1)}` : text);
  const these = all ? `the ${count(hits, 'prompt')}` : `${percent(hits / examples)} of all prompts`;
  const [message, suggestion] = ((): readonly [string, string] => {
    switch (spot.kind) {
      case 'reply':
        return [
          doing(
            `the whole reply to ${percent(measure)} of ${prompts} stands in them as ${quote(spot.name)}${level === 'info' ? '' : `, expected under ${percent(settings.warn)}`}`,
          ),
          `Take ${quote(spot.name)} out of ${these} that hold their own reply`,
        ];
      case 'value':
      case 'system value': {
        const text = spot.kind === 'value' ? 'prompt' : 'system text';
        return [
          doing(`copying the field ${quote(spot.name)} of the ${text} ${compared}`),
          `Take ${quote(spot.name)} out of ${spot.kind === 'value' ? these : `the system text of ${these}`} that hold their own reply there`,
        ];
      }
      case 'system':
      case 'instruction': {
        const text = spot.kind === 'system' ? 'system text' : 'instruction';
        return [
          doing(`saying the label that the ${text} names ${compared}`),
          `Give all examples one ${text}, or name every label in it: that of ${these} names the right one alone`,
        ];
      }
      default:
        return [
          doing(`saying the label whose name is a word of the prompt ${compared}`),
          `Check whether ${these} hold the name of their label because it is the task; if not, write it differently`,
        ];
    }
  })();
  return {
    key: keyOf(test),
    message: `${where}${message}`,
    level,
    suggestion,
    evidence: test.evidence,
    data: {
      ...(several && task && { task: task.name }),
      spot: spot.kind,
      ...(spot.name !== '' && { name: spot.name }),
      examples,
      named,
      hits,
      accuracy: rounded(accuracy),
      majority: rounded(majority),
      measure,
      // what lies under this is arithmetic
      p: Math.round(test.p * 1e9) / 1e9,
    },
  };
}
