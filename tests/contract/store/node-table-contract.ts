// The table of nodes: round trip, changes of many nodes at once, rows that cannot be read.
import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../src/main/scheduler/database/store';
import type { StoredNode } from '../../../src/main/scheduler/lifecycle/restore-record';
import { NodeTable } from '../../../src/main/scheduler/nodes/node-table';
import type { StoredIdentity } from '../../../src/main/scheduler/nodes/core/stored-node-schema';
import { aGpu, aModel } from '../../unit/scheduler/lifecycle/records';
import type { StoreEngine, TestDatabase } from './store-engine';
import { WRITTEN } from './things';

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

const NAME = 'nodes of the test';

export function nodeTableContract({ open }: StoreEngine): void {
  let database: TestDatabase;
  let store: Store;
  let nodes: NodeTable;

  beforeEach(async () => {
    database = await open();
    store = database.store;
    nodes = new NodeTable(store);
  });

  const loaded = async (): Promise<readonly (StoredNode & StoredIdentity)[]> => {
    const result = await nodes.load(NAME);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  };

  test('written and closed -> loaded unchanged', async () => {
    const a = storedNode('a');
    const b = storedNode('b', { drain: null, pause: null, previousStatus: null, status: 'ready', reasonCode: 'health_check_passed' });
    expect(await Promise.all([nodes.insert(b), nodes.insert(a), nodes.insert(storedNode('c'))])).toEqual([WRITTEN, WRITTEN, WRITTEN]);
    await Promise.all([nodes.update([{ ...a, status: 'offline', reasonCode: 'drain_complete' }]), nodes.remove('c')]);
    await store.close();
    nodes = new NodeTable(await database.reopen());
    expect(await loaded()).toEqual([{ ...a, status: 'offline', reasonCode: 'drain_complete' }, b]);
  });

  test('inserted again -> replaced, with its new identity', async () => {
    await nodes.insert(storedNode('a'));
    const again = {
      ...storedNode('a', { tags: [], status: 'registering', hasBeenReady: false }),
      tokenHash: Buffer.alloc(32, 9).toString('base64'),
      createdAtWallMs: 1_700_000_000_001,
    };
    expect(await nodes.insert(again)).toEqual(WRITTEN);
    expect(await loaded()).toEqual([again]);
  });

  test('many nodes changed in one write -> each its own change; one that is not stored is left out', async () => {
    const ids = Array.from({ length: 301 }, (_, index) => `node-${String(index).padStart(3, '0')}`);
    await Promise.all(ids.map((id) => nodes.insert(storedNode(id))));
    const changed = ids.map((id, index) => {
      const part = index % 2 === 0 ? { drain: null, pause: null, quarantine: null, tags: [], previousStatus: null } : {};
      return storedNode(id, { ...part, hasBeenReady: index % 3 === 0, sinceWallMs: 1_800_000_000_000 + index });
    });
    expect(await nodes.update([...changed.slice(1), storedNode('not stored')])).toEqual(WRITTEN);
    expect(await loaded()).toEqual([storedNode('node-000'), ...changed.slice(1)]);
    expect(await nodes.update([])).toEqual(WRITTEN);
  });

  test('more nodes than one read -> all, each once', async () => {
    const ids = Array.from({ length: 2001 }, (_, index) => `node-${String(index).padStart(4, '0')}`);
    await Promise.all(ids.map((id) => nodes.insert(storedNode(id))));
    expect((await loaded()).map(({ nodeId }) => nodeId)).toEqual(ids);
  });

  test('drain -> stored in the format of earlier versions', async () => {
    await nodes.insert(storedNode('a'));
    const [row] = await store.read({ text: 'SELECT drain FROM nodes', values: [] });
    const drain = { by: 'operator', reason: null, requestedAtMs: 1_700_000_000_500, timeoutMs: 60_000 };
    expect(JSON.parse(String(row?.['drain']))).toEqual(drain);
  });

  test('row that is not valid -> a failure that names the row', async () => {
    await nodes.insert(storedNode('a'));
    await nodes.insert(storedNode('b'));
    await store.write([{ text: 'UPDATE nodes SET profile = ? WHERE node_id = ?', values: ['{', 'b'] }]);
    const result = await nodes.load(NAME);
    expect(result).toMatchObject({ ok: false, error: { code: 'DATABASE_UNREADABLE', details: { file: NAME } } });
    expect(result.ok ? '' : result.error.details['reason']).toContain('row b, profile');
  });

  test('table that cannot be read -> rejected; writes fail as values', async () => {
    await store.write([{ text: 'DROP TABLE nodes', values: [] }]);
    await expect(nodes.load(NAME)).rejects.toThrow('nodes');
    const results = await Promise.all([nodes.insert(storedNode('a')), nodes.update([storedNode('a')]), nodes.remove('a')]);
    expect(results.map(({ ok }) => ok)).toEqual([false, false, false]);
  });
}
