#!/usr/bin/env node
import { version } from '../version.ts';
import { type Command, EXIT } from './command.ts';
import { print, tell } from './terminal.ts';

const COMMANDS: { readonly [name: string]: () => Promise<Command> } = {
  check: async () => (await import('./check.ts')).check,
  explain: async () => (await import('./explain.ts')).explain,
  rules: async () => (await import('./rules.ts')).rules,
};

const HELP = `lopsided finds what makes fine-tuning data lopsided before anybody trains on it.

  lopsided check train.jsonl     what a data set teaches besides its task, and
                                 what to mend
  lopsided explain edit-cue      what a rule measures, and why it matters
  lopsided rules                 all rules

lopsided <command> --help tells its flags; lopsided --version the version.
`;

async function main(words: readonly string[]): Promise<number> {
  const [first, ...rest] = words;
  if (first === undefined) {
    process.stderr.write(HELP);
    return EXIT.usage;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    await print(HELP);
    return EXIT.ok;
  }
  if (first === '--version' || first === '-v') {
    await print(`${version}\n`);
    return EXIT.ok;
  }
  // "lopsided help check" is how git and npm have it.
  const [name, after] = first === 'help' ? [rest[0]!, ['--help']] : [first, rest];
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    const { unknownCommand, unknownFlag } = await import('./errors.ts');
    throw name.startsWith('-') ? unknownFlag(name, '<command>', ['--help', '--version']) : unknownCommand(name, Object.keys(COMMANDS));
  }
  const command = await load();
  const asked = after.slice(0, after.includes('--') ? after.indexOf('--') : undefined);
  if (asked.includes('--help') || asked.includes('-h')) {
    await print(command.help);
    return EXIT.ok;
  }
  return command.run(after);
}

function fail(error: unknown): number {
  if (error instanceof Error && error.name === 'UserError') {
    tell(error.message);
    return EXIT.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  tell(`a fault of lopsided or of one of its plugins, not of your data\n${stack}`);
  return EXIT.internal;
}

// A reader that left early, as in `lopsided check … | head`, is no failure; print() waits for the rest to be gone.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.on('uncaughtException', (error) => process.exit(fail(error)));
// Should a promise never settle, Node would end with 0, and CI would read "clean".
process.exitCode = EXIT.internal;
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = fail(error);
}
