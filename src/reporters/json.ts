import type { Reporter } from '../types.ts';

/** What is legal in JSON but what a terminal would obey or a reader could not see; as escapes it parses to the same. The line feeds are ours: JSON escapes those of the data. */
const UNSAFE = /[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?!\n)\p{C}/gu;

/** The report itself; `report.schema.json` describes it. */
export const json: Reporter = (report) => `${JSON.stringify(report, null, 2).replace(UNSAFE, escaped)}\n`;

function escaped(char: string): string {
  let text = '';
  for (let at = 0; at < char.length; at++) text += `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return text;
}
