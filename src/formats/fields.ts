import { nearest } from '../libraries/natural.ts';
import type { Format, Problem } from '../types.ts';
import { list, quote } from '../wording.ts';
import { jsonText } from './json-text.ts';
import { kindOf, type Raw, tooDeep } from './problem.ts';

/**
 * Reads rows of any shape by the fields that the user names (`--prompt question --reply sql`).
 *
 * One prompt field: its text is the prompt. Several: one per line, each as `name: value`, because without the
 * names nobody (and no model) could tell the parts apart; `parts` keeps each by its name. Numbers, true and false
 * become their text, objects and lists their JSON. Null and absent are a problem: an empty text is not
 * what a row without the field says.
 *
 * @param prompt names of one or more fields; a name that no field bears is read as a path, `meta.question`
 * @param reply name or path of the field that holds the reply
 */
export function fieldFormat(prompt: readonly string[], reply: string): Format {
  const single = prompt.length === 1 ? prompt[0] : undefined;
  return {
    id: 'fields',
    name: `the fields ${list([...prompt, reply])}`,
    keys: [...prompt, reply],
    detects: () => true,
    read(raw) {
      const texts: string[] = [];
      for (const name of prompt) {
        const read = readField(raw, name, (meant) => `--prompt ${prompt.map((one) => (one === name ? meant : one)).join(',')}`);
        if (typeof read !== 'string') return read;
        texts.push(read);
      }
      const answer = readField(raw, reply, (meant) => `--reply ${meant}`);
      if (typeof answer !== 'string') return answer;
      const said = single === undefined ? texts.map((text, i) => `${prompt[i]}: ${text}`).join('\n') : (texts[0] as string);
      const messages = [
        { role: 'user', text: said },
        { role: 'assistant', text: answer },
      ] as const;
      // fromEntries, not assignment: a field may be called __proto__
      return single === undefined
        ? { messages, parts: Object.fromEntries(prompt.map((name, i) => [name, texts[i] as string])) }
        : { messages };
    },
  };
}

/** At most this many of a row's own fields are named. */
const NAMED = 8;

/** @param flag what to say on the command line, given the name that was meant */
function readField(raw: Raw, name: string, flag: (meant: string) => string): string | Problem {
  const value = fieldAt(raw, name) as string | number | boolean | object | null | undefined;
  if (typeof value === 'string') return value;
  if (value === undefined) {
    const own = Object.keys(raw);
    const meant = nearest(
      name,
      own.filter((key) => /^[\w.-]{1,40}$/.test(key)),
    );
    const known =
      own.length === 0
        ? undefined
        : {
            expected: `one of ${list(
              own.slice(0, NAMED).map((key) => quote(key)),
              'or',
            )}`,
          };
    return {
      problem: `no field ${quote(name)}`,
      ...known,
      ...(meant !== undefined && { advice: `Run again with ${flag(meant)} to read` }),
    };
  }
  if (value === null) return { problem: `"${name}" is ${kindOf(value)}`, expected: 'text' };
  if (typeof value !== 'object') return String(value);
  return jsonText(value) ?? tooDeep(name);
}

/** The field of that very name; else what stands at that path. Own fields only: every object "has" a constructor. */
export function fieldAt(raw: Raw, name: string): unknown {
  if (Object.hasOwn(raw, name)) return raw[name];
  if (!name.includes('.')) return undefined;
  let value: unknown = raw;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Raw)[step];
  }
  return value;
}
