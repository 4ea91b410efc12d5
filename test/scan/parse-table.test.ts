import { describe, expect, it } from 'vitest';
import { formats, unknownShape } from '../../src/formats/index.ts';
import { CELLS_ADVICE } from '../../src/read/reasons.ts';
import type { ParseOptions } from '../../src/scan/parse.ts';
import { parseTable } from '../../src/scan/parse-table.ts';
import type { Example, Row, Skip } from '../../src/types.ts';

const options: ParseOptions = { formats, split: 'train', unknown: unknownShape };

function parse(columns: readonly string[], ...records: readonly string[]) {
  const examples: Example[] = [];
  const skips: Skip[] = [];
  const rows: (Pick<Row, 'at' | 'raw' | 'bytes'> & { column: number })[] = [];
  const table = { delimiter: '|' as ',', columns };
  const bytes = new Uint8Array(Buffer.from(records.join('\n')));
  parseTable({ file: 'x.csv', firstLine: 2, bytes, table }, table, options, {
    row: (row) => rows.push({ at: row.at, raw: row.raw, bytes: row.bytes, column: row.columnOf(['prompt']) }),
    example: (example) => examples.push(example),
    skip: (skip) => skips.push(skip),
  });
  return { examples, skips, rows, texts: examples.map(({ messages }) => messages.map(({ role, text }) => `${role}: ${text}`)) };
}

const CHAT = '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]';

describe('parseTable', () => {
  it('makes examples of rows, each with its place, and shows them to who looks at rows', () => {
    const { examples, skips, rows } = parse(['prompt', 'completion'], 'Hi|Hello.', '', '"a', 'b"|0042', '|');
    expect(skips).toEqual([]);
    expect(examples.map(({ at, format, raw }) => [at, format, raw])).toEqual([
      [{ file: 'x.csv', line: 2 }, 'prompt-completion', { prompt: 'Hi', completion: 'Hello.' }],
      [{ file: 'x.csv', line: 4 }, 'prompt-completion', { prompt: 'a\nb', completion: '0042' }],
      [{ file: 'x.csv', line: 6 }, 'prompt-completion', { prompt: '', completion: '' }],
    ]);
    expect(rows).toEqual(examples.map(({ at, raw }) => ({ at, raw, bytes: 0, column: 0 })));
  });

  it('reads an Alpaca row without input, and finds an empty output', () => {
    const { texts } = parse(['instruction', 'input', 'output'], 'Name a river.||The Severn.', 'Add.|1 and 2|3', 'Say nothing.||');
    expect(texts).toEqual([
      ['user: Name a river.', 'assistant: The Severn.'],
      ['user: Add.\n1 and 2', 'assistant: 3'],
      ['user: Say nothing.', 'assistant: '],
    ]);
  });

  it('reads lists that are written as JSON where formats have lists', () => {
    const { texts, examples } = parse(['messages', 'tools'], `"${CHAT.replaceAll('"', '""')}"|`, `${CHAT}|[{"name": "f"}]`);
    expect(texts).toEqual([
      ['user: Hi', 'assistant: Hello.'],
      ['user: Hi', 'assistant: Hello.'],
    ]);
    expect(examples.map(({ raw }) => raw.tools)).toEqual([null, [{ name: 'f' }]]);
  });

  it('says why a list is none', () => {
    const { skips } = parse(['messages'], "[{'role': 'user', 'content': 'Hi'}]", '[{"role": "user"', 'just text', '');
    expect(skips).toMatchObject([
      { at: { line: 2 }, kind: 'bad-shape', excerpt: "[{'role': 'user', 'content': 'Hi'}]" },
      { at: { line: 3 }, kind: 'bad-shape' },
      { at: { line: 4 }, kind: 'bad-shape', reason: '"messages" is text', expected: 'a list of messages' },
    ]);
    expect(skips[0]?.reason).toMatch(/^"messages" is text that is not JSON \(.*Python.*\)$/);
    expect(skips[0]).toMatchObject({ expected: 'a list written as JSON', advice: 'Write "messages" with json.dumps or the like in' });
  });

  it('takes a prompt or reply for messages only where it is a list of turns', () => {
    const row = '[INST] Hi [/INST]|{"answer": 5}';
    expect(parse(['prompt', 'completion'], row, '["a"]|[1, 2]', '{"role": "none"}|[]').texts).toEqual([
      ['user: [INST] Hi [/INST]', 'assistant: {"answer": 5}'],
      ['user: ["a"]', 'assistant: [1, 2]'],
      ['user: {"role": "none"}', 'assistant: []'],
    ]);
    const turns =
      '[{"role": "user", "content": "Hi"}]|[{"role": "assistant", "content": "Hello."}]|[{"role": "assistant", "content": "No."}]';
    const { examples } = parse(['prompt', 'chosen', 'rejected'], turns, 'Hi|Hello.|No.');
    for (const { messages, rejected } of examples) {
      expect(messages.map(({ text }) => text)).toEqual(['Hi', 'Hello.']);
      expect(rejected?.map(({ text }) => text)).toEqual(['No.']);
    }
    expect(examples.length).toBe(2);
  });

  it('takes true and false for what they are beside a completion, where they are labels of KTO, and for text else', () => {
    const { rows } = parse(['prompt', 'completion', 'label'], 'Hi|Hello.|True', 'Hi|No.|false', 'Hi|What?|1');
    expect(rows.map(({ raw }) => raw.label)).toEqual([true, false, '1']);
    expect(parse(['text', 'label'], 'It is raining.|True').texts).toEqual([['user: It is raining.', 'assistant: True']]);
  });

  it('is not misled by names that objects have', () => {
    const { rows, examples } = parse(['prompt', 'completion', '__proto__', 'constructor'], 'Hi|Hello.|x|y');
    expect(Object.entries(rows[0]?.raw ?? {})).toEqual([
      ['prompt', 'Hi'],
      ['completion', 'Hello.'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(examples.length).toBe(1);
  });

  it('skips what is no record with its place and what stands there', () => {
    const { skips } = parse(['prompt', 'completion'], 'a|b|c', 'a|"b', '\0"', 'x|y');
    expect(skips).toEqual([
      {
        at: { file: 'x.csv', line: 2 },
        kind: 'not-record',
        reason: 'more cells than the header has columns (2)',
        advice: CELLS_ADVICE,
        excerpt: 'a|b|c',
      },
      {
        at: { file: 'x.csv', line: 4 },
        kind: 'not-record',
        column: 1,
        reason: 'a NUL character, which no text holds',
        excerpt: 'a|"b\n\0"',
      },
    ]);
  });
});
