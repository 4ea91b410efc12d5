import { describe, expect, it } from 'vitest';
import { progressLine, progressText } from '../../src/cli/progress.ts';

function run(stream: { isTTY?: boolean; columns?: number } = { isTTY: true, columns: 80 }, env = {}) {
  const written: string[] = [];
  let time = 0;
  const line = progressLine({ ...stream, write: (text: string) => written.push(text) }, env, () => time);
  return { written, line, at: (ms: number) => (time = ms) };
}

describe('progressLine', () => {
  it('is silent for the first second', () => {
    const { written, line, at } = run();
    for (let ms = 0; ms < 1000; ms += 50) {
      at(ms);
      line.update({ bytes: ms, totalBytes: 10_000, examples: ms });
    }
    line.clear();
    expect(written).toEqual([]);
  });

  it('repaints at most ten times a second', () => {
    const { written, line, at } = run();
    for (let ms = 0; ms <= 3000; ms += 7) {
      at(ms);
      line.update({ bytes: ms, totalBytes: 10_000, examples: ms });
    }
    expect(written.length).toBeGreaterThan(15);
    expect(written.length).toBeLessThanOrEqual(21);
  });

  it('paints the last line at once and only once, for what comes then repaints nothing', () => {
    const { written, line, at } = run();
    at(2000);
    line.update({ bytes: 99, totalBytes: 100, examples: 10 });
    at(2001);
    line.update({ bytes: 100, totalBytes: 100, examples: 11 });
    at(2002);
    line.update({ bytes: 100, totalBytes: 100, examples: 12 });
    expect(written).toEqual(['\rReading: 99%, 10 examples, 5 a second, 1 s left\u001b[K', '\rJudging: 11 examples\u001b[K']);
  });

  it('wipes itself away', () => {
    const { written, line, at } = run();
    at(1500);
    line.update({ bytes: 5, totalBytes: 10, examples: 1 });
    line.clear();
    line.clear();
    expect(written.slice(1)).toEqual(['\r\u001b[K']);
  });

  it('takes 80 columns where the terminal does not tell', () => {
    const { written, line, at } = run({ isTTY: true, columns: 0 });
    at(1500);
    line.update({ bytes: 5, totalBytes: 10, examples: 1 });
    expect(written).toEqual(['\rReading: 50%, 1 example, 1 a second, 2 s left\u001b[K']);
  });

  it('never wraps on a narrow terminal', () => {
    const { written, line, at } = run({ isTTY: true, columns: 30 });
    at(1500);
    line.update({ bytes: 5, totalBytes: 10, examples: 123_456_789 });
    expect(written[0]).toBe('\rReading: 50%, 123,456,789 ex…\u001b[K');
  });

  it('is silent where stderr is no terminal, or a dumb one', () => {
    for (const { written, line, at } of [run({}), run({ isTTY: true }, { TERM: 'dumb' })]) {
      at(5000);
      line.update({ bytes: 5, totalBytes: 10, examples: 1 });
      line.clear();
      expect(written).toEqual([]);
    }
  });
});

describe('progressText', () => {
  it.each([
    [{ bytes: 25e6, totalBytes: 100e6, examples: 50_000 }, 2000, 'Reading: 25%, 50,000 examples, 25,000 a second, 6 s left'],
    [{ bytes: 1e6, totalBytes: 100e6, examples: 1 }, 2000, 'Reading:  1%, 1 example, 1 a second, 3 min 18 s left'],
    [{ bytes: 1, totalBytes: 4000, examples: 9 }, 2000, 'Reading:  0%, 9 examples, 5 a second, 2 h 13 min left'],
    [{ bytes: 0, totalBytes: 100, examples: 0 }, 2000, 'Reading:  0%, 0 examples, 0 a second'],
    [{ bytes: 312.4e6, examples: 5000 }, 2000, 'Reading: 312 MB, 5,000 examples, 2,500 a second'],
    [{ bytes: 100, totalBytes: 100, examples: 5000 }, 2000, 'Judging: 5,000 examples'],
  ])('%o', (progress, ms, text) => {
    expect(progressText(progress, ms)).toBe(text);
  });
});
