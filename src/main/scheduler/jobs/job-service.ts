// Joins the parts of job handling, for API routes (`JobsPort`) and the pool (`PoolListener`). The job machine and job dispatch decide.
import { type CancelReason, DEFAULT_NODE_LIMIT, type JobResultView, type JobView, type OpenJobCounts } from '../../../shared/api/job';
import { assertNever } from '../../../shared/assert-never';
import { fail, ok, type Result } from '../../../shared/result';
import { JobCounts } from './job-counts';
import { JobForecasts } from './job-forecasts';
import { type JobMeter, NO_METER } from './job-meter';
import { JobTable } from './job-table';
import { JobDispatch } from './job-dispatch';
import { JobSubscribers } from './job-subscribers';
import { JobAdmission, type JobAdmissionSettings } from './job-admission';
import type { JobSettings } from './job-settings';
import { JobPruning } from './job-pruning';
import { JobReader } from './job-reader';
import { JobRestart, type RestartSettings } from './job-restart';
import { type Rounds, waitingRounds } from './waiting-rounds';
import type { WakeSender } from '../nodes/wake-sender';
import { JobTimer } from './job-timer';
import type { JobUsage } from './job-usage';
import { finishedFields } from './machine/job-view';
import { JobWriter } from './job-writer';
import type { PendingChange } from './unwritten-changes';
import type { CancelFailure, JobsPort, SubmitterNames } from './jobs-port';
import { DEFAULT_JOB_POLICY, type JobEffect } from './machine/job-events';
import { hasEnded, isWaiting, type JobRecord, liveAttempt, waitingFacts } from './machine/job-record';
import type { StoredJob } from './machine/stored-job';
import { Assignments, type AssignmentsOptions } from './assignments';
import type { PoolListener } from './pool-listener';

export interface JobServiceOptions extends JobAdmissionSettings, RestartSettings, Pick<AssignmentsOptions, 'mayAssign'> {
  /** Default: this pool wakes no node. */
  readonly wake?: WakeSender;
  /** Calls back at the end of this turn of the event loop. */
  readonly defer: (callback: () => void) => void;
  readonly submitters: SubmitterNames;
  /** Default: use is not counted. */
  readonly usage?: JobUsage;
  /** Default: keys have no limits for their requests. */
  readonly meter?: JobMeter;
}

export class JobService implements JobsPort, PoolListener {
  /** Handles messages of nodes about their jobs, and events of nodes. */
  readonly nodes: Assignments;
  /** For clients whose connections replicas hold. */
  readonly restart: JobRestart;
  readonly submitterOf: JobsPort['submitterOf'] = (jobId) => this.#reader.submitterOf(jobId);
  readonly get: JobsPort['get'] = (jobId, nodeLimit = DEFAULT_NODE_LIMIT) => this.#reader.get(jobId, nodeLimit);
  readonly read: JobsPort['read'] = (jobId, nodeLimit = DEFAULT_NODE_LIMIT) => this.#reader.read(jobId, nodeLimit);
  readonly getWithoutOutput: JobsPort['getWithoutOutput'] = (jobId, limit = DEFAULT_NODE_LIMIT) =>
    this.#reader.getWithoutOutput(jobId, limit);
  readonly submit: JobsPort['submit'] = (submission, options) => this.#admission.submit(submission, options);
  readonly retry: JobsPort['retry'] = (jobId, limits) => this.#admission.retry(jobId, limits);
  readonly list: JobsPort['list'] = (page) => this.#reader.list(page);
  readonly failures: JobsPort['failures'] = (query) => this.#reader.failures(query);
  readonly resultBytes: JobsPort['resultBytes'] = (jobId) => this.#options.store.resultBytes(jobId);
  readonly tokensPerSecondOf = (nodeId: string) =>
    this.#options.stats.nodeOutput.tokensPerSecond(nodeId, this.#options.clock.monotonicMs());
  readonly #options: JobServiceOptions;
  readonly #table: JobTable;
  readonly #writer: JobWriter;
  readonly #dispatch: JobDispatch;
  readonly #admission: JobAdmission;
  readonly #reader: JobReader;
  readonly #subscribers = new JobSubscribers();
  readonly #timer: JobTimer;
  readonly #pruning: JobPruning;
  readonly #rounds: readonly Rounds[];
  readonly #counts: JobCounts;

  constructor(options: JobServiceOptions) {
    this.#options = options;
    const { pool, clock, logger, stats, meter = NO_METER } = options;
    this.#pruning = new JobPruning(options);
    this.#writer = new JobWriter({
      ...options,
      onDurable: (changes) => {
        this.#durable(changes);
      },
      onRecovered: () => {
        this.#dispatch.tryAllNodes();
      },
    });
    const perform = this.#perform.bind(this);
    const onCounts = pool.jobsCounted.bind(pool);
    const policy = { ...DEFAULT_JOB_POLICY, defaultTimeoutMs: options.defaults.timeoutMs };
    const table = new JobTable({ writer: this.#writer, now: () => pool.now(), policy, perform, onCounts });
    this.#table = table;
    this.#timer = new JobTimer(table, clock, {
      exclusionTally: (job) => pool.dispatcher.exclusionTally(job),
      isUnsent: (jobId, attempt) => this.nodes.isUnsent(jobId, attempt),
      maxGraceMs: options.graceMs,
    });
    this.#rounds = waitingRounds({ table, pool, wake: options.wake ?? null, clock, logger });
    this.#reader = new JobReader({
      ...options,
      table,
      writer: this.#writer,
      heldUntil: (jobId) => this.#dispatch.heldUntil(jobId),
      progressOf: (jobId) => this.nodes.chunks.progressOf(jobId),
    });
    const forecasts = new JobForecasts({ pool, stats, monotonicMs: () => clock.monotonicMs() });
    this.#counts = new JobCounts({ stats, forecasts, usage: options.usage, meter });
    this.#dispatch = new JobDispatch({
      table,
      pool,
      forecasts,
      stats,
      logger,
      clock,
      isStorageFailing: () => this.#writer.isFailing,
      defer: options.defer,
    });
    this.nodes = new Assignments({ ...options, table, writer: this.#writer, subscribers: this.#subscribers, forecasts });
    const [nextSeq, onEntered] = [() => this.#admission.nextSeq(), this.#timer.update.bind(this.#timer)];
    this.restart = new JobRestart({ ...options, table, nodes: this.nodes, writer: this.#writer, meter, nextSeq, onEntered });
    this.#admission = new JobAdmission({
      ...options,
      table,
      writer: this.#writer,
      dispatch: this.#dispatch,
      forecasts,
      meter,
      prune: () => this.#pruning.now(),
      onRefused: (record) => {
        this.#refused(record);
      },
      onSubmitted: onEntered,
    });
  }

  configure(settings: JobSettings): void {
    this.#admission.configure(settings);
    this.#pruning.configure(settings.retention);
    this.#writer.configure(settings);
  }

  /** Whether a job waits for a node. If not, no event of a node can help. */
  get isWaiting(): boolean {
    return this.#table.waiting.size > 0;
  }

  get counts(): OpenJobCounts {
    return this.#table.counts;
  }

  /** How long the oldest queued job has waited. Null: no job is queued. */
  get oldestWaitMs(): number | null {
    return this.#table.oldestWaitMs();
  }

  /** Adds a stored job, after the nodes are restored. */
  restore(job: StoredJob): void {
    this.restart.restore(job);
  }

  start(): void {
    this.restart.start();
    this.#timer.update();
    for (const rounds of this.#rounds) rounds.start();
  }

  async cancel(jobId: string, reason: CancelReason): Promise<Result<JobView, CancelFailure>> {
    const passing = this.restart.enterWithReports(jobId);
    if (passing !== null && !(await passing)) return fail('storage_full');
    const record = this.#table.get(jobId);
    this.#subscribers.take(jobId);
    if (record === undefined) return fail((await this.#options.store.job(jobId)) === null ? 'not_found' : 'already_ended');
    if (hasEnded(record)) return fail(this.#writer.isFailing ? 'storage_full' : 'already_ended');
    // An operator can repeat the request. A disconnected client cannot, so its job is cancelled in any case.
    if (reason === 'requested' && this.#writer.isFailing) return fail('storage_full');
    this.#table.apply(jobId, { type: 'cancel_requested', reason });
    // The view is read before the wait: when a stop of the scheduler ends the wait, the store is closed.
    const cancelled = this.#table.get(jobId);
    if (cancelled === undefined) return fail('not_found');
    const view = this.#reader.viewOf(cancelled, DEFAULT_NODE_LIMIT);
    return (await this.#writer.isDurableSoon(jobId)) ? ok(view) : fail('storage_full');
  }

  follow(jobId: string, listener: Parameters<JobsPort['follow']>[1]): (() => void) | null {
    const waiting = this.restart.enter(jobId);
    const ended = this.#subscribers.take(jobId) ?? this.#reader.endBeforeWrite(jobId);
    if (ended !== null) {
      listener({ type: 'job', job: ended });
      return () => undefined;
    }
    const record = this.#table.get(jobId);
    if (record === undefined) return null;
    const stop = this.#subscribers.add(jobId, liveAttempt(record)?.attempt ?? null, listener);
    // The event of an ended job is sent when its end is durable.
    if (!hasEnded(record)) listener({ type: 'job', job: this.#reader.subscriberViewOf(record, null) });
    if (waiting !== null) this.nodes.late.passInTurns(waiting);
    return stop;
  }

  /** The node may be able to take a job that it could not take before. */
  tryNode(nodeId: string): void {
    this.#dispatch.tryNode(nodeId);
  }

  stopHoldingFor(nodeId: string): void {
    this.#dispatch.stopHoldingFor(nodeId);
  }

  liveOn(nodeId: string, modelId?: string): number {
    return this.#table.countOn(nodeId, modelId);
  }

  /** Resolves when pending changes were written and their effects performed: nodes have got their messages. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /** Writes pending changes. No other method may be called afterwards. */
  async stop(): Promise<void> {
    this.#timer.stop();
    this.#dispatch.stop();
    this.restart.stop();
    this.nodes.end();
    for (const rounds of this.#rounds) rounds.stop();
    await Promise.all([this.#pruning.stop(), this.#writer.close()]);
  }

  #perform(record: JobRecord, effects: readonly JobEffect[], result: JobResultView | null): void {
    const { jobId, interactive } = record.facts;
    const { pool, stats, texts } = this.#options;
    // The client waits neither for the disk nor for the next job of its node.
    if (interactive && hasEnded(record)) this.#endSubscribers(record, result);
    for (const effect of effects) {
      switch (effect.type) {
        case 'send_assign':
          stats.waited(pool.now().monotonicMs - record.queuedAt.monotonicMs);
          this.nodes.assign(record, effect.nodeId, effect.attempt);
          break;
        case 'cancel_on_node':
          this.nodes.stop(record, effect.nodeId, effect.attempt, effect.reason);
          break;
        case 'slot_freed': {
          this.#counts.attemptEnded(record);
          this.nodes.chunks.forget(jobId);
          pool.apply(effect.nodeId, { type: 'job_released', jobId, modelId: record.facts.task.model, verdict: effect.verdict });
          break;
        }
        case 'not_confirmed':
          pool.apply(effect.nodeId, { type: 'attempt_failed', jobId, modelId: record.facts.task.model, error: effect.error });
          break;
        case 'excused':
          pool.apply(effect.nodeId, { type: 'failure_excused', modelId: record.facts.task.model });
          break;
        case 'finished':
          this.#counts.jobEnded(record);
          texts.forget(jobId);
          this.#dispatch.forget(jobId);
          this.#options.logger.log('info', 'job_finished', finishedFields(record));
          break;
        // The caller of `apply` handles these.
        case 'stale':
        case 'already_ended':
          break;
        default:
          assertNever(effect);
      }
    }
    if (!hasEnded(record)) this.#notifySubscribers(record);
    const now = this.#table.get(jobId);
    if (now === record && isWaiting(record)) this.#dispatch.queued(waitingFacts(record));
    this.#timer.update();
  }

  #notifySubscribers(record: JobRecord): void {
    if (this.#subscribers.has(record.facts.jobId))
      this.#subscribers.changed(record.facts.jobId, { type: 'job', job: this.#reader.subscriberViewOf(record, null) });
  }

  #endSubscribers(record: JobRecord, result: JobResultView | null): void {
    const { jobId, interactive } = record.facts;
    // The answer of an interactive job is not stored.
    const isKept = interactive && result !== null;
    this.#subscribers.end(jobId, () => this.#reader.subscriberViewOf(record, result), isKept);
  }

  /** Ended jobs leave the table when their end is durable. Then subscribers get their last event, unless they have it. */
  #durable(changes: readonly PendingChange[]): void {
    for (const { record, result } of changes) {
      if (!hasEnded(record)) continue;
      this.#table.forgetEnded(record);
      if (!record.facts.interactive) this.#endSubscribers(record, result);
    }
  }

  #refused(record: JobRecord): void {
    const { jobId } = record.facts;
    this.nodes.unassign(jobId);
    this.#counts.refused(jobId);
    this.#dispatch.forget(jobId);
    const last = record.attempts.at(-1);
    const { model: modelId } = record.facts.task;
    if (last?.outcome === null) this.#options.pool.apply(last.nodeId, { type: 'job_released', jobId, modelId, verdict: { kind: 'none' } });
  }
}
