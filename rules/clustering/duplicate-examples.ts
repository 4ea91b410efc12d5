import {
  contentHashButBlanks,
  contentHashOfWords,
  count,
  defineRule,
  type Evidence,
  excerptAround,
  type Group,
  Groups,
  integer,
  judge,
  list,
  type Measure,
  type Pair,
  type Panel,
  type PanelExample,
  type Place,
  pairKeys,
  pairs,
  percent,
  type Remark,
  rounded,
  type Severity,
} from '../../src/kit.ts';

const EXCESS: Measure = { even: 0.005, worst: 0.2, scale: 'linear', warn: 'warn', error: 'error' };
/** Groups that are listed with their places. */
const LISTED = 1000;
/** Places that a sentence can hold. */
const NAMED = 3;

export default defineRule({
  meta: {
    id: 'duplicate-examples',
    family: 'clustering',
    severity: 'error',
    exact: true,
    docs: {
      summary: 'Counts the examples that repeat an earlier one word for word.',
      why: 'Every repeat is one more pass over the same example: the model learns it by heart instead of its task, the rest of the data weighs less, and a repeat that ends up in the held-out part makes the tuned model look better than it is.',
      score:
        'The share of examples beyond the first of each kind, compared by all messages and rejected replies but for blanks; other fields do not count. 0 up to .5%, .5 at the warn bound, .8 at the error bound, 1 from 20%. Examples that differ in case or punctuation only, and prompts that come again, are told and not scored. Exact up to about two million different examples, an estimate from a fair sample of them beyond.',
      source:
        'Lee et al. 2022, "Deduplicating training data makes language models better", https://aclanthology.org/2022.acl-long.577. Lines are compared by 53-bit hashes.',
    },
    options: {
      warn: { type: 'number', default: 0.01, minimum: 0, maximum: 1, description: 'The share of repeats from which it is a warning.' },
      error: { type: 'number', default: 0.1, minimum: 0, maximum: 1, description: 'The share of repeats from which it is an error.' },
      places: { type: 'integer', default: 16, minimum: 2, maximum: 16, description: 'How many places are listed of one group at most.' },
    },
    measures: { excess: EXCESS },
  },

  // What has the same words can be cut finer by what is the same but for blanks, so one table counts both.
  create: () => ({ contents: new Groups(), prompts: new Groups() }),

  observe({ contents, prompts }, example) {
    const words = contentHashOfWords(example);
    contents.add(words, contentHashButBlanks(example), example.at);
    const turns = pairs(example);
    const last = turns.length - 1;
    if (last < 0 || !isAsked(turns[last]!)) return;
    prompts.add(pairKeys(example)[last]!.context, words, example.at);
  },

  finish({ contents, prompts }, options, panel) {
    if (contents.total === 0) return { score: null, notJudged: 'no examples', findings: [] };
    const all = sums(contents);
    if (all.times === 0) return { score: null, notJudged: 'more variants of one text than can be held', findings: [] };
    const share = (all.times - all.members) / all.times;
    const { score, level } = judge(EXCESS, share, options);
    const findings = [
      repeats(contents, all, share, level, options, panel),
      sameWords(contents, all, options.places, panel),
      samePrompts(prompts, options.places, panel),
    ];
    return {
      score,
      ...(contents.sampled() && { replicates: without(contents).map((left) => judge(EXCESS, left, options).score) }),
      findings: findings.filter((finding) => finding !== undefined),
    };
  },
});

// ── The three findings ──────────────────────────────────────────────────────

function repeats(
  contents: Groups,
  { times, members, repeated }: Sums,
  share: number,
  level: Severity | undefined,
  options: { readonly warn: number; readonly places: number },
  panel: Panel,
): Remark | undefined {
  const excess = scaled(times - members, contents, times);
  if (excess === 0) return undefined;
  const largest = contents
    .top(LISTED, (distinct, added) => added - distinct)
    .flatMap((group) => group.members)
    .sort((a, b) => b.times - a.times);
  const echoes = echoesOf(largest.map(({ places }) => places.slice(0, options.places)));
  return {
    key: 'repeats',
    level: level ?? 'info',
    message: `${ofAll(excess, share, contents, 'example')} ${excess === 1 ? 'repeats' : 'repeat'} an earlier one word for word${level === undefined ? '' : `, expected under ${percent(options.warn)}`}`,
    suggestion:
      excess === 1
        ? `Drop ${lines(
            echoes.map(({ at }) => at),
            contents,
          )}: it is the same as ${lines(
            echoes.map(({ first }) => first),
            contents,
          )}`
        : `Drop the ${integer(excess)} repeats${named(echoes, excess, contents)} and keep the first of each group`,
    evidence: evidence(echoes, 'same as', panel, firstText),
    data: {
      examples: contents.total,
      excess,
      share: rounded(share),
      groups: scaled(repeated, contents, times),
      largest: largest[0]?.times ?? 0,
    },
  };
}

function sameWords(contents: Groups, { times, members, groups }: Sums, places: number, panel: Panel): Remark | undefined {
  const alike = scaled(members - groups, contents, times);
  if (alike === 0) return undefined;
  const echoes = echoesOf(contents.top(LISTED, (distinct) => distinct - 1).map((group) => firsts(group, places)));
  const again = times > members ? ' more' : '';
  return {
    key: 'same-words',
    level: 'info',
    message: `${integer(alike)}${again} ${alike === 1 ? 'example differs' : 'examples differ'} from an earlier one only in case, punctuation or blanks`,
    suggestion: `Drop ${
      alike === 1
        ? lines(
            echoes.map(({ at }) => at),
            contents,
          )
        : `the ${integer(alike)}${named(echoes, alike, contents)}`
    } unless case or punctuation is what you teach`,
    evidence: evidence(echoes, 'same words as', panel, firstText),
    data: { examples: contents.total, alike },
  };
}

/** Told only where a prompt came with another reply: the others are repeats of whole examples, told above. */
function samePrompts(prompts: Groups, places: number, panel: Panel): Remark | undefined {
  const { times, members, groups } = sums(prompts);
  const other = scaled(members - groups, prompts, times);
  if (other === 0) return undefined;
  const again = scaled(times - groups, prompts, times);
  let several = 0;
  prompts.each((distinct) => {
    if (distinct > 1) several += 1;
  });
  several = scaled(several, prompts, times);
  const echoes = echoesOf(prompts.top(LISTED, (distinct) => distinct - 1).map((group) => firsts(group, places)));
  const withOther = other === again ? 'with another reply' : `${integer(other)} of them with another reply`;
  return {
    key: 'same-prompts',
    level: 'info',
    message: `${ofAll(again, (times - groups) / times, prompts, 'prompt')} ${again === 1 ? 'repeats' : 'repeat'} an earlier one, ${withOther}`,
    suggestion:
      other === 1
        ? `Write a new prompt for ${lines(
            echoes.map(({ at }) => at),
            prompts,
          )}, or keep one of the two replies`
        : `Write new prompts for the ${integer(other)}, or keep one reply for each of the ${count(several, 'prompt')} that ${several === 1 ? 'has' : 'have'} several`,
    evidence: evidence(echoes, 'same prompt as', panel, lastPrompt),
    data: { prompts: prompts.total, again, withAnotherReply: other, groups: several },
  };
}

// ── Counting ────────────────────────────────────────────────────────────────

interface Sums {
  readonly groups: number;
  readonly members: number;
  readonly repeated: number;
  readonly times: number;
}

function sums(table: Groups): Sums {
  const { groups, members, repeated, times } = table.count();
  return { groups: sum(groups), members: sum(members), repeated: sum(repeated), times: sum(times) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** A count over the kept groups, as it would be over all. The sample is of groups, each whole, so the ratio to what was added is fair. */
function scaled(counted: number, table: Groups, times: number): number {
  return table.sampled() && times > 0 ? Math.round((counted / times) * table.total) : counted;
}

/** The share of repeats with each of the 20 slices of contents left out. */
function without(table: Groups): number[] {
  const { members, times } = table.count();
  const [allMembers, allTimes] = [sum(members), sum(times)];
  return times.map((n, slice) => {
    const left = allTimes - n;
    return left === 0 ? 0 : (left - (allMembers - members[slice]!)) / left;
  });
}

const isAsked = ({ hasPrompt, prompt }: Pair): boolean => hasPrompt && /\S/.test(prompt);

// ── Wording ─────────────────────────────────────────────────────────────────

/** "8 of 656 examples (1.2%)"; of a sample "About 36,000 of 3,000,000 examples (1.2%, estimated)". */
function ofAll(n: number, share: number, table: Groups, one: string): string {
  const [about, estimated] = table.sampled() ? ['About ', ', estimated'] : ['', ''];
  return `${about}${integer(n)} of ${count(table.total, one)} (${percent(share)}${estimated})`;
}

/** A line that says again what an earlier one said. */
interface Echo {
  readonly at: Place;
  readonly first: Place;
}

/** The second line of each group, then the third of each, so that the first few show different groups. */
function echoesOf(groups: readonly (readonly Place[])[]): Echo[] {
  return groups
    .flatMap(([first, ...others]) => others.map((at, rank) => ({ at, first: first!, rank })))
    .sort((a, b) => a.rank - b.rank)
    .map(({ at, first }) => ({ at, first }));
}

/** The first place of each member. */
const firsts = (group: Group, places: number): Place[] => group.members.slice(0, places).map((member) => member.places[0]!);

/** "line 40", "lines 40 and 77"; with the file where there are several. */
function lines(places: readonly Place[], table: Groups): string {
  if (table.files.length > 1) return list(places.map(nameOf));
  return `${places.length === 1 ? 'line' : 'lines'} ${list(places.map(({ line }) => String(line)))}`;
}

const nameOf = ({ file, line }: Place): string => `${file}:${line}`;

function named(echoes: readonly Echo[], all: number, table: Groups): string {
  const few = lines(
    echoes
      .slice(0, NAMED)
      .map(({ at }) => at)
      .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)),
    table,
  );
  if (all <= NAMED) return ` (${few})`;
  return `, such as ${few} (the JSON report lists ${echoes.length >= all ? 'all' : integer(echoes.length)}),`;
}

/** Each line to drop, what it repeats, and how it begins where the panel holds the text. */
function evidence(echoes: readonly Echo[], relation: string, panel: Panel, textOf: (example: PanelExample) => string): Evidence[] {
  const held = new Map(panel.train.map((example) => [nameOf(example.at), example]));
  return echoes.map(({ at, first }) => {
    const example = held.get(nameOf(at)) ?? held.get(nameOf(first));
    const said = `${relation} ${at.file === first.file ? `line ${first.line}` : nameOf(first)}`;
    return { ...at, excerpt: excerptAround(example ? `${said}: ${excerptAround(textOf(example))}` : said) };
  });
}

const firstText = ({ messages }: PanelExample): string => (messages.find(({ role }) => role !== 'system') ?? messages[0])?.text ?? '';
const lastPrompt = (example: PanelExample): string => pairs(example).at(-1)?.prompt ?? '';
