// A whole scheduler with jobs, scripted nodes and a disk, in memory. A test can lose, delay and repeat events. It can kill the
// scheduler and restart it on the same disk. The invariants of jobs are checked after every step.
import { DatabaseSync } from 'node:sqlite';
import { Registry } from 'prom-client';
import { JobService } from '../../src/main/scheduler/jobs/job-service';
import { JobStats } from '../../src/main/scheduler/jobs/job-stats';
import type { JobBatch } from '../../src/main/scheduler/jobs/job-store';
import { SqliteJobStore } from '../../src/main/scheduler/jobs/sqlite-job-store';
import { TaskTexts } from '../../src/main/scheduler/jobs/task-texts';
import { NodeSession } from '../../src/main/scheduler/node-socket/node-session';
import { Pool } from '../../src/main/scheduler/pool/pool';
import { SchedulerStats } from '../../src/main/scheduler/nodes/scheduler-stats';
import { Sweeper } from '../../src/main/scheduler/pool/sweeper';
import { JOB_DATABASE } from '../../src/main/scheduler/database/migrations';
import { DEFAULT_DISPATCH_POLICY } from '../../src/main/scheduler/dispatch/policy';
import { DEFAULT_LIFECYCLE_POLICY } from '../../src/main/scheduler/lifecycle/policy';
import { silentLogger } from '../../src/main/platform/logger';
import { type JobEvent, jobSubmissionSchema, type JobView } from '../../src/shared/api/job';
import { fail } from '../../src/shared/result';
import { chatTask } from './job-pool';
import { JobInvariants } from './job-invariants';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../src/shared/protocol/limits';
import { ManualClock } from './manual-clock';
import { MemoryNodeStore } from './memory-node-store';
import { ScriptedNode } from './scripted-node';
import { openPoolLimits } from './open-limits';

export const NODE_IDS = ['node-a', 'node-b', 'node-c'] as const;
const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

export interface SubmitChange {
  readonly priority?: number;
  readonly model?: string;
  /** The message to the model. */
  readonly content?: string;
  readonly maxAttempts?: number;
  readonly nodeId?: string;
  readonly timeoutSeconds?: number;
  readonly totalTimeoutSeconds?: number;
  readonly key?: string;
  readonly waitForNode?: boolean;
  /** A client waits for the job on a connection. */
  readonly interactive?: boolean;
}

/** The writes that do not fit on the disk. */
export type Fullness = 'nothing' | 'results' | 'everything';

/** The store of a disk that can be full. */
class FullableStore extends SqliteJobStore {
  fullFor: Fullness = 'nothing';
  /** The last batch was refused. */
  isFailing = false;

  override commit(batch: JobBatch): ReturnType<SqliteJobStore['commit']> {
    const hasResult = batch.changes.some(({ result }) => result !== null);
    this.isFailing = this.fullFor === 'everything' || (this.fullFor === 'results' && hasResult);
    return this.isFailing ? fail({ isFull: true, reason: 'disk full' }) : super.commit(batch);
  }
}

export interface JobWorldOptions {
  readonly maxTextBytes?: number;
  readonly maxQueued?: number;
  readonly keepsAnswers?: boolean;
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
  readonly #maxTextBytes: number | undefined;
  readonly #maxQueued: number;
  readonly #keepsAnswers: boolean;
  readonly #database = new DatabaseSync(':memory:');
  readonly #nodeStore = new MemoryNodeStore();
  #deferred: (() => void)[] = [];
  #fullFor: Fullness = 'nothing';
  #running!: { readonly scheduler: Pool; readonly sweeper: Sweeper; readonly jobs: JobService; readonly store: FullableStore };

  /** `maxTextBytes`: the limit of the tasks that the scheduler holds as text. With `keepsAnswers`, the invariants compare all results. */
  constructor({ maxTextBytes, maxQueued = 1000, keepsAnswers = true }: JobWorldOptions = {}) {
    this.#maxTextBytes = maxTextBytes;
    this.#maxQueued = maxQueued;
    this.#keepsAnswers = keepsAnswers;
    this.texts = new TaskTexts(maxTextBytes);
    for (const sql of JOB_DATABASE.migrations) this.#database.exec(sql);
    this.invariants = new JobInvariants(this);
    for (const nodeId of NODE_IDS) this.nodes.set(nodeId, new ScriptedNode(nodeId, this));
    this.#start();
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

  openSession(link: ConstructorParameters<typeof NodeSession>[1]): NodeSession {
    return new NodeSession(
      { pool: this.scheduler, members: null, liveness: this.#running.sweeper, stats: new SchedulerStats(new Registry()) },
      link,
    );
  }

  async submit(change: SubmitChange): Promise<void> {
    const { priority, model, content, maxAttempts, nodeId, timeoutSeconds, totalTimeoutSeconds, key, waitForNode } = change;
    const { interactive = false } = change;
    const submission = jobSubmissionSchema.parse({
      task: chatTask(content, model),
      priority,
      max_attempts: maxAttempts,
      node_id: nodeId,
      timeout_seconds: timeoutSeconds,
      total_timeout_seconds: totalTimeoutSeconds,
      wait_for_node: waitForNode,
    });
    const pending = this.jobs.submit(submission, { idempotencyKey: key ?? null, interactive, traceId: null });
    const { jobs } = this;
    void pending.then((outcome) => {
      if (jobs !== this.jobs || !outcome.ok) return;
      const { jobId } = outcome.value;
      this.accepted.push(jobId);
      if (interactive) this.#follow(jobId);
      this.invariants.submitted(jobId, key ?? null, maxAttempts ?? 3);
    });
    await this.settle(false);
  }

  #follow(jobId: string): void {
    const events: JobEvent[] = [];
    this.clients.set(jobId, events);
    this.jobs.follow(jobId, (event) => events.push(event));
  }

  /** Ends the turn of the event loop: collected changes are written. */
  async flush(): Promise<void> {
    const callbacks = this.#deferred;
    this.#deferred = [];
    for (const callback of callbacks) callback();
    await this.settle(false);
  }

  advance(ms: number): void {
    this.clock.advance(ms);
  }

  setFull(fullFor: Fullness): void {
    this.#fullFor = fullFor;
    this.#running.store.fullFor = fullFor;
  }

  /** kill -9: unwritten changes and every connection are lost. The scheduler is back after `awayMs` of wall time. */
  crash(awayMs = 0): void {
    this.invariants.crashing();
    this.clock.sleep(awayMs);
    this.#deferred = [];
    this.#running.sweeper.stop();
    this.clock.cancelAll();
    for (const node of this.nodes.values()) node.lostConnection();
    this.clients.clear();
    this.#start();
    this.invariants.restarted();
  }

  view(jobId: string): JobView | null {
    return this.jobs.get(jobId);
  }

  /** Settles pending promises; with `flush`, also pending writes. */
  async settle(flush = true): Promise<void> {
    for (let i = 0; i < 5; i++) await Promise.resolve();
    if (!flush) return;
    while (this.#deferred.length > 0) await this.flush();
  }

  #start(): void {
    const { clock } = this;
    const scheduler = new Pool({
      policy: DEFAULT_LIFECYCLE_POLICY,
      dispatchPolicy: DEFAULT_DISPATCH_POLICY,
      statusPushIntervalMs: 0,
      maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
      store: this.#nodeStore,
      clock,
      logger: silentLogger,
      stats: new SchedulerStats(new Registry()),
      version: '1.2.3',
      ...openPoolLimits(clock),
    });
    for (const node of this.#nodeStore.nodes.values()) scheduler.restore(node);
    const store = new FullableStore(this.#database);
    store.fullFor = this.#fullFor;
    this.texts = new TaskTexts(this.#maxTextBytes);
    const jobs = new JobService({
      store,
      lastSeq: store.lastSeq(),
      pool: scheduler,
      clock,
      logger: silentLogger,
      stats: new JobStats(new Registry(), () => store.countByStatus()),
      defaults: { timeoutMs: HOUR_MS, queueTimeoutMs: 7 * DAY_MS, busyTimeoutMs: 8000 },
      limits: { maxQueued: this.#maxQueued, maxStorageBytes: 1e9 },
      retention: { keepMs: DAY_MS, leastKeepMs: 0, maxFinished: 1000, maxBytes: Infinity, keyMs: DAY_MS },
      keepsAnswers: this.#keepsAnswers,
      texts: this.texts,
      graceMs: DEFAULT_LIFECYCLE_POLICY.heartbeatTimeoutMs,
      defer: (callback) => this.#deferred.push(callback),
      wake: { send: (mac) => (this.woken.push(mac), Promise.resolve(null)) },
      submitters: { nameOf: () => null, idsOf: (id) => [id] },
    });
    store.postponeAbsence(clock.wallMs());
    jobs.restore(store.live());
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
    this.#running = { scheduler, sweeper, jobs, store };
  }
}
