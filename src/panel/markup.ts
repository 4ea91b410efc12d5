/** How much Markdown a text holds, by kind. */
export interface Markup {
  /** Items of lists, bulleted or numbered. */
  readonly items: number;
  readonly headings: number;
  /** Fenced blocks, the last one closed or not. */
  readonly fences: number;
  /** All marks: the above, quoted lines, rows of tables, bold passages and code inside a line. */
  readonly all: number;
}

const NONE: Markup = { items: 0, headings: 0, fences: 0, all: 0 };
const ANY = /[*#`|>+~•-]|^[ \t]{0,12}\d{1,3}[.)]/m;

/** Counts the Markdown of a text; what stands inside a fence is code, and none. One pass over the lines, which are looked at only where they begin. */
export function markup(text: string): Markup {
  if (!ANY.test(text)) return NONE;
  let items = 0;
  let headings = 0;
  let fences = 0;
  let others = 0;
  let inFence = false;
  const bold = passages(text, '**');
  const code = passages(text, '`');
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    let from = at;
    while (from < end && from < at + MOST_INDENT && (text.charCodeAt(from) === 32 || text.charCodeAt(from) === 9)) from++;
    const first = text[from]!;
    if ((first === '`' && text.startsWith('```', from)) || (first === '~' && text.startsWith('~~~', from))) {
      if (!inFence) fences++;
      inFence = !inFence;
    } else if (!inFence && from < end) {
      if (isItem(text, from)) items++;
      else if (first === '#' && HEADING.test(text.slice(from, from + 8))) headings++;
      else if (first === '>' || first === '|') others++;
      others += bold(from, end) + code(from, end);
    }
    at = end + 1;
  }
  return { items, headings, fences, all: items + headings + fences + others };
}

const MOST_INDENT = 12;
const HEADING = /^#{1,6} /;
const NUMBERED = /^\d{1,3}[.)] /;

function isItem(text: string, at: number): boolean {
  const c = text[at]!;
  if (c === '-' || c === '*' || c === '+' || c === '•') return text[at + 1] === ' ' || text[at + 1] === '\t';
  return c >= '0' && c <= '9' && NUMBERED.test(text.slice(at, at + 5));
}

/** Counts passages between two marks, line by line: the lines are asked for in order, so that no stretch is searched twice. */
function passages(text: string, mark: string): (from: number, to: number) => number {
  let next = text.indexOf(mark);
  return (from, to) => {
    if (next >= 0 && next < from) next = text.indexOf(mark, from);
    let marks = 0;
    for (; next >= 0 && next < to; next = text.indexOf(mark, next + mark.length)) marks++;
    return marks >> 1;
  };
}
