import {
  type Cause,
  Causes,
  causesOf,
  contentHash,
  count,
  declaredTools,
  defineRule,
  type Example,
  hashString,
  integer,
  type Message,
  nearestTool,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Side,
  type Skip,
  type StateData,
  type ToolCall,
} from '../../src/kit.ts';

/** More kinds of unreadable shape than this are told in one finding. */
const TOLD_APART = 8;

const create = () => ({ lines: 0, examples: 0, skips: new Causes(), faults: new Causes() });
type ShapeState = ReturnType<typeof create>;

export default defineRule({
  meta: {
    id: 'example-shape',
    family: 'form',
    severity: 'error',
    docs: {
      summary: 'Checks that each line is an example of a known format: fields, roles, order of turns, tool calls, a reply to learn.',
      why: 'A row in a shape of its own is refused, dropped or cut by the trainer; a reply without a prompt teaches the model to speak unasked, and turns out of order teach it to answer itself.',
      score: 'Not scored. A shape that cannot be read and an example without a reply are errors, all else is a warning.',
      source:
        'The specifications and guides of OpenAI, Azure, Mistral, Together, Fireworks, TRL and LLaMA-Factory, by JSON Schema (https://json-schema.org).',
    },
    options: {},
    exact: true,
    sides: true,
  },

  create,

  observe(state, example) {
    state.lines += 1;
    state.examples += 1;
    look(example, state.faults);
  },

  observeSkip(state, skip) {
    state.lines += 1;
    if (skip.kind !== 'unknown-shape' && skip.kind !== 'bad-shape') return; // readable-lines tells of these
    const { at, reason, excerpt = reason, advice } = skip;
    state.skips.add(causeOf(skip), hashString(`${reason}\n${excerpt}`), at, excerpt, 0, bounded(skip), 0, advice);
  },

  finish(state, _options, _panel, side: Side<ShapeState>) {
    const findings = [
      ...remarksOf(state, ''),
      ...sideRemarks(side.eval, 'evaluation data'),
      ...sideRemarks(side.reference, 'reference data'),
    ];
    return { score: null, findings };
  },
});

// ── One example ─────────────────────────────────────────────────────────────

/** How the faults of an example are told: n examples …, expected …; and what to do about it. */
interface Fault {
  readonly level: Severity;
  /** After "1 example" or "12 examples". */
  readonly says: (one: boolean) => string;
  readonly expected: string;
  /** Before and after "these 12 examples". */
  readonly order: readonly [before: string, after: string];
}

const has = (what: string) => (one: boolean) => `${one ? 'has' : 'have'} ${what}`;
const twice = (role: string): Fault => ({
  level: 'warn',
  says: has(`two ${role} turns in a row`),
  expected: 'turns to alternate',
  order: ['Join the two turns, or add the one that is missing between them, in', ''],
});
const ending = (role: string): Fault => ({
  level: 'warn',
  says: (one) => `${one ? 'ends' : 'end'} on a ${role} turn`,
  expected: 'an assistant turn last',
  order: ['Add the reply, or drop the last turn, in', ''],
});

const FAULTS = {
  'no-reply': {
    level: 'error',
    says: has('no reply'),
    expected: 'an assistant turn to learn',
    order: ["Add the assistant's reply to", ', or drop them'],
  },
  untrained: {
    level: 'error',
    says: (one) => `${one ? 'trains' : 'train'} on nothing, since every assistant turn has weight 0`,
    expected: 'at least one with weight 1',
    order: ['Give weight 1 to the reply to learn in', ', or drop them'],
  },
  'graded-prompt': {
    level: 'info',
    says: (one) =>
      `${one ? 'is a prompt' : 'are prompts'} with an answer key for reinforcement fine-tuning, and ${one ? 'has' : 'have'} no reply to judge`,
    expected: 'an assistant turn for supervised fine-tuning',
    order: ["To fine-tune on replies, add the assistant's turn to", ''],
  },
  'no-prompt': {
    level: 'warn',
    says: has('a reply but no prompt'),
    expected: 'a user turn before it',
    order: ["Add the user's turn to", ', or drop them'],
  },
  'open-end user': ending('user'),
  'open-end tool': ending('tool'),
  'open-end system': ending('system'),
  'same-role system': twice('system'),
  'same-role user': twice('user'),
  'same-role assistant': twice('assistant'),
  'late-system': {
    level: 'warn',
    says: has('a system turn after other turns'),
    expected: 'it first',
    order: ['Move the system turn to the front of', ''],
  },
  'stray-answer': {
    level: 'warn',
    says: has('a tool turn that answers no earlier call'),
    expected: 'a call with the same id before it',
    order: ['Add the call, or correct the id, in', ''],
  },
  'unanswered-call': {
    level: 'warn',
    says: has('a tool call without an answer before the next user turn'),
    expected: 'a tool turn for each call',
    order: ['Add the tool turn that is missing to', ', or drop them'],
  },
  'bad-arguments': {
    level: 'warn',
    says: has('a tool call whose arguments are not JSON'),
    expected: 'JSON',
    order: ['Correct the arguments in', ', or drop them'],
  },
  'unknown-tool': {
    level: 'warn',
    says: (one) => `${one ? 'calls' : 'call'} a tool that ${one ? 'it does' : 'they do'} not declare`,
    expected: 'a declared one',
    order: ['Declare the tool, or correct its name, in', ''],
  },
  'repeated-id': {
    level: 'warn',
    says: has('two open tool calls with the same id'),
    expected: 'an id of its own for each, so that answers find their call',
    order: ['Give each call an id of its own in', ''],
  },
  'reused-id': {
    level: 'info',
    says: (one) => `${one ? 'uses' : 'use'} the id of an answered tool call again`,
    expected: 'an id of its own for each call',
    order: ['Give each call an id of its own in', ''],
  },
  'missing-argument': {
    level: 'info',
    says: (one) => `${one ? 'leaves' : 'leave'} out an argument that the tool requires`,
    expected: 'all of them',
    order: ['Add the argument, or make it optional in the declaration, in', ''],
  },
  'unknown-argument': {
    level: 'info',
    says: (one) => `${one ? 'gives' : 'give'} a tool an argument that it does not have`,
    expected: 'declared ones',
    order: ['Declare the argument, or take it out, in', ''],
  },
  'rejected-no-reply': {
    level: 'warn',
    says: has('a rejected side without an assistant turn'),
    expected: 'the reply that lost',
    order: ['Add the rejected reply to', ', or drop them'],
  },
} as const satisfies Record<string, Fault>;
type FaultId = keyof typeof FAULTS;

/** Extra fields by which graders of reinforcement fine-tuning know the right answer. Their rows end on a prompt, rightly. */
const GRADED_BY =
  'reference_answer references reference answer ground_truth expected expected_answer expected_output target solution gold label labels rubric'.split(
    ' ',
  );

// The faults that may come again in one example, which is still one row to mend: a bit for each that was told.
const TWICE = { system: 1, user: 2, assistant: 4 } as const;
const LATE_SYSTEM = 8;
const STRAY_ANSWER = 16;
const UNANSWERED = 32;
const BAD_ARGUMENTS = 64;
const UNKNOWN_TOOL = 128;
const REPEATED_ID = 256;
const REUSED_ID = 512;
const MISSING_ARGUMENT = 1024;
const UNKNOWN_ARGUMENT = 2048;

/** Formats whose rows are text to be continued: a reply needs no prompt there, nor does it come last. */
const CONTINUED: ReadonlySet<string> = new Set(['text', 'segments']);

/** One pass over the turns. Allocates nothing unless there are calls. */
function look(example: Example, faults: Causes): void {
  const { messages } = example;
  const last = messages.length - 1;
  let told = 0;
  let trained = false;
  let assistants = false;
  let asked = false; // a user or tool turn was seen
  let spoken = false; // any turn but a system text was seen
  let called = false;
  let ids: Set<string> | undefined;
  let open: Set<string> | undefined; // ids of calls without an answer so far
  let openWithoutId = false;
  let before: Message['role'] | undefined;
  const tell = (bit: number, fault: FaultId, turn: number, what?: string, advice?: string): void => {
    if ((told & bit) !== 0) return;
    told |= bit;
    note(faults, fault, example, turn, what, advice);
  };

  for (let turn = 0; turn <= last; turn++) {
    const message = messages[turn] as Message;
    const { role, calls } = message;
    if (role === before && role !== 'tool') tell(TWICE[role], `same-role ${role}`, turn);
    before = role;
    if (role === 'system') {
      if (spoken) tell(LATE_SYSTEM, 'late-system', turn);
      continue;
    }
    spoken = true;
    if (role === 'assistant') {
      assistants = true;
      if (message.trained !== false && !trained) {
        trained = true;
        if (!asked && !CONTINUED.has(example.format)) note(faults, 'no-prompt', example, turn);
      }
      if (!calls) continue;
      called = true;
      for (const call of calls) {
        const { id } = call;
        lookAtCall(call, example, turn, tell);
        if (id === undefined) {
          openWithoutId = true;
        } else {
          if (open?.has(id)) tell(REPEATED_ID, 'repeated-id', turn, quote(id));
          else if (ids?.has(id)) tell(REUSED_ID, 'reused-id', turn, quote(id));
          ids = (ids ?? new Set()).add(id);
          open = (open ?? new Set()).add(id);
        }
      }
      continue;
    }
    asked = true;
    if (role === 'tool' && message.callId !== undefined) {
      if (!ids?.has(message.callId)) tell(STRAY_ANSWER, 'stray-answer', turn);
      open?.delete(message.callId);
      continue;
    }
    // A tool turn without an id may stand for the answers to all calls before it; a user turn ends the wait for them.
    if (role === 'tool' && !called) tell(STRAY_ANSWER, 'stray-answer', turn);
    if (role === 'user' && (openWithoutId || (open && open.size > 0))) tell(UNANSWERED, 'unanswered-call', turn);
    openWithoutId = false;
    open?.clear();
  }

  const { rejected } = example;
  if (rejected && !rejected.some(isAssistant)) note(faults, 'rejected-no-reply', example, last);
  if (!trained && rejected && before !== 'assistant') return; // a reply to unlearn
  if (!trained)
    note(faults, assistants ? 'untrained' : before === 'user' && isGraded(example) ? 'graded-prompt' : 'no-reply', example, last);
  else if (before && before !== 'assistant' && !rejected && !CONTINUED.has(example.format))
    note(faults, `open-end ${before}`, example, last);
}

const isAssistant = ({ role }: Message): boolean => role === 'assistant';

/** Whether the arguments of a call are JSON, and whether they and its name are what the row declares. */
function lookAtCall(
  { name, arguments: given }: ToolCall,
  example: Example,
  turn: number,
  tell: (bit: number, fault: FaultId, turn: number, what?: string, advice?: string) => void,
): void {
  const value = parsed(given);
  if (value === undefined) tell(BAD_ARGUMENTS, 'bad-arguments', turn);
  if (name === '') return; // a ShareGPT call that could not be read
  const tools = declaredTools(example);
  if (!tools) return;
  const tool = tools.get(name);
  if (!tool) {
    const meant = nearestTool(name, tools);
    const near = meant === undefined ? '' : ` (nearest is ${quote(meant)})`;
    tell(UNKNOWN_TOOL, 'unknown-tool', turn, `${quote(name)}${near}`, meant && `Write ${quote(meant)}, or declare ${quote(name)}, in`);
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const missing = tool.required.find((argument) => !Object.hasOwn(value, argument));
  if (missing !== undefined) tell(MISSING_ARGUMENT, 'missing-argument', turn, `${quote(missing)} of ${quote(name)}`);
  const { parameters } = tool;
  if (!parameters) return;
  // A null may be there because a table had a column for it.
  const unknown = Object.keys(value).find((argument) => !parameters.has(argument) && (value as Values)[argument] !== null);
  if (unknown !== undefined) tell(UNKNOWN_ARGUMENT, 'unknown-argument', turn, `${quote(unknown)} of ${quote(name)}`);
}

type Values = Readonly<Record<string, unknown>>;

/** @param what which one it is, quoted */
function note(faults: Causes, fault: FaultId, example: Example, turn: number, what?: string, advice?: string): void {
  const text = example.messages[turn]?.text ?? '';
  faults.add(fault, contentHash(example), example.at, what === undefined ? text : `${what} · ${text}`, 0, what ?? fault, 0, advice);
}

function isGraded({ format, raw }: Example): boolean {
  return format !== 'kto' && GRADED_BY.some((field) => Object.hasOwn(raw, field));
}

/** `undefined` where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// ── What is said of it ──────────────────────────────────────────────────────

/**
 * What unreadable shapes are counted under. Of unknown ones: the fields, in any order. Of broken ones: the reason, whichever
 * turn it was found in.
 */
function causeOf(skip: Skip): string {
  const { kind, keys } = skip;
  return `${kind}: ${kind === 'unknown-shape' && keys ? keys.toSorted().join(', ') : bounded(skip).replace(/\[\d+\]/g, '[n]')}`;
}

/** What is wrong and what belongs there instead. */
function bounded({ reason, expected = 'what its format asks for' }: Skip): string {
  return `${reason}, expected ${expected}`;
}

function sideRemarks(data: StateData<ShapeState> | undefined, of: string): Remark[] {
  if (!data) return [];
  return remarksOf({ lines: data.lines, examples: data.examples, skips: causesOf(data.skips), faults: causesOf(data.faults) }, of);
}

function remarksOf({ lines, examples, skips, faults }: ShapeState, of: string): Remark[] {
  const unreadable = skips.list().slice(0, TOLD_APART);
  const remarks = unreadable.map((cause) => skipRemark(cause, lines, of));
  const more = skips.total - unreadable.reduce((sum, { times }) => sum + times, 0);
  if (more > 0) {
    remarks.push({
      key: keyOf('other shapes', of),
      message: `${integer(more)} more ${more === 1 ? 'line' : 'lines'}${ofWhat(of)} cannot be read as examples for yet other reasons, expected one shape for all lines`,
      level: 'error',
      suggestion: 'Convert all lines to one format, such as {"messages": [...]}, before anything else',
      evidence: skips
        .list()
        .slice(TOLD_APART, TOLD_APART + 3)
        .flatMap(({ witnesses }) => witnesses.slice(0, 1)),
      data: { lines: more, share: rounded(more / lines) },
    });
  }
  for (const cause of faults.list()) remarks.push(faultRemark(cause, examples, of));
  return remarks;
}

function skipRemark(cause: Cause, lines: number, of: string): Remark {
  const reason = cause.detail ?? (cause.key.startsWith('bad-shape') ? cause.key.slice('bad-shape: '.length) : cause.example);
  const these = cause.times === 1 ? 'this line' : `these ${count(cause.times, 'line')}`;
  // Rows with the same fields may have been given different advice: which field is the longest differs.
  const advice = cause.advice ?? (cause.key.startsWith('unknown-shape') ? 'Name the fields with --prompt and --reply to read' : undefined);
  return {
    key: keyOf(cause.key, of),
    message: `${count(cause.times, 'line')}${ofWhat(of)} cannot be read as ${cause.times === 1 ? 'an example' : 'examples'}: ${reason}`,
    level: 'error',
    suggestion: advice === undefined ? `Correct ${these}, or drop ${cause.times === 1 ? 'it' : 'them'}` : `${advice} ${these}`,
    // Where the turns differ, each place says its own.
    evidence: cause.witnesses.map(({ excerpt, detail, ...at }) => ({
      ...at,
      excerpt: cause.detail === undefined && excerpt !== detail ? `${detail} · ${excerpt}` : excerpt,
    })),
    data: { lines: cause.times, share: rounded(cause.times / lines) },
  };
}

function faultRemark({ key, times, detail, advice, witnesses }: Cause, examples: number, of: string): Remark {
  const { level, says, expected, order }: Fault = FAULTS[key as FaultId];
  const after = advice === undefined ? (times === 1 ? order[1].replace('them', 'it') : order[1]) : '';
  const which = detail === undefined || detail === key ? '' : `, ${detail}`;
  return {
    key: keyOf(key, of),
    message: `${count(times, 'example')}${ofWhat(of)} ${says(times === 1)}${which}, expected ${expected}`,
    level,
    suggestion: `${advice ?? order[0]} ${times === 1 ? 'this example' : `these ${count(times, 'example')}`}${after}`,
    evidence: witnesses,
    data: { examples: times, share: rounded(times / examples) },
  };
}

const keyOf = (key: string, of: string): string => (of === '' ? key : `${key} (${of})`);
const ofWhat = (of: string): string => (of === '' ? '' : ` of the ${of}`);
