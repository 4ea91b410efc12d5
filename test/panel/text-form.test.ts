import { describe, expect, it } from 'vitest';
import { isSyntax, textForm } from '../../src/panel/text-form.ts';

describe('textForm', () => {
  it.each([
    ['', { form: 'empty' }],
    [' \n\t', { form: 'empty' }],
    ['{"name": "Ada", "age": 36}', { form: 'json' }],
    [' [1, 2, {"a": null}]\n', { form: 'json' }],
    ['{"name": "Ada", "age": }', { form: 'prose' }], // does not parse
    ['[see the note]', { form: 'prose' }],
    ['{name}', { form: 'prose' }],
    ['42', { form: 'number' }],
    ['-$1,250.50', { form: 'number' }],
    ['"quoted"', { form: 'prose' }],
    ['true', { form: 'prose' }],
    ['<?xml version="1.0"?><a/>', { form: 'xml' }],
    ['<order id="7"><item>pen</item></order>', { form: 'xml' }],
    ['<p>Hello</p>', { form: 'html' }],
    ['<!DOCTYPE html>\n<html></html>', { form: 'html' }],
    ['<think>short</think> Then more text', { form: 'prose' }],
    ['<3 <3 you>', { form: 'prose' }],
    ['SELECT name FROM users WHERE age > 30', { form: 'sql' }],
    ['select count(*) from orders;', { form: 'sql' }],
    ['-- all of them\nSELECT * FROM t', { form: 'sql' }],
    ['WITH x AS (SELECT 1) SELECT * FROM x', { form: 'sql' }],
    ["UPDATE users SET name = 'Ada' WHERE id = 1", { form: 'sql' }],
    ['Select the best answer from the list below.', { form: 'prose' }],
    ['Update your address and set a reminder.', { form: 'prose' }],
    ['With some luck as well (or not), it works.', { form: 'prose' }],
    ['def add(a, b):\n    return a + b', { form: 'code', language: 'python' }],
    ['const total = items.reduce((a, b) => a + b, 0);\nconsole.log(total);', { form: 'code', language: 'javascript' }],
    ['#include <stdio.h>\nint main() {\n  puts("hi");\n}', { form: 'code', language: 'c' }],
    ['print("hello")', { form: 'code', language: 'python' }],
    ['Let me know (if you can).', { form: 'prose' }],
    ['let me know if (and only if) it works', { form: 'prose' }],
    ['for example: apples', { form: 'prose' }],
    ['return the book (please)', { form: 'code' }], // a single line that begins as code and has a bracket: known to be wrong
    ['```python\nx = 1\n```', { form: 'code', language: 'python' }],
    ['Here it is:\n```json\n{"a": 1, "b": [1, 2, 3]}\n```', { form: 'json' }],
    ['```\nSELECT a FROM b;\n```', { form: 'sql' }],
    ['```\nnothing of the kind\n```', { form: 'code' }],
    ['A long explanation, much longer than what follows it.\n```js\nx()\n```', { form: 'prose' }],
    ['| a | b |\n|---|---|\n| 1 | 2 |', { form: 'table' }],
    ['- one\n- two\n- three', { form: 'list' }],
    ['1. Wash the rice\n2. Boil it', { form: 'list' }],
    ['Name: Ada\nBorn: 1815\nField: mathematics', { form: 'fields' }],
    ['Dear Ada: thank you.\nIt was a fine evening.', { form: 'prose' }],
    ['Two sentences. And no more.', { form: 'prose' }],
  ])('%j', (text, expected) => expect(textForm(text)).toEqual(expected));

  it('knows JSON that was cut for the panel', () => {
    expect(textForm(`{"items": [${'"a long enough string", '.repeat(600)}`).form).toBe('json');
  });

  it('calls syntax what a grammar writes', () => {
    expect(['json', 'xml', 'html', 'sql', 'code'].every((form) => isSyntax(form as 'json'))).toBe(true);
    expect(['prose', 'list', 'table', 'fields', 'number', 'empty'].some((form) => isSyntax(form as 'prose'))).toBe(false);
  });

  it.each([
    ['brackets', '['.repeat(1e6)],
    ['nested JSON that closes', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['angle brackets', '<'.repeat(1e6)],
    ['fences', '```\n'.repeat(2e5)],
    ['comments before nothing', '--\n'.repeat(3e5)],
    ['blanks', `a${' '.repeat(1e6)}b`],
    ['lines', 'if (\n'.repeat(2e5)],
    ['one line of commas', `if ${'a,'.repeat(5e5)}`],
  ])('takes %s', (_, text) => {
    expect(textForm(text).form).toMatch(/^[a-z]+$/);
  });
});
