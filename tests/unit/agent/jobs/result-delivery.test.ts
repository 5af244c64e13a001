// Closing a delivery while the disk refuses writes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChunkOutbox } from '../../../../src/main/agent/jobs/chunk-outbox';
import { ResultDelivery } from '../../../../src/main/agent/jobs/result-delivery';
import { ResultSpool } from '../../../../src/main/agent/jobs/result-spool';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ManualClock } from '../../../support/manual-clock';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-delivery-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('result delivery: closed while writes fail -> no timer left', async () => {
  const blockedFolder = path.join(folder, 'results');
  writeFileSync(blockedFolder, '');
  const clock = new ManualClock();
  const spool = new ResultSpool({ folder: blockedFolder, clock, logger: silentLogger });
  const delivery = new ResultDelivery({ spool, clock, isConnected: () => false, send: () => false, onUnsaved: () => undefined });
  const job = {
    jobId: 'j1',
    attempt: 1,
    schedulerUrl: 'ws://a:1',
    nodeId: 'n',
    traceId: 't',
    isInteractive: false,
    chunks: new ChunkOutbox({ jobId: 'j1', attempt: 1 }),
    timings: null,
  };
  await delivery.add({ ...job, breakStream: () => undefined }, { success: true, output: 'words' }, 1);
  expect(clock.pending).toBe(1);
  clock.advance(30_000);
  await delivery.close();
  expect([spool.hasUnsaved, clock.pending]).toEqual([true, 0]);
});
