import { describe, expect, it } from 'vitest';
import { looksLikeJson, readJson } from '../../src/panel/json-replies.ts';
import { sqlProblem, xmlProblem, yamlProblem } from '../../src/panel/syntax.ts';

describe('looksLikeJson', () => {
  it.each(['{"a": 1}', "{'a': 1}", '{a: 1}', '{}', '[]', ' [{"a"', '["a", 1]', '[[1', '[1, 2]', '{\n', '{“a”: 1}'])('%s does', (text) =>
    expect(looksLikeJson(text)).toBe(true),
  );
  it.each(['', 'a', '{{name}}', '[Verse 1]', '[1] Smith', '[0, 1) is', '[[Page]]', '[x](y)', '{name} is', '{ color: red; }', '{1, 2}'])(
    '%s does not',
    (text) => expect(looksLikeJson(text)).toBe(false),
  );
});

describe('readJson', () => {
  it.each<[string, 'whole' | 'open' | 'bad', number, string]>([
    ['{"a": 1}', 'whole', 0, ''],
    ['{"a":1}\n\n{"a":2}\n', 'whole', 0, ''],
    ['{"a": [1, 2', 'open', 11, 'the end inside it'],
    ['{"a": 1,}', 'bad', 8, 'a comma before the closing }'],
    ['{"a": 1} done', 'bad', 9, 'text after its end'],
    ['{"a": 1}}', 'bad', 8, 'one } too many'],
    ['{"a": 1}, {"a": 2}', 'bad', 8, 'a comma after its end'],
    ["{'a': 1}", 'bad', 1, 'a single quote where a double quote belongs (Python?)'],
    ['{"a": None}', 'bad', 6, 'None, which is null in JSON (Python?)'],
  ])('%s', (text, state, at, reason) => expect(readJson(text)).toMatchObject({ state, at, reason }));

  it('nests as deep as a text is long', () => {
    expect(readJson('['.repeat(500_000))).toMatchObject({ state: 'open', at: 500_000 });
    expect(readJson('['.repeat(1 << 21))).toBeUndefined();
  });
});

describe('xmlProblem', () => {
  it.each(['<a/>', '<a b="1">x &amp; y</a>', '<?xml version="1.0"?><a><![CDATA[<]]></a>'])('%s is well-formed', (text) =>
    expect(xmlProblem(text)).toBeUndefined(),
  );
  it.each<[string, number, string]>([
    ['<a><b></a>', 10, 'a closing tag that closes another tag'],
    ['<a>x & y</a>', 5, 'an ampersand that is not written &amp;'],
    ['<a b=1/>', 6, 'an attribute without quotes'],
    ['<a>', 3, 'a tag that is never closed'],
    ['<a/><b/>', 7, 'a second element beside the outermost'],
  ])('%s', (text, at, reason) => expect(xmlProblem(text)).toEqual({ at, reason }));
  it('takes a fragment as it is', () => expect(xmlProblem('<a/> and <b/>', true)).toBeUndefined());
  it('does not expand entities', () =>
    expect(xmlProblem('<!DOCTYPE a [<!ENTITY x "&y;&y;"><!ENTITY y "yyyy">]><a>&x;</a>')?.reason).toBe('an entity that XML does not know'));
});

describe('yamlProblem', () => {
  it.each(['a: 1', '- a\n- b: c', 'a: &x 1\nb: *x', 'a: |\n  b: c: d', 'Some words\nin two lines', 'a: 1\n---\nb: 2'])(
    '%s is fine, or not judged',
    (text) => expect(yamlProblem(text)).toBeUndefined(),
  );
  it.each<[string, string]>([
    ['a: b: c', 'a second colon in one line, without quotes'],
    ['a:\n\t- 1', 'a tab as indent'],
    ['a: 1\na: 2', 'a key that comes twice'],
    ['a: "x', 'a quote, bracket or blank that is missing'],
  ])('%s', (text, reason) => expect(yamlProblem(text)?.reason).toBe(reason));
  it('does not resolve aliases', () => {
    const bomb = `a0: &a0 x\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`).join('\n')}`;
    expect(yamlProblem(bomb)).toBeUndefined();
  });
});

describe('sqlProblem', () => {
  it.each([
    "SELECT 'it''s' FROM t",
    "SELECT 'a\\'b' FROM t",
    "SELECT 'C:\\' FROM t",
    'SELECT "a(" FROM t -- (',
    'SELECT 1 /* ( */',
    '$$ ( $$',
    '',
  ])('%s matches', (text) => expect(sqlProblem(text)).toBeUndefined());
  it.each<[string, number, string]>([
    ['SELECT (1', 7, 'a bracket that is never closed'],
    ['SELECT 1)', 8, 'a closing bracket without an opening one'],
    ["SELECT 'a", 7, "a quote ' that is never closed"],
    ['SELECT /* a', 7, 'a comment that is never closed'],
  ])('%s', (text, at, reason) => expect(sqlProblem(text)).toEqual({ at, reason }));
});
