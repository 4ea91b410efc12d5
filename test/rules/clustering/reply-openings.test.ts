import { describe, expect, it } from 'vitest';
import replyOpenings from '../../../rules/clustering/reply-openings.ts';
import { contentHash, type Panel, type PanelExample } from '../../../src/kit.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];

const FIRST = 'Perhaps Often Nobody Most Every Few Once Later Still Even Since While Before After Some Both Each Another'.split(' ');
/** Requests and replies that open in 18 × 18 ways; `open` may put something before them. */
function replies(n: number, open: (i: number, r: () => number) => string = () => '', seed = 1): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [
    `Could you ${sentence(r, 7).toLowerCase().replace('.', '')} for number ${i}?`,
    `${open(i, r)}${pick(r, FIRST)} ${pick(r, FIRST).toLowerCase()} ${sentence(r, 12)}`,
  ]);
}
/** Every so many of a hundred. */
const of100 = (share: number, text: string) => (i: number) => (i % 100 < share ? text : '');

testRule(replyOpenings, {
  even: [
    { name: 'all sorts', pairs: replies(200), score: 0 },
    // .5 · (.12 − .075) / (.15 − .075)
    { name: 'some of one kind', pairs: replies(200, of100(12, 'Of course, ')), score: 0.3 },
    { name: 'one word that all share', pairs: replies(200, () => 'Well '), score: 0 },
    {
      name: 'labels',
      pairs: replies(200).map(([prompt], i) => [prompt, i % 2 ? 'this is a yes' : 'this is a no']),
      score: null,
      notJudged: 'the replies are labels, code or data',
    },
    {
      name: 'data',
      pairs: replies(200).map(([prompt], i) => [prompt, `{"answer": ${i}, "sure": true}`]),
      score: null,
      notJudged: 'the replies are labels, code or data',
    },
    {
      name: 'text to mend, half of which opens one way, as the prompt does',
      pairs: replies(200, undefined, 4).map(([, text], i) => [
        `Add the marks: ${i % 2 ? 'dear sir or madam ' : ''}${text.toLowerCase().replace(/[.,]/g, '')}`,
        `${i % 2 ? 'Dear, Sir or Madam, ' : ''}${text}`,
      ]),
      score: 0,
    },
    {
      name: 'too few to judge',
      pairs: replies(20, () => 'Sure, here it is: '),
      score: null,
      notJudged: 'fewer than 30 examples',
    },
    { name: 'softer bounds', pairs: replies(200, of100(30, 'Of course, ')), options: { warn: 0.5, error: 0.9 }, score: 0.265 },
    {
      name: 'blank replies',
      rows: replies(60).map(([prompt], i) => ({ prompt, completion: ' '.repeat(i) })),
      score: null,
      notJudged: 'the replies are blank',
    },
  ],
  lopsided: [
    {
      name: 'half of one kind',
      pairs: replies(200, of100(50, 'Sure, here you are: ')),
      score: 0.733,
      findings: [
        {
          key: 'opening',
          level: 'warn',
          message: '50% of replies open with "Sure, here", expected under 15%',
          suggestion: 'Rewrite or drop about 71 of the 100 replies that open this way',
        },
      ],
    },
    {
      name: 'nearly all, however it is written',
      pairs: replies(200, (i) =>
        i % 10 === 0 ? '' : ['Great  question! ', 'GREAT question! ', '\n great question! ', 'Great question! '][i % 4]!,
      ),
      score: 0.95,
      findings: [{ level: 'error', message: '90% of replies open with "Great question!", expected under 15%' }],
    },
    {
      name: 'at the warn bound',
      pairs: replies(200, of100(15, 'As an assistant, ')),
      score: 0.5,
      findings: [
        {
          level: 'warn',
          message: '15% of replies open with "As an assistant", expected under 15%',
          suggestion: 'Rewrite or drop about 1 of the 30 replies that open this way',
        },
      ],
    },
    {
      name: 'texts',
      rows: replies(200, of100(80, 'Once upon a time ')).map(([, text]) => ({ text })),
      score: 0.9,
      findings: [{ level: 'error', message: '80% of replies open with "Once upon a", expected under 15%' }],
    },
    {
      name: 'where no blanks part words',
      pairs: replies(100).map(([prompt], i) => [prompt, `您好，我是第${i}号助手，${'天地人你我他花草'[i % 8]}很高兴为您服务。`]),
      score: 1,
      findings: [{ level: 'error', message: '100% of replies open with "您好，我是", expected under 15%' }],
    },
    {
      name: 'few examples are a warning at most',
      pairs: replies(50, () => 'Sure, here you are: '),
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'tighter bounds',
      pairs: replies(200, of100(12, 'Of course, ')),
      options: { warn: 0.1, error: 0.12 },
      score: 0.8,
      findings: [{ level: 'error', message: '12% of replies open with "Of course,", expected under 10%' }],
    },
  ],
});

describe('reply-openings', () => {
  const rowsOf = (pairs: Pairs) => pairs.map(([prompt, completion]) => ({ prompt, completion }));

  it('shows the replies, and the commonest openings of one, two and three tokens', async () => {
    const rows = rowsOf(replies(200, of100(50, 'Sure, here you are: ')));
    const { findings, pictures } = await runRule(replyOpenings, rows);
    expect(findings[0]!.evidence).toHaveLength(3);
    for (const { line, excerpt } of findings[0]!.evidence)
      expect(rows[line - 1]!.completion.startsWith(excerpt.replace('…', ''))).toBe(true);
    const picture = pictures['reply-openings'];
    expect(picture?.kind === 'table' && picture.rows.filter((_, i) => i % 3 === 0)).toEqual([
      [1, 'Sure', 100, '50%'],
      [2, 'Sure,', 100, '50%'],
      [3, 'Sure, here', 100, '50%'],
    ]);
    expect(findings[0]!.data).toMatchObject({ opening: 'Sure, here', count: 100, replies: 200, share: 0.5 });
    // half of the replies open one way, the others in 90-odd: 1 bit and half of log2 of those
    expect(Number(findings[0]!.data.entropy)).toBeGreaterThan(1 + 0.5 * Math.log2(60));
    expect(Number(findings[0]!.data.entropy)).toBeLessThan(1 + 0.5 * Math.log2(100));
  });

  it('does not count calls and replies in code', async () => {
    const rows = replies(200).map(([prompt, reply], i) => ({
      messages: [
        { role: 'user', content: prompt },
        i % 5 < 2
          ? {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: `${i}`, type: 'function', function: { name: 'search', arguments: `{"q": "${i}"}` } }],
            }
          : { role: 'assistant', content: reply },
      ],
    }));
    const { findings, rules } = await runRule(replyOpenings, rows);
    expect(findings).toEqual([]);
    expect(rules['reply-openings']!.score).toBe(0);
  });

  it('names the task in a file of several, and the worst counts', async () => {
    const task = (instruction: string, pairs: Pairs) => pairs.map(([input, output]) => ({ instruction, input, output }));
    const { findings, rules } = await runRule(replyOpenings, [
      ...task('Write a short poem.', replies(150, of100(40, 'O dear moon '), 2)),
      ...task('Answer the customer.', replies(150, of100(70, 'Dear customer, '), 3)),
      ...task('Tell a story.', replies(150, undefined, 4)),
    ]);
    expect(findings.map(({ severity, message }) => [severity, message])).toEqual([
      ['error', '80% of replies in "Answer the customer." open with "Dear customer,", expected under 15%'],
      ['warn', '53% of replies in "Write a short poem." open with "O dear moon", expected under 15%'],
    ]);
    expect(rules['reply-openings']!.score).toBe(0.9);
  });

  it('gives an interval and a share where the panel is a sample', () => {
    const examples = replies(4000, of100(50, 'Sure, here you are: '))
      .map(([prompt, reply], i): PanelExample => {
        const messages = [{ role: 'user', text: prompt } as const, { role: 'assistant', text: reply } as const];
        const example = { at: { file: 'a', line: i + 1 }, split: 'train', format: 'chat', messages } as const;
        const hash = contentHash(example);
        return { ...example, times: 1, hash, group: hash % 20 };
      })
      .sort((a, b) => a.hash - b.hash);
    const options = { warn: 0.15, error: 0.6 };
    const panel: Panel = { train: examples.slice(0, 1000), eval: [], reference: [], whole: false };
    const verdict = replyOpenings.finish({}, options, panel, {});
    expect(verdict.findings[0]!.suggestion).toMatch(/^Rewrite or drop about (6[5-9]|7\d)% of the replies that open this way$/);
    expect(verdict.replicates).toHaveLength(20);
    // each leaves out a twentieth: all are near the score, and their mean is the score but for a hair
    const replicates = verdict.replicates!;
    for (const replicate of replicates) expect(Math.abs(replicate - verdict.score!)).toBeLessThan(0.02);
    expect(replicates.reduce((a, b) => a + b) / 20).toBeCloseTo(verdict.score!, 3);
    expect(new Set(replicates).size).toBeGreaterThan(10);
    expect(replyOpenings.finish({}, options, { ...panel, whole: true }, {}).replicates).toBeUndefined();
  });
});
