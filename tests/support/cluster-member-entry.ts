// A program of the tests: a lease and, while it leads, a store. Its argument is JSON, it prints a line of JSON for each event, and it reads
// commands from its standard input: `write ID`, `pause-in-commit ID` (it stops itself between the fence and the commit), `step-down`.
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/main/platform/clock';
import type { LeasePolicy } from '../../src/main/scheduler/cluster/core/lease';
import { LEASE_TIMEOUTS, LeaderLease } from '../../src/main/scheduler/cluster/leader-lease';
import { connectPrimary } from '../../src/main/scheduler/database/postgres/connection';
import type { DatabaseTarget } from '../../src/main/scheduler/database/postgres/core/database-url';
import { PostgresStore } from '../../src/main/scheduler/database/postgres/postgres-store';

interface MemberArguments {
  readonly target: DatabaseTarget;
  readonly holder: string;
  readonly policy: LeasePolicy;
}

const { target, holder, policy } = JSON.parse(process.argv[2] ?? '') as MemberArguments;
const print = (event: object): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};

let store: PostgresStore | null = null;
let isPausing = false;

function isHeld(): boolean {
  const isHeldNow = lease.isHeld();
  if (isPausing && isHeldNow && ++asked === 2) process.kill(process.pid, 'SIGSTOP');
  return isPausing ? lease.isHeld() : isHeldNow;
}
/** The store asks before the transaction and before the commit. */
let asked = 0;

const lease = new LeaderLease({
  connect: () => connectPrimary(target, LEASE_TIMEOUTS),
  holder,
  policy,
  clock: systemClock,
  listener: {
    onLeader(term) {
      store = new PostgresStore({
        connect: () => connectPrimary(target),
        term,
        clock: systemClock,
        isHeld,
        onDeposed: (reason) => {
          print({ event: 'store_deposed', reason });
          lease.lost(term, reason);
        },
      });
      print({ event: 'leader', epoch: term.epoch });
    },
    onDeposed(term, reason) {
      store?.depose(reason);
      print({ event: 'deposed', epoch: term.epoch, reason });
    },
  },
});
lease.start();

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, id = ''] = line.split(' ');
  if (command === 'step-down') void lease.stepDown();
  if (command !== 'write' && command !== 'pause-in-commit') return;
  isPausing = command === 'pause-in-commit';
  asked = 0;
  const insert = { into: 'marks', columns: ['name', 'at'], rows: [[id, 1]] };
  void store?.write([insert]).then((written) => {
    print({ event: 'written', id, isStored: written.ok });
  });
});
