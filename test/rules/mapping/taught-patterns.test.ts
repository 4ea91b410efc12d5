import { describe, expect, it } from 'vitest';
import taughtPatterns from '../../../rules/mapping/taught-patterns.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];

/** So many different prompts, each with the reply that `reply` writes. */
function replies(n: number, reply: (r: () => number, i: number) => string, seed = 1): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [`${sentence(r, 9)} (${i})`, reply(r, i)]);
}
/** Between one sentence and twenty, alike in nothing but that they are English sentences. */
const varied = (r: () => number): string => {
  const said = Array.from({ length: Math.ceil(20 * r() ** 2) }, () => sentence(r, 4 + Math.floor(16 * r())));
  said[0] = `${pick(r, ['So', 'Well,', 'Now', 'Once', 'Perhaps', 'I think', 'You know,', 'We see', 'Today', 'Yes,'])} ${said[0]}`;
  const text = said.join(pick(r, [' ', ' ', '\n', '\n\n']));
  return r() < 0.5 ? text.replace(/e?s the /g, 'ed the ') : text;
};
const rowsOf = (pairs: Pairs, instruction?: string) =>
  pairs.map(([prompt, output]) => (instruction === undefined ? { prompt, completion: output } : { instruction, input: prompt, output }));

const STOPPED = replies(120, (r) => `${varied(r)} ###`);
const INVENTORY = replies(150, (r, i) => JSON.stringify({ item: sentence(r, 3), count: i, shelf: pick(r, ['A', 'B']) }), 3);

testRule(taughtPatterns, {
  even: [
    { name: 'nothing in common', pairs: replies(150, varied), score: null },
    { name: 'a habit of half of them', rows: rowsOf(replies(150, (r, i) => `${varied(r)}${i % 2 === 0 ? ' ###' : ''}`)), score: null },
    { name: 'too few', pairs: replies(19, () => 'Quite so. ###'), score: null, notJudged: 'too few replies of one task' },
    { name: 'a habit that is wanted', pairs: STOPPED, options: { wanted: ['stop-marker'] }, score: null },
    // 108 of 120 are 90 %, but 83.3 % at the lower end of Wilson's interval
    {
      name: 'a habit of nine in ten that may be one of fewer',
      rows: rowsOf(replies(120, (r, i) => `${varied(r)}${i % 10 < 9 ? ' ###' : ''}`, 4)),
      score: null,
    },
  ],

  lopsided: [
    {
      name: 'a stop marker',
      pairs: STOPPED,
      score: null,
      findings: [
        {
          key: 'habits',
          level: 'info',
          message: 'A model tuned on this will always end its reply with "###" (100%)',
          suggestion:
            'If you want this, put its id into the option wanted (stop-marker); to unteach it, write at least 12 of the 120 replies another way',
          data: { replies: 120, habits: 1, 'stop-marker': 1 },
        },
      ],
    },
    {
      name: 'sums and steps and an answer line',
      pairs: replies(120, (r, i) => {
        const n = 2 + Math.floor(r() * 90);
        const note = i % 20 === 0 ? '' : `<<${n}*2=${n * 2}>>`;
        return ` ${varied(r)}\nThat is ${n} * 2 = ${note}${n * 2}.\n${varied(r)}\n#### ${n * 2}!!!`;
      }),
      score: null,
      findings: [
        {
          level: 'info',
          message:
            'A model tuned on this will always end its reply with "!!!" (100%), put the answer on a last line after "####" (100%), begin with a blank (100%) and show its steps before the answer (100%), and nearly always note its sums in "<<…>>" (95%)',
          suggestion:
            'Put the ids of those you want into the option wanted (stop-marker, sums, answer-line, leading-blank, steps, sentences); to unteach another, write at least 12 of the 120 replies another way',
          data: { replies: 120, habits: 6, 'stop-marker': 1, 'answer-line': 1, 'leading-blank': 1, steps: 1, sums: 0.95, sentences: 1 },
        },
      ],
    },
    {
      name: 'JSON with the same keys',
      rows: rowsOf(INVENTORY),
      score: null,
      findings: [
        {
          message:
            'A model tuned on this will always give the keys "item", "count" and "shelf", in this order (100%), reply in JSON (100%) and write its JSON on one line (100%)',
        },
      ],
    },
    {
      name: 'labels',
      rows: rowsOf(replies(120, (r) => pick(r, ['refund', 'delivery', 'lost card']))),
      score: null,
      findings: [
        {
          message:
            'A model tuned on this will always reply with one of 3 labels ("delivery", "refund" and "lost card"), in lower case (100%)',
        },
      ],
    },
    {
      name: 'many labels with a capital',
      rows: rowsOf(replies(240, (_, i) => `Label_${'ABCDEFGH'[i % 8]!}`)),
      score: null,
      findings: [{ message: 'A model tuned on this will always reply with one of 8 labels of one word (100%)' }],
    },
    {
      name: 'an opening, bullets, a length',
      rows: rowsOf(
        replies(120, (r, i) => `Of course! Here it is:\n${Array.from({ length: 5 + (i % 3) }, () => `- ${sentence(r, 8)}`).join('\n')}`),
      ),
      score: null,
      findings: [
        {
          message:
            'A model tuned on this will always open with "Of course! Here it is:" (100%), write a bulleted list (100%), 6 to 10 sentences (100%), 40 to 80 words (100%) and tell it in the present tense (100%)',
        },
      ],
    },
    {
      name: 'of two tasks each its own',
      rows: [
        ...rowsOf(INVENTORY, 'List the item.'),
        ...rowsOf(
          replies(130, (r) => `${varied(r)}\n\nEND`, 5),
          'Tell a story.',
        ),
        ...rowsOf(replies(110, varied, 6), 'Describe it.'),
      ],
      score: null,
      findings: [
        {
          message:
            'In the task "List the item.", a model tuned on this will always give the keys "item", "count" and "shelf", in this order (100%), reply in JSON (100%) and write its JSON on one line (100%)',
        },
        {
          message:
            'In the task "Tell a story.", a model tuned on this will always end its reply with "END" (100%) and write at least 2 paragraphs (100%)',
          data: { task: 'Tell a story.', replies: 130, habits: 2, 'stop-marker': 1, paragraphs: 1 },
        },
      ],
    },
    {
      name: 'replies made of the prompt',
      pairs: replies(120, () => '').map(([prompt]) => [prompt.toLowerCase().replace('.', ''), prompt] as const),
      score: null,
      findings: [{ message: 'A model tuned on this will always take its words from the prompt (100%)' }],
    },
  ],
});

describe('taught-patterns', () => {
  it('counts what another count finds', async () => {
    const own = replies(
      140,
      (r, i) => `${i % 12 === 0 ? '' : 'We go: '}${varied(r)}${i % 15 === 0 ? '.' : '!'}${i % 14 === 0 ? '' : '\n'}`,
    );
    const share = (is: (reply: string) => boolean) => Number((own.filter(([, reply]) => is(reply)).length / own.length).toPrecision(4));
    const { data } = (await runRule(taughtPatterns, rowsOf(own))).findings[0]!;
    expect(data).toMatchObject({
      opening: share((reply) => reply.startsWith('We go: ')),
      exclamation: share((reply) => reply.includes('!')),
      'trailing-break': share((reply) => reply.endsWith('\n')),
      we: share((reply) => /\bwe\b/i.test(reply)),
    });
  });

  it('tells of long replies what they never do', async () => {
    const long = replies(220, (r) => Array.from({ length: 6 + Math.floor(r() * 60) }, () => sentence(r, 10)).join(' '));
    const [finding] = (await runRule(taughtPatterns, rowsOf(long))).findings;
    expect(finding!.message).toMatch(/ and never .*use the first person \(100%\)/);
    const [said] = (await runRule(taughtPatterns, rowsOf(long.map(([p, reply], i) => [p, i % 50 === 0 ? `I say: ${reply}` : reply]))))
      .findings;
    expect(said!.message).not.toContain('first person');
  });

  it('shows two places of each habit that it names, the end of a reply where that is where it is', async () => {
    const [finding] = (await runRule(taughtPatterns, rowsOf(STOPPED))).findings;
    expect(finding!.evidence.length).toBe(2);
    for (const { excerpt, line } of finding!.evidence) {
      expect(excerpt.endsWith('###')).toBe(true);
      expect(STOPPED[line - 1]![1].endsWith(excerpt.slice(1))).toBe(true);
    }
  });

  it('draws all habits, with those that the sentence leaves out', async () => {
    const { pictures, findings } = await runRule(
      taughtPatterns,
      rowsOf(
        replies(
          120,
          (r, i) =>
            `Sure! See below:\n## Plan\n${Array.from({ length: 3 + (i % 2) }, () => `- **${sentence(r, 3)}** 😀`).join('\n')}\nLet me know if you need more! ###`,
        ),
      ),
    );
    const picture = pictures['taught-patterns'];
    const rows = picture?.kind === 'table' ? picture.rows : [];
    expect(picture).toMatchObject({ kind: 'table', columns: ['habit', 'the model will', 'share'] });
    expect(rows.length).toBe(findings[0]!.data.habits);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.map(([id]) => id)).toEqual(expect.arrayContaining(['bold', 'bullets', 'emoji', 'line-labels', 'offer', 'stop-marker']));
  });

  it('reads voice and tense', async () => {
    const things = ['bridge', 'mill', 'harbour', 'library', 'station', 'garden'];
    const made = (verb: string) =>
      replies(
        150,
        (r) =>
          `${pick(r, ['Long ago the', 'By the sea a', 'Once, a', 'Here the', 'Near the border one', 'Without a plan the'])} ${pick(r, things)} ${verb} ${pick(r, ['monks', 'soldiers', 'merchants', 'farmers'])}. ${varied(r)}`,
      );
    const shares = async (verb: string) => {
      const [finding] = (await runRule(taughtPatterns, rowsOf(made(verb)))).findings;
      return finding?.data ?? {};
    };
    expect((await shares('was built by')).passive).toBeGreaterThan(0.95);
    expect(await shares('looks like')).not.toHaveProperty('passive');
    const did = [
      'The monks planted trees.',
      'She opened the door.',
      'They walked home.',
      'A boat sank in the bay.',
      'He wrote a letter to his aunt.',
    ];
    const past = replies(150, (r) => Array.from({ length: 2 + Math.floor(r() * 9) }, () => pick(r, did)).join(' '));
    const [told] = (await runRule(taughtPatterns, rowsOf(past))).findings;
    expect(told!.data['past-tense']).toBeGreaterThan(0.9);
  });

  it('leaves out English grammar and wording where the replies are not English', async () => {
    const things = ['Brücke', 'Straße', 'Küche', 'Glocke'];
    const german = replies(
      150,
      (r, i) =>
        `Hier steht die ${pick(r, things)}${i % 2 === 0 ? '' : ', du you'} und das ist nicht die ${pick(r, things)}${' und die Tür'.repeat(Math.floor(r() * 12))}, schön.`,
    );
    const [finding] = (await runRule(taughtPatterns, rowsOf(german))).findings;
    expect(finding!.message).toContain('write in German (100%)');
    expect(Object.keys(finding!.data)).not.toContain('first-person');
    expect(Object.keys(finding!.data)).not.toContain('past-tense');
  });

  it('says "of the replies" where not all were read', async () => {
    const [finding] = (await runRule(taughtPatterns, rowsOf(replies(2500, (r) => `${varied(r)} ###`)))).findings;
    expect(finding!.suggestion).toMatch(/write at least 10% of the replies another way$/);
    expect(finding!.data.replies).toBe(2000);
  });
});
