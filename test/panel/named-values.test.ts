import { describe, expect, it } from 'vitest';
import { namedValues } from '../../src/panel/named-values.ts';

const of = (text: string) => namedValues(text).map(({ name, value }) => `${name}=${value}`);

describe('namedValues', () => {
  it.each([
    ['Great film.\nLabel: positive', ['label=positive']],
    ['Gold_Label = "positive",\nx', ['gold label=positive']],
    ['- **Category:** sports', ['category=sports']],
    ['* Category: **sports**', ['category=sports']],
    ['### Topic\nsports\n\nmore', ['topic=sports']],
    ['Answer:\n\nB\nC', ['answer=B']],
    ['Answer:', []],
    ['Great film. (label: positive)', ['label=positive']],
    ['[class=3] text', ['class=3']],
    ['Text: a film | Label: positive', ['text=a film', 'label=positive']],
    ['{"text": "a film", "label": "positive"}', ['text=a film', 'label=positive']],
    ['{\n  "label": "positive",\n  "n": 3\n}', ['label=positive', 'n=3']],
    ['<intent>refund</intent>', ['intent=refund']],
    ['__label__positive a film', ['label=positive']],
    ['It was 10:30 when he said: go', []],
    ['http://a.example/b?c=d', []],
    [`Notes: ${'x'.repeat(200)}`, []],
  ])('%j', (text, expected) => expect(of(text)).toEqual(expected));

  it('says where a value stands', () => {
    const text = 'One.\nLabel: positive\n(class: 3) <tag>b</tag>';
    for (const { value, index } of namedValues(text)) expect(text.slice(index)).toMatch(new RegExp(`^${value}`));
  });

  it('takes hostile texts in linear time', () => {
    for (const text of [
      '('.repeat(1e6),
      '(a:'.repeat(1e6),
      'a: b\n'.repeat(1e6),
      '<a>'.repeat(1e6),
      `a${' '.repeat(1e6)}: b`,
      '\n'.repeat(1e6),
    ])
      expect(namedValues(text).length).toBeLessThanOrEqual(200);
  });
});
