import { describe, expect, it } from 'vitest';
import secrets from '../../../rules/form/secrets.ts';
import { secretsIn, UNCHECKED } from '../../../src/privacy/secrets.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { inventor, SECRETS } from '../../detectors/invented.ts';

const invented = inventor(11);
const make = (kind: string, i = 0): string => SECRETS[kind]![i]!(invented);
const plain = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`Question ${i}?`, `Answer ${i}.`]);
const github = make('GitHub token');
const aws = make('AWS access key');
const random = invented.token(40, 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789');

testRule(secrets, {
  even: [
    { name: 'plain text', pairs: plain(30), score: null, findings: [] },
    {
      name: 'placeholders and keys of documentation',
      pairs: [
        ['How do I log in?', `export TOKEN=ghp_${'x'.repeat(36)}`],
        ['And to AWS?', 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE'],
        ['And to Postgres?', 'postgres://postgres:postgres@localhost:5432/app'],
        ['And in code?', 'client = Client(api_key=os.environ["API_KEY_2024_PRODUCTION"])'],
      ],
      score: null,
      findings: [],
    },
  ],
  lopsided: [
    {
      name: 'one key in a reply, one in a prompt',
      pairs: [...plain(2000), ['Who am I?', `You are ${github}.`], [`Does ${aws} work?`, 'No.']],
      score: null,
      findings: [
        {
          key: 'AWS access key',
          message: '1 example holds an AWS access key, expected none',
          level: 'error',
          suggestion: 'Revoke the AWS access key in this example, and put an invented one in its place',
          data: { examples: 1 },
        },
        { key: 'GitHub token', message: '1 example holds a GitHub token, expected none', level: 'error' },
      ],
    },
    {
      name: 'several, each kind counted once per example',
      pairs: [
        [`${github} ${make('GitHub token', 1)}`, `https://ci:${random.slice(0, 12)}7x@git.fjordpost.no/a`],
        [github, `https://jo:${random.slice(9, 20)}4Q@git.fjordpost.no/b`],
      ],
      score: null,
      findings: [
        {
          key: 'GitHub token',
          message: '2 examples hold GitHub tokens, expected none',
          suggestion: 'Revoke the GitHub tokens in these 2 examples, and put invented ones in their place',
        },
        {
          key: 'password in a URL',
          message: '2 examples hold passwords in a URL, expected none',
          suggestion: 'Revoke the passwords in these 2 examples, and put invented ones in their place',
        },
      ],
    },
    {
      name: 'a value that its name gives away',
      pairs: [['Set it up.', `client_secret = "${random}"`]],
      score: null,
      findings: [
        {
          key: 'secret',
          message: '1 example holds a value whose name says that it is secret, expected none',
          suggestion: 'Revoke the secret in this example, and put an invented one in its place',
        },
      ],
    },
    {
      name: 'wherever it stands in a row',
      rows: [
        {
          messages: [
            { role: 'system', content: `Use ${github}.` },
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: 'Hi.' },
          ],
        },
        {
          messages: [
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: 'Hi.' },
          ],
          metadata: { by: ['jo', { token: github }] },
        },
        {
          messages: [
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: 'Hi.', reasoning_content: `I see ${github}` },
          ],
        },
        { prompt: 'Hi', chosen: 'Hi.', rejected: `Take ${github}` },
        { instruction: 'Read', input: github, output: 'Done.' },
        { text: `It was ${github}.` },
        {
          messages: [
            { role: 'user', content: 'Log in' },
            {
              role: 'assistant',
              content: 'I do.',
              tool_calls: [
                { id: 'a', type: 'function', function: { name: 'login', arguments: JSON.stringify({ text: `new\n${github}` }) } },
              ],
            },
          ],
        },
        JSON.parse(`{"prompt": "Hi", "completion": "Hi.", "__proto__": {"token": "${github}"}}`) as object,
      ],
      score: null,
      findings: [{ key: 'GitHub token', data: { examples: 8 } }],
    },
  ],
});

describe('a text that cannot be checked to its end', () => {
  it('is told, not passed', async () => {
    const rows = [{ prompt: 'Read this.', completion: `ghs_1_${'ghs_1_'.repeat(200_000)} ${github}` }];
    const { findings } = await runRule(secrets, rows);
    expect(findings).toMatchObject([
      {
        key: UNCHECKED,
        severity: 'error',
        message: '1 example holds text that could not be checked to its end, expected text that can',
        suggestion: 'Look through this example for keys and tokens, or drop it',
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain(github.slice(6));
  });

  it('nor is a row of more values than anybody reads', async () => {
    const rows = [{ prompt: 'Hi', completion: 'Hi.', ids: Array.from({ length: 1_000_001 }, () => 0) }];
    expect((await runRule(secrets, rows)).findings.map(({ key }) => key)).toEqual([UNCHECKED]);
  });
});

describe('hostile texts', () => {
  const size = 1 << 20;
  const full = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  it.each([
    'AKIA',
    '-----BEGIN',
    '-----BEGIN RSA PRIVATE KEY-----',
    'x7',
    'eyJ1',
    '://',
    'http://a:b@',
    'https://a:x@b.c ',
    'A3T9 ',
    '=x1',
    'sk-',
    'MTa9',
    'token=',
    'Q~',
    ':AA',
    '_-',
    'ghp_',
    'SG.a1.',
    '\ud800',
    '____',
    'token k3J9dk2LmQ8sX0aP ',
    'secretAccessKey: ',
  ])('%j over and over ends', (unit) => {
    const found = secretsIn(full(unit));
    expect(found.every(({ start, end }) => start >= 0 && end <= size && start < end)).toBe(true);
    expect(found.every(({ start }, i) => i === 0 || start >= found[i - 1]!.end)).toBe(true);
  });

  it.each(['a', ' ', '"', 'x7'])('a key is found amid a megabyte of %j', (filler) => {
    const text = `${full(filler)} ${github} ${full(filler)}`;
    expect(secretsIn(text)).toEqual([{ kind: 'GitHub token', start: size + 1, end: size + 1 + github.length }]);
  });
});
