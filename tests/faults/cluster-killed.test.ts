// A cluster loses its leader under traffic: killed, or stopped in order. Another member leads, nodes and clients go there, no accepted job
// is lost and none runs more often than it was sent.
import { describe, expect, test } from 'vitest';
import { ClusterClients } from '../support/faults/cluster-clients';
import { dice } from '../support/faults/kill-point-list';
import { useClusterPools } from '../support/faults/use-cluster-pool';
import { faultSeed, repetitions } from '../support/repetitions';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requirePostgres();
const SEED = faultSeed();
const KILLS = repetitions({ few: 1, many: 10 }, 'MUSTER_FAULT_ROUNDS');

describe.skipIf(missing !== undefined)(`cluster under kills, seed ${String(SEED)}${skipNote({ missing })}`, () => {
  const openPool = useClusterPools();

  test(`leader killed ${String(KILLS)} times under traffic -> another leads within 10 s, no job lost, none run twice`, { timeout: (60 + 60 * KILLS) * 1000 }, async () => {
    const pool = await openPool();
    const clients = new ClusterClients(pool, dice(SEED));
    for (let kill = 0; kill < KILLS; kill++) {
      const before = clients.endedAtMs.length;
      await until('traffic', () => clients.endedAtMs.length >= before + 10, 30_000);
      const old = await pool.leader();
      const killedMs = performance.now();
      pool.processOf(old).signal('SIGKILL');
      const next = await pool.leader(pool.others(old));
      const ledAfterMs = performance.now() - killedMs;
      const { length } = pool.nodes;
      await until('the nodes to move', () => pool.sentBy(next, 'node_register_ack', killedMs).length >= length, 40_000);
      const nodesAfterMs = performance.now() - killedMs;
      const resultMs = await until('a result', () => clients.endedAtMs.find((ms) => ms > killedMs + ledAfterMs), 30_000);
      process.stdout.write(
        `kill ${String(kill + 1)}: another leads after ${String(Math.round(ledAfterMs))} ms, the nodes are there after ${String(Math.round(nodesAfterMs))} ms, a client has a result after ${String(Math.round(resultMs - killedMs))} ms\n`,
      );
      expect(ledAfterMs).toBeLessThan(10_000);
      await pool.startMember(old);
    }
    await clients.stop();
    await clients.readAll();
    await pool.verify();
    process.stdout.write(`${String(clients.accepted)} jobs\n`);
  });
});
