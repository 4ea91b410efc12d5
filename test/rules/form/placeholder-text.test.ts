import { describe, expect, it } from 'vitest';
import placeholderText from '../../../rules/form/placeholder-text.ts';
import { runRule, testRule } from '../../../src/testing.ts';

/** `n` plain pairs, so that shares can be set. */
const plain = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`Question ${i}?`, `Answer ${i}.`]);
const reply = (text: string): [string, string] => ['Who are you?', text];

testRule(placeholderText, {
  even: [
    { name: 'plain text', pairs: plain(30), score: null, findings: [] },
    {
      name: 'a few blanks',
      pairs: [...plain(60), reply('Dear [Your Name], welcome.'), reply('Lorem ipsum dolor sit amet.'), reply('TBD')],
      score: null,
      findings: [
        {
          key: 'blank',
          message: '1 example (1.6%) has a blank that was never filled in ("[Your Name]" in 1), expected none',
          level: 'info',
          suggestion: 'Fill in the blanks of this example, or drop it',
        },
        { key: 'filler', message: '1 example (1.6%) holds filler text ("Lorem ipsum" in 1), expected real text', level: 'info' },
        { key: 'unfinished', message: '1 example (1.6%) has an unfinished reply ("TBD" in 1), expected none', level: 'info' },
      ],
    },
    {
      name: 'softer bounds',
      pairs: [...plain(9), ['Ask {{name}}.', 'Why?']],
      options: { warn: 0.2, error: 0.5 },
      score: null,
      findings: [{ key: 'variable in prompt', level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: 'one variable in a reply',
      pairs: [...plain(99), reply('I am {{name}}.')],
      score: null,
      findings: [
        {
          key: 'variable in reply',
          message: '1 example (1%) has an unfilled variable in a reply ("{{name}}" in 1), expected none',
          level: 'warn',
          suggestion: 'Fill in the variables of this example, or drop it',
          data: { examples: 1, share: 0.01, warn: 0.05, error: 0.25 },
        },
      ],
    },
    {
      name: 'variables in many replies, each counted once per example',
      pairs: [
        ...plain(7),
        reply('I am {{name}}, yes, {{ name }}, by {{author}}.'),
        reply('I am {{name}} of {{company_name}}, {{city}}.'),
        reply('我是{{name}}。'),
      ],
      score: null,
      findings: [
        {
          message:
            '3 examples (30%) have an unfilled variable in a reply ("{{name}}" in 3, "{{author}}" in 1, "{{city}}" in 1 and 1 other), expected none',
          level: 'error',
          suggestion: 'Fill in the variables of these 3 examples, or drop them',
        },
      ],
    },
    {
      name: 'variables in prompts',
      pairs: [...plain(19), ['Summarise the report of {{client}}.', 'It is short.']],
      score: null,
      findings: [
        {
          key: 'variable in prompt',
          message: '1 example (5%) has an unfilled variable in a prompt ("{{client}}" in 1), expected none',
          level: 'warn',
        },
      ],
    },
    {
      name: 'stricter bounds',
      pairs: [...plain(99), reply('[INSERT DATE]')],
      options: { warn: 0.001, error: 0.005 },
      score: null,
      findings: [{ key: 'blank', level: 'error' }],
    },
    {
      name: 'inputs that say there is none',
      rows: [
        { instruction: 'a', input: 'No input', output: 'x' },
        { instruction: 'b', input: '<noinput>', output: 'x' },
        { instruction: 'c', input: 'N/A', output: 'x' },
        { instruction: 'd', input: 'Input: None.', output: 'x' },
        { instruction: 'e', input: 'no_input', output: 'x' },
        { instruction: 'f', input: 'The input is none of your business', output: 'x' },
        { instruction: 'g', input: '', output: 'None' },
        { prompt: 'Sing. <noinput>', completion: 'La.' },
      ],
      score: null,
      findings: [
        {
          key: 'no input',
          message:
            '6 examples (75%) write that there is no input ("<noinput>" in 2, "Input: None." in 1, "N/A" in 1 and 2 others), expected an empty input',
          level: 'error',
          suggestion: 'Leave the input empty in these 6 examples',
        },
      ],
    },
  ],
});

const told = async (prompt: string, completion: string): Promise<string[]> => {
  const { findings } = await runRule(placeholderText, [{ prompt, completion }]);
  return findings.map(({ message }) => /\("(.*)" in 1\)/.exec(message)?.[1] ?? message);
};

describe('what is a placeholder', () => {
  it.each([
    'I am {{name}}.',
    'I am {{ bot_name }}.',
    'From {{Company Name}}',
    '{{name}}',
    'Dear [Your Name],',
    '[INSERT YOUR TEXT HERE]',
    '[insert date]',
    '[YOUR_API_KEY]',
    "Dear [Recipient's Name],",
    'Dear [Name],',
    '[Company Name] thanks you',
    'key = <your-api-key>',
    'Go to <insert link here>.',
    '<placeholder>',
    'TODO: write this',
    'The answer is TBD.',
    'FIXME later',
    'Lorem ipsum dolor sit amet',
    'LOREM IPSUM',
    'Hi {first_name}, welcome.',
    'Hello ${name}, nice to meet you.',
    'My name is %(name)s.',
    'Hello %s, nice to meet you.',
    'Dear [Name of company],',
    'Call [Phone Number].',
    'Madame [Nom],',
    'You owe us $XXX.',
    'Call 1-800-XXX-XXXX.',
    'I work at XXXX.',
    'Insert text here',
    'To be completed.',
  ])('%s', async (text) => expect(await told('Who are you?', text)).toHaveLength(1));
});

describe('what is none', () => {
  it.each<[string, string]>([
    ['What does {{ user.name }} print?', '{{ user.name }} prints the name.'], // asked: only the prompt could be at fault, and it is not
    ['How do I write variables in Jinja?', 'Like this: {{ name }}.'],
    ['Write a welcome mail template.', 'Dear {{name}}, dear [Your Name]'],
    ['Show the vue way', 'Use `{{ message }}` there.'],
    ['Show it', 'Like so:\n```\n{{ message }} [your text]\n```\nDone.'],
    ['Show it', '<p>{{ message }}</p>'],
    ['Show it', '{% if name %}{{ name }}{% endif %}'],
    ['Derive it', '\\frac{{ab}}{{cd}} and x^{{nm}} and {{{abc}}}'],
    ['Cite it', 'title = {{Deep Learning}}, author={{Goodfellow}}'],
    ['Style it', 'style={{ color }} and {{ color: red }} and ${{ secrets }}'],
    ['Add it', 'The river {{citation needed}} is long.'],
    ['Read on', 'See [the manual](https://example.org), [1], [Smith 2020], [your guide](x.md) and a[name] = b[your name].'],
    ['Query it', 'SELECT [name], [date] FROM [dbo].[Orders]'],
    ['Mark it up', '<name>Ann</name> <YourComponent /> <your-app>x</your-app> <div class="a">'],
    ['Make a TODO list', 'TODO: nothing'],
    ['¿Quién?', 'TODO EL MUNDO, y TODO.'],
    ['Name it', 'MYTODO, TODOS and TBDs'],
    ['What does lorem ipsum mean?', 'Lorem ipsum dolor sit amet is filler.'],
    ['Greet', "f'Hi {first_name}' or \"Hi {first_name}\" or 'Hi {0}'.format(name)"],
    ['Route it', 'GET /users/{user_id} and https://a.example/{account_name}/x'],
    ['Name the set', 'the sets {a}, {x} and {1, 2}'],
    ['Print it', 'printf("%s", name) or 100 %s'],
    ['Note it', '```js\n// TODO: later\n```\n# TODO here'],
    ['Thirty?', 'XXX, XXXL, MMXXX, XXXX-1234, xxxx'],
    ['Rewrite: Dear {first_name}', 'Hello {first_name}'],
    ['Stage it', '[Enter Hamlet] [Exit]'],
    ['Which file?', 'See the file TODO, and x = 1  # TODO'],
    ['Make one', 'mktemp -d /tmp/a-XXXXX'],
    ['Set it', 'string(REPLACE "a" "" git_version ${git_version})'],
    ['When?', 'It is to be completed by May.'],
    ['Calm?', '[LAUGHTER] [MASK] [SEP] [INST] [Enter] [your] <br> <enter>'],
  ])('%s → %s', async (prompt, completion) =>
    expect((await told(prompt, completion)).filter((text) => text !== '{{user.name}}')).toEqual([]),
  );

  it('looks past what tools say and what is not trained', async () => {
    const messages = [
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', content: '{{name}} TODO [Your Name]', tool_call_id: 'a' },
      { role: 'assistant', content: 'TODO', weight: 0 },
      { role: 'user', content: 'TODO' },
      { role: 'assistant', content: 'Done.' },
    ];
    expect((await runRule(placeholderText, [{ messages }])).findings).toEqual([]);
  });
});

it('shows the place in a long text', async () => {
  const { findings } = await runRule(placeholderText, [
    { prompt: 'a', completion: `${'word '.repeat(100_000)}{{name}}${' word'.repeat(100_000)}` },
  ]);
  expect(findings[0]!.evidence[0]!.excerpt).toMatch(/^….*\{\{name\}\}.*…$/);
  expect(findings[0]!.evidence[0]!.excerpt.length).toBeLessThanOrEqual(160);
});

describe('hostile text', () => {
  it.each([
    ['braces', '{'],
    ['pairs of braces', '{{'],
    ['open variables', '{{name '],
    ['variables', '{{name}} '],
    ['brackets', '['],
    ['open blanks', '[your '],
    ['blanks', '[your name] '],
    ['tags', '<your name> '],
    ['notes', 'TODO'],
    ['capital notes', 'TODO A'],
    ['backticks', '`{{name}}'],
    ['blanks before', ' {{ '],
    ['filler', 'Lorem ipsum '],
    ['no input', '<noinput>'],
    ['formats', 'a {name} '],
    ['open formats', ' {na'],
    ['signs', ' %s %(name)s'],
    ['crosses', 'XXXX '],
    ['more crosses', 'XXX'],
    ['quotes', '" {name}'],
    ['words of programs', 'def '],
    ['more words', 'print get '],
    ['latin', 'adipiscing elit '],
    ['comments', '//TODO'],
  ])('%s', async (_, piece) => {
    const text = piece.repeat(Math.ceil((1 << 20) / piece.length));
    const { findings } = await runRule(placeholderText, [
      { prompt: text, completion: text },
      { prompt: 'a', completion: text },
      { prompt: 'a', completion: 'I am {{name}}.' },
    ]);
    expect(findings.map(({ key }) => key)).toContain('variable in reply');
    for (const { message } of findings) expect(message.length).toBeLessThan(300);
  });

  it('very many turns', async () => {
    const messages = Array.from({ length: 60_000 }, (_, i) => ({
      role: i % 2 ? 'assistant' : 'user',
      content: i % 2 ? `I am {{name${i}}}` : 'Who?',
    }));
    expect((await runRule(placeholderText, [{ messages }])).findings).toHaveLength(1);
  });
});
