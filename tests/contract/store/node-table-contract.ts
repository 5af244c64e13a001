// The table of nodes in a real file: round trip, group commit, failures as values.
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredNode } from '../../../../src/main/scheduler/lifecycle/restore-record';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { SqliteNodeStore } from '../../../../src/main/scheduler/nodes/sqlite-node-store';
import type { StoredIdentity } from '../../../../src/main/scheduler/nodes/core/stored-node-schema';
import { aGpu, aModel } from '../lifecycle/records';
import { temporaryDir } from '../../../support/test-scheduler';

const storedNode = (nodeId: string, change: Partial<StoredNode> = {}): StoredNode & StoredIdentity => ({
  nodeId,
  tokenHash: Buffer.alloc(32, 7).toString('base64'),
  createdAtWallMs: 1_700_000_000_000,
  profile: {
    name: 'Ada’s PC \u202e\ud83d\ude00',
    version: '1',
    platform: 'linux',
    hardware: { cpuCores: 8, memoryGb: 32, gpus: [aGpu({ simulated: true })] },
    installedModels: [aModel({ modelId: 'm', tgtLang: null, enabled: false })],
    capabilityState: { m: 'downloading' },
    featuresSupported: { emotion_detection: true, persona_adaptation: null },
    advancedFeatures: ['kv_cache'],
    acceptPublicJobs: false,
    limits: null,
    maxConcurrentJobs: 2,
    wakeMac: '02:00:00:00:00:0a',
  },
  status: 'draining',
  reasonCode: 'drain_requested',
  previousStatus: 'ready',
  hasBeenReady: true,
  sinceWallMs: 1_700_000_000_500,
  drain: { by: 'operator', reason: null, requestedAtWallMs: 1_700_000_000_500, timeoutMs: 60_000 },
  pause: {
    code: 'full_screen',
    detail: 'Factorio',
    sinceWallMs: 1_700_000_000_600,
    startedAtWallMs: 1_700_000_000_500,
    untilWallMs: null,
    timeoutMs: 60_000,
  },
  quarantine: { by: 'operator', reason: 'wrong answers', sinceWallMs: 1_700_000_000_700 },
  wake: { sentAtWallMs: 1_700_000_000_800, isWaking: true, readyAfterMs: 40_000 },
  tags: ['lab', '机房'],
  ...change,
});

let folder: ReturnType<typeof temporaryDir>;
let file: string;
let database: DatabaseSync;
let store: SqliteNodeStore;

function open(): void {
  const opened = openDatabase(file);
  if (!opened.ok) throw new Error(opened.error.code);
  database = opened.value;
  store = new SqliteNodeStore(database);
}

beforeEach(() => {
  folder = temporaryDir();
  file = path.join(folder.dir, 'scheduler.db');
  open();
});
afterEach(() => {
  store.close();
  folder.remove();
});

describe('node store', () => {
  it('written and closed -> loaded unchanged', async () => {
    const a = storedNode('a');
    const b = storedNode('b', { drain: null, pause: null, previousStatus: null, status: 'ready', reasonCode: 'health_check_passed' });
    expect(await Promise.all([store.insert(b), store.insert(a), store.insert(storedNode('c'))])).toEqual(
      Array.from({ length: 3 }, () => ({ ok: true, value: null })),
    );
    await Promise.all([store.update({ ...a, status: 'offline', reasonCode: 'drain_complete' }), store.remove('c')]);
    store.close();
    open();
    expect(store.load(file)).toEqual({ ok: true, value: [{ ...a, status: 'offline', reasonCode: 'drain_complete' }, b] });
  });

  it('drain -> stored in the format of earlier versions', async () => {
    await store.insert(storedNode('a'));
    const drain = { by: 'operator', reason: null, requestedAtMs: 1_700_000_000_500, timeoutMs: 60_000 };
    expect(JSON.parse(String(database.prepare('SELECT drain FROM nodes').get()?.['drain']))).toEqual(drain);
  });

  it('closed -> pending writes are written', () => {
    void store.insert(storedNode('a'));
    store.close();
    open();
    expect(store.load(file)).toMatchObject({ value: [{ nodeId: 'a' }] });
  });

  it('one write of a turn fails -> all fail, each caller gets the failure, the next turn works', async () => {
    database.exec("CREATE TRIGGER full BEFORE INSERT ON nodes WHEN NEW.node_id = 'bad' BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    const failed = { ok: false, error: { reason: 'disk full' } };
    expect(await Promise.all([store.insert(storedNode('good')), store.insert(storedNode('bad'))])).toEqual([failed, failed]);
    expect(store.load(file)).toEqual({ ok: true, value: [] });
    expect(await store.insert(storedNode('good'))).toEqual({ ok: true, value: null });
  });

  it('closed -> changes are refused', async () => {
    store.close();
    expect(await store.insert(storedNode('late'))).toEqual({ ok: false, error: { reason: 'the store is closed' } });
  });

  it('commit -> synced before the answer', () => {
    expect([database.prepare('PRAGMA synchronous').get(), database.prepare('PRAGMA journal_mode').get()]).toMatchObject([
      { synchronous: 2 },
      { journal_mode: 'wal' },
    ]);
  });
});
