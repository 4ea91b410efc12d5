import { expect, it, vi } from 'vitest';
import replyBalance from '../../rules/mapping/reply-balance.ts';
import { defineRule, readGrammar, stem } from '../../src/kit.ts';
import { runRule } from '../../src/testing.ts';

const loaded = vi.hoisted((): string[] => []);
vi.mock('../../src/libraries/compromise.ts', async (original) => {
  loaded.push('compromise');
  return await original();
});
vi.mock('../../src/libraries/stems.ts', async (original) => {
  loaded.push('stems');
  return await original();
});

it('loads a library for the rules that need it only, and before they finish', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ prompt: `Is ${i} even?`, completion: i % 2 === 0 ? 'yes' : 'no' }));
  await runRule(replyBalance, rows);
  expect(loaded).toEqual([]);
  expect(() => readGrammar('It rains.')).toThrow("expected needs: ['compromise']");
  expect(() => stem('rains')).toThrow("expected needs: ['stems']");

  const needy = defineRule({
    meta: { ...replyBalance.meta, needs: ['compromise', 'stems'] },
    create: () => ({}),
    finish: () => ({ score: null, notJudged: `${stem('rains')}, ${readGrammar('It rains.')[0]!.terms.length} words`, findings: [] }),
  });
  expect((await runRule(needy, rows)).rules['reply-balance']!.notJudged).toBe('rain, 2 words');
  expect(loaded).toEqual(['compromise', 'stems']);
});
