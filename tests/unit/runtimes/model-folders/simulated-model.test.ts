import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseManifest } from '../../../../src/main/runtimes/core/model-folders/manifest';
import { SIMULATED_MODEL_ID, writeSimulatedModel } from '../../../../src/main/runtimes/model-folders/simulated-model';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-simulated-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const fileOf = (name: string) => path.join(folder, SIMULATED_MODEL_ID, name);

test('simulated model: valid manifest', () => {
  writeSimulatedModel(folder);
  expect(parseManifest(readFileSync(fileOf('muster-model.json'), 'utf8'))).toMatchObject({
    ok: true,
    value: { model_id: 'simulated-model', version: 'simulated', files: [{ path: 'weights.txt' }] },
  });
});

test('simulated model: damaged -> stays damaged, so that a degraded node can be demonstrated', () => {
  writeSimulatedModel(folder);
  writeFileSync(fileOf('weights.txt'), 'damaged');
  writeSimulatedModel(folder);
  expect(readFileSync(fileOf('weights.txt'), 'utf8')).toBe('damaged');
});

test('simulated model: folder cannot be created -> no exception', () => {
  writeFileSync(path.join(folder, 'file'), '');
  expect(() => {
    writeSimulatedModel(path.join(folder, 'file'));
  }).not.toThrow();
});
