// A pool without sockets and files: links that keep sent messages, a store in memory, a manual clock.
import { ok } from '../../src/shared/result';
import { Registry } from 'prom-client';
import type { AssignHead, NodeLink } from '../../src/main/scheduler/nodes/node-link';
import { NodeSession } from '../../src/main/scheduler/node-socket/node-session';
import { SchedulerPool } from '../../src/main/scheduler/pool/pool-port';
import { Pool } from '../../src/main/scheduler/pool/pool';
import { SchedulerStats } from '../../src/main/scheduler/nodes/scheduler-stats';
import { Sweeper } from '../../src/main/scheduler/pool/sweeper';
import { DEFAULT_DISPATCH_POLICY } from '../../src/main/scheduler/dispatch/policy';
import { DEFAULT_LIFECYCLE_POLICY, type LifecyclePolicy } from '../../src/main/scheduler/lifecycle/policy';
import type { SchedulerMessage } from '../../src/shared/protocol/scheduler-messages';
import { taskSchema } from '../../src/shared/protocol/tasks';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../src/shared/protocol/limits';
import { ManualClock } from './manual-clock';
import { memoryHistory } from './memory-history';
import { MemoryJobs } from './memory-jobs';
import { MemoryNodeStore } from './memory-node-store';
import { usageOf } from './usage-fakes';
import { notAvailableHere } from '../../src/main/contracts/app-errors';
import { KeptLog } from './test-scheduler';
import { openPoolLimits } from './open-limits';

export class MemoryLink implements NodeLink {
  readonly remote = '192.0.2.7:50000';
  readonly sent: SchedulerMessage[] = [];
  closedWith: number | null = null;

  get isOpen(): boolean {
    return this.closedWith === null;
  }

  readonly isFull = false;

  send(message: SchedulerMessage): boolean {
    this.sent.push(message);
    return true;
  }

  sendAssign(head: AssignHead, task: string): boolean {
    return this.send({ ...head, task: taskSchema.parse(JSON.parse(task)) });
  }

  whenDrained(callback: () => void): void {
    callback();
  }

  close(code: number): void {
    this.closedWith = code;
  }
}

export interface MemoryScheduler {
  readonly scheduler: Pool;
  readonly pool: SchedulerPool;
  readonly sweeper: Sweeper;
  readonly store: MemoryNodeStore;
  readonly clock: ManualClock;
  readonly log: KeptLog;
  readonly open: () => { readonly link: MemoryLink; readonly session: NodeSession };
}

/** `addresses`: of all schedulers of the pool. */
export function memoryScheduler(policy: Partial<LifecyclePolicy> = {}, addresses?: () => readonly string[]): MemoryScheduler {
  const clock = new ManualClock();
  const log = new KeptLog();
  const store = new MemoryNodeStore();
  const stats = new SchedulerStats(new Registry());
  const fullPolicy = { ...DEFAULT_LIFECYCLE_POLICY, ...policy };
  const scheduler = new Pool({
    policy: fullPolicy,
    dispatchPolicy: DEFAULT_DISPATCH_POLICY,
    statusPushIntervalMs: 30_000,
    maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
    store,
    clock,
    logger: log,
    stats,
    version: '1.2.3',
    addresses,
    ...openPoolLimits(clock),
  });
  const sweeper = new Sweeper({ pool: scheduler, clock, logger: log, policy: fullPolicy, scanIntervalMs: 30_000, pushesStatus: true });
  const open = () => {
    const link = new MemoryLink();
    return { link, session: new NodeSession({ pool: scheduler, members: null, liveness: sweeper, stats }, link) };
  };
  const jobs = new MemoryJobs();
  return {
    scheduler,
    pool: new SchedulerPool({
      pool: scheduler,
      jobs,
      retry: () => jobs.retry(),
      joinRequests: { list: () => [], subscribe: () => () => undefined },
      history: memoryHistory(scheduler, clock),
      usage: { usage: (query) => Promise.resolve(usageOf(query)) },
      cluster: { cluster: () => Promise.resolve(notAvailableHere()), stepDown: () => Promise.resolve(notAvailableHere()) },
      modelAliases: () => new Map(),
      nameModels: (request) => Promise.resolve(ok({ request, names: [] })),
    }),
    sweeper,
    store,
    clock,
    log,
    open,
  };
}
