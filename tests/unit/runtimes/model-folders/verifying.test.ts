// Checksums on a real disk: every version of a file is read once, and never while it changes.
import { realpathSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { becomes, reasonOf, useModelDisk, writeOld } from '../../../support/model-disk';
import { until } from '../../../support/until';

const disk = useModelDisk();

describe('checksums', () => {
  test('all files read -> ready, listener called', async () => {
    const folder = disk().installModel('m', { 'a/one.bin': 'first', 'two.bin': 'second' });
    const models = await disk().open();
    const reported: unknown[] = [];
    models.onChange(() => reported.push(reasonOf(models, 'm')));
    expect(reasonOf(models, 'm')).toBe('verifying');
    await becomes(models, 'm', 'all_verified');
    expect(reported).toEqual(['all_verified']);
    expect(models.snapshot().models).toEqual([
      {
        modelId: 'm',
        kind: 'llm',
        version: '1',
        srcLang: null,
        tgtLang: null,
        dialect: null,
        folder,
        realFolder: realpathSync(folder),
        command: null,
        sizeBytes: 11,
        readiness: { state: 'ready', reasonCode: 'all_verified', details: { files: 2, bytes: 11 }, progress: null },
        checkedAtWallMs: disk().clock.wallMs(),
      },
    ]);
  });

  test('each file read once, also after a restart', async () => {
    disk().installModel('m');
    const first = await disk().open();
    await becomes(first, 'm', 'all_verified');
    await first.rescan();
    first.stop();
    const second = await disk().open();
    expect(reasonOf(second, 'm')).toBe('all_verified');
    expect(disk().reads).toEqual(['model.bin']);
  });

  test('file written -> read again, checksum_differs', async () => {
    const folder = disk().installModel('m', { 'model.bin': 'good content' });
    const models = await disk().open();
    await becomes(models, 'm', 'all_verified');
    writeOld(path.join(folder, 'model.bin'), 'evil content');
    utimesSync(path.join(folder, 'model.bin'), 2000, 2000);
    await models.rescan();
    await becomes(models, 'm', 'checksum_differs');
    expect(disk().reads).toHaveLength(2);
    writeOld(path.join(folder, 'model.bin'), 'good content');
    utimesSync(path.join(folder, 'model.bin'), 3000, 3000);
    await models.rescan();
    await becomes(models, 'm', 'all_verified');
  });

  test('file changes while it is read -> read again, partial checksum discarded', async () => {
    const file = path.join(disk().installModel('m', { 'model.bin': 'good content' }), 'model.bin');
    let release = (): void => undefined;
    disk().hold = new Promise((resolve) => {
      release = resolve;
    });
    const models = await disk().open();
    await until('the first read', () => disk().reads.length === 1);
    writeOld(file, 'evil content', 2000);
    disk().hold = null;
    release();
    await becomes(models, 'm', 'checksum_differs');
    // Only a part of the first version was read. If the cache had a checksum of that mixed read, the cache would return it now.
    writeOld(file, 'good content');
    await models.rescan();
    await becomes(models, 'm', 'all_verified');
  });

  test('file still changing -> read when it is unchanged', async () => {
    const file = path.join(disk().writeModel('m', { 'model.bin': 'good content' }), 'model.bin');
    const write = (content: string, at: number) => {
      writeFileSync(file, content);
      utimesSync(file, at, at);
    };
    const seconds = disk().clock.wallMs() / 1000;
    write('half content', seconds);
    const models = await disk().open();
    write('good content', seconds + 1);
    await models.rescan();
    expect(reasonOf(models, 'm')).toBe('verifying');
    expect(disk().reads).toEqual([]);
    await models.rescan();
    await becomes(models, 'm', 'all_verified');
    expect(disk().reads).toEqual(['model.bin']);
  });

  test('one file at a time, with progress', async () => {
    disk().installModel('a', { 'a.bin': 'eight by' });
    disk().installModel('b', { 'b.bin': 'eight by' });
    let release = (): void => undefined;
    disk().hold = new Promise((resolve) => {
      release = resolve;
    });
    const models = await disk().open();
    await until('the first read', () => disk().reads.length === 1);
    await models.rescan();
    await until('progress', async () => {
      await models.rescan();
      return models.snapshot().models[0]?.readiness.progress === 0.5;
    });
    expect(models.snapshot().models[1]?.readiness).toMatchObject({ reasonCode: 'verifying', progress: 0 });
    expect(disk().reads).toEqual(['a.bin']);
    release();
    await becomes(models, 'b', 'all_verified');
    expect(disk().reads).toEqual(['a.bin', 'b.bin']);
  });

  test('invalid cache file -> files read again', async () => {
    disk().installModel('m');
    writeFileSync(path.join(disk().root, 'hashes.json'), '{"version":1,"files":[["x","not a digest"]]}');
    const models = await disk().open();
    await becomes(models, 'm', 'all_verified');
    expect(disk().reads).toHaveLength(1);
  });
});
