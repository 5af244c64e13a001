// The model of a machine with simulated GPUs: a real folder with a manifest and one small file. Its readiness is checked like that of
// any other model, and a user can damage and repair it. Its jobs return their input.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../platform/atomic-file';
import type { CommandSpec } from '../core/command/command-spec';
import { MANIFEST_NAME, type Manifest } from '../core/model-folders/manifest';

export const SIMULATED_MODEL_ID = 'simulated-model';
const FILE = 'weights.txt';
const CONTENT = 'These are no weights: this model goes with a simulated GPU.\n';

const ECHO: CommandSpec = {
  argv: ['cat'],
  input: { as: 'stdin' },
  output: { from: 'stdout', content_type: 'text/plain' },
  content_types: ['text/plain'],
  params: {},
};

const MANIFEST: Manifest = {
  model_id: SIMULATED_MODEL_ID,
  kind: 'other',
  version: 'simulated',
  files: [{ path: FILE, size: Buffer.byteLength(CONTENT), sha256: createHash('sha256').update(CONTENT).digest('hex') }],
  // Windows has no such program.
  ...(process.platform === 'win32' ? {} : { command: ECHO }),
};

/** Creates the model below `folder` unless it exists: a damaged model stays damaged. A failure shows as a missing model. */
export function writeSimulatedModel(folder: string): void {
  const model = path.join(folder, SIMULATED_MODEL_ID);
  const manifest = path.join(model, MANIFEST_NAME);
  if (existsSync(manifest)) return;
  try {
    writeFileAtomic(path.join(model, FILE), CONTENT);
    writeFileAtomic(manifest, `${JSON.stringify(MANIFEST, null, 2)}\n`);
  } catch {
    return;
  }
}

/** Whether any of these folders contains a manifest, valid or not. An unreadable folder contains none. */
export const hasModels = (folders: readonly string[]): boolean =>
  folders.some((folder) => namesIn(folder).some((name) => existsSync(path.join(folder, name, MANIFEST_NAME))));

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
