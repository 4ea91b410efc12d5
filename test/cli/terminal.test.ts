import { describe, expect, it } from 'vitest';
import { colorFlag, styleOf, wantsColor } from '../../src/cli/terminal.ts';

const terminal = { isTTY: true, columns: 100 };
const pipe = {};

describe('wantsColor', () => {
  it.each([
    ['terminal', undefined, terminal, {}, true],
    ['pipe', undefined, pipe, {}, false],
    ['dumb terminal', undefined, terminal, { TERM: 'dumb' }, false],
    ['NO_COLOR', undefined, terminal, { NO_COLOR: '1' }, false],
    ['empty NO_COLOR', undefined, terminal, { NO_COLOR: '' }, true],
    ['FORCE_COLOR', undefined, pipe, { FORCE_COLOR: '1' }, true],
    ['empty FORCE_COLOR', undefined, pipe, { FORCE_COLOR: '' }, true],
    ['FORCE_COLOR=0', undefined, terminal, { FORCE_COLOR: '0' }, false],
    ['FORCE_COLOR beats NO_COLOR', undefined, pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['--color beats NO_COLOR', true, pipe, { NO_COLOR: '1' }, true],
    ['--no-color beats FORCE_COLOR', false, terminal, { FORCE_COLOR: '1' }, false],
  ] as const)('%s', (_, flag, stream, env, expected) => {
    expect(wantsColor(flag, stream, env)).toBe(expected);
  });
});

const given = (...flags: string[]) => colorFlag({ has: (flag) => flags.includes(flag) });

it('--no-color beats --color', () => {
  expect([given(), given('color'), given('no-color'), given('color', 'no-color')]).toEqual([undefined, true, false, false]);
});

it('the width is that of the terminal, else COLUMNS, else 80', () => {
  expect(styleOf(undefined, terminal, { COLUMNS: '50' }).width).toBe(100);
  expect(styleOf(undefined, pipe, { COLUMNS: '50' }).width).toBe(50);
  expect(styleOf(undefined, pipe, { COLUMNS: 'x' }).width).toBe(80);
  expect(styleOf(undefined, pipe, {}).width).toBe(80);
  expect(styleOf(undefined, { isTTY: true, columns: 0 }, {}).width).toBe(80);
});
