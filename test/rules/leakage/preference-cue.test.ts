import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import preferenceCue from '../../../rules/leakage/preference-cue.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';
import { panelOf } from '../../panel/panel-of.ts';

interface Row {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}
type Random = () => number;

/** `n` pairs of what `make` gives for the chosen and the rejected reply. */
function rows(n: number, seed: number, make: (r: Random, i: number) => readonly [string, string]): Row[] {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const [chosen, rejected] = make(r, i);
    return { prompt: `${sentence(r, 8)} (${i})`, chosen, rejected };
  });
}

/** Of every hundred pairs, `of` with the chosen reply of three sentences and the rejected one of two; the rest the other way round. */
const lengths = (n: number, of: number, seed = 1): Row[] =>
  rows(n, seed, (r, i) => {
    const [long, short] = [`${sentence(r, 9)} ${sentence(r, 9)} ${sentence(r, 9)}`, `${sentence(r, 9)} ${sentence(r, 9)}`];
    return i % 100 < of ? [long, short] : [short, long];
  });

/** Two replies of ten words; of every hundred pairs, `chosen` have the mark in the chosen reply, and the next `rejected` in the other one. */
const marked = (n: number, chosen: number, rejected: number, mark: (text: string, r: Random) => string, seed = 2): Row[] =>
  rows(n, seed, (r, i) => {
    const [won, lost] = [sentence(r, 10), sentence(r, 10)];
    return [i % 100 < chosen ? mark(won, r) : won, i % 100 >= chosen && i % 100 < chosen + rejected ? mark(lost, r) : lost];
  });

const ask = (text: string): string => text.replace(/\.$/, '?');
const order = (verb: string, n: number, even: string) => `Add about ${n} pairs whose better reply is ${verb}, or ${even}`;
const right = (n: number): string => `in about ${n} of those that this rule gets right`;

testRule(preferenceCue, {
  even: [
    {
      name: 'no preference data',
      pairs: lengths(30, 50).map(({ prompt, chosen }) => [prompt, chosen]),
      score: null,
      notJudged: 'no preference pairs',
    },
    {
      name: 'replies judged alone',
      rows: Array.from({ length: 120 }, (_, i) => ({ prompt: `p ${i}`, completion: `reply ${i}`, label: i % 2 === 0 })),
      score: null,
      notJudged: 'no preference pairs: each reply is judged alone',
    },
    { name: 'the longer one in half', rows: lengths(200, 50), score: 0 },
    { name: 'the longer one in 55%', rows: lengths(200, 55, 5), score: 0 },
    {
      name: 'the longer one always, but few pairs, each of them twice',
      rows: lengths(24, 100, 3).flatMap((row) => [row, row]),
      score: null,
      notJudged: 'fewer than 30 distinct preference pairs',
    },
    {
      name: 'one word longer, of fifty',
      rows: rows(200, 4, (r) => [sentence(r, 50), sentence(r, 49)]),
      score: 0,
    },
    {
      name: 'nearly always ties: all that differ point one way',
      rows: marked(300, 5, 0, ask),
      score: 0,
    },
    {
      name: 'significant, and little: told as info',
      rows: lengths(400, 58),
      score: 0.3,
      findings: [
        {
          level: 'info',
          message: 'Always choosing the longer reply is right in 58% of 400 pairs, expected 45% to 55%',
          suggestion: order('the shorter one', 22, `cut the longer reply to the length of the shorter one ${right(24)}`),
        },
      ],
    },
    {
      name: 'two pairs of 300 with one reply twice, but for blanks',
      rows: lengths(300, 50).map((row, i) => (i % 150 === 7 ? { ...row, rejected: ` ${row.chosen.replace(' ', '\n')} ` } : row)),
      score: 0.167,
      findings: [
        {
          key: 'identical replies',
          level: 'info',
          message: '2 of 300 pairs (0.7%) have the same chosen and rejected reply',
          suggestion: 'Drop these 2 pairs, or write the rejected replies that were meant',
          data: { pairs: 300, identical: 2, share: 0.006667 },
        },
      ],
    },
    {
      name: 'a ranking is one vote: twelve replies that beat nine others each',
      rows: Array.from({ length: 12 }, (_, i) => {
        const r = random(50 + i);
        const prompt = sentence(r, 8);
        const long = `${sentence(r, 10)} ${sentence(r, 20)}`;
        return Array.from({ length: 9 }, () => ({
          prompt: `${prompt} ${i}`,
          chosen: i < 10 ? long : 'no',
          rejected: i < 10 ? sentence(r, 9) : long + sentence(r, 4),
        }));
      }).flat(),
      score: 0,
    },
    {
      name: 'a cue within looser bounds',
      rows: lengths(500, 65),
      options: { warn: 0.7, error: 0.9 },
      score: 0.333,
      findings: [{ level: 'info' }],
    },
    {
      name: 'identical pairs within looser bounds',
      rows: lengths(100, 50).map((row, i) => (i < 2 ? { ...row, rejected: row.chosen } : row)),
      options: { identicalWarn: 0.1, identicalError: 0.2 },
      score: 0.079,
      findings: [{ level: 'info' }],
    },
    {
      name: 'two tasks, each even',
      rows: ['Tell a story.', 'Sum up.'].flatMap((instruction, i) =>
        lengths(120, 50, i).map(({ prompt, ...both }) => ({ instruction, input: prompt, ...both })),
      ),
      score: 0,
    },
  ],

  lopsided: [
    {
      name: 'the longer one in 80%',
      rows: lengths(1000, 80),
      score: 0.9,
      findings: [
        {
          key: 'words, more',
          level: 'error',
          message: 'Always choosing the longer reply is right in 80% of 1,000 pairs, expected 40% to 60%',
          suggestion: order('the shorter one', 455, `cut the longer reply to the length of the shorter one ${right(500)}`),
          data: {
            cue: 'words',
            pairs: 1000,
            right: 0.8,
            chosenHasMore: 800,
            rejectedHasMore: 200,
            share: 0.8,
            chosenMean: 25.2,
            rejectedMean: 19.8,
            gap: 0.24,
            auc: 0.8,
            cliffsDelta: 0.6,
            p: 0,
            otherCues: 'characters',
          },
        },
      ],
    },
    {
      name: 'the shorter one in 65%',
      rows: lengths(200, 35),
      score: 0.65,
      findings: [
        {
          key: 'words, less',
          level: 'warn',
          message: 'Always choosing the shorter reply is right in 65% of 200 pairs, expected 40% to 60%',
        },
      ],
    },
    {
      name: 'just beyond the bound',
      rows: lengths(300, 60).map((row, i) => (i === 99 ? { ...row, chosen: row.rejected, rejected: row.chosen } : row)),
      score: 0.51,
      findings: [{ message: 'Always choosing the longer reply is right in 60.3% of 300 pairs, expected 40% to 60%' }],
    },
    {
      name: 'few pairs: a warning at most',
      rows: lengths(60, 100),
      score: 0.79,
      findings: [{ level: 'warn', message: 'Always choosing the longer reply is right in 100% of 60 pairs, expected 40% to 60%' }],
    },
    {
      name: 'a question at the end of rejected replies',
      rows: marked(300, 10, 60, ask),
      score: 0.85,
      findings: [
        {
          key: 'question-end, less',
          level: 'error',
          message:
            'Always choosing the reply that does not end with a question is right in 75% of 300 pairs (30% of them ties, counted half), expected 40% to 60%',
        },
      ],
    },
    {
      name: 'a first word',
      rows: marked(300, 70, 0, (text) => text.replace('The', 'Sure, the')),
      score: 0.95,
      findings: [
        {
          key: 'first-word sure, more',
          level: 'error',
          message:
            'Always choosing the reply that begins with "sure" is right in 85% of 300 pairs (30% of them ties, counted half), expected 40% to 60%',
          suggestion: order('the one that does not begin with "sure"', 164, `let both replies begin alike ${right(180)}`),
        },
      ],
    },
    {
      name: 'refusals chosen, none rejected',
      rows: marked(200, 45, 0, (_text, r) => `I'm sorry, but I can't help with that. ${sentence(r, 4)}`),
      score: 0.825,
      findings: [
        {
          key: 'refusal, more',
          level: 'error',
          message:
            'Always choosing the reply that declines is right in 73% of 200 pairs (55% of them ties, counted half), expected 40% to 60%',
          suggestion: order('the one that does not decline', 64, `let both or neither decline ${right(70)}`),
        },
      ],
    },
    {
      name: 'lists and lengths apart: both are told',
      rows: rows(400, 8, (r, i) => {
        const long = () => sentence(r, 16);
        const listed = (text: string) => `- ${text.slice(0, -1).split(' ').join('\n- ')}`;
        const [won, lost] = i % 10 < 7 ? [long(), sentence(r, 12)] : [sentence(r, 12), long()];
        return i % 4 === 0 ? [won, listed(lost)] : [listed(won), lost];
      }),
      score: 0.85,
      findings: [
        {
          key: 'list-items, more',
          message: 'Always choosing the reply with more list items is right in 75% of 400 pairs, expected 40% to 60%',
        },
        { key: 'words, more', message: 'Always choosing the longer reply is right in 70% of 400 pairs, expected 40% to 60%' },
      ],
    },
    {
      name: 'a tighter bound of warnings',
      rows: lengths(400, 58, 9),
      options: { warn: 0.52 },
      score: 0.6,
      findings: [{ level: 'warn', message: 'Always choosing the longer reply is right in 58% of 400 pairs, expected 48% to 52%' }],
    },
    {
      name: 'a tighter bound of errors',
      rows: lengths(200, 66),
      options: { error: 0.65 },
      score: 0.808,
      findings: [{ level: 'error' }],
    },
    {
      name: 'some identical pairs: a warning, and of few pairs too',
      rows: lengths(20, 50).map((row, i) => (i < 1 ? { ...row, rejected: row.chosen } : row)),
      options: { identicalError: 0.06 },
      score: null,
      findings: [
        {
          level: 'warn',
          message: '1 of 20 pairs (5%) has the same chosen and rejected reply, expected under 1%',
          suggestion: 'Drop this pair, or write the rejected reply that was meant',
        },
      ],
    },
    {
      name: 'identical pairs: an error',
      rows: lengths(100, 50).map((row, i) => (i < 6 ? { ...row, rejected: row.chosen } : row)),
      score: 0.813,
      findings: [{ level: 'error', message: '6 of 100 pairs (6%) have the same chosen and rejected reply, expected under 1%' }],
    },
    {
      name: 'nothing but identical pairs',
      rows: lengths(50, 50).map((row) => ({ ...row, rejected: row.chosen })),
      score: 1,
      findings: [{ level: 'error' }],
    },
    {
      name: 'one of two tasks, and a remainder too small to judge',
      rows: [
        ...lengths(120, 50).map((row) => ({ instruction: 'Tell a story.', ...row })),
        ...lengths(200, 75, 3).map((row) => ({ instruction: 'Sum up.', ...row })),
        ...lengths(50, 100, 4).map((row, i) => ({ instruction: `Do ${i}.`, ...row })),
      ].map(({ prompt, ...row }) => ({ ...row, input: prompt })),
      score: 0.85,
      findings: [
        {
          level: 'error',
          message: 'In the task "Sum up.", always choosing the longer reply is right in 75% of 200 pairs, expected 40% to 60%',
          suggestion: order('the shorter one', 73, `cut the longer reply to the length of the shorter one ${right(80)}`),
        },
      ],
    },
    {
      name: 'tasks too small to judge: all pairs together',
      rows: ['Tell a story.', 'Sum up.', 'Shorten.', 'Go on.'].flatMap((instruction, k) =>
        lengths(90, 80, k).map(({ prompt, ...both }) => ({ instruction, input: prompt, ...both })),
      ),
      score: 0.989,
      findings: [{ message: 'Always choosing the longer reply is right in 89% of 360 pairs, expected 40% to 60%' }],
    },
  ],
});

const options = { warn: 0.6, error: 0.7, identicalWarn: 0.01, identicalError: 0.05 };
/** Straight from a panel, for many data sets or a panel that is a sample. */
function verdictOf(data: readonly object[], size?: number) {
  const state = preferenceCue.create(options);
  state.pairs = data.length;
  return preferenceCue.finish(state, options, panelOf(data, size), {});
}

describe('preference-cue', () => {
  it('gives one verdict whatever the format', async () => {
    const data = lengths(100, 80);
    const turn = (role: string, content: string) => ({ role, content });
    const written = [
      data,
      data.map(({ prompt, chosen, rejected }) => ({
        prompt: [turn('user', prompt)],
        chosen: [turn('assistant', chosen)],
        rejected: [turn('assistant', rejected)],
      })),
      data.map(({ prompt, chosen, rejected }) => ({
        chosen: [turn('user', prompt), turn('assistant', chosen)],
        rejected: [turn('user', prompt), turn('assistant', rejected)],
      })),
      data.map(({ prompt, chosen, rejected }) => ({
        input: { messages: [turn('user', prompt)] },
        preferred_output: [turn('assistant', chosen)],
        non_preferred_output: [turn('assistant', rejected)],
      })),
    ];
    const [first, ...others] = await Promise.all(written.map((each) => runRule(preferenceCue, each)));
    expect(first!.rules['preference-cue']!.score).toBe(0.9);
    for (const { rules, findings } of others) {
      expect(rules).toEqual(first!.rules);
      expect(findings).toEqual(first!.findings);
    }
  });

  it('compares all turns of the assistant after what both share', async () => {
    const data = rows(120, 6, (r) => [sentence(r, 9), sentence(r, 9)]).map(({ prompt, chosen, rejected }) => {
      const shared = [
        { role: 'user', content: prompt },
        { role: 'assistant', content: 'Do you want it long?' },
        { role: 'user', content: 'No.' },
      ];
      return {
        chosen: [...shared, { role: 'assistant', content: chosen }],
        rejected: [
          ...shared,
          { role: 'assistant', content: rejected },
          { role: 'user', content: 'Longer, please, and with many more words than that.' },
          { role: 'assistant', content: rejected },
        ],
      };
    });
    const [finding] = (await runRule(preferenceCue, data)).findings;
    expect(finding!.message).toBe('Always choosing the shorter reply is right in 100% of 120 pairs, expected 40% to 60%');
    expect(finding!.data).toMatchObject({ chosenMean: 9, rejectedMean: 18 });
  });

  it('calls replies identical only if what they call and think is', async () => {
    const reply = (argument: string, reasoning = '') => [
      {
        role: 'assistant',
        content: 'Let me see.',
        reasoning_content: reasoning,
        tool_calls: [{ id: 'x', type: 'function', function: { name: 'look', arguments: argument } }],
      },
    ];
    const prompt = [{ role: 'user', content: 'Where is it?' }];
    const data = [
      { prompt, chosen: reply('{"at":1}'), rejected: reply('{"at":2}') },
      { prompt, chosen: reply('{"at":1}', 'Hm.'), rejected: reply('{"at":1}', 'Oh.') },
      { prompt, chosen: reply('{"at":3}', 'Hm.'), rejected: reply('{"at":3}', 'Hm. ') },
    ];
    const { findings } = await runRule(preferenceCue, data);
    expect(findings.map(({ data: of, evidence }) => [of.identical, evidence.map(({ line }) => line)])).toEqual([[1, [3]]]);
  });

  it('shows two pairs in which the cue is right, chosen against rejected', async () => {
    const data = lengths(200, 80);
    const [finding] = (await runRule(preferenceCue, data)).findings;
    expect(finding!.evidence.length).toBe(2);
    for (const { line, excerpt } of finding!.evidence) {
      const { chosen, rejected } = data[line - 1]!;
      expect(excerpt).toContain(`chosen (27 words): ${chosen.slice(0, 40)}`);
      expect(excerpt).toContain(`; rejected (18 words): ${rejected.slice(0, 40)}`);
      expect(excerpt.length).toBeLessThanOrEqual(160);
    }
  });

  it('draws what each cue is right in', async () => {
    const { pictures } = await runRule(preferenceCue, lengths(200, 80));
    expect(pictures['preference-cue']).toEqual({
      kind: 'table',
      title: 'Which reply a rule picks that reads one cue',
      columns: ['always the', 'right in', 'mean of chosen', 'of rejected'],
      rows: [
        ['longer reply', 0.8, 25.2, 19.8],
        ['longer reply (in characters)', 0.8, 116.8, 92.01],
      ],
    });
  });

  it('counts as a brute-force twin does', () => {
    const data = rows(300, 12, (r) => [sentence(r, 5 + Math.floor(r() * 12)), sentence(r, 5 + Math.floor(r() * 7))]);
    const size = (text: string) => text.split(' ').length;
    const [won, lost] = [data.map(({ chosen }) => size(chosen)), data.map(({ rejected }) => size(rejected))];
    const half = (a: number, b: number) => (a > b ? 1 : a < b ? 0 : 0.5);
    const average = (all: readonly number[]) => all.reduce((a, b) => a + b, 0) / all.length;
    const [finding] = verdictOf(data).findings;
    expect(finding!.data.right).toBeCloseTo(average(won.map((n, i) => half(n, lost[i]!))), 3);
    expect(finding!.data.auc).toBeCloseTo(average(won.map((n) => average(lost.map((m) => half(n, m))))), 3);
    expect(finding!.data.cliffsDelta).toBeCloseTo(average(won.map((n) => average(lost.map((m) => Math.sign(n - m))))), 3);
    expect(finding!.data.gap).toBeCloseTo(average(won.map((n, i) => (2 * (n - lost[i]!)) / (n + lost[i]!))), 3);
    // by hand: 202 longer, 69 shorter of 300; scipy.stats.binomtest(202, 271).pvalue
    expect([finding!.data.chosenHasMore, finding!.data.rejectedHasMore]).toEqual([
      won.filter((n, i) => n > lost[i]!).length,
      won.filter((n, i) => n < lost[i]!).length,
    ]);
  });

  it('gives replicates where the panel is a sample, and an order for the whole file', () => {
    const data = lengths(1000, 80);
    expect(verdictOf(data).replicates).toBeUndefined();
    const sample = verdictOf(data, 400);
    expect(sample.replicates!.length).toBe(20);
    expect(new Set(sample.replicates).size).toBeGreaterThan(5);
    const [finding] = sample.findings;
    expect(finding!.message).toContain(' sampled pairs, expected ');
    expect(Math.abs(Number(/about ([\d,]+) pairs/.exec(finding!.suggestion)![1]!.replace(',', '')) - 455)).toBeLessThan(60);
  });

  it('knows the marks of other scripts', () => {
    const shout = verdictOf(marked(200, 80, 0, (text) => text.replace('.', '！')));
    expect(shout.findings.map(({ key }) => key)).toEqual(['exclamation-marks, more']);
    const asked = verdictOf(marked(200, 80, 0, (text) => text.replace('.', '？')));
    expect(asked.findings.map(({ key }) => key)).toEqual(['question-end, more']);
  });

  it('tells blanks at the ends, and orders to strip them all', () => {
    const { findings } = verdictOf(marked(200, 80, 10, (text) => ` ${text}`));
    expect(findings.map(({ message, suggestion }) => [message, suggestion])).toEqual([
      [
        'Always choosing the reply that begins with a blank is right in 85% of 200 pairs (10% of them ties, counted half), expected 40% to 60%',
        'Strip the blanks at the start of all 180 replies that have them, chosen and rejected alike',
      ],
    ]);
  });

  it('tells two cues apart where one is never wrong', () => {
    const data = marked(200, 80, 10, (text) => text.replace('.', '!')).map((row) => ({ ...row, rejected: `${row.rejected} ` }));
    expect(verdictOf(data).findings.map(({ key, data: of }) => [key, of.right])).toEqual([
      ['trailing-blank, less', 1],
      ['exclamation-marks, more', 0.85],
    ]);
  });

  it('stands first words that are names of object members', () => {
    const { findings } = verdictOf(marked(200, 80, 0, (text) => text.replace('The', '__proto__')));
    expect(findings[0]!.message).toContain('the reply that begins with "proto"');
    expect(verdictOf(marked(200, 80, 0, (text) => text.replace('The', 'constructor'))).findings[0]!.message).toContain('"constructor"');
  });
});

// ── Base rates ──────────────────────────────────────────────────────────────

const STARTS = ['Sure, ', 'I think ', 'The answer: ', 'Well, ', 'Here: ', '', '', ''];

/** A reply with some of all that the cues read. */
function anyReply(r: Random): string {
  let text = pick(r, STARTS) + sentence(r, 5 + Math.floor(Math.exp(3 * r())));
  if (r() < 0.3) text += ` It costs ${Math.floor(r() * 1000)}.`;
  if (r() < 0.3) text = text.replace('.', '!');
  if (r() < 0.3) text += `\n- ${sentence(r, 4)}\n- ${sentence(r, 4)}`;
  if (r() < 0.2) text += ' Shall I go on?';
  if (r() < 0.2) text = `I'm sorry, but I can't help with that. ${text}`;
  return r() < 0.1 ? ` ${text}` : text;
}

describe('preference-cue and chance', () => {
  it('warns of at most one in a hundred data sets without any cue', () => {
    let warned = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { findings } = verdictOf(rows(100, seed, (r) => [anyReply(r), anyReply(r)]));
      if (findings.some(({ level }) => level !== 'info')) warned++;
    }
    expect(warned).toBeLessThanOrEqual(2);
  });

  it('says nothing of 30 pairs at 60%', () => {
    for (let seed = 0; seed < 20; seed++) expect(verdictOf(lengths(50, 36, seed).slice(18, 48)).findings).toEqual([]);
  });

  it.each([75, 95])('finds a cue of %i% in 300 pairs', (of) => {
    for (let seed = 0; seed < 10; seed++) {
      expect(verdictOf(lengths(300, of, seed)).findings.map(({ key, level }) => [key, level])).toEqual([['words, more', 'error']]);
    }
    const [finding] = verdictOf(marked(300, of, 0, (text) => text.replace('.', '!'))).findings;
    expect([finding!.key, finding!.data.right]).toEqual(['exclamation-marks, more', 0.5 + of / 200]);
  });

  it('tells no word of its fixtures as a first word', () => {
    const read = (name: string) => readFileSync(`fixtures/preference-cue/${name}.jsonl`, 'utf8').trim().split('\n');
    const { findings } = verdictOf(read('lopsided').map((line) => JSON.parse(line) as Row));
    expect(findings.map(({ key }) => key)).toEqual(['words, more']);
  });
});
