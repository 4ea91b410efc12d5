import { ruleSetHits } from '../libraries/secrets.ts';
import { type Found, isPlaceholder, join } from './found.ts';
import { isCode, isStandIn, type Named, namedIn, valueEnd } from './values.ts';

/*
 * Keys, tokens and passwords that would be secrets wherever they stand: the kinds of secretlint's recommended rules, and
 * the kinds of `OWN`, which these lack.
 *
 * The rules are too slow to read all data. Nearly every kind is a run of 15 or more letters, digits, "_" and "-" that does
 * not read like words, after a known beginning: so one pass jumps from run to run, and a rule sees only the piece of text
 * that its own beginning opens. Passwords in URLs are looked for where "://" stands.
 */

/** What is told where a text cannot be checked to its end: it counts as a secret, and is hidden from there on. */
export const UNCHECKED = 'text that could not be checked';

/** What the messages of the rule set mean, by the rule that gives them. */
const RULE_SET: { readonly [message: string]: string } = {
  AWSAccessKeyID: 'AWS access key',
  AWSAccountID: 'AWS account',
  AWSSecretAccessKey: 'AWS secret key',
  PackageJSON_xOauthToken: 'GitHub token',
  Npmrc_authToken: 'npm token',
  NPM_ACCESS_TOKEN: 'npm token',
  SLACK_TOKEN: 'Slack token',
  IncomingWebhook: 'Slack webhook',
  BasicAuth: 'password in a URL',
  OPENAI_TOKEN: 'OpenAI key',
  ANTHROPIC_API_KEY: 'Anthropic key',
  GROQ_API_KEY: 'Groq key',
  HUGGINGFACE_USER_ACCESS_TOKEN: 'Hugging Face token',
  LINEAR_API_TOKEN: 'Linear key',
  NOTION_INTEGRATION_TOKEN: 'Notion token',
  PrivateKey: 'private key',
  SENDGRID_KEY: 'SendGrid key',
  SHOPIFY_KEY: 'Shopify token',
  STRIPE_SECRET_KEY_LIVE: 'Stripe key',
  STRIPE_SECRET_KEY_TEST: 'Stripe key',
  STRIPE_RESTRICTED_KEY_LIVE: 'Stripe key',
  STRIPE_RESTRICTED_KEY_TEST: 'Stripe key',
  GITHUB_TOKEN: 'GitHub token',
  GITLAB_PERSONAL_ACCESS_TOKEN: 'GitLab token',
  GRAFANA_CLOUD_API_TOKEN: 'Grafana token',
  GRAFANA_SERVICE_ACCOUNT_TOKEN: 'Grafana token',
  OPS_TOKEN: '1Password token',
  MongoDBConnection: 'password in a URL',
  MySQLConnection: 'password in a URL',
  PostgreSQLConnection: 'password in a URL',
  HASHICORP_VAULT_SERVICE_TOKEN: 'Vault token',
  HASHICORP_VAULT_BATCH_TOKEN: 'Vault token',
  HASHICORP_VAULT_RECOVERY_TOKEN: 'Vault token',
  VERCEL_PERSONAL_ACCESS_TOKEN: 'Vercel token',
  VERCEL_INTEGRATION_TOKEN: 'Vercel token',
  VERCEL_APP_ACCESS_TOKEN: 'Vercel token',
  VERCEL_APP_REFRESH_TOKEN: 'Vercel token',
  VERCEL_AI_GATEWAY_API_KEY: 'Vercel token',
  DATABRICKS_PERSONAL_ACCESS_TOKEN: 'Databricks token',
  DOCKER_PERSONAL_ACCESS_TOKEN: 'Docker token',
  FIGMA_PERSONAL_ACCESS_TOKEN: 'Figma token',
  CLOUDFLARE_GLOBAL_API_KEY: 'Cloudflare token',
  CLOUDFLARE_USER_API_TOKEN: 'Cloudflare token',
  CLOUDFLARE_ACCOUNT_API_TOKEN: 'Cloudflare token',
  TAILSCALE_API_KEY: 'Tailscale key',
  TAILSCALE_AUTH_KEY: 'Tailscale key',
  TAILSCALE_CLIENT_KEY: 'Tailscale key',
  TAILSCALE_SCIM_KEY: 'Tailscale key',
  TAILSCALE_WEBHOOK_KEY: 'Tailscale key',
  TAILSCALE_KEY: 'Tailscale key',
};

/** Ids of groups, users and roles, which AWS lets the rule match with its keys, are no secrets; nor are account numbers. */
const isKey = (message: string, text: string): boolean =>
  message !== 'AWSAccountID' && (message !== 'AWSAccessKeyID' || /^(?:AKIA|ASIA|A3T)/.test(text));

/**
 * By which rule a piece is looked at that begins so. `most`: how many characters of it; more than the longest match, for
 * else a key too long would seem to end. `back`: how far before the beginning its match may start.
 */
const RULE_SET_ANCHORS: readonly (readonly [rule: string, anchors: readonly string[], most?: number, back?: number])[] = [
  ['aws', ['AKIA', 'ASIA', 'A3T']],
  ['npm', ['npm_', '_authToken=']],
  ['slack', ['xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-', 'hooks.slack.com/'], 400, 8],
  ['openai', ['T3BlbkFJ'], 120, 100],
  ['anthropic', ['sk-ant-']],
  ['groq', ['gsk_']],
  ['huggingface', ['hf_']],
  ['linear', ['lin_api_']],
  ['notion', ['ntn_']],
  ['sendgrid', ['SG.'], 420],
  ['shopify', ['shppa_', 'shpca_', 'shpat_', 'shpss_']],
  ['stripe', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_']],
  ['github', ['ghp_', 'gho_', 'ghu_', 'ghr_', 'github_pat_']],
  ['github', ['ghs_'], 12_100],
  ['gitlab', ['glpat-']],
  ['grafana', ['glc_', 'glsa_'], 450],
  ['1password', ['ops_ey'], 1400],
  ['hashicorp-vault', ['hvs.', 'hvb.', 'hvr.'], 350],
  ['vercel', ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_']],
  ['databricks', ['dapi']],
  ['docker', ['dckr_pat_']],
  ['figma', ['figd_']],
  ['cloudflare', ['cfk_', 'cfut_', 'cfat_']],
  ['tailscale', ['tskey-']],
];
/** These are looked for in pieces of their own: PEM blocks, URLs, assignments. */
export const RULES_BY_PIECE: readonly string[] = [
  ...RULE_SET_ANCHORS.map(([rule]) => rule),
  'privatekey',
  'basicauth',
  'database-connection-string',
];

/**
 * Kinds that the rule set lacks: how they begin, and all that follows. Shapes as their issuers document them, and as the
 * rules of gitleaks (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml), TruffleHog
 * (https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors) and GitHub's secret scanning
 * (https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns) tell them.
 */
const OWN: readonly (readonly [kind: string, anchors: readonly string[], rest: RegExp])[] = [
  ['Google API key', ['AIza'], /[\w-]{35}(?![\w-])/y],
  ['Google client secret', ['GOCSPX-'], /[\w-]{28}(?![\w-])/y],
  ['Google token', ['ya29.'], /[\w-]{30,1000}/y],
  ['Google token', ['1//0'], /[\w-]{40,400}/y],
  ['Twilio key', ['SK'], /[0-9a-f]{32}(?![\w-])/y],
  ['Mailgun key', ['key-'], /[0-9a-f]{32}(?![\w-])/y],
  ['Brevo key', ['xkeysib-'], /[0-9a-f]{64}-\w{16}(?!\w)/y],
  ['Discord webhook', ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'], /\d{17,20}\/[\w-]{60,80}/y],
  ['Azure key', ['AccountKey='], /[\w+/]{86}==/y],
  ['Azure key', ['SharedAccessKey='], /[\w+/]{43}=/y],
  ['JSON web token', ['eyJ'], /[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{16,2000}/y],
  ['Mapbox token', ['sk.eyJ'], /[\w-]{40,400}\.[\w-]{22}/y],
  ['PyPI token', ['pypi-AgE'], /[\w-]{50,1000}/y],
  ['RubyGems key', ['rubygems_'], /[0-9a-f]{48}(?!\w)/y],
  ['DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], /[0-9a-f]{64}(?!\w)/y],
  ['OpenRouter key', ['sk-or-v1-'], /[0-9a-f]{64}(?!\w)/y],
  ['Anthropic key', ['sk-ant-'], /[a-z]{2,8}\d\d-[\w-]{80,130}/y],
  ['xAI key', ['xai-'], /[A-Za-z0-9]{70,100}(?![\w-])/y],
  ['Perplexity key', ['pplx-'], /[A-Za-z0-9]{40,64}(?![\w-])/y],
  ['Replicate token', ['r8_'], /[A-Za-z0-9]{37}(?!\w)/y],
  ['NVIDIA key', ['nvapi-'], /[\w-]{60,80}(?![\w-])/y],
  ['Hugging Face token', ['hf_', 'api_org_'], /[A-Za-z0-9]{34}(?!\w)/y],
  ['Pinecone key', ['pcsk_'], /\w{60,80}(?!\w)/y],
  ['LangSmith key', ['lsv2_pt_', 'lsv2_sk_'], /[0-9a-f]{32}_[0-9a-f]{10}(?!\w)/y],
  ['Tavily key', ['tvly-'], /[A-Za-z0-9-]{32,64}(?![\w-])/y],
  ['age key', ['AGE-SECRET-KEY-1'], /[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/y],
  ['Atlassian token', ['ATATT3'], /[\w=-]{150,250}/y],
  ['Atlassian token', ['ATBB'], /[A-Za-z0-9]{32}(?!\w)/y],
  ['New Relic key', ['NRAK-'], /[A-Z0-9]{27}(?!\w)/y],
  ['Postman key', ['PMAK-'], /[0-9a-f]{24}-[0-9a-f]{34}(?!\w)/y],
  ['Sentry token', ['sntrys_'], /[\w+/=-]{60,400}/y],
  ['Sentry token', ['sntryu_'], /[0-9a-f]{64}(?!\w)/y],
  ['Doppler token', ['dp.pt.', 'dp.ct.', 'dp.sa.'], /[A-Za-z0-9]{40,44}(?!\w)/y],
  ['PlanetScale token', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], /[\w=.-]{32,64}/y],
  ['Supabase key', ['sbp_'], /[0-9a-f]{40}(?!\w)/y],
  ['Supabase key', ['sb_secret_'], /[\w-]{30,50}/y],
  ['Netlify token', ['nfp_'], /[A-Za-z0-9]{36}(?!\w)/y],
  ['Heroku key', ['HRKU-'], /[\w-]{36,70}/y],
  ['Square token', ['sq0csp-'], /[\w-]{43}(?![\w-])/y],
  ['Square token', ['sq0atp-'], /[\w-]{22}(?![\w-])/y],
  ['Square token', ['EAAA'], /[\w-]{60}(?![\w+/=-])/y],
  ['Flutterwave key', ['FLWSECK-'], /[A-Za-z0-9]{32}-X/y],
  ['Alibaba Cloud key', ['LTAI'], /[A-Za-z0-9]{17,21}(?![\w-])/y],
  ['Tencent Cloud key', ['AKID'], /[A-Za-z0-9]{32}(?![\w-])/y],
  ['Slack token', ['xoxb-', 'xoxp-', 'xoxa-', 'xoxs-', 'xoxr-', 'xoxe-', 'xoxd-', 'xoxe.xoxp-', 'xoxe.xoxb-'], /[\w%.-]{24,260}/y],
  ['GitLab token', ['gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glsoat-', 'gloas-', 'glagent-'], /[\w-]{20,64}(?![\w-])/y],
  ['Stripe key', ['whsec_'], /[A-Za-z0-9+/=]{32,64}(?!\w)/y],
  ['Buildkite token', ['bkua_'], /[0-9a-f]{40}(?!\w)/y],
  ['Airtable token', ['pat'], /[A-Za-z0-9]{14}\.[0-9a-f]{64}(?!\w)/y],
  ['Dropbox token', ['sl.'], /[\w-]{130,1500}/y],
  ['Fly.io token', ['fm2_'], /[\w+/=]{100,1000}/y],
  ['SendGrid key', ['SG.'], /[\w-]{20,24}\.[\w-]{39,50}(?![\w-])/y],
  ['Shippo token', ['shippo_live_'], /[0-9a-f]{40}(?!\w)/y],
  ['OpenAI key', ['sk-'], /(?:(?:proj|svcacct|admin|None)-)?[\w-]{20,200}/y],
];

/** Kinds without a beginning of their own: what marks them stands within. */
const INSIDE: readonly (readonly [kind: string, mark: string, before: RegExp, rest: RegExp])[] = [
  ['Telegram token', ':AA', /(?<![A-Za-z0-9])\d{8,10}$/, /[\w-]{32,34}(?![\w-])/y],
  ['Azure key', 'Q~', /(?<![\w~.-])[\w~.-]{3}\d$/, /[\w~.-]{31,33}[\w~-]/y],
  ['Terraform token', '.atlasv1.', /(?<![A-Za-z0-9])[A-Za-z0-9]{14}$/, /[\w=-]{60,70}/y],
];

/** These may follow a letter: what stands before them is part of the same key or name. */
const FREE = new Set(['T3BlbkFJ', 'hooks.slack.com/', '_authToken=', 'AccountKey=', 'SharedAccessKey=', ...INSIDE.map(([, mark]) => mark)]);

interface Opening {
  readonly rules: readonly { readonly rule: string; readonly most: number; readonly back: number }[];
  readonly own: readonly { readonly kind: string; readonly rest: RegExp; readonly most: number }[];
}
const openings = new Map<string, { rules: Opening['rules'][number][]; own: Opening['own'][number][] }>();
function openingOf(anchor: string) {
  const opening = openings.get(anchor) ?? { rules: [], own: [] };
  openings.set(anchor, opening);
  return opening;
}
for (const [rule, anchors, most = 260, back = 2] of RULE_SET_ANCHORS)
  for (const anchor of anchors) openingOf(anchor).rules.push({ rule, most, back });
for (const [kind, anchors, rest] of OWN) {
  const most = Math.max(...rest.source.split('}').map((piece) => Number(/\d{1,5}$/.exec(piece.slice(-5))?.[0] ?? 0)));
  for (const anchor of anchors) openingOf(anchor).own.push({ kind, rest, most });
}

const PEM = '-----BEGIN';
/** What is searched for, by its first two characters: `code << 7 | code`; the longest first. */
const byStart = new Map<number, string[]>();
const starts = new Uint8Array(128);
for (const anchor of [...openings.keys(), ...INSIDE.map(([, mark]) => mark), PEM].sort((a, b) => b.length - a.length)) {
  const key = (anchor.charCodeAt(0) << 7) | anchor.charCodeAt(1);
  byStart.set(key, [...(byStart.get(key) ?? []), anchor]);
  starts[anchor.charCodeAt(0)] = 1;
}
/** AWS's secret keys have no beginning but their name; Discord's are the base64 of a number, a time and a signature. */
const AWS_NAME = /(?:SECRET|secret|Secret)_?(?:ACCESS|access|Access)_?(?:KEY|key|Key)/y;
for (const letter of 'SsMNO') starts[letter.charCodeAt(0)] = 1;
const DISCORD = /[MNO][A-Za-z0-9]{23,25}\.[\w-]{6}\.[\w-]{27,38}/y;

// ── Where to look ───────────────────────────────────────────────────────────

/** Characters of runs: 1; those and ".", "+", "/", "=", "~", "%": also 2. */
const RUN = 1;
const TOKEN = 2;
const CHARS = new Uint8Array(128);
for (let c = 33; c < 127; c++) {
  const char = String.fromCharCode(c);
  CHARS[c] = /[\w-]/.test(char) ? RUN | TOKEN : '.+/=~%'.includes(char) ? TOKEN : 0;
}
const is = (code: number, what: number): boolean => code < 128 && ((CHARS[code] as number) & what) !== 0;

const SHORTEST = 15;
/** How far before a run the beginning of its key may stand: "-----BEGIN RSA PRIVATE KEY-----" and two header lines. */
const BEFORE = 110;
const AFTER = 24;
/** A private key of 16,384 bits is shorter. */
const LONGEST_PEM = 16_000;
/** How much of one text may be read more than once, in characters: hostile text can be made of openings alone. */
const BUDGET = 1 << 18;
const MOST = 2000;

const NONE: Found[] = [];
const scanOf = (text: string): Scan => ({ text, found: [], read: 0, tokenEnd: 0, upTo: new Map(), uncheckedFrom: text.length });

/** All secrets in a text, by place, none overlapping. Linear, whatever the text. */
export function secretsIn(text: string): Found[] {
  if (text.length < SHORTEST) return NONE;
  let scan: Scan | undefined;
  const first = nextRun(text, SHORTEST - 1);
  if (first >= 0) runs((scan = scanOf(text)), first);
  if (text.includes('@') && text.includes('://')) urls((scan ??= scanOf(text)));
  for (const named of namedIn(text, ['=', ':'], LONGEST_NAMED + 1)) {
    if (!isNamedSecret(text, named)) continue;
    scan ??= scanOf(text);
    if (scan.found.length > 2 * MOST) scan.uncheckedFrom = Math.min(scan.uncheckedFrom, named.start);
    if (isOver(scan)) break;
    scan.found.push({ kind: 'secret', start: named.start, end: named.end });
  }
  if (!scan) return NONE;
  const { found, uncheckedFrom } = scan;
  if (uncheckedFrom === text.length) return join(found);
  return [
    ...join(found.filter(({ start }) => start < uncheckedFrom)).filter(({ end }) => end <= uncheckedFrom),
    { kind: UNCHECKED, start: uncheckedFrom, end: text.length },
  ];
}

interface Scan {
  readonly text: string;
  readonly found: Found[];
  /** Characters given to the rule set and to long patterns so far. */
  read: number;
  /** Where the token ends that was looked at last. */
  tokenEnd: number;
  /** By rule: where its last piece ended. */
  readonly upTo: Map<string, number>;
  uncheckedFrom: number;
}

const isOver = (scan: Scan): boolean => scan.uncheckedFrom < scan.text.length;

/**
 * The start of the next run of 15 characters that may be part of a key, where `at` is the first place at which such a run can
 * have its fifteenth; -1 where there is none. Looks at every fifteenth character only, and back from there.
 */
function nextRun(text: string, at: number): number {
  const { length } = text;
  let last = at;
  while (last < length) {
    if (!is(text.charCodeAt(last), RUN)) {
      last += SHORTEST;
      continue;
    }
    const least = last - SHORTEST + 1;
    let start = last;
    while (start > least && is(text.charCodeAt(start - 1), RUN)) start--;
    if (start > least) {
      last = start - 1 + SHORTEST;
      continue;
    }
    if (isRandom(text, start) || opensKey(text, start)) return start;
    do last++;
    while (last < length && is(text.charCodeAt(last), RUN));
    last += SHORTEST;
  }
  return -1;
}

/** Whether a known beginning stands right here: some keys have letters only. */
function opensKey(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  const anchors = starts[c] === 1 ? byStart.get((c << 7) | text.charCodeAt(at + 1)) : undefined;
  return anchors?.some((anchor) => text.startsWith(anchor, at)) ?? false;
}

/** Searches what stands around each run for openings and names. */
function runs(scan: Scan, first: number): void {
  const { text } = scan;
  const { length } = text;
  let searched = 0; // up to here
  for (let start = first; start >= 0; ) {
    let end = start + SHORTEST;
    while (end < length && is(text.charCodeAt(end), RUN)) end++;
    const from = Math.max(searched, start - BEFORE);
    search(scan, from, Math.min(length, end + AFTER));
    searched = Math.max(from, end - 8); // an opening may stand across
    if (!isOver(scan)) assignment(scan, start, end);
    if (scan.found.length > MOST) scan.uncheckedFrom = Math.min(scan.uncheckedFrom, start);
    if (isOver(scan)) return;
    start = nextRun(text, end + SHORTEST);
  }
}

/** Whether the run that begins at `start` can be part of a key: digits, or capitals strewn into it, or capitals alone. Not most words and names. */
function isRandom(text: string, start: number): boolean {
  let rises = 0;
  let small = 0;
  let joins = 0;
  let digits = 0;
  let wasSmall = false;
  const stop = start + 64;
  let i = start;
  for (; i < stop; i++) {
    const c = text.charCodeAt(i); // NaN at the end
    if (c >= 97 && c <= 122) {
      small++;
      wasSmall = true;
      continue;
    }
    if (c >= 65 && c <= 90) {
      if (wasSmall) rises++;
    } else if (c >= 48 && c <= 57) digits++;
    else if (c === 95 || c === 45) joins++;
    else break;
    wasSmall = false;
  }
  const length = i - start;
  if (digits > 0) return digits + joins < length || length >= 32;
  return rises * 6 >= length || (small === 0 && joins === 0);
}

function search(scan: Scan, from: number, to: number): void {
  const { text, found } = scan;
  let before = from > 0 ? text.charCodeAt(from - 1) : 32;
  for (let at = from; at < to; at++) {
    const c = text.charCodeAt(at);
    let afterLetter = (before >= 65 && before <= 90) || (before >= 97 && before <= 122);
    const letter = before;
    before = c;
    if (c > 127 || starts[c] === 0) continue;
    const escape = afterLetter && isEscape(text, at, letter);
    if (escape) afterLetter = false;
    const next = text.charCodeAt(at + 1);
    if (next < 128) {
      const anchors = byStart.get((c << 7) | next);
      if (anchors) {
        for (const anchor of anchors) {
          if ((afterLetter && !FREE.has(anchor)) || !text.startsWith(anchor, at)) continue;
          if (found.length > MOST) scan.uncheckedFrom = Math.min(scan.uncheckedFrom, at);
          if (isOver(scan)) return;
          const opening = openings.get(anchor);
          if (opening) open(scan, at, anchor, opening, escape);
          else if (anchor === PEM) pem(scan, at);
          else inside(scan, at, anchor);
        }
      }
    }
    if (c === 83 || c === 115) {
      AWS_NAME.lastIndex = at;
      if (AWS_NAME.test(text)) ruleSet(scan, 'aws', Math.max(0, at - 8), Math.min(text.length, at + 120));
    } else if (!afterLetter && (c === 77 || c === 78 || c === 79)) {
      DISCORD.lastIndex = at;
      if (DISCORD.test(text)) found.push({ kind: 'Discord token', start: at, end: DISCORD.lastIndex });
    }
  }
}

/** Whether the letter before is the second half of "\n", "\t" …: text in JSON in text. */
const isEscape = (text: string, at: number, letter: number): boolean =>
  text.charCodeAt(at - 2) === 92 && (letter === 110 || letter === 116 || letter === 114 || letter === 98 || letter === 102);

function open(scan: Scan, at: number, anchor: string, { rules, own }: Opening, escape: boolean): void {
  const { text, found } = scan;
  let end = Math.max(at, scan.tokenEnd);
  while (end < text.length && is(text.charCodeAt(end), TOKEN)) end++;
  scan.tokenEnd = end;
  const length = end - at;
  if (length < SHORTEST) return;
  for (const { rule, most, back } of rules) ruleSet(scan, rule, escape ? at : Math.max(0, at - back), Math.min(end + 2, at + most));
  for (const { kind, rest, most } of own) {
    scan.read += Math.min(length, most);
    if (scan.read > BUDGET) scan.uncheckedFrom = Math.min(scan.uncheckedFrom, at);
    if (isOver(scan)) return;
    rest.lastIndex = at + anchor.length;
    if (!rest.test(text)) continue;
    const body = text.slice(at + anchor.length, rest.lastIndex);
    if (anchor === 'sk-' && !/[A-Za-z0-9]{16}/.test(body)) continue; // words with hyphens
    if (isSecret(body)) found.push({ kind, start: at, end: rest.lastIndex });
  }
}

function inside({ text, found }: Scan, at: number, mark: string): void {
  for (const [kind, known, before, rest] of INSIDE) {
    if (known !== mark) continue;
    rest.lastIndex = at + mark.length;
    const head = before.exec(text.slice(Math.max(0, at - 24), at).replace(/\\[nrtbf]/g, '  '));
    if (!head || !rest.test(text) || !isSecret(text.slice(at + mark.length, rest.lastIndex))) continue;
    found.push({ kind, start: at - head[0].length, end: rest.lastIndex });
  }
}

/** Lets a rule of the set read [from, to); what it has read before it does not read again. */
function ruleSet(scan: Scan, rule: string, from: number, to: number): void {
  const { text, found, upTo } = scan;
  const known = upTo.get(rule) ?? 0;
  if (to <= known) return;
  upTo.set(rule, to);
  scan.read += to - from;
  try {
    if (scan.read > BUDGET) throw new RangeError('too much to check');
    const piece = text.slice(from, to);
    for (const { message, start, end } of ruleSetHits(rule, piece)) {
      const kind = RULE_SET[message];
      if (kind === undefined) throw new Error(`Unexpected message "${message}" of the rule "${rule}"`);
      const [first, last] = message === 'AWSSecretAccessKey' ? awsSecret(piece, start) : [start, end];
      const value = piece.slice(first, last);
      if (!isKey(message, value) || !isLikely(kind, value)) continue;
      let stop = from + last; // some match a part of a key only
      if (kind !== 'private key') while (stop < to && is(text.charCodeAt(stop), RUN)) stop++;
      found.push({ kind, start: from + first, end: stop });
    }
  } catch {
    scan.uncheckedFrom = Math.min(scan.uncheckedFrom, from);
  }
}

/** The rule gives the place of the name with the length of the value. */
function awsSecret(piece: string, start: number): readonly [number, number] {
  const named = /^[^:=]{0,60}[:=]>?\s{0,40}["']?/.exec(piece.slice(start, start + 120))?.[0].length ?? 0;
  return [start + named, start + named + 40];
}

/** What the rule set lets pass: shapes that it takes too widely, examples, placeholders. */
function isLikely(kind: string, value: string): boolean {
  if (kind === 'password in a URL') return isRealUrl(value);
  if (kind === 'private key' || kind === 'Slack webhook') return true;
  if (kind === 'npm token' && value.startsWith('_authToken=')) return value.length >= 27 && isSecret(value.slice(11));
  if (kind === 'AWS access key') return isSecret(value.slice(4).replace('QWERTY', '')); // sixteen random capitals may be anything
  const body = value.replace(/^[A-Za-z]{2,8}(?:_[a-z]{3,4})?[_.-]|^(?:AKIA|ASIA|A3T)/, '');
  return isSecret(body);
}

/** Keys that stand in the documentation of their services. */
const DOCUMENTED = /4eC39HqLyjWDarjtT1zdp7dc|BQokikJOvBiI2HlWgH4olfQ2|wJalrXUtnFEMI|AccountKey=Eby8vdM02xNO|zdWIiOiIxMjM0NTY3ODkwI/;

/** A body of a key that somebody issued: not an example, not a placeholder. */
function isSecret(body: string): boolean {
  return !DOCUMENTED.test(body) && !isPlaceholder(body);
}

/** Whether a word is the beginning of a key of a known kind, however little of it: for what was cut. */
export function isKeyBeginning(word: string): boolean {
  for (const anchor of openings.keys()) {
    if (anchor.length < 3 || anchor === 'pat' || anchor === 'sl.') continue;
    const at = word.indexOf(anchor);
    if (at >= 0 && word.length > at + anchor.length && (at === 0 || FREE.has(anchor) || !/[A-Za-z]/.test(word.charAt(at - 1)))) return true;
  }
  return word.startsWith(PEM);
}

// ── Private keys ────────────────────────────────────────────────────────────

const HEADER = /-----BEGIN ?[A-Z0-9 ]{0,24}PRIVATE KEY(?: BLOCK)?-----/y;

/** A PEM block, its end line or not; encrypted ones and those with their line breaks written "\n" too. */
function pem({ text, found }: Scan, at: number): void {
  HEADER.lastIndex = at;
  if (!HEADER.test(text)) return;
  let end = HEADER.lastIndex;
  const stop = Math.min(text.length, end + LONGEST_PEM);
  let base64 = 0;
  for (; end < stop; end++) {
    const c = text.charCodeAt(end);
    if (c === 45 && text.startsWith('-----', end)) {
      const close = text.indexOf('-----', end + 5);
      if (close >= 0 && close - end < 50) end = close + 5;
      break;
    }
    if ((c > 47 && c < 58) || (c > 64 && c < 91) || (c > 96 && c < 123) || c === 43 || c === 47) base64++;
    else if (c > 127 || !'= \t\r\n\\:,-."\''.includes(String.fromCharCode(c))) break;
  }
  if (base64 < 64) return;
  const body = text.slice(HEADER.lastIndex, HEADER.lastIndex + 200).replace(/\\[nr]|\s/g, '');
  if (!/[A-Za-z0-9+/]{48}/.test(body) || isPlaceholder(body.slice(0, 160))) return; // prose, "MIIE..." and "your key here"
  found.push({ kind: 'private key', start: at, end });
}

// ── Passwords in URLs ───────────────────────────────────────────────────────

const LONGEST_URL = 600;

function urls(scan: Scan): void {
  const { text } = scan;
  if (isOver(scan)) return;
  for (let mark = text.indexOf('://'); mark >= 0; mark = text.indexOf('://', mark + 3)) {
    let end = mark + 3;
    let at = 0;
    let colon = false;
    const stop = Math.min(text.length, mark + LONGEST_URL);
    for (; end < stop; end++) {
      const c = text.charCodeAt(end);
      if (c <= 32 || c === 34 || c === 60 || c === 62 || c === 96) break;
      if (c === 58) {
        if (text.charCodeAt(end + 1) === 47 && text.charCodeAt(end + 2) === 47) break; // the next one
        colon = true;
      } else if (c === 64 && colon) at = end;
    }
    if (at === 0) continue;
    let start = mark;
    while (start > 0 && mark - start < 20 && /[a-z0-9+.:-]/i.test(text.charAt(start - 1))) start--;
    const before = scan.found.length;
    for (const rule of ['basicauth', 'database-connection-string', 'npm']) ruleSet(scan, rule, start, end);
    if (isOver(scan)) return;
    if (scan.found.length > before) continue;
    const own = OTHER_URL.exec(text.slice(start, end));
    if (own && isRealUrl(own[0]))
      scan.found.push({ kind: 'password in a URL', start: start + own.index, end: start + own.index + own[0].length });
  }
}

/** Schemes that the rule set does not look at. */
const OTHER_URL =
  /(?:rediss?|amqps?|smtps?|sftp|ssh|mssql|sqlserver|ldaps?|mqtts?|nats|clickhouse|couchdb|mongodb|mongodb\+srv|postgres(?:ql)?|mysql|mariadb|https?|ftps?)(?:\+[a-z0-9]{2,12})?:\/\/[^\s:/@]{0,100}:[^\s/@]{1,200}@[^\s/@:?'"]{1,200}/i;

const CREDENTIALS = /:\/\/([^\s:/@]{0,100}):([^\s/@]{1,300})@([^\s/:?#'"]{1,256})/;

/** Whether the URL has a password that opens something: a random one, to a host that is not an example. */
function isRealUrl(url: string): boolean {
  const [, user = '', password = '', host = ''] = CREDENTIALS.exec(url) ?? [];
  if (user === password || password.length < 8 || /[${}<>[\]*]/.test(password) || password === 'x-oauth-basic') {
    if (password !== 'x-oauth-basic' || !isSecret(user) || user.length < 16) return false;
    return true;
  }
  if (!/[a-z0-9-]\.[a-z0-9]/i.test(host) || isExampleHost(host)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  return kinds >= 2 && isSecret(password) && !/pass|pwd|secret|token|admin|user|root|example|1234|your|hunter2/i.test(password);
}

const isExampleHost = (host: string): boolean =>
  /(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|localhost|local|localdomain|domain\.com|myproxy\.com|your[\w-]*\.\w+)$/i.test(
    host,
  ) || /^(?:127\.|10\.|192\.168\.|0\.0\.0\.0|172\.(?:1[6-9]|2\d|3[01])\.)|example|your|host\.|hostname|server\.com/i.test(host);

// ── Assignments ─────────────────────────────────────────────────────────────

/** `api_key = "`, `"client_secret": "`, `Authorization: Bearer `: what ends so just before a value. */
const NAMED =
  /(?:api|app|secret|access|auth|private|client|account|master|encryption|signing|session|service|license)[_ .-]?(?:access[_ .-]?)?(?:key|token|secret|password)|secret|passw(?:or)?d|passphrase|token|bearer|credentials?/gi;
const BETWEEN =
  /^(?:\s(?:is|ist|est|es|was))?["'`\]\\)]{0,4}\s{0,3}(?::=|=>|->|[:=,])\s{0,3}(?:\\?["'`]){0,2}(?:(?:bearer|basic|token)\s)?$|^\s$/i;
/** What stands just before any value that is given a name. */
const FOLLOWS = /[=:>,][^=:>,A-Za-z0-9]{0,6}$|earer\s$|EARER\s$|oken\s$/;
/** Names of things beside a secret that are none themselves. */
const NO_SECRET =
  /hash|digest|checksum|fingerprint|public|pub[_-]|sha\d|md5|[_-]id|id$|name|url|uri|path|file|type|length|size|count|expir|csrf|xsrf|page|next|cursor|cancel|continu|eos|bos|pad|special|tokeniz|tokens\b|vocab|arn|ref/i;

/** What of a name stands at the end: `user.db_`. */
function nameBefore(text: string): string {
  let start = text.length;
  while (start > 0 && /[\w.(-]/.test(text.charAt(start - 1))) start--;
  return text.slice(start);
}

/** A random value of 16 characters or more that a name says to be secret. */
function assignment(scan: Scan, runStart: number, runEnd: number): void {
  const { text, found } = scan;
  let start = runStart; // behind "=", if there is one: KEY=value, ?token=value
  while (start > 0 && runStart - start < 100 && text.charCodeAt(start - 1) !== 61 && is(text.charCodeAt(start - 1), TOKEN)) start--;
  if (!FOLLOWS.test(text.slice(Math.max(0, start - 8), start))) return;
  const before = text.slice(Math.max(0, start - 64), start);
  let name: RegExpExecArray | undefined;
  NAMED.lastIndex = 0;
  for (let hit = NAMED.exec(before); hit; hit = NAMED.exec(before)) name = hit;
  if (!name) return;
  const after = before.slice(name.index + name[0].length);
  const rest = /^[\w.-]{0,20}/.exec(after)?.[0] ?? '';
  if (!BETWEEN.test(after.slice(rest.length))) return;
  if (/^\s?$/.test(after.slice(rest.length)) && !/(?:bearer|authorization["']?\s?[:=]\s?["']?token)\s$/i.test(before)) return;
  const whole = `${nameBefore(before.slice(Math.max(0, name.index - 30), name.index))}${name[0]}${rest}`;
  if (NO_SECRET.test(whole)) return;
  scan.read += before.length;
  if (scan.read > BUDGET) scan.uncheckedFrom = Math.min(scan.uncheckedFrom, start);
  if (isOver(scan)) return;
  let end = runEnd;
  const stop = Math.min(text.length, runEnd + 100);
  while (end < stop && is(text.charCodeAt(end), TOKEN)) end++;
  while (end > start && /[.%/]/.test(text.charAt(end - 1))) end--;
  const value = text.slice(start, Math.min(end, start + 301));
  if (value.length < 16 || value.length > 300 || !isRandomValue(value)) return;
  found.push({ kind: 'secret', start, end: Math.max(start + value.length, valueEnd(text, start)) });
}

const LONGEST_NAMED = 200;
const PASSWORD_NAME = /pass(?:word|wd|phrase|code|wort)?|pwd|kennwort|contrase/i;
/** What a password that is made up for a text often says, its digits and symbols read as the letters that they look like. */
const MADE_UP = /password|passw|secret|welcome|admin|letmein|hunter|example|qwerty|changeme|troub|correcthorse|s[ae]cure|strong|mypass/i;
const LOOKS_LIKE: { readonly [char: string]: string } = { '@': 'a', $: 's', '!': 'i', 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' };

/**
 * A value too short for `assignment`, or with symbols strewn into it, that a name says to be secret: 8 characters or more of letters, digits
 * and symbols; behind the name of a password also 12 or more of letters and digits that take turns.
 */
function isNamedSecret(text: string, { name, start, end, quoted, by }: Named): boolean {
  const value = text.slice(start, end);
  if (
    value.length < 8 ||
    value.length > LONGEST_NAMED ||
    /[\s()[\]{}<>"'`\\…]|:\/\/|^[\w.+-]{1,64}@[\w-]{1,64}\.\w|&\w{1,40}=|[^ -~]/.test(value)
  )
    return false;
  const whole = nameBefore(text.slice(Math.max(0, start - 64), start).replace(/[\s"'`=:>*\\)\]]{0,24}$/, ''));
  if (NO_SECRET.test(whole) || UUID.test(value) || !isSecret(value) || isStandIn(value) || isCode(value)) return false;
  if (MADE_UP.test(value.replace(/[@$!013457]/g, (char) => LOOKS_LIKE[char] as string))) return false;
  const body = value.replace(/[.!?,:;]$/, '');
  const digits = digitsOf(body);
  const letters = body.replace(/[^A-Za-z]/g, '').length;
  const turns = body.match(/[a-z][^a-z]|[A-Z][^A-Za-z]|\d\D|[^A-Za-z\d][A-Za-z\d]/g)?.length ?? 0;
  if (digits === 0 || letters < 3) return false;
  if (!quoted && !PASSWORD_NAME.test(name) && /^[a-z\d]\w{0,8}(?:[*+/%^&|-][a-z\d]\w{0,8}){1,12}$/.test(value)) return false; // a sum
  const fewest = quoted ? 0 : by === '=' ? (PASSWORD_NAME.test(name) ? 2 : 4) : 5; // prose and code have symbols too
  if (/[!@#$%^&*+~?|]/.test(quoted || by === '=' ? value : body)) return turns >= fewest;
  return PASSWORD_NAME.test(name) && value.length >= 12 && digits >= 2 && turns >= 4 && /[a-z]/.test(value) && isRandomValue(value);
}

const digitsOf = (text: string): number => text.replace(/\D/g, '').length;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Letters and digits well mixed, no words, no path, no id in the form of a UUID. */
function isRandomValue(value: string): boolean {
  if (UUID.test(value) || !isSecret(value) || /[a-z]{11}|[/.][^/.]{0,12}[/.]|--|__/.test(value)) return false;
  let digits = 0;
  let letters = 0;
  const seen = new Map<string, number>();
  for (const char of value) {
    if (char >= '0' && char <= '9') digits++;
    else if (/[A-Za-z]/.test(char)) letters++;
    seen.set(char, (seen.get(char) ?? 0) + 1);
  }
  if (digits < 2 || letters < 4) return false;
  let entropy = 0;
  for (const times of seen.values()) entropy -= (times / value.length) * Math.log2(times / value.length);
  return entropy >= 3;
}
