import { definePlugin } from '../src/kit.ts';

/** The built-in rules: a plugin like any other. */
export default definePlugin({ name: 'core', rules: [] });
