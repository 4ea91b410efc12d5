import type { Path } from '../types.ts';
import { list, quote } from '../wording.ts';
import type { Calls, Fault, FaultKind, Field, Fields, Order, Provider, Raw, Rejection, Shape, Speaker, Turns } from './provider.ts';
import { shapeNamed } from './shapes.ts';

/** What a row is for a provider: its shape (none where it takes no such row) and the media in it. */
export interface Checked {
  readonly shape: Shape | undefined;
  readonly images: number;
  readonly videos: number;
  readonly tools: number;
}

/** What is read off a row on the way. */
interface Check {
  readonly provider: Provider;
  readonly tell: (fault: Fault) => void;
  told: Set<string> | undefined;
  images: number;
  videos: number;
  tools: number;
}

/**
 * Calls `tell` with each fault that a provider would find in a row: all that are independent of each other, each root
 * cause once. Linear in the size of the row; looks no deeper than the shapes do.
 */
export function checkRow(provider: Provider, raw: Raw, tell: (fault: Fault) => void): Checked {
  const check: Check = { provider, tell, told: undefined, images: 0, videos: 0, tools: 0 };
  const shape = provider.shapes.find(({ detects }) => detects(raw));
  if (shape?.wrong) {
    fault(check, shape.wrong.kind, [], shape.wrong.detail, '', [shape.wrong.expected]);
  } else if (shape) {
    checkFields(check, shape.fields, raw, [], shape.renamed);
    if (shape.ignored) checkIgnored(check, shape.ignored, raw);
    if (shape.extra) checkExtra(check, shape.fields, shape.extra, raw, []);
  } else {
    const found = shapeNamed(raw);
    const isPreference = found?.includes('preference') ?? false;
    const taken = provider.shapes.filter(({ wrong }) => !wrong);
    // What is nearest first.
    const nearest = taken.toSorted((a, b) => rank(a, isPreference) - rank(b, isPreference));
    const expected = nearest.map(({ name }) => name);
    const does: Rejection = provider.mapping !== undefined ? { does: 'unknown' } : provider.foreign ? { does: provider.foreign } : {};
    if (found) fault(check, 'shape', [], `the fields of ${found}`, '', expected, does);
    else fault(check, 'unknown-shape', [], fieldsOf(raw), 'fields of no shape it takes', expected, does);
  }
  return { shape, images: check.images, videos: check.videos, tools: check.tools };
}

const CHATS = new Set(['messages', 'contents', 'conversation', 'conversations', 'interactions']);

function rank({ purpose, id }: Shape, isPreference: boolean): number {
  if ((purpose === 'preference') !== isPreference) return 2;
  return isPreference || CHATS.has(id) ? 0 : 1;
}

function fault(
  check: Check,
  kind: FaultKind,
  path: Path,
  detail: string,
  general: string,
  expected: readonly string[],
  { does, confidence = 'confirmed' }: Rejection = {},
): void {
  const { provider, tell } = check;
  const key = `${kind} ${patternOf(path)}`;
  if (check.told?.has(key)) return;
  check.told = (check.told ?? new Set()).add(key);
  tell({ kind, path, detail, general: general || detail, expected, does: does ?? provider.broken, confidence });
}

/** A path without its indexes: `messages[].role`. */
export function patternOf(path: Path): string {
  let pattern = '';
  for (const step of path) pattern += typeof step === 'number' ? '[]' : pattern === '' ? step : `.${step}`;
  return pattern;
}

const FIELDS_SHOWN = 4;

function fieldsOf(raw: Raw): string {
  const keys = Object.keys(raw);
  if (keys.length === 0) return 'no fields';
  const shown = keys.slice(0, FIELDS_SHOWN).map((key) => quote(key, 30));
  const rest = keys.length > FIELDS_SHOWN ? ' and others' : '';
  return `the ${keys.length === 1 ? 'field' : 'fields'} ${shown.join(', ')}${rest}`;
}

/** 'the fields "a" and "b"', at most so many of them. */
function counted(noun: string, names: readonly string[]): string {
  const shown = names.slice(0, FIELDS_SHOWN).map((name) => quote(name, 30));
  const rest = names.length > FIELDS_SHOWN ? [...shown, 'others'] : shown;
  return `the ${noun}${names.length === 1 ? '' : 's'} ${list(rest)}`;
}

const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'a boolean', object: 'an object' }[typeof value as string] ?? 'no JSON';
}

// ── Fields ──────────────────────────────────────────────────────────────────

function checkFields(check: Check, fields: Fields, raw: Raw, path: Path, renamed: Shape['renamed'] = {}): void {
  for (const name in fields) {
    const field = fields[name] as Field;
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (value == null) {
      if (field.optional) continue;
      const wrong = Object.keys(renamed).find((each) => renamed[each] === name && raw[each] != null);
      if (wrong) fault(check, 'renamed', [...path, wrong], `a field "${wrong}"`, '', [`"${name}"`]);
      else if (value === null) fault(check, 'type', [...path, name], `a "${name}" that is null`, '', [wanted(field)]);
      else fault(check, 'missing', path, `no "${name}"`, '', [wanted(field)]);
      continue;
    }
    checkField(check, name, field, value, [...path, name]);
  }
}

function checkIgnored(check: Check, { fields, unless, where, expected, confidence }: NonNullable<Shape['ignored']>, raw: Raw): void {
  if (unless !== undefined && raw[unless] != null) return;
  const name = fields.find((each) => raw[each] != null && raw[each] !== '');
  if (name !== undefined)
    fault(check, 'ignored', [name], `a field "${name}" ${where}`, '', [expected], { does: 'ignores the field', confidence });
}

function checkExtra(check: Check, fields: Fields, extra: Rejection, raw: Raw, path: Path): void {
  for (const name in raw) {
    if (Object.hasOwn(fields, name)) continue;
    const names = Object.keys(raw).filter((one) => !Object.hasOwn(fields, one));
    const known = Object.keys(fields).map((each) => `"${each}"`);
    fault(check, 'extra', [...path, name], `${counted('field', names)} it does not know`, 'a field it does not know', known, extra);
    return;
  }
}

function wanted(field: Field): string {
  switch (field.kind) {
    case 'text':
      return 'a text';
    case 'texts':
      return 'a list of texts';
    case 'boolean':
      return 'true or false';
    case 'booleans':
      return 'a list of true and false';
    case 'weight':
      return 'a number of at least 0';
    case 'constant':
      return `"${field.value}"`;
    case 'turns':
      return `a list of ${field.turns.each}s`;
    case 'turn':
      return `a ${field.turns.each}`;
    case 'text or turns':
      return `a text or a list of ${field.turns.each}s`;
    case 'object':
      return 'an object';
    case 'blocks':
      return 'a list of {"text"}';
    case 'text pairs':
      return 'a list of [prompt, reply]';
    case 'segments':
      return 'a list of {"label", "text"}';
    case 'tools':
      return 'a list of tools';
    case 'scored':
      return 'a list of two completions';
    default:
      return 'a value';
  }
}

function checkField(check: Check, name: string, field: Field, value: unknown, path: Path): void {
  const wrong = (): void => fault(check, 'type', path, `a "${name}" that is ${kindOf(value)}`, '', [wanted(field)]);
  switch (field.kind) {
    case 'any':
      return;
    case 'text':
      if (typeof value !== 'string') wrong();
      return;
    case 'constant':
      if (value !== field.value) fault(check, 'type', path, `a "${name}" other than "${field.value}"`, '', [`"${field.value}"`]);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') wrong();
      return;
    case 'weight':
      if (typeof value !== 'number' || value < 0) wrong();
      return;
    case 'texts':
    case 'booleans': {
      const type = field.kind === 'texts' ? 'string' : 'boolean';
      if (!Array.isArray(value) || value.some((item) => typeof item !== type)) wrong();
      return;
    }
    case 'text pairs':
      if (!Array.isArray(value)) wrong();
      else if (value.some((pair) => !Array.isArray(pair) || pair.length !== 2 || pair.some((text) => typeof text !== 'string')))
        fault(check, 'type', path, `a "${name}" that holds other things than pairs of texts`, '', [wanted(field)]);
      return;
    case 'blocks':
      if (!Array.isArray(value)) wrong();
      else if (value.some((block) => !isObject(block) || typeof block.text !== 'string'))
        fault(check, 'type', path, `a "${name}" that holds other things than texts`, '', [wanted(field)]);
      return;
    case 'segments':
      if (!Array.isArray(value)) wrong();
      else if (value.some((part) => !isObject(part) || typeof part.text !== 'string' || typeof part.label !== 'boolean'))
        fault(check, 'type', path, `a "${name}" that holds other things than segments`, '', [wanted(field)]);
      return;
    case 'object':
      if (isObject(value)) checkFields(check, field.fields, value, path);
      else wrong();
      return;
    case 'tools':
      if (Array.isArray(value)) checkTools(check, value, field, path);
      else wrong();
      return;
    case 'turn':
      if (isObject(value)) checkTurn(check, field.turns, value, path, new Set());
      else wrong();
      return;
    case 'turns':
      if (Array.isArray(value)) checkTurns(check, name, field.turns, value, path);
      else wrong();
      return;
    case 'text or turns':
      if (Array.isArray(value)) checkTurns(check, name, field.turns, value, path);
      else if (typeof value !== 'string') wrong();
      return;
    case 'scored':
      checkScored(check, name, field, value, path);
  }
}

function checkScored(check: Check, name: string, field: Extract<Field, { kind: 'scored' }>, value: unknown, path: Path): void {
  if (!Array.isArray(value) || value.length !== 2) {
    const detail = Array.isArray(value) ? `a list of "${name}" that are not two` : `a "${name}" that is ${kindOf(value)}`;
    fault(check, 'type', path, detail, '', [wanted(field)]);
    return;
  }
  const scores = value.map((each) => (isObject(each) ? each.score : undefined));
  if (!scores.includes(1) || !scores.includes(0)) fault(check, 'scores', path, 'completions with other scores', '', ['the scores 1 and 0']);
  value.forEach((each, i) => {
    const at = [...path, i, 'completion'];
    if (isObject(each) && isObject(each.completion)) checkTurn(check, field.turns, each.completion, at, new Set());
    else fault(check, 'missing', [...path, i], 'a completion without "completion"', '', ['a turn']);
  });
}

const FUNCTION_NAME = /^[\w-]{1,64}$/;

function checkTools(check: Check, tools: readonly unknown[], { needs, wrapped }: Extract<Field, { kind: 'tools' }>, path: Path): void {
  check.tools = Math.max(check.tools, tools.length);
  for (let i = 0; i < tools.length; i++) {
    const tool = tools[i];
    const inner = isObject(tool) && wrapped ? tool.function : tool;
    const at = wrapped ? [...path, i, 'function'] : [...path, i];
    if (!isObject(tool) || !isObject(inner)) {
      fault(check, 'tool', [...path, i], wrapped ? 'a tool without "function"' : 'a tool that is no object', '', ['{"type", "function"}']);
      continue;
    }
    const lacking = needs.filter((need) => inner[need] == null).map((need) => `"${need}"`);
    if (lacking.length > 0)
      fault(check, 'tool', at, `a tool without ${list(lacking)}`, 'a tool that lacks a field', [list(needs.map((need) => `"${need}"`))]);
    if (typeof inner.name === 'string' && !FUNCTION_NAME.test(inner.name))
      fault(check, 'tool', [...at, 'name'], `a tool named ${quote(inner.name)}`, 'a tool whose name it does not take', [
        'at most 64 of a–z, A–Z, 0–9, _ and -',
      ]);
  }
}

// ── Turns ───────────────────────────────────────────────────────────────────

function checkTurns(check: Check, name: string, spec: Turns, turns: readonly unknown[], path: Path): void {
  if (turns.length === 0) {
    fault(check, 'empty', path, `an empty "${name}"`, '', [`at least one ${spec.each}`]);
    return;
  }
  const speakers: Speaker[] = [];
  const said: Raw[] = [];
  const ids = new Set<string>();
  let known = true;
  let trained = false;
  for (let i = 0; i < turns.length; i++) {
    const turn = turns[i];
    if (!isObject(turn)) {
      fault(check, 'type', [...path, i], `a ${spec.each} that is ${kindOf(turn)}`, '', ['an object']);
      known = false;
      continue;
    }
    const speaker = checkTurn(check, spec, turn, [...path, i], ids);
    if (speaker === 'elsewhere') continue;
    if (!speaker) known = false;
    said.push(turn);
    if (speaker) speakers.push(speaker);
    if (speaker === 'assistant' && turn.weight !== 0) trained = true;
  }
  // Who speaks when cannot be judged where it is not known who speaks.
  if (known) checkOrder(check, spec, speakers, said, trained, path, turns);
}

/** The roles that need no table. */
const COMMON: ReadonlyMap<string, Speaker> = new Map<string, Speaker>([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['model', 'assistant'],
  ['tool', 'tool'],
]);

/** Who speaks; nothing where it cannot be told; 'elsewhere' where the turn should stand elsewhere, and the others are judged without it. */
function checkTurn(check: Check, spec: Turns, turn: Raw, path: Path, ids: Set<string>): Speaker | 'elsewhere' | undefined {
  const { role: key, roles, each } = spec;
  const name = turn[key];
  if (typeof name !== 'string') {
    const detail = name === undefined ? `a ${each} without "${key}"` : `a ${each} whose "${key}" is ${kindOf(name)}`;
    fault(
      check,
      'role',
      name === undefined ? path : [...path, key],
      detail,
      '',
      roles ? Object.keys(roles).map((role) => `"${role}"`) : ['a text'],
    );
    return undefined;
  }
  const where = spec.elsewhere && Object.hasOwn(spec.elsewhere, name) ? spec.elsewhere[name] : undefined;
  if (where !== undefined) {
    fault(check, 'elsewhere', [...path, key], `a ${each} with ${key} ${quote(name)}`, '', [where]);
    return 'elsewhere';
  }
  const speaker = roles ? (Object.hasOwn(roles, name) ? roles[name] : undefined) : (COMMON.get(name) ?? 'user');
  if (!speaker) {
    const detail = `a ${each} with ${key} ${quote(name)}`;
    fault(
      check,
      'role',
      [...path, key],
      detail,
      `a ${each} with a ${key} it does not know`,
      Object.keys(roles ?? {}).map((role) => `"${role}"`),
    );
    checkContent(check, spec, turn, 'user', path); // what is said can be judged whoever says it
    return undefined;
  }
  checkContent(check, spec, turn, speaker, path);
  if (spec.calls) checkCalls(check, spec, spec.calls, turn, speaker, path, ids);
  if (spec.weight && turn.weight != null && turn.weight !== 0 && turn.weight !== 1)
    fault(
      check,
      'weight',
      [...path, 'weight'],
      `a weight of ${typeof turn.weight === 'number' ? turn.weight : kindOf(turn.weight)}`,
      'a weight of another value',
      ['0', '1'],
    );
  if (spec.extra) checkKeys(check, spec, spec.extra, turn, path);
  return speaker;
}

function checkKeys(check: Check, { each }: Turns, extra: NonNullable<Turns['extra']>, turn: Raw, path: Path): void {
  const { known } = extra;
  for (const name in turn) {
    if (known.includes(name)) continue;
    const names = Object.keys(turn).filter((one) => !known.includes(one));
    const expected = known.map((one) => `"${one}"`);
    fault(
      check,
      'extra',
      [...path, name],
      `a ${each} with ${counted('key', names)}`,
      `a ${each} with a key it does not know`,
      expected,
      extra,
    );
    return;
  }
}

function checkContent(check: Check, spec: Turns, turn: Raw, speaker: Speaker, path: Path): void {
  const { content: keys, each, text, parts } = spec;
  const filled = keys.filter((one) => turn[one] != null);
  const [key = keys[0] as string] = filled;
  if (filled.length > 1)
    fault(check, 'content', path, `a ${each} with ${filled.map((one) => `"${one}"`).join(' and ')}`, '', [`one of them`]);
  const value = turn[key];
  if (value == null) {
    if (speaker === 'assistant' && (turn.tool_calls != null || turn.function_call != null || typeof turn.refusal === 'string')) return;
    if (speaker === 'tool' && turn.role === 'function' && value === null) return;
    const detail = value === null ? `a ${each} whose "${key}" is null` : `a ${each} without "${key}"`;
    fault(check, 'content', value === null ? [...path, key] : path, detail, '', [contentWanted(spec)]);
    return;
  }
  if (typeof value === 'string') {
    if (!text) fault(check, 'content', [...path, key], `a ${each} whose "${key}" is a text`, '', [contentWanted(spec)]);
    else if (spec.reserved) checkReserved(check, spec, value, [...path, key]);
    return;
  }
  if (!Array.isArray(value) || !parts) {
    fault(check, 'content', [...path, key], `a ${each} whose "${key}" is ${kindOf(value)}`, '', [contentWanted(spec)]);
    return;
  }
  if (value.length === 0) fault(check, 'content', [...path, key], `a ${each} whose "${key}" is an empty list`, '', ['at least one part']);
  for (let i = 0; i < value.length; i++) checkPart(check, spec, value[i], speaker, [...path, key, i]);
}

function contentWanted({ text, parts }: Turns): string {
  return text ? (parts ? 'a text or a list of parts' : 'a text') : 'a list of {"text"}';
}

function checkPart(check: Check, spec: Turns, part: unknown, speaker: Speaker, path: Path): void {
  const parts = spec.parts ?? {};
  const byType = spec.partsBy !== 'key';
  if (!isObject(part)) {
    fault(check, 'part', path, `a part that is ${kindOf(part)}`, '', ['an object']);
    return;
  }
  const allowed = Object.keys(parts).filter((each) => parts[each]?.includes(speaker));
  const kind = byType ? part.type : allowed.concat(Object.keys(parts)).find((each) => part[each] !== undefined);
  if (typeof kind !== 'string' || !Object.hasOwn(parts, kind)) {
    const known = Object.keys(parts).map((each) => (byType ? `"${each}"` : `{"${each}"}`));
    const detail =
      typeof kind === 'string' ? `a part of type ${quote(kind)}` : byType ? 'a part without "type"' : 'a part of a kind it does not know';
    fault(check, 'part', typeof kind === 'string' ? [...path, 'type'] : path, detail, 'a part of a kind it does not know', known);
    return;
  }
  if (!parts[kind]?.includes(speaker)) {
    fault(
      check,
      'part',
      path,
      `a part "${kind}" in ${withArticle(speaker)} ${spec.each}`,
      '',
      allowed.map((each) => `"${each}"`),
    );
    return;
  }
  if (kind === 'text') {
    if (typeof part.text !== 'string') fault(check, 'part', path, 'a text part without "text"', '', ['a text']);
    else if (spec.reserved) checkReserved(check, spec, part.text, [...path, 'text']);
    return;
  }
  if (/image|inlineData|fileData/.test(kind)) check.images += 1;
  if (kind === 'video') check.videos += 1;
  const address = addressOf(part[kind]);
  if (spec.address && address !== undefined && !spec.address.test(address))
    fault(
      check,
      'address',
      [...path, kind],
      `${withArticle(kind)} at ${quote(address.slice(0, 60))}`,
      `a file at an address it does not take`,
      [spec.address.expected],
    );
}

const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** Where a part's file is: a text, `{url}`, `{fileUri}` or `{source: {s3Location: {uri}}}`. */
function addressOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  const { url, fileUri, source } = value;
  if (typeof url === 'string') return url;
  if (typeof fileUri === 'string') return fileUri;
  const location = isObject(source) ? source.s3Location : undefined;
  return isObject(location) && typeof location.uri === 'string' ? location.uri : undefined;
}

function checkReserved(check: Check, { reserved = [], each }: Turns, text: string, path: Path): void {
  const word = reserved.find((one) => text.includes(one));
  if (word)
    fault(check, 'reserved', path, `a ${each} with the reserved word "${word}"`, `a ${each} with a reserved word`, ['other words'], {
      does: 'fails while training',
    });
}

// ── Tools in turns ──────────────────────────────────────────────────────────

function checkCalls(check: Check, spec: Turns, calls: Calls, turn: Raw, speaker: Speaker, path: Path, ids: Set<string>): void {
  const doubt: Rejection = calls.doubt ? { confidence: calls.doubt } : {};
  if (speaker === 'tool' && turn.role !== 'function') {
    if (!calls.answered) return;
    const id = turn.tool_call_id;
    if (typeof id !== 'string')
      fault(check, 'answer', path, 'a tool message without "tool_call_id"', '', ['the id of the call that it answers']);
    else if (!ids.has(id))
      fault(
        check,
        'answer',
        [...path, 'tool_call_id'],
        `an answer to the call ${quote(id)}, which no turn before makes`,
        'an answer to a call that no turn before makes',
        ['the id of an earlier call'],
      );
    return;
  }
  const made = turn.tool_calls;
  if (made == null) return;
  const at = [...path, 'tool_calls'];
  if (speaker !== 'assistant' || !Array.isArray(made)) {
    const detail = Array.isArray(made) ? `tool calls in ${withArticle(speaker)} ${spec.each}` : `a "tool_calls" that is ${kindOf(made)}`;
    fault(check, 'call', at, detail, '', [Array.isArray(made) ? 'them in a turn of the assistant' : 'a list of calls'], doubt);
    return;
  }
  if (calls.alone && made.length > 0 && typeof turn.content === 'string' && turn.content !== '')
    fault(check, 'call', at, 'a turn with both content and tool calls', '', ['one of them'], calls.alone);
  for (let i = 0; i < made.length; i++) {
    const call: unknown = made[i];
    const inner = isObject(call) ? (isObject(call.function) ? call.function : call) : undefined;
    const where = isObject(call) && isObject(call.function) ? [...at, i, 'function'] : [...at, i];
    if (!isObject(call) || !inner || typeof inner.name !== 'string') {
      fault(check, 'call', where, 'a tool call without a "name"', '', ['{"function": {"name", "arguments"}}'], doubt);
      continue;
    }
    if (typeof call.id === 'string') ids.add(call.id);
    if (calls.ids && typeof call.id !== 'string') fault(check, 'call', [...at, i], 'a tool call without "id"', '', ['an id'], doubt);
    else if (calls.idLength !== undefined && typeof call.id === 'string' && call.id.length !== calls.idLength)
      fault(
        check,
        'call',
        [...at, i, 'id'],
        'a tool call whose id has another length',
        '',
        [`exactly ${calls.idLength} characters`],
        doubt,
      );
    checkArguments(check, calls, inner, where, doubt);
  }
}

function checkArguments(check: Check, calls: Calls, call: Raw, path: Path, doubt: Rejection): void {
  const given = call.arguments;
  const at = given === undefined ? path : [...path, 'arguments'];
  if (calls.arguments === 'object') {
    if (typeof given === 'string')
      fault(check, 'call', at, 'a tool call whose arguments are a text', '', ['an object'], {
        ...doubt,
        confidence: doubt.confidence ?? 'unverified',
      });
    return;
  }
  if (typeof given !== 'string') {
    const detail = given === undefined ? 'a tool call without "arguments"' : `a tool call whose arguments are ${kindOf(given)}`;
    fault(check, 'call', at, detail, '', ['a text that holds JSON'], doubt);
  } else if (!isJson(given)) {
    fault(check, 'call', at, 'a tool call whose arguments are no JSON', '', ['a text that holds JSON'], {
      ...doubt,
      confidence: 'unverified',
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// ── Who speaks when ─────────────────────────────────────────────────────────

function checkOrder(
  check: Check,
  spec: Turns,
  speakers: readonly Speaker[],
  turns: readonly Raw[],
  trained: boolean,
  path: Path,
  all: readonly unknown[],
): void {
  const place = (at: number): Path => [...path, turns.length === all.length ? at : all.indexOf(turns[at])];
  const { each } = spec;
  const silent = !speakers.includes('assistant');
  const needsAssistant = spec.order.some(({ rule }) => rule === 'an assistant turn');
  let misplaced = false; // a turn is where it must not be: the count then says nothing new
  for (const order of spec.order) {
    // Without any reply, where it would have to stand is not another fault.
    if (silent && needsAssistant && order.rule !== 'an assistant turn' && !order.rule.startsWith('starts')) continue;
    const found = breach(order, speakers, trained, misplaced);
    if (!found) continue;
    if (order.rule === 'odd and even' || order.rule === 'alternates') misplaced = true;
    const { kind, at, detail, expected } = found;
    const role = at === undefined ? undefined : turns[at]?.[spec.role];
    const shown = typeof role === 'string' ? detail.replace('{role}', quote(role, 20)) : detail;
    fault(
      check,
      kind,
      at === undefined ? path : place(at),
      shown.replaceAll('{each}', each),
      found.general.replaceAll('{each}', each),
      [expected.replaceAll('{each}', each)],
      order,
    );
  }
  if (!spec.calls?.followed || !speakers.includes('tool')) return;
  const last = turns.findIndex(
    (turn, i) => speakers[i] === 'assistant' && turn.tool_calls != null && i + 1 < turns.length && speakers[i + 1] !== 'tool',
  );
  if (last >= 0)
    fault(check, 'order', place(last), 'tool calls that no tool message follows', '', ['the answers after the calls'], spec.calls.followed);
}

interface Breach {
  readonly kind: FaultKind;
  /** The turn; absent: all of them. */
  readonly at: number | undefined;
  readonly detail: string;
  readonly general: string;
  readonly expected: string;
}

const broken = (kind: FaultKind, at: number | undefined, detail: string, expected: string, general = detail): Breach => ({
  kind,
  at,
  detail,
  general,
  expected,
});

function breach({ rule }: Order, speakers: readonly Speaker[], trained: boolean, misplaced: boolean): Breach | undefined {
  const last = speakers.length - 1;
  const first = speakers[0] === 'system' ? 1 : 0;
  switch (rule) {
    case 'at least two turns':
      return speakers.length < 2 ? broken('count', undefined, 'one {each} alone', 'at least two {each}s') : undefined;
    case 'an assistant turn':
      return speakers.includes('assistant') ? undefined : broken('no-assistant', undefined, 'no {each} of the assistant', 'at least one');
    case 'a user turn':
      return speakers.includes('user') ? undefined : broken('no-user', undefined, 'no {each} of the user', 'at least one');
    case 'something to train':
      return trained || !speakers.includes('assistant')
        ? undefined
        : broken('untrained', undefined, 'only replies of weight 0', 'at least one of weight 1');
    case 'starts with user':
      return speakers[0] === 'user'
        ? undefined
        : broken('start', 0, 'a first {each} by {role}', 'the user first', 'a first {each} by another role');
    case 'starts with system or user':
      return speakers[0] === 'user' || speakers[0] === 'system'
        ? undefined
        : broken('start', 0, 'a first {each} by {role}', 'system or user first', 'a first {each} by another role');
    case 'ends on assistant':
      return speakers[last] === 'assistant'
        ? undefined
        : broken('end', last, 'a last {each} by {role}', 'the assistant last', 'a last {each} by another role');
    case 'ends on user':
      return speakers[last] === 'user'
        ? undefined
        : broken('end', last, 'a last {each} by {role}', 'the user last', 'a last {each} by another role');
    case 'ends on a prompt':
      return speakers[last] === 'assistant'
        ? broken('end', last, 'a prompt that ends on {role}', 'user or tool last', 'a prompt that ends on a reply')
        : undefined;
    case 'alternates': {
      const at = speakers.findIndex((speaker, i) => i > 0 && speaker === speakers[i - 1] && speaker !== 'tool');
      return at < 0
        ? undefined
        : broken('order', at, 'two {each}s by {role} in a row', 'roles that take turns', 'two {each}s by the same role in a row');
    }
    case 'system first': {
      const at = speakers.findIndex((speaker, i) => speaker === 'system' && i > 0);
      return at < 0 ? undefined : broken('late-system', at, 'a system {each} after others', 'it first');
    }
    case 'one system': {
      const at = speakers.indexOf('system', speakers.indexOf('system') + 1);
      return at <= 0 ? undefined : broken('late-system', at, 'more than one system {each}', 'at most one');
    }
    case 'one user turn':
      return speakers.filter((speaker) => speaker === 'user').length === 1
        ? undefined
        : broken('count', undefined, 'another number of user {each}s', 'exactly one');
    case 'one assistant turn':
      return speakers.length === 1 && speakers[0] === 'assistant'
        ? undefined
        : broken('count', undefined, 'another number of replies', 'exactly one {each}, of the assistant');
    case 'odd and even': {
      const at = speakers.findIndex(
        (speaker, i) => i >= first && (speaker === 'system' || (speaker === 'assistant') !== ((i - first) % 2 === 1)),
      );
      return at < 0
        ? undefined
        : broken('order', at, 'a {each} by {role} out of turn', 'prompt and reply in turns', 'a {each} out of turn');
    }
    case 'even count':
      return misplaced || (speakers.length - first) % 2 === 0
        ? undefined
        : broken('end', last, 'a last {each} without its reply', 'as many replies as prompts');
    default: // odd count
      return misplaced || (speakers.length - first) % 2 === 1
        ? undefined
        : broken('end', last, 'a prompt that ends on {role}', 'a prompt without its reply', 'a prompt that ends on a reply');
  }
}
