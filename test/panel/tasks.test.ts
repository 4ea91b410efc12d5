import { describe, expect, it } from 'vitest';
import { measure } from '../../src/panel/task-type.ts';
import { oneTask, type TaskType, tasks } from '../../src/panel/tasks.ts';
import type { Panel } from '../../src/types.ts';
import { pick, random, sentence } from '../generate.ts';
import { chat, pair, panelOf } from './panel-of.ts';

const r = random(5);
const some = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const text = (words = 12) => sentence(r, words);
const bare = (said: string) => said.toLowerCase().replace('.', '');
/** Words that no vocabulary of `sentence` has. */
const other = (words: number) =>
  some(words, () => pick(r, ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa'])).join(' ');
const summary = (panel: Panel) => tasks(panel).map(({ name, type, pairs, judged }) => [name, type, pairs.length, judged]);
const typeOf = (rows: readonly object[]): TaskType => {
  const found = tasks(panelOf(rows));
  expect(found.length).toBe(1);
  return found[0]!.type;
};

describe('the type of a task', () => {
  it.each<[TaskType, string, () => object]>([
    ['classify', 'labels', () => pair(text(), pick(r, ['praise', 'complaint', 'question']))],
    [
      'choose',
      'options that stand in the prompt',
      () =>
        pair(
          `${text()} Red or blue?`.replace('Red or blue', pick(r, ['Red or blue', 'Blue or red', 'Green or red or blue'])),
          pick(r, ['red', 'blue']),
        ),
    ],
    [
      'classify',
      'labels that the instruction lists',
      () => pair(`Answer praise or complaint.\n${text()}`, pick(r, ['praise', 'complaint'])),
    ],
    [
      'extract',
      'a few words of a long prompt',
      () => {
        const said = `${text(30)} ${text(30)}`;
        const from = Math.floor(r() * 40);
        return pair(
          said,
          said
            .split(' ')
            .slice(from, from + 4)
            .join(' '),
        );
      },
    ],
    [
      'copy',
      'the prompt again',
      () => {
        const said = text();
        return pair(`Repeat after me: ${said}`, said);
      },
    ],
    [
      'edit',
      'punctuation put in',
      () => {
        const said = `${text(14)} ${text(9)}`;
        return pair(said.toLowerCase().replaceAll('.', ''), said);
      },
    ],
    [
      'edit',
      'the same under a long instruction',
      () => {
        const said = text(8);
        return pair(
          `Please put the punctuation back into the following text, and change nothing else about it.\n${bare(said)}\nCorrected:`,
          said,
        );
      },
    ],
    [
      'reformat',
      'fields as JSON',
      () => {
        const [name, place] = [text(3), text(4)];
        return pair(`name: ${name}\nplace: ${place}`, JSON.stringify({ name, place }));
      },
    ],
    ['generate', 'JSON that the prompt knows nothing of', () => pair(text(), JSON.stringify({ alpha: other(3), beta: [other(2)] }))],
    [
      'compress',
      'one sentence of five',
      () => {
        const said = some(5, () => text(12));
        return pair(said.join(' '), said[0]!);
      },
    ],
    [
      'expand',
      'a story around a sentence',
      () => {
        const said = text(8);
        return pair(said, `${other(20)} ${said} ${other(20)}`);
      },
    ],
    ['generate', 'an answer in other words', () => pair(text(), other(12))],
  ])('is %s: %s', (type, _, row) => expect(typeOf(some(120, row))).toBe(type));

  it('is the same for pairs and for chats', () => {
    const rows = some(150, () => [text(), pick(r, ['yes', 'no'])] as const);
    const [pairs, chats] = [tasks(panelOf(rows.map(([p, c]) => pair(p, c))))[0]!, tasks(panelOf(rows.map((turns) => chat(turns))))[0]!];
    expect({ ...pairs, pairs: [] }).toEqual({ ...chats, pairs: [] });
  });
});

describe('measure', () => {
  const measured = (make: (i: number, said: string) => readonly [string, string]) =>
    measure(
      some(40, (i) => make(i, other(8))).map(([prompt, reply]) => ({ pair: { prompt, reply, system: '', hasPrompt: true, turn: 1 } })),
      { pairs: 1000, words: 1e6 },
      0,
    );

  it('leaves out the frame of the prompts', () => {
    expect(measured((i, said) => [`Please fix this: n${i} ${said} Answer:`, said])).toMatchObject({ compression: 9 / 8, recall: 8 / 9 });
  });

  it('keeps what the replies have too, and only that', () => {
    expect(measured((_, said) => [`Repeat this: the end ${said}`, `the end ${said}`])).toMatchObject({ compression: 1, equal: 1 });
    expect(measured((_, said) => [`Repeat this now: ${said}`, `Here you are: ${said}`])).toMatchObject({ compression: 8 / 11, recall: 1 });
  });

  it('stops where the budget ends', () => {
    const pairs = some(500, (i) => ({
      pair: { prompt: `${i} ${other(99)}`, reply: i < 30 ? 'a b' : 'a b c', system: '', hasPrompt: true, turn: 1 },
    }));
    expect(measure(pairs, { pairs: 1000, words: 1 }, 0).replyLength).toBe(2); // thirty are always read
    expect(measure(pairs, { pairs: 1000, words: 1e6 }, 0).replyLength).toBe(3);
    expect(measure(pairs, { pairs: 50, words: 1e6 }, 0).replyLength).toBe(2);
  });
});

describe('which pairs are a task', () => {
  it('is the whole file where nothing else is shared', () => {
    const panel = panelOf(some(150, () => pair(text(), other(8))));
    expect(summary(panel)).toEqual([['all prompts', 'generate', 150, true]]);
    expect(oneTask(panel)).toBe(true);
    expect(tasks(panel)[0]!.key).toBe('all');
  });

  it('needs thirty pairs where it is the file, a hundred where it is not', () => {
    expect(summary(panelOf(some(30, () => pair(text(), other(8)))))[0]![3]).toBe(true);
    expect(summary(panelOf(some(29, () => pair(text(), other(8)))))[0]![3]).toBe(false);
  });

  it('is the instruction, which the format names or the first line tells; the rest pools', () => {
    const rows = [
      ...some(120, () => ({ instruction: 'Translate to Greek.', input: text(), output: other(9) })),
      ...some(110, () => pair(`Shorten this\n${text()}`, 'shorter')),
      ...some(99, (i) => ({ instruction: `Do thing ${i}`, input: text(), output: other(9) })),
    ];
    const panel = panelOf(rows);
    expect(summary(panel)).toEqual([
      ['Translate to Greek.', 'generate', 120, true],
      ['Shorten this', 'classify', 110, true],
      ['other prompts', 'generate', 99, false],
    ]);
    expect(oneTask(panel)).toBe(false);
  });

  it('is the system text, where no instruction is shared', () => {
    const rows = [
      ...some(100, () => chat([text(), other(9)], 'You are a pirate.')),
      ...some(130, () => chat([text(), other(9)], 'You are a butler.')),
      ...some(40, (i) => chat([text(), other(9)], `You are visitor ${i}.`)),
    ];
    expect(summary(panelOf(rows)).map(([name, , size]) => [name, size])).toEqual([
      ['You are a butler.', 130],
      ['You are a pirate.', 100],
      ['other prompts', 40],
    ]);
  });

  it('is an instruction under one system text and again under another', () => {
    const rows = ['a pirate', 'a butler'].flatMap((who) =>
      some(100, () => chat([`Greet the guest\n${text()}`, other(9)], `You are ${who}`)),
    );
    const found = tasks(panelOf(rows));
    expect(found.map(({ name }) => name).sort()).toEqual(['Greet the guest (You are a butler)', 'Greet the guest (You are a pirate)']);
    expect(new Set(found.map(({ key }) => key)).size).toBe(2);
  });

  it('is one template, whatever its first field says', () => {
    const rows = some(400, () => pair(`Genre: ${pick(r, ['crime', 'romance'])}\nPlace: ${text(3)}`, other(30)));
    expect(summary(panelOf(rows))).toEqual([['all prompts', 'generate', 400, true]]);
  });

  it('is a field whose value is the instruction', () => {
    const rows = some(400, (i) => pair(`Task: ${i % 2 === 0 ? 'translate' : 'rhyme'}\n${text()}`, other(9)));
    expect(
      summary(panelOf(rows))
        .map(([name]) => name)
        .sort(),
    ).toEqual(['Task: rhyme', 'Task: translate']);
  });

  it('is what a chat opened with, in all its turns; a greeting is no instruction', () => {
    const rows = [
      ...some(60, () => chat([`Correct my Greek\n${text()}`, other(9), text(), other(9)])),
      ...some(120, () => chat(['Hi', 'Hello', text(), other(9)])),
    ];
    expect(summary(panelOf(rows)).map(([name, , size]) => [name, size])).toEqual([
      ['other prompts', 240],
      ['Correct my Greek', 120],
    ]);
  });

  it('may be a prompt of one line that is asked again and again', () => {
    const rows = [...some(120, () => pair('Tell me a joke', other(9))), ...some(150, () => pair(text(), other(9)))];
    expect(summary(panelOf(rows)).map(([name, , size]) => [name, size])).toEqual([
      ['other prompts', 150],
      ['Tell me a joke', 120],
    ]);
  });

  it('takes in a handful of strays', () => {
    const rows = [...some(300, () => chat([text(), 'yes'], 'Judge this.')), ...some(10, () => chat([text(), 'no']))];
    const panel = panelOf(rows);
    expect(summary(panel)).toEqual([['all prompts', 'classify', 310, true]]);
    const hashes = tasks(panel)[0]!.pairs.map(({ example }) => example.hash);
    expect(hashes).toEqual(hashes.toSorted((a, b) => a - b));
  });

  it('keeps texts without a prompt apart, and calls them no labels', () => {
    const rows = [...some(150, () => ({ text: pick(r, ['yes', 'no']) + text(2) })), ...some(200, () => pair(text(), 'yes'))];
    expect(summary(panelOf(rows)).map(([name, type]) => [name, type])).toEqual(
      [
        ['all prompts', 'classify'],
        ['texts without a prompt', 'generate'],
      ].map(([name, type]) => [name === 'all prompts' ? 'other prompts' : name, type]),
    );
    const texts = tasks(panelOf(some(60, () => ({ text: text() }))));
    expect(texts.map(({ name, type, labelLike }) => [name, type, labelLike])).toEqual([['all texts', 'generate', false]]);
  });

  it('is nothing in nothing', () => expect(tasks(panelOf([]))).toEqual([]));

  it('does not depend on the order of lines', () => {
    const rows = [...some(120, () => pair(`Shorten\n${text()}`, 'the')), ...some(130, () => pair(`Lengthen\n${text()}`, other(20)))];
    const plain = (panel: Panel) =>
      tasks(panel).map(({ pairs, ...rest }) => ({ ...rest, prompts: pairs.map(({ pair: { prompt } }) => prompt) }));
    expect(plain(panelOf(rows.toReversed()))).toEqual(plain(panelOf(rows)));
  });

  it('names a task without what could break a line', () => {
    const rows = [
      ...some(120, () => pair(`A\tlong${' and longer'.repeat(40)}\n${text()}`, 'the')),
      ...some(120, () => pair(text(), other(9))),
    ];
    const name = tasks(panelOf(rows))
      .map((task) => task.name)
      .find((each) => each !== 'other prompts')!;
    expect(name).toBe('A long and longer and longer and longer…');
  });
});

describe('replies', () => {
  const proseOf = (rows: readonly object[]) => tasks(panelOf(rows)).map(({ proseReplies, labelLike }) => [proseReplies, labelLike])[0];
  it('are prose, syntax or labels', () => {
    expect(proseOf(some(60, () => pair(text(), text())))).toEqual([true, false]);
    expect(proseOf(some(60, () => pair(text(), `SELECT a FROM ${other(1)} WHERE b = ${r()}`)))).toEqual([false, false]);
    expect(proseOf(some(60, () => pair(text(), pick(r, ['yes', 'No. ', ' yes']))))).toEqual([false, true]);
    expect(proseOf(some(60, (i) => pair(text(), i % 5 < 3 ? text() : '{"a": [1]}')))).toEqual([true, false]);
  });
});

it('takes a full panel', () => {
  const long = some(40, () => text(60)).join(' ');
  const rows = some(20_000, (i) => ({
    prompt: `Task ${i % 150}\n${i} ${long.slice(i % 1000, (i % 1000) + 1200)}`,
    completion: `${long.slice(0, 300)} ${i}`,
  }));
  const panel = panelOf(rows);
  expect(tasks(panel).length).toBe(150);
});
