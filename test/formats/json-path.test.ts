import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnOf } from '../../src/formats/json-path.ts';
import type { Path } from '../../src/types.ts';

it.each<[string, Path, number]>([
  ['{"a": 1}', [], 1],
  ['  {"a": 1}', [], 3],
  ['{"a": 1}', ['a'], 7],
  ['{"a": [10, {"b": "x"}]}', ['a', 1, 'b'], 18],
  ['{"a": "}", "b": [[], "]", 3]}', ['b', 2], 27],
  ['{"\\u0061": true}', ['a'], 12],
  ['{"a": 1, "a": 2}', ['a'], 15],
  ['{"a": {"c": 1}}', ['a', 'b'], 7],
  ['{"a": [1]}', ['a', 4], 7],
  ['{"a": 1}', ['b', 0], 1],
  ['{"a": null}', ['a', 'b'], 7],
  ['{"__proto__": {"constructor": 5}}', ['__proto__', 'constructor'], 31],
  ['{"a\\"b": 1, "c" : 2}', ['c'], 19],
  ['{}', ['a'], 1],
  ['[]', [0], 1],
])('%s at %j is column %i', (text, path, column) => expect(columnOf(text, path)).toBe(column));

it('finds every value of any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const visit = (inner: unknown, path: Path): void => {
        const written = JSON.stringify(inner, null, indent);
        const at = columnOf(text, path) - 1;
        // Indented values are nested deeper in the text than alone: their first characters are the same.
        expect(text.slice(at, at + 1)).toBe(written.slice(0, 1));
        if (!indent || typeof inner !== 'object') expect(text.slice(at, at + written.length)).toBe(written);
        if (Array.isArray(inner)) inner.forEach((item, i) => visit(item, [...path, i]));
        else if (inner && typeof inner === 'object') for (const [key, item] of Object.entries(inner)) visit(item, [...path, key]);
      };
      visit(JSON.parse(text), []);
    }),
    { numRuns: 500 },
  );
});

it('is not stopped by deep nesting', () => {
  const text = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "b": 1}`;
  expect(columnOf(text, ['b'])).toBe(text.indexOf('"b"') + 6);
});
