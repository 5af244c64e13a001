// A whole scheduler with jobs, scripted nodes and a disk, in memory. A test can lose, delay and repeat events. It can kill the
// scheduler and restart it on the same disk. The invariants of jobs are checked after every step.
import { DatabaseSync } from 'node:sqlite';
import { Registry } from 'prom-client';
import { followToEnd } from '../../src/main/scheduler/api/openai/follow-to-end';
import { JobService } from '../../src/main/scheduler/jobs/job-service';
import { JobStats } from '../../src/main/scheduler/jobs/job-stats';
import type { StoredJob } from '../../src/main/scheduler/jobs/machine/stored-job';
import { TaskTexts } from '../../src/main/scheduler/jobs/task-texts';
import { NodeSession } from '../../src/main/scheduler/node-socket/node-session';
import { Pool } from '../../src/main/scheduler/pool/pool';
import { SchedulerStats } from '../../src/main/scheduler/nodes/scheduler-stats';
import { Sweeper } from '../../src/main/scheduler/pool/sweeper';
import { JOB_DATABASE } from '../../src/main/scheduler/database/migrations';
import { SqliteStore } from '../../src/main/scheduler/database/sqlite-store';
import { DEFAULT_DISPATCH_POLICY } from '../../src/main/scheduler/dispatch/policy';
import { DEFAULT_LIFECYCLE_POLICY } from '../../src/main/scheduler/lifecycle/policy';
import { silentLogger } from '../../src/main/platform/logger';
import type { JobEvent, JobView } from '../../src/shared/api/job';
import { FullableStore, type Fullness } from './fullable-store';
import { JobInvariants } from './job-invariants';
import { type SubmitChange, submissionOf } from './job-submission';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../src/shared/protocol/limits';
import { Lifetime } from './lifetime';
import { ManualClock } from './manual-clock';
import { MemoryNodeStore } from './memory-node-store';
import { microtasksDone } from './microtasks';
import { ScriptedNode } from './scripted-node';
import { openPoolLimits } from './open-limits';
import { type StoredRow, StoredRows } from './stored-rows';
import { WorldStore } from './world-store';

export const NODE_IDS = ['node-a', 'node-b', 'node-c'] as const;
const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

export interface JobWorldOptions {
  readonly maxTextBytes?: number;
  readonly maxQueued?: number;
  readonly keepsAnswers?: boolean;
  /** The test decides when reads and writes of the store are done. Default: at once. */
  readonly isSlow?: boolean;
  /** Replicas hold the connections of clients, which outlive a crash. */
  readonly clientsReturn?: boolean;
}

interface RunningScheduler {
  readonly life: Lifetime;
  readonly scheduler: Pool;
  readonly sweeper: Sweeper;
  readonly jobs: JobService;
  readonly store: FullableStore;
  readonly disk: WorldStore;
}

/** What the next scheduler loads. */
interface LoadedJobs {
  readonly lastSeq: number;
  readonly live: readonly StoredJob[];
}

export class JobWorld {
  readonly clock = new ManualClock();
  readonly nodes = new Map<string, ScriptedNode>();
  readonly invariants: JobInvariants;
  readonly accepted: string[] = [];
  /** The MAC addresses to which a packet was sent. */
  readonly woken: string[] = [];
  /** The accepted jobs whose client waits, each with the events that the client got. A crash closes all connections. */
  readonly clients = new Map<string, JobEvent[]>();
  /** The tasks that the present scheduler holds as text. */
  texts: TaskTexts;
  readonly #options: JobWorldOptions;
  readonly #database = new DatabaseSync(':memory:');
  readonly #sqlite = new SqliteStore(this.#database);
  readonly #rows: StoredRows;
  readonly #nodeStore = new MemoryNodeStore();
  #deferred: (() => void)[] = [];
  #fullFor: Fullness = 'nothing';
  #running!: RunningScheduler;

  /** `maxTextBytes`: the limit of the tasks that the scheduler holds as text. With `keepsAnswers`, the invariants compare all results. */
  constructor(options: JobWorldOptions = {}) {
    this.#options = options;
    this.texts = new TaskTexts(options.maxTextBytes);
    for (const sql of JOB_DATABASE.migrations) this.#database.exec(sql);
    this.#rows = new StoredRows(this.#database);
    this.invariants = new JobInvariants(this);
    for (const nodeId of NODE_IDS) this.nodes.set(nodeId, new ScriptedNode(nodeId, this));
    this.#start(this.#born(), { lastSeq: 0, live: [] });
  }

  /** Of the present scheduler. */
  get life(): Lifetime {
    return this.#running.life;
  }

  get scheduler(): Pool {
    return this.#running.scheduler;
  }

  get jobs(): JobService {
    return this.#running.jobs;
  }

  get store(): FullableStore {
    return this.#running.store;
  }

  /** Under the store, to move its reads and writes in a slow world. */
  get disk(): WorldStore {
    return this.#running.disk;
  }

  /** The jobs that are on the disk now. */
  get rows(): StoredRows {
    return this.#rows;
  }

  /** Null: the job is not on the disk. */
  stored(jobId: string): StoredRow | null {
    return this.#rows.of(jobId);
  }

  openSession(link: ConstructorParameters<typeof NodeSession>[1]): NodeSession {
    return new NodeSession(
      { pool: this.scheduler, members: null, liveness: this.#running.sweeper, stats: new SchedulerStats(new Registry()) },
      link,
    );
  }

  async submit(change: SubmitChange): Promise<void> {
    const { interactive = false, key, maxAttempts } = change;
    const pending = this.jobs.submit(submissionOf(change), { idempotencyKey: key ?? null, interactive, traceId: null });
    const { jobs } = this;
    void pending.then((outcome) => {
      if (jobs !== this.jobs || !outcome.ok) return;
      const { jobId } = outcome.value;
      this.accepted.push(jobId);
      if (interactive) this.follow(jobId, change);
      this.invariants.submitted(jobId, key ?? null, maxAttempts ?? 3);
    });
    await this.settle(false);
  }

  /** Its client leaves, or an operator cancels a job whose submitter does not wait. */
  cancel(jobId: string): void {
    void this.jobs.cancel(jobId, this.clients.has(jobId) ? 'client_gone' : 'requested');
  }

  /** The client of a job that was accepted. */
  follow(jobId: string, _change: SubmitChange): void {
    const events: JobEvent[] = [];
    this.clients.set(jobId, events);
    const jobs = { follow: this.jobs.follow.bind(this.jobs), get: (id: string) => this.view(id) };
    const onEvent = (event: JobEvent): unknown => events.push(event);
    followToEnd(jobs, jobId, onEvent, () => undefined);
  }

  /** Ends the turn of the event loop: collected changes are written. */
  async flush(): Promise<void> {
    const callbacks = this.#deferred;
    this.#deferred = [];
    for (const callback of callbacks) callback();
    await this.settle(false);
  }

  /** The promises of each timer settle before the next timer. */
  advance(ms: number): Promise<void> {
    return this.clock.advanceInTurns(ms);
  }

  setFull(fullFor: Fullness): void {
    this.#fullFor = fullFor;
    this.#running.store.fullFor = fullFor;
  }

  /** kill -9: unwritten changes and every connection are lost. The scheduler is back after `awayMs` of wall time. */
  async crash(awayMs = 0): Promise<void> {
    this.invariants.crashing();
    this.life.end();
    this.clock.cancelAll();
    this.#deferred = [];
    for (const node of this.nodes.values()) node.lostConnection();
    this.clients.clear();
    this.clock.sleep(awayMs);
    await microtasksDone();
    const next = this.#born();
    await next.disk.watched(async () => {
      const lastSeq = await next.store.lastSeq();
      await next.store.postponeAbsence(this.clock.wallMs());
      this.#start(next, { lastSeq, live: await next.store.live() });
    });
    if (this.#options.clientsReturn !== true) await this.invariants.restarted();
  }

  view(jobId: string): Promise<JobView | null> {
    return this.disk.watched(() => this.jobs.get(jobId));
  }

  /** The invariants, after every step. */
  check(): Promise<void> {
    return this.invariants.check();
  }

  /** Settles pending promises; with `flush`, also pending reads and writes. */
  async settle(flush = true): Promise<void> {
    await microtasksDone();
    if (!flush) return;
    while (this.#deferred.length > 0 || this.disk.isBusy) {
      while (this.disk.isBusy) {
        this.disk.apply();
        this.disk.answer();
        this.disk.answerRead();
        await microtasksDone();
      }
      await this.flush();
    }
  }

  #born(): Pick<RunningScheduler, 'life' | 'disk' | 'store'> {
    const life = new Lifetime();
    const disk = new WorldStore({ database: this.#sqlite, life, isSlow: this.#options.isSlow === true });
    return { life, disk, store: new FullableStore(disk, this.#fullFor) };
  }

  #start({ life, disk, store }: Pick<RunningScheduler, 'life' | 'disk' | 'store'>, { lastSeq, live }: LoadedJobs): void {
    const clock = life.clock(this.clock);
    const scheduler = new Pool({
      policy: DEFAULT_LIFECYCLE_POLICY,
      dispatchPolicy: DEFAULT_DISPATCH_POLICY,
      statusPushIntervalMs: 0,
      maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
      store: life.nodeStore(this.#nodeStore),
      clock,
      logger: silentLogger,
      stats: new SchedulerStats(new Registry()),
      version: '1.2.3',
      ...openPoolLimits(clock),
    });
    for (const node of this.#nodeStore.nodes.values()) scheduler.restore(node);
    const { maxTextBytes, maxQueued = 1000, keepsAnswers = true, clientsReturn = false } = this.#options;
    this.texts = new TaskTexts(maxTextBytes);
    const jobs = new JobService({
      store,
      lastSeq,
      pool: scheduler,
      clock,
      logger: silentLogger,
      stats: new JobStats(new Registry(), () => store.countByStatus()),
      defaults: { timeoutMs: HOUR_MS, queueTimeoutMs: 7 * DAY_MS, busyTimeoutMs: 8000 },
      limits: { maxQueued, maxStorageBytes: 1e9 },
      retention: { keepMs: DAY_MS, leastKeepMs: 0, maxFinished: 1000, maxBytes: Infinity, keyMs: DAY_MS },
      keepsAnswers,
      clientsReturn,
      texts: this.texts,
      graceMs: DEFAULT_LIFECYCLE_POLICY.heartbeatTimeoutMs,
      defer: life.during((callback) => this.#deferred.push(callback)),
      wake: {
        send: (mac) =>
          life.outcome(() => {
            this.woken.push(mac);
            return Promise.resolve(null);
          }),
      },
      submitters: { nameOf: () => null, idsOf: (id) => [id] },
    });
    for (const job of live) jobs.restore(job);
    scheduler.attachJobs(jobs);
    jobs.start();
    const sweeper = new Sweeper({
      pool: scheduler,
      clock,
      logger: silentLogger,
      policy: DEFAULT_LIFECYCLE_POLICY,
      scanIntervalMs: 30_000,
      pushesStatus: false,
    });
    sweeper.start();
    this.#running = { life, disk, store, scheduler, sweeper, jobs };
  }
}
