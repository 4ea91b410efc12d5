import { marksOf } from './sketch.ts';

/** A token that a model's template sets, and text must not hold. */
export interface ControlToken {
  readonly token: string;
  /** The model family or template that it belongs to. */
  readonly owner: string;
  /** `role`: it begins or names a turn, so that text with it in it can speak for another side. `mark`: it begins, ends or fills up a sequence. */
  readonly kind: 'role' | 'mark';
  readonly source: string;
}

const list = (owner: string, source: string, roles: string, marks: string): ControlToken[] => [
  ...split(roles).map((token) => ({ token, owner, kind: 'role' as const, source })),
  ...split(marks).map((token) => ({ token, owner, kind: 'mark' as const, source })),
];
const split = (tokens: string): string[] => tokens.split(' ').filter((token) => token !== '');

/** The special tokens of models in use. Where two families share one, the first is named. */
export const CONTROL_TOKENS: readonly ControlToken[] = [
  ...list('ChatML', 'https://github.com/openai/openai-python/blob/release-v0.28.0/chatml.md', '<|im_start|> <|im_sep|>', '<|im_end|>'),
  ...list(
    'GPT',
    'https://github.com/openai/tiktoken',
    '',
    '<|endoftext|> <|endofprompt|> <|startoftext|> <|fim_prefix|> <|fim_middle|> <|fim_suffix|> <|fim_pad|>',
  ),
  ...list(
    'Harmony',
    'https://cookbook.openai.com/articles/openai-harmony',
    '<|start|> <|channel|> <|message|>',
    '<|return|> <|call|> <|constrain|>',
  ),
  ...list(
    'Llama 3',
    'https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/',
    '<|start_header_id|> <|end_header_id|>',
    '<|begin_of_text|> <|end_of_text|> <|eot_id|> <|eom_id|> <|python_tag|> <|finetune_right_pad_id|>',
  ),
  ...list(
    'Llama 4',
    'https://www.llama.com/docs/model-cards-and-prompt-formats/llama4/',
    '<|header_start|> <|header_end|>',
    '<|eot|> <|eom|>',
  ),
  ...list(
    'Llama 2 and Mistral',
    'https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-2/',
    '[INST] [/INST] <<SYS>> <</SYS>>',
    '<s> </s>',
  ),
  ...list(
    'Mistral',
    'https://docs.mistral.ai/guides/tokenization/',
    '[SYSTEM_PROMPT] [/SYSTEM_PROMPT]',
    '[TOOL_CALLS] [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_RESULTS] [/TOOL_RESULTS]',
  ),
  ...list(
    'Gemma',
    'https://ai.google.dev/gemma/docs/core/prompt-structure',
    '<start_of_turn>',
    '<end_of_turn> <bos> <eos> <start_of_image> <end_of_image>',
  ),
  ...list(
    'Phi, Zephyr and GLM',
    'https://huggingface.co/docs/transformers/chat_templating',
    '<|system|> <|user|> <|assistant|> <|observation|>',
    '<|end|> [gMASK] <sop> <eop>',
  ),
  ...list(
    'Command R',
    'https://docs.cohere.com/docs/command-r-hf',
    '<|START_OF_TURN_TOKEN|> <|SYSTEM_TOKEN|> <|USER_TOKEN|> <|CHATBOT_TOKEN|>',
    '<|END_OF_TURN_TOKEN|> <BOS_TOKEN> <EOS_TOKEN>',
  ),
  ...list(
    'DeepSeek',
    'https://huggingface.co/deepseek-ai/DeepSeek-V3',
    '<｜User｜> <｜Assistant｜>',
    '<｜begin▁of▁sentence｜> <｜end▁of▁sentence｜> <｜tool▁calls▁begin｜> <｜tool▁calls▁end｜>',
  ),
  ...list('Granite', 'https://www.ibm.com/granite/docs/', '<|start_of_role|> <|end_of_role|>', ''),
  ...list(
    'Qwen-VL',
    'https://arxiv.org/abs/2409.12191',
    '',
    '<|vision_start|> <|vision_end|> <|vision_pad|> <|image_pad|> <|video_pad|> <|object_ref_start|> <|object_ref_end|> <|box_start|> <|box_end|>',
  ),
  ...list('OpenAssistant', 'https://arxiv.org/abs/2304.07327', '<|prompter|>', ''),
  ...list('BERT', 'https://arxiv.org/abs/1810.04805', '', '[CLS] [SEP] [MASK] [PAD] [UNK]'),
  ...list('T5 and SentencePiece', 'https://arxiv.org/abs/1910.10683', '', '<pad> <unk> <mask> <eom> [BOS] [EOS] [EOT]'),
];

const KNOWN: ReadonlyMap<string, ControlToken> = new Map(CONTROL_TOKENS.map((token) => [token.token, token]));

/** A control token in a text. */
export interface ControlTokenHit {
  readonly token: string;
  /** Undefined for one that has the form of a token and belongs to no template known here. */
  readonly owner: string | undefined;
  readonly role: boolean;
  readonly index: number;
}

/** The marks without one of which a text holds no control token. */
export const TOKEN_MARKS = marksOf('<[');

const LONGEST = 45;
/** Of one text no more are listed: the first few tell, and a text may hold millions. */
const MOST = 20;
/** Of the places that look like a token, no more are looked at closely. */
const MOST_LOOKED_AT = 200;

/** The control tokens in the text, by place, at most 20. Not HTML's struck text, XML elements of the same name, or months. */
export function controlTokens(text: string): readonly ControlTokenHit[] {
  const hits = [...tokensAt(text, '<', '>'), ...tokensAt(text, '[', ']')];
  return hits.sort((a, b) => a.index - b.index).slice(0, MOST);
}

function tokensAt(text: string, open: string, close: string): ControlTokenHit[] {
  const hits: ControlTokenHit[] = [];
  let looked = 0;
  for (let at = text.indexOf(open); at >= 0 && hits.length < MOST && looked < MOST_LOOKED_AT; at = text.indexOf(open, at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (!begins(next) || (next === 60 && !/[S/]/.test(text.charAt(at + 2)))) continue;
    const token = tokenAt(text, at, close.charCodeAt(0));
    if (token === undefined) continue;
    const known = KNOWN.get(token);
    if (!known && !isTokenLike(token, text, at)) continue;
    looked++;
    if (known && isOtherThing(token, text, at)) continue;
    hits.push({ token, owner: known?.owner ?? familyOf(token), role: known?.kind === 'role', index: at });
    at += token.length - 1;
  }
  return hits;
}

/** Whether a token may go on like this after its bracket: `|`, `｜`, `/`, `<`, a letter, a digit. */
const begins = (c: number): boolean =>
  c === 124 || c === 0xff5c || c === 47 || c === 60 || c === 48 || (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

/** What stands from here to the closing bracket: 45 characters at most, none of them a blank. */
function tokenAt(text: string, index: number, close: number): string | undefined {
  const end = Math.min(text.length, index + LONGEST);
  for (let at = index + 1; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === close) return text.slice(index, text.charCodeAt(index + 1) === 60 && text.charCodeAt(at + 1) === close ? at + 2 : at + 1);
    if (c <= 32 || (at > index + 1 && (c === 60 || c === 91))) return undefined;
  }
  return undefined;
}

/** Has the form of a token: `<|name|>`, `<｜name｜>`, T5's gaps, SentencePiece's bytes. */
function isTokenLike(token: string, text: string, index: number): boolean {
  if (/^<\|[A-Za-z][A-Za-z0-9_-]{2,38}\|>$/.test(token) || /^<｜[^｜<>\s]{2,38}｜>$/.test(token)) return true;
  if (/^<extra_id_\d{1,2}>$/.test(token)) return true;
  return /^<0x[0-9A-F]{2}>$/.test(token) && text.charCodeAt(index - 1) > 32;
}

function familyOf(token: string): string | undefined {
  if (token.startsWith('<extra_id_')) return 'T5';
  if (token.startsWith('<0x')) return 'SentencePiece';
  return token.startsWith('<｜') ? 'DeepSeek' : undefined;
}

/** Whether a token's spelling is here something else. */
function isOtherThing(token: string, text: string, index: number): boolean {
  if (token === '<s>' || token === '</s>') return isStruckText(token, text, index);
  if (/^<[a-z]+>$/.test(token)) return text.includes(`</${token.slice(1)}`);
  if (token === '[SEP]')
    return (
      /\d[ \]]?$/.test(text.slice(Math.max(0, index - 2), index)) ||
      /^ ?\d/.test(text.slice(index + 5, index + 7)) ||
      text.includes('[AUG]')
    );
  return false;
}

/** `<s>` opens a sequence at the start of a text, after another token, or before `[INST]`; else it is HTML or SSML. */
function isStruckText(token: string, text: string, index: number): boolean {
  const markup = /<\/(?:[a-rt-z]|s[a-z])/.test(text.slice(0, 20_000));
  const before = text.slice(Math.max(0, index - 12), index).trimEnd();
  const after = text.slice(index + token.length, index + token.length + 12).trimStart();
  if (token === '</s>') {
    if (/\[INST\]$|<s>$/.test(before) || (after.startsWith('<s>') && !markup) || after.startsWith('[INST]')) return false;
    if (text.slice(index + 4, index + 1000).trim() !== '') return true;
    const opened = text.lastIndexOf('<s>', index);
    return (
      opened > 0 &&
      text.slice(Math.max(0, opened - 1000), opened).trim() !== '' &&
      !/<\/s>\s*$/.test(text.slice(Math.max(0, opened - 12), opened))
    );
  }
  if (after.startsWith('[INST]') || after.startsWith('<<SYS>>')) return false;
  if (before.endsWith('</s>')) return markup;
  if (before !== '') return true;
  const closed = text.indexOf('</s>', index);
  if (closed < 0) return false;
  const rest = text.slice(closed + 4, closed + 1004).trim();
  return rest !== '' && !rest.startsWith('<s>') && !rest.startsWith('[INST]');
}
