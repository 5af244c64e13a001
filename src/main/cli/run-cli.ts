// From the words of the command line to an exit code: finds the command, answers --help and --version, runs the rest.
import { VERSION } from '../platform/version';
import type { CliIo, Command } from './command';
import { EXIT } from './exit-code';
import { commandHelp, programHelp } from './help-text';
import { parseCommandLine } from './parse-command-line';
import { wordingOf } from './core/labels';

/** Runs one command; resolves to the exit code of the program. */
export async function runCli(argv: readonly string[], commands: readonly Command[], io: CliIo): Promise<number> {
  const wording = wordingOf(io.env);
  const parsed = parseCommandLine(argv, commands);
  if (!parsed.ok) {
    const named = commands.find(({ name }) => name === argv[0]);
    io.err(`muster: ${parsed.error}\nTry: ${wording.program} ${named === undefined ? '' : `${named.name} `}--help\n`);
    return EXIT.usage;
  }
  switch (parsed.value.kind) {
    case 'program_help':
      io.out(programHelp(commands, wording));
      return EXIT.ok;
    case 'command_help':
      io.out(commandHelp(parsed.value.command, wording));
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
