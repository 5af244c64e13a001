// Accepts or refuses a submission (api §1): checks the idempotency key and the limits of queue and storage, and requires a free node when
// `wait_for_node` is false. An accepted job is durable; an interactive one is written behind (ADR 0019).
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobSubmission } from '../../../shared/api/job';
import type { RetryFault } from '../../../shared/api/job-acts';
import { canonicalJson } from '../../../shared/canonical-json';
import { MAX_TASK_BYTES } from '../../../shared/protocol/limits';
import type { Task } from '../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import { jsonOf } from '../../platform/json-in-turns';
import type { Logger } from '../../platform/logger';
import { expectedTokens } from '../dispatch/prediction/counted-tokens';
import { requestShapeOf } from '../dispatch/prediction/request-shape';
import type { JobForecasts } from './job-forecasts';
import type { JobMeter } from './job-meter';
import type { JobTable } from './job-table';
import type { JobDispatch } from './job-dispatch';
import type { NodePool } from './node-pool';
import type { JobSettings } from './job-settings';
import type { JobStats } from './job-stats';
import type { JobStore, StoreFailure } from './job-store';
import type { JobWriter } from './job-writer';
import type { RetryFailure, RetryLimits, SubmitFailure, SubmitOptions, Submitted, Submitter } from './jobs-port';
import { hasEnded, type JobRecord, newJob } from './machine/job-record';
import { fitsQueue, queueWeightOf } from './machine/queue-weight';
import { factsOf, submissionOf } from './machine/submission';
import { type TaskTexts, taskTextOf } from './task-texts';

/** The options of the job service that concern admission. */
export interface JobAdmissionSettings extends JobSettings {
  readonly store: JobStore;
  /** The highest sequence number of a job so far. */
  readonly lastSeq: number;
  readonly pool: NodePool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: JobStats;
  readonly texts: TaskTexts;
}

export interface JobAdmissionOptions extends JobAdmissionSettings {
  readonly table: JobTable;
  readonly writer: JobWriter;
  readonly dispatch: JobDispatch;
  readonly forecasts: Pick<JobForecasts, 'keep' | 'forget'>;
  readonly meter: JobMeter;
  /** Removes finished jobs now, as far as the retention allows. */
  readonly prune: () => Promise<void>;
  /** The insert failed. The callback must undo everything that was started for the job. */
  readonly onRefused: (record: JobRecord) => void;
  /** When no node took a new job, no other call sets the timer for its deadline. */
  readonly onSubmitted: () => void;
}

/** The largest range of `randomInt`. */
const MAX_SEED = 2 ** 48 - 1;
const LARGE_TASK_CHARACTERS = 256 * 1024;

interface SubmissionText {
  readonly submission: JobSubmission;
  /** As JSON. */
  readonly task: string;
}

interface SubmissionKey {
  readonly key: string;
  readonly bodyHash: string;
}

interface InFlight {
  readonly bodyHash: string;
  readonly outcome: Promise<Result<Submitted, SubmitFailure>>;
}

export class JobAdmission {
  readonly #options: JobAdmissionOptions;
  readonly #keysInFlight = new Map<string, InFlight>();
  /** By the job that is retried. */
  readonly #retriesInFlight = new Map<string, Promise<Result<Submitted, RetryFailure>>>();
  #settings: JobSettings;
  #seq: number;
  /** Hashes of prompts differ between two runs of the scheduler. */
  readonly #hashSeed = randomInt(MAX_SEED);

  constructor(options: JobAdmissionOptions) {
    this.#options = options;
    this.#settings = options;
    this.#seq = options.lastSeq;
  }

  configure(settings: JobSettings): void {
    this.#settings = settings;
  }

  nextSeq(): number {
    return ++this.#seq;
  }

  submit(submission: JobSubmission, options: SubmitOptions): Promise<Result<Submitted, SubmitFailure>> {
    const { idempotencyKey: key } = options;
    return this.#noted(key === null ? this.#written(submission, options, newJobId(), null) : this.#keyed(submission, options, key));
  }

  async #noted(submitted: Promise<Result<Submitted, SubmitFailure>>): Promise<Result<Submitted, SubmitFailure>> {
    const outcome = await submitted;
    if (!outcome.ok) this.#options.stats.refused(outcome.error.code);
    this.#options.onSubmitted();
    return outcome;
  }

  /** While the first retry is still being written, its outcome is that of a second one: a double click makes one job. */
  async retry(jobId: string, limits: RetryLimits): Promise<Result<Submitted, RetryFailure>> {
    const first = this.#retriesInFlight.get(jobId);
    if (first !== undefined) return repeated(await first);
    const outcome = this.#retry(jobId, limits);
    this.#retriesInFlight.set(jobId, outcome);
    try {
      return await outcome;
    } finally {
      this.#retriesInFlight.delete(jobId);
    }
  }

  /** The task is that of the store: the payload of a job that may be retried is kept as long as the job. */
  async #retry(jobId: string, { maxQueued, count }: RetryLimits): Promise<Result<Submitted, RetryFailure>> {
    const { table, store } = this.#options;
    const fault = (reason: RetryFault): Result<Submitted, RetryFailure> => fail({ code: 'INVALID_STATE', reason });
    if (table.get(jobId) !== undefined) return fault('not_ended');
    for (const record of table.records()) {
      const { facts, status } = record;
      if (facts.retryOf === jobId && !hasEnded(record)) return ok({ jobId: facts.jobId, status, created: false });
    }
    const job = await store.job(jobId);
    if (job === null) return fail({ code: 'NOT_FOUND' });
    if (job.state.status === 'succeeded') return fault('succeeded');
    const limit = count(job.facts.task.payloadBytes);
    if (limit !== null) return fail(limit);
    const stored = await store.task(job.facts.seq);
    if (stored === null) return fault('payload_not_kept');
    // A large task is written once more below: other requests are served in between.
    if (stored.text.length >= LARGE_TASK_CHARACTERS) await nextTurn();
    const submitter = { id: job.facts.submitter, maxQueued };
    const options = { idempotencyKey: null, interactive: false, traceId: null, submitter, retryOf: jobId };
    const submission = { submission: submissionOf(job.facts, stored.task), task: stored.text };
    return this.#noted(this.#accept(submission, options, newJobId(), null));
  }

  /** The same key and body of the same submitter yield the same job, also while the first submission is still being written. */
  async #keyed(submission: JobSubmission, options: SubmitOptions, idempotencyKey: string): Promise<Result<Submitted, SubmitFailure>> {
    const key = scopedKey(options.submitter?.id ?? null, idempotencyKey);
    const canonical = canonicalJson(options.sent ?? submission);
    const bodyHash = createHash('sha256').update(canonical).digest('base64');
    // A large task is written once more below: other requests are served in between.
    if (canonical.length >= LARGE_TASK_CHARACTERS) await nextTurn();
    const first = this.#keysInFlight.get(key);
    if (first !== undefined) {
      if (first.bodyHash !== bodyHash) return fail({ code: 'IDEMPOTENCY_KEY_REUSED' });
      return repeated(await first.outcome);
    }
    const outcome = this.#first(submission, options, { key, bodyHash });
    this.#keysInFlight.set(key, { bodyHash, outcome });
    try {
      return await outcome;
    } finally {
      this.#keysInFlight.delete(key);
    }
  }

  /** The job that the key already has, or a new one. */
  async #first(submission: JobSubmission, options: SubmitOptions, key: SubmissionKey): Promise<Result<Submitted, SubmitFailure>> {
    const { store, clock } = this.#options;
    const known = await store.keyed(key.key, clock.wallMs() - this.#settings.retention.keyMs);
    if (known === null) return this.#written(submission, options, newJobId(), key);
    if (known.bodyHash !== key.bodyHash) return fail({ code: 'IDEMPOTENCY_KEY_REUSED' });
    return ok({ jobId: known.jobId, status: known.status, created: false });
  }

  /** The task is written as JSON once. */
  async #written(
    submission: JobSubmission,
    options: SubmitOptions,
    jobId: string,
    key: SubmissionKey | null,
  ): Promise<Result<Submitted, SubmitFailure>> {
    const task = options.taskText ?? (await jsonOf(submission.task));
    return this.#accept({ submission, task }, options, jobId, key);
  }

  async #accept(
    { submission, task }: SubmissionText,
    { interactive, traceId, submitter = NO_KEY, sessionKey = null, retryOf, follower, wasAccepted = false }: SubmitOptions,
    jobId: string,
    key: SubmissionKey | null,
  ): Promise<Result<Submitted, SubmitFailure>> {
    const { table, writer, dispatch, forecasts, meter, pool, texts, onRefused, logger } = this.#options;
    const payloadBytes = Buffer.byteLength(task);
    const refusal = await this.#refusal(payloadBytes);
    if (refusal !== null) return fail(refusal);
    const identity = {
      jobId,
      seq: this.nextSeq(),
      traceId: traceId ?? randomUUID(),
      interactive,
      payloadBytes,
      submitter: submitter.id,
      retryOf,
      follower,
    };
    const facts = factsOf(submission, identity, this.#settings.defaults);
    const fullness = submission.wait_for_node && !wasAccepted ? this.#fullness(submitter, queueWeightOf(facts.requirements)) : null;
    // The refused job does not change the exclusion counts.
    if (fullness !== null && dispatch.hasUnserved(facts)) return fail(fullness);
    const shape = requestShapeOf(submission.task, submitter.id ?? '', sessionKey, this.#hashSeed);
    if (wasAccepted) meter.restored(jobId, submitter.id);
    const reached = wasAccepted ? null : meter.reserve(jobId, submitter.id, () => expectedTokens(shape));
    if (reached !== null) return fail({ code: 'LIMIT_REACHED', ...reached });
    pool.dispatcher.noteAsked(facts.requirements.requiredModels);
    const record = newJob(facts, pool.now());
    table.add(record);
    forecasts.keep(jobId, shape);
    if (submission.wait_for_node && fullness === null) dispatch.queued(facts);
    else {
      // A job that a node takes at once is not in the queue, so a full queue does not keep idle nodes from work.
      const { reasons } = dispatch.tryNow(facts, false);
      if (reasons !== null) {
        this.#drop(jobId);
        return fail(fullness ?? { code: 'NO_AVAILABLE_NODE', reasons });
      }
    }
    texts.keep(jobId, taskTextOf(submission.task, task));
    logger.log('info', 'job_submitted', {
      job_id: jobId,
      kind: facts.task.kind,
      model: facts.task.model,
      payload_bytes: payloadBytes,
      trace_id: facts.traceId,
      ...traceOf(submission.task),
    });
    const isWrittenBehind = interactive && key === null && writer.canWriteBehind;
    if (isWrittenBehind) writer.insertBehind(record, task);
    const outcome = isWrittenBehind ? ok(null) : await writer.insert(record, task, key);
    if (outcome.ok) return ok({ jobId, status: table.get(jobId)?.status ?? 'queued', created: true });
    texts.forget(jobId);
    const dropped = table.drop(jobId);
    if (dropped !== undefined) onRefused(dropped);
    return fail(storageFull(outcome.error));
  }

  #drop(jobId: string): void {
    const { table, forecasts, dispatch, meter } = this.#options;
    table.drop(jobId);
    meter.ended(jobId, 0);
    forecasts.forget(jobId);
    dispatch.forget(jobId);
  }

  /** Why the queue takes no further job of the submitter. Null: it does. */
  #fullness({ id, maxQueued }: Submitter, weight: number): SubmitFailure | null {
    const { maxQueued: limit } = this.#settings.limits;
    const [queued, own] = [this.#options.table.queueWeight, this.#options.table.queueWeightOf(id)];
    if (!fitsQueue(queued, weight, limit)) return { code: 'QUEUE_FULL', limit, queued };
    if (maxQueued === null || fitsQueue(own, weight, maxQueued)) return null;
    return { code: 'LIMIT_REACHED', limit: 'queued', max: maxQueued, found: own };
  }

  async #refusal(payloadBytes: number): Promise<SubmitFailure | null> {
    const { store, prune } = this.#options;
    const { limits } = this.#settings;
    if (payloadBytes > MAX_TASK_BYTES) return { code: 'PAYLOAD_TOO_LARGE', payloadBytes, limitBytes: MAX_TASK_BYTES };
    const isOverBudget = (): boolean => store.usedBytes() + payloadBytes > limits.maxStorageBytes;
    if (!isOverBudget()) return null;
    await prune();
    if (!isOverBudget()) return null;
    return { code: 'STORAGE_FULL', details: { reason: 'budget', used_bytes: store.usedBytes(), limit_bytes: limits.maxStorageBytes } };
  }
}

/** The id of the client's trace (W3C Trace Context), which the model server gets too. */
function traceOf(task: Task): { readonly trace?: string } {
  const [, trace] = (task.kind === 'openai' ? task.headers?.traceparent : undefined)?.split('-') ?? [];
  return trace === undefined ? {} : { trace };
}

const NO_KEY: Submitter = { id: null, maxQueued: null };

/** Two submitters may use the same key. A key has no spaces. */
const scopedKey = (submitter: string | null, key: string): string => (submitter === null ? key : `${submitter} ${key}`);

/** The outcome for a caller that waited for the submission of another. */
const repeated = <Failure>(outcome: Result<Submitted, Failure>): Result<Submitted, Failure> =>
  outcome.ok ? ok({ ...outcome.value, created: false }) : outcome;

const newJobId = (): string => `job-${randomUUID()}`;

const storageFull = ({ isFull, reason }: StoreFailure): SubmitFailure => ({
  code: 'STORAGE_FULL',
  details: { reason: isFull ? 'disk' : 'write_failed', error: reason },
});
