// A member of a cluster that leads, while the bus knows a higher epoch: the bus drops what this leader says.
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { ClusterMember } from '../../src/main/scheduler/cluster/cluster-member';
import { SharedFiles } from '../../src/main/scheduler/cluster/shared-files';
import { ok } from '../../src/shared/result';
import { useMigratedPostgres } from '../support/migrated-postgres';
import { requirePostgres, skipNote } from '../support/requirements';
import { KeptLog, temporaryDir } from '../support/test-scheduler';
import { until } from '../support/until';

const { missing } = requirePostgres();
/** A leader that has stepped down stands aside for 5 s. */
const LIMIT_MS = 15_000;

describe.skipIf(missing !== undefined)(`epochs of a cluster${skipNote({ missing })}`, () => {
  const postgres = useMigratedPostgres();

  async function started(busEpoch: () => number): Promise<KeptLog> {
    const folder = temporaryDir();
    const log = new KeptLog();
    const member = new ClusterMember({
      target: postgres.server.target(await postgres.newDatabase()),
      self: { name: 'a', version: '1.0.0' },
      files: new SharedFiles(folder.dir, []),
      ...{ clock: systemClock, logger: log, hasBus: () => true, busView: () => null, busEpoch },
      openTerm: () => Promise.resolve(ok({ server: createServer(), stop: () => Promise.resolve() })),
      serve: () => undefined,
    });
    onTestFinished(async () => {
      await member.stop();
      folder.remove();
    });
    member.start('127.0.0.1:7080');
    await until('the first term', () => log.of('cluster_leads').length === 1, LIMIT_MS);
    return log;
  }

  test('a message of a higher epoch, while the lease is held -> the leader steps down, and a term with a higher epoch begins', async () => {
    let busEpoch = 1;
    const log = await started(() => busEpoch);
    expect(log.of('cluster_leads')).toMatchObject([{ epoch: 2 }]);
    busEpoch = 40;
    await until('the next term', () => log.of('cluster_leads').length === 2, LIMIT_MS);
    expect(log.of('cluster_epoch_passed')).toEqual([{ epoch: 2, bus_epoch: 40 }]);
    expect(log.of('cluster_leads')[1]).toMatchObject({ epoch: 41 });
  });
});
