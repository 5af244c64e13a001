// Entry of the headless program as one executable (scripts/cli-program.mjs). It has no script files beside it, so the hardware probe is the
// same executable with a word as its first argument. The dashboard is in the folder `renderer` beside the executable.
// CommonJS: a single executable of Node.js runs no ES modules, so there is no top-level await.
import path from 'node:path';
import { public_key as updateKey } from '../../build/updates.json';
import { runProcess } from './cli/run-process';
import { PROBE_WORD } from './hardware/probe/probe-child-process';

// Loaded on demand: the probe starts to serve when it is loaded.
if (process.argv[2] === PROBE_WORD) void import('./hardware/probe/probe-child');
else {
  // The environment has no say in the key: this program installs updates as root.
  void runProcess({ rendererDir: path.join(path.dirname(process.execPath), 'renderer'), probeProgram: PROBE_WORD, updateKey });
}
