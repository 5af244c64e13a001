#!/usr/bin/env node
// Entry of the headless program as files, bin `muster`. The hardware probe is beside this file, the dashboard in ../renderer.
import path from 'node:path';
import { public_key as publicKey } from '../../build/updates.json';
import { runProcess } from './cli/run-process';

const here = import.meta.dirname;
await runProcess({
  rendererDir: path.join(here, '..', 'renderer'),
  probeProgram: path.join(here, 'hardware-probe.js'),
  // Only this entry reads the variable: packages run the executable, whose entry is cli-program.ts.
  updateKey: process.env['MUSTER_UPDATE_KEY'] ?? publicKey,
});
