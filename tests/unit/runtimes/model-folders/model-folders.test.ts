// Models on a real disk: their readiness as files, links, processes and manifests change.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { becomes, reasonOf, useModelDisk, writeOld } from '../../../support/model-disk';
import { until } from '../../../support/until';

const disk = useModelDisk();

describe('model files', () => {
  test('missing, growing, not growing, complete', async () => {
    const folder = disk().writeModel('m', { 'model.bin': 'eight by' });
    const file = path.join(folder, 'model.bin');
    const models = await disk().open();
    expect(reasonOf(models, 'm')).toBe('file_missing');
    writeFileSync(file, 'ei');
    await models.rescan();
    expect(reasonOf(models, 'm')).toBe('incomplete');
    appendFileSync(file, 'ght');
    await models.rescan();
    expect(models.snapshot().models[0]?.readiness).toMatchObject({
      state: 'downloading',
      details: { expected: 8, found: 5 },
      progress: 0.62,
    });
    disk().clock.advance(15_000);
    await models.rescan();
    expect(reasonOf(models, 'm')).toBe('incomplete');
    writeOld(file, 'eight by');
    await models.rescan();
    await becomes(models, 'm', 'all_verified');
  });

  test.each(['.part', '.incomplete', '.crdownload'])('temporary file with %s grows -> downloading', async (suffix) => {
    const folder = disk().writeModel('m', { 'model.bin': 'eight by' });
    const part = path.join(folder, `model.bin${suffix}`);
    writeFileSync(part, 'ei');
    const models = await disk().open();
    appendFileSync(part, 'g');
    await models.rescan();
    expect(reasonOf(models, 'm')).toBe('downloading');
    appendFileSync(part, 'ht by');
    renameSync(part, path.join(folder, 'model.bin'));
    utimesSync(path.join(folder, 'model.bin'), 1000, 1000);
    await models.rescan();
    await becomes(models, 'm', 'all_verified');
  });

  test('too large -> size_differs, not read', async () => {
    const folder = disk().installModel('m');
    appendFileSync(path.join(folder, 'model.bin'), '!');
    const models = await disk().open();
    expect(reasonOf(models, 'm')).toBe('size_differs');
    truncateSync(path.join(folder, 'model.bin'), 3);
    await models.rescan();
    expect(reasonOf(models, 'm')).toBe('incomplete');
    expect(disk().reads).toEqual([]);
  });

  test.skipIf(process.platform === 'win32').each(['file', 'folder'])(
    'link to a %s outside of the model folder -> path_escapes, not read',
    async (kind) => {
      const outside = path.join(disk().root, 'outside');
      writeOld(path.join(outside, 'model.bin'), 'secret');
      const folder = disk().writeModel('m', { 'sub/model.bin': 'secret' });
      if (kind === 'folder') symlinkSync(outside, path.join(folder, 'sub'));
      else {
        mkdirSync(path.join(folder, 'sub'));
        symlinkSync(path.join(outside, 'model.bin'), path.join(folder, 'sub/model.bin'));
      }
      const models = await disk().open();
      expect(reasonOf(models, 'm')).toBe('path_escapes');
      expect(disk().reads).toEqual([]);
    },
  );

  test.skipIf(process.platform === 'win32')('link to a file inside the model folder -> read', async () => {
    const folder = disk().writeModel('m', { 'model.bin': 'weights' });
    writeOld(path.join(folder, 'blobs/1'), 'weights');
    symlinkSync('blobs/1', path.join(folder, 'model.bin'));
    await becomes(await disk().open(), 'm', 'all_verified');
  });

  test('folder instead of a file -> unreadable', async () => {
    const folder = disk().writeModel('m', { 'model.bin': 'weights' });
    mkdirSync(path.join(folder, 'model.bin'));
    expect((await disk().open()).snapshot().models[0]?.readiness).toMatchObject({
      reasonCode: 'unreadable',
      details: { path: 'model.bin', error: 'not_a_file' },
    });
  });
});

describe('model process and GPU', () => {
  test('process running -> ready', async () => {
    disk().installModel('m', { 'model.bin': 'w' }, { process: 'llama-server' });
    const models = await disk().open();
    await becomes(models, 'm', 'process_not_running');
    disk().alive = new Set(['llama-server']);
    await models.rescan();
    expect(reasonOf(models, 'm')).toBe('all_verified');
    disk().alive = null;
    await models.rescan();
    expect(reasonOf(models, 'm')).toBe('process_unknown');
  });

  test('GPU too small -> error', async () => {
    disk().installModel('m', { 'model.bin': 'w' }, { min_gpu_memory_gb: 20 });
    const models = await disk().open();
    await becomes(models, 'm', 'all_verified');
    disk().gpuGb = 8;
    await models.rescan();
    expect(models.snapshot().models[0]?.readiness).toEqual({
      state: 'error',
      reasonCode: 'gpu_too_small',
      details: { expected_gb: 20, found_gb: 8 },
      progress: null,
    });
  });
});

describe('model manifests', () => {
  test('invalid -> problem with folder and field, other models listed', async () => {
    disk().installModel('good');
    disk().writeModel('bad-kind', {}, { kind: 'chat' });
    mkdirSync(path.join(disk().watched, 'broken'));
    writeFileSync(path.join(disk().watched, 'broken/muster-model.json'), '{');
    mkdirSync(path.join(disk().watched, 'no-model'));
    const models = await disk().open();
    expect(models.snapshot().models.map(({ modelId }) => modelId)).toEqual(['good']);
    expect(models.snapshot().problems).toEqual([
      { code: 'field_invalid', folder: path.join(disk().watched, 'bad-kind'), field: 'kind', reason: expect.any(String) as string },
      { code: 'not_json', folder: path.join(disk().watched, 'broken'), field: '', reason: 'not JSON' },
    ]);
  });

  test('same id twice -> first by name listed, problem for the other', async () => {
    const first = disk().installModel('a', { 'm.bin': 'w' }, { model_id: 'twin' });
    disk().installModel('b', { 'm.bin': 'w' }, { model_id: 'twin' });
    const models = await disk().open();
    expect(models.snapshot().models.map(({ folder }) => folder)).toEqual([first]);
    expect(models.snapshot().problems).toEqual([
      {
        code: 'model_repeated',
        folder: path.join(disk().watched, 'b'),
        field: 'model_id',
        reason: `twin is already the model in ${first}`,
      },
    ]);
  });

  test('added, repaired, removed -> snapshot follows', async () => {
    const models = await disk().open();
    expect(models.snapshot()).toEqual({ models: [], problems: [] });
    const folder = disk().installModel('m', { 'model.bin': 'w' }, { kind: 'chat' });
    disk().clock.advance(3000);
    await until('the problem', () => models.snapshot().problems.length === 1);
    disk().installModel('m', { 'model.bin': 'w' });
    disk().clock.advance(3000);
    await becomes(models, 'm', 'all_verified');
    rmSync(folder, { recursive: true });
    disk().clock.advance(3000);
    await until('the model to be removed', () => models.snapshot().models.length === 0);
  });

  test('folder does not exist -> problem with the folder', async () => {
    const models = await disk().open({ folders: () => [path.join(disk().root, 'nowhere'), disk().watched] });
    expect(models.snapshot().problems).toEqual([
      { code: 'folder_missing', folder: path.join(disk().root, 'nowhere'), field: '', reason: 'this folder does not exist' },
    ]);
  });

  test.skipIf(process.platform === 'win32')('link to a file outside of the model folder -> problem, not read', async () => {
    mkdirSync(path.join(disk().watched, 'm'));
    writeFileSync(path.join(disk().root, 'elsewhere.json'), '{}');
    symlinkSync(path.join(disk().root, 'elsewhere.json'), path.join(disk().watched, 'm/muster-model.json'));
    expect((await disk().open()).snapshot().problems).toEqual([
      { code: 'file_unreadable', folder: path.join(disk().watched, 'm'), field: '', reason: 'muster-model.json leads out of its folder' },
    ]);
  });

  test.skipIf(process.platform === 'win32')('pipe instead of a file -> problem, the read does not block', async () => {
    disk().installModel('good');
    const folder = path.join(disk().watched, 'pipe');
    mkdirSync(folder);
    execFileSync('mkfifo', [path.join(folder, 'muster-model.json')]);
    const models = await disk().open();
    expect(models.snapshot().models.map(({ modelId }) => modelId)).toEqual(['good']);
    expect(models.snapshot().problems).toEqual([{ code: 'file_unreadable', folder, field: '', reason: 'muster-model.json is not a file' }]);
  });

  test('larger than 1 MiB -> problem, not read', async () => {
    const folder = disk().writeModel('m', {});
    writeFileSync(path.join(folder, 'muster-model.json'), ' '.repeat(1024 * 1024 + 1));
    expect((await disk().open()).snapshot().problems).toMatchObject([{ reason: 'muster-model.json is larger than 1048576 bytes' }]);
  });
});

test('model folders: stopped -> no timer', async () => {
  disk().installModel('m');
  const models = await disk().open();
  await becomes(models, 'm', 'all_verified');
  models.stop();
  expect(disk().clock.pending).toBe(0);
});
