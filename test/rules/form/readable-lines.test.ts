import { expect, it } from 'vitest';
import readableLines from '../../../rules/form/readable-lines.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import type { Side, Skip } from '../../../src/types.ts';

const good = { prompt: 'Who?', completion: 'Me.' };
const many = (n: number, line: (i: number) => object | string) => Array.from({ length: n }, (_, i) => line(i));
const python = (i: number) => `{'prompt': 'Who ${i}?', 'completion': 'Me.'}`;
const QUOTE = 'a single quote where a double quote belongs (Python? json.dumps writes JSON)';

testRule(readableLines, {
  even: [
    { name: 'all lines are objects', rows: many(3, () => good), score: null, findings: [] },
    { name: 'shapes that example-shape tells of', rows: [good, {}, { messages: [] }, { a: 1 }], score: null, findings: [] },
    { name: 'nothing at all', rows: [''], score: null, findings: [] },
  ],
  lopsided: [
    {
      name: 'one line',
      rows: [good, good, good, '{"prompt": "Who?", "completion": "Me."'],
      score: null,
      findings: [
        {
          key: 'not-json: a line that ends before its object is closed (it was cut off, or goes on in the next line)',
          message:
            '1 line is not JSON: a line that ends before its object is closed (it was cut off, or goes on in the next line), expected one JSON object per line',
          level: 'error',
          suggestion: 'Write each row on a line of its own, without indenting, which mends this line',
          data: { lines: 1, share: 0.25, column: 39 },
        },
      ],
    },
    {
      name: 'several lines of one cause, however the words in them differ',
      rows: [...many(3, python), '{"prompt": Who, "completion": "Me."}', '{"prompt": What, "completion": "This."}', good],
      score: null,
      findings: [
        {
          message: `3 lines are not JSON: ${QUOTE}, expected one JSON object per line`,
          suggestion: 'Write the file anew with json.dumps, one row per line, which mends these 3 lines',
          data: { lines: 3, share: 0.5 },
        },
        {
          key: 'not-json: a text without double quotes',
          message: '2 lines are not JSON: a text without double quotes, expected one JSON object per line',
          suggestion: 'Mend or drop these 2 lines',
        },
      ],
    },
    {
      name: 'JSON that is no object',
      rows: [good, '[1, 2]', '["a"]', '17', '{"prompt":"a","completion":"b"}{"prompt":"c","completion":"d"}'],
      score: null,
      findings: [
        {
          message: '2 lines hold an array instead of an object, expected one JSON object per line',
          level: 'error',
          suggestion: 'Wrap what these 2 lines hold in an object, such as {"messages": [...]}, or drop them',
        },
        { suggestion: 'Put a line break between the rows on this line' },
        { message: '1 line holds a number instead of an object, expected one JSON object per line' },
      ],
    },
    {
      name: 'more causes than are told apart',
      rows: [
        '{a:1}',
        '[',
        '{"a" 1}',
        '{"a":01}',
        '{"a":None}',
        '{"a":NaN}',
        '{"a":undefined}',
        '{"a":}',
        '{"a":1,}',
        '{"a":"\t"}',
        '{"a":1}x',
        good,
      ],
      score: null,
      findings: [
        ...Array.from({ length: 8 }, () => ({ level: 'error' as const })),
        {
          key: 'other',
          message: '3 more lines cannot be read for yet other reasons, expected one JSON object per line',
          level: 'error',
          suggestion: 'Write the file anew with a JSON library: so many kinds of fault come from writing JSON by hand',
          data: { lines: 3, share: 0.25 },
        },
      ],
    },
  ],
});

it('names the column in the evidence', async () => {
  const { findings } = await runRule(readableLines, [good, python(1)]);
  expect(findings[0]!.evidence).toEqual([{ file: 'test.jsonl', line: 2, excerpt: `column 2: ${python(1)}` }]);
});

const none = { train: [], eval: [], reference: [], whole: true };
const seen = (...skips: Partial<Skip>[]) => {
  const state = readableLines.create({});
  skips.forEach((skip, i) =>
    readableLines.observeSkip!(state, { at: { file: 'x.jsonl', line: i + 1 }, kind: 'not-json', reason: 'why', ...skip }, {}),
  );
  return state;
};

it('tells of bytes and lengths', () => {
  const bytes = 'bytes that are not UTF-8 (was it saved in another encoding?)';
  const state = seen(
    { kind: 'bad-utf8', reason: bytes, column: 3, excerpt: 'caf\ufffd' },
    { kind: 'bad-utf8', reason: bytes, column: 9, excerpt: 'na\ufffdve' },
    { kind: 'too-long', reason: 'a line of 71 MiB, longer than the 64 MiB that are read', excerpt: '{' },
  );
  expect(readableLines.finish(state, {}, none, {}).findings).toMatchObject([
    {
      message: `2 lines hold ${bytes}, expected UTF-8`,
      suggestion: 'Convert the file to UTF-8 (iconv -f latin1 -t utf-8, if it is Latin-1), which mends these 2 lines',
    },
    {
      key: 'too-long',
      message: '1 line was skipped: a line of 71 MiB, longer than the 64 MiB that are read, expected a shorter one',
      suggestion: 'Split or drop this line',
    },
  ]);
  const longer = seen(
    { kind: 'too-long', reason: 'a line of 71 MiB, longer than the 64 MiB that are read' },
    { kind: 'too-long', reason: 'a line of 2 GiB, longer than the 64 MiB that are read' },
  );
  expect(readableLines.finish(longer, {}, none, {}).findings).toMatchObject([
    { message: '2 lines were skipped, among them a line of 2 GiB, longer than the 64 MiB that are read, expected shorter ones' },
  ]);
});

it('says which of the files beside the training data is at fault, from plain data', () => {
  const side = structuredClone({
    eval: seen({}, {}),
    reference: seen({ kind: 'not-object', reason: 'a string instead of an object' }),
  }) as unknown as Side<never>;
  expect(readableLines.finish(seen(), {}, none, side).findings).toMatchObject([
    {
      key: 'not-json: why (evaluation data)',
      message: '2 lines of the evaluation data are not JSON: why, expected one JSON object per line',
    },
    {
      key: 'not-object: a string instead of an object (reference data)',
      message: '1 line of the reference data holds a string instead of an object, expected one JSON object per line',
    },
  ]);
});
