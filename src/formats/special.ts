import type { Raw } from './problem.ts';

/*
 * Rows that hold the fields of a common format and something that makes them another one. The common formats leave these to the others,
 * instead of being asked after them: so a common row is asked for the rare fields once, by the format that reads it.
 */

/** Whether the row says of its reply whether it is good: see kto.ts. */
export function isUnpaired(raw: Raw): boolean {
  const { kto_tag, label, completion, messages } = raw;
  if (kto_tag != null) return true;
  if (typeof label === 'boolean') return completion != null || messages != null;
  // Written as text it means the same to who wrote it, and nothing to a trainer: that is told, instead of learning bad replies.
  return typeof label === 'string' && completion != null && /^(?:true|false)$/i.test(label);
}

/** Whether the row is a conversation of Amazon's: see nova.ts. */
export function isNova(raw: Raw): boolean {
  return raw.schemaVersion != null && raw.messages != null;
}

/**
 * Whether the turns have Cohere's roles: the one format that no field tells apart. A capital alone does not mark it ("User" among chat
 * messages is a slip); a first role of its own with a "Chatbot" within the first three turns does: no other service knows that one.
 */
export function isCohere({ messages }: Raw): boolean {
  if (!Array.isArray(messages)) return false;
  const first = roleAt(messages, 0);
  if (first !== 'System' && first !== 'User' && first !== 'Chatbot') return false;
  return first === 'Chatbot' || roleAt(messages, 1) === 'Chatbot' || roleAt(messages, 2) === 'Chatbot';
}

function roleAt(messages: readonly unknown[], index: number): unknown {
  return (messages[index] as Raw | null | undefined)?.role;
}
