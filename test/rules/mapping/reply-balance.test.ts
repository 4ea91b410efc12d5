import { describe, expect, it } from 'vitest';
import replyBalance from '../../../rules/mapping/reply-balance.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';
import { panelOf } from '../../panel/panel-of.ts';

type Pairs = (readonly [string, string])[];

/** Sentences, so many with each reply. */
function labelled(replies: Readonly<Record<string, number>>, seed = 1): Pairs {
  const r = random(seed);
  return Object.entries(replies).flatMap(([reply, n]) =>
    Array.from({ length: n }, (_, i) => [`${sentence(r, 9)} (${i} ${reply})`, reply] as const),
  );
}
const free = (n: number, seed = 2): Pairs => {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [`${sentence(r, 9)} (${i})`, sentence(r, 12)]);
};
/** So many intents, the first half with `more` replies each, the others with `less`. */
const intents = (n: number, more: number, less: number): Pairs =>
  labelled(Object.fromEntries(Array.from({ length: n }, (_, i) => [`intent_${String.fromCharCode(97 + i)}`, i < n / 2 ? more : less])));
const rowsOf = (pairs: Pairs, instruction: string) => pairs.map(([input, output]) => ({ instruction, input, output }));

testRule(replyBalance, {
  even: [
    { name: 'two labels alike', pairs: labelled({ yes: 60, no: 60 }), score: 0 },
    { name: 'three labels, nearly alike', pairs: labelled({ good: 60, bad: 50, neutral: 40 }), score: 0 },
    // J = H(.7) = .8813, between .95 (0) and .85 (.5)
    { name: 'two labels at 70 to 30', pairs: labelled({ yes: 140, no: 60 }), score: 0.344 },
    { name: 'spellings of one label count as one', pairs: labelled({ yes: 40, ' Yes': 10, 'YES.': 10, no: 60 }), score: 0 },
    { name: 'free text', pairs: free(120), score: null, notJudged: 'replies are not labels' },
    {
      name: 'too many labels for so few replies',
      pairs: labelled(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${i}`, 12]))),
      score: null,
      notJudged: 'replies are not labels',
    },
    {
      name: 'labels and free text half and half',
      pairs: [...labelled({ yes: 50, no: 10 }), ...free(60)],
      score: null,
      notJudged: 'replies are not labels',
    },
    { name: 'a few long replies among labels', pairs: [...labelled({ yes: 60, no: 60 }), ...free(5)], score: 0 },
    {
      name: 'texts without a prompt',
      rows: Array.from({ length: 120 }, (_, i) => ({ text: i % 9 === 0 ? 'yes' : `no ${i}` })),
      score: null,
      notJudged: 'no prompts',
    },
    {
      name: 'no replies',
      rows: Array.from({ length: 120 }, (_, i) => ({ prompt: `Is it ${i}?`, completion: ' ' })),
      score: null,
      notJudged: 'no replies',
    },
    {
      name: 'too few to judge',
      pairs: labelled({ yes: 24, no: 2 }),
      score: null,
      notJudged: 'fewer than 30 examples',
      findings: [{ level: 'info' }],
    },
    // nearly 5 to 1, but 19 replies are too few to speak of; J = .9416
    { name: 'few replies with the commonest label', pairs: labelled({ a: 19, b: 19, c: 19, d: 19, e: 4 }), score: 0.042 },
    {
      name: 'a slip of the pen is told, and is no label',
      pairs: labelled({ yes: 1100, no: 1100, yess: 1, 'no way': 2 }),
      score: 0,
      findings: [
        {
          level: 'info',
          key: 'slips',
          message: '3 replies are "no way" and "yess", seen at most twice among 2,203 replies, expected the 2 other labels only',
          suggestion: 'Correct the 3 replies if they are slips, or add at least 20 examples of each',
          data: { replies: 2203, slips: 2, times: 3 },
        },
      ],
    },
    { name: 'a ratio that is allowed', pairs: labelled({ yes: 100, no: 40 }), options: { ratioWarn: 10, evennessWarn: 0.5 }, score: 0.097 },
    {
      name: 'tasks side by side, each even',
      rows: [...rowsOf(labelled({ yes: 60, no: 60 }), 'Is it so?'), ...rowsOf(labelled({ red: 60, blue: 60 }), 'Which colour?')],
      score: 0,
    },
    {
      name: 'tasks with labels that are too small',
      rows: [...rowsOf(free(120), 'Tell a story.'), ...rowsOf(labelled({ yes: 60, no: 3 }), 'Is it so?')],
      score: null,
      notJudged: 'the tasks whose replies are labels have fewer than 100 pairs',
    },
    {
      name: 'tasks without labels',
      rows: [...rowsOf(free(120), 'Tell a story.'), ...rowsOf(free(120, 3), 'Tell another.')],
      score: null,
      notJudged: 'replies are not labels',
    },
  ],

  lopsided: [
    {
      name: 'two labels at 3 to 1',
      pairs: labelled({ no: 150, yes: 50 }),
      score: 0.521, // J = .8113
      findings: [
        {
          key: 'labels',
          level: 'warn',
          message: '"no" is the reply to 75% of 200 prompts, "yes" to 25%: 2 labels with an evenness of 0.81, expected above 0.85',
          suggestion: 'Add about 25 examples with the reply "yes", or drop about 50 of "no"',
          data: {
            replies: 200,
            labels: 2,
            largest: 'no',
            largestTimes: 150,
            smallest: 'yes',
            smallestTimes: 50,
            evenness: 0.8113,
            ratio: 3,
          },
        },
      ],
    },
    {
      name: 'two labels at 96 to 4',
      pairs: labelled({ no: 192, yes: 8 }),
      score: 0.839, // J = .2423
      findings: [
        {
          level: 'error',
          message: '"no" is the reply to 96% of 200 prompts, "yes" to 4%: 2 labels with an evenness of 0.24, expected above 0.85',
          suggestion: 'Add about 88 examples with the reply "yes"',
        },
      ],
    },
    {
      name: 'many labels, half of them a quarter as frequent as the others',
      pairs: intents(20, 40, 10),
      score: 0.5,
      findings: [
        {
          level: 'warn',
          message: '"intent_a" is the reply to 40 prompts, "intent_t" to 10: 4 times as many, expected under 4 times',
          suggestion:
            'Add about 100 examples to the 10 labels that have fewer than 20, or drop about 200 from the 10 labels that have more than 20',
        },
      ],
    },
    {
      name: 'one label among many that hardly occurs',
      pairs: labelled({ red: 300, blue: 300, green: 300, purpel: 2 }),
      score: 0.79,
      findings: [
        {
          level: 'warn',
          message: '"blue" is the reply to 300 prompts, "purpel" to 2: 150 times as many, expected under 4 times',
          suggestion: 'Correct the 2 replies "purpel" if that is a slip; else add about 148 examples with the reply "purpel"',
        },
      ],
    },
    {
      name: 'one label only, in several spellings',
      pairs: labelled({ ok: 100, 'OK.': 15, ' ok': 5 }),
      score: 1,
      findings: [
        {
          key: 'constant',
          level: 'error',
          message: 'All 120 replies are "ok", expected different replies to different prompts',
          suggestion:
            'Give these 120 prompts the replies that each of them calls for, or leave them out: a model tuned on them says "ok" to everything',
          data: { replies: 120, labels: 1, largest: 'ok', largestTimes: 120, evenness: 0 },
        },
      ],
    },
    {
      name: 'one label but for a slip',
      pairs: labelled({ ok: 1199, okk: 1 }),
      score: 1,
      findings: [
        { level: 'error', message: '1,199 of 1,200 replies are "ok", expected different replies to different prompts' },
        { level: 'info', message: '1 reply is "okk", seen at most twice among 1,200 replies, expected one label only' },
      ],
    },
    {
      name: 'the same long reply to everything, but for blanks',
      pairs: free(120).map(
        ([prompt], i) => [prompt, `I am sorry, but that is nothing I could help you ${i % 2 === 0 ? '' : ' '}with today.`] as const,
      ),
      score: 1,
      findings: [
        {
          level: 'error',
          message: 'All 120 replies are "I am sorry, but that is nothing I could…", expected different replies to different prompts',
        },
      ],
    },
    {
      name: 'few examples: a warning at most',
      pairs: labelled({ no: 48, yes: 2 }),
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'a tighter bound of evenness',
      pairs: labelled({ yes: 140, no: 60 }),
      options: { evennessWarn: 0.9 },
      score: 0.509,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'a bound tighter than half as many',
      pairs: labelled({ yes: 120, no: 80 }),
      options: { evennessWarn: 0.98 },
      score: 0.504, // J = .971
      findings: [
        {
          message: '"yes" is the reply to 60% of 200 prompts, "no" to 40%: 2 labels with an evenness of 0.97, expected above 0.98',
          suggestion: 'Add about 40 examples with the reply "no", or drop about 40 of "yes"',
        },
      ],
    },
    {
      name: 'just below a bound',
      pairs: labelled({ no: 145, yes: 55 }),
      score: 0.501,
      findings: [
        { message: '"no" is the reply to 73% of 200 prompts, "yes" to 28%: 2 labels with an evenness of 0.8485, expected above 0.85' },
      ],
    },
    {
      name: 'a tighter bound of error',
      pairs: labelled({ no: 150, yes: 50 }, 4),
      options: { evennessError: 0.82 },
      score: 0.802,
      findings: [{ level: 'error' }],
    },
    {
      name: 'a tighter bound of the ratio',
      pairs: intents(20, 30, 12),
      options: { ratioWarn: 2.5 },
      score: 0.5,
      findings: [{ message: '"intent_a" is the reply to 30 prompts, "intent_t" to 12: 2.5 times as many, expected under 2.5 times' }],
    },
    {
      name: 'one of two tasks',
      rows: [
        ...rowsOf(labelled({ yes: 60, no: 60 }), 'Is it so?'),
        ...rowsOf(labelled({ red: 150, blue: 50 }), 'Which colour?'),
        ...rowsOf(free(130), 'Tell a story.'),
      ],
      score: 0.521,
      findings: [
        {
          level: 'warn',
          message:
            'In the task "Which colour?", "red" is the reply to 75% of 200 prompts, "blue" to 25%: 2 labels with an evenness of 0.81, expected above 0.85',
          suggestion: 'Add about 25 examples with the reply "blue", or drop about 50 of "red"',
        },
      ],
    },
    {
      name: 'one of two tasks that always gets the same reply, the worst first',
      rows: [
        ...rowsOf(labelled({ red: 150, blue: 50 }), 'Which colour?'),
        ...rowsOf(
          free(130).map(([prompt], i) => [prompt, `Thank you very much for your message to us.${i % 2 === 0 ? '' : '\n'}`] as const),
          'Answer.',
        ),
      ],
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'In the task "Answer.", all 130 replies are "Thank you very much for your message to…", expected different replies to different prompts',
        },
        { level: 'warn' },
      ],
    },
  ],
});

describe('reply-balance', () => {
  it('shows a prompt with the commonest label and two with the rarest', async () => {
    const rows = labelled({ no: 150, yes: 50 }).map(([prompt, completion]) => ({ prompt, completion }));
    const [finding] = (await runRule(replyBalance, rows)).findings;
    expect(finding!.evidence.map(({ line, excerpt }) => [rows[line - 1]!.completion, rows[line - 1]!.prompt === excerpt])).toEqual([
      ['no', true],
      ['yes', true],
      ['yes', true],
    ]);
  });

  it('draws the commonest labels, and the rest together', async () => {
    const rows = intents(24, 30, 30).map(([prompt, completion]) => ({ prompt, completion }));
    const picture = (await runRule(replyBalance, rows)).pictures['reply-balance'];
    expect(picture).toMatchObject({ kind: 'histogram', unit: 'replies' });
    const bars = picture?.kind === 'histogram' ? picture.bars : [];
    expect(bars.length).toBe(21);
    expect(bars.at(-1)).toEqual({ label: '4 more labels', count: 120 });
  });

  it('takes tasks on a panel that is a sample for what they are: an estimate, with replicates, and no ratio that chance may have made', () => {
    const options = { evennessWarn: 0.85, evennessError: 0.3, ratioWarn: 4 };
    const colours = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`colour ${i}`, 60]));
    const rows = [...rowsOf(labelled(colours), 'Which colour?'), ...rowsOf(labelled({ yes: 300, no: 60 }), 'Is it so?')];
    const verdictOf = (size: number, of = rows) => {
      const state = replyBalance.create(options);
      state.replies = of.length;
      return replyBalance.finish(state, options, panelOf(of, size), {});
    };
    const even = labelled(Object.fromEntries(Object.keys(colours).map((name) => [name, 200])));
    const evenRows = [...rowsOf(even, 'Which colour?'), ...rowsOf(free(1500), 'Tell a story.')];
    expect(verdictOf(1200, evenRows)).toMatchObject({ score: 0, findings: [] }); // 25 times each, or so: 2 to 1 by chance alone
    const whole = verdictOf(20_000);
    expect(whole.replicates).toBeUndefined();
    const sample = verdictOf(1400);
    expect(sample.replicates!.length).toBe(20);
    expect(new Set(sample.replicates).size).toBeGreaterThan(5);
    for (const replicate of sample.replicates!) expect(Math.abs(replicate - whole.score!)).toBeLessThan(0.1);
    // 40 even labels, some 30 times each in the sample, differ by chance
    expect(sample.findings.map(({ data }) => data.task)).toEqual(['Is it so?']);
    expect(sample.findings[0]!.message).toContain(' sampled prompts, "no" to ');
    expect(sample.score).toBeGreaterThan(0.5);
    // an order for the file, not for the sample: 300 / 2 - 60, give or take what was sampled
    expect(Math.abs(Number(/about (\d+)/.exec(sample.findings[0]!.suggestion)![1]) - 90)).toBeLessThan(30);
  });

  it('stands labels that are names of object members, and is not fooled by very many short replies', async () => {
    const rows = (pairs: Pairs) => pairs.map(([prompt, completion]) => ({ prompt, completion }));
    const odd = await runRule(replyBalance, rows(labelled({ constructor: 60, ['__proto__']: 60, toString: 60 })));
    expect(odd.rules['reply-balance']!.score).toBe(0);
    const many = await runRule(replyBalance, rows(labelled(Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`l ${i}`, 2])))));
    expect(many.rules['reply-balance']!.notJudged).toBe('replies are not labels');
  });
});
