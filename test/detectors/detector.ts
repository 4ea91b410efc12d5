import { readFileSync } from 'node:fs';
import { runRule } from '../../src/testing.ts';
import type { Rule } from '../../src/types.ts';

/** A labelled text: what a detector must find in it, or '' where it must find nothing. */
export interface Labelled {
  /** A row of any data format. */
  readonly row: object;
  readonly label: string;
}

/** How well a rule tells kinds of text apart, measured end to end: each text is a data set of its own. */
export interface Detector {
  readonly rule: Rule;
  readonly texts: readonly Labelled[];
  /** The label that a finding with this key stands for; undefined: a finding of another kind, not measured here. */
  readonly labelOf: (key: string) => string | undefined;
  /** Rows that stand beside each text, where the rule compares texts with each other. */
  readonly among?: readonly object[];
  readonly options?: Parameters<typeof runRule>[2];
  /** The least recall of each label, and the greatest share of '' texts in which anything is found. */
  readonly floors: { readonly recall: number; readonly falseShare: number };
}

export interface Measured {
  readonly label: string;
  /** Texts with this label. */
  readonly texts: number;
  readonly found: number;
  /** Texts with another label, or none, in which this was found. */
  readonly wrong: number;
  /** found / (found + wrong); 1 where nothing was found. */
  readonly precision: number;
  readonly recall: number;
}

export interface Measurement {
  readonly labels: readonly Measured[];
  /** Texts labelled '' and how many of them anything was found in. */
  readonly clean: number;
  readonly falseAlarms: number;
  readonly falseShare: number;
  /** What it got wrong: for a reader who wants to mend it. */
  readonly mistakes: readonly { readonly row: object; readonly label: string; readonly found: readonly string[] }[];
}

/** Reads `fixtures/detectors/<name>.jsonl`: rows of any data format, each with a field `label`. */
export function labelled(name: string): Labelled[] {
  return readFileSync(`fixtures/detectors/${name}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { label, ...row } = JSON.parse(line) as { label: string };
      return { row, label };
    });
}

export async function measure({ rule, texts, labelOf, among = [], options }: Detector): Promise<Measurement> {
  const counts = new Map<string, { texts: number; found: number; wrong: number }>();
  const countOf = (label: string) => {
    const count = counts.get(label) ?? { texts: 0, found: 0, wrong: 0 };
    counts.set(label, count);
    return count;
  };
  const mistakes: { row: object; label: string; found: string[] }[] = [];
  let clean = 0;
  let falseAlarms = 0;
  for (const { row, label } of texts) {
    const { findings } = await runRule(rule, [...among, row], options);
    const found = [...new Set(findings.flatMap(({ key }) => labelOf(key) ?? []))].sort();
    for (const each of found) if (each !== label) countOf(each).wrong += 1;
    if (label === '') {
      clean += 1;
      if (found.length > 0) falseAlarms += 1;
    } else {
      const count = countOf(label);
      count.texts += 1;
      if (found.includes(label)) count.found += 1;
    }
    if (label === '' ? found.length > 0 : !found.includes(label)) mistakes.push({ row, label, found });
  }
  const labels = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, count]) => ({
      label,
      ...count,
      precision: count.found + count.wrong === 0 ? 1 : count.found / (count.found + count.wrong),
      recall: count.texts === 0 ? 1 : count.found / count.texts,
    }));
  return { labels, clean, falseAlarms, falseShare: clean === 0 ? 0 : falseAlarms / clean, mistakes };
}
