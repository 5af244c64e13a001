// While jobs wait that no node can take, wakes the sleeping nodes that could (ADR 0033). `dispatch/waking.ts` decides; the lifecycle keeps
// when a node was woken, so that a node gets at most one packet in its interval, also across a restart.
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import { mayBeWoken } from '../lifecycle/node-wake';
import type { WakeSender } from '../nodes/wake-sender';
import type { JobTable } from './job-table';
import type { WaitingGroup } from './machine/waiting-group';
import type { NodePool } from './node-pool';
import { PeriodicSearch } from './periodic-search';

export interface WakeRoundsOptions {
  readonly table: Pick<JobTable, 'waiting'>;
  readonly pool: Pick<NodePool, 'record' | 'now' | 'apply' | 'availability'> & {
    readonly dispatcher: Pick<NodePool['dispatcher'], 'nodeToWake' | 'nodeCount'>;
  };
  readonly wake: WakeSender;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly logger: Logger;
}

/** Nodes or models of nodes. A decision reads all nodes, so in a large pool a turn has one decision. */
const MAX_READ_PER_TURN = 10_000;

export const wakeRounds = (options: WakeRoundsOptions): PeriodicSearch =>
  new PeriodicSearch({
    clock: options.clock,
    begin: () => (options.table.waiting.size === 0 ? null : cycle(options)),
    maxWorkPerTurn: MAX_READ_PER_TURN,
  });

/** Decides once for each group of jobs that a sleeping node may take. Yields the numbers of nodes and models that were read. */
function* cycle(options: WakeRoundsOptions): Generator<number, undefined> {
  const { table, pool } = options;
  const judged = new Set<WaitingGroup>();
  for (const nodeId of [...pool.availability.nodesIn('asleep')]) {
    const node = pool.record(nodeId);
    yield 1 + (node?.profile.installedModels.length ?? 0);
    if (node === undefined || !mayBeWoken(node, pool.now().monotonicMs)) continue;
    for (const group of table.waiting.groupsFor(node)) {
      const job = group.first()?.job ?? null;
      if (job === null || judged.has(group)) {
        yield 1;
        continue;
      }
      judged.add(group);
      const woken = pool.dispatcher.nodeToWake(group.requirements);
      if (woken !== null && mayBeWoken(woken, pool.now().monotonicMs)) send(options, woken, job.jobId);
      yield pool.dispatcher.nodeCount;
    }
  }
}

function send({ pool, wake, logger }: WakeRoundsOptions, { nodeId, profile: { wakeMac } }: NodeRecord, jobId: string): void {
  if (wakeMac === undefined) return;
  // Before the packet is sent, so that a second job finds the node waking.
  pool.apply(nodeId, { type: 'wake_sent' });
  logger.log('info', 'wake_sent', { node_id: nodeId, job_id: jobId });
  void wake.send(wakeMac).then((reason) => {
    if (reason !== null) logger.log('warn', 'wake_not_sent', { node_id: nodeId, reason });
  });
}
