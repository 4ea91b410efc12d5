import { nearest } from '../libraries/natural.ts';
import type { Example } from '../types.ts';
import { feature } from './feature.ts';

/** A tool that a row declares. */
export interface DeclaredTool {
  readonly required: readonly string[];
  /** The names of its parameters; `undefined` where its schema does not close the list. */
  readonly parameters: ReadonlySet<string> | undefined;
}

type Value = Readonly<Record<string, unknown>>;

/**
 * The tools that a row declares, by name, whoever's way of writing them it follows: OpenAI's `tools` and `functions`, Mistral's
 * `available_tools`, Amazon's `toolConfig`, Gemini's `functionDeclarations`, Anthropic's `input_schema`, as a list or as its JSON.
 *
 * `undefined` where the row declares none, or one that has no name here (a search of the service's own): then no call can be called
 * unknown. One pass over the declarations, no recursion.
 */
export const declaredTools = feature(({ raw }: Example): ReadonlyMap<string, DeclaredTool> | undefined => {
  const tools = new Map<string, DeclaredTool>();
  for (const given of [
    raw.tools,
    raw.available_tools,
    raw.functions,
    field(raw.toolConfig, 'tools'),
    field(raw.tool_config, 'tools'),
    field(raw.input, 'tools'),
  ]) {
    const list = typeof given === 'string' ? parsed(given) : given;
    if (list == null || list === '') continue;
    if (!Array.isArray(list) || !list.every((item) => declare(item, tools))) return undefined;
  }
  return tools.size > 0 ? tools : undefined;
});

/** The declared name that is most like `name`; `undefined` where none is. */
export function nearestTool(name: string, tools: ReadonlyMap<string, DeclaredTool>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  return nearest(name, [...tools.keys()].filter((known) => known.length <= LONGEST_NAME).slice(0, NAMES_COMPARED));
}

const LONGEST_NAME = 80;
const NAMES_COMPARED = 200;

/** Adds what one item of the list declares; false where it declares nothing that has a name. */
function declare(item: unknown, into: Map<string, DeclaredTool>): boolean {
  const tool = typeof item === 'string' ? parsed(item) : item;
  const several = field(tool, 'functionDeclarations') ?? field(tool, 'function_declarations');
  if (Array.isArray(several)) return several.every((one) => declareOne(one, into));
  return declareOne(field(tool, 'function') ?? field(tool, 'toolSpec') ?? tool, into);
}

function declareOne(tool: unknown, into: Map<string, DeclaredTool>): boolean {
  const name = field(tool, 'name');
  if (typeof name !== 'string' || name === '') return false;
  const schema = field(field(tool, 'inputSchema'), 'json') ?? field(tool, 'parameters') ?? field(tool, 'input_schema');
  const required = field(schema, 'required');
  into.set(name, {
    required: Array.isArray(required) ? required.filter((one) => typeof one === 'string') : [],
    parameters: parametersOf(schema),
  });
  return true;
}

/** Keywords by which a schema allows more than its `properties`. */
const OPEN = ['additionalProperties', 'patternProperties', 'anyOf', 'oneOf', 'allOf', '$ref', 'if'];

function parametersOf(schema: unknown): ReadonlySet<string> | undefined {
  const properties = field(schema, 'properties');
  if (typeof properties !== 'object' || properties === null || OPEN.some((keyword) => field(schema, keyword))) return undefined;
  const names = Object.keys(properties);
  return names.length > 0 ? new Set(names) : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Value)[name] : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
