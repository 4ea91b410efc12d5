import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defineRule, type Example, lint, presets, Sample, type Side, UserError } from '../dist/src/index.js'; // the build: a worker needs a file on disk
import { random, sentence } from './generate.ts';

const folder = mkdtempSync(join(tmpdir(), 'lopsided-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const row = (prompt: string, completion: string): string => JSON.stringify({ prompt, completion });
const r = random(5);
const rows = Array.from({ length: 200 }, (_, i) => row(`${sentence(r)} ${i}`, sentence(r, 12)));
const data = write('train.jsonl', rows.join('\n'));

const meta = (id: string, sides = false) =>
  ({
    id,
    family: 'form',
    severity: 'error',
    docs: { summary: '', why: '', score: '', source: '' },
    options: {},
    ...(sides && { sides }),
  }) as const;

describe('a rule that throws', () => {
  const broken = (where: 'observe' | 'finish') => `export default { plugins: [{ name: 'acme', rules: [{
    meta: ${JSON.stringify(meta('reply-tone'))},
    create: () => ({ n: 0 }),
    observe(state, example) { if (${where === 'observe'} && example.at.line === 150) throw new TypeError('tone deaf'); },
    finish() { if (${where === 'finish'}) throw new TypeError('tone deaf'); return { score: null, findings: [] }; },
  }] }] };`;

  it.each([0, 1, 2])('stops the run with its id and the place, with %i workers', async (workers) => {
    const config = write(`throws-${workers}.mjs`, broken('observe'));
    await expect(lint(data, { config, workers })).rejects.toMatchObject({
      name: 'RuleError',
      ruleId: 'acme/reply-tone',
      place: { file: data, line: 150 },
      message: `Rule acme/reply-tone failed at ${data}:150: tone deaf`,
    });
  });
  it('stops it in its verdict, too', async () => {
    await expect(lint(data, { config: write('throws-late.mjs', broken('finish')) })).rejects.toMatchObject({
      name: 'RuleError',
      ruleId: 'acme/reply-tone',
      place: undefined,
    });
  });
});

describe('plugins', () => {
  const source = `
    import { defineRule, Sample } from ${JSON.stringify(resolve('dist/src/index.js'))};
    export const rule = defineRule({
      meta: ${JSON.stringify(meta('reply-shout'))},
      create: () => ({ shouted: 0, where: new Sample(2) }),
      observe(state, example) {
        for (const { role, text } of example.messages) {
          if (role !== 'assistant' || !text.includes('river')) continue;
          state.shouted += 1;
          state.where.add(example.at.line, { ...example.at, excerpt: text });
        }
      },
      finish: ({ shouted, where }) => ({ score: null, findings: [{ key: 'shout', level: 'warn', message: shouted + ' shouted, expected none', suggestion: 'Rewrite them', evidence: where.evidence(), data: { shouted } }] }),
    });
    export default { plugins: [{ name: 'acme', rules: [rule] }], rules: { 'acme/reply-shout': 'info' } };`;

  it('of a config file run in workers, with its settings', async () => {
    const config = write('plugin.mjs', source);
    const alone = await lint(data, { config, workers: 0 });
    const found = alone.findings.filter(({ ruleId }) => ruleId === 'acme/reply-shout');
    expect(found).toMatchObject([
      {
        severity: 'info',
        level: 'warn',
        data: { shouted: rows.filter((text) => (JSON.parse(text) as { completion: string }).completion.includes('river')).length },
      },
    ]);
    expect(JSON.stringify(await lint(data, { config, workers: 2 }))).toBe(JSON.stringify(alone));
  });

  it('of an object run in this thread', async () => {
    const rule = defineRule({
      meta: meta('reply-count'),
      create: () => ({ replies: 0, where: new Sample(1) }),
      observe(state) {
        state.replies += 1;
      },
      finish: ({ replies }) => ({
        score: null,
        findings: [{ key: 'count', level: 'info', message: `${replies}`, suggestion: 'Count', evidence: [], data: {} }],
      }),
    });
    const report = await lint(data, { config: { plugins: [{ name: 'mine', rules: [rule] }] }, workers: 2 });
    expect(report.findings.find(({ ruleId }) => ruleId === 'mine/reply-count')?.message).toBe('200');
  });
});

describe('side files', () => {
  const counting = defineRule({
    meta: meta('split-count', true),
    create: () => ({ seen: 0, evalSeen: 0 }),
    observe(state: { seen: number; evalSeen: number }, example: Example, _options: object, side: Side<{ seen: number; evalSeen: number }>) {
      state.seen += 1;
      if (example.split === 'train') state.evalSeen = side.eval?.seen ?? -1;
    },
    finish: ({ seen, evalSeen }, _options, panel, side) => ({
      score: null,
      findings: [
        {
          key: 'count',
          level: 'info',
          message: [
            seen,
            evalSeen,
            side.eval?.seen,
            side.reference?.seen,
            panel.train.length,
            panel.eval.length,
            panel.reference.length,
          ].join(' '),
          suggestion: 'Count',
          evidence: [],
          data: {},
        },
      ],
    }),
  });

  it('are folded first, by a state of their own, and reach observe, finish and the panel', async () => {
    const evalFile = write('eval.jsonl', rows.slice(0, 20).join('\n'));
    const reference = write('reference.jsonl', `${rows.slice(0, 7).join('\n')}\nnot json`);
    const report = await lint(data, { eval: evalFile, reference, config: { plugins: [{ name: 'mine', rules: [counting] }] } });
    expect(report.findings.find(({ ruleId }) => ruleId === 'mine/split-count')?.message).toBe('200 20 20 7 200 20 7');
    expect(report.examples).toEqual({ train: 200, eval: 20, reference: 7, pairs: 200 });
    expect(report.skipped.count).toBe(1);
    expect(
      report.findings.some(
        ({ ruleId, evidence }) => ruleId === 'readable-lines' && evidence[0]?.file === reference && evidence[0].line === 8,
      ),
    ).toBe(true);
  });

  it('give the same report with workers', async () => {
    const evalFile = write('eval2.jsonl', [...rows.slice(0, 30), '{'].join('\n'));
    const alone = await lint(data, { eval: evalFile, workers: 0 });
    expect(alone.findings.find(({ ruleId }) => ruleId === 'eval-overlap')?.data).toMatchObject({
      prompts: 30,
      same: 30,
      trainingLines: 30,
    });
    for (const workers of [1, 2, 3]) expect(JSON.stringify(await lint(data, { eval: evalFile, workers }))).toBe(JSON.stringify(alone));
  });

  it('are one side, whatever their order, and are named in what is said', async () => {
    const long = (i: number) => `${sentence(random(i), 30)} ${i}`;
    const exam = write('exam.jsonl', [...rows.slice(0, 20), row(long(1), 'x'), row(long(2), 'x')].join('\n'));
    // one line stands in both files
    const quiz = write('quiz.jsonl', [rows[0]!, ...rows.slice(50, 55), row(`Now: ${long(3)}`, 'x')].join('\n'));
    const given = write('given.jsonl', [...rows, row(`Then: ${long(3)}`, 'x')].join('\n'));
    const report = await lint(given, { eval: [exam, quiz], workers: 0 });
    const [same, runs] = report.findings.filter(({ ruleId }) => ruleId === 'eval-overlap');
    expect(same).toMatchObject({
      severity: 'error',
      message: `26 of 29 eval prompts (90%) stand in the training data word for word (20 in ${exam} and 6 in ${quiz}), all with the same reply, expected none`,
      data: { same: 26, trainingLines: 25, files: `${exam} 20, ${quiz} 6` },
    });
    expect(new Set(same!.evidence.map(({ file }) => file))).toEqual(new Set([exam, quiz]));
    expect(runs).toMatchObject({ key: 'runs', level: 'info', evidence: [{ file: quiz, line: 7 }] });
    for (const workers of [0, 2]) {
      expect(JSON.stringify(await lint(given, { eval: [quiz, exam], workers }))).toBe(JSON.stringify(report));
    }
  });

  it('cost nothing where there are none: the rule on overlap says so', async () => {
    const report = await lint(data, { reference: write('reference2.jsonl', rows.slice(0, 30).join('\n')) });
    expect(report.rules['eval-overlap']).toMatchObject({ score: null, notJudged: 'no eval data' });
    expect(report.findings.some(({ ruleId }) => ruleId === 'eval-overlap')).toBe(false);
  });
});

describe('the run', () => {
  it('stops at once when aborted, and says that the report is partial', async () => {
    const controller = new AbortController();
    let seen = 0;
    async function* endless() {
      for (;;) {
        if (++seen === 500) controller.abort();
        yield { prompt: `${sentence(r)} ${seen}`, completion: 'x' };
      }
    }
    const report = await lint(endless(), { signal: controller.signal });
    expect(report.parameters.partial).toBe(true);
    expect(report.examples.train).toBe(499); // the one at hand when it was stopped is not counted
  });

  it('tells its progress', async () => {
    const told: { bytes: number; examples: number; totalBytes?: number }[] = [];
    await lint(data, { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ bytes: rows.join('\n').length, totalBytes: rows.join('\n').length, examples: 200 });
  });

  it('reads fields that are named, and refuses half a mapping', async () => {
    const file = write(
      'fields.jsonl',
      rows.map((text) => text.replace('"prompt"', '"question"').replace('"completion"', '"sql"')).join('\n'),
    );
    expect((await lint(file, { prompt: 'question', reply: 'sql' })).examples.pairs).toBe(200);
    expect((await lint(file, { config: { prompt: ['question'], reply: 'sql' }, workers: 1 })).parameters.prompt).toEqual(['question']);
    await expect(lint(file, { prompt: 'question' })).rejects.toThrow('Missing --reply, expected both');
  });

  it('refuses nothing to read, and options that are wrong', async () => {
    await expect(lint([])).rejects.toThrow(UserError);
    await expect(lint(join(folder, 'none.jsonl'))).rejects.toThrow(UserError);
    await expect(lint(data, { config: { failon: 'x' } as never })).rejects.toThrow('Unexpected key "failon"');
    await expect(lint(data, { rules: { 'no-such': 'warn' } })).rejects.toThrow('Unexpected rule "no-such"');
    await expect(lint(data, { evl: 'x' } as never)).rejects.toThrow('Unexpected option "evl" for lint (did you mean "eval"?)');
    await expect(lint(42 as never)).rejects.toThrow('Unexpected input 42');
    const lossy = { meta: meta('reply-lossy'), create: () => ({ text: 'a' }), finish: () => ({ score: null, findings: [] }) };
    await expect(lint(data, { config: { plugins: [{ name: 'mine', rules: [lossy as never] }] } })).rejects.toThrow(
      'text is "a", expected a count',
    );
  });

  it('switches rules off and lists them as not run', async () => {
    const report = await lint(data, { rules: { 'prompt-length': 'off' } });
    expect(report.rules['prompt-length']).toEqual({
      family: 'spread',
      severity: 'off',
      scored: true,
      score: null,
      notJudged: 'switched off',
    });
  });

  it('is stricter under the strict preset', async () => {
    const lenient = await lint(data);
    const strict = await lint(data, { config: presets.strict });
    expect(strict.score ?? 0).toBeGreaterThanOrEqual(lenient.score ?? 0);
    expect(strict.parameters.rules['duplicate-examples']).toMatchObject({ error: 0.01 });
  });
});

describe('secrets', () => {
  it('are redacted wherever they stand in a report', async () => {
    const key = `sk-proj-${'a1B2'.repeat(8)}`;
    const leaky = [row(`My key is ${key}, does it work?`, ''), row(`My key is ${key}, does it work?`, ''), ...rows];
    const text = JSON.stringify(await lint(write('leaky.jsonl', leaky.join('\n'))));
    expect(text).toContain('[redacted: OpenAI key]');
    expect(text).not.toContain(key);
  });
});
