import { describe, expect, it } from 'vitest';
import { isFunctionWord, isNegation } from '../../src/panel/function-words.ts';
import { wordAt, wordCues } from '../../src/panel/word-cues.ts';
import { normalTail } from '../../src/stats/tails.ts';
import { labelled, withWord } from '../rules/leakage/labelled.ts';
import { pair, panelOf } from './panel-of.ts';

describe('wordCues', () => {
  const pairs = labelled({
    n: 500,
    seed: 3,
    cue: (prompt, label, r) => withWord('giraffe', 'yes', 0.4, 0.1)(withWord('never', 'no', 0.5, 0.05)(prompt, label, r), label, r),
  });
  const [found] = wordCues(panelOf(pairs.map(([prompt, reply]) => pair(prompt, reply))));

  it('counts as by hand', () => {
    const base = {
      yes: pairs.filter(([, reply]) => reply === 'yes').length / 500,
      no: pairs.filter(([, reply]) => reply === 'no').length / 500,
    };
    for (const [word, answer] of [
      ['never', 'no'],
      ['giraffe', 'yes'],
    ] as const) {
      const cue = found!.cues.find(({ text }) => text === word)!;
      const having = pairs.filter(([prompt]) => new RegExp(`\\b${word}\\b`).test(prompt));
      const right = having.filter(([, reply]) => reply === answer).length;
      expect([cue.prompts, cue.withAnswer, found!.answers.scheme.classes[cue.answer]]).toEqual([having.length, right, answer]);
      expect(cue.z).toBeCloseTo((right / having.length - base[answer]) / Math.sqrt((base[answer] * (1 - base[answer])) / having.length), 2);
      expect(cue.pmi).toBeCloseTo(Math.log2((right + 50) / (having.length + 100) / ((500 * base[answer] + 50) / 600)), 3);
      expect(normalTail(cue.z) * found!.tests).toBeLessThan(0.01);
    }
  });

  it('counts the same with each group left out', () => {
    const { items, classOf } = found!.answers;
    for (const { text, answer, without } of found!.cues) {
      without.forEach((counted, group) => {
        const left = items.map((item, i) => ({ item, i })).filter(({ item }) => item.example.group !== group);
        const having = left.filter(({ item }) => ` ${item.pair.prompt.toLowerCase().replace(/[^a-z0-9]+/g, ' ')} `.includes(` ${text} `));
        expect(counted).toEqual({
          prompts: having.length,
          withAnswer: having.filter(({ i }) => classOf[i] === answer).length,
          answer: left.filter(({ i }) => classOf[i] === answer).length,
          all: left.length,
        });
      });
    }
  });

  it('knows the kinds of words, and shows examples that have them', () => {
    expect(found!.cues.filter(({ text }) => !text.includes(' ')).map(({ text, kind }) => [text, kind])).toEqual([
      ['never', 'function'],
      ['giraffe', 'content'],
    ]);
    for (const { text, examples, contrast } of found!.cues) {
      const prompts = examples.map((i) => found!.answers.items[i]!.pair.prompt.toLowerCase());
      expect(prompts.every((prompt) => prompt.includes(text))).toBe(true);
      expect(found!.answers.items[contrast]!.pair.prompt).not.toContain(text);
    }
  });

  it('boilerplate stands at an end, and is written as nothing else is', () => {
    const signed = labelled({
      n: 300,
      seed: 4,
      cue: (prompt, label, r) => (label === 'yes' && r() < 0.5 ? `${prompt} (Wirepost)` : prompt),
    });
    const [cues] = wordCues(panelOf(signed.map(([prompt, reply]) => pair(prompt, reply))));
    expect(cues!.cues.map(({ text, kind }) => [text, kind])).toEqual([['wirepost', 'boilerplate']]);
  });
});

it('function words and negations', () => {
  expect(['the', "don't", 'nobody', 'between'].every(isFunctionWord)).toBe(true);
  expect(['cat', 'run', 'people', '__proto__'].some(isFunctionWord)).toBe(false);
  expect(['no', 'never', "won't"].every(isNegation)).toBe(true);
  expect(['now', "it's", 'note'].some(isNegation)).toBe(false);
});

it('wordAt finds words, not parts of words', () => {
  expect(wordAt('(ireland) ire, ire', 'ire')).toBe(10);
  expect(wordAt('(ireland) ire, ire', 'ire', true)).toBe(15);
  expect([wordAt('ireland', 'ire'), wordAt('ireland', 'ire', true), wordAt('', 'a')]).toEqual([-1, -1, -1]);
});
