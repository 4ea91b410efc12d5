import { feature } from '../features/feature.ts';
import { pairs } from '../features/pairs.ts';
import { combine, hashString } from '../stats/hash.ts';
import type { Pair, Panel, PanelExample } from '../types.ts';
import { cutText } from '../wording.ts';
import { areLabels, foldLabel, isShort } from './labels.ts';
import { type Budget, type Measures, measure, type TaskType, typeOf } from './task-type.ts';
import { isSyntax, textForm } from './text-form.ts';

export type { TaskType };

export interface PanelPair {
  readonly pair: Pair;
  /** `example.group` is the jackknife group. */
  readonly example: PanelExample;
}

/** The pairs of the panel that ask for the same thing. */
export interface Task {
  /** For messages, where it goes through `quote`: "all prompts" of a file that is one task, "other prompts" of what is left over, else the instruction, the first line or the system text, cut. */
  readonly name: string;
  /** For fingerprints: the same whatever the counts are. */
  readonly key: string;
  readonly type: TaskType;
  /** In hash order. */
  readonly pairs: readonly PanelPair[];
  /** Large enough to judge: 100 pairs, or 30 where the file is one task. */
  readonly judged: boolean;
  /** The replies are labels: few, short, and each many times. */
  readonly labelLike: boolean;
  /** Less than half of the replies parse as code, SQL, JSON or XML, and they are not labels. */
  readonly proseReplies: boolean;
  /** What the type was decided by: medians and shares. */
  readonly measures: Measures;
}

const LARGE = 100;
const LARGE_ALONE = 30;
/** A remainder this small beside a single group is strays, not a task. */
const STRAYS = 0.05;
const NAME = 40;
/** The key of what is left over. */
const OTHER = 'other';
/** Replies whose form is looked at, per task. */
const FORMS = 300;

/** Whether the file is one task. */
export const oneTask: (panel: Panel) => boolean = feature((panel: Panel) => tasks(panel).length < 2);

/**
 * The tasks of the training data, largest first. A task is the pairs that share
 *
 * - the system text and the instruction, where the format has one (Alpaca) and 100 pairs have it; else
 * - the system text and the first line of the prompt that opens the conversation, where 100 pairs have it word for word; where it is a
 *   field (`Genre: romance`) its name is what they share, unless the name says that the value is the instruction (`Task: translate`); else
 * - the system text, where 100 pairs have it.
 *
 * All others pool as "other prompts". Later turns of a chat belong to what its first turn asked for. A hundred texts without a prompt are a task of their own.
 */
export const tasks: (panel: Panel) => readonly Task[] = feature((panel: Panel) => {
  const groups = grouped(panel);
  const alone = groups.length === 1;
  const budget = {
    pairs: Math.min(1000, Math.max(50, Math.floor(4000 / groups.length))),
    words: Math.min(100_000, Math.floor(800_000 / groups.length)),
  };
  return groups.map((group) => taskOf(group, alone, budget));
});

// ── Which pairs ask for the same thing ──────────────────────────────────────

interface Group {
  readonly name: string;
  readonly key: string;
  readonly pairs: PanelPair[];
}

/** What the first turn of a conversation opens with. */
export interface Opening {
  readonly kind: 'instruction' | 'line' | 'field';
  readonly text: string;
}

interface Entry {
  readonly item: PanelPair;
  /** Of an example without any prompt. */
  readonly bare: boolean;
  readonly opening: Opening | undefined;
  /** Of system text and opening; 0 = nothing that could be shared. */
  readonly key: number;
  /** Of the system text alone. */
  readonly systemKey: number;
}

function grouped(panel: Panel): Group[] {
  const entries = entriesOf(panel);
  if (entries.length === 0) return [];
  // two steps: what has no opening in common may still share the system text
  const openings = largeAmong(entries.map(({ key }) => key));
  const systems = largeAmong(entries.map(({ key, systemKey }) => (openings.has(key) ? 0 : systemKey)));
  const bare = entries.filter((entry) => entry.bare).length;
  const groups = new Map<string, Group>();
  const put = (id: string, name: () => string, item: PanelPair): void => {
    const group = groups.get(id);
    if (group) group.pairs.push(item);
    else groups.set(id, { key: id, name: name(), pairs: [item] });
  };
  for (const { item, bare: noPrompt, opening, key, systemKey } of entries) {
    if (noPrompt && bare >= LARGE) put('texts', () => 'texts without a prompt', item);
    else if (opening && openings.has(key)) put(openings.get(key)!, () => nameOf(opening.text), item);
    else if (systems.has(systemKey)) put(systems.get(systemKey)!, () => nameOf(item.pair.system), item);
    else put(OTHER, () => 'other prompts', item);
  }

  const named = distinct(joinStrays([...groups.values()]));
  if (named.length === 1) return [{ ...named[0]!, key: 'all', name: bare === entries.length ? 'all texts' : 'all prompts' }];
  return named.sort((a, b) => b.pairs.length - a.pairs.length || (a.key < b.key ? -1 : 1));
}

function entriesOf(panel: Panel): Entry[] {
  const entries: Entry[] = [];
  let system = ''; // most often the same as in the example before
  let systemKey = 0;
  for (const example of panel.train) {
    const found = pairs(example);
    const bare = found.every(({ hasPrompt }) => !hasPrompt);
    const opening = bare ? undefined : openingOf(example);
    const openingKey = opening ? combine(keyOfText(opening.text), opening.kind.length) : 0;
    for (const pair of found) {
      if (pair.system !== system) {
        system = pair.system;
        systemKey = system === '' ? 0 : keyOfText(system);
      }
      entries.push({
        item: { pair, example },
        bare,
        opening,
        systemKey: bare ? 0 : systemKey,
        key: opening ? combine(systemKey, openingKey) : 0,
      });
    }
  }
  return entries;
}

/** The keys that at least a hundred have, but for 0, and what their groups are called in fingerprints. */
function largeAmong(keys: readonly number[]): Map<number, string> {
  const sizes = new Map<number, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return new Map([...sizes].filter(([key, size]) => key !== 0 && size >= LARGE).map(([key]) => [key, key.toString(36)]));
}

/** Word for word, as far as 200 characters and the length tell: a prompt of one line may be long. */
function keyOfText(text: string): number {
  return combine(hashString(text.length > 200 ? text.slice(0, 200) : text), text.length);
}

/** These names say that the value is what to do; any other name makes the value a slot of one template. */
const INSTRUCTION_FIELD = /^(?:task|instruction|instructions|command|action|mode|job|objective|goal)$/i;

/** What others may share with it; `undefined` where it opens with nothing, or with small talk. */
export function openingOf(example: PanelExample): Opening | undefined {
  const instruction = example.parts?.instruction?.trim();
  if (instruction !== undefined && instruction !== '') return { kind: 'instruction', text: instruction };
  const message = example.messages.find(({ role }) => role === 'user');
  if (message === undefined) return undefined;
  const line = firstLine(message.text);
  if (line === '') return undefined;
  // a chat that opens with "Hi" asks for nothing yet
  if (line.length === message.text.trim().length && example.messages.filter(({ role }) => role === 'assistant').length > 1)
    return undefined;
  const field = /^([\p{L}\p{N}_][^:\n]{0,39}):\s/u.exec(line)?.[1];
  if (field !== undefined && field.split(' ').length <= 6 && !INSTRUCTION_FIELD.test(field)) return { kind: 'field', text: `${field}:` };
  return { kind: 'line', text: line };
}

/** The first line with anything on it. */
function firstLine(text: string): string {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = (end < 0 ? text.slice(at) : text.slice(at, end)).trim();
    if (line !== '' || end < 0) return line;
    at = end + 1;
  }
  return '';
}

function nameOf(text: string): string {
  return cutText(text.slice(0, 200).replace(/\s+/g, ' ').trim(), NAME);
}

/** A handful beside the one group is no second task: it goes with the group. */
function joinStrays(groups: readonly Group[]): Group[] {
  const strays = groups.find(({ key }) => key === OTHER);
  const [main, another] = groups.filter((group) => group !== strays);
  if (!strays || !main || another) return [...groups];
  if (strays.pairs.length >= LARGE || strays.pairs.length > STRAYS * (main.pairs.length + strays.pairs.length)) return [...groups];
  const together = [...main.pairs, ...strays.pairs].sort((a, b) => a.example.hash - b.example.hash || a.pair.turn - b.pair.turn);
  return [{ ...main, pairs: together }];
}

/** The same instruction under two system texts is two tasks: their names say which is which. */
function distinct(groups: readonly Group[]): Group[] {
  const times = new Map<string, number>();
  for (const { name } of groups) times.set(name, (times.get(name) ?? 0) + 1);
  return groups.map((group) => {
    const system = group.pairs[0]!.pair.system;
    if (times.get(group.name) === 1 || system === '') return group;
    return { ...group, name: cutText(`${cutText(group.name, NAME / 2)} (${nameOf(system)})`, NAME) };
  });
}

// ── What kind of task it is ─────────────────────────────────────────────────

/** The type of any pairs that are taken for a task: for the kinds that the pool of other prompts falls into. */
export const typeOfPairs = (some: readonly PanelPair[]): TaskType =>
  taskOf({ name: '', key: '', pairs: [...some] }, true, { pairs: 100, words: 20_000 }).type;

function taskOf({ name, key, pairs: all }: Group, alone: boolean, budget: Budget): Task {
  const labels = new Map<string, number>();
  let replies = 0;
  let short = 0;
  for (const { pair } of all) {
    if (pair.reply.trim() === '') continue;
    replies++;
    if (!isShort(pair.reply)) continue;
    short++;
    const label = foldLabel(pair.reply);
    labels.set(label, (labels.get(label) ?? 0) + 1);
  }
  const prompted = all.some(({ pair }) => pair.hasPrompt);
  const labelLike = prompted && areLabels(replies, short, labels.size);
  const top20 = [...labels.values()].sort((a, b) => b - a).slice(0, 20);
  const measures = measure(all, budget, top20.reduce((sum, times) => sum + times, 0) / Math.max(1, replies));
  return {
    name,
    key,
    type: prompted ? typeOf(measures, labelLike) : 'generate',
    pairs: all,
    judged: all.length >= (alone ? LARGE_ALONE : LARGE),
    labelLike,
    proseReplies: !labelLike && syntaxShare(all) < 0.5,
    measures,
  };
}

function syntaxShare(all: readonly PanelPair[]): number {
  const some = all.slice(0, FORMS);
  let syntax = 0;
  for (const { pair } of some) if (isSyntax(textForm(pair.reply).form)) syntax++;
  return syntax / Math.max(1, some.length);
}
