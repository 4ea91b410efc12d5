import { beforeAll, describe, expect, it } from 'vitest';
import { fallbackSpellings } from '../../src/panel/fallbacks.ts';
import { habits } from '../../src/panel/habits.ts';
import { loadLibraries } from '../../src/panel/libraries.ts';
import { labelAt, markerAt } from '../../src/panel/reply-edges.ts';
import { readReply } from '../../src/panel/reply-reading.ts';
import { tasks } from '../../src/panel/tasks.ts';
import { random, sentence } from '../generate.ts';
import { pair, panelOf } from './panel-of.ts';

const itemsOf = (replies: readonly string[], prompt = 'What?') =>
  tasks(panelOf(replies.map((reply, i) => pair(`${prompt} (${i})`, reply)))).flatMap(({ pairs }) => pairs);
const readingOf = (reply: string, prompt?: string, made = false) => readReply(itemsOf([reply], prompt)[0]!, made);

describe('labelAt', () => {
  it.each([
    ['TIM: Hello', 'User: hi\nTIM:', 'TIM'],
    [' TIM: Hello', 'User: hi\nTIM:', 'TIM'],
    ['Assistant: Hello', 'hi', 'Assistant'],
    ['**Answer:** 4', 'hi', 'Answer'],
    ['Answer:\n4', 'hi', 'Answer'],
    ['A: four', 'Q: two and two?\nA:', 'A'],
    ['TIM: Hello', 'hi', ''],
    ['Note: this is so', 'hi', ''],
    ['Answer:4', 'hi', ''],
    ['The answer is: 4', 'hi', ''],
    ['User: hi\nAssistant: hello', 'Write a dialogue.', ''],
    ['Answer: yes\nReason: it is', 'hi', ''],
    ['', 'hi', ''],
  ])('%j after %j: %j', (reply, prompt, label) => expect(labelAt(reply, prompt)).toBe(label));
});

describe('markerAt', () => {
  it.each([
    ['So it is.###', '###'],
    ['So it is. ##\n', '##'],
    ['It is 10!!!', '!!!'],
    ['So it is. END', 'END'],
    ['So it is.\n<|endoftext|>', '<|endoftext|>'],
    ['So it is.</s>', '</s>'],
    ['So it is. [DONE]', '[DONE]'],
    ['So it is.\n---', '---'],
    ['So it is!', ''],
    ['So it is!!', ''],
    ['So it is...', ''],
    ['Is it so???', ''],
    ['This is **bold**', ''],
    ['```\nx\n```', ''],
    ['THE END', 'END'],
    ['WEEKEND', ''],
    ['This is the END of', ''],
    ['###', ''],
    ['a <- b -> c', ''],
    ['<think>hm</think><answer>7</answer>', ''],
    ['See [A1]', ''],
    ['', ''],
  ])('%j: %j', (reply, marker) => expect(markerAt(reply)).toBe(marker));
});

describe('readReply', () => {
  it.each([
    ['3 + 4 = 7\n7 * 2 = 14', 'steps'],
    ['Take three and four.\n#### 7', 'steps'],
    ['It rained.\nThe answer is yes.', 'steps'],
    ["Let's think step by step.\nIt rained, so yes.", 'steps'],
    ['Step 1: look.\nStep 2: judge.\nSo it is B.', 'steps'],
    ['<think>hm</think>\nYes', 'thoughts'],
    ['Yes, because it rained.', ''],
    ['Step 1: open it.\nStep 2: pour it.\nEnjoy your tea.', ''],
    ['Here is a step-by-step guide.\n1. Open it.\n2. Pour it.', ''],
    ['The answer is 7.', ''],
    ['7 = 7', ''],
  ])('%j shows %j', (reply, reasoning) => expect(readingOf(reply).reasoning).toBe(reasoning));

  it('knows paragraphs, sentences, keys and what the prompt gave', () => {
    expect(readingOf('One. Two?\n\nThree!\n\n\nFour').paragraphs).toBe(3);
    expect(readingOf('One. Two?\n\nThree!\n\n\nFour').sentences).toBe(4);
    expect(readingOf('{"b": 1, "a": {"c": 2}}').keys).toEqual(['b', 'a']);
    expect(readingOf('```json\n{"b": 1}\n```')).toMatchObject({ keys: ['b'], fenced: true, form: 'json' });
    expect(readingOf('[1, 2]').keys).toBeUndefined();
    expect(readingOf('the old mill is closed', 'Is the old mill closed?', true).fromPrompt).toBe(1);
    expect(readingOf('the old mill is closed', 'Is it?', true).fromPrompt).toBe(0.2);
  });
});

describe('fallbackSpellings', () => {
  beforeAll(() => loadLibraries([{ rule: { meta: { needs: ['stems'] } } as never }]));

  it('finds the wordings of "no answer", and slips of them, and no more', () => {
    const found = fallbackSpellings(
      itemsOf([
        'None',
        'None.',
        'none found',
        'N/A',
        "I don't know!",
        'Not mentionned',
        'Nine',
        'Nova',
        'No',
        'Unknown artist',
        'Not the answer you want',
        'Nonefound is a town',
      ]),
    );
    expect(found.map(({ spelling, group }) => `${spelling} ${group}`)).toEqual([
      "I don't know! unknown",
      'N/A nothing',
      'None nothing',
      'None. nothing',
      'Not mentionned unknown',
      'none found nothing',
    ]);
  });
});

describe('habits', () => {
  const r = random(4);
  const some = Array.from({ length: 60 }, (_, i) => `${sentence(r, 12)}${i % 3 === 0 ? ' ###' : ''}`);

  it('gives the share of a habit that few keep, and knows what it did not look for', () => {
    const [found] = habits(panelOf(some.map((reply, i) => pair(`What? (${i})`, reply))));
    expect(found!.find('stop-marker')).toMatchObject({ kept: 20, share: 1 / 3, does: 'end its reply with "###"' });
    expect([...found!.find('stop-marker')!.keeps]).toEqual(found!.readings.map(({ text }) => (text.endsWith('###') ? 1 : 0)));
    expect(found!.find('speaker')).toMatchObject({ kept: 0, does: '' });
    expect(found!.find('labels')).toBeUndefined();
    expect(found!.find('passive')).toBeUndefined();
  });

  it('leaves out what is neither long enough nor a reply', () => {
    expect(habits(panelOf(some.slice(0, 19).map((reply, i) => pair(`What? (${i})`, reply))))).toEqual([]);
    expect(habits(panelOf(some.map((_, i) => pair(`What? (${i})`, ' '.repeat(i)))))).toEqual([]);
  });
});
