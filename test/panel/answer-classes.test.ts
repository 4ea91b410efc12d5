import { describe, expect, it } from 'vitest';
import { answerClasses } from '../../src/panel/answer-classes.ts';
import { tasks } from '../../src/panel/tasks.ts';
import { pick, random, sentence } from '../generate.ts';
import { chat, pair, panelOf } from './panel-of.ts';

const r = random(11);
const some = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const text = (words = 12) => sentence(r, words);
/** Scheme to its classes with their sizes. */
const classesOf = (rows: readonly object[]) =>
  Object.fromEntries(
    answerClasses(panelOf(rows)).map(({ scheme, classes, classOf }) => [
      scheme,
      Object.fromEntries(classes.map((name, i) => [name, classOf.filter((at) => at === i).length])),
    ]),
  );

describe('answerClasses', () => {
  it('takes the reply itself where it is a label, in all spellings, and nothing else', () => {
    const rows = some(200, (i) => pair(text(), ['yes', ' Yes.', 'no', 'NO'][i % 4]!));
    expect(classesOf(rows)).toEqual({ reply: { no: 100, yes: 100 } });
  });

  it('reads yes and no off free replies, by the first word', () => {
    const rows = some(200, (i) => pair(text(), `${['Yes, ', 'No. ', '**No**, ', 'No problem: '][i % 4]}${text()}`));
    expect(classesOf(rows)).toEqual({ 'yes-no': { no: 100, yes: 50 } });
  });

  it('reads true and false, and option letters', () => {
    expect(classesOf(some(200, (i) => pair(text(), `${['True', 'False'][i % 2]}: ${text()}`)))['true-false']).toEqual({
      false: 100,
      true: 100,
    });
    const letters = ['A) ', 'The correct answer is B.\n', '(C) ', 'A: ', 'A dog '];
    expect(classesOf(some(200, (i) => pair(text(), `${letters[i % 5]}${text()}`)))).toEqual({ option: { A: 80, B: 40, C: 40 } });
  });

  it('tells refusals and formats', () => {
    const rows = some(200, (i) =>
      pair(text(), i % 4 === 0 ? `I'm sorry, but I can't help with that. ${text()}` : i % 4 === 1 ? `{"a": "${text()}"}` : text()),
    );
    expect(classesOf(rows)).toEqual({ refusal: { answers: 150, refuses: 50 }, format: { prose: 150, json: 50 } });
  });

  it('tells which tool is called, rare ones together', () => {
    const call = (name: string) => ({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'x', type: 'function', function: { name, arguments: '{}' } }],
    });
    const rows = some(200, (i) => ({
      messages: [
        { role: 'user', content: text() },
        i % 2 === 0 ? { role: 'assistant', content: text() } : call(i % 4 === 1 ? 'weather' : `tool_${i}`),
      ],
    }));
    expect(classesOf(rows).tool).toEqual({ 'no call': 100, 'another tool': 50, weather: 50 });
  });

  it('leaves out classes with few members, and schemes that sort less than half', () => {
    const rows = some(400, (i) => pair(text(), i === 0 ? 'neutrl' : i % 2 === 0 ? 'neutral' : 'negative'));
    expect(classesOf(rows)).toEqual({ reply: { negative: 200, neutral: 199 } });
    expect(classesOf(some(200, (i) => pair(text(), i % 5 === 0 ? `Yes, ${text()}` : i % 5 === 1 ? `No, ${text()}` : text())))).toEqual({});
  });

  it('never makes classes of lengths or of free first words', () => {
    expect(classesOf(some(300, (i) => pair(text(), `${pick(r, ['Well', 'Sure', 'Indeed'])}, ${text(i % 2 === 0 ? 4 : 40)}`)))).toEqual({});
  });

  it('has an entry per pair of the task, in its order, and none for replies without a prompt', () => {
    const rows = [...some(150, () => pair(`Judge\n${text()}`, pick(r, ['good', 'bad']))), ...some(150, () => chat([text(), text()]))];
    const panel = panelOf(rows);
    const [scheme] = answerClasses(panel);
    expect(tasks(panel)).toContain(scheme!.task);
    expect([...scheme!.classOf].map((at) => scheme!.classes[at])).toEqual(scheme!.task.pairs.map(({ pair: { reply } }) => reply));
    expect(answerClasses(panelOf(some(100, (i) => ({ text: i % 2 === 0 ? `yes ${i}` : `{"a": ${i}}` }))))).toEqual([]);
  });

  it('takes names of classes as data', () => {
    expect(classesOf(some(100, (i) => pair(text(), i % 2 === 0 ? '__proto__' : 'constructor'))).reply).toMatchObject({ constructor: 50 });
  });
});
