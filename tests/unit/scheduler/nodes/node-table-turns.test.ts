// The nodes are read while a member begins to lead: it has connections already.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Row, Store } from '../../../../src/main/scheduler/database/store';
import { toStoredProfile } from '../../../../src/main/scheduler/nodes/core/stored-node-schema';
import { NodeTable } from '../../../../src/main/scheduler/nodes/node-table';
import { aModel, aProfile } from '../lifecycle/records';

const ROWS = 500;
const MODELS = 10;
const MOST_CHARACTERS_IN_ONE_TURN = 100_000;

test('many nodes -> they are read in turns of the event loop', async () => {
  const installedModels = Array.from({ length: MODELS }, (_, i) => aModel({ modelId: `model-${String(i)}` }));
  const profile = JSON.stringify(toStoredProfile({ ...aProfile(), installedModels }));
  const rows = Array.from({ length: ROWS }, (_, i): Row => ({
    ...{ node_id: `node-${String(i)}`, token_hash: new Uint8Array(32), created_at: 1, profile, status: 'ready' },
    ...{ reason_code: 'health_check_passed', previous_status: null, has_been_ready: 1, since: 1 },
    ...{ drain: null, pause: null, quarantine: null, tags: null, wake: null },
  }));
  const store = { read: () => Promise.resolve(rows) } as unknown as Store;
  let isLoaded = false;
  const loaded = new NodeTable(store).load('nodes').finally(() => {
    isLoaded = true;
  });
  let turns = 0;
  for (; !isLoaded; turns++) await nextTurn();
  expect(await loaded).toMatchObject({ ok: true, value: { length: ROWS } });
  expect((ROWS * profile.length) / turns).toBeLessThan(MOST_CHARACTERS_IN_ONE_TURN);
});
