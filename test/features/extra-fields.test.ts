import { expect, it } from 'vitest';
import { extraFields } from '../../src/features/extra-fields.ts';
import type { Example } from '../../src/types.ts';

const example = (raw: object, texts: readonly string[] = [], parts?: Record<string, string>): Example => ({
  at: { file: 'a', line: 1 },
  split: 'train',
  format: 'chat',
  messages: texts.map((text, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', text })),
  ...(parts && { parts }),
  raw: raw as Record<string, unknown>,
});
const of = (raw: object, texts?: readonly string[], parts?: Record<string, string>) =>
  extraFields(example(raw, texts, parts)).map(({ name, value, said }) => `${name}=${value}${said ? ' (said)' : ''}`);

it('takes fields with one value, one level deep, by name', () => {
  expect(of({ b: 1, a: 'x', c: true, list: [1], no: null, empty: '', nan: Number.NaN, meta: { source: 'web', deep: { er: 1 } } })).toEqual([
    'a=x',
    'b=1',
    'c=true',
    'meta.source=web',
  ]);
});
it('tells what was said', () => {
  expect(of({ prompt: 'Hi ', completion: ' yes', n: 3, part: 'p' }, ['Hi', 'yes\n'], { x: ' p' })).toEqual([
    'completion=yes (said)',
    'n=3',
    'part=p (said)',
    'prompt=Hi (said)',
  ]);
  expect(of({ label: 3 }, ['a', '3'])).toEqual(['label=3 (said)']);
});
it('cuts long values and names, and leaves out long texts that were said', () => {
  const long = 'y'.repeat(500);
  expect(of({ [long]: 1, note: long, prompt: long.repeat(2) }, [long.repeat(2)])).toEqual([
    `note=${'y'.repeat(64)}`,

    `${'y'.repeat(64)}=1`,
  ]);
});
it('takes thirty fields at most, and names such as __proto__ as data', () => {
  expect(of(Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`f${i + 100}`, i])))).toHaveLength(30);
  expect(of(JSON.parse('{"__proto__": 1, "constructor": "x"}') as object)).toEqual(['__proto__=1', 'constructor=x']);
});
