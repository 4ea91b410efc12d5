/** How a reply begins and ends: what a model copies before anything else, and what no reader sees. */

/** So much of either end is looked at. */
const EDGE = 200;
/** And so much for the labels of a dialogue. */
const DIALOGUE = 2000;

/** The first character of a text that is blank. */
export type Blank = '' | 'blank' | 'line break';

export function blankAt(char: string): Blank {
  if (char === '\n' || char === '\r') return 'line break';
  return char !== '' && /\s/.test(char) ? 'blank' : '';
}

/** Names for a side of a conversation, and for what it says. */
const ROLES = new Set(
  'assistant|ai|ai assistant|bot|chatbot|chatgpt|gpt|model|agent|system|user|human|tutor|answer|final answer|reply|response|output|result|completion|a'.split(
    '|',
  ),
);

/**
 * The label that a reply begins with ("TIM:", "Assistant:", "Answer:"), without its colon; '' where there is none. A name counts where
 * it stands for a side: one of a few common words, or a name that begins a line of the prompt just so; and where no other name follows.
 */
export function labelAt(reply: string, prompt: string): string {
  const head = reply.slice(0, EDGE).trimStart().slice(0, 40);
  const name = /^\*{0,2}(\p{L}[\p{L}\p{N}_.'-]{0,20}(?: [\p{L}\p{N}_.'-]{1,20}){0,2}) ?(?:\*\*)?:(?=[\s*]|$)/u.exec(head)?.[1];
  if (name === undefined) return '';
  const line = `${name}:`;
  if (!ROLES.has(name.toLowerCase()) && !prompt.startsWith(line) && !prompt.includes(`\n${line}`)) return '';
  return hasOtherLabel(reply, line) ? '' : name;
}

/** A reply with several labels is a dialogue or a form: they are what it says. */
function hasOtherLabel(reply: string, own: string): boolean {
  const text = reply.length > DIALOGUE ? reply.slice(0, DIALOGUE) : reply;
  for (const [label] of text.matchAll(/(?<=\n)\*{0,2}\p{L}[\p{L}\p{N}_.'-]{0,20}:/gu)) if (!label.endsWith(own)) return true;
  return false;
}

/** Words that mean nothing at the end of a reply but that it is one. */
const END_WORDS = new Set(['END', 'STOP', 'DONE', 'EOS', 'EOT', 'EOM', 'EOF', 'FIN']);
/** Three of these in a row are no punctuation. Not `*`, `_`, `$`, `|` and backticks, which end markup, not `?` and `.`, which end sentences. */
const RUNS = '!#=~-@&%^+';

/**
 * What a reply ends with that looks like a stop sequence: "###", "!!!", "END", "</s>", "[DONE]"; '' where nothing does, and where there
 * is nothing before it. A tag that closes an element (`</answer>`) is part of a form.
 */
export function markerAt(reply: string): string {
  const tail = reply.slice(-EDGE).trimEnd();
  if (tail === '') return '';
  const last = tail.at(-1)!;
  let marker = '';
  if (RUNS.includes(last)) {
    let from = tail.length;
    while (from > 0 && tail[from - 1] === last) from--;
    const run = tail.length - from;
    // a line of dashes closes a table or a message, and is no longer than that
    if (run >= (last === '#' ? 2 : 3) && run <= 12) marker = tail.slice(from);
  } else if (last === '>') {
    marker = /<\|[A-Za-z_]{1,30}\|>$|<\/s>$|<(?:eos|eot|eom|stop|end|end_of_turn|endoftext)>$/i.exec(tail.slice(-40))?.[0] ?? '';
  } else if (last === ']') {
    marker = /\[\/?[A-Z][A-Z_ ]{1,20}\]$/.exec(tail.slice(-40))?.[0] ?? '';
  } else {
    const word = /(?:^|\s)([A-Z]{3,4})$/.exec(tail.slice(-8))?.[1];
    if (word !== undefined && END_WORDS.has(word)) marker = word;
  }
  return marker !== '' && tail.length > marker.length ? marker : '';
}
