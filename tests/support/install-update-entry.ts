// The command `install-update` as a process, with the settings of a test. A packaged program has no such way in: its settings are in its code.
// Its first argument: the settings as JSON. tests/support/install-update-program.ts bundles it.
import { Readable } from 'node:stream';
import { installUpdateCommand } from '../../src/main/cli/install-update-command';
import { runCli } from '../../src/main/cli/run-cli';
import type { InstallSettings } from '../../src/main/updates/install-update';

const [settings = '', ...argv] = process.argv.slice(2);
void runCli(argv, [installUpdateCommand(JSON.parse(settings) as InstallSettings)], {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  in: Readable.from([]) as AsyncIterable<Uint8Array>,
  outIsTerminal: false,
  errIsTerminal: false,
  rendererDir: '',
  probeProgram: '',
  serviceManager: null,
}).then((code) => {
  process.exitCode = code;
});
