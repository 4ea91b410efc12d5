import type { Reporter } from '../types.ts';

/** Characters that are legal in JSON but that a terminal would obey or a reader could not see; as escapes they parse to the same. */
const UNSAFE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The report itself; `report.schema.json` describes it. ASCII controls are escaped by JSON already. */
export const json: Reporter = (report) =>
  `${JSON.stringify(report, null, 2).replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
