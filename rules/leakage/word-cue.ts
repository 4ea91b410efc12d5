import {
  type AnsweredPairs,
  answeredPairs,
  answerName,
  cutText,
  defineRule,
  figure,
  heldBack,
  inTask,
  integer,
  isFunctionWord,
  isNegation,
  judge,
  list,
  oneTask,
  type Panel,
  pairEvidence,
  percent,
  preferencePairs,
  preferenceWords,
  probe,
  quote,
  type Remark,
  reach,
  type Severity,
  type Verdict,
  type WordCue,
  type WordCues,
  whyNoAnswers,
  wordAt,
  wordCues,
  wordFeatures,
} from '../../src/kit.ts';

const options = {
  warn: {
    type: 'number',
    default: 0.01,
    minimum: 0,
    maximum: 1,
    description: 'The share of examples that one such word settles, beyond the base rate of the answer, at which it is a warning.',
  },
} as const;

const measures = { settled: { even: 0.005, worst: 0.1, scale: 'linear', warn: 'warn' } } as const;

/** With more kinds of answer a word of grammar is as much part of what is asked as any other. */
const CLASSES = 20;
const COVERAGE = 0.02;
const SURE = 0.8;
/** Where the words of content alone take away this much of the uncertainty, the task is about words, and no word of grammar is a shortcut past it. */
const ABOUT_WORDS = 0.5;
const PROBED = 3000;
/** Of preference pairs, the share that a single word must tell for sure to be a warning: the others are right by half. */
const HALF = 0.5;
const TOLD = 5;
const GROUPS = 20;
const ROWS = 20;

export default defineRule({
  meta: {
    id: 'word-cue',
    family: 'leakage',
    severity: 'warn',
    docs: {
      summary: 'Finds single words and pairs of words whose presence in the prompt alone tells the answer.',
      why: 'Where “not” and “nobody” stand in nearly every contradiction, a model learns the words and not what contradicts what; a publisher’s name that stands in the articles of one label does the same.',
      score:
        'Tested are words that at least 20 prompts have, against each answer: they count where they have it at least 15 points more often than all prompts do, and significantly so among all words tested. Words of content often are the task: they are told, and never more than that. Words of grammar (negations among them) and boilerplate (names, capitals or brackets that always stand at the same end of the prompt) are a warning where there are at most 20 kinds of answer and 2% of the prompts have the word, 80% of them with the answer or twice as many as at large; words of grammar not where the words of content settle the answer anyway, nor where no more answers are right by them. What one of them settles, (share − base rate) / (1 − base rate) of the prompts that have it: 0 up to .5% of all prompts, .5 at the warn bound, .79 from 10%; never an error. Of preference data, words that stand in the chosen reply alone or in the rejected reply alone are told; a warning where one word alone is right in three of four pairs.',
      source:
        'Gardner et al. 2021, “Competency problems: on finding and removing artifacts in language data”, https://arxiv.org/abs/2104.08646; Gururangan et al. 2018, https://arxiv.org/abs/1803.02324. The words of grammar are English.',
    },
    options,
    measures,
  },
  create: () => ({}),
  finish: (_state, given, panel) => conclude(panel, given.warn),
});

interface Loud {
  readonly cue: WordCue;
  /** Whether too few prompts have it, or it is not sure enough, for a warning. */
  readonly held: boolean;
  readonly score: number;
  readonly level: Severity;
}

function conclude(panel: Panel, warn: number): Verdict {
  const ofPreferences = preferences(panel, warn);
  if (answeredPairs(panel).length === 0) {
    return ofPreferences ?? { score: null, notJudged: whyNoAnswers(panel), findings: [] };
  }
  const found = wordCues(panel).map((one) => ({ one, loud: loudOf(one, warn) }));
  return {
    score: Math.max(ofPreferences?.score ?? 0, ...found.flatMap(({ loud }) => loud.map(({ score }) => score))),
    findings: [
      ...(ofPreferences?.findings ?? []),
      ...found.flatMap(({ one, loud }) => [...grammar(one, loud, panel), ...content(one, loud, panel)]),
    ],
    ...(!found.every(({ one }) => isAll(panel, one.answers, one.read)) && {
      replicates: Array.from({ length: GROUPS }, (_, group) =>
        Math.max(ofPreferences?.score ?? 0, ...found.flatMap(({ loud }) => loud.map((one) => scoreWithout(one, group, warn)))),
      ),
    }),
    ...pictureOf(found.map(({ one }) => one)),
  };
}

/** Words that nothing in the task asks for, strongest first. */
function loudOf({ answers, cues, read }: WordCues, warn: number): Loud[] {
  const odd = cues.filter(({ kind }) => kind !== 'content');
  if (odd.length === 0 || answers.classes > CLASSES || answers.scheme.scheme === 'refusal') return [];
  const aboutWords = odd.some(({ kind }) => kind === 'function') && contentTells(answers, read) >= ABOUT_WORDS;
  const told = odd.filter(({ kind }) => kind === 'boilerplate' || !aboutWords);
  const judged = told.map((cue) => {
    const { score, level } = judge(measures.settled, settled(cue), { warn });
    const enough = cue.coverage >= COVERAGE && (cue.share >= SURE || cue.share >= 2 * cue.base);
    return { cue, held: !enough || level === undefined, score };
  });
  // words of grammar that get no more answers right are no warning, and without them no hint
  const helps = (some: readonly { readonly cue: WordCue }[]): boolean => {
    const rule = onlyThese(answers, read, some);
    return reach(rule.accuracy, rule.majority) !== 'nowhere';
  };
  const grammatical = judged.filter(({ cue }) => cue.kind === 'function');
  const mayWarn = helps(grammatical.filter(({ held }) => !held));
  const mayHint = mayWarn || helps(grammatical);
  return judged
    .filter(({ cue }) => cue.kind === 'boilerplate' || mayHint)
    .map(({ cue, held: few, score }) => {
      const held = few || (cue.kind === 'function' && !mayWarn);
      return { cue, held, score: held ? heldBack(score, 'info') : score, level: held ? 'info' : 'warn' } as const;
    })
    .filter(({ score }) => score > 0)
    .toSorted((x, y) => y.score - x.score || y.cue.z - x.cue.z);
}

const settled = ({ coverage, share, base }: WordCue): number => (coverage * (share - base)) / (1 - base);

/** The same with one of the 20 groups left out. */
function settledWithout({ without }: WordCue, group: number): number {
  const { prompts, withAnswer, answer, all } = without[group]!;
  const base = answer / Math.max(1, all);
  return prompts === 0 || base === 1 ? 0 : Math.max(0, ((prompts / all) * (withAnswer / prompts - base)) / (1 - base));
}

function scoreWithout({ cue, held }: Loud, group: number, warn: number): number {
  const { score } = judge(measures.settled, settledWithout(cue, group), { warn });
  return held ? heldBack(score, 'info') : score;
}

/** Of the uncertainty about the answer, what a linear model on words of content alone takes away. */
function contentTells(answers: AnsweredPairs, read: readonly number[]): number {
  const rows = read.slice(0, PROBED);
  const features = wordFeatures(
    rows.map((i) => answers.items[i]!.pair.prompt),
    (word) => !isFunctionWord(word),
  );
  return probe(
    features,
    Int16Array.from(rows, (i) => answers.classOf[i]!),
    answers.classes,
    Uint8Array.from(rows, (i) => answers.groups[i]!),
  ).share;
}

/** Whether what was read is all that there is: counts are then those of the data. */
const isAll = (panel: Panel, { items }: AnsweredPairs, read: readonly number[]): boolean => panel.whole && read.length === items.length;

const keyOf = (what: string, { scheme }: AnsweredPairs, panel: Panel): string =>
  `${oneTask(panel) ? '' : `${scheme.task.key}: `}${scheme.scheme} by ${what}`;

const KIND = { function: 'word of grammar', negation: 'negation', boilerplate: 'piece of boilerplate', content: 'word' } as const;

function grammar({ answers, read }: WordCues, loud: readonly Loud[], panel: Panel): Remark[] {
  const [first] = loud;
  if (!first) return [];
  const { cue, level } = first;
  const same = loud.filter((other) => other.level === level).slice(0, TOLD);
  const { scheme } = answers;
  const where = inTask(panel, scheme.task);
  const name = answerName(scheme, cue.answer);
  const rule = onlyThese(answers, read, same);
  const kind = cue.kind === 'function' && isNegation(cue.text) ? 'negation' : cue.kind;
  const expected = level === 'info' ? '' : `, expected under ${percent(Math.min(SURE, 2 * cue.base))} of prompts with a ${KIND[kind]}`;
  const rest = same
    .slice(1)
    .map((other) => `${quote(other.cue.text)} (${answerName(scheme, other.cue.answer)} ${percent(other.cue.share)})`);
  const add = Math.max(1, Math.ceil(cue.withAnswer / Math.max(cue.base, 0.01) - cue.prompts));
  return [
    {
      key: keyOf('grammar', answers, panel),
      message: `${where}${where ? 'the' : 'The'} answer is ${name} in ${percent(cue.share)} of the ${integer(cue.prompts)} ${isAll(panel, answers, read) ? '' : 'sampled '}prompts with ${quote(cue.text)} (in ${percent(cue.base)} of all)${expected}${rest.length > 0 ? `; telling are ${list(rest)}, too` : ''}; a rule that reads only ${same.length > 1 ? 'these' : 'this'} is right in ${percent(rule.accuracy)} of ${integer(rule.rows)} (the commonest answer: ${percent(rule.majority)})`,
      level,
      suggestion:
        cue.kind === 'boilerplate'
          ? `Strip ${quote(cue.text)} from the ${isAll(panel, answers, read) ? `${integer(cue.prompts)} prompts` : `${percent(cue.coverage)} of the prompts`} that have it`
          : `Add about ${isAll(panel, answers, read) ? integer(add) : `${percent(add / read.length)} as many`} prompts with ${quote(cue.text)} and other answers, or rewrite as many without it`,
      evidence: evidenceOf(answers, cue),
      data: dataOf(
        answers,
        same.map((other) => other.cue),
        rule,
      ),
    },
  ];
}

function content({ answers, cues, read }: WordCues, loud: readonly Loud[], panel: Panel): Remark[] {
  const told = new Set(loud.map(({ cue }) => cue));
  // what may rightly bring about a refusal, or one of many labels, is no other kind of word
  const open = answers.classes > CLASSES || answers.scheme.scheme === 'refusal';
  const rest = cues.filter((cue) => (open || cue.kind === 'content') && !told.has(cue));
  const [first] = rest;
  if (!first) return [];
  const { scheme } = answers;
  const where = inTask(panel, scheme.task);
  const names = rest.slice(0, TOLD).map((cue) => `${quote(cue.text)} (${answerName(scheme, cue.answer)} ${percent(cue.share)})`);
  const rule = onlyThese(
    answers,
    read,
    rest.slice(0, TOLD).map((cue) => ({ cue })),
  );
  return [
    {
      key: keyOf('content', answers, panel),
      message: `${where}${where ? 'words' : 'Words'} that go with one answer are ${list(names)}${rest.length > TOLD ? `, and ${integer(rest.length - TOLD)} more` : ''}; they may well be what the task is about`,
      level: 'info',
      suggestion: `Check whether ${rest.length === 1 ? 'it' : `these ${Math.min(TOLD, rest.length)}`} should decide; if not, add prompts with ${rest.length === 1 ? 'it' : 'them'} and other answers`,
      evidence: evidenceOf(answers, first),
      data: dataOf(answers, rest.slice(0, TOLD), rule),
    },
  ];
}

function evidenceOf({ items }: AnsweredPairs, { text, examples, contrast }: WordCue) {
  return [...examples, ...(contrast < 0 ? [] : [contrast])].map((i) =>
    pairEvidence(items[i]!, Math.max(0, wordAt(items[i]!.pair.prompt.toLowerCase(), text))),
  );
}

// ── Preference data ─────────────────────────────────────────────────────────

/** Pairs below which words of the two replies are not compared. */
const PREFERENCES = 60;

/**
 * Words of the chosen reply against those of the rejected one. Which words make a reply better is what such data teaches, so that they
 * are told; a warning where one word alone settles more than the warn bound and hardly ever errs.
 *
 * @returns undefined where there are no preference pairs
 */
function preferences(panel: Panel, warn: number): Verdict | undefined {
  const { pairs, found } = preferenceWords(panel);
  if (pairs < PREFERENCES) return undefined;
  const [first] = found;
  if (!first) return { score: 0, findings: [] };
  const said = found.slice(0, TOLD).map(({ text, chosenOnly, rejectedOnly, p }) => {
    const side = p > 0.5 ? 'chosen' : 'rejected';
    return `${quote(text)} (${side} in ${percent(Math.max(p, 1 - p))} of ${integer(chosenOnly + rejectedOnly)})`;
  });
  const rest = found.length - said.length;
  const side = first.p > 0.5 ? 'chosen' : 'rejected';
  const telling = first.chosenOnly + first.rejectedOnly;
  const right = first.coverage * Math.max(first.p, 1 - first.p) + (1 - first.coverage) / 2;
  const add = Math.abs(first.chosenOnly - first.rejectedOnly);
  const { score, level } = judge(measures.settled, first.coverage * (2 * Math.max(first.p, 1 - first.p) - 1), { warn });
  const loud = level === 'warn' && right >= (1 + HALF) / 2;
  return {
    score: loud ? score : 0,
    findings: [
      {
        key: 'preference words',
        message: `Of the two replies of a pair, ${list(said)}${rest > 0 ? `, and ${integer(rest)} more words,` : ''} ${found.length === 1 && rest <= 0 ? 'stands' : 'stand'} in one only: a rule that reads only ${quote(first.text)} is right in ${percent(right)} of ${integer(pairs)} pairs${loud ? `, expected under ${percent((1 + HALF) / 2)}` : ''}`,
        level: loud ? 'warn' : 'info',
        suggestion: `Check whether ${quote(first.text)} is what makes a reply ${side === 'chosen' ? 'better' : 'worse'}; if not, rewrite about ${panel.whole && pairs === preferencePairs(panel).length ? integer(add) : percent(add / telling)} of the pairs that it tells apart, so that it stands in both replies or in neither`,
        evidence: first.witnesses,
        data: {
          word: first.text,
          side,
          pairs,
          chosenOnly: first.chosenOnly,
          rejectedOnly: first.rejectedOnly,
          z: Number(figure(first.z, 4)),
          pmi: Number(figure(first.pmi, 4)),
          coverage: Number(figure(first.coverage, 4)),
          others: found
            .slice(1, 20)
            .map(({ text }) => text)
            .join(', '),
        },
      },
    ],
  };
}

interface Ruled {
  readonly accuracy: number;
  readonly majority: number;
  readonly rows: number;
}

/** What a rule gets right that gives the answer of the first of these words that stands in the prompt, and else the commonest answer of prompts without any. */
function onlyThese(answers: AnsweredPairs, read: readonly number[], told: readonly { readonly cue: WordCue }[]): Ruled {
  const { items, classOf, classes } = answers;
  const all = new Float64Array(classes);
  const without = new Float64Array(classes);
  let right = 0;
  for (const i of read) {
    all[classOf[i]!]! += 1;
    const padded = ` ${items[i]!.pair.prompt.toLowerCase().replace(/[^\p{L}\p{N}\p{M}']+/gu, ' ')} `;
    const first = told.find(({ cue }) => padded.includes(` ${cue.text} `));
    if (!first) without[classOf[i]!]! += 1;
    else if (first.cue.answer === classOf[i]) right += 1;
  }
  const n = Math.max(1, read.length);
  return { accuracy: (right + Math.max(...without)) / n, majority: Math.max(...all) / n, rows: read.length };
}

function dataOf({ scheme }: AnsweredPairs, cues: readonly WordCue[], rule: Ruled): Remark['data'] {
  const cue = cues[0]!;
  return {
    task: scheme.task.name,
    answers: scheme.scheme,
    word: cue.text,
    answer: cutText(scheme.classes[cue.answer]!, 80),
    share: cue.share,
    base: cue.base,
    coverage: cue.coverage,
    z: cue.z,
    pmi: cue.pmi,
    prompts: cue.prompts,
    accuracy: Number(figure(rule.accuracy, 4)),
    majority: Number(figure(rule.majority, 4)),
    ...(cues.length > 1 && {
      others: cues
        .slice(1)
        .map(({ text }) => text)
        .join(', '),
    }),
  };
}

function pictureOf(all: readonly WordCues[]): Pick<Verdict, 'picture'> {
  const rows = all.flatMap(({ answers: { scheme }, cues }) =>
    cues.map((cue) => [
      cutText(cue.text, 40),
      cue.kind,
      cutText(scheme.classes[cue.answer]!, 40),
      cue.share,
      cue.base,
      cue.coverage,
      cue.z,
    ]),
  );
  if (rows.length === 0) return {};
  return {
    picture: {
      kind: 'table',
      title: 'Words that go with one answer',
      columns: ['word', 'kind', 'answer', 'share', 'base rate', 'coverage', 'z'],
      rows: rows.slice(0, ROWS),
    },
  };
}
