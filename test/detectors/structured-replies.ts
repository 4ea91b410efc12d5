import structuredReplies from '../../rules/form/structured-replies.ts';
import { type Detector, labelled } from './detector.ts';

const rows = (n: number, reply: (i: number) => string): object[] =>
  Array.from({ length: n }, (_, i) => ({ prompt: `Question ${i}`, completion: reply(i) }));

/** Replies of all kinds, each syntax often enough to be judged. */
const mixed = [
  ...rows(40, (i) => `Answer ${i} is a sentence.`),
  ...rows(8, (i) => `{"id": ${i}}`),
  ...rows(8, (i) => `Look:\n\n\`\`\`json\n{"id": ${i}}\n\`\`\``),
  ...rows(8, (i) => `<row><id>${i}</id></row>`),
  ...rows(8, (i) => `Look:\n\n\`\`\`xml\n<row><id>${i}</id></row>\n\`\`\``),
  ...rows(8, (i) => `\`\`\`yaml\nid: ${i}\n\`\`\``),
  ...rows(8, (i) => `SELECT name FROM users WHERE id = ${i};`),
  ...rows(8, (i) => `<tool_call>{"name": "get", "arguments": {"id": ${i}}}</tool_call>`),
];

export const amongAll = (): Detector => ({
  rule: structuredReplies,
  texts: labelled('structured-replies'),
  labelOf: (key) => key,
  among: mixed,
  floors: { recall: 0.9, falseShare: 0.02 },
});

/** A data set of JSON replies, all of one schema. */
export const amongJson = (): Detector => ({
  rule: structuredReplies,
  texts: labelled('structured-replies-json'),
  labelOf: (key) => (key === 'fences' ? undefined : key),
  among: rows(100, (i) => JSON.stringify({ name: `Name ${i}`, age: i, city: 'Oslo', note: i % 3 === 0 ? null : 'x', tags: ['a'] })),
  floors: { recall: 0.9, falseShare: 0.02 },
});
