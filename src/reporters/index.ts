import type { Reporter } from '../types.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';

/** All reporters, by the name that `--format` knows them by. */
export const reporters = { pretty, json } satisfies { readonly [name: string]: Reporter };
