// The model of a simulated machine: a real folder with a real manifest and one small file, so that its readiness is
// checked, and can be broken and mended, like any other's. Its jobs give back what they are given. Its name says what it is.
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

/** Makes the model below `folder` unless it is there: one that was damaged stays damaged. A disk that refuses shows as a missing model. */
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

/** Whether any of these folders holds a model now, good or bad. One that can't be read holds none. */
export const hasModels = (folders: readonly string[]): boolean =>
  folders.some((folder) => namesIn(folder).some((name) => existsSync(path.join(folder, name, MANIFEST_NAME))));

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
