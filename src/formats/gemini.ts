import type { Format, Message, Problem, ToolCall } from '../types.ts';
import { count } from '../wording.ts';
import { when } from './alternatives.ts';
import { jsonText } from './json-text.ts';
import { asContext, readCall, textOfCalls, textOfPart } from './messages.ts';
import { problemOf, type Raw, tooDeep, type Validate } from './problem.ts';
import { gemini as generated, geminiPreference as generatedPreference } from './validate.generated.ts';

/*
 * Gemini on Vertex AI: turns are called contents, replies have the role "model", and a content is a list of parts: text, fileData,
 * inlineData, functionCall, functionResponse. Field names are written in either case: `functionCall` as the REST interface has it,
 * `function_call` as its Python library prints it.
 */

const object = { type: ['object', 'null'] };
const named = { type: 'object', required: ['name'], properties: { name: { type: 'string' }, id: { type: ['string', 'null'] } } };
const called = { ...named, properties: { ...named.properties, args: object } };
const unlessNull = (name: string): object => when({ not: { type: 'null' } }, { $ref: name });

const partSchema = {
  type: 'object',
  properties: {
    text: { type: ['string', 'null'] },
    functionCall: unlessNull('functionCall'),
    function_call: unlessNull('functionCall'),
    functionResponse: unlessNull('functionResponse'),
    function_response: unlessNull('functionResponse'),
  },
};
const partsSchema = { type: 'array', minItems: 1, items: { $ref: 'geminiPart' } };

const contentSchema = {
  type: 'object',
  required: ['role', 'parts'],
  properties: { role: { enum: ['user', 'model', 'function', 'tool'] }, parts: partsSchema },
};

/** Of a system text the role does not matter. Some write the text alone. */
const systemSchema = {
  type: ['object', 'string', 'null'],
  ...when({ type: 'object' }, { required: ['parts'], properties: { parts: partsSchema } }),
};

const properties = {
  contents: { type: 'array', minItems: 1, items: { $ref: 'content' } },
  systemInstruction: { $ref: 'geminiSystem' },
  system_instruction: { $ref: 'geminiSystem' },
};

/** What the schemas of this file refer to, by name. */
export const definitions = {
  content: contentSchema,
  geminiPart: partSchema,
  geminiSystem: systemSchema,
  functionCall: called,
  functionResponse: named,
};

/** `{"systemInstruction": {"parts": [{"text": "…"}]}, "contents": [{"role": "user", "parts": [{"text": "…"}]}, {"role": "model", …}]}`. */
export const schema = { type: 'object', required: ['contents'], properties };

/** The prompt as above, and `"completions": [{"score": 1, "completion": {"role": "model", "parts": […]}}, {"score": 0, …}]`. */
export const preferenceSchema = {
  type: 'object',
  required: ['contents', 'completions'],
  properties: {
    ...properties,
    completions: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['score', 'completion'],
        properties: { score: { type: 'number' }, completion: { $ref: 'content' } },
      },
    },
  },
};

const validate = generated as Validate;
const validatePreference = generatedPreference as Validate;

const hasContents = ({ contents }: Raw): boolean => typeof contents === 'object' && contents !== null;

export const gemini: Format = {
  id: 'gemini',
  name: 'Gemini contents',
  keys: ['contents'],
  detects: hasContents,
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    return readPrompt(raw, messages) ?? { messages };
  },
};

export const geminiPreference: Format = {
  id: 'gemini-preference',
  name: 'Gemini preference pairs',
  keys: ['contents', 'completions'],
  detects: (raw) => hasContents(raw) && raw.completions != null,
  read(raw) {
    if (!validatePreference(raw)) return problemOf(validatePreference, raw);
    const completions = raw.completions as readonly { readonly score: number; readonly completion: Raw }[];
    if (completions.length !== 2) {
      return { problem: `"completions" has ${count(completions.length, 'item')}`, expected: 'two, one of score 1 and one of score 0' };
    }
    const good = completions.findIndex(({ score }) => score === 1);
    const bad = completions.findIndex(({ score }) => score === 0);
    if (good < 0 || bad < 0)
      return { problem: `"completions" has no score ${good < 0 ? 1 : 0}`, expected: 'one of score 1 and one of score 0' };
    const prompt: Message[] = [];
    const problem = readPrompt(raw, prompt);
    if (problem) return problem;
    const messages = prompt.map(asContext);
    const rejected: Message[] = [];
    return (
      readContent(completions[good]?.completion as Raw, `completions[${good}].completion`, messages) ??
      readContent(completions[bad]?.completion as Raw, `completions[${bad}].completion`, rejected) ?? { messages, rejected }
    );
  },
};

function readPrompt(raw: Raw, into: Message[]): Problem | undefined {
  const name = raw.systemInstruction != null ? 'systemInstruction' : 'system_instruction';
  const system = raw[name] as string | { readonly parts: readonly Raw[] } | null | undefined;
  if (typeof system === 'string') into.push({ role: 'system', text: system });
  else if (system != null) {
    const texts: string[] = [];
    for (const part of system.parts) {
      const text = textOfPart(part);
      if (text === undefined) return tooDeep(`${name}.parts`);
      texts.push(text);
    }
    into.push({ role: 'system', text: texts.join('\n') });
  }
  const contents = raw.contents as readonly Raw[];
  for (let i = 0; i < contents.length; i++) {
    const problem = readContent(contents[i] as Raw, `contents[${i}]`, into);
    if (problem) return problem;
  }
  return undefined;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** One message of a content; and a message before it for the result of each function. */
function readContent({ role, parts }: Raw, path: string, into: Message[]): Problem | undefined {
  const model = role === 'model';
  let said: string | undefined;
  let reasoning: string | undefined;
  const calls: ToolCall[] = [];
  let answered = false;
  const list = parts as readonly Raw[];
  for (let i = 0; i < list.length; i++) {
    const part = list[i] as Raw;
    const called = (part.functionCall ?? part.function_call) as Raw | null | undefined;
    const result = (part.functionResponse ?? part.function_response) as Raw | null | undefined;
    if (called != null && model) {
      const read = readCall(called, called.id, called.args);
      if (!read) return tooDeep(`${path}.parts[${i}].functionCall.args`);
      calls.push(read);
    } else if (result != null && !model) {
      const text = typeof result.response === 'string' ? result.response : jsonText(result.response ?? {});
      if (text === undefined) return tooDeep(`${path}.parts[${i}].functionResponse.response`);
      into.push(typeof result.id === 'string' ? { role: 'tool', text, callId: result.id } : { role: 'tool', text });
      answered = true;
    } else if (part.thought === true && typeof part.text === 'string') {
      reasoning = reasoning === undefined ? part.text : `${reasoning}\n${part.text}`;
    } else {
      if (typeof part.text !== 'string' && !Object.values(part).some(isObject)) {
        return { problem: `"${path}.parts[${i}].text" is missing`, expected: 'a text, a file or a call in each part' };
      }
      const text = textOfPart(part);
      if (text === undefined) return tooDeep(`${path}.parts[${i}]`);
      said = said === undefined ? text : `${said}\n${text}`;
    }
  }
  if (model) {
    into.push({
      role: 'assistant',
      text: said ?? (calls.length > 0 ? textOfCalls(calls) : ''),
      ...(reasoning !== undefined && { reasoning }),
      ...(calls.length > 0 && { calls }),
    });
  } else if (said !== undefined || !answered) {
    into.push({ role: role === 'user' ? 'user' : 'tool', text: said ?? '' });
  }
  return undefined;
}
