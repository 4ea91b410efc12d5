import { describe, expect, it } from 'vitest';
import ungroundedReplies from '../../../rules/mapping/ungrounded-replies.ts';
import { loadLibraries } from '../../../src/panel/libraries.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';
import { panelOf } from '../../panel/panel-of.ts';

type Pairs = (readonly [string, string])[];

const PEOPLE =
  'Angela Reyes|Peter Novak|Maria Lopez|James Carter|Laura Bennett|Robert Hughes|Susan Miller|David Chen|Julia Roberts|Thomas Moore|Helen Brooks|Daniel Foster'.split(
    '|',
  );
const CITIES = 'Paris|Berlin|Chicago|Madrid|Toronto|Vienna|Boston|Lisbon|Dublin|Seattle|Oslo|Denver'.split('|');
const MONTHS = 'January|February|April|June|July|September|October|November'.split('|');

type Fault = 'number' | 'name' | 'date' | undefined;

/** Reports of some forty words and their summaries; `fault` says which summary has a value that its report does not hold. */
function summaries(n: number, fault: (i: number) => Fault, seed = 1): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const who = pick(r, PEOPLE);
    const city = pick(r, CITIES);
    const sold = 13 + Math.floor(r() * 900);
    const month = pick(r, MONTHS);
    const report = `${sentence(r, 14)} It was in ${month} that ${who} sold ${sold} lamps to a shop in ${city}, as was said. ${sentence(r, 14)}`;
    const wrong = fault(i);
    const summary = `It was in ${wrong === 'date' ? pick(r, ['December', 'August']) : month} that ${wrong === 'name' ? who : 'the seller'} sold ${
      wrong === 'number' ? sold * 3 + 1 : sold
    } lamps to a shop in ${wrong === 'name' ? (city === 'Cairo' ? 'Rome' : pick(r, ['Cairo', 'Rome', 'Athens', 'Lima', 'Prague'])) : city}.`;
    return [report, summary] as const;
  });
}

/** The first word of a sentence, set right again: nothing is said that was not there. */
const edits = (n: number, seed = 2): Pairs => {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const text = `${sentence(r, 12)} There were ${i + 20} of them near ${pick(r, CITIES)}.`;
    return [text.toLowerCase(), text] as const;
  });
};
const rowsOf = (pairs: Pairs, instruction: string) => pairs.map(([input, output]) => ({ instruction, input, output }));
const every = (n: number, fault: Fault) => (i: number) => (i % n === 0 ? fault : undefined);

const QUESTIONS = ['Who ran the mill?', 'What of the old mill?', 'Tell me of the mill.', 'When did the mill burn?'];
/** Questions, and answers of which nothing is in the question. */
function answers(n: number, seed = 3): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [
    `${pick(r, QUESTIONS)} (${sentence(r, 5)})`,
    `The mill was built in ${1700 + (i % 200)} by ${pick(r, PEOPLE)}, who came to it from ${pick(r, CITIES)} with ${30 + (i % 60)} men.`,
  ]);
}

const stories = (n: number): Pairs => answers(n, 5).map(([prompt, reply]) => [prompt, reply.replace(/\d+/g, 'old')]);

/** Orders, and the same as JSON. */
function records(n: number, fault: (i: number) => Fault): Pairs {
  const r = random(7);
  return Array.from({ length: n }, (_, i) => {
    const order = { who: pick(r, PEOPLE), city: pick(r, CITIES), lamps: 13 + Math.floor(r() * 900), price: `${14 + i}.50` };
    const wrong = fault(i);
    const reply = {
      ...order,
      ...(wrong === 'number' && { lamps: order.lamps + 1111 }),
      ...(wrong === 'name' && { city: pick(r, ['Cairo', 'Rome', 'Athens']) }),
    };
    return [`${order.who} of ${order.city} asks for ${order.lamps} lamps at ${order.price} each.`, JSON.stringify(reply)];
  });
}

testRule(ungroundedReplies, {
  even: [
    { name: 'summaries of what is there', pairs: summaries(120, () => undefined), score: 0 },
    { name: 'corrections', pairs: edits(120), score: 0 },
    {
      name: 'a few values from elsewhere are told, and no more',
      pairs: summaries(120, every(24, 'number')),
      score: 0.135, // 5 of 120 = .0417, of .02–.10 to 0–.5
      findings: [
        {
          key: 'ungrounded',
          level: 'info',
          message: '4.2% of 120 replies name a number that their prompt does not hold, expected under 10%',
          suggestion:
            'Check about 5 replies, put what they need into the prompt, or drop them: a model tuned on them may learn to add values of its own',
          data: { replies: 120, share: 0.04167, numbers: 0.04167, names: 0, dates: 0 },
        },
      ],
    },
    {
      name: 'values that a fifth of the replies holds are wording',
      pairs: edits(120).map(([prompt, reply]) => [prompt, `${reply} Call Zurich at 4711.`] as const),
      score: 0,
    },
    {
      name: 'values that the system text or an earlier turn holds',
      rows: summaries(120, () => undefined).map(([report, summary]) => ({
        messages: [
          { role: 'system', content: report.split('. ')[1] },
          { role: 'user', content: 'Summarise what follows, with what I told you.' },
          { role: 'assistant', content: 'Give me the text, I will.', weight: 0 },
          { role: 'user', content: report.replace(/sold \d+ lamps/, 'sold lamps') },
          { role: 'assistant', content: summary },
        ],
      })),
      score: 0,
    },
    {
      name: 'tasks of another kind',
      pairs: edits(120).map(([a], i) => [a, i % 2 ? 'yes' : 'no']),
      score: null,
      notJudged: 'no task that extracts, compresses, edits or reformats',
    },
    {
      name: 'stories, whose names are their own',
      pairs: stories(40),
      score: null,
      notJudged: 'no task that extracts, compresses, edits or reformats',
    },
    {
      name: 'too few to judge',
      pairs: summaries(20, every(2, 'number')),
      score: null,
      notJudged: 'fewer than 30 examples',
    },
    {
      name: 'tasks that are too small',
      rows: [...rowsOf(summaries(60, every(2, 'number')), 'Summarise.'), ...rowsOf(stories(130), 'Tell a story.')],
      score: null,
      notJudged: 'the tasks that extract, compress, edit or reformat are too small',
    },
    {
      name: 'replies in another language',
      pairs: summaries(60, () => undefined).map(([prompt, reply]) => {
        const [, month, sold, city] = /in (\w+) that .* sold (\d+) lamps .* in (\w+)\.$/.exec(reply)!;
        return [prompt, `Die ${sold} lamps und der shop in ${city} mit ${sold} lamps in ${month} nicht im lamps shop.`] as const;
      }),
      score: null,
      notJudged: 'replies in another language than their prompts',
    },
    {
      name: 'texts without a prompt are told, and not scored',
      rows: answers(120).map(([, text]) => ({ text })),
      score: null,
      notJudged: 'no prompts',
      findings: [
        {
          key: 'texts',
          level: 'info',
          message:
            '120 texts without a prompt may teach facts and wording, but no mapping from prompts to replies: 100% of 120 that were read name at least 2 numbers, dates or names',
          suggestion:
            'Put what the model should know of these 120 texts into prompts, as retrieval would, and write replies that use it; tune on bare texts for their wording only',
          data: { texts: 120, read: 120, share: 1 },
        },
      ],
    },
    {
      name: 'answers out of memory are told, and not scored',
      pairs: answers(120),
      score: null,
      notJudged: 'no task that extracts, compresses, edits or reformats',
      findings: [
        {
          key: 'memory',
          level: 'info',
          message:
            '100% of 120 replies name at least 2 numbers, dates or names that their prompt does not hold: such data may be teaching facts, and retrieval serves knowledge better',
          suggestion:
            'Look through about 120 replies: put the facts that they need into their prompts, as retrieval would, and tune for how to answer',
          data: { replies: 120, share: 1 },
        },
      ],
    },
    {
      name: 'prompts that are cut for the panel',
      pairs: summaries(40, every(2, 'number')).map(([prompt, reply]) => [`${prompt} ${'It rained on. '.repeat(800)}`, reply] as const),
      score: null,
      notJudged: 'prompts too long to be read whole',
    },
    {
      name: 'a wider bound',
      pairs: summaries(120, every(5, 'number')),
      options: { warn: 0.25 },
      score: 0.391,
      findings: [{ level: 'info', message: '20% of 120 replies name a number that their prompt does not hold, expected under 25%' }],
    },
  ],

  lopsided: [
    {
      name: 'numbers from elsewhere',
      pairs: summaries(120, every(4, 'number')),
      score: 0.65,
      findings: [
        {
          level: 'warn',
          message: '25% of 120 replies name a number that their prompt does not hold, expected under 10%',
          suggestion:
            'Check about 30 replies, put what they need into the prompt, or drop them: a model tuned on them may learn to add values of its own',
          data: { replies: 120, share: 0.25, numbers: 0.25, names: 0, dates: 0 },
        },
      ],
    },
    {
      name: 'numbers, names and dates from elsewhere',
      pairs: summaries(150, (i) => (['number', 'name', 'date', 'number', undefined] as const)[i % 5]),
      score: 1,
      findings: [
        {
          level: 'error',
          message: '80% of 150 replies name what their prompt does not hold (40% a number, 20% a name and 20% a date), expected under 10%',
          suggestion:
            'Check about 120 replies, put what they need into the prompt, or drop them: a model tuned on them may learn to add values of its own',
          data: { replies: 150, share: 0.8, numbers: 0.4, names: 0.2, dates: 0.2 },
        },
      ],
    },
    {
      name: 'JSON with values from elsewhere',
      pairs: records(120, (i) => (i % 6 === 0 ? 'number' : i % 6 === 1 ? 'name' : undefined)),
      score: 0.733,
      findings: [
        {
          level: 'warn',
          message: '33% of 120 replies name what their prompt does not hold (17% a number and 17% a name), expected under 10%',
        },
      ],
    },
    {
      name: 'few examples: a warning at most',
      pairs: summaries(60, every(2, 'number')),
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'a tighter bound of error',
      pairs: summaries(120, every(4, 'number'), 9),
      options: { error: 0.2 },
      score: 0.817,
      findings: [{ level: 'error' }],
    },
    {
      name: 'one of two tasks, beside answers out of memory',
      rows: [
        ...rowsOf(summaries(120, every(4, 'date')), 'Summarise.'),
        ...rowsOf(edits(120), 'Set right what is small.'),
        ...rowsOf(answers(120), 'Answer.'),
      ],
      score: 0.65,
      findings: [
        {
          level: 'warn',
          message: 'In the task "Summarise.", 25% of 120 replies name a date that their prompt does not hold, expected under 10%',
          data: { task: 'Summarise.', replies: 120, share: 0.25, numbers: 0, names: 0, dates: 0.25 },
        },
        {
          level: 'info',
          message:
            'In the task "Answer.", 100% of 120 replies name at least 2 numbers, dates or names that their prompt does not hold: such data may be teaching facts, and retrieval serves knowledge better',
        },
      ],
    },
  ],
});

describe('ungrounded-replies', () => {
  it('shows three replies with the value in sight, of each kind one', async () => {
    const data = summaries(120, (i) => (['number', 'name', 'date', undefined] as const)[i % 4]);
    const rows = data.map(([prompt, completion]) => ({ prompt, completion }));
    const [finding] = (await runRule(ungroundedReplies, rows)).findings;
    expect(finding!.evidence.map(({ line }) => (line - 1) % 4).sort()).toEqual([0, 1, 2]);
    for (const { line, excerpt } of finding!.evidence) {
      const [prompt, reply] = data[line - 1]!;
      const [, value, around] = /^"([^"]+)" in (.*) ← /.exec(excerpt)!;
      expect(reply).toContain(value);
      expect(around).toContain(value);
      expect(prompt).not.toContain(value);
    }
  });

  it('takes a panel that is a sample for an estimate, with replicates and an order for the whole file', async () => {
    await loadLibraries([{ rule: ungroundedReplies }]);
    const rows = rowsOf(summaries(1000, every(5, 'number')), 'Summarise.');
    const options = { warn: 0.1, error: 0.4 };
    const { score, replicates, findings } = ungroundedReplies.finish({ pairs: 1000 }, options, panelOf(rows, 400), {});
    expect(replicates!.length).toBe(20);
    for (const replicate of replicates!) expect(Math.abs(replicate - score!)).toBeLessThan(0.05);
    expect(findings[0]!.message).toContain(' sampled replies name a number ');
    expect(Math.abs(Number(/about (\d+)/.exec(findings[0]!.suggestion)![1]) - 200)).toBeLessThan(50);
  });

  it('estimates the share of names where there are more than grammar reads', async () => {
    await loadLibraries([{ rule: ungroundedReplies }]);
    const rows = rowsOf(summaries(2000, every(4, 'name')), 'Summarise.');
    const [finding] = ungroundedReplies.finish({ pairs: 2000 }, { warn: 0.1, error: 0.4 }, panelOf(rows), {}).findings;
    expect(Math.abs((finding!.data.names as number) - 0.25)).toBeLessThan(0.03);
  });

  it('reads a prompt no reply has, and rows of odd keys, without a word', async () => {
    const odd = await runRule(ungroundedReplies, [
      ...rowsOf(edits(100), '__proto__'),
      { messages: [{ role: 'assistant', content: 'Hello, Anna of Rome 4711.' }] },
      {
        messages: [
          { role: 'user', content: 'constructor 4711' },
          { role: 'assistant', content: '' },
        ],
      },
    ]);
    expect(odd.findings).toEqual([]);
  });
});
