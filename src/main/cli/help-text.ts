// Help text of the program and of each command, from the same tables that the parser uses.
import type { Command, OptionSpec } from './command';
import { COMMON_OPTIONS } from './common-options';
import { EXIT, EXIT_MEANINGS } from './exit-code';
import type { MessageContext } from './core/message-context';
import { wrapped } from './core/wrapped';

const WIDTH = 80;
const OPTION_WIDTH = 26;

export function programHelp(commands: readonly Command[], { program }: MessageContext): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const codes = Object.entries(EXIT).map(([name, code]) => `${String(code)} ${EXIT_MEANINGS[name as keyof typeof EXIT]}`);
  return [
    `Usage: ${program} COMMAND [options]`,
    '',
    'Combine the GPUs of your computers into one pool.',
    '',
    ...commands.flatMap(({ name, summary }) => entry(name, summary, width)),
    '',
    ...wrapped(`${program} COMMAND --help shows the options of a command. ${program} --version prints the version.`, WIDTH),
    ...wrapped(`Exit codes: ${codes.join(', ')}.`, WIDTH),
    '',
  ].join('\n');
}

export function commandHelp(command: Command, { program }: MessageContext): string {
  const own = Object.entries(command.options);
  return [
    `Usage: ${program} ${[command.name, ...command.operands].join(' ')} [options]`,
    '',
    ...wrapped(command.summary, WIDTH),
    '',
    ...optionLines(own),
    ...(own.length === 0 ? [] : ['']),
    ...optionLines(Object.entries(COMMON_OPTIONS)),
    '',
  ].join('\n');
}

function optionLines(options: readonly (readonly [string, OptionSpec])[]): readonly string[] {
  return options.flatMap(([name, { value, doc }]) => entry(`--${name}${value === null ? '' : ` ${value}`}`, doc, OPTION_WIDTH));
}

/** The name, and beside it its text. A longer name than `width` has a line of its own. */
function entry(name: string, text: string, width: number): readonly string[] {
  const [first = '', ...others] = wrapped(text, WIDTH - width - 4);
  const below = (line: string): string => `${' '.repeat(width + 4)}${line}`;
  return name.length > width
    ? [`  ${name}`, ...[first, ...others].map(below)]
    : [`  ${name.padEnd(width)}  ${first}`, ...others.map(below)];
}
