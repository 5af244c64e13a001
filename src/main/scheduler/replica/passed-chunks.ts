// Passes the chunks of the nodes of this replica to the replicas whose clients wait, in a stream for each attempt, and checks them on the way
// (ADR 0018). The leader gets counts, and learns of streams that are refused.
import type { JobError } from '../../../shared/api/job';
import type { Clock, Timer } from '../../platform/clock';
import type { Bus } from '../cluster/bus/bus';
import type { LeaderLink } from '../cluster/channel/leader-link';
import { startsAnswer } from '../jobs/attempt-chunks';
import { ChunkStreams, tooLargeError } from '../jobs/chunk-streams';
import { answerBytesOf } from '../jobs/machine/answer-bytes';
import { unreadable } from '../jobs/machine/attempt-result';
import type { SeenChunks } from '../jobs/machine/stream-check';
import { ChunkStream } from './chunk-stream';
import { CHUNKS_PASSED, CHUNKS_REFUSED, chunkStreamOf } from './core/answer-records';
import type { AssignedAttempt, AttemptKey, JobChunk, ReplicaChunks } from './replica-chunks';

/** Interval of the counts for the leader. */
const COUNT_MS = 500;

export interface PassedChunksOptions {
  readonly link: LeaderLink;
  readonly bus: Bus;
  readonly clock: Clock;
}

interface Passing {
  readonly nodeId: string;
  readonly attempt: number;
  readonly path: string | null;
  readonly stream: ChunkStream;
  /** The next chunk that was not taken before. */
  nextSeq: number;
  /** Of the text since the last counts. */
  bytes: number;
  hasToken: boolean;
  /** The leader knows the present counts. */
  isCounted: boolean;
  /** The result was forwarded. */
  isOver: boolean;
}

export class PassedChunks implements ReplicaChunks {
  readonly #options: PassedChunksOptions;
  readonly #checks = new ChunkStreams();
  /** By job: its newest attempt on a node of this replica. */
  readonly #passing = new Map<string, Passing>();
  #timer: Timer | null = null;

  constructor(options: PassedChunksOptions) {
    this.#options = options;
    options.link.onChannel(() => {
      for (const [, passing] of this.#passing) passing.isCounted = false;
      this.#countLater();
    });
  }

  /** Number of attempts whose chunks are passed on. */
  get size(): number {
    return this.#passing.size;
  }

  assigned(nodeId: string, { jobId, attempt, path, follower }: AssignedAttempt): void {
    const before = this.#passing.get(jobId);
    if (before !== undefined && before.attempt >= attempt) return;
    if (before !== undefined) this.#forget(jobId, before, 'replaced');
    if (follower === null) return;
    const { bus, clock } = this.#options;
    const stream = new ChunkStream(bus, clock, chunkStreamOf(jobId, attempt));
    const passing = { nodeId, attempt, path, stream, nextSeq: 0, bytes: 0, hasToken: false, isCounted: true, isOver: false };
    this.#passing.set(jobId, passing);
    // The client has left, or its replica was lost. The leader decides about the job.
    void stream.ended.then(() => {
      if (!passing.isOver && this.#passing.get(jobId) === passing) this.#forget(jobId, passing, 'ended');
    });
  }

  take(nodeId: string, { job_id: jobId, attempt, seq, data }: JobChunk): boolean {
    const passing = this.#passing.get(jobId);
    if (passing?.nodeId !== nodeId || passing.attempt !== attempt) return false;
    // A node repeats its chunks after a registration.
    if (passing.isOver || seq < passing.nextSeq) return true;
    passing.nextSeq = seq + 1;
    const { pass, tooLarge } = this.#checks.take(passing.path, { jobId, attempt, seq, data }, this.#options.clock.monotonicMs());
    if (pass === null) this.#refuse(jobId, unreadable('chunk'));
    else {
      for (const chunk of pass) passing.stream.write(chunk);
      this.#measure(passing, data, pass.length > 0);
    }
    if (tooLarge !== null) this.#refuse(tooLarge.jobId, tooLargeError(tooLarge));
    return true;
  }

  seen(nodeId: string, { jobId, attempt }: AttemptKey): SeenChunks | null {
    const passing = this.#passing.get(jobId);
    if (passing?.nodeId !== nodeId || passing.attempt !== attempt) return null;
    if (!passing.isOver) {
      this.#tellCounts();
      passing.isOver = true;
      passing.stream.end();
    }
    const { count, hasContent } = this.#checks.seen(jobId, attempt);
    return { count, hasContent };
  }

  ended(nodeId: string, key: AttemptKey | null): void {
    const jobIds = key === null ? [...this.#passing.keys()] : [key.jobId];
    for (const jobId of jobIds) {
      const passing = this.#passing.get(jobId);
      if (passing?.nodeId === nodeId && (key === null || key.attempt === passing.attempt)) this.#forget(jobId, passing, 'node_gone');
    }
  }

  /** How soon nodes answer is measured at the leader, so it learns of the first token at once. */
  #measure(passing: Passing, data: unknown, isPassed: boolean): void {
    passing.bytes += answerBytesOf(data);
    const isFirst = !passing.hasToken && startsAnswer(passing.path, data);
    if (isFirst) passing.hasToken = true;
    if (!isPassed) return;
    passing.isCounted = false;
    if (isFirst) this.#tellCounts();
    else this.#countLater();
  }

  /** Later chunks go to the leader, which ignores them. */
  #refuse(jobId: string, error: JobError): void {
    const passing = this.#passing.get(jobId);
    if (passing === undefined) return;
    const { nodeId, attempt } = passing;
    this.#forget(jobId, passing, 'refused');
    this.#options.link.channel?.send(CHUNKS_REFUSED, { node_id: nodeId, job_id: jobId, attempt, error });
  }

  #forget(jobId: string, { stream }: Passing, code: string): void {
    this.#passing.delete(jobId);
    this.#checks.forget(jobId);
    stream.fail(code);
  }

  #countLater(): void {
    this.#timer ??= this.#options.clock.setTimer(COUNT_MS, () => {
      this.#tellCounts();
    });
  }

  #tellCounts(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const { channel } = this.#options.link;
    if (channel === null) return;
    const attempts = [...this.#passing].filter(([, { isCounted }]) => !isCounted).map(([jobId, passing]) => this.#countsOf(jobId, passing));
    if (attempts.length > 0) channel.send(CHUNKS_PASSED, { attempts });
  }

  #countsOf(jobId: string, passing: Passing) {
    const { nodeId, attempt, nextSeq, bytes, hasToken } = passing;
    passing.isCounted = true;
    passing.bytes = 0;
    const count = this.#checks.seen(jobId, attempt).count ?? nextSeq;
    return { node_id: nodeId, job_id: jobId, attempt, count, bytes, has_token: hasToken };
  }
}
