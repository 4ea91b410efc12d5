/** Values that a text gives a name: "Label: positive", "(category: sports)", `"intent": "refund"`, "<class>3</class>", "### Topic" above its line. */
export interface NamedValue {
  /** In small letters, blanks for `_` and `-`. */
  readonly name: string;
  /** At most 80 characters, without quotes and stars. */
  readonly value: string;
  /** Where the value stands, or a quote before it. */
  readonly index: number;
}

/** Of a text so many characters are read, and so many values kept. */
const READ = 20_000;
const KEPT = 200;
const LONGEST = 80;

/** A name at the start of a line, after bullets, quotes and stars. */
const LINE = /^[\s>*#•-]{0,8}["'`]?([\p{L}_][\p{L}\p{N}_ -]{0,38}?)["'`]?\*{0,2} ?[:=]\*{0,2}(?:\s|$|["'`[])/u;
const HEADING = /^#{1,6} {1,4}\*{0,2}([\p{L}_][\p{L}\p{N}_ -]{0,38}?)\*{0,2}:? {0,4}$/u;
/** Within a line: after a bracket, a bar, a comma, a semicolon or a tab, and up to the next. Read from the colon on, both ways. */
const COLON = /[:=]/g;
const BEFORE_COLON = /[([{|;,\t] {0,2}"?([\p{L}_][\p{L}\p{N}_-]{0,38}) {0,2}"?$/u;
const AFTER_COLON = /^ ?"?([^()[\]{}|;\t\n",]{1,80})(?:[)\]}|;\t\n",]|$)/;
/** Names of answers are read behind a sentence, too: "Classify it. Label: positive. Text: …"; and at the start: "label=positive; text=…". */
const ANSWER =
  /(?:[.!?] {1,2}(label|category|class|answer|sentiment|intent|topic|target|output|verdict) {0,2}[:=] {0,2}|^(label|category|class|answer|sentiment|intent|topic|target|output|verdict)=)"?([^\n.;,|()[\]{}"]{1,80})/gimu;
const COLONS = 1000;
const TAG = /<([\p{L}_][\p{L}\p{N}_-]{0,38})>([^<>\n]{1,80})<\//gu;
/** fastText's way. */
const PREFIX = /__(label)__(\S{1,80})/g;

/** In the order of their places but for those within lines, which come last; a name may come again. Linear in the text. */
export function namedValues(whole: string): readonly NamedValue[] {
  const text = whole.length > READ ? whole.slice(0, READ) : whole;
  const found: NamedValue[] = [];
  const add = (name: string, value: string, index: number): void => {
    if (found.length >= KEPT || value.length > LONGEST + 20) return;
    const clean = bare(value);
    if (clean !== '' && clean.length <= LONGEST) found.push({ name: foldName(name), value: clean, index });
  };
  /** Of a line that is a name only. */
  let above = '';
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    const line = end - at > 200 ? text.slice(at, at + 200) : text.slice(at, end);
    const name = line.includes(':') || line.includes('=') ? LINE.exec(line) : null;
    const heading = name ? null : HEADING.exec(line);
    if (name) {
      const from = name[0].length - (/["'`[]$/.test(name[0]) ? 1 : 0);
      const value = line.slice(from).trim();
      if (value === '') above = name[1]!;
      else {
        // of "Text: … | Label: x" the rest is read below
        const bar = value.search(/[|\t]/);
        add(name[1]!, bar < 0 ? value : value.slice(0, bar), at + from);
        above = '';
      }
    } else if (heading) above = heading[1]!;
    else if (line.trim() !== '') {
      if (above !== '') add(above, line.trim(), at);
      above = '';
    }
    at = end + 1;
  }
  COLON.lastIndex = 0;
  for (let colon = COLON.exec(text), n = 0; colon && n < COLONS; colon = COLON.exec(text), n++) {
    const name = BEFORE_COLON.exec(text.slice(Math.max(0, colon.index - 46), colon.index));
    const value = name && AFTER_COLON.exec(text.slice(colon.index + 1, colon.index + LONGEST + 6));
    if (value) add(name[1]!, value[1]!, colon.index + 1 + value[0].indexOf(value[1]!));
  }
  for (const pattern of [TAG, PREFIX, ANSWER]) {
    if (pattern !== ANSWER && !text.includes(pattern === TAG ? '</' : '__label__')) continue;
    pattern.lastIndex = 0;
    for (let hit = pattern.exec(text); hit && found.length < KEPT; hit = pattern.exec(text)) {
      const name = hit[1] ?? hit[2]!;
      const value = hit[3] ?? hit[2]!;
      add(name, value, hit.index + hit[0].lastIndexOf(value));
    }
  }
  return found;
}

/** One name for "Gold_Label", "gold-label" and "Gold label". */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, ' ').trim();
}

function bare(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && ' \t\r"\'`*[('.includes(text[from]!)) from++;
  while (to > from && ' \t\r"\'`*]),;'.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}
