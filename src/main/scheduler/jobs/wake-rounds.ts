// While jobs wait that no node can take, wakes the sleeping nodes that could (ADR 0033). `dispatch/waking.ts` decides; the lifecycle keeps when
// a node was woken, so that a node gets at most one packet in its interval, also across a restart.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import { mayBeWoken } from '../lifecycle/node-wake';
import type { WakeSender } from '../nodes/wake-sender';
import type { JobRequirements } from '../dispatch/job-requirements';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';

export interface WakeRoundsOptions {
  readonly table: Pick<JobTable, 'waiting'>;
  readonly pool: Pick<NodePool, 'record' | 'now' | 'apply' | 'availability' | 'dispatcher'>;
  /** Null: this pool wakes no node. */
  readonly wake: WakeSender | null;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly logger: Logger;
}

const INTERVAL_MS = 2000;
/** Each check reads the sleeping and the registering nodes. The next round continues with the next node. */
const MAX_CHECKS_PER_ROUND = 100;
const MAX_NODES_PER_ROUND = 256;

export class WakeRounds {
  readonly #options: WakeRoundsOptions;
  /** The sleeping nodes that were not considered since the list was made. */
  #remaining: string[] = [];
  #timer: Timer | null = null;

  constructor(options: WakeRoundsOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.wake === null) return;
    this.#timer = this.#options.clock.setTimer(INTERVAL_MS, () => {
      this.#round();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #round(): void {
    const { table, pool } = this.#options;
    if (table.waiting.size === 0) return;
    const sleeping = [...pool.availability.nodesIn('asleep')];
    if (sleeping.length === 0) return;
    if (this.#remaining.length === 0) this.#remaining = [...sleeping];
    const others = [...pool.availability.nodesIn('registering')];
    const records = () => [...sleeping, ...others].map((nodeId) => pool.record(nodeId)).filter((record) => record !== undefined);
    let [read, checks] = [0, 0];
    for (const nodeId of this.#remaining) {
      if (read === MAX_NODES_PER_ROUND || checks >= MAX_CHECKS_PER_ROUND) break;
      read++;
      const node = pool.record(nodeId);
      if (node === undefined || !mayBeWoken(node, pool.now().monotonicMs)) continue;
      const job = table.waiting.firstFor(node, (requirements) => {
        if (checks >= MAX_CHECKS_PER_ROUND) return false;
        checks++;
        return this.#isWokenFor(requirements, node, records());
      });
      if (job !== null) this.#send(node, job.jobId);
    }
    this.#remaining.splice(0, read);
  }

  #isWokenFor(requirements: JobRequirements, { nodeId }: NodeRecord, records: readonly NodeRecord[]): boolean {
    return this.#options.pool.dispatcher.nodeToWake(requirements, records)?.nodeId === nodeId;
  }

  #send({ nodeId, profile: { wakeMac } }: NodeRecord, jobId: string): void {
    const { pool, wake, logger } = this.#options;
    if (wake === null || wakeMac === undefined) return;
    // Before the packet is sent, so that a second job finds the node waking.
    pool.apply(nodeId, { type: 'wake_sent' });
    logger.log('info', 'wake_sent', { node_id: nodeId, job_id: jobId });
    void wake.send(wakeMac).then((reason) => {
      if (reason !== null) logger.log('warn', 'wake_not_sent', { node_id: nodeId, reason });
    });
  }
}
