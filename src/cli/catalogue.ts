import { badPlugin } from '../errors.ts';
import type { Rule } from '../types.ts';

/** All rules that a run from here would know, by id: ours, and those of the plugins that the configuration names. */
export async function rulesKnown(configFile: string | undefined): Promise<ReadonlyMap<string, Rule>> {
  const { loadConfig } = await import('../config.ts');
  const { default: core } = await import('../../rules/index.ts');
  const { config } = await loadConfig(configFile === undefined ? {} : { file: configFile });
  const known = new Map<string, Rule>();
  for (const rule of core.rules ?? []) known.set(rule.meta.id, rule);
  for (const plugin of config.plugins ?? []) {
    if (typeof plugin?.name !== 'string') throw badPlugin(plugin);
    for (const rule of plugin.rules ?? []) known.set(`${plugin.name}/${rule.meta.id}`, rule);
  }
  return known;
}
