// The process of the command line: passes arguments, environment and streams to the command, and exits with its code.
import { once } from 'node:events';
import type { CliIo } from './command';
import { COMMANDS } from './commands';
import { takeServiceManager } from './service-manager';
import { runCli } from './run-cli';

/** Ends the process. `parts`: where the other parts of the installed program are. */
export async function runProcess(parts: Pick<CliIo, 'rendererDir' | 'probeProgram'>): Promise<never> {
  // The reader of a pipe may close it early (`muster nodes | head -1`). That is not an error to print.
  process.stdout.on('error', () => process.exit(1));

  const code = await runCli(process.argv.slice(2), COMMANDS, {
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    in: process.stdin,
    outIsTerminal: process.stdout.isTTY,
    errIsTerminal: process.stderr.isTTY,
    serviceManager: takeServiceManager(process.env),
    ...parts,
  });
  // Text that is still buffered for a pipe is written before the exit. The log flushes itself on exit.
  for (const stream of [process.stdout, process.stderr]) if (stream.writableNeedDrain) await once(stream, 'drain');
  process.exit(code);
}
