/** Multiple-choice questions: the options that a prompt offers, and which of them a reply picks. */

/** One list of options. */
export interface OptionList {
  /** How options are marked: by letters, by numbers, by letters or numbers after a name ("Response A:"), by bullets (which have no names). */
  readonly style: 'letters' | 'numbers' | 'names' | 'bullets';
  /** What each option is called: "A", "b", "3"; of bullets their place. */
  readonly marks: readonly string[];
  readonly texts: readonly string[];
}

export interface Choice {
  readonly list: OptionList;
  /** From 0. */
  readonly index: number;
}

const MOST = 10;
/** Of a prompt so many characters are read, from its end: options stand near it. */
const READ = 20_000;

/** What options are called by. */
const NOUNS = new Set(
  'response answer assistant option model output candidate choice completion ending solution alternative summary translation'.split(' '),
);
/** What a line with an option begins with, after bullets, quotes and stars. */
const MARKED = /^[\s>*•-]{0,8}([([]?)([A-Ja-j]|10|[1-9])(?: ?([.):\]])|( [-–]) )/;
/** "Response A: …", "[Assistant B]", "<output_1>", "The start of assistant A's answer]"; the word is looked up. */
const NAMED =
  /^[\s#>*[<(-]{0,8}(?:the (?:start|beginning) of )?([a-z]{5,11})[ _-]?\(?([A-Ja-j]|10|[1-9])\)?(?:'s \w{1,12})?(?:[\])>*]{1,4}:?|:)/i;
/** The same on a line of its own: "Response A". */
const NAMED_ALONE = /^[\s#>*-]{0,8}([a-z]{5,11})[ _-]?\(?([A-Ja-j]|10|[1-9])\)?\*{0,2}\s{0,8}$/i;
const BULLET = /^\s{0,8}[-*•] /;
/** Within a line. Small letters and numbers only with a bracket: "a." and "1." end sentences. */
const INLINE = /(?:^|[\s,;:?])(?:([([])([A-Ja-j]|10|[1-9]) ?([)\]])|([A-Ja-j]|10|[1-9]) ?(\))|([A-J]) ?([.:]) )/g;
/** What asks for the answer after the last option on its line. */
const ASKING = /\s(?:the )?(?:correct |best |final )?(?:answer|choice)(?: is)?\s?:?\s{0,4}$/i;

interface Run {
  readonly key: string;
  readonly marks: string[];
  /** Where the marks begin, and where the texts after them do. */
  readonly starts: number[];
  readonly froms: number[];
}

/** Lists of options that a prompt offers, at most one of each style; of several the last, as those before are examples. Linear in the prompt. */
export function optionLists(prompt: string): readonly OptionList[] {
  const text = prompt.length > READ ? prompt.slice(prompt.length - READ) : prompt;
  const marked: Run[] = [];
  const named: Run[] = [];
  const bullets: Run[] = [];
  const open = new Map<string, Run>();
  for (let at = 0; at <= text.length; ) {
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    const line = text.slice(at, Math.min(end, at + 80));
    const name = nounOf(NAMED.exec(line)) ?? (end - at <= 80 ? nounOf(NAMED_ALONE.exec(line)) : null);
    const mark = name ? null : MARKED.exec(line);
    if (name) extend(named, open, `named ${name[1]!.toLowerCase()}${kindOf(name[2]!)}`, name[2]!, at, at + name[0].length);
    else if (mark) extend(marked, open, `${mark[1]}${kindOf(mark[2]!)}${mark[3] ?? mark[4]}`, mark[2]!, at, at + mark[0].length);
    const bullet = BULLET.exec(line);
    const last = bullets.at(-1);
    if (!bullet) {
      if (last && last.marks.length > 0 && line.trim() !== '') bullets.push({ key: 'bullet', marks: [], starts: [], froms: [] });
    } else if (last) {
      last.marks.push(String(last.marks.length + 1));
      last.starts.push(at);
      last.froms.push(at + bullet[0].length);
    } else bullets.push({ key: 'bullet', marks: ['1'], starts: [at], froms: [at + bullet[0].length] });
    at = end + 1;
  }
  const lists: OptionList[] = [];
  const add = (run: Run | undefined, style?: OptionList['style']) => {
    if (run)
      lists.push({ style: style ?? (/\d/.test(run.marks[0]!) ? 'numbers' : 'letters'), marks: run.marks, texts: textsOf(text, run) });
  };
  add(lastOf(named), 'names');
  const inLines = lastOf(marked);
  // "vitamin A. And plan B." is no list
  const inLine = inLines ? undefined : lastOf(inlineRuns(text).filter(({ key, marks }) => !/^A[.:]/.test(key) || marks.length > 2));
  add(inLines ?? inLine);
  add(lastOf(bullets), 'bullets');
  return lists;
}

function inlineRuns(text: string): Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  INLINE.lastIndex = 0;
  for (let found = INLINE.exec(text); found; found = INLINE.exec(text)) {
    const mark = (found[2] ?? found[4] ?? found[6])!;
    const from = found.index + found[0].length;
    const start = text.indexOf(found[1] ?? mark, found.index);
    extend(runs, open, `${found[1] ?? ''}${kindOf(mark)}${found[3] ?? found[5] ?? found[7]}`, mark, start, from);
    INLINE.lastIndex = from - (text[from - 1] === ' ' ? 1 : 0); // the blank may stand before the next mark
  }
  return runs;
}

/** A match whose first word is what options are called by. */
function nounOf(found: RegExpExecArray | null, too?: string): RegExpExecArray | null {
  const word = found?.[1]?.toLowerCase();
  return word !== undefined && (NOUNS.has(word) || word === too) ? found : null;
}

const kindOf = (mark: string): string => (/\d/.test(mark) ? '1' : mark >= 'a' ? 'a' : 'A');

/** 0 for "A", "a" and "1". */
function indexOfMark(mark: string): number {
  return /\d/.test(mark) ? Number(mark) - 1 : mark.toLowerCase().charCodeAt(0) - 97;
}

/** The first mark opens a run, the next in order goes on with it, any other belongs to a text. */
function extend(runs: Run[], open: Map<string, Run>, key: string, mark: string, start: number, from: number): void {
  const index = indexOfMark(mark);
  let run = open.get(key);
  if (index === 0) {
    run = { key, marks: [], starts: [], froms: [] };
    open.set(key, run);
    runs.push(run);
  } else if (run?.marks.length !== index) return;
  run.marks.push(mark);
  run.starts.push(start);
  run.froms.push(from);
}

/** "Both (A) and (B)" inside the last option is no list where a longer one is. */
function lastOf(runs: readonly Run[]): Run | undefined {
  const lists = runs.filter(({ marks }) => marks.length >= 2 && marks.length <= MOST);
  const longest = lists.reduce((most, { marks }) => Math.max(most, marks.length), 0);
  return lists.findLast(({ marks }) => marks.length >= Math.min(3, longest));
}

function textsOf(text: string, { key, starts, froms }: Run): string[] {
  const named = key.startsWith('named');
  const texts: string[] = [];
  for (let i = 0; i < froms.length; i++) {
    const next = starts[i + 1];
    const to = next ?? (named ? text.length : lineEnd(text, froms[i]!));
    let said = text.slice(froms[i], to);
    if (next === undefined && !named) said = said.replace(ASKING, '');
    texts.push(bare(said));
  }
  return texts;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Without blanks, stars and quotes around it, and commas after it: by hand, as a pattern would try its luck at each of many blanks. */
function bare(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && ' \t\r\n*"\'“”`'.includes(text[from]!)) from++;
  while (to > from && ' \t\r\n*"\'“”`,;'.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}

// ── Which option a reply picks ──────────────────────────────────────────────

const START = 120;
/** "Response A", "The answer is (B) …", "Option 2." */
const WITH_NOUN =
  /^(?:so,? )?(?:the )?(?:correct |right |best |better |final )?([a-z]{5,11})(?: is)?:? ?(?:([a-z]{5,11}) )?[([{"']{0,2}([A-Ja-j]|10|[1-9])(?![\p{L}\p{N}])/iu;
/** "B", "(B)", "[[B]]", "B) Paris", "B. Paris", '{"answer": "B"}'. */
const ALONE = /^(?:\{\s?"\w{1,20}"\s?:\s?)?[([{"']{0,2}([A-Ja-j]|10|[1-9])(?:([)\]}"']{1,3}\}?[.:]?)|([.:])(?=\s|$)|\s{0,8}$)/;
/** At the end of a reply that reasons first. */
const AT_END =
  /(?:(?:answer|ans|option|choice|verdict|correct|better|best)(?:[\s:=,.*-]{1,6}|\()(?:(?:is|was|would be)[\s:=,*-]{1,4})?(?:(?:option|choice|answer|response|assistant) )?[[("{$\\*]{0,4}(?:boxed\{)?|#### |\[\[)([A-Ja-j])[\])}"'.$*!]{0,5}$/i;
const LAST_LINE = /\n[ \t]{0,8}[([*]{0,3}([A-J])[\])*]{0,3}\.?$/;
const END = 80;
const SHORT = 400;
/** A number at the end of a sentence may be any number. */
const NUMBER_SHORT = 80;

/** The option that a reply picks, by its mark or word for word; nothing where it does not, or says more than one. */
export function choiceOf(prompt: string, reply: string): Choice | undefined {
  const said = reply.length > SHORT ? reply : reply.trim();
  const mark = markOf(said);
  const whole = said.length <= SHORT && !said.includes('\n') ? sentence(said) : '';
  const wordForWord = whole !== '' && prompt.includes(whole);
  if (mark === undefined && !wordForWord) return undefined;
  const lists = optionLists(prompt);
  if (lists.length === 0) return undefined;
  for (const list of lists) {
    if (mark === undefined || list.style === 'bullets' || /\d/.test(mark.mark) !== /\d/.test(list.marks[0]!)) continue;
    const index = indexOfMark(mark.mark);
    if (index >= list.marks.length) continue;
    // "B: I am fine" may be a line of a dialogue, and "2. Stir" a step: the text after the mark tells
    if (mark.loose !== undefined && !mark.loose.startsWith(list.texts[index]!.slice(0, 20))) continue;
    return { list, index };
  }
  if (!wordForWord) return undefined;
  for (const list of lists) {
    const index = list.texts.findIndex((text) => text === whole || sentence(text) === whole);
    if (index >= 0 && list.texts.findLastIndex((text) => sentence(text) === whole) === index) return { list, index };
  }
  return undefined;
}

/** @returns `loose`: what follows a mark that may also be that of a line */
function markOf(said: string): { readonly mark: string; readonly loose?: string } | undefined {
  const start = said
    .slice(0, START)
    .trim()
    .replaceAll('*', '')
    .replace(/^<\w{1,20}>|<\/\w{1,20}>$/g, '')
    .replace(/^\\boxed\{/, '{');
  const noun = nounOf(WITH_NOUN.exec(start), 'verdict');
  if (noun && (noun[2] === undefined || NOUNS.has(noun[2].toLowerCase()))) {
    const mark = noun[3]!;
    // "Answer: A dog" picks nothing
    const article = /^answer$/i.test(noun[1]!) && /^ (?!is|because|since|as)\p{Ll}/u.test(start.slice(noun[0].length));
    if (!article && (kindOf(mark) === 'A' || (said.length <= NUMBER_SHORT && noun[0].length === start.length))) return { mark };
  }
  const alone = ALONE.exec(start);
  if (alone) {
    const rest = start.slice(alone[0].length).trim();
    if (rest === '') return { mark: alone[1]! };
    if (alone[3] !== ':' && kindOf(alone[1]!) === 'A' && !moreThanOne(said)) return { mark: alone[1]! };
    return moreThanOne(said) ? undefined : { mark: alone[1]!, loose: rest };
  }
  const tail = said.slice(-END).trimEnd();
  const end = AT_END.exec(tail) ?? LAST_LINE.exec(tail);
  return end && kindOf(end[1]!) === 'A' ? { mark: end[1]! } : undefined;
}

/** A reply that goes through the options one by one picks none by its start. */
const moreThanOne = (said: string): boolean => optionLists(said.slice(0, 4000)).some(({ style }) => style !== 'bullets');

/** Without a final full stop, quotes and blanks. */
function sentence(text: string): string {
  const clean = bare(text.length > SHORT ? text.slice(0, SHORT) : text);
  return clean.endsWith('.') ? clean.slice(0, -1) : clean;
}
