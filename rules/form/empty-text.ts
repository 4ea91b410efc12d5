import {
  Causes,
  contentHash,
  count,
  defineRule,
  type Example,
  type Message,
  type Remark,
  rounded,
  type Severity,
  sketches,
} from '../../src/kit.ts';

export default defineRule({
  meta: {
    id: 'empty-text',
    family: 'form',
    severity: 'error',
    docs: {
      summary: 'Counts replies, prompts and system texts that hold nothing, or only blanks and invisible characters.',
      why: 'A model tuned on empty replies learns to say nothing; an empty prompt teaches it to speak whatever it is asked. Most are left behind by a failed export.',
      score:
        'Not scored. An empty reply is an error, an empty prompt or rejected reply a warning; an empty Alpaca input and a turn of tool calls are not empty.',
      source: 'Blank characters as in Unicode, White_Space and Default_Ignorable (https://www.unicode.org/reports/tr44/).',
    },
    options: {},
    exact: true,
  },

  create: () => ({ examples: 0, faults: new Causes() }),

  observe(state, example) {
    state.examples += 1;
    look(example, state.faults);
  },

  finish({ examples, faults }) {
    return {
      score: null,
      findings: faults.list().map(({ key, times, witnesses }) => remarkOf(key as FaultId, times, examples, witnesses)),
    };
  },
});

const LEVELS = { reply: 'error', 'rejected reply': 'warn', prompt: 'warn', 'system text': 'info' } as const satisfies Record<
  string,
  Severity
>;
type Part = keyof typeof LEVELS;
type FaultId = `${'empty' | 'blank'} ${Part}`;

/** Solid characters were counted when the content was hashed, so that this pass asks for numbers only. */
function look(example: Example, faults: Causes): void {
  const { messages, rejected = [] } = example;
  const seen = sketches(example);
  let users = 0; // user turns since the last reply
  let solid = 0; // solid characters of user and tool turns since then
  let length = 0;
  let last = 0;
  let told: FaultId[] | undefined; // a fault is told once per example: it is one row to mend
  const tell = (part: Part, text: number, turn: number): void => {
    const fault: FaultId = `${text === 0 ? 'empty' : 'blank'} ${part}`;
    if (told?.includes(fault)) return;
    told = [...(told ?? []), fault];
    faults.add(fault, contentHash(example), example.at, beside(messages, turn));
  };
  for (let turn = 0; turn < messages.length; turn++) {
    const { role, text, trained, calls } = messages[turn] as Message;
    const ink = seen[turn]?.solid ?? 0;
    if (role === 'system') {
      if (ink === 0) tell('system text', text.length, turn);
    } else if (role !== 'assistant') {
      if (role === 'user') users += 1;
      solid += ink;
      length += text.length;
      last = turn;
    } else {
      if (trained !== false) {
        if (ink === 0 && !calls) tell('reply', text.length, turn);
        if (users > 0 && solid === 0) tell('prompt', length, last);
      }
      users = 0;
      solid = 0;
      length = 0;
    }
  }
  for (let i = 0; i < rejected.length; i++) {
    const { role, text, calls } = rejected[i] as Message;
    if (role === 'assistant' && !calls && seen[messages.length + i]?.solid === 0) tell('rejected reply', text.length, messages.length);
  }
}

/** The text by which a person finds the place: that of the turn before the empty one, or after it. */
function beside(messages: readonly Message[], turn: number): string {
  return messages[turn - 1]?.text || messages[turn + 1]?.text || messages[turn]?.text || '';
}

function remarkOf(fault: FaultId, times: number, examples: number, evidence: Remark['evidence']): Remark {
  const [how, ...part] = fault.split(' ') as ['empty' | 'blank', ...string[]];
  const name = part.join(' ') as Part;
  const what = how === 'empty' ? `an empty ${name}` : `a ${name} of nothing but blanks or invisible characters`;
  const these = times === 1 ? 'this example' : `these ${count(times, 'example')}`;
  return {
    key: fault,
    message: `${count(times, 'example')} ${times === 1 ? 'has' : 'have'} ${what}, expected text`,
    level: LEVELS[name],
    suggestion:
      name === 'system text'
        ? `Leave the system text out of ${these}, or write it`
        : `Write the ${name} of ${these}, or drop ${times === 1 ? 'it' : 'them'}`,
    evidence,
    data: { examples: times, share: rounded(times / examples) },
  };
}
