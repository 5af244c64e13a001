#!/usr/bin/env node
// Muster without a window, bin `muster`: hands the process's words and streams to the command line and ends with its code.
import { once } from 'node:events';
import { COMMANDS } from './cli/commands';
import { runCli } from './cli/run-cli';

// A reader that has gone away (`muster nodes | head -1`) is the end, and no error to tell anybody.
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
// What is left in a pipe is read before the end; the log flushes itself on exit.
for (const stream of [process.stdout, process.stderr]) if (stream.writableNeedDrain) await once(stream, 'drain');
process.exit(code);
