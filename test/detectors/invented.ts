/**
 * Invented values in the form of real ones, made anew in each run from a seed: files of this project hold no key that looks like
 * somebody's, because the scanners of code hosts would report it.
 */
export type Inventor = ReturnType<typeof inventor>;

const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const LETTERS = `${SMALL}${SMALL.toUpperCase()}`;
const DIGITS = '0123456789';
const BASE62 = `${LETTERS}${DIGITS}`;
const URL64 = `${BASE62}-_`;
const BASE64 = `${BASE62}+/`;
const HEX = '0123456789abcdef';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** mulberry32. */
export function inventor(seed: number) {
  let state = seed;
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
  const one = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const some = (n: number, from: string): string => Array.from({ length: n }, () => from[below(from.length)]).join('');
  /** Letters of the base64 of a real thing: it begins with a letter and ends with one. */
  const token = (n: number, from = URL64): string => some(1, LETTERS) + some(n - 2, from) + some(1, BASE62);
  const lines = (n: number, length: number): string => Array.from({ length: n }, () => some(length, BASE64)).join('\n');
  const pem = (kind: string, start: string): string =>
    `-----BEGIN ${kind}-----\n${start}${some(64 - start.length, BASE64)}\n${lines(6, 64)}\n${some(40, BASE64)}\n-----END ${kind}-----`;
  const json64 = (value: object): string => btoa(JSON.stringify(value)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
  return { below, one, some, token, lines, pem, json64 };
}

type Make = (i: Inventor) => string;
const rest =
  (prefix: string, n: number, from = BASE62): Make =>
  ({ some }) =>
    prefix + some(n, from);

/** What the rule set knows, by its kind; and beside it what it lacks. */
export const SECRETS: { readonly [kind: string]: readonly Make[] } = {
  'AWS access key': [rest('AKIA', 16, BASE32), rest('ASIA', 16, BASE32)],
  'npm token': [rest('npm_', 36)],
  'Slack token': [
    ({ some }) => `xoxb-${some(12, DIGITS)}-${some(13, DIGITS)}-${some(24, BASE62)}`,
    ({ some }) => `xoxp-${some(11, DIGITS)}-${some(11, DIGITS)}-${some(12, DIGITS)}-${some(32, HEX)}`,
    ({ some }) => `xapp-1-A${some(10, BASE32)}-${some(13, DIGITS)}-${some(64, HEX)}`,
  ],
  'Slack webhook': [({ some }) => `https://hooks.slack.com/services/T${some(9, BASE32)}/B${some(10, BASE32)}/${some(24, BASE62)}`],
  'OpenAI key': [
    ({ some }) => `sk-proj-${some(74, URL64)}T3BlbkFJ${some(74, BASE62)}`,
    ({ some }) => `sk-${some(20, BASE62)}T3BlbkFJ${some(20, BASE62)}`,
    ({ some }) => `sk-${some(48, BASE62)}`,
  ],
  'Anthropic key': [({ some }) => `sk-ant-api03-${some(93, URL64)}AA`, ({ some }) => `sk-ant-admin01-${some(93, URL64)}AA`],
  'Groq key': [rest('gsk_', 52)],
  'Hugging Face token': [rest('hf_', 34, LETTERS)],
  'Linear key': [rest('lin_api_', 40)],
  'Notion token': [({ some }) => `ntn_${some(11, DIGITS)}${some(35, BASE62)}`],
  'private key': [
    ({ pem }) => pem('RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA'),
    ({ pem }) => pem('PRIVATE KEY', 'MIIEvQIBADANBgkq'),
    ({ pem }) => pem('OPENSSH PRIVATE KEY', 'b3BlbnNzaC1rZXktdjEAAAAA'),
    ({ pem }) => pem('EC PRIVATE KEY', 'MHcCAQEEI'),
    ({ pem }) => pem('ENCRYPTED PRIVATE KEY', 'MIIFLTBXBgkqhkiG'),
    ({ pem }) => pem('RSA PRIVATE KEY', 'MIIEowIBAAKCAQEA').replaceAll('\n', '\\n'),
    ({ pem, some }) =>
      pem('RSA PRIVATE KEY', '').replace(
        'KEY-----\n',
        `KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${some(32, '0123456789ABCDEF')}\n\n`,
      ),
    ({ pem }) => pem('PGP PRIVATE KEY BLOCK', '').replace('BLOCK-----\n', 'BLOCK-----\nVersion: GnuPG v2\n\nlQOYBF'),
  ],
  'SendGrid key': [({ token }) => `SG.${token(22)}.${token(43)}`],
  'Shopify token': [rest('shpat_', 32, HEX), rest('shpss_', 32, HEX), rest('shppa_', 32, HEX)],
  'Stripe key': [rest('sk_live_', 24), rest('rk_live_', 24), rest('sk_test_', 99), rest('whsec_', 32)],
  'GitHub token': [
    rest('ghp_', 36),
    rest('gho_', 36),
    rest('ghs_', 36),
    ({ some }) => `github_pat_${some(22, BASE62)}_${some(59, BASE62)}`,
  ],
  'GitLab token': [({ token }) => `glpat-${token(20)}`, ({ token }) => `gldt-${token(20)}`],
  'Grafana token': [
    ({ json64, some }) => `glc_${json64({ o: some(6, DIGITS), n: 'stack', k: some(24, BASE62) })}`,
    ({ some }) => `glsa_${some(32, BASE62)}_${some(8, HEX)}`,
  ],
  '1Password token': [
    ({ some }) =>
      `ops_${btoa(JSON.stringify({ email: `${some(13, SMALL)}@1passwordserviceaccounts.com`, muk: { alg: 'A256GCM', ext: true, k: some(43, BASE62), key_ops: ['encrypt', 'decrypt'], kty: 'oct', kid: 'mp' }, secretKey: `A3-${some(6, BASE32)}-${some(6, BASE32)}`, srpX: some(64, HEX), throttleSecret: { seed: some(64, HEX), uuid: some(26, BASE32) }, userAuth: {} }))}`,
  ],
  'Vault token': [({ token }) => `hvs.${token(92)}`, ({ token }) => `hvb.${token(160)}`],
  'Vercel token': [rest('vcp_', 56), rest('vck_', 56)],
  'Databricks token': [rest('dapi', 32, HEX), ({ some }) => `dapi${some(32, HEX)}-2`],
  'Docker token': [({ token }) => `dckr_pat_${token(27)}`],
  'Figma token': [({ token }) => `figd_${token(43)}`],
  'Cloudflare token': [({ some }) => `cfut_${some(40, BASE62)}${some(8, HEX)}`, ({ some }) => `cfat_${some(40, BASE62)}${some(8, HEX)}`],
  'Tailscale key': [({ some }) => `tskey-auth-${some(12, BASE62)}CNTRL-${some(32, BASE62)}`.replace('CNTRL-', '-')],
  'Google API key': [({ token }) => `AIza${token(35)}`],
  'Google client secret': [({ token }) => `GOCSPX-${token(28)}`],
  'Google token': [({ token }) => `ya29.${token(160)}`, ({ token }) => `1//0${token(60)}`],
  'Twilio key': [rest('SK', 32, HEX)],
  'Mailgun key': [rest('key-', 32, HEX)],
  'Brevo key': [({ some }) => `xkeysib-${some(64, HEX)}-${some(16, BASE62)}`],
  'Discord webhook': [({ some, token }) => `https://discord.com/api/webhooks/${some(19, '123456789')}/${token(68)}`],
  'Discord token': [({ some, token }) => `MT${some(22, BASE62)}.${token(6)}.${token(38)}`],
  'Telegram token': [({ some, token }) => `${some(10, '123456789')}:AA${token(33)}`],
  'Azure key': [({ some }) => `AccountKey=${some(86, BASE64)}==`, ({ some, token }) => `${some(3, BASE62)}8Q~${token(34)}`],
  'JSON web token': [
    ({ json64, some, token }) =>
      `${json64({ alg: 'HS256', typ: 'JWT' })}.${json64({ sub: some(12, HEX), iss: 'shop-intern', exp: 1790000000 })}.${token(43)}`,
  ],
  'PyPI token': [({ token }) => `pypi-AgEIcHlwaS5vcmc${token(140)}`],
  'RubyGems key': [rest('rubygems_', 48, HEX)],
  'DigitalOcean token': [rest('dop_v1_', 64, HEX)],
  'OpenRouter key': [rest('sk-or-v1-', 64, HEX)],
  'xAI key': [rest('xai-', 80)],
  'Perplexity key': [rest('pplx-', 48)],
  'Replicate token': [rest('r8_', 37)],
  'NVIDIA key': [({ token }) => `nvapi-${token(64)}`],
  'Atlassian token': [({ token, some }) => `ATATT3xFfGF0${token(170)}=${some(8, '0123456789ABCDEF')}`],
  'New Relic key': [rest('NRAK-', 27, BASE32)],
  'Postman key': [({ some }) => `PMAK-${some(24, HEX)}-${some(34, HEX)}`],
  'Sentry token': [
    ({ json64, some }) => `sntrys_${json64({ iat: 1790000000, url: 'https://sentry.io', org: 'shop' })}_${some(43, BASE62)}`,
  ],
  'Supabase key': [rest('sbp_', 40, HEX)],
  'Netlify token': [rest('nfp_', 36)],
  'Terraform token': [({ some, token }) => `${some(14, BASE62)}.atlasv1.${token(67)}`],
  'LangSmith key': [({ some }) => `lsv2_pt_${some(32, HEX)}_${some(10, HEX)}`],
  'Airtable token': [({ some }) => `pat${some(14, BASE62)}.${some(64, HEX)}`],
  'Square token': [({ token }) => `sq0csp-${token(43)}`],
  'age key': [rest('AGE-SECRET-KEY-1', 58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')],
};

/** What stands in surroundings of its own: `{{password}}`, `{{aws-secret}}`, `{{random}}`, `{{hex}}`. */
export const PIECES: { readonly [name: string]: Make } = {
  password: ({ some }) => `${some(1, LETTERS)}${some(2, DIGITS)}${some(9, BASE62)}`,
  'aws-secret': ({ some }) => some(1, LETTERS) + some(38, BASE64) + some(1, BASE62),
  random: ({ token, below }) => `${token(18 + below(24), BASE62)}${below(10)}${below(10)}`,
  hex: ({ some }) => some(40, HEX),
  /** With symbols that a pattern of letters and digits stops at. */
  symbols: ({ some, one }) =>
    Array.from(
      { length: 4 },
      () => some(1, 'KMPRTVXZ') + some(1, 'bdfhkmrtz') + some(1, '2589') + one(['#', '!', '@', '%', '^', '&', '*', '+', '~', '?']),
    ).join('') + some(2, 'kmtz27'),
  django: ({ some, one }) =>
    `django-insecure-${some(1, 'kmrtz')}${some(1, '2589')}${some(1, 'fhz')}${some(1, '2589')}${Array.from({ length: 4 }, () => `${one(['!', '@', '$', '#', '(', ')', '^', '='])}${some(1, 'kmrtz')}${some(1, '2589')}${some(2, 'fhvz')}`).join('')}`,
  short: ({ some }) => Array.from({ length: 5 }, () => some(1, 'kmrtz') + some(1, 'BDFHX') + some(1, '2589')).join(''),
};

/** What looks like a key and is none: `{{id}}` stands for each of these. */
export const LOOK_ALIKES: { readonly [name: string]: Make } = {
  uuid: ({ some }) => `${some(8, HEX)}-${some(4, HEX)}-4${some(3, HEX)}-a${some(3, HEX)}-${some(12, HEX)}`,
  sha1: rest('', 40, HEX),
  md5: rest('', 32, HEX),
  sha256: rest('sha256:', 64, HEX),
  integrity: ({ some }) => `sha512-${some(86, BASE64)}==`,
  image: ({ some }) => `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${some(400, BASE64)}ggg==`,
  dna: rest('', 240, 'ACGT'),
  protein: rest('M', 180, 'ACDEFGHIKLMNPQRSTVWY'),
  ethereum: rest('0x', 40, HEX),
  transaction: rest('0x', 64, HEX),
  bitcoin: rest('bc1q', 38, '023456789acdefghjklmnpqrstuvwxyz'),
  'public key': ({ some }) => `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${some(340, BASE64)}== jo@laptop`,
  certificate: ({ pem }) => pem('CERTIFICATE', 'MIIDdzCCAl'),
  'public pem': ({ pem }) => pem('PUBLIC KEY', 'MIIBIjANBgkq'),
  'object id': rest('', 24, HEX),
  video: ({ token }) => `https://www.youtube.com/watch?v=${token(11)}`,
  document: ({ token }) => `https://docs.google.com/document/d/1${token(43)}/edit`,
  order: ({ some }) => `ORD-2026-${some(8, DIGITS)}-${some(4, BASE32)}`,
  cid: rest('bafybei', 52, 'abcdefghijklmnopqrstuvwxyz234567'),
  licence: ({ some }) => [1, 2, 3, 4, 5].map(() => some(5, BASE32)).join('-'),
};

// ── Persons ─────────────────────────────────────────────────────────────────

const pick = (given: string): readonly string[] => given.split(' ');
const FIRST = pick('anneke marit tobias ines wanjiru paolo chloe haruto zeynep bartosz imani lucia');
const LAST = pick('vos solberg reuter osei marchetti dubois tanaka kaya nowak odhiambo romero lindqvist');
const HOSTS = pick(
  'fjordpost.no wattmail.de zeelandnet.nl posta-verde.it lapostale-sud.fr mailhaven.co.uk gmail.com outlook.com yahoo.co.jp web.de',
);

const luhnDigit = (digits: string): number => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return (10 - (sum % 10)) % 10;
};
const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0);
const fours = (text: string, by = ' '): string => text.replace(/(.{4})(?=.)/g, `$1${by}`);

const card = ({ some }: Inventor): string => {
  const digits = `4${some(14, '02468135790')}`;
  return digits + luhnDigit(digits);
};
/** ISO 13616: the account, then the country and "00", letters as numbers from 10; 98 less the rest by 97. */
const iban = (country: string, account: string): string => {
  const number = `${account}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return country + String(98n - (BigInt(number) % 97n)).padStart(2, '0') + account;
};
const IBANS: { readonly [country: string]: (i: Inventor) => string } = {
  de: ({ some }) => iban('DE', some(18, DIGITS)),
  gb: ({ some }) => iban('GB', `LOYD${some(14, DIGITS)}`),
  nl: ({ some }) => iban('NL', `INGB${some(10, DIGITS)}`),
  es: ({ some }) => iban('ES', some(20, DIGITS)),
  at: ({ some }) => iban('AT', some(16, DIGITS)),
  be: ({ some }) => {
    const account = some(10, DIGITS);
    return iban('BE', account + String(Number(BigInt(account) % 97n) || 97).padStart(2, '0'));
  },
  fr: ({ some }) => iban('FR', some(23, DIGITS)),
};

const cpf = ({ some }: Inventor): string => {
  const nine = some(9, '1234567890');
  const first = ((weighted(nine, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  const second = ((weighted(`${nine}${first}`, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  return `${nine.replace(/(\d{3})(\d{3})(\d{3})/, '$1.$2.$3')}-${first}${second}`;
};
const chineseId = ({ some, below }: Inventor): string => {
  const digits = `31011519${70 + below(29)}0${1 + below(9)}1${below(9)}${some(3, DIGITS)}`;
  return digits + '10X98765432'[weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11];
};
const pesel = ({ some, below }: Inventor): string => {
  const ten = `7${below(10)}0${1 + below(9)}1${below(9)}${some(4, DIGITS)}`;
  return ten + String((10 - (weighted(ten, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);
};
const bsn = ({ some }: Inventor): string => {
  for (;;) {
    const eight = `1${some(7, DIGITS)}`;
    const last = weighted(eight, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    if (last < 10) return eight + String(last);
  }
};
const steuer = (): string => '36574261809';
const dni = ({ some }: Inventor): string => {
  const digits = `5${some(7, DIGITS)}`;
  return digits + 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(digits) % 23];
};
const american = ({ some, one }: Inventor, by: string): string =>
  `${one(pick('212 415 617 312 206'))}${by}${one(pick('867 248 391 674'))}${by}${some(4, '2468097')}`;

/** Invented persons' data in the form of real ones, check digits included. */
export const PERSONS: { readonly [name: string]: Make } = {
  email: ({ one, below }) => `${one(FIRST)}${one(['.', '_', ''])}${one(LAST)}${one(['', String(below(90) + 10)])}@${one(HOSTS)}`,
  'phone-gb': ({ some }) => `+44 20 8${some(3, '23456789')} ${some(4, '13579')}`,
  'phone-de': ({ some }) => `030 8${some(7, '1470295')}`,
  'phone-de-mobile': ({ some }) => `0151 ${some(8, '2948375')}`,
  'phone-us-e164': (i) => `+1${american(i, '')}`,
  'phone-us': (i) => american(i, i.one(['-', '.', ' '])),
  area: ({ one }) => one(pick('212 415 617 312')),
  'us-rest': ({ some, one }) => `${one(pick('867 248 391'))}-${some(4, '2468097')}`,
  'phone-fr': ({ some }) => `06 ${some(2, '1593')} ${some(2, '8274')} ${some(2, '6093')} ${some(2, '4718')}`,
  'phone-in': ({ some }) => `+91 98${some(3, '417')} ${some(5, '20583')}`,
  'phone-in-local': ({ some }) => `98${some(8, '4170258')}`,
  'phone-int-es': ({ some }) => `+34 6${some(2, '1593')} ${some(3, '8274')} ${some(3, '6093')}`,
  'phone-cn': ({ some }) => `138${some(8, '4170258')}`,
  'phone-it': ({ some }) => `06 ${some(4, '4718')} ${some(4, '6093')}`,
  card: (i) => fours(card(i)),
  'card-dash': (i) => fours(card(i), '-'),
  'card-solid': card,
  amex: ({ some }) => {
    const digits = `37${some(12, '02468135790')}`;
    return `${digits}${luhnDigit(digits)}`.replace(/^(.{4})(.{6})/, '$1 $2 ');
  },
  ...Object.fromEntries(
    Object.entries(IBANS).flatMap(([country, make]): [string, Make][] => [
      [`iban-${country}`, make],
      [`iban-${country}-spaced`, (i) => fours(make(i))],
    ]),
  ),
  ssn: ({ some, below }) => `${212 + below(300)}-${10 + below(80)}-${1 + below(8)}${some(3, '2580')}`,
  cpf,
  cf: () => 'MRTMTT91D08F205J',
  cn: chineseId,
  dni,
  pesel,
  bsn,
  steuer,
  sin: ({ some }) => {
    const digits = `5${some(7, '0246813')}`;
    return `${digits}${luhnDigit(digits)}`.replace(/(.{3})(.{3})/, '$1 $2 ');
  },
  personnummer: ({ some, below }) => {
    const digits = `7${below(10)}0${1 + below(9)}1${below(9)}${some(3, DIGITS)}`;
    return `${digits.slice(0, 6)}-${digits.slice(6)}${luhnDigit(digits)}`;
  },
  nir: ({ some, below }) => {
    const digits = `2${60 + below(30)}0${1 + below(9)}75${some(6, DIGITS)}`;
    return `${digits}${String(97n - (BigInt(digits) % 97n)).padStart(2, '0')}`.replace(
      /(.)(..)(..)(..)(...)(...)(..)/,
      '$1 $2 $3 $4 $5 $6 $7',
    );
  },
  hetu: ({ some, below }) => {
    const date = `1${below(9)}0${1 + below(9)}${50 + below(40)}`;
    const own = `2${some(2, DIGITS)}`;
    return `${date}-${own}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(date + own) % 31]}`;
  },
};
