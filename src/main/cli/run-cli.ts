// From arguments to an exit code: finds the command, prints --help and --version, runs the command.
import { version as VERSION } from '../../../package.json';
import type { CliIo, Command } from './command';
import { EXIT } from './exit-code';
import { commandHelp, programHelp } from './help-text';
import { parseCommandLine } from './parse-command-line';
import { messageContextOf } from './core/message-context';

/** Runs one command; resolves to the exit code of the program. */
export async function runCli(argv: readonly string[], commands: readonly Command[], io: CliIo): Promise<number> {
  const context = messageContextOf(io.env);
  const parsed = parseCommandLine(argv, commands);
  if (!parsed.ok) {
    const named = commands.find(({ name }) => name === argv[0]);
    io.err(`muster: ${parsed.error}\nTry: ${context.program} ${named === undefined ? '' : `${named.name} `}--help\n`);
    return EXIT.usage;
  }
  switch (parsed.value.kind) {
    case 'program_help':
      io.out(programHelp(commands, context));
      return EXIT.ok;
    case 'command_help':
      io.out(commandHelp(parsed.value.command, context));
      return EXIT.ok;
    case 'version':
      io.out(`${VERSION}\n`);
      return EXIT.ok;
    case 'run': {
      const { command, options, operands } = parsed.value;
      return command.run({ io, options, operands });
    }
  }
}
