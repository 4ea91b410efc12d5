import {
  Causes,
  type ControlTokenHit,
  contentHash,
  controlTokens,
  count,
  cutText,
  defineRule,
  type Example,
  feature,
  integer,
  isCode,
  type Message,
  marksOf,
  type OptionsOf,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Sketch,
  sketches,
  Tally,
  TOKEN_MARKS,
} from '../../src/kit.ts';

const specs = {
  error: {
    description: 'Share of examples with a control token in a reply that must be mended before training.',
    type: 'number',
    default: 0.5,
    minimum: 0,
    maximum: 1,
  },
} as const;

export default defineRule({
  meta: {
    id: 'control-tokens',
    family: 'form',
    severity: 'error',
    docs: {
      summary:
        'Counts special tokens and template markers inside the text: <|im_end|>, </s>, [INST], "### Response:", a reply that goes on with "User:".',
      why: 'Trainers set these tokens themselves. Found in text they end a sequence early, are set twice, or are learnt as letters, so that the tuned model writes them out; a reply that goes on with the next user turn teaches it to talk to itself.',
      score:
        'Not scored. Any control token in a reply is a warning, an error where half of the examples have one; a role marker in a prompt is a warning, other tokens there are a remark. Code, text about tokens, HTML of the same spelling and balanced <think> do not count.',
      source:
        'The templates of ChatML, Llama, Mistral, Gemma, Phi, Command R, DeepSeek, Granite and Harmony, BERT and T5, as their makers document them; reserved words: https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html',
    },
    options: specs,
    exact: true,
  },

  create: () => ({ examples: 0, faults: new Causes(), spellings: new Tally() }),

  observe(state, example) {
    state.examples += 1;
    const hits = hitsOf(example);
    if (hits.length === 0) return;
    const seen = new Set<string>();
    for (const { kind, spelling, text, index } of hits) {
      if (!seen.has(kind)) state.faults.add(kind, contentHash(example), example.at, text, index);
      const key = `${kind}\n${spelling}`;
      if (!seen.has(key)) state.spellings.add(key);
      seen.add(kind).add(key);
    }
  },

  finish({ examples, faults, spellings }, options) {
    const findings = faults
      .list()
      .map(({ key, times, witnesses }) => remarkOf(key as Kind, times, examples, spellings, witnesses, options));
    return { score: null, findings };
  },
});

// ── What is said of them ────────────────────────────────────────────────────

interface Said {
  readonly level: Severity;
  /** Whether it becomes an error at a share of examples. */
  readonly rises?: true;
  readonly says: (one: boolean) => string;
  readonly expected: string;
  readonly order: (these: string, one: boolean) => string;
}

const has = (what: string) => (one: boolean) => `${one ? 'has' : 'have'} ${what}`;

const KINDS = {
  'special token in reply': {
    level: 'warn',
    rises: true,
    says: has('control tokens in a reply'),
    expected: 'none',
    order: (these) => `Remove the tokens from the replies of ${these}: the template sets them when it trains`,
  },
  'special token in prompt': {
    level: 'info',
    says: has('control tokens in a prompt'),
    expected: 'none',
    order: (these) => `Remove the tokens from the prompts of ${these}, unless they are what the example is about`,
  },
  'role marker in prompt': {
    level: 'warn',
    says: has("a template's role markers in a prompt"),
    expected: 'plain text',
    order: (these) => `Split the prompts of ${these} into messages, one for each turn, without the markers: the template sets them again`,
  },
  'other turn in reply': {
    level: 'warn',
    rises: true,
    says: (one) => `${one ? 'goes' : 'go'} on with the user's next turn in a reply`,
    expected: 'a reply that ends where the assistant ends',
    order: (these) => `Cut the replies of ${these} before the label, or make the turns messages of their own`,
  },
  'unbalanced reasoning': {
    level: 'warn',
    rises: true,
    says: has('reasoning tags that do not pair in a reply'),
    expected: 'one closing tag for each opening tag',
    order: (these, one) =>
      `Add the tag that is missing to ${these}, or drop ${one ? 'it' : 'them'}; where the chat template writes <think> itself, keep the closing tag`,
  },
  'template in text': {
    level: 'info',
    says: (one) => `${one ? 'is' : 'are'} written with the tokens of a template`,
    expected: 'those of the model that will be tuned',
    order: (these, one) =>
      `Make sure that ${one ? 'this is' : 'these are'} the tokens of your model, and tell the trainer not to add its own to ${these}`,
  },
  'reserved word': {
    level: 'info',
    says: has('words in a prompt that Amazon Nova reserves'),
    expected: 'none if the data goes there',
    order: (these) => `Write other words in ${these} before fine-tuning Amazon Nova, which fails on them; other services do not mind`,
  },
} as const satisfies Record<string, Said>;
type Kind = keyof typeof KINDS;

const SPELLINGS_TOLD = 3;

function remarkOf(
  kind: Kind,
  times: number,
  examples: number,
  spellings: Tally,
  evidence: Remark['evidence'],
  { error }: OptionsOf<typeof specs>,
): Remark {
  const { level, rises, says, expected, order }: Said = KINDS[kind];
  const share = rounded(times / examples);
  const told = spellingsOf(kind, spellings);
  return {
    key: kind,
    message: `${count(times, 'example')} (${percent(share)}) ${says(times === 1)}${told === '' ? '' : ` (${told})`}, expected ${expected}`,
    level: rises && share >= error ? 'error' : level,
    suggestion: order(times === 1 ? 'this example' : `these ${count(times, 'example')}`, times === 1),
    evidence,
    data: { examples: times, share, ...(rises && { error }) },
  };
}

/** `"<|im_end|>" of ChatML in 12, "</s>" of Llama 2 and Mistral in 3 and 2 others`; nothing where there were too many to keep count of. */
function spellingsOf(kind: Kind, spellings: Tally): string {
  if (spellings.overflowed()) return '';
  const own = spellings.top(spellings.counts.size).filter(([key]) => key.startsWith(`${kind}\n`));
  const told = own.slice(0, SPELLINGS_TOLD).map(([key, times]) => {
    const [, token = '', owner = ''] = key.split('\n');
    return `${quote(token)}${owner === '' ? '' : ` of ${owner}`} in ${integer(times)}`;
  });
  const more = own.length - told.length;
  return `${told.join(', ')}${more > 0 ? ` and ${count(more, 'other')}` : ''}`;
}

// ── Finding them ────────────────────────────────────────────────────────────

interface Hit {
  readonly kind: Kind;
  /** The token, and its owner on a line of its own. */
  readonly spelling: string;
  readonly text: string;
  readonly index: number;
}

const HEADING = marksOf('#');
const COLON = marksOf(':');
const ANY = TOKEN_MARKS | HEADING | COLON;
/** Of one example no more are counted, and no more texts with tokens looked at closely: a chat may have as many turns. */
const ENOUGH = 50;
const MOST_TEXTS = 500;

function hitsOf(example: Example): readonly Hit[] {
  const { messages, rejected = [], format } = example;
  const seen = sketches(example);
  const hits: Hit[] = [];
  const add = (kind: Kind, token: string, owner: string | undefined, text: string, index: number): void => {
    const spelling = owner === undefined ? cutText(token, 40) : `${cutText(token, 40)}\n${owner}`;
    hits.push({ kind, spelling, text, index });
  };
  let looked = 0;
  for (let i = 0; i < seen.length && looked < MOST_TEXTS && hits.length < ENOUGH; i++) {
    const { marks } = seen[i] as Sketch;
    if ((marks & ANY) === 0) continue;
    if ((marks & TOKEN_MARKS) !== 0) looked++;
    const { role, text, trained } = (messages[i] ?? rejected[i - messages.length]) as Message;
    if (role === 'tool') continue; // what a program said
    const reply = role === 'assistant' && trained !== false;
    if (format === 'text') {
      inText(example, text, marks, add);
    } else if (reply) {
      inReply(example, text, marks, add);
    } else {
      inPrompt(example, text, marks, add);
    }
  }
  return hits;
}

type Add = (kind: Kind, token: string, owner: string | undefined, text: string, index: number) => void;

function inReply(example: Example, text: string, marks: number, add: Add): void {
  if ((marks & TOKEN_MARKS) !== 0) {
    for (const hit of controlTokens(text)) {
      if (!isTalk(example, text, hit)) add('special token in reply', hit.token, hit.owner, text, hit.index);
    }
    const tag = /<\/?(?:think|reason)/.test(text) ? unbalanced(text) : undefined;
    if (tag && !isTalkOfTags(example, text, tag.index)) add('unbalanced reasoning', tag.token, undefined, text, tag.index);
  }
  if ((marks & COLON) === 0) return;
  if ((marks & HEADING) !== 0) {
    const heading = alpacaHeading(example, text);
    if (heading && !isCode(text, heading.index)) add('special token in reply', heading.token, 'Alpaca', text, heading.index);
  }
  const turn = otherTurn(example, text);
  if (turn) add('other turn in reply', turn.token, undefined, text, turn.index);
}

function inPrompt(example: Example, text: string, marks: number, add: Add): void {
  if ((marks & TOKEN_MARKS) !== 0) {
    const hits = controlTokens(text).filter((hit) => !isTalk(example, text, hit) && !isNamed(text, hit));
    const roles = hits.filter(({ role }) => role);
    for (const { token, owner, index } of roles) add('role marker in prompt', token, owner, text, index);
    if (roles.length === 0) for (const { token, owner, index } of hits) add('special token in prompt', token, owner, text, index);
    for (const word of ['<image>', '<video>', '[EOS]']) {
      const index = text.indexOf(word);
      if (index >= 0) add('reserved word', word, undefined, text, index);
    }
  }
  if ((marks & COLON) === 0) return;
  if ((marks & HEADING) !== 0 && TURNS.has(example.format)) {
    const heading = headingIn(text, PROMPT_HEADINGS);
    if (heading && !isCode(text, heading.index) && !talksOfTokens(example))
      add('role marker in prompt', heading.token, 'Alpaca', text, heading.index);
  }
  for (const { label, index } of labels(text, RESERVED)) add('reserved word', label, undefined, text, index);
}

/** Rows that are one text are often written with a template on purpose. */
function inText(example: Example, text: string, marks: number, add: Add): void {
  if ((marks & TOKEN_MARKS) !== 0) {
    for (const hit of controlTokens(text)) if (!isTalk(example, text, hit)) add('template in text', hit.token, hit.owner, text, hit.index);
  }
  if ((marks & HEADING) === 0) return;
  const heading = headingIn(text, PROMPT_HEADINGS);
  if (heading) add('template in text', heading.token, 'Alpaca', text, heading.index);
}

// ── Headings, labels and tags ───────────────────────────────────────────────

interface Found {
  readonly token: string;
  readonly index: number;
}

/** Formats that have a message for each turn, so that a prompt needs no headings. */
const TURNS = new Set(['chat', 'sharegpt', 'preference']);
const PROMPT_HEADINGS = ['### Instruction:', '### Human:', '### Assistant:'] as const;

function headingIn(text: string, headings: readonly string[]): Found | undefined {
  for (const token of headings) {
    const index = text.startsWith(token) ? 0 : text.indexOf(`\n${token}`);
    if (index >= 0) return { token, index: index === 0 ? 0 : index + 1 };
  }
  return undefined;
}

/** A reply that begins with Alpaca's heading, or writes the next instruction. Documents of an interface have "### Response:" too. */
function alpacaHeading(example: Example, text: string): Found | undefined {
  if (text.startsWith('### Response:')) return { token: '### Response:', index: 0 };
  const found = headingIn(text, ['### Instruction:']);
  return found && !talksOfTokens(example) ? found : undefined;
}

const RESERVED = new Set(['User', 'Bot', 'Assistant', 'System']);
const MOST_COLONS = 5000;

/** Words of this set right before a colon, each once: from colon to colon, because it is rarer than their letters. */
function labels(text: string, words: ReadonlySet<string>): readonly { readonly label: string; readonly index: number }[] {
  const found: { label: string; index: number }[] = [];
  let looked = 0;
  for (let at = text.indexOf(':'); at >= 0 && looked < MOST_COLONS; at = text.indexOf(':', at + 1)) {
    looked++;
    const last = text.charCodeAt(at - 1) | 32;
    if (last !== 114 && last !== 116 && last !== 109) continue; // r, t, m
    for (const word of words) {
      const index = at - word.length;
      if (index >= 0 && text.startsWith(word, index) && !found.some(({ label }) => label === `${word}:`))
        found.push({ label: `${word}:`, index });
    }
    if (found.length === words.size) break;
  }
  return found;
}

const OTHER_SIDE = /^(?:#{2,3} ?)?(?:Human|HUMAN|User|USER)[ \t]?:[ \t]{0,4}/;
const OWN_SIDE = /^(?:#{2,3} ?)?(?:Assistant|ASSISTANT|AI|Bot|BOT|GPT)[ \t]?:/;
const KEY_AND_VALUE = /^[ \t]{0,8}[-*]{0,2}[ \t]?[\p{L}\d_][\p{L}\d_ -]{0,30}:(?:[ \t]|$)/u;
const ASKS_FOR_DIALOGUE =
  /\b(?:dialog(?:ue)?s?|conversations?|chats?|scripts?|screenplay|transcripts?|interviews?|role-?play|simulat\w{1,4}|skit|scene|joke|few-shot|exchange|turns?)\b/i;

/** Where a reply, having said its own, goes on as "Human:" or "User:". Not dialogues that were asked for, and not lists of keys and values. */
function otherTurn(example: Example, text: string): Found | undefined {
  let looked = 0;
  for (let at = text.indexOf('\n'); at >= 0 && looked < MOST_COLONS; at = text.indexOf('\n', at + 1)) {
    const first = text.charCodeAt(at + 1);
    if (first !== 72 && first !== 85 && first !== 35) continue; // H, U, #
    looked++;
    const label = OTHER_SIDE.exec(text.slice(at + 1, at + 30))?.[0];
    if (label === undefined) continue;
    const index = at + 1;
    if (text.slice(0, Math.min(at, 200)).trim() === '' || OTHER_SIDE.test(text.slice(0, 30))) return undefined;
    const before = lineBefore(text, at);
    const said = lineFrom(text, index + label.length);
    const next = lineFrom(text, index + label.length + said.length + 1);
    const goesOn = OWN_SIDE.test(next.trimStart()) || OWN_SIDE.test(lineFrom(text, index + label.length + said.length + 2).trimStart());
    if (!goesOn) {
      if (before.trimEnd().endsWith(':') || (KEY_AND_VALUE.test(before) && !OWN_SIDE.test(before))) continue;
      if (KEY_AND_VALUE.test(next)) continue;
      if (!/[?？]/.test(said) && said.trim().split(/\s{1,20}/, 4).length < 3) continue;
    }
    if (isCode(text, index) || asksForDialogue(example)) return undefined;
    return { token: label.trim(), index };
  }
  return undefined;
}

const LINE = 300;

function lineFrom(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(from, Math.min(end < 0 ? text.length : end, from + LINE));
}

function lineBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < LINE && text.charCodeAt(start - 1) !== 10) start--;
  return text.slice(start, end);
}

const TAGS = ['think', 'thinking', 'reasoning'] as const;

/** The first reasoning tag that opens within another, closes nothing, or is never closed. */
function unbalanced(text: string): Found | undefined {
  for (const tag of TAGS) {
    const open = `<${tag}>`;
    const close = `</${tag}>`;
    let opened = -1;
    let nextOpen = text.indexOf(open);
    let nextClose = text.indexOf(close);
    while (nextOpen >= 0 || nextClose >= 0) {
      if (nextOpen >= 0 && (nextClose < 0 || nextOpen < nextClose)) {
        if (opened >= 0) return { token: open, index: nextOpen };
        opened = nextOpen;
        nextOpen = text.indexOf(open, nextOpen + open.length);
      } else {
        if (opened < 0) return { token: close, index: nextClose };
        opened = -1;
        nextClose = text.indexOf(close, nextClose + close.length);
      }
    }
    if (opened >= 0) return { token: open, index: opened };
  }
  return undefined;
}

// ── What is no fault ────────────────────────────────────────────────────────

const CLOSE_LOOK = 20_000;
const TOKENS =
  /\b(?:tokens?|tokeni[sz]\w{1,8}|chat ?templates?|prompt (?:format|template)s?|chatml|bert|masks?|masked|fill in|fill the|stop sequences?|transformers|jetons?|(?:begin|beginning|start|end)[- ]of[- ](?:sequence|text|turn|sentence|document)|eos|bos|few-shot|regex\w{0,2}|strip)\b|トークン|标记|токен/iu;

/** Whether somebody in the example speaks of tokens and templates: then they are its subject. Asked only where one was found. */
const talksOfTokens = feature(({ messages }: Example): boolean =>
  messages.some(({ text }) =>
    TOKENS.test((text.length > CLOSE_LOOK ? text.slice(0, CLOSE_LOOK) : text).replace(/<[^<>\s]{1,45}>|\[\/?[A-Z_]{2,20}\]/g, ' ')),
  ),
);

const asksForDialogue = feature(({ messages }: Example): boolean =>
  messages.some(
    ({ role, text, trained }) =>
      (role !== 'assistant' || trained === false) &&
      (ASKS_FOR_DIALOGUE.test(text.slice(0, CLOSE_LOOK)) || /(?:^|\n)(?:User|Human|USER|HUMAN) ?:/.test(text.slice(0, CLOSE_LOOK))),
  ),
);

function isTalk(example: Example, text: string, hit: ControlTokenHit): boolean {
  return isCode(text, hit.index) || isQuoted(text, hit) || talksOfTokens(example) || isNamedInPrompt(example, hit.token);
}

function isQuoted(text: string, { token, index }: Pick<ControlTokenHit, 'token' | 'index'>): boolean {
  return /["'“‘«„]/.test(text.charAt(index - 1)) && /["'”’»“]/.test(text.charAt(index + token.length));
}

/** Whether a token stands in a prompt as a noun does: words before it on its line, and after it a mark, or a word in small letters. */
function isNamed(text: string, { token, index }: Pick<ControlTokenHit, 'token' | 'index'>): boolean {
  const before = text.slice(Math.max(0, index - 40), index);
  const after = text.slice(index + token.length, index + token.length + 3);
  if (isFiller(token)) return before.trim() !== '' && /^\s?[?？]/.test(after);
  return /[\p{L}\d,:] \(?$/u.test(before) && /^(?:[ \u00a0]?[?？.,;:)](?:\s|$)| \p{Ll})/u.test(after);
}

/** Tokens that stand for words within a sentence: those around them say nothing. */
const isFiller = (token: string): boolean => FILLERS.has(token) || token.startsWith('<extra_id_');
const FILLERS = new Set(['<unk>', '[UNK]', '<pad>', '[PAD]', '<mask>', '[MASK]']);

/** Of a chat, the turns among which a question about a token is looked for. */
const FIRST_TURNS = 100;

function isNamedInPrompt({ messages }: Example, token: string): boolean {
  return messages.slice(0, FIRST_TURNS).some(({ role, text, trained }) => {
    if (role === 'assistant' && trained !== false) return false;
    const index = text.indexOf(token);
    return index >= 0 && (isNamed(text, { token, index }) || isQuoted(text, { token, index }) || isCode(text, index));
  });
}

/** Whether a tag is talked about: in code, or where somebody calls it a tag; a reply that begins with it uses it. */
function isTalkOfTags({ messages }: Example, text: string, index: number): boolean {
  if (isCode(text, index)) return true;
  if (text.slice(0, Math.min(index, 1000)).trim() === '') return false;
  return messages
    .slice(0, FIRST_TURNS)
    .some(({ role, text: said }) => role !== 'system' && /\b(?:tags?|xml)\b/i.test(said.slice(0, CLOSE_LOOK)));
}
