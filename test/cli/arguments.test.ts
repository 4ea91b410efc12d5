import { describe, expect, it } from 'vitest';
import { COMMON, readArguments } from '../../src/cli/arguments.ts';
import { UserError } from '../../src/errors.ts';

const SPECS = { format: { type: 'string' }, 'max-score': { type: 'string' }, 'no-progress': { type: 'boolean' }, ...COMMON } as const;
const read = (...words: string[]) => readArguments('check', words, SPECS);

function mistake(...words: string[]): string {
  try {
    read(...words);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('Unexpected success');
}

describe('readArguments', () => {
  it('tells files, values and switches apart', () => {
    const args = read('a.jsonl', '--format', 'json', '-', '--no-progress', '--format=pretty:x=y', 'b.jsonl');
    expect(args.positionals).toEqual(['a.jsonl', '-', 'b.jsonl']);
    expect(args.all('format')).toEqual(['json', 'pretty:x=y']);
    expect(args.one('format')).toBe('pretty:x=y');
    expect(args.has('no-progress')).toBe(true);
    expect(args.has('color')).toBe(false);
    expect(args.all('max-score')).toEqual([]);
    expect(args.one('max-score')).toBeUndefined();
  });

  it('takes everything after -- as files', () => {
    expect(read('--', '--format', '-x.jsonl').positionals).toEqual(['--format', '-x.jsonl']);
  });

  it('names the likeliest flag and all known ones', () => {
    expect(mistake('--formt', 'json')).toBe(
      'Unexpected flag --formt (did you mean --format?), expected one of: --format, --max-score, --no-progress, --help, --color, --no-color (lopsided check --help)',
    );
    expect(mistake('--zzz')).toMatch(/^Unexpected flag --zzz, expected one of: /);
    expect(mistake('-x')).toMatch(/^Unexpected flag -x/);
    expect(mistake('--__proto__')).toMatch(/^Unexpected flag --__proto__/);
    expect(mistake('--constructor=1')).toMatch(/^Unexpected flag --constructor/);
  });

  it('misses values', () => {
    for (const words of [['--format'], ['--format', '--no-progress'], ['--format='], ['--format', '']]) {
      expect(mistake(...words)).toBe('Missing value of --format, expected "--format <value>"');
    }
  });

  it('takes "-" and, with =, anything as a value', () => {
    expect(read('--format', '-').one('format')).toBe('-');
    expect(read('--max-score=-5').one('max-score')).toBe('-5');
  });

  it('wants no value for a switch', () => {
    expect(mistake('--no-progress=yes')).toBe('Unexpected value "yes" of --no-progress, expected --no-progress alone: it is a switch');
  });
});
