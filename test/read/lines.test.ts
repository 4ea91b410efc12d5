import { transcode } from 'node:buffer';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lines, type VisitLine } from '../../src/read/lines.ts';

type Line = readonly [line: number, text: string | undefined];

const batch = (bytes: Uint8Array, firstLine = 1) => ({ file: 'x.jsonl', firstLine, bytes: new Uint8Array(bytes) });

function read(bytes: Uint8Array, firstLine = 1): Line[] {
  const seen: Line[] = [];
  lines(batch(bytes, firstLine), (text, line) => seen.push([line, text]));
  return seen;
}

/** The slow and plain twin. */
function naive(bytes: Uint8Array, firstLine = 1): Line[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const seen: Line[] = [];
  let start = firstLine === 1 && Buffer.from(bytes).subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  for (let at = start, line = firstLine; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 10) continue;
    let end = at;
    if (end > start && bytes[end - 1] === 13) end -= 1;
    const cut = bytes.subarray(start, end);
    if (cut.some((byte) => byte !== 32 && byte !== 9 && byte !== 13)) {
      let text: string | undefined;
      try {
        text = decoder.decode(cut);
      } catch {
        text = undefined;
      }
      seen.push([line, text]);
    }
    start = at + 1;
    line += 1;
  }
  return seen;
}

/** Bytes in which line breaks, marks and broken sequences are common. */
const piece = fc.oneof(
  fc.constantFrom('\n', '\r\n', '\r', ' ', '\t', '\n\n', '\ufeff', '\0', '\u2028', '{"a":1}', 'é', '日本語', '🙂', '\u00a0', 'Привет'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const bytes = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: piece.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }).map((raw) => Buffer.from(raw)) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('efbbbf', 'ff', 'c3', 'e697', 'eda0bd', 'c0af', 'f4908080', 'f09f')
          .map((hex) => Buffer.from(hex, 'hex')),
      },
    ),
    { maxLength: 40 },
  )
  .map((pieces) => Buffer.concat(pieces));

afterEach(() => vi.unstubAllGlobals());

describe('lines', () => {
  it('gives the same lines as a naive split, whatever the bytes', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom(1, 2, 1000), (data, firstLine) => {
        expect(read(data, firstLine)).toEqual(naive(data, firstLine));
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it('decodes text with little ASCII in it right, too', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('я', '語', '🙂', 'ö', 'a', '"'), minLength: 1 })), (texts) => {
        const data = Buffer.from(texts.join('\n'));
        expect(read(data)).toEqual(naive(data));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('numbers lines as editors do: only \\n ends one', () => {
    expect(read(Buffer.from('a\r\nb\rc\u2028d\u0085e\n\n \n\r\nf'), 7)).toEqual([
      [7, 'a'],
      [8, 'b\rc\u2028d\u0085e'],
      [12, 'f'],
    ]);
  });

  it('reads its own part of a shared buffer', () => {
    const shared = new Uint8Array(Buffer.from('not this\nä\nb\nnot that'));
    const seen: Line[] = [];
    lines({ file: 'x.jsonl', firstLine: 2, bytes: shared.subarray(9, 14) }, (text, line) => seen.push([line, text]));
    expect(seen).toEqual([
      [2, 'ä'],
      [3, 'b'],
    ]);
  });

  it('drops a byte order mark at the start of the file and nowhere else', () => {
    expect(read(Buffer.from('\ufeffa\n\ufeffb'))).toEqual([
      [1, 'a'],
      [2, '\ufeffb'],
    ]);
    expect(read(Buffer.from('\ufeffa'), 2)).toEqual([[2, '\ufeffa']]);
    expect(read(Buffer.from('\ufeff\ufeffa'))).toEqual([[1, '\ufeffa']]);
    expect(read(Buffer.from('\ufeff\r\n'))).toEqual([]);
  });

  it('tells the size of each line with its line break, and which one a byte order mark stood before', () => {
    const seen: unknown[] = [];
    lines(batch(Buffer.from('\ufeffä\r\n\nb')), (text, line, size, marked) => seen.push([text, line, size, marked]));
    expect(seen).toEqual([
      ['ä', 1, 7, true],
      ['b', 3, 1, false],
    ]);
  });

  it.each([
    ['a Latin-1 letter', '{"a": "Caf\xe9"}', 11, '{"a": "Caf\ufffd"}'],
    ['the first byte', '\xff{}', 1, '\ufffd{}'],
    ['after two-, three- and four-byte letters', '\xc3\xa9\xe6\x97\xa5\xf0\x9f\x99\x82\xe9!', 5, 'é日🙂\ufffd!'],
    ['a sequence cut by the end of the line', 'ab\xe6\x97\r', 3, 'ab\ufffd'],
    ['a surrogate', 'a\xed\xa0\xbdb', 2, 'a\ufffd\ufffd\ufffdb'],
    ['an overlong slash', 'abc\xc0\xaf', 4, 'abc\ufffd\ufffd'],
    ['beyond U+10FFFF', '\xf4\x90\x80\x80', 1, '\ufffd\ufffd\ufffd\ufffd'],
    ['a lone continuation byte', 'x\x80y', 2, 'x\ufffdy'],
    ['after a byte order mark', '\xef\xbb\xbfab\xff', 3, 'ab\ufffd'],
  ])('says where UTF-8 goes wrong: %s', (_, latin1, column, excerpt) => {
    const seen: unknown[] = [];
    lines(batch(Buffer.from(`${latin1}\nfine`, 'latin1')), (text, line, _bytes, _marked, ...bad) => seen.push([text, line, ...bad]));
    expect(seen).toEqual([
      [undefined, 1, column, excerpt],
      ['fine', 2],
    ]);
  });

  it('finds the place in long lines, and shows what stands around it', () => {
    const seen: Parameters<VisitLine>[] = [];
    const text = 'ü'.repeat(100_000);
    lines(batch(Buffer.concat([Buffer.from(text), Buffer.from([0xff]), Buffer.from(text)])), (...line) => seen.push(line));
    const [none, line, , , column, excerpt = ''] = seen[0] ?? [];
    expect([seen.length, none, line, column]).toEqual([1, undefined, 1, 100_001]);
    expect(excerpt).toMatch(/^…ü+\ufffdü+…$/);
    expect(excerpt.length).toBeLessThanOrEqual(160);
  });

  it('places the first bad byte where the longest good part of the line ends', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(bytes, (data) => {
        const line = data.filter((byte) => byte !== 10);
        lines(batch(line, 2), (text, _line, _bytes, _marked, column = 0) => {
          if (text !== undefined) return;
          let good = '';
          for (let end = 0; end <= line.length; end++) {
            try {
              good = decoder.decode(line.subarray(0, end));
            } catch {
              // cut inside a letter, or beyond the bad byte
            }
          }
          expect(column).toBe(good.length + 1);
        });
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('gives the same lines in a browser, where there is no Buffer', async () => {
    vi.resetModules();
    await import('../../src/stats/excerpt.ts'); // the libraries below it are loaded by Node, which needs its process
    vi.stubGlobal('process', undefined);
    const { lines: elsewhere } = await import('../../src/read/lines.ts');
    vi.unstubAllGlobals();
    expect(elsewhere).not.toBe(lines);
    fc.assert(
      fc.property(bytes, (data) => {
        const here: unknown[] = [];
        const there: unknown[] = [];
        lines(batch(data), (...line) => here.push(line));
        elsewhere(batch(data), (...line) => there.push(line));
        expect(there).toEqual(here);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('may go through UTF-16, which knows every letter', () => {
    const text = Array.from({ length: 0x110000 - 0x800 }, (_, i) => String.fromCodePoint(i < 0xd800 ? i : i + 0x800)).join('');
    expect(transcode(Buffer.from(text), 'utf8', 'utf16le').toString('utf16le')).toBe(text);
  });
});
