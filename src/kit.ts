import type { Config, OptionSpecs, Plugin, Rule, State } from './types.ts';

/** All that a rule may use: rules import this file and nothing else, ours and those of plugins alike. */
export { feature } from './features/feature.ts';
export { contentHash, contentHashButBlanks, contentHashOfWords, type PairKey, pairKeys, pairs } from './features/pairs.ts';
export { type Sketch, sketch, sketches } from './features/sketch.ts';
export { judge, rounded } from './judge.ts';
export { type Group, Groups } from './stats/groups.ts';
export { combine, hashString } from './stats/hash.ts';
export { Histogram } from './stats/histogram.ts';
export { Sample } from './stats/sample.ts';
export { Tally } from './stats/tally.ts';
export type * from './types.ts';
export { count, cutText, figure, integer, list, percent, quote } from './wording.ts';

// Identity functions: they do nothing but let editors infer and check the shape.
export const defineRule = <const Specs extends OptionSpecs, S extends State>(rule: Rule<Specs, S>): Rule<Specs, S> => rule;
export const definePlugin = (plugin: Plugin): Plugin => plugin;
export const defineConfig = (config: Config): Config => config;
