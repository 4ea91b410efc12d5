import { contentHash } from '../../src/features/pairs.ts';
import { formats, unknownShape } from '../../src/formats/index.ts';
import { parseObject } from '../../src/scan/parse.ts';
import { PanelSample } from '../../src/stats/panel-sample.ts';
import type { Example, Panel } from '../../src/types.ts';

/** The panel of rows of any format. */
export function panelOf(rows: readonly object[], size?: number): Panel {
  const sample = new PanelSample(size);
  rows.forEach((row, i) => {
    const example = (each: Example) => {
      const hash = contentHash(each);
      if (sample.wants(hash)) sample.add(hash, each);
    };
    const skip = ({ reason }: { reason: string }) => {
      throw new Error(reason);
    };
    parseObject(row, { file: 'test.jsonl', line: i + 1 }, { formats, split: 'train', unknown: unknownShape }, { example, skip });
  });
  return { train: sample.examples(), eval: [], reference: [], whole: sample.whole() };
}

export const pair = (prompt: string, completion: string) => ({ prompt, completion });

/** A chat: user and assistant by turns, after a system text where one is given. */
export const chat = (turns: readonly string[], system?: string) => ({
  messages: [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    ...turns.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content })),
  ],
});
