import type { Format, Message } from '../types.ts';
import { alpaca, hasInstruction } from './alpaca.ts';
import { chat } from './chat.ts';
import { asContext } from './messages.ts';
import { kindOf, type Raw } from './problem.ts';
import { hasCompletion, promptCompletion } from './prompt-completion.ts';
import { sharegpt } from './sharegpt.ts';
import { isUnpaired } from './special.ts';

/** How the rest of the row is written. */
function writtenAs(raw: Raw): Format | undefined {
  if (raw.messages != null) return chat;
  if (raw.conversations != null) return sharegpt;
  if (hasInstruction(raw)) return alpaca;
  return hasCompletion(raw) ? promptCompletion : undefined;
}

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
  detects: (raw) => isUnpaired(raw) && writtenAs(raw) !== undefined,
  read(raw) {
    const good = raw.kto_tag ?? raw.label;
    if (typeof good !== 'boolean') {
      const name = raw.kto_tag == null ? 'label' : 'kto_tag';
      return {
        problem: `"${name}" is ${kindOf(good)}`,
        expected: 'true/false',
        advice: `Write true or false without quotes as "${name}" in`,
      };
    }
    const read = (writtenAs(raw) as Format).read(raw);
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
