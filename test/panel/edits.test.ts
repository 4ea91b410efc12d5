import { describe, expect, it } from 'vitest';
import { CUES, type Edits, OPERATIONS, readEdits } from '../../src/panel/edits.ts';
import { type Task, tasks } from '../../src/panel/tasks.ts';
import { pair, panelOf } from './panel-of.ts';

const WORDS = 'oak elm ash fir yew bay fig box'.split(' ');

/** A task of 40 pairs of 40 texts, what `prompt` and `reply` make of them; a text's words are those of all texts, turned, and one of its own. */
function taskOf(prompt: (text: string[], i: number) => string, reply: (text: string[], i: number) => string): Task {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const text = [`n${i}`, ...WORDS.slice(i % 8), ...WORDS.slice(0, i % 8)];
    return pair(prompt(text, i), reply(text, i));
  });
  return tasks(panelOf(rows))[0]!;
}

const joined = (text: readonly string[]) => text.join(' ');
const names = (bits: number, of: readonly string[]) => of.filter((_, i) => bits & (1 << i));

/** What was done and could be done, and the cues, at each word of the first text, by name. */
const firstOf = ({ pairOf, done, possible, cues }: Edits) =>
  pairOf.flatMap((at, i) =>
    at === 0 ? [{ done: names(done[i]!, OPERATIONS), possible: names(possible[i]!, OPERATIONS), cues: names(cues[i]!, CUES) }] : [],
  );

describe('readEdits', () => {
  it('tells what was done at each word, and what could have been', () => {
    const task = taskOf(joined, ([a, b, c, d, e, f, , ...rest]) => `${a} ${b}, ${c}. ${d!.toUpperCase()}\n"${e} ${f}s ${rest.join(' ')}`);
    const first = firstOf(readEdits(task, 1000));
    expect(first.map(({ done }) => done)).toEqual([
      [],
      ['comma'],
      ['sentence-end'], // and a capital after it is no secret
      ['line-break', 'quote'],
      ['substitute'],
      ['delete'],
      [],
      [],
    ]);
    const gap = ['sentence-end', 'comma', 'line-break', 'quote'];
    expect(first.map(({ possible }) => possible)).toEqual([
      [...gap, 're-case', 'substitute', 'delete'],
      [...gap, 're-case', 'substitute', 'delete'],
      [...gap, 'substitute', 'delete'],
      [...gap, 're-case', 'substitute', 'delete'],
      [...gap, 'substitute', 'delete'],
      ['delete'],
      ['re-case', 'substitute', 'delete'], // no gap of the reply's is that after a deleted word
      [...gap, 're-case', 'substitute', 'delete'],
    ]);
  });

  it('tells which cues stand at each word', () => {
    const task = taskOf(
      ([a, b, c, d, e, f, ...rest]) => `${a} ${b!.toUpperCase()}  ${c}\n${d} ~ ${e} \u200b${f} ${rest.join(' ')}`,
      (text) => joined(text),
    );
    const first = firstOf(readEdits(task, 1000));
    expect(first.map(({ cues }) => cues)).toEqual([
      ['next-capital', 'next-all-caps', 'second-word', 'every-tenth-word-from-2'],
      ['last-capital', 'last-all-caps', 'double-blank', 'third-word', 'every-tenth-word-from-3'],
      ['line-break', 'fourth-word', 'every-tenth-word-from-4'],
      ['odd-mark', 'every-tenth-word-from-5'],
      ['invisible', 'every-tenth-word-from-6'],
      ['last-word-but-two', 'every-tenth-word-from-7'],
      ['last-word-but-one', 'every-tenth-word-from-8'],
      ['last-word', 'every-tenth-word-from-9'],
    ]);
    expect(first[0]!.done).toEqual(['re-case']);
  });

  it('asks for nothing that the prompt shows', () => {
    const task = taskOf(
      ([a, b, c, d, ...rest]) => `${a}, ${b}. ${c}\n${joined([d!, ...rest])}`,
      ([a, b, c, d, ...rest]) => `${a}, ${b}. "${c}\n${d}, ${joined(rest)}`,
    );
    const [afterComma, afterEnd, afterBreak] = firstOf(readEdits(task, 1000));
    expect([afterComma!.done, afterEnd!.done, afterBreak!.done]).toEqual([[], [], []]);
    expect(afterComma!.possible).not.toContain('comma');
    expect(afterEnd!.possible).toEqual(['substitute', 'delete']);
    expect(afterBreak!.possible).not.toContain('line-break');
  });

  it('says where the reply took an odd mark away', () => {
    const task = taskOf(
      ([a, b, c, ...rest]) => `${a} ~ ${b} ~ ${c} ${joined(rest)}`,
      ([a, b, c, ...rest]) => `${a}. ${b}. ~ ${c} ${joined(rest)}`,
    );
    const edits = readEdits(task, 1000);
    expect(edits.replaced.slice(0, 3).map((bits) => names(bits, OPERATIONS))).toEqual([['sentence-end'], [], []]);
  });

  it('leaves out pairs of which too little is kept, and reads no more than it is asked to', () => {
    const task = taskOf(joined, (text, i) => (i % 4 === 0 ? `quite another reply than ${text[0]}` : `${joined(text)}.`));
    const all = readEdits(task, 1000);
    expect(all.pairs).toHaveLength(30);
    expect(all.word).toHaveLength(30 * 8);
    expect(new Set(all.word).size).toBe(8);
    expect(Math.max(...all.word)).toBeLessThan(all.vocabulary);
    const few = readEdits(task, 20);
    expect(few.pairs).toEqual(all.pairs.slice(0, 3));
    expect(few.word).toEqual(all.word.slice(0, 24));
    for (const [i, at] of all.at.entries()) expect(all.pairs[all.pairOf[i]!]!.text.slice(at)).toMatch(/^[a-z]+( |$)/);
  });
});
