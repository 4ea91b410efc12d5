import { feature } from '../features/feature.ts';
import { pairs } from '../features/pairs.ts';
import type { Answered } from '../stats/cues.ts';
import type { Panel } from '../types.ts';
import { quote } from '../wording.ts';
import { type AnswerScheme, answerClasses } from './answer-classes.ts';
import { oneTask, type PanelPair, tasks } from './tasks.ts';

/** The pairs of a judged task that one scheme sorts, with what measures of cues need to know of them. */
export interface AnsweredPairs extends Answered {
  readonly scheme: AnswerScheme;
  /** In hash order; `classOf` and `groups` are parallel. None is without a class. */
  readonly items: readonly PanelPair[];
  /** How often each class occurs. */
  readonly sizes: readonly number[];
}

/** All pairs, and those that have another answer than the commonest: below these a cue cannot be told from chance. */
const PAIRS = 40;
const OTHERS = 15;

/**
 * The answers of every judged task, by every scheme that applies, as far as there are enough to tell a cue from chance: 40 pairs, 15 of
 * them with another answer than the commonest. Not the format of a reply nor the tool that is called: these rightly follow from the
 * look of a prompt (a list of items asks for a table, numbers for a calculator), so that what tells them is no shortcut. A reply to a
 * tool's result is left out: what it decides was decided by the call.
 */
export const answeredPairs: (panel: Panel) => readonly AnsweredPairs[] = feature((panel: Panel) =>
  answerClasses(panel)
    .filter(({ task, scheme }) => task.judged && scheme !== 'format' && scheme !== 'tool')
    .map(sorted)
    .filter(({ items, sizes }) => items.length >= PAIRS && items.length - Math.max(...sizes) >= OTHERS),
);

function sorted(scheme: AnswerScheme): AnsweredPairs {
  const items: PanelPair[] = [];
  const classOf: number[] = [];
  const sizes = scheme.classes.map(() => 0);
  scheme.task.pairs.forEach((item, i) => {
    const at = scheme.classOf[i]!;
    if (at < 0 || item.example.messages[item.pair.turn - 1]?.role === 'tool') return;
    items.push(item);
    classOf.push(at);
    sizes[at]! += 1;
  });
  return {
    scheme,
    items,
    classOf: Int16Array.from(classOf),
    classes: scheme.classes.length,
    groups: Uint8Array.from(items, ({ example }) => example.group),
    sizes,
  };
}

/** Why no answers can be measured, as a clause for `notJudged`. */
export function whyNoAnswers(panel: Panel): string {
  if (!panel.train.some((example) => pairs(example).some(({ hasPrompt }) => hasPrompt))) return 'no prompts';
  const all = answerClasses(panel);
  // tasks of labels with one label alone are in no scheme
  if (all.length === 0 && !tasks(panel).some(({ labelLike }) => labelLike)) return 'the replies do not decide between a few answers';
  return 'too few examples of each answer to tell a cue from chance';
}

/** How a class is called in a sentence: "yes", a refusal. */
export function answerName({ scheme, classes }: AnswerScheme, at: number): string {
  const name = classes[at]!;
  return scheme !== 'refusal' ? quote(name) : name === 'refuses' ? 'a refusal' : 'no refusal';
}

/** 'In the task "…", ' where there are several; else nothing. */
export function inTask(panel: Panel, { name }: { readonly name: string }): string {
  return oneTask(panel) ? '' : `In the task ${quote(name)}, `;
}
