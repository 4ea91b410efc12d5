import { describe, expect, it } from 'vitest';
import answerCue from '../../../rules/leakage/answer-cue.ts';
import partialPrompt from '../../../rules/leakage/partial-prompt.ts';
import surfaceProbe from '../../../rules/leakage/surface-probe.ts';
import wordCue from '../../../rules/leakage/word-cue.ts';
import type { OptionSpecs, Rule, Severity, Verdict } from '../../../src/types.ts';
import { random } from '../../generate.ts';
import { pair, panelOf } from '../../panel/panel-of.ts';
import { finalMark, firstCase, type Labelled, labelled, type Pairs, twoParts, withWord } from './labelled.ts';

/** Data with known cues, or none: what each rule on answers makes of it. */

const RULES = { answerCue, surfaceProbe, wordCue, partialPrompt } as const;
type Name = keyof typeof RULES;

function verdicts(pairs: Pairs): Record<Name, Verdict> {
  const panel = panelOf(pairs.map(([prompt, reply]) => pair(prompt, reply)));
  const all = Object.entries(RULES).map(([name, rule]: [string, Rule]) => {
    const specs = rule.meta.options as OptionSpecs;
    const options = Object.fromEntries(Object.entries(specs).map(([option, spec]) => [option, spec.default]));
    return [name, rule.finish({}, options, panel, {})];
  });
  return Object.fromEntries(all) as Record<Name, Verdict>;
}

const levelOf = ({ findings }: Verdict): Severity | 'silent' =>
  (['error', 'warn', 'info'] as const).find((level) => findings.some((finding) => finding.level === level)) ?? 'silent';
const isLoud = (verdict: Verdict): boolean => verdict.findings.some(({ level }) => level !== 'info');

const SEEDS = 200;

/** How many of the seeds a rule is loud on. */
function loudOn(make: (seed: number) => Labelled, seeds = SEEDS): Record<Name, number> {
  const loud: Record<Name, number> = { answerCue: 0, surfaceProbe: 0, wordCue: 0, partialPrompt: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const found = verdicts(labelled(make(seed)));
    for (const name of Object.keys(loud) as Name[]) if (isLoud(found[name])) loud[name] += 1;
  }
  return loud;
}

describe('where there is no cue', () => {
  it.each([
    ['90 to 10, 160', { n: 160, labels: { yes: 0.9, no: 0.1 } }],
    ['five labels, 100', { n: 100, labels: { a: 0.2, b: 0.2, c: 0.2, d: 0.2, e: 0.2 } }],
    ['half and half, in two parts, 100', { n: 100, cue: twoParts('never', 'no', 0.1, 0.1) }],
  ] as const)('hardly any of 200 seeds is loud: %s', (_, data) => {
    for (const [name, loud] of Object.entries(loudOn((seed) => ({ seed, ...data }))))
      expect([name, loud <= SEEDS / 100]).toEqual([name, true]);
  });

  it('1,000 and 20,000 examples are silent, and judged', () => {
    for (const n of [1000, 20_000]) {
      const found = verdicts(labelled({ n, seed: n, cue: twoParts('never', 'no', 0.1, 0.1) }));
      for (const name of Object.keys(RULES) as Name[]) expect([name, found[name].score, found[name].findings]).toEqual([name, 0, []]);
    }
  });

  it('shuffling the labels silences every cue', () => {
    const r = random(9);
    const pairs = labelled({
      n: 600,
      seed: 9,
      cue: (prompt, label, next) => twoParts('never', 'no', 0.8, 0.1)(finalMark('yes', 0.95)(prompt, label, next), label, next),
    });
    const replies = pairs.map(([, reply]) => reply);
    for (let i = replies.length - 1; i > 0; i--) {
      const j = Math.floor(r() * (i + 1));
      [replies[i], replies[j]] = [replies[j]!, replies[i]!];
    }
    const before = verdicts(pairs);
    const after = verdicts(pairs.map(([prompt], i) => [prompt, replies[i]!]));
    for (const name of ['surfaceProbe', 'wordCue', 'partialPrompt'] as const) {
      expect([name, isLoud(before[name])]).toEqual([name, true]);
      expect([name, isLoud(after[name])]).toEqual([name, false]);
    }
  });
});

describe('where there is a cue', () => {
  // of H(Y) = 1 bit a mark that is right in 60, 75 and 95% tells 1 − H(p): 2.9, 18.9 and 71.4%
  it.each([
    [0.6, 100, 'silent'],
    [0.6, 1000, 'silent'],
    [0.6, 20_000, 'info'],
    [0.75, 100, 'info'],
    [0.75, 1000, 'warn'],
    [0.75, 20_000, 'error'],
    [0.95, 100, 'error'],
    [0.95, 1000, 'error'],
    [0.95, 20_000, 'error'],
  ] as const)('a final mark that is right in %d of %d examples: %s', (strength, n, level) => {
    const { answerCue: found } = verdicts(labelled({ n, seed: 5, cue: finalMark('yes', strength) }));
    expect(levelOf(found)).toBe(level);
    const told = 1 + strength * Math.log2(strength) + (1 - strength) * Math.log2(1 - strength);
    if (level !== 'silent') expect(found.findings[0]!.data).toMatchObject({ cue: 'final-mark' });
    if (n >= 1000 && level !== 'silent') expect(Math.abs((found.findings[0]!.data.uncertainty as number) - told)).toBeLessThan(0.04);
  });

  it('a case of 95% at nine to one is found, and one of 60% is not', () => {
    const labels = { yes: 0.9, no: 0.1 };
    expect(levelOf(verdicts(labelled({ n: 1000, seed: 6, labels, cue: firstCase('yes', 0.97) })).answerCue)).toBe('error');
    expect(isLoud(verdicts(labelled({ n: 1000, seed: 6, labels, cue: firstCase('yes', 0.6) })).answerCue)).toBe(false);
  });

  it('weak cues that say little alone are found together', () => {
    const cue: Labelled['cue'] = (prompt, label, r) => firstCase('yes', 0.68)(finalMark('yes', 0.68)(prompt, label, r), label, r);
    const { surfaceProbe: found } = verdicts(labelled({ n: 2000, seed: 7, cue }));
    expect(isLoud(found)).toBe(true);
  });

  it.each([
    [0.6, 0.1, 1000, true],
    [0.25, 0.2, 1000, false],
    [0.12, 0.1, 20_000, false],
  ] as const)('a negation in %d of one answer and %d of the others, %d examples', (there, elsewhere, n, loud) => {
    expect(isLoud(verdicts(labelled({ n, seed: 8, cue: withWord('never', 'no', there, elsewhere) })).wordCue)).toBe(loud);
    expect(isLoud(verdicts(labelled({ n, seed: 8, cue: twoParts('never', 'no', there, elsewhere) })).partialPrompt)).toBe(loud);
  });

  it('a cue in one task of three is found there, and named', () => {
    const tasks = ['Is the sentence about work?', 'Is the sentence polite?', 'Is the sentence true?'];
    const rows = tasks.flatMap((instruction, t) =>
      labelled({ n: 300, seed: 20 + t, ...(t === 1 && { cue: finalMark('yes', 0.95) }) }).map(([input, output]) => ({
        instruction,
        input,
        output,
      })),
    );
    const { findings } = (RULES.answerCue as Rule).finish({}, { warn: 0.05, error: 0.15 }, panelOf(rows), {});
    expect(findings.map(({ level, data }) => [level, data.task, data.cue])).toEqual([['error', tasks[1], 'final-mark']]);
    expect(findings[0]!.message).toMatch(/^In the task "Is the sentence polite\?", the answer is /);
  });
});

describe('where the sample is too small', () => {
  it.each([
    ['30 examples', { n: 30 }],
    ['100 examples, five of them with another label', { n: 100, labels: { yes: 0.95, no: 0.05 } }],
  ] as const)('%s: null, with the reason', (_, data) => {
    const found = verdicts(labelled({ seed: 1, cue: finalMark('yes', 0.95), ...data }));
    for (const { score, notJudged } of Object.values(found))
      expect([score, notJudged]).toEqual([null, expect.stringMatching(/^too few examples of each answer|^the replies do not decide/)]);
  });
});
