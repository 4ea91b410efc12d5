import { feature } from '../features/feature.ts';
import type { Panel } from '../types.ts';
import { foldLabel, isShort } from './labels.ts';
import { refuses } from './refusals.ts';
import { type PanelPair, type Task, tasks } from './tasks.ts';

/** A task whose prompts nearly all get the same answer. */
export interface SettledTask {
  readonly task: Task;
  /** The label, folded; `undefined`: a refusal. */
  readonly label: string | undefined;
  /** The pairs that get it, in hash order. */
  readonly items: readonly PanelPair[];
}

const NEARLY_ALL = 0.95;
/** Of the replies outside of the tasks that refuse, so many may refuse as well. */
const ELSEWHERE = 0.2;

/**
 * Tasks that are told apart by what their prompts open with (or by the system text), where that decides the answer: two and more whose
 * prompts get one label each, not the same one; or those whose prompts are refused, where others are not. What parts them is then no
 * task, but a cue. Empty where there is nothing of the kind.
 */
export const settledTasks: (panel: Panel) => readonly SettledTask[] = feature((panel: Panel) => {
  const judged = tasks(panel).filter(({ judged: large, pairs }) => large && pairs.some(({ pair }) => pair.hasPrompt));
  if (judged.length < 2) return [];
  const labels = judged.map(oneLabel).filter((one) => one !== undefined);
  const refused = judged.map(allRefused).filter((one) => one !== undefined);
  const others = tasks(panel).filter((task) => !refused.some((one) => one.task === task));
  const replies = others.reduce((sum, { pairs }) => sum + pairs.length, 0);
  const refusals = others.reduce((sum, { pairs }) => sum + pairs.filter(({ pair }) => refuses(pair.reply)).length, 0);
  return [...(new Set(labels.map(({ label }) => label)).size > 1 ? labels : []), ...(refusals <= ELSEWHERE * replies ? refused : [])];
});

function oneLabel(task: Task): SettledTask | undefined {
  const times = new Map<string, PanelPair[]>();
  for (const item of task.pairs) {
    if (!isShort(item.pair.reply)) continue;
    const label = foldLabel(item.pair.reply);
    const items = times.get(label);
    if (items) items.push(item);
    else times.set(label, [item]);
  }
  for (const [label, items] of times) if (label !== '' && items.length >= NEARLY_ALL * task.pairs.length) return { task, label, items };
  return undefined;
}

function allRefused(task: Task): SettledTask | undefined {
  const items = task.pairs.filter(({ pair }) => refuses(pair.reply));
  return items.length >= NEARLY_ALL * task.pairs.length ? { task, label: undefined, items } : undefined;
}
