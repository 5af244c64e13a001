#!/usr/bin/env node
// Entry of the headless program, bin `muster`: passes arguments, environment and streams to the command line and exits with its code.
import { once } from 'node:events';
import { COMMANDS } from './cli/commands';
import { runCli } from './cli/run-cli';

// The reader of a pipe may close it early (`muster nodes | head -1`). That is not an error to print.
process.stdout.on('error', () => process.exit(1));

const code = await runCli(process.argv.slice(2), COMMANDS, {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  in: process.stdin,
  outIsTerminal: process.stdout.isTTY,
  errIsTerminal: process.stderr.isTTY,
  programDir: import.meta.dirname,
});
// Text that is still buffered for a pipe is written before the exit. The log flushes itself on exit.
for (const stream of [process.stdout, process.stderr]) if (stream.writableNeedDrain) await once(stream, 'drain');
process.exit(code);
