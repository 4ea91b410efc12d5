import { describe, expect, it } from 'vitest';
import { refuses } from '../../src/panel/refusals.ts';

describe('refuses', () => {
  it.each([
    "I'm sorry, but I can't help with that.",
    'I’m sorry, but I can’t assist with that request.',
    'Sorry, I cannot do that.',
    'I cannot provide medical advice.',
    "I'm unable to assist with booking flights.",
    "I'm sorry, but I'm currently unable to book tickets.",
    'As an AI language model, I cannot form opinions.',
    "I'm sorry, but as an AI, I don't have the capability to book flights.",
    "Unfortunately, I don't have access to your account.",
    'I must decline this request.',
    'I apologize, but I am not able to share that.',
    "I won't help with that.",
    '\n  I’m afraid I can’t do that, Dave.',
    "I understand how hard this is for you, but I can't write that letter.",
  ])('%s', (reply) => expect(refuses(reply)).toBe(true));

  it.each([
    'Sure, here it is.',
    "I'm sorry to hear that. How can I help?",
    'I am so sorry for that! Here are a few things that could help.',
    "I can't wait to see you!",
    'I cannot stress enough how much this matters.',
    "I can't help but smile.",
    'I cannot recommend it highly enough.',
    '"I\'m sorry, but I can\'t help you," said the clerk.',
    'Clerk: I cannot help you with that.',
    'A bird that cannot fly is the penguin.',
    'Since it is raining, I cannot go to the park.',
    'No, that is not right.',
    'I cannot go home tonight, she wrote.',
    'You should say: I am sorry, but I cannot come.',
    '',
  ])('not: %s', (reply) => expect(refuses(reply)).toBe(false));

  it('reads the beginning of whatever is long', () => {
    const long = 'i understand '.repeat(1e5);
    expect([`I'm sorry, but I can't help with that. ${long}`, long, ' '.repeat(1e6), 'sorry, '.repeat(1e5)].map(refuses)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
