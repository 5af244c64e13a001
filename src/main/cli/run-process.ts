// The process of the command line: passes arguments, environment and streams to the command, and exits with its code.
import { once } from 'node:events';
import { version as VERSION } from '../../../package.json';
import { INSTALL_COMMAND } from '../updates/core/install-refusal';
import type { CliIo, Command } from './command';
import { COMMANDS } from './commands';
import { takeServiceManager } from './service-manager';
import { runCli } from './run-cli';

export interface ProgramParts extends Pick<CliIo, 'rendererDir' | 'probeProgram'> {
  /** With which releases are verified. Null: this build has no updates. */
  readonly updateKey: string | null;
}

/** Ends the process. `parts`: where the other parts of the installed program are. */
export async function runProcess({ updateKey, ...parts }: ProgramParts): Promise<never> {
  // The reader of a pipe may close it early (`muster nodes | head -1`). That is not an error to print.
  process.stdout.on('error', () => process.exit(1));

  const argv = process.argv.slice(2);
  const code = await runCli(argv, argv[0] === INSTALL_COMMAND ? [await installCommand(updateKey)] : COMMANDS, {
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

/** Loaded on demand: no other command reads metadata of releases. */
async function installCommand(publicKey: string | null): Promise<Command> {
  const { installUpdateCommand } = await import('./install-update-command');
  const isRoot = process.getuid?.() === 0;
  return installUpdateCommand({ isRoot, publicKey, version: VERSION, arch: process.arch, cacheDir: '/var/cache', dpkg: '/usr/bin/dpkg' });
}
