// The words of a command line to a command with its options, or what is wrong with them. Decides nothing about their values.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { fail, ok, type Result } from '../../shared/result';
import { nearestKey } from '../../shared/nearest-key';
import { type Command, type OptionSpec, Options } from './command';
import { COMMON_OPTIONS } from './common-options';

export type CommandLine =
  | { readonly kind: 'program_help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'command_help'; readonly command: Command }
  | { readonly kind: 'run'; readonly command: Command; readonly options: Options; readonly operands: readonly string[] };

/** What is wrong, in words for the user. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Result<CommandLine, string> {
  const [name, ...rest] = argv;
  if (name === undefined) return fail('a command is missing');
  if (name === '--help' || name === '-h' || name === 'help') return helpFor(rest[0], commands);
  if (name === '--version' || name === '-v' || name === 'version') return ok({ kind: 'version' });
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) return fail(unknownCommand(name, commands));
  return parseFor(command, rest);
}

function helpFor(name: string | undefined, commands: readonly Command[]): Result<CommandLine, string> {
  if (name === undefined) return ok({ kind: 'program_help' });
  const command = commands.find((candidate) => candidate.name === name);
  return command === undefined ? fail(unknownCommand(name, commands)) : ok({ kind: 'command_help', command });
}

function parseFor(command: Command, words: readonly string[]): Result<CommandLine, string> {
  const specs = { ...command.options, ...COMMON_OPTIONS };
  const unknown = unknownOption(words, specs);
  if (unknown !== null) return fail(unknown);
  let parsed;
  try {
    parsed = parseArgs({ args: [...words], options: configOf(specs), allowPositionals: true, strict: true });
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : String(cause));
  }
  if (parsed.values['help'] === true) return ok({ kind: 'command_help', command });
  const operands = parsed.positionals;
  const missing = command.operands[operands.length];
  if (missing !== undefined && !missing.startsWith('[')) return fail(`${command.name}: ${missing} is missing`);
  const surplus = operands[command.operands.length];
  if (surplus !== undefined) return fail(`${command.name}: "${surplus}" is one word too many`);
  return ok({ kind: 'run', command, options: new Options(parsed.values), operands });
}

const configOf = (specs: Readonly<Record<string, OptionSpec>>): ParseArgsOptionsConfig =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { value, multiple }]) => [
      name,
      { type: value === null ? 'boolean' : 'string', multiple: multiple ?? false, ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  );

/** parseArgs would say so too, but not what was probably meant. */
function unknownOption(words: readonly string[], specs: Readonly<Record<string, OptionSpec>>): string | null {
  const end = words.indexOf('--');
  const names = words
    .slice(0, end < 0 ? undefined : end)
    .filter((word) => word.startsWith('--'))
    .map((word) => word.slice(2).split('=', 1)[0] ?? '');
  const name = names.find((candidate) => !Object.hasOwn(specs, candidate));
  if (name === undefined) return null;
  const meant = nearestKey(name, Object.keys(specs));
  return `unknown option --${name}${meant === null ? '' : `, did you mean --${meant}?`}`;
}

function unknownCommand(name: string, commands: readonly Command[]): string {
  const meant = nearestKey(
    name,
    commands.map((command) => command.name),
  );
  return `unknown command "${name}"${meant === null ? '' : `, did you mean "${meant}"?`}`;
}
