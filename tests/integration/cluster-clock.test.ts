// A member of a cluster whose clock is set wrong.
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { LEASE_TIMEOUTS } from '../../src/main/scheduler/cluster/leader-lease';
import { MemberWatch } from '../../src/main/scheduler/cluster/member-watch';
import { SharedFiles } from '../../src/main/scheduler/cluster/shared-files';
import { useMigratedPostgres } from '../support/migrated-postgres';
import { requirePostgres, skipNote } from '../support/requirements';
import { temporaryDir } from '../support/test-scheduler';

const { missing } = requirePostgres();
const DAY_MS = 86_400_000;

describe.skipIf(missing !== undefined)(`clocks of a cluster${skipNote({ missing })}`, () => {
  const postgres = useMigratedPostgres();

  test.each([-DAY_MS, 0, DAY_MS])('the clock of a member is wrong by %d ms -> its terms have the time of the database', async (wrongMs) => {
    const folder = temporaryDir();
    onTestFinished(() => {
      folder.remove();
    });
    const logged: unknown[] = [];
    const watch = new MemberWatch({
      connect: postgres.server.connect(postgres.server.target(await postgres.newDatabase()), LEASE_TIMEOUTS),
      self: { name: 'a', version: '1.0.0', holder: 'a 1', address: 'a:7080', startedAtWallMs: 0 },
      hasBus: () => null,
      files: new SharedFiles(folder.dir, []),
      clock: { ...systemClock, wallMs: () => systemClock.wallMs() + wrongMs },
      logger: { log: (_level, event, fields) => logged.push([event, fields]), isEnabled: () => true },
      onMet: () => undefined,
    });
    onTestFinished(() => {
      watch.close();
    });
    await watch.look();
    await watch.look();
    expect(Math.abs(watch.clock.wallMs() - systemClock.wallMs())).toBeLessThan(2000);
    const seconds = -wrongMs / 1000;
    expect(logged).toEqual(wrongMs === 0 ? [] : [['cluster_clock_differs', { database_ahead_seconds: seconds }]]);
  });
});
