import { feature } from '../features/feature.ts';
import type { Panel } from '../types.ts';
import { foldLabel, isShort } from './labels.ts';
import { refuses } from './refusals.ts';
import { type PanelPair, type Task, tasks } from './tasks.ts';
import { textForm } from './text-form.ts';

/** One way to sort the replies of a task into classes: what they decide. */
export interface AnswerScheme {
  /** `reply`: the label itself; `option`: a letter; `yes-no`, `true-false`: the first word; `refusal`; `tool`: which is called; `format`. */
  readonly scheme: SchemeId;
  readonly task: Task;
  /** Two at least, commonest first, ties by name. */
  readonly classes: readonly string[];
  /** Per pair of the task the index of its class; −1 where it is in none, or in one that is too small. */
  readonly classOf: Int16Array;
}

export type SchemeId = 'reply' | 'option' | 'yes-no' | 'true-false' | 'refusal' | 'tool' | 'format';

/** A class has 20 members, or 2 % of the task and 5 where that is less: fewer tell a rule nothing. */
const MEMBERS = 20;
const MEMBERS_AT_LEAST = 5;
const MEMBERS_SHARE = 0.02;
/** The pairs that a scheme must sort, or it is not what the replies are about. */
const COVERED = 0.5;

/**
 * Every scheme that applies to every task, in the order of `tasks` and of `SchemeId`. Where replies are labels the label is the only
 * one: the others would say the same again. Never a length band and never a free first word, which both make noise. Pairs without a
 * prompt are in no class. Small tasks are sorted too: a rule asks `task.judged`.
 */
export const answerClasses: (panel: Panel) => readonly AnswerScheme[] = feature((panel: Panel) => {
  const found: AnswerScheme[] = [];
  for (const task of tasks(panel)) {
    for (const [scheme, answer] of task.labelLike ? LABELS : FREE) {
      const sorted = sortBy(task, answer, scheme === 'tool' ? OTHER_TOOL : undefined);
      if (sorted) found.push({ scheme, task, ...sorted });
    }
  }
  return found;
});

/** The class of a reply by one scheme, or none. */
type Answer = (item: PanelPair) => string | undefined;

const LABELS: readonly (readonly [SchemeId, Answer])[] = [
  ['reply', ({ pair }) => (isShort(pair.reply) ? foldLabel(pair.reply) : undefined)],
];

const NO_CALL = 'no call';
const OTHER_TOOL = 'another tool';

const FREE: readonly (readonly [SchemeId, Answer])[] = [
  ['option', ({ pair }) => optionLetter(pair.reply)],
  ['yes-no', ({ pair }) => yesOrNo(pair.reply)],
  ['true-false', ({ pair }) => trueOrFalse(pair.reply)],
  ['refusal', ({ pair }) => (pair.reply.trim() === '' ? undefined : refuses(pair.reply) ? 'refuses' : 'answers')],
  ['tool', ({ pair, example }) => example.messages[pair.turn]?.calls?.[0]?.name ?? NO_CALL],
  ['format', ({ pair }) => formatOf(pair.reply)],
];

/** @param rest the class that small ones make together; absent: they are left out */
function sortBy(task: Task, answer: Answer, rest: string | undefined): Pick<AnswerScheme, 'classes' | 'classOf'> | undefined {
  const answers = task.pairs.map((item) => (item.pair.hasPrompt ? answer(item) : undefined));
  const enough = Math.min(MEMBERS, Math.max(MEMBERS_AT_LEAST, MEMBERS_SHARE * answers.length));
  let sizes = sizesOf(answers);
  if (rest !== undefined) {
    const all = sizes;
    for (let i = 0; i < answers.length; i++) if (answers[i] !== undefined && all.get(answers[i]!)! < enough) answers[i] = rest;
    sizes = sizesOf(answers);
  }
  const classes = [...sizes]
    .filter(([, size]) => size >= enough)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name]) => name);
  if (classes.length < 2) return undefined;
  const index = new Map(classes.map((name, i) => [name, i]));
  const classOf = Int16Array.from(answers, (name) => (name === undefined ? -1 : (index.get(name) ?? -1)));
  let sorted = 0;
  for (const at of classOf) if (at >= 0) sorted++;
  return sorted >= COVERED * answers.length ? { classes, classOf } : undefined;
}

function sizesOf(answers: readonly (string | undefined)[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const name of answers) if (name !== undefined) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  return sizes;
}

/** Of a reply only this many characters are looked at for a decision at its start. */
const START = 60;

/** "B", "(B)", "B) Paris", "B. Paris", "Answer: B", "The correct answer is B." A letter that begins a sentence ("A dog") is none. */
function optionLetter(reply: string): string | undefined {
  const start = reply
    .slice(0, START * 2)
    .trim()
    .slice(0, START)
    .replaceAll('*', '');
  const found = /^(?:(?:the )?(?:correct |right |best )?(?:answer|option|choice)(?: is)?:? )?\(?([A-J])(?:\)|[.:](?:\s|$)|\s*$)/i.exec(
    start,
  );
  return found?.[1]!.toUpperCase();
}

const NO_ANSWER = /^no (?:problem|worries|worry|doubt|one|matter|longer|more|wonder|need|idea|thanks|way|such)\b/;

/** By the first word, where it is an answer and not the start of "No problem". */
function yesOrNo(reply: string): string | undefined {
  const start = reply
    .slice(0, START * 2)
    .trim()
    .slice(0, START)
    .replaceAll('*', '')
    .toLowerCase();
  if (/^yes(?![\p{L}\p{N}-])/u.test(start)) return 'yes';
  return /^no(?![\p{L}\p{N}-])/u.test(start) && !/^no\. ?\d/.test(start) && !NO_ANSWER.test(start) ? 'no' : undefined;
}

function trueOrFalse(reply: string): string | undefined {
  return /^(true|false)(?:[\s,.:;!]|$)/.exec(
    reply
      .slice(0, START * 2)
      .trim()
      .slice(0, START)
      .replaceAll('*', '')
      .toLowerCase(),
  )?.[1];
}

function formatOf(reply: string): string | undefined {
  const { form } = textForm(reply);
  return form === 'empty' ? undefined : form;
}
