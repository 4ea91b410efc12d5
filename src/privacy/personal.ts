import { isBankAccount, isCardNumber, isIdentityNumber, isTaxNumber } from '../libraries/identity.ts';
import { isPhoneNumber } from '../libraries/phones.ts';
import { type Found, join } from './found.ts';

/*
 * What tells one private person, by its form: e-mail addresses, phone numbers, payment cards, bank accounts, national
 * identity numbers. Not names, not street addresses (no form), not IP addresses (in training data they are servers').
 *
 * Addresses of roles (support@), invented ones (example.com, 555-0123, 4111 1111 1111 1111) and numbers without their check
 * digit are nobody's. A number that anything else could be too counts only where a word beside it says what it is.
 */

/** Of one text no more are told, nor as many numbers looked at closely: a text may hold millions. */
const MOST = 2000;

/** Personal data in a text, by place, none overlapping; at most some 2,000. Linear, whatever the text. */
export function personalIn(text: string): Found[] {
  if (text.length < 6) return NONE;
  const found: Found[] = [];
  if (text.includes('@')) emails(text, found);
  pieces(text, found);
  return found.length === 0 ? NONE : join(found);
}

const NONE: Found[] = [];

/** The digits of the shortest number that counts. */
const FEWEST_DIGITS = 7;
/** Where so many may stand together: digits, capitals and a few marks. Bounded, because V8 keeps its way back for each character. */
const STRETCH = /\d[\d ()./+\u00a0A-Z-]{6,4000}/g;

/** How far around a number is read for a word that says what it is. */
const BEFORE = 130;
const AFTER = 60;

/** Looks closely around each place where seven digits stand together, with no more than capitals and a few marks between them. */
function pieces(text: string, found: Found[]): void {
  let from = -1;
  let to = 0;
  let most = 0; // digits in one stretch
  STRETCH.lastIndex = 0;
  for (let hit = STRETCH.exec(text); hit; hit = STRETCH.exec(text)) {
    const digits = digitsIn(hit[0]);
    if (digits < FEWEST_DIGITS) continue;
    const start = Math.max(0, hit.index - BEFORE);
    if (from >= 0 && start > to) {
      numbers(text.slice(from, to), found, from, most);
      if (found.length >= MOST) return;
      from = -1;
      most = 0;
    }
    if (from < 0) from = start;
    if (digits > most) most = digits;
    to = hit.index + hit[0].length + AFTER;
  }
  if (from >= 0) numbers(text.slice(from, to), found, from, most);
}

function digitsIn(text: string): number {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 47 && c < 58) digits++;
  }
  return digits;
}

// ── E-mail addresses ────────────────────────────────────────────────────────

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Beside those of two letters. https://data.iana.org/TLD/tlds-alpha-by-domain.txt has 1,400; in code most of them are names of methods. */
const ENDINGS = words(
  'com org net edu gov mil int info biz name pro mobi jobs coop aero asia dev app xyz online site website shop store tech cloud club live email agency digital media studio group network systems consulting news blog berlin london paris tokyo wien koeln hamburg nyc swiss bank law health care academy school university church international global company business finance gmbh ltd inc',
);
/** Endings of files and of code, as in "logo@2x.png" and "A@B.dot". */
const FILES = words('png jpg jpeg gif svg webp py js ts rb rs sh md cs cc hs pl so mm ps kt');

/** Addresses of roles and machines, not of a person. */
const ROLES = words(
  'abuse accounting accounts accountspayable admin administrator admissions adverts advertising alert alerts api app apply appointments archive assist billing bookings booking bot bugs business care career careers ceo cfo cs club committee community compliance complaints confirm connect consult contact contactus contacts content copyright cron customer customercare customers customerservice customersupport cto data deploy desk dev developer developers devnull devops director dl dns donations donotreply do-not-reply dpo ec2-user editor editorial editors education email emails emergency engineering enquiries enquiry errors events everyone faq feedback finance financeteam firstname first.last firstname.lastname forum frontdesk ftp gdpr general git github global group guest hallo hello help helpdesk hi hiring hola host hostmaster hotline hr hr-team humanresources info infos information inbox inquiries inquiry insurance intern internal investors invoice invoices it item itsupport job jobs kontakt lab legal library list lists loans local login logistics mail mailbox mailer mailer-daemon maildaemon mailman maintenance management manager marketing me media members membership mod my myemail myname name network news newsletter newsletters no-reply nobody nodejs noc none noreply no_reply notice notification notifications notify nospam office online operations ops order orders outreach owner partner partners payment payments payroll pg postgres postmaster post press pr prensa privacy procurement product production products profile programs project projects promo publicity public purchasing qa queries recipient recruiting recruiter recruitment redaktion register registrar registration report reports request requests research reservations reservierung reply returns root rsvp sales school secretary security sender server service services shipping shop site smtp someone somebody spam staff stats store student students studio subscribe subscriptions suggestions support support-team survey svn sysadmin system team tech technical test tester testing tests testuser tickets tips tour training travel ubuntu undisclosed unsubscribe updates user user1 user2 username users vacation vendor vendors verify volunteer warehouse web webinfo webmaster welcome workshop www x xxx you your your-email your.email your_email youremail your.name yourname your-name name.surname alias john.doe johndoe john_doe jane.doe janedoe jane_doe j.doe jdoe john.smith johnsmith jane.smith janesmith jsmith j.smith doe foo bar baz abc xyz alice bob email1 email2 example example1 sample demo dummy fake a b c',
);

/** Domains that are nobody's, or everybody's who needs one. */
const NO_DOMAIN =
  /(?:^|\.)(?:example\.\w+|example\d?|examples?\.\w+|test\.\w+|test|invalid|localhost|local|internal|domain\.\w+|email\.com|mail\.com|company\.\w+|(?:your|my|some|any|the|our)[\w-]*\.\w+|acme[\w-]*\.\w+|abc\.\w+|xyz\.\w+|foo\.\w+|bar\.\w+|fake\w*\.\w+|sample\w*\.\w+|dummy\w*\.\w+|placeholder\.\w+|website\.\w+|server\.\w+|host\.\w+|site\.\w+|organization\.\w+|business\.\w+|provider\.\w+|address\.\w+|corp\.com|contoso\.com|fabrikam\.com|mycompany\.\w+|users\.noreply\.github\.com|github\.com|gitlab\.com|bitbucket\.org)$/;

function emails(text: string, found: Found[]): void {
  for (let at = text.indexOf('@'); at >= 0 && found.length < MOST; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < 65 && isLocal(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && end - at < 256 && isDomain(text.charCodeAt(end))) end++;
    while (end > at && !isAlphanumeric(text.charCodeAt(end - 1))) end--;
    while (start < at && !isAlphanumeric(text.charCodeAt(start))) start++;
    if (at - start < 1 || at - start > 64 || end - at < 5) continue;
    const local = text.slice(start, at).toLowerCase();
    const domain = text.slice(at + 1, end).toLowerCase();
    if (isPersonsAddress(local, domain) && !isInUrl(text, start)) found.push({ kind: 'e-mail address', start, end });
  }
}

const isAlphanumeric = (c: number): boolean => (c > 47 && c < 58) || (c > 64 && c < 91) || (c > 96 && c < 123);
const isDomain = (c: number): boolean => isAlphanumeric(c) || c === 46 || c === 45;
const isLocal = (c: number): boolean => isDomain(c) || c === 95 || c === 37 || c === 43;

function isPersonsAddress(local: string, domain: string): boolean {
  if (!/^[a-z0-9]/.test(domain) || domain.includes('..') || domain.includes('.-') || local.includes('..')) return false;
  const dot = domain.lastIndexOf('.');
  const ending = domain.slice(dot + 1);
  if (dot < 2 || FILES.has(ending) || !(/^[a-z]{2}$/.test(ending) || ENDINGS.has(ending))) return false;
  if (NO_DOMAIN.test(domain) || ROLES.has(local) || ROLES.has(withoutTag(local))) return false;
  if (
    /^(?:no|do)[._-]?(?:t|not)?[._-]?reply|^(?:your|my|some|any|test|example|user|email|info|support|sales|contact)[._-]?\w{0,12}$/.test(
      local,
    )
  )
    return false;
  return local.replace(/\D/g, '').length < 8 && /[a-z]/.test(local); // message ids, transactions
}

/** Without what comes after a plus, or a number of up to four digits at the end: `sales2`, `info+news`. */
function withoutTag(local: string): string {
  const plus = local.indexOf('+');
  if (plus >= 0) return local.slice(0, plus);
  let end = local.length;
  while (local.length - end < 4 && end > 0 && /\d/.test(local.charAt(end - 1))) end--;
  return end < local.length && /[._+-]/.test(local.charAt(end - 1)) ? local.slice(0, end - 1) : local.slice(0, end);
}

/** `https://user@host.com`, `git+ssh://…`: what stands there is an account of a machine. */
function isInUrl(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 40), start);
  const scheme = before.lastIndexOf('://');
  return scheme >= 0 && !/[\s@]/.test(before.slice(scheme + 3));
}

// ── Numbers ─────────────────────────────────────────────────────────────────

function numbers(piece: string, found: Found[], from: number, digits: number): void {
  const here: Found[] = [];
  if (digits >= 12) cards(piece, here);
  accounts(piece, here);
  identities(piece, here, digits);
  phones(piece, here);
  for (const { kind, start, end } of here) found.push({ kind, start: from + start, end: from + end });
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** Whether digits count up or down or stand still in most steps: a number that somebody made up. */
function isMadeUp(digits: string): boolean {
  let steps = 0;
  for (let i = 1; i < digits.length; i++) if (Math.abs(digits.charCodeAt(i) - digits.charCodeAt(i - 1)) <= 1) steps++;
  return steps / (digits.length - 1) > 0.62 || new Set(digits).size < 3;
}

const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?/g;

/** The accounts that are given as examples everywhere, of the IBAN registry and Wikipedia; by their last 14 characters. */
const EXAMPLE_ACCOUNTS = words(
  'GB82WEST12345698765432 GB29NWBK60161331926819 GB33BUKB20201555555555 GB94BARC10201530093459 GB98MIDL07009312345678 DE89370400440532013000 DE91100000000123456789 DE02120300000000202051 DE75512108001245126199 FR1420041010050500013M02606 FR7630006000011234567890189 FR7630001007941234567890185 NL91ABNA0417164300 NL02ABNA0123456789 ES9121000418450200051332 ES7921000813610123456789 IT60X0542811101000000123456 CH9300762011623852957 CH5604835012345678009 BE68539007547034 BE71096123456769 AT611904300234573201 AT483200000012345864 PT50000201231234567890154 PL61109010140000071219812874 SE4550000000058398257466 NO9386011117947 DK5000400440116243 FI2112345600000785 IE29AIBK93115212345678 IE64IRCE92050112345678 LU280019400644750000 GR1601101250000000012300695 CZ6508000000192000145399 HU42117730161111101800000000 SA0380000000608010167519 AE070331234567890123456 TR330006100519786457841326',
);

function accounts(text: string, found: Found[]): void {
  for (const { 0: match, index } of text.matchAll(IBAN)) {
    if (found.length > MOST) return;
    for (let end = match.length; end >= 15; end--) {
      const next = text.charCodeAt(index + end);
      if (isAlphanumeric(next)) continue;
      const compact = match.slice(0, end).replace(/[ -]/g, '');
      if (compact.length < 15 || compact.length > 34 || !isBankAccount(compact)) continue;
      if (!EXAMPLE_ACCOUNTS.has(compact)) found.push({ kind: 'bank account', start: index, end: index + end });
      break;
    }
  }
}

const CARD =
  /(?<![\w.,-])(?:\d{4} \d{4} \d{4} \d{4}|\d{4}-\d{4}-\d{4}-\d{4}|3[47]\d{2} \d{6} \d{5}|3[47]\d{2}-\d{6}-\d{5}|\d{13,16}|\d{19})(?![\w-]|[.,]\d)/g;
const CARD_WORD =
  /card|visa|master|amex|american express|credit|debit|payment|discover|diners|\bcc\b|\bpan\b|karte|carte|tarjeta|cart[aã]o|carta|カード|卡/i;
/** Numbers that payment services and textbooks give for tests. */
const TEST_CARDS = words(
  '4111111111111111 4242424242424242 4012888888881881 4000056655665556 5555555555554444 5105105105105100 2223003122003222 5200828282828210 378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424 6011981111111113 3056930009020004 30569309025904 38520000023237 36227206271667 3566002020360505 3530111333300000 6200000000000005 4222222222222 5019717010103742 4000000000000002 4000000000009995 4000002500003155 4000000000003220 4532015112830366 4539578763621486 4716059046371345 4485275742308327 5425233430109903 2222420000001113 4263982640269299 4917484589897107 4001919257537193 4007702835532454 6362970000457013 374245455400126 374251018720955 6250941006528599 60115564485789458 4012000033330026 4508750015741019 5123456789012346 4917610000000000',
);

function cards(text: string, found: Found[]): void {
  for (const { 0: match, index } of text.matchAll(CARD)) {
    if (found.length > MOST) return;
    const digits = digitsOf(match);
    const end = index + match.length;
    if (TEST_CARDS.has(digits) || isMadeUp(digits) || !isCardNumber(digits)) continue;
    const before = text.slice(Math.max(0, index - 80), index);
    const named = CARD_WORD.test(before) || CARD_WORD.test(text.slice(end, end + 40));
    if (!named && (digits === match || /\d[ -]$/.test(before) || /^[ -]\d/.test(text.slice(end, end + 2)))) continue;
    found.push({ kind: 'payment card', start: index, end });
  }
}

interface Identity {
  readonly shape: RegExp;
  /** What must stand beside it; absent: the shape and its check digits are enough. */
  readonly word?: RegExp;
  readonly check: (text: string) => boolean;
}

/** Numbers that a state gives one person. https://en.wikipedia.org/wiki/National_identification_number */
const IDENTITIES: readonly Identity[] = [
  { shape: /(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])/g, word: /\bssns?\b|social.?security|\bss ?#/i, check: isSocialSecurity },
  { shape: /(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)/g, check: (text) => isTaxNumber(text, 'pt-BR') },
  { shape: /(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)/g, check: (text) => isTaxNumber(text, 'it-IT') },
  { shape: /(?<![\w.-])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![\w-])/g, check: (text) => isIdentityNumber(text, 'zh-CN') },
  {
    shape: /(?<![\w-])\d{8}-?[A-Z](?!\w)/g,
    word: /\b(?:d\.?n\.?i|n\.?i\.?f)\b|documento|identidad/i,
    check: (text) => isIdentityNumber(text.replace('-', ''), 'ES'),
  },
  { shape: /(?<![\w-])\d{11}(?![\w-])/g, word: /pesel/i, check: (text) => isIdentityNumber(text, 'PL') },
  { shape: /(?<![\w-])\d{9}(?![\w-])/g, word: /\bbsn\b|burgerservice/i, check: (text) => isTaxNumber(text, 'nl-NL') },
  {
    shape: /(?<![\w-])[1-9]\d(?: ?\d{3}){3}(?![\w-])/g,
    word: /steuer-?(?:id|ident)|steuerliche identif|\bidnr\b/i,
    check: (text) => isTaxNumber(digitsOf(text), 'de-DE'),
  },
  {
    shape: /(?<![\w-])[1-9]\d{2}([ -]?)\d{3}\1\d{3}(?![\w-])/g,
    word: /\bsin\b|social insurance/i,
    check: (text) => isTaxNumber(digitsOf(text), 'en-CA'),
  },
  {
    shape: /(?<![\w-])[2-9]\d{3}([ -]?)\d{4}\1\d{4}(?![\w-])/g,
    word: /aadh?aa?r|uidai/i,
    check: (text) => isIdentityNumber(digitsOf(text), 'IN'),
  },
  {
    shape: /(?<![\w-])\d{6}[-+A]\d{3}[0-9A-Y](?!\w)/g,
    word: /hetu|henkilötunnus|personbeteckning/i,
    check: (text) => isIdentityNumber(text, 'FI'),
  },
  {
    shape: /(?<![\w-])(?:19|20)?\d{6}[-+]\d{4}(?![\w-])/g,
    word: /personnummer|personnr|personal identity/i,
    check: (text) => isTaxNumber(text, 'sv-SE'),
  },
  {
    shape: /(?<![\w-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![\w-])/g,
    word: /s[ée]cu|\bnir\b|insee/i,
    check: isFrench,
  },
];

/** Areas 000, 666 and 900–999, group 00 and serial 0000 are never given; these were printed on cards in shop windows. https://www.ssa.gov/employer/randomization.html */
function isSocialSecurity(text: string): boolean {
  const digits = digitsOf(text);
  return !/^(?:000|666|9)|^\d{3}00|0000$/.test(digits) && !['078051120', '219099999', '123456789'].includes(digits) && !isMadeUp(digits);
}

/** France's number of 13 digits and their check: 97 less the rest of division by 97. */
function isFrench(text: string): boolean {
  const digits = digitsOf(text);
  return 97n - (BigInt(digits.slice(0, 13)) % 97n) === BigInt(digits.slice(13));
}

/** @param digits in the longest stretch: eight are the fewest that any has, but for Italy's, which has letters between */
function identities(text: string, found: Found[], digits: number): void {
  if (digits < 8 && !/[A-Z]{6}\d/.test(text)) return;
  for (const { shape, word, check } of IDENTITIES) {
    for (const { 0: match, index } of text.matchAll(shape)) {
      if (found.length > MOST) return;
      if (word && !word.test(text.slice(Math.max(0, index - 100), index + match.length + 40))) continue;
      if (check(match)) found.push({ kind: 'national id', start: index, end: index + match.length });
    }
  }
}

const INTERNATIONAL = /(?<![\w+])\+[1-9](?:[ ()./\u00a0-]{0,2}\d){6,14}(?!\d)/g;
const AMERICAN = /(?<![\w.+-])(?:\+?1[ .-])?\([2-9]\d{2}\)[ .-]?[2-9]\d{2}[ .-]\d{4}(?![\w-])/g;
/** A word that says that a phone number follows. */
const PHONE_WORD =
  /(?<![\p{L}\d])(?:tele?(?:ph?on[eo]?|f[oó]n[oe]?)?|t[ée]l(?:[ée]phone)?|(?:tele)?phone|cell(?:phone|ular)?|mobile?|mobil|handy|handynummer|telefonnummer|rufnummer|portable|m[óo]vil|celular|cellulare|telefon|whats ?app|fax|sms|call|text|reach|dial|contact|appelez|llama|ruf|anrufen|теле?фон)(?![\p{L}\d])|电话|手机|電話|携帯/giu;
/** Characters that may stand between such a word and its number: none that a number could begin with. */
const PHONE_GAP = 30;
const NATIONAL = /[+(]{0,2}\d(?:[ ()./\u00a0-]{0,2}\d){6,13}(?![\d-]|[.,]\d)/y;
/** Where numbers that begin with 0, or with none, are tried; as many people write as live there. */
const ZERO_COUNTRIES = ['GB', 'DE', 'FR', 'AU', 'IT', 'NL', 'CH', 'AT', 'JP', 'IN', 'BE', 'SE', 'TR', 'ZA'];

function phones(text: string, found: Found[]): void {
  let looked = 0;
  if (text.includes('+')) {
    for (const { 0: match, index } of text.matchAll(INTERNATIONAL)) {
      if (++looked > MOST) return;
      if (isRealPhone(match) && isPhoneNumber(match)) found.push({ kind: 'phone number', start: index, end: index + match.length });
    }
  }
  if (text.includes('(')) {
    for (const { 0: match, index } of text.matchAll(AMERICAN)) {
      if (++looked > MOST) return;
      if (isRealPhone(match) && isPhoneNumber(match, 'US')) found.push({ kind: 'phone number', start: index, end: index + match.length });
    }
  }
  PHONE_WORD.lastIndex = 0;
  for (let word = PHONE_WORD.exec(text); word; word = PHONE_WORD.exec(text)) {
    let at = PHONE_WORD.lastIndex;
    for (const end = at + PHONE_GAP; at < end && at < text.length && !/[\d\n+(]/.test(text.charAt(at)); ) at++;
    NATIONAL.lastIndex = at;
    const match = NATIONAL.exec(text)?.[0];
    if (match === undefined) {
      PHONE_WORD.lastIndex = word.index + 2; // another word may stand in between
      continue;
    }
    const start = at;
    if (++looked > MOST) return;
    PHONE_WORD.lastIndex = start + match.length;
    if (isRealPhone(match) && isNational(match)) found.push({ kind: 'phone number', start, end: start + match.length });
  }
}

function isNational(text: string): boolean {
  const digits = digitsOf(text);
  const { length } = digits;
  if (text.startsWith('+')) return isPhoneNumber(text);
  if (text.startsWith('00')) return isPhoneNumber(`+${digits.slice(2)}`);
  if (digits.startsWith('0')) return length >= 9 && length <= 12 && ZERO_COUNTRIES.some((country) => isPhoneNumber(digits, country));
  return (
    LOCAL.some(([shape, country]) => shape.test(digits) && isPhoneNumber(digits, country)) || (/[ ()-]/.test(text) && BRAZIL.test(digits))
  );
}

/** Numbers without a leading zero: of North America, and of mobile phones in India, China and Spain. */
const LOCAL: readonly (readonly [shape: RegExp, country: string])[] = [
  [/^1?[2-9]\d{2}[2-9]\d{6}$/, 'US'],
  [/^[6-9]\d{9}$/, 'IN'],
  [/^1[3-9]\d{9}$/, 'CN'],
  [/^[67]\d{8}$/, 'ES'],
];
const BRAZIL = /^[1-9]{2}9\d{8}$/;

/** Not what films and documentation use, nor digits in a row. https://en.wikipedia.org/wiki/Fictitious_telephone_number */
function isRealPhone(text: string): boolean {
  const digits = digitsOf(text);
  if (isMadeUp(digits.slice(-8)) || /^1?(?:\d{3}555\d{4}|555\d{7})$/.test(digits)) return false;
  if (/^1?(?:8(?:00|33|44|55|66|77|88)|900)\d{7}$/.test(digits)) return false; // of firms
  if (
    /^(?:44|0)(?:1632960|7700900|2079460|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960|8081570|9098790)/.test(
      digits,
    )
  )
    return false;
  return !/^(?:\d{4}[-./]\d{2}[-./]\d{2}|\d{2}[-./]\d{2}[-./]\d{4})/.test(text); // a date
}
