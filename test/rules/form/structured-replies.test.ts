import { describe, expect, it } from 'vitest';
import structuredReplies from '../../../rules/form/structured-replies.ts';
import { runRule, testRule } from '../../../src/testing.ts';

type Pairs = [string, string][];
const replies = (n: number, reply: (i: number) => string): Pairs => Array.from({ length: n }, (_, i) => [`Question ${i}`, reply(i)]);
const json = (n: number): Pairs => replies(n, (i) => JSON.stringify({ name: `Name ${i}`, age: i, tags: [] }));
const prose = (n: number): Pairs => replies(n, (i) => `Answer ${i} is a sentence.`);

testRule(structuredReplies, {
  even: [
    { name: 'JSON of one schema', pairs: json(40), score: null, findings: [] },
    { name: 'prose', pairs: prose(40), score: null, findings: [] },
    { name: 'half JSON, half prose', pairs: [...json(30), ...prose(30)], score: null, findings: [] },
    { name: 'Python dicts throughout', pairs: replies(30, (i) => `{'id': ${i}}`), score: null, findings: [] },
    { name: 'schemas that differ', pairs: replies(40, (i) => JSON.stringify({ [`key${i % 5}`]: i })), score: null, findings: [] },
    {
      name: 'JSON in fences here and there',
      pairs: [...json(38), ...replies(2, (i) => `\`\`\`json\n{"name": "x", "age": ${i}, "tags": []}\n\`\`\``)],
      score: null,
      findings: [
        {
          key: 'fences',
          message: 'JSON stands in a code fence in 2 of 40 replies (5%) and bare in the others, expected one of the two',
          level: 'info',
          suggestion: 'Take the fences off 2 replies',
          data: { fenced: 2, bare: 38 },
        },
      ],
    },
    {
      name: 'other keys and types',
      pairs: [
        ...json(57),
        ['A', '{"name": "Ann", "Age": 3, "tags": []}'],
        ['B', '{"name": "Ann", "tags": []}'],
        ['C', '{"name": "Ann", "age": "31", "tags": null}'],
      ],
      score: null,
      findings: [
        {
          key: 'other keys',
          message:
            '2 of 60 JSON replies have other keys than the rest ("age" missing in 2 and "Age" besides in 1), expected "age", "name" and "tags"',
          level: 'info',
          suggestion: 'Give these 2 replies the keys of the rest, or leave them if the key is optional',
        },
        {
          key: 'other types',
          message: 'In JSON replies "age" is text in 1 of 58, where it is a number, expected one type for each key',
          level: 'info',
          suggestion: 'Write the values of 1 key in one type',
        },
      ],
    },
  ],
  lopsided: [
    {
      name: 'one that does not parse',
      pairs: [...json(39), ['A', '{"name": "Ann",\n "age": 31,\n}']],
      score: null,
      findings: [
        {
          key: 'JSON',
          message:
            '1 example (2.5%) has a reply that is no valid JSON (a comma before the closing }, at line 3, column 1 of the reply), where 98% of replies that look like JSON are, expected JSON',
          level: 'warn',
          suggestion: 'Mend this example, or drop it',
          data: { examples: 1, share: 0.025, parse: 0.975, warn: 0.01, error: 0.1 },
        },
      ],
    },
    {
      name: 'many causes',
      pairs: [
        ...json(32),
        ['A', "{'name': 'Ann'}"],
        ['B', "{'name': 'Bo'}"],
        ['C', '{"name": NaN}'],
        ['D', '{name: "Ann"}'],
        ['E', '{"name": "Ann"} is what I found.'],
        ['F', '{"name": "Ann", age: 3}'],
      ],
      score: null,
      findings: [
        {
          key: 'JSON',
          message:
            '6 examples (16%) have a reply that is no valid JSON (a field name without double quotes in 2, a single quote where a double quote belongs (Python?) in 2, NaN in 1 and 1 other cause), where 84% of replies that look like JSON are, expected JSON',
          level: 'error',
          suggestion: 'Mend these 6 examples, or drop them',
        },
      ],
    },
    {
      name: 'prose among JSON',
      pairs: [...json(38), ['A', 'I am sorry, there is nobody in the text.'], ['B', 'N/A']],
      score: null,
      findings: [
        {
          key: 'prose among JSON',
          message: '2 examples (5%) have a reply that is no JSON, where 95% of the replies are, expected JSON',
          level: 'warn',
          suggestion: 'Write the replies of these 2 examples as JSON, or move them to a data set of their own',
        },
      ],
    },
    {
      name: 'all syntaxes',
      pairs: [
        ...prose(20),
        ...replies(5, (i) => `SELECT a FROM t WHERE id = ${i};`),
        ['A', "SELECT a FROM t WHERE name = 'O'Neil';"],
        ...replies(5, (i) => `<row><id>${i}</id></row>`),
        ['B', '<row><id>1</idd></row><x/></row>'],
        ...replies(5, (i) => `See:\n\`\`\`yaml\nid: ${i}\n\`\`\``),
        ['C', 'See:\n```yaml\nid: 1\n  x: 2\n```'],
        ...replies(5, (i) => `<tool_call>{"name": "f", "arguments": {"id": ${i}}}</tool_call>`),
        ['D', "<tool_call>{'name': 'f'}</tool_call>"],
        ...replies(5, (i) => `See:\n\`\`\`json\n{"id": ${i}}\n\`\`\``),
        ['E', 'See:\n```json\n{"id": 1,}\n```'],
      ],
      score: null,
      findings: [
        { key: 'JSON block', level: 'warn' },
        { key: 'tool call', level: 'warn' },
        { key: 'XML', level: 'warn' },
        { key: 'YAML block', level: 'warn' },
        { key: 'SQL', level: 'warn' },
      ],
    },
    {
      name: 'other bounds',
      pairs: [...json(39), ['A', '{"name": "Ann", "age": 031}']],
      options: { warn: 0.001, error: 0.01 },
      score: null,
      findings: [{ key: 'JSON', level: 'error' }],
    },
  ],
});

describe('what is left alone', () => {
  it.each<[string, string]>([
    ['what breaks off, which cut-replies tells', '{"name": "Ann", "age": '],
    ['a list of references', '[1] Smith 2020\n[2] Lee 2021'],
    ['an interval', '[0, 1) is half open'],
    ['a style', '{ color: red; margin: 0 }'],
    ['JSON Lines', '{"id": 1}\n{"id": 2}'],
    ['a manual', 'See:\n```json\n{"id": 1, ...}\n```'],
    ['comments in a manual', 'See:\n```json\n{"id": 1} // the id\n```'],
    ['a template of YAML', '```yaml\nname: {{ .Values.name }}: x: y\n```'],
    ['a tagged answer', '<answer>x < y</answer>'],
    ['HTML', '<ul><li>one<li>two</ul>'],
    ['prose that begins like SQL', "Select a ripe melon (it's best in August"],
    ['a path in SQL', "SELECT 'C:\\' FROM t WHERE f = ')'"],
  ])('%s', async (_, reply) => {
    const among = [
      ...prose(30),
      ...json(5),
      ...replies(5, () => 'SELECT 1;'),
      ...replies(5, () => 'See:\n```json\n{}\n```'),
      ...replies(5, () => '```yaml\na: 1\n```'),
      ...replies(5, () => '<a><b>1</b></a>'),
    ];
    const rows = [...among, ['Q', reply]].map(([prompt, completion]) => ({ prompt, completion }));
    expect((await runRule(structuredReplies, rows)).findings).toEqual([]);
  });

  it('calls in a field of their own, what tools say, and turns that are not trained', async () => {
    const broken = "{'a': 1}";
    const messages = [
      { role: 'user', content: broken },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: broken } }] },
      { role: 'tool', content: broken, tool_call_id: 'a' },
      { role: 'assistant', content: broken, weight: 0 },
      { role: 'user', content: 'Again?' },
      { role: 'assistant', content: '{"a": 1}' },
    ];
    expect((await runRule(structuredReplies, [...json(5).map(([p, c]) => ({ prompt: p, completion: c })), { messages }])).findings).toEqual(
      [],
    );
  });
});

it('counts an example once for each kind', async () => {
  const rows = json(5).map(([prompt, completion]) => ({ prompt, completion }));
  const messages = ["{'a': 1}", '{"a": 1,}'].flatMap((content) => [
    { role: 'user', content: 'Go' },
    { role: 'assistant', content },
  ]);
  const { findings } = await runRule(structuredReplies, [...rows, { messages }]);
  expect(findings.map(({ key, data }) => [key, data['examples']])).toEqual([['JSON', 1]]);
});

it('takes keys of the data as data', async () => {
  const rows = ['__proto__', 'constructor', 'toString'].flatMap((key) =>
    Array.from({ length: 30 }, (_, i) => ({ prompt: `${key} ${i}`, completion: `{"${key}": ${i === 0 ? '"x"' : i}}` })),
  );
  const { findings } = await runRule(structuredReplies, rows.slice(0, 30));
  expect(findings.map(({ message }) => message)).toEqual([
    'In JSON replies "__proto__" is text in 1 of 30, where it is a number, expected one type for each key',
  ]);
  expect((await runRule(structuredReplies, rows)).findings).toEqual([]);
});

describe('hostile text', () => {
  const good = [
    ...json(5),
    ...replies(5, () => 'SELECT 1;'),
    ...replies(5, () => '```json\n{}\n```'),
    ...replies(5, () => '```yaml\na: 1\n```'),
    ...replies(5, () => '<a><b>1</b></a>'),
    ...replies(5, () => '<tool_call>{"a": 1}</tool_call>'),
  ];
  it.each([
    '{"a":',
    '[',
    '{',
    '[[',
    '{}',
    '[1],',
    '{"a":1}\n',
    '"',
    "'",
    '<a>',
    '<a b=',
    '<',
    '&a',
    '<!--',
    '<tool_call>',
    '<tool_call>{"a":',
    '```json\n{',
    '```json\n[[\n```\n',
    '```yaml\n- - - -\n```\n',
    '- ',
    '? ',
    'a: ',
    '&a *a ',
    ' a:\n',
    '(',
    "'\\",
    '\\',
    '/*',
    '$$',
    '---\n',
    '\ud83d',
  ])('%j', async (piece) => {
    const text = piece.repeat(Math.ceil((1 << 18) / piece.length));
    const short = piece.repeat(Math.ceil(60_000 / piece.length));
    const hostile = [
      text,
      `{"a": ${text}`,
      `SELECT ${short} FROM t;`,
      `\`\`\`yaml\n${short}\n\`\`\``,
      `\`\`\`yaml\na: [${short}\n\`\`\``,
      `<?xml version="1.0"?>${short}`,
      `<a><b>${short}</b></a>`,
      `---\na:\n${short}`,
      `\`\`\`json\n${text}\n\`\`\``,
    ];
    for (const completion of hostile) {
      const rows = [...good, ['a', completion]].map(([prompt, reply]) => ({ prompt, completion: reply }));
      const { findings } = await runRule(structuredReplies, rows);
      for (const { message, evidence } of findings) {
        expect(message).toMatch(/, expected /);
        for (const { excerpt } of evidence) expect(excerpt.length).toBeLessThanOrEqual(160);
      }
    }
  });
});
