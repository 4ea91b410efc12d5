/** What a prompt tells the model to do, as far as its wording says. */

/** Kinds of instruction: so broad that two phrasings of one task are of one kind. What the kinds are called in sentences is for rules to say. */
export type InstructionKind =
  | 'answer'
  | 'write'
  | 'rewrite'
  | 'translate'
  | 'summarise'
  | 'classify'
  | 'extract'
  | 'complete'
  | 'arrange'
  | 'play';

/*
 * Questions, explanations, lists of facts and sums are one kind: "What are the planets?", "Name the planets." and "List the planets."
 * are one task in three phrasings, and so are "Find x." and "What is x?".
 */
const VERBS: Readonly<Record<InstructionKind, string>> = {
  answer:
    'answer explain describe tell define discuss elaborate name list give provide state mention show calculate compute solve find determine evaluate estimate count outline clarify suggest recommend advise propose share teach analyze analyse compare contrast differentiate distinguish interpret assess illustrate enumerate prove simulate',
  write:
    'write compose create generate craft draft make produce develop design invent brainstorm construct build formulate prepare plan imagine devise implement code program come respond reply',
  rewrite:
    'rewrite rephrase paraphrase reword restate edit correct fix improve revise proofread polish modify change alter replace transform convert turn simplify reformat format capitalize capitalise punctuate refine substitute remove delete insert add expand adapt combine merge debug refactor optimize optimise reverse',
  translate: 'translate',
  summarise: 'summarize summarise condense shorten abridge recap',
  classify:
    'classify categorize categorise identify label tag detect decide judge rate choose select pick group assign recognize recognise infer verify match score',
  extract: 'extract highlight locate underline retrieve parse',
  complete: 'complete continue fill finish',
  arrange: 'arrange rearrange reorder reorganize reorganise sort rank alphabetize alphabetise',
  play: 'act pretend roleplay',
};

const KINDS = new Map<string, InstructionKind>(
  (Object.entries(VERBS) as [InstructionKind, string][]).flatMap(([kind, verbs]) => verbs.split(' ').map((verb) => [verb, kind] as const)),
);

/** How much of a text is looked at: its start, where most instructions stand, and its end. */
const START = 800;
const END = 300;
/** Sentences that are looked at from the start. */
const SENTENCES = 6;

/** What stands before the verb of a request; each at most once or twice. */
const POLITE =
  /^(?:(?:please|kindly|now|then|also|first|next|finally|and|so|ok|okay|hi|hello|hey|just|help me(?: to)?|try to|let's|go ahead and|(?:can|could|would|will) you|(?:i|we)(?: would|'d)? (?:want|need|like) you to|(?:i|we) (?:want|need)(?: help)? (?:to|with)|your (?:task|job|goal|role) is to|you (?:must|should|will|can|need to|have to|are (?:asked|required|going) to)|the (?:task|goal) is to|in this task)\b[\s,:]*)/;

/** Sentences that begin like this come to the point after a comma: "Given a sentence, rewrite it." */
const LEADS_UP = /^(?:given|using|based|with|from|in|for|as|if|after|to|when|considering|imagine|suppose|assume|assuming|on|by)\b/;

/** "Tell me a story" asks for writing, not for an answer. */
const WORKS = /^(?:tell|give|provide|share|show)\b(?: \w{1,12}){0,5} (?:story|tale|joke|poem|song|haiku|limerick)\b/;

/** A question without its mark. "When", "where" and "which" begin statements as well. */
const ASKS = /^(?:whats?|what's|whos?|who's|whose|why|how|how's)\b/;

/**
 * The first instruction in a text: a verb in the imperative at the start of a sentence, behind what is polite or leads up to it, or a
 * question in the first or the last sentence. English verbs only; a question mark tells in any language. `undefined`: nothing that could be read.
 */
export function instructionKind(text: string): InstructionKind | undefined {
  const whole = text.trim();
  const start = whole.slice(0, START);
  const found = sentencesOf(start);
  for (let i = 0; i < Math.min(found.length, SENTENCES); i++) {
    const { said, mark } = found[i]!;
    const plain = said.toLowerCase().replaceAll('’', "'");
    const kind = verbOf(plain, mark) ?? (LEADS_UP.test(plain) ? afterComma(plain) : undefined);
    if (kind) return kind;
    if (i === 0 && (mark === '?' || mark === '？' || ASKS.test(plain.replace(POLITE, '')))) return 'answer';
  }
  if (/[?？]["')\]]{0,2}$/.test(whole.slice(-4))) return 'answer';
  if (whole.length <= START) return undefined;
  const last = sentencesOf(whole.slice(-END)).slice(1).slice(-2); // the first one was cut
  for (const { said, mark } of last) {
    const kind = verbOf(said.toLowerCase(), mark);
    if (kind) return kind;
  }
  return undefined;
}

function verbOf(sentence: string, mark: string): InstructionKind | undefined {
  let plain = sentence;
  for (let i = 0; i < 3; i++) {
    const bare = plain.replace(POLITE, '');
    if (bare === plain) break;
    plain = bare;
  }
  const verb = /^[a-z]{3,14}(?=\s|$)/.exec(plain)?.[0];
  if (verb === undefined) return undefined;
  // "Name:" is a field, but "Translate:" an instruction
  if (plain.length === verb.length && mark === ':' && (verb === 'name' || verb === 'label' || verb === 'score' || verb === 'code'))
    return undefined;
  return WORKS.test(plain) ? 'write' : KINDS.get(verb);
}

function afterComma(sentence: string): InstructionKind | undefined {
  let at = sentence.indexOf(', ');
  for (let i = 0; at >= 0 && i < 3; i++) {
    const kind = verbOf(sentence.slice(at + 2), '');
    if (kind) return kind;
    at = sentence.indexOf(', ', at + 2);
  }
  return undefined;
}

interface Sentence {
  readonly said: string;
  /** What ends it, or the empty text. */
  readonly mark: string;
}

/**
 * Split at line breaks, colons and the marks that end sentences; quotation marks, bullets and numbers before them are dropped. What
 * follows a colon on its line is the value of a field, or what somebody says.
 */
function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  for (const match of text.matchAll(/([^.!?？。:\n]+)([.!?？。:\n]?)/g)) {
    if (text[match.index - 1] === ':') continue;
    const bare = match[1]!.trim().replace(/^["'“”‘([*#>\s-]+/, '');
    if (/\p{L}/u.test(bare)) found.push({ said: bare, mark: match[2]! });
  }
  return found;
}

// ── Which words of it make the task ─────────────────────────────────────────

const SMALL = new Set(
  'a an the this that these those of in on at to for from by with into as is are be was or and if it its your my me you i we please kindly following given below above text sentence sentences passage paragraph input output provided each one any some whether what which who how do does can could would will now task'.split(
    ' ',
  ),
);

/** The words that tell one instruction from another: without those that any phrasing may have. */
export function contentWords(instruction: readonly string[]): ReadonlySet<string> {
  return new Set(instruction.filter((word) => !SMALL.has(word)));
}
