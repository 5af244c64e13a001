#!/usr/bin/env node
// Entry of the headless program as files, bin `muster`. The hardware probe is beside this file, the dashboard in ../renderer.
import path from 'node:path';
import { runProcess } from './cli/run-process';

const here = import.meta.dirname;
await runProcess({ rendererDir: path.join(here, '..', 'renderer'), probeProgram: path.join(here, 'hardware-probe.js') });
