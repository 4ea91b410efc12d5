import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lint, type Report } from '../dist/src/index.js'; // the build: a worker needs a file on disk
import { pick, random, sentence } from './generate.ts';

/** What the rules on form look for. */
const ODDITIES = [
  '{{name}}',
  'cafÃ© at 5\u200b',
  '<|im_end|>',
  'mail to ann.kovacs@kovacs-mail.de',
  'a\u0007b',
  'and then we went to the',
  '```js\nlet a',
  'Eat a banana! '.repeat(40),
  ['token=', 'q7Rk2Lw9Xz4T', 'b8Vnc1Ms'].join(''), // in pieces, so that no scanner takes it for a real one
];

/** Labels that a mark, a word, one part of the prompt and a field beside it tell. */
function told(r: () => number, i: number): object {
  const label = pick(r, ['follows', 'contradicts']);
  const is = label === 'contradicts';
  const hypothesis = sentence(r, 6).slice(0, -1);
  return {
    prompt: `Premise: ${sentence(r, 8)} ${i}\nHypothesis: ${is && r() < 0.6 ? hypothesis.replace(' ', ' never ') : hypothesis}${is === r() < 0.9 ? '!' : '.'}`,
    completion: label,
    source: is === r() < 0.8 ? 'forum' : pick(r, ['news', 'mail']),
    id: i,
  };
}

const chosen = (r: () => number, i: number): object => ({
  prompt: `${sentence(r, 8)} ${i}`,
  chosen: sentence(r, r() < 0.9 ? 24 : 8),
  rejected: r() < 0.03 ? sentence(r, 24) : `Obviously ${sentence(r, r() < 0.9 ? 9 : 24)}`,
});

function question(r: () => number, i: number): object {
  const options = ['A', 'B', 'C', 'D'].map((letter, n) => `${letter}) ${sentence(r, 3).slice(0, -1)} ${(i * 7 + n) % 97}`);
  return { prompt: `Which of these, number ${i}?\n${options.join('\n')}`, completion: r() < 0.6 ? 'C' : pick(r, ['A', 'B', 'C', 'D']) };
}

/** A data set with something for every rule: duplicates, conflicts, an edit task, labels and cues, preferences, broken lines, several formats. */
function rows(): string[] {
  const r = random(11);
  const lines: string[] = [];
  for (let i = 0; i < 3000; i++) {
    const kind = r();
    if (kind < 0.08) {
      const text = Array.from({ length: 8 }, () => sentence(r, 6 + Math.floor(r() * 8))).join(' ');
      lines.push(JSON.stringify({ instruction: 'Restore the punctuation.', input: text.replace(/[.,]/g, ''), output: text }));
    } else if (kind < 0.35) {
      const label = pick(r, ['billing', 'billing', 'billing', 'delivery', 'returns', '', ' billing ']);
      lines.push(JSON.stringify({ prompt: `${sentence(r, 8)} ${i % 900}`, completion: label }));
    } else if (kind < 0.5) {
      lines.push(JSON.stringify(told(r, i)));
    } else if (kind < 0.55) {
      lines.push(JSON.stringify(chosen(r, i)));
    } else if (kind < 0.62) {
      lines.push(JSON.stringify(question(r, i)));
    } else if (kind < 0.9) {
      const reply = `${pick(r, ['Sure, here is', 'Of course,', 'I think', ''])} ${sentence(r, 30)}`;
      const content = `${sentence(r, 3 + Math.floor(r() * 40))} ${'naïve 世界 '.repeat(Math.floor(r() * 20))}`;
      lines.push(
        JSON.stringify({
          messages: [
            { role: 'user', content },
            { role: 'assistant', content: reply },
          ],
        }),
      );
    } else if (kind < 0.95 && lines.length > 0) {
      lines.push(lines[Math.floor(r() * lines.length)]!);
    } else if (kind < 0.97) {
      lines.push(pick(r, ["{'prompt': 'x'}", '{"prompt": "x", "completion": ', '{"question": "x"}', '[1]', '{"messages": []}', '']));
    } else {
      const said = pick(r, ODDITIES);
      lines.push(JSON.stringify({ prompt: 'Who wrote it?', completion: `${pick(r, ['Yes', 'No'])}, ${sentence(r, 5)} ${said}` }));
    }
  }
  return lines;
}

let folder: string;
let lines: string[];
let held: string;
let whole: Report;
const write = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lopsided-'));
  lines = rows();
  held = write('held.jsonl', lines.filter((line, i) => i % 40 === 0 && line.startsWith('{"') && line.endsWith('}')).join('\n'));
  whole = await lint(write('whole.jsonl', lines.join('\n')), { workers: 0, eval: held });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A report with its places taken out: of each finding the evidence by excerpt, and line numbers in sentences. */
function placesAside(report: Report): unknown {
  const words = (text: string) =>
    text
      .replace(/\blines? \d+(?:(?:, | and |–)\d+)*/g, 'PLACE')
      .replace(/[\w./-]+\.jsonl(?::\d+)?/g, 'PLACE')
      .replace(/PLACE(?:(?:, | and )PLACE)*/g, 'PLACES');
  return JSON.parse(
    JSON.stringify({
      ...report,
      findings: report.findings.map((finding) => ({
        ...finding,
        message: words(finding.message),
        suggestion: words(finding.suggestion),
        evidence: finding.evidence.length,
      })),
      skipped: report.skipped.count,
    }),
  );
}

describe('the same data gives the same report', () => {
  it('from data that has something for every rule', () => {
    expect(whole.examples.train).toBeGreaterThan(2700);
    expect(new Set(whole.findings.map(({ ruleId }) => ruleId)).size).toBeGreaterThanOrEqual(16);
  });

  it.each([1, 2, 7])('byte for byte with %i workers', async (workers) => {
    const report = await lint(join(folder, 'whole.jsonl'), { workers, eval: held });
    expect(JSON.stringify(report)).toBe(JSON.stringify(whole));
  });

  it('byte for byte compressed under the same name, and with other line ends', async () => {
    const text = readFileSync(join(folder, 'whole.jsonl'));
    write('whole.jsonl', gzipSync(text));
    expect(JSON.stringify(await lint(join(folder, 'whole.jsonl'), { workers: 2, eval: held }))).toBe(JSON.stringify(whole));
    write('whole.jsonl', lines.join('\r\n'));
    expect(JSON.stringify(await lint(join(folder, 'whole.jsonl'), { workers: 2, eval: held }))).toBe(JSON.stringify(whole));
    write('whole.jsonl', text);
  });

  it('places aside, cut into shards, renamed, in another order', async () => {
    const expected = placesAside(whole);
    const shards = [0, 1, 2].map((shard) => write(`shard-${shard}.jsonl`, lines.filter((_, i) => i % 3 === shard).join('\n')));
    expect(placesAside(await lint(shards, { workers: 2, eval: held }))).toEqual(expected);
    expect(placesAside(await lint([...shards].reverse(), { workers: 0, eval: held }))).toEqual(expected);
    const r = random(3);
    const shuffled = lines.map((line) => [r(), line] as const).sort((a, b) => a[0] - b[0]);
    expect(placesAside(await lint(write('other-name.jsonl', shuffled.map(([, line]) => line).join('\n')), { eval: held }))).toEqual(
      expected,
    );
  });

  it('places aside, as rows in memory', async () => {
    const readable = lines.filter((line) => line.startsWith('{"') && line.endsWith('}'));
    const path = write('readable.jsonl', readable.join('\n'));
    async function* stream() {
      for (const line of readable) yield JSON.parse(line) as object;
    }
    const expected = placesAside(await lint(path));
    expect(placesAside(await lint(readable.map((line) => JSON.parse(line) as object)))).toEqual(expected);
    expect(placesAside(await lint(stream()))).toEqual(expected);
  });

  it('says nothing of workers, files, time or machine in its parameters', () => {
    const text = JSON.stringify(whole.parameters);
    expect(text).not.toMatch(/workers|jsonl|tmp|20\d\d-/);
  });
});
