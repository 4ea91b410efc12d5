import { expect, it } from 'vitest';
import { markup } from '../../src/panel/markup.ts';

const of = (...lines: string[]) => Object.values(markup(lines.join('\n')));

it('counts items, headings, fences, and all marks', () => {
  expect(of('Plain text - with a dash, 3 * 4 and a price: 5. Yes.')).toEqual([0, 0, 0, 0]);
  expect(of('# Title', 'Text with **bold** and `code` and **more**.', '- one', '  * two', '1. three', '12) four')).toEqual([4, 1, 0, 8]);
  expect(of('> quoted', '| a | b |', '#hashtag', '####### seven', '-dash', '1.5 metres', '• dot')).toEqual([1, 0, 0, 3]);
});

it('takes what stands in a fence for code', () => {
  expect(of('```python', '# no heading', '- x', 'a ** b ** c', '```', '- an item', '~~~', '# left open')).toEqual([1, 0, 2, 3]);
});

it('counts marks line by line', () => {
  expect(of('a ** b', 'c ** d', '`e', 'f`')).toEqual([0, 0, 0, 0]);
  expect(of('** **** **', '', '\t- item')).toEqual([1, 0, 0, 3]);
  expect(of('')).toEqual([0, 0, 0, 0]);
});

it('takes time in proportion to hostile texts', () => {
  // a search to the end of the text from each of these lines would take minutes
  const lines = `${'-\n'.repeat(2_000_000)}**\``;
  expect(markup(lines)).toEqual({ items: 0, headings: 0, fences: 0, all: 0 });
});
