import type { Format, Message } from '../types.ts';
import { alpaca } from './alpaca.ts';
import { chat } from './chat.ts';
import { asContext } from './messages.ts';
import { kindOf } from './problem.ts';
import { promptCompletion } from './prompt-completion.ts';
import { sharegpt } from './sharegpt.ts';

/** How the rest of the row may be written. */
const WRITTEN: readonly Format[] = [chat, sharegpt, alpaca, promptCompletion];

/**
 * Unpaired preference data, for KTO: one reply, and whether it is a good one. TRL: `{"prompt": …, "completion": …, "label": true}`;
 * LLaMA-Factory: a row of chat messages, ShareGPT or Alpaca with `"kto_tag": true`, or chat messages with `"label": true`.
 *
 * A bad reply is not learnt but unlearnt, so it becomes `rejected`, and `messages` ends on the prompt. Only the last assistant turn
 * is judged; those before it are context.
 */
export const kto: Format = {
  id: 'kto',
  name: 'unpaired preferences (KTO)',
  keys: ['prompt', 'completion', 'label'],
  detects: (raw) =>
    (raw.kto_tag != null || (typeof raw.label === 'boolean' && (raw.completion != null || raw.messages != null))) &&
    WRITTEN.some((format) => format.detects(raw)),
  read(raw) {
    const good = raw.kto_tag ?? raw.label;
    if (typeof good !== 'boolean') return { problem: `"kto_tag" is ${kindOf(good)}`, expected: 'true/false' };
    const read = (WRITTEN.find((format) => format.detects(raw)) as Format).read(raw);
    if ('problem' in read) return read;
    const { messages, parts } = read;
    const reply = messages.findLastIndex(isAssistant);
    if (reply < 0) return read;
    const before = messages.slice(0, reply).map(asContext);
    const judged = messages.slice(reply);
    return { ...(good ? { messages: [...before, ...judged] } : { messages: before, rejected: judged }), ...(parts && { parts }) };
  },
};

const isAssistant = ({ role }: Message): boolean => role === 'assistant';
