// Parses arguments to a command with its options, or to an error text. It does not check the values of the options.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { nearestKey } from '../../shared/nearest-key';
import { type Command, type OptionSpec, Options } from './command';
import { COMMON_OPTIONS } from './common-options';

export type CommandLine =
  | { readonly kind: 'program_help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'command_help'; readonly command: Command }
  | { readonly kind: 'run'; readonly command: Command; readonly options: Options; readonly operands: readonly string[] };

/** On failure, the error text for the user. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Result<CommandLine, string> {
  const [name, ...rest] = argv;
  if (name === undefined) return fail('no command given');
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

function parseFor(command: Command, args: readonly string[]): Result<CommandLine, string> {
  const specs = { ...command.options, ...COMMON_OPTIONS };
  const unknown = unknownOption(args, specs);
  if (unknown !== null) return fail(unknown);
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: toParseArgsOptions(specs), allowPositionals: true, strict: true });
  } catch (cause) {
    return fail(messageOfError(cause));
  }
  if (parsed.values['help'] === true) return ok({ kind: 'command_help', command });
  const operands = parsed.positionals;
  const missing = command.operands[operands.length];
  if (missing !== undefined && !missing.startsWith('[')) return fail(`${command.name}: ${missingText(command.name, missing)}`);
  const isRepeated = command.operands.at(-1)?.endsWith('...]') === true;
  const surplus = isRepeated ? undefined : operands[command.operands.length];
  if (surplus !== undefined) return fail(`${command.name}: unexpected argument "${surplus}"`);
  return ok({ kind: 'run', command, options: new Options(parsed.values), operands });
}

/** An operand with several actions, such as `show|set|unset`, is explained with an example. */
function missingText(command: string, operand: string): string {
  const [first, ...others] = operand.split('|');
  const last = others.pop();
  if (first === undefined || last === undefined) return `${operand} is missing`;
  return `an action is missing: ${[first, ...others].join(', ')} or ${last}; for example: muster ${command} ${first}`;
}

const toParseArgsOptions = (specs: Readonly<Record<string, OptionSpec>>): ParseArgsOptionsConfig =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { value, multiple }]) => [
      name,
      { type: value === null ? 'boolean' : 'string', multiple: multiple ?? false, ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  );

/** The error of parseArgs has no suggestion. */
function unknownOption(args: readonly string[], specs: Readonly<Record<string, OptionSpec>>): string | null {
  const end = args.indexOf('--');
  const names = args
    .slice(0, end < 0 ? undefined : end)
    .filter((arg) => arg.startsWith('--'))
    .map((arg) => arg.slice(2).split('=', 1)[0] ?? '');
  const name = names.find((candidate) => !Object.hasOwn(specs, candidate));
  if (name === undefined) return null;
  const suggestion = nearestKey(name, Object.keys(specs));
  return `unknown option --${name}${suggestion === null ? '' : `, did you mean --${suggestion}?`}`;
}

function unknownCommand(name: string, commands: readonly Command[]): string {
  const suggestion = nearestKey(
    name,
    commands.map((command) => command.name),
  );
  return `unknown command "${name}"${suggestion === null ? '' : `, did you mean "${suggestion}"?`}`;
}
