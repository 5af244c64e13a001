// The chunks of the live attempts: checked, counted, and passed on to the subscribers. Where the client waits at a replica, the replica of the
// node checks them and passes them on, and counts alone arrive here.
import type { JobError, RowProgress } from '../../../shared/api/job';
import { generatesText } from '../../../shared/protocol/task-kinds';
import { hasToken } from '../../../shared/protocol/token-events';
import type { Logger } from '../../platform/logger';
import { ChunkStreams, type HeldStream, tooLargeError } from './chunk-streams';
import type { JobForecasts } from './job-forecasts';
import type { JobSubscribers } from './job-subscribers';
import type { JobTable } from './job-table';
import { answerBytesOf } from './machine/answer-bytes';
import { unreadable } from './machine/attempt-result';
import { type Attempt, type JobRecord, liveAttempt } from './machine/job-record';
import type { Chunk, SeenChunks } from './machine/stream-check';
import type { NodePool } from './node-pool';
import type { AttemptChunk, PassedChunks } from './pool-listener';

export interface AttemptChunksOptions {
  readonly table: JobTable;
  readonly pool: Pick<NodePool, 'now'>;
  readonly subscribers: JobSubscribers;
  readonly logger: Logger;
  readonly forecasts: Pick<JobForecasts, 'firstToken' | 'answered'>;
}

/** The node must stop the attempt. */
type StopAttempt = (record: JobRecord, nodeId: string, attempt: number, reason: 'unreadable_output') => void;

export class AttemptChunks {
  readonly #options: AttemptChunksOptions;
  readonly #stop: StopAttempt;
  readonly #streams = new ChunkStreams();

  constructor(options: AttemptChunksOptions, stop: StopAttempt) {
    this.#options = options;
    this.#stop = stop;
  }

  readonly progressOf = (jobId: string): RowProgress | null => this.#streams.progressOf(jobId, this.#nowMonotonicMs());

  seen(jobId: string, attempt: number): SeenChunks {
    return this.#streams.seen(jobId, attempt);
  }

  /** The attempt has ended. */
  forget(jobId: string): void {
    this.#streams.forget(jobId);
  }

  /** The client has a part of the stream of this attempt, from an earlier scheduler. */
  begun(jobId: string, attempt: number): void {
    const record = this.#options.table.get(jobId);
    if (record !== undefined && liveAttempt(record)?.attempt === attempt) this.#streams.begun(jobId, attempt, this.#nowMonotonicMs());
  }

  take(nodeId: string, chunk: AttemptChunk): void {
    const { jobId, attempt } = chunk;
    const live = this.#liveOn(nodeId, chunk);
    if (live === null) return;
    const { facts } = live.record;
    // The subscribers of a stored job read the chunks of its node themselves.
    const path = facts.interactive ? facts.task.path : null;
    const { pass, tooLarge } = this.#streams.take(path, chunk, this.#nowMonotonicMs());
    if (pass === null) this.#refuse(live.record, live.attempt, unreadable('chunk'));
    else {
      this.#measure(live.record, nodeId, startsAnswer(facts.task.path, chunk.data), answerBytesOf(chunk.data));
      for (const next of pass) this.#passOn(jobId, nodeId, attempt, next);
    }
    if (tooLarge !== null) this.#refuseTooLarge(tooLarge);
  }

  /** A replica has passed on these chunks of the attempt. */
  passed(nodeId: string, passed: PassedChunks): void {
    const live = this.#liveOn(nodeId, passed);
    if (live === null) return;
    this.#streams.count(passed.jobId, passed.attempt, passed.count, this.#nowMonotonicMs());
    this.#measure(live.record, nodeId, passed.hasToken, passed.bytes);
  }

  /** The replica of the node has found that the node does not send a stream of the path. */
  refused(nodeId: string, key: Pick<AttemptChunk, 'jobId' | 'attempt'>, error: JobError): void {
    const live = this.#liveOn(nodeId, key);
    if (live !== null) this.#refuse(live.record, live.attempt, error);
  }

  #nowMonotonicMs(): number {
    return this.#options.pool.now().monotonicMs;
  }

  /** Null: another attempt is the live one. */
  #liveOn(nodeId: string, { jobId, attempt }: Pick<AttemptChunk, 'jobId' | 'attempt'>) {
    const record = this.#options.table.get(jobId);
    const live = record === undefined ? null : liveAttempt(record);
    return record !== undefined && live?.attempt === attempt && live.nodeId === nodeId ? { record, attempt: live } : null;
  }

  #measure(record: JobRecord, nodeId: string, hasAnswerBegun: boolean, bytes: number): void {
    const { forecasts } = this.#options;
    const { jobId } = record.facts;
    if (hasAnswerBegun) forecasts.firstToken(jobId, nodeId, requestedAtMonotonicMs(record));
    forecasts.answered(jobId, nodeId, bytes);
  }

  /** The stream can be that of another job. It has a live attempt, because the stream of an ended attempt is forgotten. */
  #refuseTooLarge(held: HeldStream): void {
    const record = this.#options.table.get(held.jobId);
    const live = record === undefined ? null : liveAttempt(record);
    if (record !== undefined && live !== null) this.#refuse(record, live, tooLargeError(held));
  }

  #passOn(jobId: string, nodeId: string, attempt: number, { seq, data }: Chunk): void {
    const { subscribers, logger } = this.#options;
    const missing = subscribers.chunk(jobId, attempt, seq, data);
    if (missing > 0) logger.log('warn', 'job_chunks_missing', { job_id: jobId, node_id: nodeId, attempt, seq, missing });
  }

  /** Its attempt has failed, and the node must stop it. */
  #refuse(record: JobRecord, { attempt, nodeId }: Attempt, error: JobError): void {
    this.#options.table.apply(record.facts.jobId, { type: 'result', attempt, nodeId, error, retryable: true });
    this.#stop(record, nodeId, attempt, 'unreadable_output');
  }
}

const requestedAtMonotonicMs = ({ facts, createdAt }: JobRecord): number | null => (facts.interactive ? createdAt.monotonicMs : null);

/** A chat begins with an event that has only a role: the model has not processed the prompt then. */
export const startsAnswer = (path: string | null, data: unknown): boolean => path === null || !generatesText(path) || hasToken(data);
