// A cluster loses its leader under traffic. Another member leads, nodes and clients go there, no accepted job is lost and none runs more
// often than it was sent.
import { describe, expect, test } from 'vitest';
import { ClusterClients } from '../support/faults/cluster-clients';
import { printRecovery, recovery, settle, traffic } from '../support/faults/cluster-scenario';
import { dice } from '../support/faults/kill-point-list';
import { useClusterPools } from '../support/faults/use-cluster-pool';
import { faultSeed, repetitions } from '../support/repetitions';
import { requirePostgres, skipNote } from '../support/requirements';

const { missing } = requirePostgres();
const SEED = faultSeed();
/** A lease of 7 s, and a look of a candidate. */
const LIMIT_MS = 10_000;
const KILLS = repetitions({ few: 1, many: 10 }, 'MUSTER_FAULT_ROUNDS');

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(`cluster under kills, seed ${String(SEED)}${skipNote({ missing })}`, () => {
  const openPool = useClusterPools();

  test.each([{ hasBus: false }, { hasBus: true }])(
    `bus $hasBus: leader killed ${String(KILLS)} times under traffic -> another leads within 10 s, no job lost, none run twice`,
    { timeout: (60 + 60 * KILLS) * 1000 },
    async ({ hasBus }) => {
      const pool = await openPool({ hasBus });
      const clients = new ClusterClients(pool, dice(SEED));
      for (let kill = 0; kill < KILLS; kill++) {
        await traffic(clients, 10);
        const old = await pool.leader();
        const killedMs = performance.now();
        pool.processOf(old).signal('SIGKILL');
        const recovered = await recovery(pool, clients, killedMs, pool.others(old));
        printRecovery('leader killed', recovered);
        expect(recovered.ledAfterMs - recovered.openedMs).toBeLessThan(LIMIT_MS);
        await pool.startMember(old);
      }
      await settle(pool, clients);
      process.stdout.write(`${String(clients.accepted)} jobs\n`);
    },
  );
});
