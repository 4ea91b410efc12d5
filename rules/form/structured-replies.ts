import {
  Causes,
  contentHash,
  count,
  defineRule,
  type Example,
  integer,
  isSyntax,
  type JsonReading,
  jsonReplies,
  list,
  looksLikeJson,
  marksOf,
  type OptionsOf,
  type Pair,
  pairs,
  percent,
  quote,
  type Remark,
  readJson,
  rounded,
  type Severity,
  type Sketch,
  type SyntaxProblem,
  sketches,
  sqlProblem,
  textForm,
  type Witness,
  xmlProblem,
  yamlProblem,
} from '../../src/kit.ts';

const specs = {
  warn: {
    description: 'Share of examples with a structured reply at fault in one way that is worth a look.',
    type: 'number',
    default: 0.01,
    minimum: 0,
    maximum: 1,
  },
  error: {
    description: 'Share of examples with a structured reply at fault in one way that must be mended before training.',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
} as const;

export default defineRule({
  meta: {
    id: 'structured-replies',
    family: 'form',
    severity: 'error',
    docs: {
      summary:
        'Counts replies, blocks in them and calls of tools that should parse and do not: JSON, XML, YAML, SQL; prose among JSON; and JSON with other keys or types than the rest.',
      why: 'What reads the replies of the tuned model will parse them. A model learns a comma too many as readily as the right keys, and then every so many calls fail.',
      score:
        'Not scored. A syntax is judged only where at least half of the texts that look like it parse; a kind that 1% of examples show is a warning, 10% an error. Prose is told where nine in ten replies are JSON, other keys or types where nine in ten agree (as info). JSON that merely breaks off is told by cut-replies, calls in a field of their own by example-shape.',
      source: 'RFC 8259 (https://www.rfc-editor.org/rfc/rfc8259), XML 1.0 by saxes, YAML 1.2 by yaml; of SQL only quotes and brackets.',
    },
    options: specs,
    exact: true,
  },

  create: () => ({
    examples: 0,
    replies: 0,
    /** Texts that look like a syntax, by kind, and how many of them parse. */
    ...countsOf(),
    /** Replies that are JSON in a fence and nothing else. */
    fencedJson: 0,
    bareJson: 0,
    /** `<kind>\n<reason>`: one for each example and kind. */
    faults: new Causes(400),
    other: new Causes(1),
    fenced: new Causes(1),
    bare: new Causes(1),
    keys: new Causes(500, 3),
    types: new Causes(2000, 3),
  }),

  observe(state, example) {
    state.examples += 1;
    look(state, example);
  },

  finish(state, options) {
    const findings: Remark[] = [];
    for (const kind of KINDS) {
      const remark = brokenRemark(kind, state, options);
      if (remark) findings.push(remark);
    }
    const prose = proseRemark(state, options);
    if (prose) findings.push(prose);
    findings.push(...fenceRemarks(state), ...keyRemarks(state), ...typeRemarks(state));
    return { score: null, findings };
  },
});

const KINDS = ['json', 'jsonBlock', 'toolCall', 'xml', 'xmlBlock', 'yaml', 'yamlBlock', 'sql'] as const;
type Kind = (typeof KINDS)[number];
type Counts = { [K in Kind | `${Kind}Whole`]: number };

const countsOf = (): Counts => Object.fromEntries(KINDS.flatMap((kind) => [[kind, 0] as const, [`${kind}Whole`, 0] as const])) as Counts;

interface Seen extends Counts {
  examples: number;
  replies: number;
  fencedJson: number;
  bareJson: number;
  readonly faults: Causes;
  readonly other: Causes;
  readonly fenced: Causes;
  readonly bare: Causes;
  readonly keys: Causes;
  readonly types: Causes;
}

// ── What is said of them ────────────────────────────────────────────────────

const NAMES: Readonly<Record<Kind, { readonly key: string; readonly says: string; readonly those: string; readonly expected: string }>> = {
  json: { key: 'JSON', says: 'a reply that is no valid JSON', those: 'replies that look like JSON', expected: 'JSON' },
  jsonBlock: { key: 'JSON block', says: 'a block of JSON that is not valid', those: 'such blocks', expected: 'JSON' },
  toolCall: { key: 'tool call', says: 'a call of a tool that is no valid JSON', those: 'such calls', expected: 'JSON' },
  xml: { key: 'XML', says: 'a reply that is no well-formed XML', those: 'replies that look like XML', expected: 'XML' },
  xmlBlock: { key: 'XML block', says: 'a block of XML that is not well-formed', those: 'such blocks', expected: 'XML' },
  yaml: { key: 'YAML', says: 'a reply that is no valid YAML', those: 'replies that look like YAML', expected: 'YAML' },
  yamlBlock: { key: 'YAML block', says: 'a block of YAML that is not valid', those: 'such blocks', expected: 'YAML' },
  sql: {
    key: 'SQL',
    says: 'a reply in SQL whose quotes or brackets do not match',
    those: 'replies in SQL',
    expected: 'quotes and brackets that match',
  },
};

type Bounds = OptionsOf<typeof specs>;
const CAUSES_TOLD = 3;
const PLACES = 5;
/** So many must parse, and this share, before those that do not are told. */
const ENOUGH_WHOLE = 3;
const MOSTLY_WHOLE = 0.5;

const levelOf = (share: number, { warn, error }: Bounds): Severity => (share >= error ? 'error' : share >= warn ? 'warn' : 'info');
const these = (times: number): string => (times === 1 ? 'this example' : `these ${count(times, 'example')}`);
const have = (times: number): string => (times === 1 ? 'has' : 'have');

function brokenRemark(kind: Kind, state: Seen, options: Bounds): Remark | undefined {
  const causes = state.faults.list().filter(({ key }) => key.startsWith(`${kind}\n`));
  const whole = state[`${kind}Whole`];
  const share = rounded(whole / state[kind]);
  if (causes.length === 0 || whole < ENOUGH_WHOLE || share < MOSTLY_WHOLE) return undefined;
  const times = causes.reduce((sum, cause) => sum + cause.times, 0);
  const ofExamples = rounded(times / state.examples);
  const { key, says, those, expected } = NAMES[kind];
  const told = causes.slice(0, CAUSES_TOLD).map((cause) => `${cause.key.slice(kind.length + 1)} in ${integer(cause.times)}`);
  const more = causes.length - told.length;
  const why =
    times === 1
      ? `${causes[0]?.key.slice(kind.length + 1)}, at ${causes[0]?.example}`
      : list(more > 0 ? [...told, count(more, 'other cause')] : told);
  return {
    key,
    message: `${count(times, 'example')} (${percent(ofExamples)}) ${have(times)} ${says} (${why}), where ${percent(share)} of ${those} are, expected ${expected}`,
    level: levelOf(ofExamples, options),
    suggestion: `Mend ${these(times)}, or drop ${times === 1 ? 'it' : 'them'}`,
    evidence: byPlace(causes.flatMap(({ witnesses }) => witnesses)),
    data: { examples: times, share: ofExamples, parse: share, warn: options.warn, error: options.error },
  };
}

/** Witnesses of several causes, as places. */
const byPlace = (witnesses: readonly Witness[]): readonly Witness[] =>
  witnesses.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)).slice(0, PLACES);

/** So many replies must be JSON, and this share, before prose among them is at fault. */
const ENOUGH_JSON = 20;
const ALL_BUT_JSON = 0.9;

function proseRemark(state: Seen, options: Bounds): Remark | undefined {
  const cause = state.other.list()[0];
  const json = state.json + state.fencedJson;
  const share = rounded(json / state.replies);
  if (!cause || json < ENOUGH_JSON || share < ALL_BUT_JSON) return undefined;
  const { times, witnesses } = cause;
  const ofExamples = rounded(times / state.examples);
  return {
    key: 'prose among JSON',
    message: `${count(times, 'example')} (${percent(ofExamples)}) ${have(times)} a reply that is no JSON, where ${percent(share)} of the replies are, expected JSON`,
    level: levelOf(ofExamples, options),
    suggestion: `Write the ${times === 1 ? 'reply' : 'replies'} of ${these(times)} as JSON, or move ${times === 1 ? 'it' : 'them'} to a data set of ${times === 1 ? 'its' : 'their'} own`,
    evidence: witnesses,
    data: { examples: times, share: ofExamples, json: share, warn: options.warn, error: options.error },
  };
}

function fenceRemarks({ bareJson, fencedJson, fenced, bare }: Seen): Remark[] {
  const total = bareJson + fencedJson;
  const few = fencedJson * 2 <= total;
  const cause = (few ? fenced : bare).list()[0];
  if (bareJson === 0 || fencedJson === 0 || total < ENOUGH_JSON || !cause) return [];
  const times = few ? fencedJson : bareJson;
  return [
    {
      key: 'fences',
      message: `JSON stands ${few ? 'in a code fence' : 'bare'} in ${integer(times)} of ${count(total, 'reply', 'replies')} (${percent(rounded(times / total))}) and ${few ? 'bare' : 'in a code fence'} in the others, expected one of the two`,
      level: 'info',
      suggestion: few ? `Take the fences off ${count(times, 'reply', 'replies')}` : `Put fences around ${count(times, 'reply', 'replies')}`,
      evidence: cause.witnesses,
      data: { fenced: fencedJson, bare: bareJson },
    },
  ];
}

/** The same keys in this share of the JSON replies are a schema. */
const SCHEMA = 0.9;
const KEYS_TOLD = 3;

/** Nothing where there were too many sets of keys to keep count of: then there is no schema either. */
const isWhole = ({ limit }: Causes): boolean => limit === Number.MAX_SAFE_INTEGER;

function keyRemarks({ keys }: Seen): Remark[] {
  const [main, ...others] = keys.list();
  if (!main || others.length === 0 || !isWhole(keys) || keys.total < ENOUGH_JSON || main.times < SCHEMA * keys.total) return [];
  const schema = JSON.parse(main.key) as string[];
  const differences = new Map<string, number>();
  const tell = (what: string, times: number): void => void differences.set(what, (differences.get(what) ?? 0) + times);
  for (const { key, times } of others) {
    const own = JSON.parse(key) as string[];
    for (const name of schema) if (!own.includes(name)) tell(`${quote(name)} missing`, times);
    for (const name of own) if (!schema.includes(name)) tell(`${quote(name)} besides`, times);
  }
  const all = [...differences].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const told = all.slice(0, KEYS_TOLD).map(([what, times]) => `${what} in ${integer(times)}`);
  const more = all.length - told.length;
  const times = keys.total - main.times;
  return [
    {
      key: 'other keys',
      message: `${integer(times)} of ${count(keys.total, 'JSON reply', 'JSON replies')} ${have(times)} other keys than the rest (${list(more > 0 ? [...told, count(more, 'other difference')] : told)}), expected ${list(schema.slice(0, 6).map((name) => quote(name)))}${schema.length > 6 ? ` and ${count(schema.length - 6, 'other')}` : ''}`,
      level: 'info',
      suggestion: `Give ${times === 1 ? 'this reply' : `these ${count(times, 'reply', 'replies')}`} the keys of the rest, or leave ${times === 1 ? 'it' : 'them'} if the key is optional`,
      evidence: byPlace(others.flatMap(({ witnesses }) => witnesses)),
      data: { replies: times, share: rounded(times / keys.total) },
    },
  ];
}

/** A key that so many of the replies have belongs to their schema. */
const COMMON_KEY = 0.5;
/** A key whose values are of one type in this share of the replies has that type; null is of every type. */
const ONE_TYPE = 0.9;

function typeRemarks({ types, keys }: Seen): Remark[] {
  if (!isWhole(types)) return [];
  const byKey = new Map<string, { type: string; times: number; witnesses: readonly Witness[] }[]>();
  for (const { key, times, witnesses } of types.list()) {
    const cut = key.lastIndexOf('\n');
    const name = key.slice(0, cut);
    byKey.set(name, [...(byKey.get(name) ?? []), { type: key.slice(cut + 1), times, witnesses }]);
  }
  const told: { what: string; times: number; witnesses: readonly Witness[] }[] = [];
  for (const [name, found] of byKey) {
    const total = found.reduce((sum, { times }) => sum + times, 0);
    const [main, ...others] = found;
    if (!main || others.length === 0 || total < ENOUGH_JSON || total < COMMON_KEY * keys.total || main.times < ONE_TYPE * total) continue;
    for (const { type, times, witnesses } of others) {
      told.push({
        what: `${quote(name)} is ${type} in ${integer(times)} of ${integer(total)}, where it is ${main.type}`,
        times,
        witnesses,
      });
    }
  }
  if (told.length === 0) return [];
  told.sort((a, b) => b.times - a.times || (a.what < b.what ? -1 : 1));
  const shown = told.slice(0, KEYS_TOLD).map(({ what }) => what);
  const more = told.length - shown.length;
  return [
    {
      key: 'other types',
      message: `In JSON replies ${list(more > 0 ? [...shown, count(more, 'other key')] : shown)}, expected one type for each key`,
      level: 'info',
      suggestion: `Write the values of ${count(told.length, 'key')} in one type`,
      evidence: byPlace(told.flatMap(({ witnesses }) => witnesses)),
      data: { keys: told.length },
    },
  ];
}

// ── Finding them ────────────────────────────────────────────────────────────

const TICKS = marksOf('`');
const ANGLE = marksOf('<');
const SQUARE = marksOf('[');
const ENOUGH_BLOCKS = 20;

/** Prose costs a look at its first character and at the marks it holds. */
function look(seen: Seen, example: Example): void {
  const all = pairs(example);
  const told = new Set<Kind>();
  for (let i = 0; i < all.length; i++) {
    const { reply, turn } = all[i] as Pair;
    if (reply.length === 0 || example.messages[turn]?.calls) continue;
    seen.replies += 1;
    const reading = jsonReplies(example)[i];
    if (reading) {
      readReply(seen, example, reply, reading, told);
      continue;
    }
    const { marks } = sketches(example)[turn] as Sketch;
    let syntax = looksLikeJson(reply); // too long to be parsed
    if ((marks & TICKS) !== 0 && reply.includes('```')) syntax = readBlocks(seen, example, reply, told) || syntax;
    if ((marks & ANGLE) !== 0) syntax = readMarkup(seen, example, reply, told) || syntax;
    if ((marks & SQUARE) !== 0) readCalls(seen, example, reply, '[TOOL_CALLS]', '</s>', told);
    if (!syntax && SQL_FIRST.test(reply) && textForm(reply).form === 'sql') {
      syntax = true;
      judge(seen, example, 'sql', reply, 0, sqlProblem(reply), told);
    }
    if (!syntax && reply.startsWith('---\n') && /^---\n[\w-]{1,60}:(?:\s|$)/.test(reply.slice(0, 80)) && !isTemplate(reply)) {
      syntax = !reply.includes('\n---\n'); // front matter before prose
      if (syntax) judge(seen, example, 'yaml', reply, 0, yamlProblem(reply), told);
    }
    if (!syntax) seen.other.add('prose', contentHash(example), example.at, reply);
  }
}

const SQL_FIRST =
  /^\s{0,20}(?:select|insert\s{1,9}into|update|delete\s{1,9}from|create\s{1,9}(?:or|temp|temporary|table|view|index|database|unique)|alter\s{1,9}table|drop\s{1,9}(?:table|view|index)|with\s{1,9}\w{1,60}\s{1,9}as|--)\s/i;

function judge(
  seen: Seen,
  example: Example,
  kind: Kind,
  text: string,
  offset: number,
  problem: SyntaxProblem | undefined,
  told: Set<Kind>,
): void {
  seen[kind] += 1;
  if (!problem) {
    seen[`${kind}Whole`] += 1;
    return;
  }
  if (told.has(kind)) return;
  told.add(kind);
  const index = offset + problem.at;
  seen.faults.add(`${kind}\n${causeOf(problem.reason)}`, contentHash(example), example.at, text, index, placeIn(text, index));
}

/** A reason without what it quotes of the data and without its remedy: a cause must not have as many names as texts. */
function causeOf(reason: string): string {
  const bare = reason.startsWith('"') ? 'text that does not belong there' : reason.replace(/, (?:which |").*$/s, '');
  return bare.endsWith(')') && !bare.endsWith('(Python?)') ? bare.slice(0, bare.lastIndexOf(' (')) : bare;
}

/** Where an editor would show it. */
function placeIn(text: string, index: number): string {
  const before = text.slice(0, index);
  const line = before.split('\n').length;
  return `line ${integer(line)}, column ${integer(index - before.lastIndexOf('\n'))} of the reply`;
}

// ── JSON ────────────────────────────────────────────────────────────────────

function readReply(seen: Seen, example: Example, reply: string, reading: JsonReading, told: Set<Kind>): void {
  if (reading.state === 'open') {
    seen.json += 1; // told by cut-replies
    return;
  }
  judge(seen, example, 'json', reply, 0, reading.state === 'bad' ? reading : undefined, told);
  if (reading.state === 'bad') return;
  seen.bareJson += 1;
  seen.bare.add('bare', contentHash(example), example.at, reply);
  readObject(seen, example, reply, reading.value, told);
}

/** Objects with more keys are tables, whose keys are data. */
const MOST_KEYS = 60;
const LONGEST_KEY = 60;

function readObject(seen: Seen, example: Example, reply: string, value: unknown, told: Set<Kind>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const object = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(object);
  if (names.length > MOST_KEYS || names.some((name) => name.length > LONGEST_KEY)) return;
  names.sort();
  const hash = contentHash(example);
  seen.keys.add(JSON.stringify(names), hash, example.at, reply);
  for (const name of names) {
    const type = typeOf(object[name]);
    if (type === 'null') continue;
    const key = `${name}\n${type}`;
    const wanted = seen.types.kept.get(key)?.sample.wants(hash) ?? true; // the place is dear, and almost all are turned down
    seen.types.add(key, hash, example.at, reply, wanted ? Math.max(0, reply.indexOf(JSON.stringify(name))) : 0);
  }
  const { name, arguments: given } = object;
  if (typeof name === 'string' && typeof given === 'string' && looksLikeJson(given)) {
    const inner = readJson(given);
    if (inner) {
      const at = Math.max(0, reply.indexOf('"arguments"'));
      judge(
        seen,
        example,
        'toolCall',
        reply,
        at,
        inner.state === 'whole' ? undefined : { at: 0, reason: `arguments with ${inner.reason}` },
        told,
      );
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}

// ── Blocks ──────────────────────────────────────────────────────────────────

/** Reads the fenced blocks of a reply; true where it is JSON in a fence and nothing else, or mostly blocks. */
function readBlocks(seen: Seen, example: Example, reply: string, told: Set<Kind>): boolean {
  let inside = 0;
  let blocks = 0;
  let onlyJson = false;
  for (let at = reply.indexOf('```'); at >= 0 && blocks < ENOUGH_BLOCKS; blocks++) {
    const lineEnd = reply.indexOf('\n', at);
    if (lineEnd < 0) break;
    const end = reply.indexOf('\n```', lineEnd);
    if (end < 0) break; // told by cut-replies
    const language = reply
      .slice(at + 3, Math.min(lineEnd, at + 30))
      .trim()
      .toLowerCase();
    const text = reply.slice(lineEnd + 1, end);
    inside += end + 4 - at;
    const alone = reply.slice(0, at).trim() === '' && reply.slice(end + 4, end + 1000).trim() === '';
    if (language === 'json' || (language === '' && alone && looksLikeJson(text))) {
      const reading = text.trim() === '' || isSketchOf(text) ? undefined : readJson(text);
      if (reading && !isElided(text, reading)) {
        judge(seen, example, 'jsonBlock', reply, lineEnd + 1, reading.state === 'whole' ? undefined : reading, told);
        if (alone && reading.state === 'whole' && looksLikeJson(text)) {
          onlyJson = true;
          seen.fencedJson += 1;
          seen.fenced.add('fenced', contentHash(example), example.at, reply);
          readObject(seen, example, reply, reading.value, told);
        }
      }
    } else if (language === 'xml' && !isSketchOf(text)) {
      judge(seen, example, 'xmlBlock', reply, lineEnd + 1, xmlProblem(text.trimStart(), !text.trimStart().startsWith('<?xml')), told);
    } else if ((language === 'yaml' || language === 'yml') && !isSketchOf(text) && !isTemplate(text)) {
      judge(seen, example, 'yamlBlock', reply, lineEnd + 1, yamlProblem(text), told);
    }
    at = reply.indexOf('```', end + 4);
  }
  return onlyJson || inside * 2 > reply.length;
}

/** Whether parts are left out on purpose, as in a manual. */
const isSketchOf = (text: string): boolean => text.includes('...') || text.includes('…');
const isElided = (text: string, { state, reason, at }: JsonReading): boolean =>
  state === 'bad' && (reason.startsWith('a comment') || /^(?:<|#|\/[/*])/.test(text.slice(at, at + 2)));
const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%') || text.includes('${');

// ── XML and calls ───────────────────────────────────────────────────────────

const CALLS = ['tool_call', 'functioncall', 'function_call'] as const;

/** Reads a reply that is an XML document, or holds calls in tags; true where it is a document. */
function readMarkup(seen: Seen, example: Example, reply: string, told: Set<Kind>): boolean {
  for (const name of CALLS) readCalls(seen, example, reply, `<${name}>`, `</${name}>`, told);
  let start = 0;
  while (start < 100 && reply.charCodeAt(start) <= 32) start++;
  if (reply.charCodeAt(start) !== 60) return false;
  const text = reply.trim();
  if (textForm(text).form !== 'xml' || !isDocument(text)) return text.endsWith('>') && isSyntax(textForm(text).form);
  judge(seen, example, 'xml', reply, reply.indexOf('<'), xmlProblem(text), told);
  return true;
}

/** Whether the first tag is closed by the last and holds other tags: not `<answer>x < y</answer>`, nor `<think>…</think>` before an answer. */
function isDocument(text: string): boolean {
  if (text.startsWith('<?xml')) return true;
  const root = /^<([A-Za-z][\w:.-]{0,60})[\s>]/.exec(text.slice(0, 80))?.[1];
  if (root === undefined || !text.endsWith(`</${root}>`) || /^(?:think|thinking|reasoning|scratchpad|answer)$/i.test(root)) return false;
  const child = /<([A-Za-z][\w:.-]{0,60})[\s/>]/.exec(text.slice(root.length + 2, root.length + 4000))?.[1];
  return child !== undefined && (text.indexOf('</') < text.lastIndexOf('</') || text.includes('/>'));
}

function readCalls(seen: Seen, example: Example, reply: string, open: string, close: string, told: Set<Kind>): void {
  let calls = 0;
  for (let at = reply.indexOf(open); at >= 0 && calls < ENOUGH_BLOCKS; calls++) {
    const from = at + open.length;
    let to = reply.indexOf(close, from);
    if (to < 0) to = reply.indexOf('<|', from);
    if (to < 0) to = reply.length;
    const text = reply.slice(from, to);
    const reading = looksLikeJson(text) ? readJson(text) : undefined;
    if (reading) judge(seen, example, 'toolCall', reply, from, reading.state === 'whole' ? undefined : reading, told);
    at = reply.indexOf(open, to);
  }
}
