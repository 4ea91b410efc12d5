import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  badBounds,
  badConfig,
  badOption,
  badPlugin,
  badRuleMeta,
  badSetting,
  configLoadFailed,
  duplicateRule,
  halfMapping,
  providersOff,
  UserError,
  unknownOption,
  unknownProvider,
  unknownRule,
  unknownTokenizer,
} from './errors.ts';
import { loadTokenizer, TOKENIZERS } from './features/tokens.ts';
import { fieldFormat, formats } from './formats/index.ts';
import { providers } from './providers/index.ts';
import type { ActiveRule, Config, Format, Measure, OptionSpecs, Plugin, Rule, RuleSetting, Severity } from './types.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** The file it came from; absent where none was found. */
  readonly file?: string;
}

const SEVERITIES: readonly string[] = ['info', 'warn', 'error'];
const FAMILIES: readonly string[] = ['clustering', 'leakage', 'spread', 'adversarial', 'mapping', 'form'];

/**
 * Loads `lopsided.config.{js,mjs,ts,json}` or the `lopsided` key of package.json, looked for from `cwd`
 * upwards; or the file that is named. Never from the folder of the data: a pull request that adds data must not run code.
 * Throws a UserError where a named file is missing, cannot be loaded, or holds no valid configuration.
 */
export async function loadConfig({ file, cwd = process.cwd() }: { file?: string; cwd?: string } = {}): Promise<LoadedConfig> {
  const { lilconfig } = await import('lilconfig');
  const load = async (path: string): Promise<unknown> => {
    try {
      if (!path.endsWith('.ts')) return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
      const { createJiti } = await import('jiti');
      return await createJiti(import.meta.url).import(path, { default: true });
    } catch (cause) {
      throw configLoadFailed(file ?? path, cause);
    }
  };
  const search = lilconfig('lopsided', {
    searchPlaces: ['lopsided.config.js', 'lopsided.config.mjs', 'lopsided.config.ts', 'lopsided.config.json', 'package.json'],
    loaders: { '.js': load, '.mjs': load, '.ts': load },
  });
  let found: { config: unknown; filepath: string } | null;
  try {
    found = file === undefined ? await search.search(cwd) : await search.load(isAbsolute(file) ? file : resolve(cwd, file));
  } catch (cause) {
    throw cause instanceof UserError ? cause : configLoadFailed(file, cause);
  }
  if (!found) return { config: {} };
  await validateConfig(found.config, found.filepath);
  return { config: found.config as Config, file: found.filepath };
}

const CONFIG_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    plugins: { type: 'array', items: { type: 'object' } },
    rules: { type: 'object' },
    prompt: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] },
    reply: { type: 'string' },
    provider: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] },
    tokenizer: { type: 'string' },
    failOn: { enum: ['error', 'warn', 'info', 'never'] },
    maxScore: { type: 'number', minimum: 0, maximum: 100 },
    panel: { type: 'integer', minimum: 100 },
  },
} as const;

/** Throws a UserError that names the first mistake of a configuration's own keys; rules are checked by `resolveRules`, which knows them. */
export async function validateConfig(config: unknown, from: string): Promise<void> {
  const { Ajv } = await import('ajv');
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(CONFIG_SCHEMA);
  if (!validate(config)) throw badConfig(from, validate.errors?.[0] ?? {}, Object.keys(CONFIG_SCHEMA.properties));
}

/** All rules by id, those of plugins under the plugin's name. Throws a UserError where two have one id. */
function rulesById(config: Config, core: Plugin): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const plugin of [core, ...(config.plugins ?? [])]) {
    if (typeof plugin?.name !== 'string') throw badPlugin(plugin);
    for (const rule of plugin.rules ?? []) {
      const id = plugin === core ? rule.meta.id : `${plugin.name}/${rule.meta.id}`;
      if (rules.has(id)) throw duplicateRule(id);
      if (!FAMILIES.includes(rule.meta.family)) throw badRuleMeta(id, 'family', rule.meta.family, FAMILIES);
      if (!SEVERITIES.includes(rule.meta.severity)) throw badRuleMeta(id, 'severity', rule.meta.severity, SEVERITIES);
      rules.set(id, rule);
    }
  }
  return rules;
}

/** Rules with their settings decided; `off` are those that were switched off. */
export interface ResolvedRules {
  readonly active: readonly ActiveRule[];
  readonly off: readonly { readonly id: string; readonly rule: Rule; readonly why?: string }[];
}

/** Applies a configuration to the rules of `core` and of its plugins. Throws a UserError on any mistake. */
export async function resolveRules(config: Config, core: Plugin): Promise<ResolvedRules> {
  const rules = rulesById(config, core);
  for (const id of Object.keys(config.rules ?? {})) {
    if (!rules.has(id)) throw unknownRule(id, [...rules.keys()]);
  }
  const active: ActiveRule[] = [];
  const off: { id: string; rule: Rule; why?: string }[] = [];
  for (const [id, rule] of rules) {
    const setting = config.rules?.[id] ?? rule.meta.severity;
    const [severity, given] = severityAndOptions(id, setting);
    if (severity === 'off') {
      off.push({ id, rule });
      continue;
    }
    const options = await resolveOptions(id, rule, given);
    const { onRequest } = rule.meta;
    // Not run at all, so that it costs nothing.
    if (onRequest && isEmpty(options[onRequest.option])) off.push({ id, rule, why: onRequest.otherwise });
    else active.push({ id, rule, severity, options });
    if (rule.meta.countsTokens && typeof options.tokenizer === 'string' && options.tokenizer !== '') await loadTokenizer(options.tokenizer);
  }
  return { active, off };
}

const isEmpty = (value: unknown): boolean => value === '' || value === false || (Array.isArray(value) && value.length === 0);

function severityAndOptions(id: string, setting: RuleSetting): readonly [Severity | 'off', { readonly [option: string]: unknown }] {
  const [severity, given] = Array.isArray(setting) ? (setting as readonly [Severity, object]) : [setting as Severity | 'off', {}];
  if (severity !== 'off' && !SEVERITIES.includes(severity)) throw badSetting(id, setting);
  if (typeof given !== 'object' || given === null) throw badSetting(id, setting);
  return [severity, given as { readonly [option: string]: unknown }];
}

async function resolveOptions(id: string, rule: Rule, given: { readonly [option: string]: unknown }) {
  const specs: OptionSpecs = rule.meta.options;
  const options: { [name: string]: unknown } = {};
  for (const [name, spec] of Object.entries(specs)) options[name] = spec.default;
  if (Object.keys(given).length === 0) return options;

  const { Ajv } = await import('ajv');
  const schema = { type: 'object', additionalProperties: false, properties: specs };
  const validate = new Ajv({ strict: false }).compile(schema);
  if (!validate(given)) {
    const error = validate.errors![0]!;
    const extra = (error.params as { additionalProperty?: string }).additionalProperty;
    if (extra !== undefined) throw unknownOption(id, extra, Object.keys(specs));
    const name = error.instancePath.split('/')[1]!;
    throw badOption(id, name, given[name], error.message ?? 'be valid', specs[name]!);
  }
  Object.assign(options, given);
  for (const measure of Object.values<Measure>(rule.meta.measures ?? {})) checkBounds(id, measure, options);
  return options;
}

/** A warn bound beyond the error bound would make errors out of what is not even a warning. */
function checkBounds(id: string, { even, worst, warn, error }: Measure, options: { readonly [name: string]: unknown }): void {
  if (error === undefined) return;
  const sign = worst >= even ? 1 : -1;
  if (sign * (options[warn] as number) > sign * (options[error] as number)) {
    throw badBounds(id, warn, options[warn] as number, error, options[error] as number);
  }
}

/** Lays the settings of flags over those of a file: a severity alone keeps the options that the file gave. */
export function overlayRules(file: Config['rules'] = {}, flags: Config['rules'] = {}): NonNullable<Config['rules']> {
  const merged: { [id: string]: RuleSetting } = { ...file };
  for (const [id, setting] of Object.entries(flags)) {
    const before = file[id];
    merged[id] = typeof setting === 'string' && setting !== 'off' && Array.isArray(before) ? [setting, before[1]] : setting;
  }
  return merged;
}

/** `strict`: every warn bound becomes the error bound, and warn is half-way from even to it. */
export function strictRules(rules: readonly Rule[]): NonNullable<Config['rules']> {
  const settings: { [id: string]: RuleSetting } = {};
  for (const { meta } of rules) {
    const options: { [name: string]: number } = {};
    for (const { even, scale, warn, error } of Object.values<Measure>(meta.measures ?? {})) {
      const bound = (meta.options as OptionSpecs)[warn]!.default as number;
      options[warn] = scale === 'log' ? Math.sqrt(even * bound) : (even + bound) / 2;
      if (error !== undefined) options[error] = bound;
    }
    if (Object.keys(options).length > 0) settings[meta.id] = [meta.severity, options];
  }
  return settings;
}

const PROVIDER_RULE = 'provider-limits';
/** What people call some of them. */
const ALSO_KNOWN_AS: { readonly [name: string]: string | undefined } = {
  anthropic: 'bedrock-claude',
  claude: 'bedrock-claude',
  nova: 'bedrock-nova',
  amazon: 'bedrock-nova',
  google: 'gemini',
  vertex: 'gemini',
  'vertex-ai': 'gemini',
  huggingface: 'trl',
  foundry: 'azure',
};

/** The providers that were named, each once, in the order they are told; all of them for "all". Throws a UserError for an unknown one. */
export function providersNamed(given: string | readonly string[] | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const named = typeof given === 'string' ? [given] : given;
  const known = providers.map(({ id }) => id);
  const ids = named.map((name) => {
    const id = name.trim().toLowerCase();
    if (id !== 'all' && !known.includes(id)) throw unknownProvider(name, ALSO_KNOWN_AS[id] ?? name, known);
    return id;
  });
  return ids.includes('all') ? known : known.filter((id) => ids.includes(id));
}

/** Settings in which the rule on providers checks these. Throws a UserError where that rule was switched off: nobody would check them. */
export function forProviders(
  settings: NonNullable<Config['rules']>,
  named: readonly string[],
  tokenizer: string | undefined,
): NonNullable<Config['rules']> {
  const [severity, given] = severityAndOptions(PROVIDER_RULE, settings[PROVIDER_RULE] ?? 'error');
  if (severity === 'off') throw providersOff();
  if (tokenizer !== undefined && !TOKENIZERS.includes(tokenizer)) throw unknownTokenizer(tokenizer, TOKENIZERS);
  return { ...settings, [PROVIDER_RULE]: [severity, { ...given, providers: named, ...(tokenizer !== undefined && { tokenizer }) }] };
}

/** The formats to try, in order: the fields that the user named, then those of plugins, then ours. Throws a UserError for half a mapping. */
export function formatsFor(
  { prompt, reply }: { readonly prompt?: readonly string[] | undefined; readonly reply?: string | undefined },
  plugins: readonly Plugin[],
): readonly Format[] {
  if ((prompt === undefined) !== (reply === undefined)) throw halfMapping(prompt === undefined ? '--prompt' : '--reply');
  const named = prompt && reply !== undefined ? [fieldFormat(prompt, reply)] : [];
  return [...named, ...plugins.flatMap((plugin) => plugin.formats ?? []), ...formats];
}
