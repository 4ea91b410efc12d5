import { bySeverity, rounded } from '../judge.ts';
import { FAMILIES } from '../report/score.ts';
import type { Evidence, Family, Finding, Report, Reporter, Severity } from '../types.ts';
import { count, integer, list } from '../wording.ts';
import { type Paint, paint } from './ansi.ts';
import { visible } from './escape.ts';
import { columns, cutColumns, hang, pad, wrap } from './text.ts';

/** Narrower, words would be broken all over; wider, lines become hard to read. */
const NARROWEST = 40;
const WIDEST = 120;
/** Findings told in full; of one rule so many, so that a rule with thirty findings does not drown the others. */
const FULL_PER_RULE = 3;
/** Of one rule so many are told with one place at least. */
const PLACED_PER_RULE = 12;
const FINDINGS = 40;
const HINTS = 4;
const PLACES = 3;
const HINT_PLACES = 2;

/** The report for people: one screen, worst first, in plain words. */
export const pretty: Reporter = (report, style) => {
  const width = Math.max(NARROWEST, Math.min(WIDEST, Math.floor(style.width) || NARROWEST));
  const p = paint(style.color);
  const blocks = [
    headline(report, width, p),
    bars(report, width, p),
    upload(report, width, p),
    ...findings(report.findings, width, p),
    notJudged(report, width, p),
  ];
  return `${[...blocks, summary(report, width, p)]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
};

/** The findings alone, as `pretty` prints them: for documentation. */
export const prettyFindings = (found: readonly Finding[], style: { readonly color: boolean; readonly width: number }): string =>
  findings(found, style.width, paint(style.color))
    .map((block) => block.join('\n'))
    .join('\n\n');

// ── The figure ──────────────────────────────────────────────────────────────

const WARN = 0.5;
const ERROR = 0.8;

/** A score as 0–100, never rounded onto a line that it has not reached: 79.6 is no error, and .2 is not even. */
function hundred(score: number): string {
  const whole = Math.round(rounded(score * 100));
  if ([WARN, ERROR, 1].some((line) => score < line && whole >= line * 100 && whole - 1 < line * 100)) return String(whole - 1);
  return String(score > 0 && whole === 0 ? 1 : whole);
}

function headline({ score, interval, families, rules, parameters, examples }: Report, width: number, p: Paint): string[] {
  const lines: string[] = [];
  if (score === null) {
    const reasons = new Set(
      Object.values(rules).flatMap(({ scored, severity, notJudged: why }) => (scored && severity !== 'off' ? [why] : [])),
    );
    const [reason] = reasons;
    const because =
      examples.train === 0 ? ': no example was read' : reasons.size === 1 && reason !== undefined ? `: ${visible(reason)}` : '';
    lines.push(...wrap(`Lopsidedness not judged${because}`, width).map(p.bold));
  } else {
    const between =
      interval && hundred(interval[0]) !== hundred(interval[1]) ? `, 95% interval ${hundred(interval[0])} to ${hundred(interval[1])}` : '';
    lines.push(...wrap(`Lopsidedness ${hundred(score)} of 100 (0 is even${between})`, width).map(p.bold));
  }
  const held = score === 0.4 ? HOLDING.filter((family) => (families[family] ?? 0) >= 0.8) : [];
  if (held.length > 0) {
    lines.push(...wrap(`Held at 40 because ${list(held)} ${held.length === 1 ? 'is' : 'are'} past the error line.`, width));
  }
  if (parameters.partial) {
    const read = examples.train === 0 ? 'before any training example was read' : `after ${count(examples.train, 'example')}`;
    lines.push(...wrap(`Partial: the run was stopped ${read}. The rest of the data is not in this report.`, width).map(p.yellow));
  }
  return lines;
}

/** The families whose error holds the total up (score.ts). */
const HOLDING: readonly Family[] = ['clustering', 'leakage', 'mapping'];

// ── A bar per family ────────────────────────────────────────────────────────

const FAMILY_WIDTH = Math.max(...FAMILIES.map((family) => family.length));

function bars(report: Report, width: number, p: Paint): string[] {
  const room = width - 2 - FAMILY_WIDTH - 2;
  const bar = Math.min(40, Math.floor((room - 5) / 10) * 10);
  const lines = FAMILIES.map((family) => {
    const score = report.families[family] ?? null;
    const label = `  ${pad(family, FAMILY_WIDTH)}  `;
    if (score === null) return label + p.dim(whyNoBar(report, family, room));
    const cells = Math.round(rounded(score * bar));
    const color = score >= ERROR ? p.red : score >= WARN ? p.yellow : p.cyan;
    const rest = room - bar - 6;
    const worst = rest >= 12 ? cutColumns(worstRules(report, family, score), rest) : '';
    return `${label}${color('█'.repeat(cells))}${p.dim('·'.repeat(bar - cells))} ${hundred(score).padStart(3)}${worst && `  ${p.dim(worst)}`}`;
  });
  const anyBar = FAMILIES.some((family) => (report.families[family] ?? null) !== null);
  return anyBar ? [p.dim(scale(bar)), ...lines] : lines;
}

/** The line above the bars: where the warn and the error line of a family are. */
function scale(bar: number): string {
  let line = ' '.repeat(2 + FAMILY_WIDTH + 2);
  const start = line.length;
  for (const [at, name] of [
    [0, 'even'],
    [WARN, 'warn'],
    [ERROR, 'error'],
  ] as const)
    line = pad(line, start + at * bar) + name;
  return line;
}

function worstRules({ rules }: Report, family: Family, score: number): string {
  if (score === 0) return '';
  return Object.keys(rules)
    .filter((id) => rules[id]!.family === family && rules[id]!.score === score)
    .map(visible)
    .join(', ');
}

function whyNoBar({ rules, findings: found }: Report, family: Family, room: number): string {
  const own = Object.values(rules).filter((rule) => rule.family === family);
  if (own.length === 0) return 'no rules yet';
  if (own.every(({ severity }) => severity === 'off')) return 'switched off';
  if (family !== 'form' && own.some(({ scored }) => scored)) return 'not judged';
  const its = found.filter((finding) => finding.family === family);
  const told = its.length === 0 ? 'no findings' : tally(its);
  const long = `${told} (${family === 'form' ? 'a gate, ' : ''}not scored)`;
  return long.length <= room ? long : cutColumns(told, room);
}

// ── What each service and trainer would do ──────────────────────────────────

/** A line per provider that was named: the picture of provider-limits. */
function upload({ pictures }: Report, width: number, p: Paint): string[] {
  const picture = Object.hasOwn(pictures, 'provider-limits') ? pictures['provider-limits'] : undefined;
  if (picture?.kind !== 'table') return [];
  const { columns: names } = picture;
  const cells = picture.rows.map((row) => (name: string) => row[names.indexOf(name)] ?? '');
  const widest = Math.max(0, ...cells.map((cell) => columns(visible(String(cell('name'))))));
  return [
    p.bold(visible(picture.title)),
    ...cells.flatMap((cell) => {
      const [errors, warnings, dropped, cut] = ['errors', 'warnings', 'rows dropped', 'rows cut'].map((name) => Number(cell(name))) as [
        number,
        number,
        number,
        number,
      ];
      const verdict = String(cell('verdict'));
      const takes = verdict === 'accepts' || verdict === 'drops rows' || verdict === 'cuts rows';
      const parts: readonly string[] = takes
        ? [...(dropped > 0 ? [`drops ${count(dropped, 'row')}`] : []), ...(cut > 0 ? [`cuts ${count(cut, 'row')}`] : [])]
        : [verdict];
      const said = parts.length > 0 ? list(parts) : 'takes it';
      const note = String(cell('note'));
      const counts = [...(errors > 0 ? [count(errors, 'error')] : []), ...(warnings > 0 ? [count(warnings, 'warning')] : [])].join(', ');
      const [color, sign] = errors > 0 ? [p.red, '✗'] : warnings > 0 || parts.length > 0 ? [p.yellow, '!'] : [p.cyan, '✓'];
      const label = `  ${sign} ${pad(visible(String(cell('name'))), widest)}  `;
      const text = visible([said, ...(counts === '' ? [] : [`(${counts})`]), ...(note === '' ? [] : [`– ${note}`])].join(' '));
      const [first = '', ...more] = hang(label, text, width);
      return [color(first.slice(0, 3)) + first.slice(3), ...more];
    }),
  ];
}

// ── The findings ────────────────────────────────────────────────────────────

const NAMES: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ['error', 'errors'],
  warn: ['warning', 'warnings'],
  info: ['hint', 'hints'],
};

/** "3 errors, 1 warning, 4 hints". */
function tally(found: readonly Finding[]): string {
  return (['error', 'warn', 'info'] as const)
    .map((severity) => [found.filter((finding) => finding.severity === severity).length, NAMES[severity]] as const)
    .filter(([n]) => n > 0)
    .map(([n, [one, many]]) => count(n, one, many))
    .join(', ');
}

/** One block each, worst first; hints in short after them, and a line for those that are left out. */
function findings(found: readonly Finding[], width: number, p: Paint): string[][] {
  const order = found.toSorted((a, b) => bySeverity(a.severity, b.severity));
  const loud = order.filter(({ severity }) => severity !== 'info');
  const hints = order.filter(({ severity }) => severity === 'info');
  const shown = [...loud.slice(0, FINDINGS), ...hints.slice(0, HINTS)];
  const left = [...loud.slice(FINDINGS), ...hints.slice(HINTS)];
  const told = new Map<string, number>();
  const blocks = shown.map((finding) => {
    const nth = (told.get(finding.ruleId) ?? 0) + 1;
    told.set(finding.ruleId, nth);
    return findingLines(
      finding,
      nth > FULL_PER_RULE ? (nth > PLACED_PER_RULE ? 0 : 1) : finding.severity === 'info' ? HINT_PLACES : PLACES,
      width,
      p,
    );
  });
  if (left.length > 0) blocks.push(wrap(`And ${tally(left)} more (${byRule(left)}): --format json has them all.`, width));
  return blocks;
}

function byRule(found: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { ruleId } of found) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  const named = [...counts].slice(0, 6).map(([id, n]) => (n === 1 ? visible(id) : `${visible(id)} ${integer(n)}`));
  return counts.size > 6 ? [...named, `${integer(counts.size - 6)} more rules`].join(', ') : named.join(', ');
}

const INDENT = 7;

function findingLines({ severity, ruleId, message, suggestion, evidence }: Finding, places: number, width: number, p: Paint): string[] {
  const color = { error: p.red, warn: p.yellow, info: p.cyan }[severity];
  const [first = '', ...more] = hang(' '.repeat(INDENT), visible(ruleId), width);
  return [
    `${p.bold(color(severity))}${first.slice(severity.length)}`,
    ...more,
    ...hang(' '.repeat(INDENT), visible(message), width).map(p.bold),
    ...(suggestion === '' ? [] : hang(`${' '.repeat(INDENT - 2)}> `, visible(suggestion), width)),
    ...evidenceLines(evidence.slice(0, places), width).map(p.dim),
  ];
}

/** An excerpt takes so many lines; what is longer is cut. */
const EXCERPT_LINES = 2;

/** "file:line  excerpt", in two columns where file names are short, else one under the other. */
function evidenceLines(evidence: readonly Evidence[], width: number): string[] {
  const indent = ' '.repeat(INDENT + 2);
  const room = width - indent.length;
  const places = evidence.map(({ file, line }) => `${visible(file)}:${line}`);
  const widest = Math.max(0, ...places.map(columns));
  const beside = room - widest - 2;
  return evidence.flatMap(({ excerpt }, i) => {
    const text = visible(excerpt).trim();
    if (text === '') return hang(indent, places[i]!, width);
    if (beside < Math.min(30, room / 2)) return [...hang(indent, places[i]!, width), ...excerptLines(`${indent}  `, text, width)];
    return excerptLines(`${indent}${pad(places[i]!, widest)}  `, text, width);
  });
}

function excerptLines(prefix: string, text: string, width: number): string[] {
  const indent = columns(prefix);
  const lines = wrap(text, width - indent);
  const shown = lines.slice(0, EXCERPT_LINES - 1);
  shown.push(cutColumns(lines.slice(EXCERPT_LINES - 1).join(' '), width - indent));
  return shown.filter((line) => line !== '').map((line, i) => `${i === 0 ? prefix : ' '.repeat(indent)}${line}`);
}

// ── What was not judged, and the last line ──────────────────────────────────

function notJudged({ rules, examples, findings }: Report, width: number, p: Paint): string[] {
  const reasons = new Map<string, string[]>();
  for (const [id, rule] of Object.entries(rules)) {
    const reason = rule.notJudged ?? (rule.scored && rule.score === null ? 'gave no reason' : undefined);
    // a rule that had something to say has said it
    if (reason === undefined || findings.some(({ ruleId }) => ruleId === id)) continue;
    const ids = reasons.get(reason);
    if (ids) ids.push(visible(id));
    else reasons.set(reason, [visible(id)]);
  }
  if (examples.reference > 0 && !('reference-coverage' in rules)) reasons.set('no rule looks at it yet', ['coverage of --reference']);
  if (reasons.size === 0) return [];
  const groups = [...reasons].toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  return [p.bold('Not judged'), ...groups.flatMap(([reason, ids]) => hang('  ', `${visible(reason)}: ${ids.join(', ')}`, width))];
}

function summary(report: Report, width: number, p: Paint): string[] {
  const { rules, findings: found, examples, skipped, parameters } = report;
  const run = Object.values(rules).filter(({ severity }) => severity !== 'off');
  const judged = run.filter(({ notJudged: why, scored, score }) => why === undefined && !(scored && score === null)).length;
  const verdict = `${found.length > 0 ? tally(found) : 'No findings'}. ${integer(judged)} of ${count(run.length, 'rule')} could judge this data`;

  // That nothing was found is the answer that many run it for; no more than this may be claimed, since paraphrases pass.
  const unmatched = rules['eval-overlap']?.score === 0 && !found.some(({ ruleId }) => ruleId === 'eval-overlap');
  const formats = Object.entries(parameters.formats)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([format, n], _, all) => (all.length === 1 ? visible(format) : `${visible(format)} ${integer(n)}`));
  const read = [
    `${count(examples.train, 'example')}${formats.length > 0 ? ` (${formats.join(', ')})` : ''}`,
    ...(examples.pairs === examples.train ? [] : [count(examples.pairs, 'prompt–reply pair')]),
    ...(examples.eval > 0 ? [`${integer(examples.eval)} in --eval${unmatched ? ', no verbatim overlap found' : ''}`] : []),
    ...(examples.reference > 0 ? [`${integer(examples.reference)} in --reference`] : []),
    ...(skipped.count > 0 ? [`${count(skipped.count, 'line')} skipped`] : []),
  ];
  const lines = [...wrap(`${verdict}.`, width).map(p.bold), ...wrap(`Read: ${read.join('; ')}.`, width)];
  if (!parameters.panel.whole && parameters.panel.examples > 0) {
    lines.push(
      ...wrap(`Wording and tasks were measured on a fair sample of ${count(parameters.panel.examples, 'distinct example')}.`, width),
    );
  }
  // With nothing read, no rule may have said why: the lines themselves are the finding.
  if (examples.train === 0 && found.length === 0) {
    for (const { at, reason, expected } of skipped.first.slice(0, PLACES)) {
      const why = expected === undefined ? reason : `${reason}, expected ${expected}`;
      lines.push(...hang('  ', visible(`${at.file}:${at.line}  ${why}`), width));
    }
  }
  return lines.map((line) => line.trimEnd());
}
