import { RuleError } from '../errors.ts';
import { atMost, bySeverity, rounded } from '../judge.ts';
import type { Scan, Sides } from '../scan/scan.ts';
import { hashString } from '../stats/hash.ts';
import { byPlace } from '../stats/sample.ts';
import type { ActiveRule, Family, Finding, Panel, Remark, Report, Rule, RuleReport, Verdict } from '../types.ts';
import { version } from '../version.ts';
import { cutText } from '../wording.ts';
import { redacted } from './redact.ts';
import { FAMILIES, FEW, familyScore, jackknife, sizeCeiling, sizeHeld, totalScore } from './score.ts';

export interface ReportOptions {
  readonly panelSize: number;
  readonly eval?: Scan | undefined;
  readonly reference?: Scan | undefined;
  readonly sides?: Sides;
  /** Rules that were switched off, or that nobody asked for (`why`): listed as not run. */
  readonly off?: readonly { readonly id: string; readonly rule: Rule; readonly why?: string }[];
  readonly prompt?: readonly string[] | undefined;
  readonly reply?: string | undefined;
  readonly provider?: readonly string[] | undefined;
  readonly tokenizer?: string | undefined;
  readonly partial?: boolean;
}

const EXCERPT = 160;

/** Asks every rule for its verdict and puts the report together. Throws a RuleError where a rule throws. */
export function report(scan: Scan, rules: readonly ActiveRule[], options: ReportOptions): Report {
  const { examples } = scan.base;
  const panel: Panel = {
    train: scan.base.panel.examples(),
    eval: options.eval?.base.panel.examples() ?? [],
    reference: options.reference?.base.panel.examples() ?? [],
    whole: scan.base.panel.whole(),
  };
  const verdicts = rules.map((rule) => verdictOf(rule, scan, panel, options.sides ?? {}));
  const scores = rules.map(({ rule }, i) => scoreOf(rule, verdicts[i]!, examples));

  const families = familiesOf(rules, scores);
  const score = totalScore(families);
  const replicates = replicatesOf(rules, verdicts, scores, examples);
  const findings = rules
    .flatMap((rule, i) =>
      verdicts[i]!.findings.map((remark) => ({ finding: findingOf(rule, remark, examples), weight: scores[i] ?? unscoredWeight(remark) })),
    )
    .map((item, order) => ({ ...item, order }))
    .sort((a, b) => bySeverity(a.finding.severity, b.finding.severity) || b.weight - a.weight || a.order - b.order)
    .map(({ finding }) => finding);
  const scans = [scan, options.eval, options.reference].filter((each) => each !== undefined);

  return redacted({
    schemaVersion: 1 as const,
    version,
    score,
    ...(score !== null && replicates.total && { interval: jackknife(score, replicates.total) }),
    families,
    rules: Object.fromEntries(
      [
        ...rules.map(({ id, rule, severity }, i): [string, RuleReport] => [
          id,
          {
            family: rule.meta.family,
            severity,
            scored: rule.meta.measures !== undefined,
            score: scores[i]!,
            ...(scores[i] !== null && verdicts[i]!.replicates && { interval: jackknife(scores[i]!, verdicts[i]!.replicates) }),
            ...notJudged(rule, verdicts[i]!, scores[i]!, examples),
          },
        ]),
        ...(options.off ?? []).map(({ id, rule, why = 'switched off' }): [string, RuleReport] => [
          id,
          { family: rule.meta.family, severity: 'off', scored: rule.meta.measures !== undefined, score: null, notJudged: why },
        ]),
      ].sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    findings,
    pictures: Object.fromEntries(rules.flatMap(({ id }, i) => (verdicts[i]!.picture ? [[id, verdicts[i]!.picture]] : []))),
    examples: {
      train: examples,
      eval: options.eval?.base.examples ?? 0,
      reference: options.reference?.base.examples ?? 0,
      pairs: scan.base.pairs,
    },
    skipped: {
      count: scans.reduce((sum, { base }) => sum + base.skipped, 0),
      first: scans
        .flatMap(({ base }) => base.skips.first)
        .sort((a, b) => byPlace(a.at, b.at))
        .slice(0, 20),
    },
    parameters: {
      rules: Object.fromEntries(rules.map(({ id, options: given }) => [id, given] as const).sort(([a], [b]) => (a < b ? -1 : 1))),
      panel: { size: options.panelSize, examples: panel.train.length, whole: panel.whole },
      formats: Object.fromEntries([...scan.base.formats.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
      ...(options.prompt && { prompt: options.prompt }),
      ...(options.reply !== undefined && { reply: options.reply }),
      ...(options.provider && { provider: options.provider }),
      ...(options.tokenizer !== undefined && { tokenizer: options.tokenizer }),
      ...(options.partial && { partial: true as const }),
    },
  });
}

function verdictOf({ id, rule, options }: ActiveRule, scan: Scan, panel: Panel, sides: Sides): Verdict {
  try {
    return rule.finish(scan.states[id], options, panel, sides[id] ?? {});
  } catch (cause) {
    throw new RuleError(id, undefined, cause);
  }
}

function scoreOf(rule: Rule, { score }: Verdict, examples: number): number | null {
  if (score === null || examples < FEW) return null;
  return rounded(rule.meta.exact ? score : sizeHeld(score, examples));
}

/** The reason why a scored rule has no score, or why an unscored one could say nothing. */
function notJudged({ meta }: Rule, verdict: Verdict, score: number | null, examples: number): { notJudged?: string } {
  if (score !== null) return {};
  if (meta.measures && examples < FEW) return { notJudged: `fewer than ${FEW} examples` };
  return verdict.notJudged === undefined ? {} : { notJudged: verdict.notJudged };
}

function findingOf({ id, rule, severity: ceiling }: ActiveRule, remark: Remark, examples: number): Finding {
  const { family, exact } = rule.meta;
  const level = exact || family === 'form' ? remark.level : atMost(remark.level, sizeCeiling(examples));
  return {
    ruleId: id,
    family,
    severity: atMost(level, ceiling),
    level,
    key: remark.key,
    message: remark.message,
    suggestion: remark.suggestion,
    evidence: remark.evidence.map(({ file, line, excerpt }) => ({ file, line, excerpt: cutText(excerpt, EXCERPT) })),
    data: remark.data,
    fingerprint: hashString(`${id}\n${remark.key}`).toString(16).padStart(14, '0'),
  };
}

/** Of unscored rules, what touches half of the data or more comes first: where most lines cannot be read, the rest of the report is about the others. */
function unscoredWeight({ data }: Remark): number {
  const { share } = data;
  return typeof share === 'number' && share >= 0.5 ? 2 : -1;
}

function familiesOf(rules: readonly ActiveRule[], scores: readonly (number | null)[]): { readonly [family in Family]: number | null } {
  const families = FAMILIES.map((family) => [family, familyScore(scores.filter((_, i) => rules[i]!.rule.meta.family === family))]);
  return Object.fromEntries(families) as { [family in Family]: number | null };
}

/** The total with each of the panel's groups left out, from the rules' replicates; rules without them are exact and stay as they are. */
function replicatesOf(
  rules: readonly ActiveRule[],
  verdicts: readonly Verdict[],
  scores: readonly (number | null)[],
  examples: number,
): { total?: readonly number[] } {
  const groups = Math.max(0, ...verdicts.map(({ replicates }) => replicates?.length ?? 0));
  if (groups === 0) return {};
  const total = Array.from({ length: groups }, (_, g) => {
    const without = scores.map((score, i) => {
      const replicate = verdicts[i]!.replicates?.[g];
      if (score === null || replicate === undefined) return score;
      return rules[i]!.rule.meta.exact ? replicate : sizeHeld(replicate, examples);
    });
    return totalScore(familiesOf(rules, without)) ?? 0;
  });
  return { total };
}
