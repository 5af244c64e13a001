// Help text of the program and of each command, from the same tables that the parser uses.
import type { Command, OptionSpec } from './command';
import { COMMON_OPTIONS } from './common-options';
import { EXIT, EXIT_MEANINGS } from './exit-code';
import type { MessageContext } from './core/message-context';

export function programHelp(commands: readonly Command[], { program }: MessageContext): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const codes = Object.entries(EXIT).map(([name, code]) => `${String(code)} ${EXIT_MEANINGS[name as keyof typeof EXIT]}`);
  return [
    `Usage: ${program} COMMAND [options]`,
    '',
    'Combine the GPUs of your computers into one pool.',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    `${program} COMMAND --help shows the options of a command. ${program} --version prints the version.`,
    `Exit codes: ${codes.join(', ')}.`,
    '',
  ].join('\n');
}

export function commandHelp(command: Command, { program }: MessageContext): string {
  const own = Object.entries(command.options);
  return [
    `Usage: ${program} ${[command.name, ...command.operands].join(' ')} [options]`,
    '',
    command.summary,
    '',
    ...optionLines(own),
    ...(own.length === 0 ? [] : ['']),
    ...optionLines(Object.entries(COMMON_OPTIONS)),
    '',
  ].join('\n');
}

function optionLines(options: readonly (readonly [string, OptionSpec])[]): readonly string[] {
  return options.map(([name, { value, doc }]) => `  ${`--${name}${value === null ? '' : ` ${value}`}`.padEnd(26)}  ${doc}`);
}
