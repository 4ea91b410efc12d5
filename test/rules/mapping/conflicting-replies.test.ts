import { describe, expect, it } from 'vitest';
import conflictingReplies from '../../../rules/mapping/conflicting-replies.ts';
import { contentHash, type Example, Groups, type Panel, type PanelExample } from '../../../src/kit.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';

type Pairs = (readonly [string, string])[];

const LABELS = ['praise', 'complaint', 'question', 'order'];
/** Sentences and one of four labels. */
function labelled(n: number, seed = 1): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [`${sentence(r, 9)} (${i})`, pick(r, LABELS)]);
}
const next = (label: string) => LABELS[(LABELS.indexOf(label) + 1) % 4]!;
/** And the first `again` prompts once more, with the next label. */
const relabelled = (n: number, again: number): Pairs => {
  const pairs = labelled(n);
  return [...pairs, ...pairs.slice(0, again).map(([prompt, label]) => [prompt, next(label)] as const)];
};
/** Requests and free texts. */
function open(n: number, seed = 2): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [`Tell me something about item ${i}, please.`, `${sentence(r, 14)} ${sentence(r, 14)}`]);
}
/** Sentences without their commas and articles' case, and with them. */
const edits = (n: number): Pairs => labelled(n, 4).map(([prompt]) => [prompt.toLowerCase(), prompt] as const);
/** Thirty prompts twice, the second time with a "please"; the first so many with another label. */
const near = (n: number): Pairs => {
  const pairs = labelled(130);
  return [...pairs, ...pairs.slice(0, 30).map(([prompt, label], i) => [`Please: ${prompt}`, i < n ? next(label) : label] as const)];
};
/** Both replies to the first prompts. */
const second = (pairs: Pairs, again: number, reply: (reply: string, i: number) => string): Pairs => [
  ...pairs,
  ...pairs.slice(0, again).map(([prompt, first], i) => [prompt, reply(first, i)] as const),
];
const ending = (pairs: Pairs, end: (i: number) => string): Pairs => pairs.map(([prompt, reply], i) => [prompt, `${reply} ${end(i)}`]);

/** Questions on tables, and queries with an alias, two orders and a limit. */
const queries = (n: number): Pairs =>
  Array.from({ length: n }, (_, i) => [
    `Which teams have the most in table ${i}?`,
    `SELECT team, COUNT(*) AS total FROM t${i} WHERE pos = 'Left Wing' GROUP BY team ORDER BY team, total DESC LIMIT 3`.replace(
      'team, total DESC',
      i % 2 ? 'team' : 'total DESC',
    ),
  ]);

testRule(conflictingReplies, {
  even: [
    { name: 'one label each', pairs: labelled(160), score: 0 },
    { name: 'a prompt that comes again with the same reply', pairs: second(labelled(160), 20, (label) => ` ${label}\n`), score: 0 },
    {
      name: 'few labels that differ',
      pairs: relabelled(598, 2),
      score: 0,
      findings: [
        {
          key: 'contradicting',
          level: 'info',
          message: '2 prompts have replies that contradict each other: 2 of 600 replies (0.3%) differ from the first',
          suggestion: 'Decide on one reply for each of the 2 prompts and check the other 2 against it',
          data: { prompts: 2, excess: 2, replies: 600, share: 0.003333 },
        },
      ],
    },
    {
      name: 'a large share, of less than five prompts',
      pairs: relabelled(96, 4),
      score: 0.49,
      findings: [
        { level: 'info', message: '4 prompts have replies that contradict each other: 4 of 100 replies (4%) differ from the first' },
      ],
    },
    {
      name: 'open-ended replies',
      pairs: second(open(120), 12, (_, i) => open(12, 50)[i]![1]),
      score: 0,
      findings: [
        {
          key: 'several',
          level: 'info',
          message:
            '12 prompts have several replies, which may be several good answers to an open-ended task: 12 of 132 replies (9.1%) differ from the first',
          suggestion: 'Check that each of the 24 replies is a good one, or drop the other 12',
          data: { prompts: 12, excess: 12, replies: 132 },
        },
      ],
    },
    {
      name: 'one open-ended prompt with two replies',
      pairs: second(open(120), 1, () => 'Nothing of the kind.'),
      score: 0,
      findings: [
        {
          message:
            '1 prompt has several replies, which may be several good answers to an open-ended task: 1 of 121 replies (0.8%) differs from the first',
          suggestion: 'Check that each of the 2 replies is a good one, or drop the other',
        },
      ],
    },
    {
      name: 'the same code, written otherwise',
      pairs: second(
        Array.from({ length: 120 }, (_, i) => [`List the names in table t${i}`, `SELECT name FROM t${i} ORDER BY name`] as const),
        12,
        (sql) => sql.toLowerCase(),
      ),
      score: 0,
      findings: [
        {
          key: 'several',
          message: '12 prompts have several replies, which may be ways to write the same: 12 of 132 replies (9.1%) differ from the first',
          suggestion: 'Settle on one way to write it for each of the 12 prompts and drop the other 12, or check that each is right',
        },
      ],
    },
    {
      name: 'the same query, with other aliases, marks and orders that go without saying',
      pairs: second(queries(120), 12, (sql, i) =>
        sql
          .replaceAll('AS total', `as n${i}`)
          .replaceAll('BY total DESC', `by n${i} desc`)
          .replace('ORDER BY team', 'order by team ASC')
          .replace('LIMIT 3', 'LIMIT 3 OFFSET 0;'),
      ),
      score: 0,
      findings: [
        {
          key: 'several',
          message: '12 prompts have several replies, which may be ways to write the same: 12 of 132 replies (9.1%) differ from the first',
        },
      ],
    },
    {
      name: 'several references for each prompt',
      pairs: open(40).flatMap(([prompt], i) => [0, 1, 2].map((k) => [prompt, open(40, 20 + k)[i]![1]] as const)),
      score: 0,
      findings: [
        {
          key: 'references',
          level: 'info',
          message:
            '40 prompts have several replies, which looks like several references per prompt, as 100% of all prompts have them: 80 of 120 replies (67%) differ from the first',
          suggestion: 'Check that each of the 120 replies is a good one, or drop the other 80',
          data: { prompts: 40, excess: 80, replies: 120 },
        },
      ],
    },
    {
      name: 'several ways to mend each prompt, which is an edit and no choice',
      pairs: edits(60).flatMap(([prompt, reply]) => [[prompt, reply] as const, [prompt, reply.replace('.', ' indeed.')] as const]),
      score: 0,
      findings: [{ key: 'references', level: 'info', data: { prompts: 60, excess: 60, replies: 120 } }],
    },
    {
      name: 'prompts that differ in small words, of which a few have another label',
      pairs: near(3),
      score: 0,
      findings: [
        {
          key: 'near-same',
          level: 'info',
          message:
            '3 pairs of prompts that differ only in small words, marks or one letter have replies that contradict each other, where 27 such pairs agree',
          suggestion: 'Decide on one reply for each of the 3 pairs, and correct the other 3',
          data: { pairs: 3, agreeing: 27 },
        },
      ],
    },
    { name: 'prompts that differ in small words, which decide more often than not', pairs: near(16), score: 0 },
    {
      name: 'one pair of free answers',
      pairs: [
        ...open(120),
        ...['Is the old bridge open', 'Is the inn full', 'Is the mill dry', 'Is the ferry late'].flatMap((prompt, i) => [
          [prompt, `Yes, it is so on day ${i}.`] as const,
          [`Please, ${prompt}?`, i === 0 ? 'No, never.' : `Yes, ${sentence(random(i), 9)}`] as const,
        ]),
      ],
      score: 0,
      findings: [
        {
          key: 'near-same',
          message:
            '1 pair of prompts that differ only in small words, marks or one letter has replies that contradict each other, where 3 such pairs agree',
          suggestion: 'Decide on one reply for both prompts, and correct the other',
        },
      ],
    },
    { name: 'softer bounds', pairs: relabelled(100, 6), options: { warn: 0.2, error: 0.5 }, score: 0.132, findings: [{ level: 'info' }] },
    {
      name: 'more prompts asked for',
      pairs: relabelled(100, 6),
      options: { prompts: 7 },
      score: 0.49,
      findings: [{ level: 'info' }],
    },
    { name: 'texts', rows: labelled(100).map(() => ({ text: 'the same' })), score: null, notJudged: 'no prompts' },
    {
      name: 'blank prompts',
      rows: labelled(100).map(([completion]) => ({ prompt: ' ', completion })),
      score: null,
      notJudged: 'no prompts',
    },
    { name: 'too few to score', pairs: labelled(9), score: null, notJudged: 'fewer than 30 examples' },
  ],
  lopsided: [
    {
      name: 'labels that differ',
      pairs: relabelled(195, 5),
      score: 0.613,
      findings: [
        {
          key: 'contradicting',
          level: 'warn',
          message: '5 prompts have replies that contradict each other: 5 of 200 replies (2.5%) differ from the first, expected under 1%',
          suggestion: 'Decide on one reply for each of the 5 prompts and check the other 5 against it',
        },
      ],
    },
    {
      name: 'many labels that differ, of few examples',
      pairs: relabelled(40, 20),
      score: 1,
      findings: [
        {
          level: 'error',
          message: '20 prompts have replies that contradict each other: 20 of 60 replies (33%) differ from the first, expected under 1%',
        },
      ],
    },
    {
      name: 'prompts but for case, blanks and final marks',
      pairs: second(labelled(194), 0, String).concat(
        labelled(6).map(([prompt, label]) => [` ${prompt.toUpperCase().replace(/ /, '  ')}?!`, next(label)]),
      ),
      score: 0.65,
      findings: [
        {
          level: 'warn',
          message: '6 prompts have replies that contradict each other: 6 of 200 replies (3%) differ from the first, expected under 1%',
        },
      ],
    },
    {
      name: 'answers that end with another number',
      pairs: second(
        ending(open(120), (i) => `So the answer is ${1000 + i}.`),
        10,
        (reply, i) => `By another way: ${reply.slice(20, 30)}, ${i}`,
      ),
      score: 0.908,
      findings: [{ key: 'contradicting', level: 'error', data: { prompts: 10, excess: 10, replies: 130, share: 0.07692 } }],
    },
    {
      name: 'the same but for a number inside',
      pairs: second(
        ending(open(120), (i) => `It weighs ${i + 5}.50 kilos or so`),
        10,
        (reply) => reply.replace('.50', ',000'),
      ),
      score: 0.908,
      findings: [{ key: 'contradicting', level: 'error' }],
    },
    {
      name: 'yes and no',
      pairs: second(
        open(120).map(([prompt, reply], i) => [prompt, `${i % 2 ? 'Yes' : 'no'}, ${reply}`]),
        10,
        (_, i) => `${i % 2 ? 'No' : 'YES'}! ${open(10, 9)[i]![1]}`,
      ),
      score: 0.908,
      findings: [{ key: 'contradicting', level: 'error' }],
    },
    {
      name: 'options',
      pairs: second(
        open(120).map(([prompt, reply], i) => [prompt, `${'ABCD'[i % 4]}) ${reply}`]),
        10,
        (_, i) => `(${'BCDA'[i % 4]})`,
      ),
      score: 0.908,
      findings: [{ key: 'contradicting', level: 'error' }],
    },
    {
      name: 'answers that the prompt offers',
      pairs: second(
        open(120).map(([prompt, reply], i) => (i < 10 ? [`${prompt} Is it hot, warm or cold?`, 'Warm'] : [prompt, reply])),
        10,
        () => 'cold.',
      ),
      score: 0.908,
      findings: [{ key: 'contradicting', level: 'error' }],
    },
    {
      name: 'queries with another limit, each prompt with two more ways to write the first',
      pairs: [
        ...second(queries(120), 10, (sql) => sql.replace('LIMIT 3', 'LIMIT 5')),
        ...second(queries(10), 10, (sql) => `${sql};`).slice(10),
        ...second(queries(10), 10, (sql) => `${sql} OFFSET 0`).slice(10),
      ],
      score: 0.867, // 10 of 150, not 30
      findings: [
        {
          key: 'contradicting',
          level: 'error',
          message: '10 prompts have replies that contradict each other: 10 of 150 replies (6.7%) contradict another, expected under 1%',
          suggestion: 'Decide on one reply for each of the 10 prompts and check the other 10 against it',
          data: { prompts: 10, excess: 10, replies: 150, share: 0.06667 },
        },
      ],
    },
    {
      name: 'two kinds of conflict in one file, each its own finding',
      pairs: [
        ...second(
          ending(open(150), (i) => `That makes ${i}`),
          6,
          (reply) => `${reply}1`,
        ),
        ...open(20).map(([prompt], i) => [prompt.replace('item', 'thing'), open(20, 5)[i]![1]] as const),
        ...open(20).map(([prompt], i) => [prompt.replace('item', 'thing'), open(20, 6)[i]![1]] as const),
      ],
      score: 0.655,
      findings: [
        { key: 'contradicting', level: 'warn', data: { prompts: 6, excess: 6, replies: 196, share: 0.03061 } },
        { key: 'several', level: 'info', data: { prompts: 20, excess: 20, replies: 196 } },
      ],
    },
    {
      name: 'tighter bounds',
      pairs: relabelled(594, 6),
      options: { warn: 0.001, error: 0.005 },
      score: 0.811,
      findings: [
        {
          level: 'error',
          message: '6 prompts have replies that contradict each other: 6 of 600 replies (1%) differ from the first, expected under 0.1%',
        },
      ],
    },
    {
      name: 'fewer prompts asked for',
      pairs: relabelled(96, 4),
      options: { prompts: 4 },
      score: 0.725,
      findings: [{ level: 'warn' }],
    },
  ],
});

describe('conflicting-replies', () => {
  const chat = (...turns: readonly string[]) => ({
    messages: turns.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content })),
  });
  const keysOf = async (rows: readonly object[]) => (await runRule(conflictingReplies, rows)).findings.map(({ key }) => key);
  const rowsOf = (pairs: Pairs) => pairs.map(([prompt, completion]) => ({ prompt, completion }));

  it('names each reply, the first one and its line, and the prompt; different prompts first', async () => {
    const pairs: Pairs = [...relabelled(97, 5), [labelled(1)[0]![0], 'another label']];
    const { findings } = await runRule(conflictingReplies, rowsOf(pairs));
    const excerpt = (line: number) => {
      const [prompt, label] = pairs[line - 98]!;
      return `"${next(label)}", but on line ${line - 97} "${label}", to ${JSON.stringify(`${prompt.slice(0, 39)}…`)}`;
    };
    expect(findings[0]!.evidence.slice(0, 5)).toEqual(
      [98, 99, 100, 101, 102].map((line) => ({ file: 'test.jsonl', line, excerpt: excerpt(line) })),
    );
    expect(findings[0]!.evidence[5]).toEqual({
      file: 'test.jsonl',
      line: 103,
      excerpt: excerpt(98).replace(`"${next(pairs[0]![1])}"`, '"another label"'),
    });
    expect(findings[0]!.evidence).toHaveLength(6);
  });

  it('shows long replies from a little before their first difference', async () => {
    const start = 'In the beginning there was a long and winding road that led from ';
    const pairs: Pairs = [...open(100), ['Where from?', `${start}Rome to Basel`], ['Where from?', `${start}Oslo to Basel`]];
    const { findings } = await runRule(conflictingReplies, rowsOf(pairs));
    expect(findings[0]!.evidence[0]!.excerpt).toBe(
      '"…that led from Oslo to Basel", but on line 101 "…that led from Rome to Basel", to "Where from?"',
    );
  });

  it('shows the first difference that is not of case or blanks', async () => {
    const pairs: Pairs = [
      ...open(100),
      ['Who?', 'SELECT  NAME, TEAM FROM players WHERE age > 30 ORDER BY age LIMIT 3'],
      ['Who?', 'select name, team\nFROM players WHERE age > 30 ORDER BY age LIMIT 4'],
    ];
    const { findings } = await runRule(conflictingReplies, rowsOf(pairs));
    expect(findings[0]!.evidence[0]!.excerpt).toBe('"…BY age LIMIT 4", but on line 101 "…BY age LIMIT 3", to "Who?"');
  });

  it('still counts references that contradict', async () => {
    const pairs: Pairs = open(100).flatMap(([prompt], i) => [
      [prompt, `${open(100, 5)[i]![1]} That makes ${i}.`] as const,
      [prompt, `${open(100, 6)[i]![1]} That makes ${i < 10 ? 7000 : i}.`] as const,
    ]);
    const { findings } = await runRule(conflictingReplies, rowsOf(pairs));
    expect(findings.map(({ key, severity, data: { prompts } }) => [key, severity, prompts])).toEqual([
      ['contradicting', 'error', 10],
      ['references', 'info', 90],
    ]);
    expect(findings.map(({ evidence }) => evidence.length)).toEqual([10, 90]);
  });

  it('takes two labels for most prompts for two opinions, not for references', async () => {
    const pairs: Pairs = labelled(80).flatMap(([prompt, label]) => [[prompt, label] as const, [prompt, next(label)] as const]);
    expect(await keysOf(rowsOf(pairs))).toEqual(['contradicting']);
  });

  it('shows both prompts of a pair that is nearly the same, and both replies', async () => {
    const { findings } = await runRule(conflictingReplies, rowsOf(near(1)));
    const [prompt, label] = near(1)[0]!;
    expect(findings[0]!.evidence).toHaveLength(1);
    const { line, excerpt } = findings[0]!.evidence[0]!;
    const [first, second] = [JSON.stringify(`${prompt.slice(0, 41)}…`), JSON.stringify(`Please: ${prompt.slice(0, 33)}…`)];
    expect([1, 131]).toContain(line);
    expect(excerpt).toBe(
      line === 131
        ? `${second} → "${next(label)}", but on line 1 ${first} → "${label}"`
        : `${first} → "${label}", but on line 131 ${second} → "${next(label)}"`,
    );
  });

  it('compares prompts that are nearly the same under one system text only, at the start of a conversation', async () => {
    const told = (system: (i: number) => string, before: readonly string[] = []) =>
      keysOf(
        near(3).map(([prompt, label], i) => ({
          messages: [{ role: 'system', content: system(i) }, ...chat(...before, prompt, label).messages],
        })),
      );
    expect(await told(() => 'Be kind.')).toEqual(['near-same']);
    expect(await told((i) => (i < 130 ? 'Be kind.' : 'Be rude.'))).toEqual([]);
    expect(await told(() => 'Be kind.', ['Hello', 'order'])).toEqual([]);
  });

  it('compares the whole context: system text and earlier turns', async () => {
    const rows = open(100).map(([prompt, reply]) => chat(prompt, reply));
    const system = (content: string, ...turns: readonly string[]) => ({
      messages: [{ role: 'system', content }, ...chat(...turns).messages],
    });
    expect(await keysOf([...rows, chat('Hi', 'Hello', 'And?', 'One'), chat('Hi', 'Hey', 'And?', 'Two')])).toEqual(['several']); // "Hi" alone
    expect(await keysOf([...rows, chat('Hi', 'Hello', 'And?', 'One'), chat('Hi', 'Hello', 'And?', 'Two')])).toEqual(['several']);
    expect(await keysOf([...rows, chat('Hi', 'Hello', 'Him?', 'One'), chat('Hi', 'Hello', 'Her?', 'Two')])).toEqual([]);
    expect(await keysOf([...rows, system('Be kind.', 'Who?', 'One'), system('Be rude.', 'Who?', 'Two')])).toEqual([]);
    expect(await keysOf([...rows, system('Be kind.', 'Who?', 'One'), system('Be  kind.', 'Who?', 'Two')])).toEqual(['several']);
  });

  it('takes short replies that recur for labels, but not in a chat', async () => {
    const told = (end: readonly string[]) =>
      keysOf([
        ...open(100).map(([prompt, reply]) => chat(prompt, reply, ...end)),
        ...Array.from({ length: 6 }, (_, i) => chat(`Is film ${i} any good?`, 'Superb', ...end)),
        ...Array.from({ length: 6 }, (_, i) => chat(`Is book ${i} any good?`, 'Dreadful', ...end)),
        chat('Is film 3 any good?', 'Dreadful', ...end),
      ]);
    expect(await told([])).toEqual(['contradicting']);
    expect(await told(['Thanks.', 'My pleasure.'])).toEqual(['several']);
  });

  it('takes short replies that the prompt offers for answers, as words of their own', async () => {
    const told = (prompt: string) =>
      keysOf([
        ...rowsOf(open(100)),
        ...rowsOf([
          [prompt, 'Ash'],
          [prompt, 'oak.'],
        ]),
      ]);
    expect(await told('Which burns longer, ash or oak?')).toEqual(['contradicting']);
    expect(await told('Which burns longer, washing or soaked wood?')).toEqual(['several']);
    expect(await told('What tree is this?')).toEqual(['several']);
  });

  it.each([
    // one asks for something else
    ['SELECT a FROM t WHERE b = 2', 'SELECT a FROM t WHERE b = 3', 'contradicting'],
    ["SELECT a FROM t WHERE b = 'x'", "select a from t where b = 'y';", 'contradicting'],
    ['SELECT a FROM t WHERE b < 25', 'SELECT a FROM t WHERE b <= 25', 'contradicting'],
    ['SELECT AVG(a) FROM t', 'SELECT AVG(b) AS mean FROM t', 'contradicting'],
    ['SELECT AVG(CAST(a AS REAL)) FROM t', 'SELECT AVG(CAST(b AS REAL)) FROM t', 'contradicting'],
    ['SELECT MIN(a) FROM t', 'SELECT MAX(a) FROM t', 'contradicting'],
    ['SELECT a FROM t ORDER BY b LIMIT 1', 'SELECT a FROM t ORDER BY b DESC LIMIT 1', 'contradicting'],
    ['SELECT a FROM (SELECT a FROM t ORDER BY b) LIMIT 1', 'SELECT a FROM (SELECT a FROM t ORDER BY b DESC) LIMIT 1', 'contradicting'],
    ['```sql\nSELECT a FROM t WHERE b = 2\n```', 'SELECT a FROM t WHERE b = 3', 'contradicting'],
    ['def f(x):\n    return x + 1', 'def f(x):\n    return x + 2', 'contradicting'],
    // the same, or what may be
    ['SELECT a FROM t LIMIT 3;', 'SELECT a FROM t LIMIT 3 OFFSET 0;', 'several'],
    ['SELECT a FROM t LIMIT 5', 'SELECT a FROM t LIMIT 5;', 'several'],
    ['SELECT COUNT(*) AS n FROM t WHERE c > 3', 'select count(*) as count from T where C > 3;', 'several'],
    ['SELECT a FROM t ORDER BY b', 'SELECT a FROM t ORDER BY b DESC', 'several'],
    ['SELECT a FROM t WHERE b > 24', 'SELECT a FROM t WHERE b >= 25', 'several'],
    ["SELECT a FROM t WHERE b = 'x' OR b = 'y'", "SELECT a FROM t WHERE b = 'y' OR b = 'x'", 'several'],
    ['SELECT a FROM t WHERE b IN (1, 2)', 'SELECT a FROM t WHERE b IN (2, 1)', 'several'],
    ["SELECT a FROM t WHERE b != 'NA'", "SELECT a FROM t WHERE b <> '--'", 'several'],
    ['SELECT MIN(a), MAX(a) FROM t', 'SELECT MAX(a), MIN(a) FROM t', 'several'],
    ['SELECT ROUND(AVG(a), 1) FROM t', 'SELECT ROUND(AVG(a), 2) FROM t', 'several'],
    ['SELECT AVG(CAST(a AS REAL)) FROM t', 'SELECT AVG(CAST(a AS FLOAT)) FROM t', 'several'],
    ['SELECT COUNT(a) FROM t', 'SELECT COUNT(b) FROM t', 'several'],
    ["SELECT INSTR(a, ')') FROM t -- 1", "SELECT INSTR(a, ')') FROM t -- 2", 'several'],
    ['SELECT a FROM t WHERE b = 5', 'SELECT a FROM t WHERE b = 5 LIMIT 10', 'several'],
    ['x = load(1);\nprint(x)', 'x  =  load(1)\nprint(x)', 'several'],
    ['df1 = load(a)\nprint(df1)', 'df2 = load(a)\nprint(df2)', 'several'],
  ])('%s | %s: %s', async (one, other, kind) => {
    const keys = await keysOf(rowsOf([...open(100), ['How many?', one], ['How many?', other]]));
    expect(keys).toEqual([kind]);
  });

  it('shows what contradicts, not what is only written otherwise', async () => {
    const pairs: Pairs = [
      ...open(100),
      ['Who?', 'SELECT name, COUNT(*) AS total FROM players GROUP BY name ORDER BY total DESC LIMIT 3'],
      ['Who?', 'SELECT name, COUNT(*) AS total FROM players GROUP BY name ORDER BY total DESC LIMIT 3;'],
      ['Who?', 'SELECT name, COUNT(*) AS n FROM players GROUP BY name ORDER BY n LIMIT 3'],
    ];
    const { findings } = await runRule(conflictingReplies, rowsOf(pairs));
    expect(findings.map(({ key, message }) => [key, message])).toEqual([
      ['contradicting', '1 prompt has replies that contradict each other: 1 of 103 replies (1%) contradicts another'],
    ]);
    expect(findings[0]!.evidence.map(({ line, excerpt }) => [line, excerpt])).toEqual([
      [103, expect.stringMatching(/^"….*BY n LIMIT 3", but on line 10[12] "….*DESC LIMIT 3;?", to "Who\?"$/)],
    ]);
  });

  it('lets stay the replies that the fewest others contradict, whatever the order', async () => {
    const said = (pairs: Pairs) => runRule(conflictingReplies, rowsOf([...open(100), ...pairs]));
    const pairs: Pairs = ['So it is 7', 'By my count 7', 'I get 8', 'It makes 7'].map((reply) => ['How many?', reply]);
    for (const some of [pairs, pairs.toReversed()]) {
      const { findings } = await said(some);
      expect(findings[0]!.data).toMatchObject({ prompts: 1, excess: 1 });
      expect(findings[0]!.evidence).toHaveLength(1);
      expect(findings[0]!.evidence[0]!.excerpt).toContain('I get 8');
    }
  });

  it('counts where one reply is right only what is more than another way to write it', async () => {
    const query = (i: number) => `SELECT a FROM t WHERE b = ${i}`;
    const rows = Array.from({ length: 120 }, (_, i): Pairs[number] => {
      const r = random(i);
      return [`${sentence(r, 6)} ${query(i)} ${sentence(r, 6)}`, query(i)];
    });
    const again = (reply: (i: number) => string, n = 10) => rows.slice(0, n).map(([prompt], i): Pairs[number] => [prompt, reply(i)]);
    const told = async (...more: Pairs[]) =>
      (await runRule(conflictingReplies, rowsOf([...rows, ...more.flat()]))).findings.map(({ key, data: { prompts, excess } }) => [
        key,
        prompts,
        excess,
      ]);
    const lower = again((i) => `${query(i).toLowerCase()};`);
    expect(await told(lower)).toEqual([['several', 10, 10]]);
    const otherTable = again((i) => query(i).replace('FROM t', 'FROM u'));
    expect(await told(otherTable)).toEqual([['contradicting', 10, 10]]);
    expect(await told(lower, otherTable)).toEqual([['contradicting', 10, 10]]);
  });

  it('knows a "no" that is no answer', async () => {
    const told = (reply: string) =>
      keysOf([
        ...rowsOf(open(100)),
        ...rowsOf([
          ['May I come?', 'Yes, do come along.'],
          ['May I come?', reply],
        ]),
      ]);
    expect(await told('No, stay where you are.')).toEqual(['contradicting']);
    expect(await told('No problem, come whenever you like.')).toEqual(['several']);
    expect(await told('Noon would suit us best.')).toEqual(['several']);
  });

  it('judges each task of a mixed file by itself, and the worst counts', async () => {
    const asked = 'Sort this message into praise, complaint, question or order.';
    const alpaca = (pairs: Pairs) => pairs.map(([input, output]) => ({ instruction: asked, input, output }));
    const free = second(open(3000), 40, (_, i) => open(40, 70)[i]![1]).map(([instruction, output]) => ({ instruction, input: '', output }));
    const { findings, rules } = await runRule(conflictingReplies, [...free, ...alpaca(relabelled(194, 6))]);
    expect(findings.map(({ key, severity, message, data }) => [key.split(':')[0], severity, message, data.task])).toEqual([
      [
        'contradicting',
        'warn',
        `In ${JSON.stringify(data(asked))} 6 prompts have replies that contradict each other: 6 of 200 replies (3%) differ from the first, expected under 1%`,
        data(asked),
      ],
      [
        'several',
        'info',
        'In "other prompts" 40 prompts have several replies, which may be several good answers to an open-ended task: 40 of 3,040 replies (1.3%) differ from the first',
        'other prompts',
      ],
    ]);
    expect(rules['conflicting-replies']!.score).toBe(0.65);
    expect(rules['conflicting-replies']!.interval).toBeUndefined();
    expect(findings[0]!.evidence).toHaveLength(6);
    expect(findings[1]!.evidence).toHaveLength(40);
  });
});

/** The name of a task, as it is cut. */
const data = (name: string): string => `${name.slice(0, 39)}…`;

describe('conflicting-replies of more than the panel holds', () => {
  const options = { warn: 0.01, error: 0.05, prompts: 5 };
  const example = ([prompt, reply]: readonly [string, string], line: number): Example => ({
    at: { file: 'a', line },
    split: 'train',
    format: 'prompt-completion',
    messages: [
      { role: 'user', text: prompt },
      { role: 'assistant', text: reply },
    ],
    raw: {},
  });
  /** The verdict when the panel holds a share of all examples, or those named, and the table so many pairs. */
  function verdictOf(pairs: Pairs, part: number | ((i: number) => boolean), capacity = 1 << 21) {
    const state = { replies: new Groups(capacity) };
    const examples = pairs.map((pair, i) => example(pair, i + 1));
    for (const each of examples) conflictingReplies.observe!(state, each, options, {});
    const train = examples
      .map((each): PanelExample => ({ ...each, times: 1, hash: contentHash(each), group: contentHash(each) % 20 }))
      .sort((a, b) => a.hash - b.hash);
    const held = typeof part === 'number' ? train.slice(0, train.length * part) : train.filter(({ at }) => part(at.line - 1));
    const panel: Panel = { train: held, eval: [], reference: [], whole: part === 1 };
    return conflictingReplies.finish(state, options, panel, {});
  }

  it('is exact for tasks with one right answer: their type is all that must be known', () => {
    const verdict = verdictOf(relabelled(2940, 60), 0.1);
    expect(verdict.score).toBeCloseTo(0.575, 9);
    expect(verdict.findings.map(({ message }) => message)).toEqual([
      'About 60 prompts have replies that contradict each other: about 60 of 3,000 replies (2%) differ from the first, expected under 1%',
    ]);
    expect(verdict.findings[0]!.evidence).toHaveLength(60);
    expect(verdict.findings[0]!.evidence.map(({ excerpt }) => excerpt)).toContainEqual(
      expect.stringMatching(/^another reply than on line \d+, to "/),
    );
    expect(verdict.replicates).toHaveLength(20);
    // what can be quoted comes first
    const quoted = verdict.findings[0]!.evidence.map(({ excerpt }) =>
      excerpt.includes('", but on line ') ? 2 : excerpt.includes('to "') ? 1 : 0,
    );
    expect(quoted).toEqual([...quoted].sort((a, b) => b - a));
    expect(new Set(quoted).size).toBeGreaterThan(1);
  });

  it('takes the open-ended prompts that it cannot read to contradict as often as those that it can', () => {
    const pairs: Pairs = [
      ...second(
        ending(open(1400), (i) => `That makes ${i}.`),
        200,
        (reply) => reply.replace('That makes ', 'That makes 9'),
      ), // contradict
      ...second(
        ending(open(400, 5), () => 'Full stop'),
        200,
        (_, i) => `Or this: ${open(200, 8)[i]![1]}`,
      ).map(([prompt, reply]) => [prompt.replace('item', 'thing'), reply] as const),
    ];
    const whole = verdictOf(pairs, 1).findings.map(({ data: { prompts } }) => prompts);
    expect(whole).toEqual([200, 200]);
    const [bad, fine] = verdictOf(pairs, 0.5).findings;
    expect(Number(bad!.data.prompts) + Number(fine!.data.prompts)).toBe(400);
    expect(Math.abs(Number(bad!.data.prompts) - 200)).toBeLessThan(45); // three standard errors of a half, from 100 that could be read
  });

  it('guesses by the tasks of the panel where it can read none', () => {
    const others = (i: number) => i >= 10 && i < 1000;
    const labels = verdictOf(relabelled(1000, 10), others).findings;
    expect(labels.map(({ key }) => key)).toEqual(['contradicting']);
    expect(labels[0]!.evidence[0]).toEqual({ file: 'a', line: 1001, excerpt: 'another reply than on line 1' });
    expect(
      verdictOf(
        second(open(1000), 10, () => 'Nothing of the kind.'),
        others,
      ).findings.map(({ key }) => key),
    ).toEqual(['several']);
  });

  it('scales a sample of the prompts, and says about', () => {
    const exact = verdictOf(relabelled(5700, 300), 0.2);
    const sampled = verdictOf(relabelled(5700, 300), 0.2, 2000);
    expect(exact.findings[0]!.data).toMatchObject({ prompts: 300, replies: 6000 });
    const { prompts, replies } = sampled.findings[0]!.data;
    expect(replies).toBe(6000);
    expect(Math.abs(Number(prompts) - 300)).toBeLessThan(90); // three standard errors of a hundred, three times
    expect(sampled.findings[0]!.message).toMatch(/^About /);
    expect(new Set(sampled.replicates).size).toBeGreaterThan(10);
  });

  it('cannot judge where one prompt has more replies than can be held', () => {
    const pairs: Pairs = Array.from({ length: 300 }, (_, i) => ['Write a poem.', `Poem ${i}`]);
    expect(verdictOf(pairs, 1, 100)).toMatchObject({ score: null, notJudged: 'more replies to one prompt than can be held' });
  });
});
