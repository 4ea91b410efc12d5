import { beforeAll, describe, expect, it } from 'vitest';
import replyBalance from '../../rules/mapping/reply-balance.ts';
import { defineRule } from '../../src/kit.ts';
import {
  collapseRuns,
  datesOf,
  isImperative,
  isPassive,
  namesOf,
  personsOf,
  readGrammar,
  segments,
  sentences,
  tensesOf,
} from '../../src/panel/grammar.ts';
import { loadLibraries } from '../../src/panel/libraries.ts';

describe('sentences', () => {
  // parted by hand: each | is a border
  it.each([
    'It rained.| We stayed in!| Did you?',
    'Dr. Smith met Mrs. Jones at St. Mary.| They left.',
    'The train came at 5 p.m. and left.| The bus came at 5 p.m.| He took it.',
    'J. S. Bach wrote it.| So did I.| We sang.',
    'He works at Acme Inc. in Ohio.| She works at Globex Corp.| They met there.',
    'It costs 3.50 dollars, i.e. not much, e.g. for bread.| See fig. 3 and No. 5 of vol. 2 of it.',
    '"Why?" he asked.| "Because," she said.| "Go!"| He went.',
    'Well... maybe so.| Wait…| What?!',
    'i went home. |then i slept.| yes',
    '1. Open the box.\n|2. Take it out.\n|- and run',
    'A heading\n\n|the text below\nthat goes on.| The end',
    'The U.S. army left.| They live in the U.S.| It is large.',
    '他来了。|我走了！|你呢？',
    'See www.example.com/a.b?c=d for more.| Version 2.0.1 is out.',
    '(It was late.)| Nobody came.| [Really.]| Yes',
    'Vitamin C.| It is an acid by Dr. C. Funk.',
  ])('parts %j', (marked) => {
    const parts = marked.split('|').map((part) => part.replaceAll('\n', ' ').trim());
    expect(sentences(marked.replaceAll('|', ''))).toEqual(parts);
  });

  it('keeps to a number of sentences, and finds none in nothing', () => {
    expect(sentences('One. Two. Three.', 2)).toEqual(['One.', 'Two.']);
    expect(sentences('')).toEqual([]);
    expect(sentences(' \n\n ')).toEqual([]);
  });
});

describe('hostile texts', () => {
  const N = 40_000;
  const patterns = [
    '.',
    '!',
    'A.B.',
    '; ',
    '\n',
    ' ',
    '\t',
    'a',
    '7',
    '-',
    'a;b; ',
    '1. a ',
    '(',
    '"',
    "'",
    '. ',
    '他',
    'Mr. ',
    '\u200b',
    '?!',
    'I.',
    'A\n',
    '.\n"',
  ];

  it('reach the library in pieces of 1,000 characters without long runs', () => {
    for (const pattern of patterns) {
      const text = pattern.repeat(N / pattern.length);
      for (const piece of segments(text)) {
        expect(piece.length, pattern).toBeLessThanOrEqual(1000);
        expect(piece, pattern).not.toMatch(/[!-/:-@[-`{-~]{4}|\s{3}|\S{101}/);
      }
      expect(segments(text, 5000).join('').length, pattern).toBeLessThanOrEqual(5000);
    }
    expect(collapseRuns('.'.repeat(N))).toBe('...');
    expect(collapseRuns(' '.repeat(N))).toBe(' ');
    expect(collapseRuns(`a${'\n'.repeat(N)}b`)).toBe('a\n\nb');
    expect(collapseRuns('a'.repeat(N)).length).toBe(100);
    expect(collapseRuns('a b, c... "d" (e). f\ng')).toBe('a b, c... "d" (e). f\ng');
  });

  it('lose nothing but runs where there is room', () => {
    const text = Array.from({ length: 400 }, (_, i) => `The ${i} horses of the valley ran, and ${i} did not.`).join(' ');
    expect(segments(text).join(' ')).toBe(text);
    for (const piece of segments(text)) expect(piece).toMatch(/\.$/);
    for (const piece of segments(text).slice(0, -1)) expect(piece.length).toBeGreaterThan(900);
    const one = text.replaceAll('.', ',');
    expect(segments(one).join(' ')).toBe(one);
    expect(segments('A first one. A second one.', 14)).toEqual(['A first one.']);
    expect(segments('A first one. A second one.', 5)).toEqual(['A fir']);
  });
});

describe('grammar', () => {
  beforeAll(async () => {
    await loadLibraries([{ rule: defineRule({ ...replyBalance, meta: { ...replyBalance.meta, needs: ['compromise'] } }) }]);
  });
  const one = (text: string) => {
    const [sentence, ...more] = readGrammar(text);
    expect(more).toEqual([]);
    return sentence!;
  };

  it('finds names and what they name', () => {
    expect(namesOf(one('Dr. Smith met Angela Merkel in Paris, Berlin and at Microsoft Corp. yesterday.'))).toEqual([
      { text: 'Dr. Smith', kind: 'person' },
      { text: 'Angela Merkel', kind: 'person' },
      { text: 'Paris', kind: 'place' },
      { text: 'Berlin', kind: 'place' },
      { text: 'Microsoft Corp', kind: 'organization' },
    ]);
    expect(namesOf(one("We saw Maria's car on Tuesday in March, and she isn't here."))).toEqual([{ text: 'Maria', kind: 'person' }]);
    expect(namesOf(one('The old bridge was closed.'))).toEqual([]);
  });

  it('finds dates', () => {
    expect(datesOf(one('They met on 3 March 2021 at 5 p.m. and again on Tuesday.'))).toEqual(['3 March 2021', 'Tuesday']);
    expect(datesOf(one('He bought 12 eggs.'))).toEqual([]);
  });

  it.each([
    ['The letter was written by her mother.', true],
    ['The bridge has been repaired.', true],
    ['Her mother wrote the letter.', false],
    ['She is writing it.', false],
  ])('tells the passive: %j', (text, passive) => expect(isPassive(one(text))).toBe(passive));

  it.each([
    ['Open the door.', true],
    ['Please send me the report.', true],
    ["Don't touch the paint.", true],
    ['The door is open.', false],
    ['She opens the door.', false],
    ['Could you help me?', false],
  ])('tells an order: %j', (text, order) => expect(isImperative(one(text))).toBe(order));

  it('counts persons, contractions among them', () => {
    expect(personsOf(one("I'm sure you've seen my brother and his dog, but they haven't."))).toEqual({ first: 2, second: 1, third: 2 });
    expect(personsOf(one('The bridge stands.'))).toEqual({ first: 0, second: 0, third: 0 });
  });

  it.each([
    ['She walked home and was tired.', { past: 2, present: 0, future: 0, modal: 0 }],
    ['She walks home because it is late.', { past: 0, present: 2, future: 0, modal: 0 }],
    ["They will leave, and we won't follow.", { past: 0, present: 0, future: 2, modal: 0 }],
    ['He wants to leave.', { past: 0, present: 1, future: 0, modal: 0 }],
    ['She has often been seen there.', { past: 0, present: 1, future: 0, modal: 0 }],
    ['You could have told me.', { past: 0, present: 0, future: 0, modal: 1 }],
  ])('counts tenses: %j', (text, tenses) => expect(tensesOf(one(text))).toEqual(tenses));
});
