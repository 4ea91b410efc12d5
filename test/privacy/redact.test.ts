import { describe, expect, it } from 'vitest';
import core from '../../rules/index.ts';
import { resolveRules } from '../../src/config.ts';
import { formats, unknownShape } from '../../src/formats/index.ts';
import { redact, redactAt } from '../../src/privacy/redact.ts';
import { report } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import { parseBatch } from '../../src/scan/parse.ts';
import { createScan, observer } from '../../src/scan/scan.ts';
import { excerptAround } from '../../src/stats/excerpt.ts';
import { quote } from '../../src/wording.ts';
import { inventor, PERSONS, PIECES, SECRETS } from '../detectors/invented.ts';

const invented = inventor(404);

/** What every reporter makes of these lines, with all rules at their defaults. */
async function outputs(lines: readonly string[]): Promise<string[]> {
  const { active: rules } = await resolveRules({}, core);
  const scan = createScan(rules, { panel: 1000 });
  const seen = observer(scan, rules);
  const bytes = new TextEncoder().encode(lines.join('\n'));
  parseBatch({ file: 'data.jsonl', firstLine: 1, bytes }, { formats, split: 'train', unknown: unknownShape }, seen);
  const made = report(scan, rules, { panelSize: 1000 });
  const states = JSON.stringify([scan.states['secrets'], scan.states['personal-data']], (_, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
  return [...Object.values(reporters).map((reporter) => reporter(made, { color: false, width: 100 })), states];
}

/** The value in every position that a report may quote from: twice, so that duplicates and conflicts are told too. */
function linesWith(value: string, before: string): string[] {
  const said = `${before}${value}`;
  const row = (o: object) => JSON.stringify(o);
  return [
    row({ prompt: `What is this? ${said}`, completion: 'A value.' }),
    row({ prompt: `What is this? ${said}`, completion: 'A value.' }),
    row({ prompt: `What is this? ${said}`, completion: 'Something else.' }),
    row({ prompt: 'Say it.', completion: said }),
    row({ prompt: 'Say it', completion: said }),
    row({ prompt: said, completion: '' }),
    row({ prompt: said, completion: 'Hello {{name}}, TODO' }),
    row({ prompt: 'Hi', completion: `{{name}} ${said} [Your Name]` }),
    row({
      messages: [
        { role: 'user', content: 'Go' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: JSON.stringify({ x: said }) } }],
        },
      ],
    }),
    row({ messages: [{ role: said, content: 'x' }] }),
    row({ [said]: 1, other: said }),
    row({ foo: said }),
    `{"prompt": "broken ${row({ said }).slice(9, -2)}`,
    `{"prompt": "x", ${said}}`,
    said,
    `{"prompt": "${'word '.repeat(30)}${row({ said }).slice(9, -2)}" oops`,
    `${'a '.repeat(70)}${row({ said })}`,
  ];
}

/** Pieces of eight characters that nobody may see. */
function pieces(value: string, from = 0): string[] {
  return value
    .split(/\n|\\n/)
    .filter((line) => !/-----|: /.test(line))
    .flatMap((line) => Array.from({ length: Math.max(0, line.length - 7 - from) }, (_, i) => line.slice(from + i, from + i + 8)));
}

/** How much of a value says only what kind it is. */
const KIND_PART =
  /^(?:https:\/\/[\w./]*?(?=\d{17}|[A-Za-z0-9]{24}$)|AccountKey=|pypi-AgEIcHlwaS5vcmc|AGE-SECRET-KEY-1|sk-ant-\w+-|[A-Za-z0-9]{2,9}[-_.](?:[a-z0-9]{2,8}[-_.](?!\d))?)?/;

describe('no report holds a secret', () => {
  it.each(Object.entries(SECRETS).flatMap(([kind, makes]) => makes.map((make, i) => [kind, i, make] as const)))(
    '%s %i',
    async (_, __, make) => {
      const value = make(invented);
      const all = await outputs(linesWith(value, 'It is '));
      const secret = pieces(value, Math.min(KIND_PART.exec(value)?.[0].length ?? 0, value.length - 16));
      expect(secret.length).toBeGreaterThan(8);
      for (const text of all) expect(secret.filter((piece) => text.includes(piece))).toEqual([]);
      expect(all[0]).toContain('[redacted');
    },
  );

  it('nor a password or a named value', async () => {
    for (const [before, name] of [
      ['api_key = ', 'random'],
      ['aws_secret_access_key=', 'aws-secret'],
      ['Authorization: Bearer ', 'random'],
    ] as const) {
      const value = PIECES[name]!(invented);
      for (const text of await outputs(linesWith(value, before))) expect(pieces(value).filter((piece) => text.includes(piece))).toEqual([]);
    }
    const password = PIECES['password']!(invented);
    for (const text of await outputs(linesWith(`https://ci:${password}@git.fjordpost.no/a`, 'see ')))
      expect(text).not.toContain(password.slice(2, 10));
  });
});

/** Pieces of six characters. */
const sixes = (value: string): string[] => Array.from({ length: value.length - 5 }, (_, i) => value.slice(i, i + 6));

describe('nor a value whose name says that it is secret, whatever symbols it holds', () => {
  it.each([
    ["SECRET_KEY = '", 'django', "'"],
    ['DB_PASSWORD=', 'symbols', ''],
    ['{"password": "', 'symbols', '"}'],
    ['Server=db;Password=', 'symbols', ';Encrypt=true'],
    ['POSTGRES_PASSWORD=', 'short', ''],
    ['api_key: ', 'symbols', ''],
    ['curl -u jo:', 'symbols', ' https://shop.fjordpost.no'],
    ['<password>', 'symbols', '</password>'],
    ['mysql --password ', 'symbols', ' -h db'],
    ['My **Password:** ', 'symbols', ', please keep it'],
    ['Authorization: Bearer ', 'symbols', ''],
    ['postgres://jo:', 'symbols', '@db.fjordpost.no/shop'],
  ])('%s<%s>%s', async (before, name, after) => {
    const value = PIECES[name]!(invented);
    const django = name === 'django' ? 'django-insecure-'.length : 0;
    for (const text of await outputs(linesWith(value + after, before)))
      expect(sixes(value.slice(django)).filter((piece) => text.includes(piece))).toEqual([]);
  });

  it.each([
    ['password="', '"'],
    ['secret = `', '`'],
    ["token: '", "',"],
    ['{\\"api_key\\": \\"', '\\"}'],
    ['ACCESS_KEY=', '\n'],
    ['private_key=', ' '],
    ['x(passwd=', ')'],
    ['"pwd" : "', '"'],
    ['[secret: ', ']'],
  ])('any mix of characters after %s', (before, after) => {
    const { some, below } = inventor(9);
    const quoted = /["'`]$/.test(before);
    for (let round = 0; round < 300; round++) {
      const value = `${some(2, 'kmrtzKMRTZ')}${some(1, '2589')}${some(6 + below(30), `kmrtzKMRTZ2589!#%^&*+~?|@/=${quoted ? ' ,;)]}' : ''}`)}${some(1, '2589')}`;
      const hidden = redact(`see ${before}${value}${after}`);
      expect(
        sixes(value).filter((piece) => hidden.includes(piece)),
        `${before}${value}${after} → ${hidden}`,
      ).toEqual([]);
      expect(redact(hidden)).toBe(hidden);
    }
  });

  it.each([
    ['"password": "Winter2024!", "a": 1', '"password": "[redacted: secret]", "a": 1'],
    ['"password": "letmein"', '"password": "[redacted]"'],
    ['"password": "correct horse battery staple"', '"password": "[redacted]"'],
    ['Password=hunter2;Database=x', 'Password=[redacted];Database=x'],
    ['token = "ab\\"cd99ef"', 'token = "[redacted]"'],
    ['the password for the shop is Winter24.', 'the password for the shop is [redacted]'],
    ['AKIAIOSFODNN7QWERTYU', '[redacted: AWS access key]'],
    ["curl -u 'jo:ab cd9!' x", "curl -u 'jo:[redacted]' x"],
    ['postgres://jo:a@b#c/d9@db.fjordpost.no/x', 'postgres://jo:[redacted]/x'],
  ])('%s', (text, hidden) => expect(redact(text)).toBe(hidden));

  it.each([
    'token: the smallest unit',
    '**Token:** a piece of a word',
    'AKIAIOSFODNN7EXAMPLE',
    'password = os.getenv("DB_PASSWORD")',
    'password=process.env.DB_PASSWORD_2',
    'password = os.environ["DB_2"]',
    'DB_PASSWORD=${PW_2}',
    'api_key = "<your-api-key>"',
    'secret: "your-secret-here"',
    'password=changeme',
    'password: string;',
    '"token": null',
    'max_tokens: 4096, tokens: 12345',
    'Enter the password: ********',
    'secret = "She told the secret to no one"',
    'token = tokens[i]',
    'The password is wrong.',
    'see https://fjordpost.no:8080/a@b',
    'docker run -u 1000:1000 shop',
  ])('leaves %s', (text) => expect(redact(text)).toBe(text));

  it.each(['token=', 'password: "', '"secret":"', ' is password', '://a:b@', 'curl -u a:', '<token>', '--token x ', 'x'])(
    '%s over and over ends',
    (unit) => {
      const text = unit.repeat(20_000);
      expect(redact(text).length).toBeGreaterThan(0);
    },
  );
});

describe('nor personal data', () => {
  const words: { readonly [start: string]: string } = { phone: 'phone: ', card: 'my card ', iban: 'IBAN ', amex: 'amex card ' };
  const names = Object.keys(PERSONS).filter((name) => !['area', 'us-rest'].includes(name));
  it.each(names)('%s', async (name) => {
    const before = words[name.split('-')[0]!] ?? 'ssn cpf dni pesel bsn steuer-id sin personnummer nir hetu: ';
    const value = PERSONS[name]!(invented);
    const all = await outputs(linesWith(value, before));
    for (const text of all) expect(pieces(value).filter((piece) => /\d|@/.test(piece) && text.includes(piece))).toEqual([]);
    expect(all[0]).toContain('[redacted');
  });
});

describe('redact', () => {
  it('leaves placeholders and plain text as they are', () => {
    for (const text of [
      '',
      'Hello.',
      'sk-xxxxxxxxxxxxxxxxxxxxxxxx',
      'john.doe@example.com',
      '7d444840-9dc0-11d1-b245-5ffdce74fad2',
      'a … b',
      'see the first 1,204 of 3,000…',
    ])
      expect(redact(text)).toBe(text);
  });

  it('says what it hid', () => {
    const github = SECRETS['GitHub token']![0]!(invented);
    expect(redact(`a ${github} b ${github}`)).toBe('a [redacted: GitHub token] b [redacted: GitHub token]');
    expect(redact(redact(`a ${github} b`))).toBe(redact(`a ${github} b`));
    expect(redactAt(`a ${github} b`, 3 + github.length)).toEqual({ text: 'a [redacted: GitHub token] b', index: 27 });
    expect(redactAt(`a ${github} b`, 9).index).toBe(2);
  });

  it('hides what was cut', () => {
    const github = SECRETS['GitHub token']![0]!(invented);
    const pem = SECRETS['private key']![0]!(invented);
    for (let length = 6; length < github.length; length++) {
      expect(redact(`it is ${github.slice(0, length)}…`)).toBe('it is [redacted]…');
    }
    expect(redact('from jane.vo…')).toBe('from jane.vo…');
    expect(redact('from jane.vos@fjord…')).toBe('from [redacted]…');
    expect(redact('…23948576 is it')).toBe('…[redacted] is it');
    for (let at = 40; at < pem.length - 200; at += 7) {
      const middle = redact(`…${pem.slice(at, at + 150)}…`);
      expect(pieces(pem.slice(at, at + 150)).filter((piece) => middle.includes(piece)).length, middle).toBeLessThan(70);
    }
  });

  it('works on excerpts and quotes before they are cut', () => {
    const github = SECRETS['GitHub token']![0]!(invented);
    for (let shift = 0; shift < 220; shift += 3) {
      const text = `${'x '.repeat(100)}${' '.repeat(shift)}${github} ${'y '.repeat(100)}`;
      for (const index of [0, 100, 200, 260, 420]) {
        const excerpt = excerptAround(text, index);
        expect(excerpt.length).toBeLessThanOrEqual(160);
        expect(pieces(github, 4).filter((piece) => excerpt.includes(piece))).toEqual([]);
      }
    }
    for (let shift = 0; shift < 45; shift++) {
      expect(pieces(github, 4).filter((piece) => quote(`${' '.repeat(shift)}${github}`).includes(piece))).toEqual([]);
    }
  });
});
