import core from '../rules/index.ts';
import { strictRules } from './config.ts';
import type { Config } from './types.ts';

/** The library's door. */
export { loadConfig } from './config.ts';
export { RuleError, UserError } from './errors.ts';
export * from './kit.ts';
export { type Input, type LintOptions, lint, type Progress } from './lint.ts';
export { reporters } from './reporters/index.ts';
export { version } from './version.ts';

/** Configurations to spread into your own: the defaults, and one that warns half-way and fails where the defaults warn. */
export const presets: { readonly recommended: Config; readonly strict: Config } = {
  recommended: {},
  strict: { rules: strictRules(core.rules ?? []), failOn: 'error' },
};
