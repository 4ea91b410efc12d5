import { FAMILIES } from '../report/score.ts';
import { paint } from '../reporters/ansi.ts';
import { visible } from '../reporters/escape.ts';
import { columns, hang, pad } from '../reporters/text.ts';
import type { ReportStyle, Rule } from '../types.ts';
import { COMMON, readArguments } from './arguments.ts';
import { rulesKnown } from './catalogue.ts';
import { type Command, EXIT } from './command.ts';
import { extraArgument } from './errors.ts';
import { colorFlag, print, styleOf } from './terminal.ts';

const help = `lopsided rules   all rules, with their families and defaults

  --config <file>      where the rules of plugins come from
  --color, --no-color

lopsided explain <rule> tells more about one.
`;

/** The list of all rules. */
export const rules: Command = {
  help,
  async run(words) {
    const args = readArguments('rules', words, { config: { type: 'string' }, ...COMMON });
    const [extra] = args.positionals;
    if (extra !== undefined) throw extraArgument('rules', extra, 'none; "lopsided explain" takes a rule');
    const known = await rulesKnown(args.one('config'));
    await print(rulesTable(known, styleOf(colorFlag(args), process.stdout, process.env)));
    return EXIT.ok;
  },
};

/** A line of facts for each rule, which can be searched, and its summary beneath; exported for its test. */
export function rulesTable(known: ReadonlyMap<string, Rule>, style: ReportStyle): string {
  const width = Math.max(40, Math.min(100, style.width));
  const p = paint(style.color);
  const ids = [...known.keys()];
  const widest = Math.max(4, ...ids.map((id) => columns(visible(id))));
  const lines = [p.dim(facts(pad('rule', widest), 'family', 'default', 'scored'))];
  for (const family of FAMILIES) {
    for (const id of ids.filter((each) => known.get(each)!.meta.family === family).toSorted()) {
      const { meta } = known.get(id)!;
      lines.push(facts(p.bold(pad(visible(id), widest)), family, meta.severity, meta.measures ? 'yes' : 'no'));
      lines.push(...hang('    ', visible(meta.docs.summary), width));
    }
  }
  return `${lines.join('\n')}\n`;
}

const facts = (rule: string, family: string, severity: string, scored: string): string =>
  `${rule}  ${pad(family, 11)}  ${pad(severity, 7)}  ${scored}`;
