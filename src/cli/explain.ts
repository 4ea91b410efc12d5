import { unknownRule } from '../errors.ts';
import { type Paint, paint } from '../reporters/ansi.ts';
import { visible } from '../reporters/escape.ts';
import { columns, hang, pad, wrap } from '../reporters/text.ts';
import type { OptionSpec, OptionSpecs, ReportStyle, RuleMeta } from '../types.ts';
import { COMMON, readArguments } from './arguments.ts';
import { rulesKnown } from './catalogue.ts';
import { type Command, EXIT } from './command.ts';
import { extraArgument, noRuleNamed } from './errors.ts';
import { colorFlag, print, styleOf } from './terminal.ts';

const help = `lopsided explain <rule>   what a rule measures, why it matters, how to set it

  lopsided explain edit-cue
  lopsided explain acme/brand-voice --config lopsided.config.js

  --config <file>      where the rules of plugins come from
  --color, --no-color

lopsided rules lists them all.
`;

/** The page of one rule, in the terminal. */
export const explain: Command = {
  help,
  async run(words) {
    const args = readArguments('explain', words, { config: { type: 'string' }, ...COMMON });
    const known = await rulesKnown(args.one('config'));
    const [id, extra] = args.positionals;
    if (id === undefined) throw noRuleNamed([...known.keys()]);
    if (extra !== undefined) throw extraArgument('explain', extra, 'one rule');
    const rule = known.get(id);
    if (!rule) throw unknownRule(id, [...known.keys()]);
    await print(rulePage(id, rule.meta, styleOf(colorFlag(args), process.stdout, process.env)));
    return EXIT.ok;
  },
};

/** The page as text; exported for its test. */
export function rulePage(id: string, meta: RuleMeta, style: ReportStyle): string {
  const width = Math.max(40, Math.min(100, style.width));
  const p = paint(style.color);
  const { summary, why, score, source } = meta.docs;
  const part = (title: string, text: string) => [p.bold(title), ...hang('  ', visible(text), width)];
  const parts = [
    [p.bold(visible(id)), ...wrap(`${meta.family}; ${meta.severity} by default; ${meta.measures ? 'scored' : 'not scored'}`, width)],
    wrap(visible(summary), width),
    part('Why it matters', why),
    part('Score', score),
    options(meta.options, width, p),
    settings(id, meta, width, p),
    part('Source', source),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function options(specs: OptionSpecs, width: number, p: Paint): string[] {
  const names = Object.keys(specs);
  if (names.length === 0) return [p.bold('Options'), '  none'];
  const widest = Math.max(...names.map((name) => columns(visible(name))));
  const lines = names.flatMap((name) =>
    hang(
      `  ${pad(visible(name), widest)}  `,
      visible(`${specs[name]!.description} (${kind(specs[name]!)}, default ${JSON.stringify(specs[name]!.default)})`),
      width,
    ),
  );
  return [p.bold('Options'), ...lines];
}

/** "number 0–1", "integer", "one of a, b". */
function kind(spec: OptionSpec): string {
  if (spec.type === 'string' && spec.enum) return `one of ${spec.enum.join(', ')}`;
  if (spec.type === 'array') return spec.items.enum ? `list of ${spec.items.enum.join(', ')}` : 'list of strings';
  if (spec.type !== 'number' && spec.type !== 'integer') return spec.type;
  const { minimum, maximum } = spec;
  if (minimum !== undefined && maximum !== undefined) return `${spec.type} ${minimum}–${maximum}`;
  return minimum !== undefined ? `${spec.type} from ${minimum}` : maximum !== undefined ? `${spec.type} up to ${maximum}` : spec.type;
}

function settings(id: string, { severity, options: specs }: RuleMeta, width: number, p: Paint): string[] {
  const [name] = Object.keys(specs);
  const setting = name === undefined ? JSON.stringify(severity) : JSON.stringify([severity, { [name]: specs[name]!.default }]);
  const other = severity === 'info' ? (['louder', 'warn'] as const) : (['softer', 'info'] as const);
  const lines: readonly (readonly [string, string])[] = [
    ['off', `--rule ${id}=off`],
    [other[0], `--rule ${id}=${other[1]}`],
    ['in a file', `{ "rules": { ${JSON.stringify(id)}: ${setting} } }`],
  ];
  return [p.bold('Set it'), ...lines.flatMap(([how, what]) => hang(`  ${pad(how, 9)}  `, visible(what), width))];
}
