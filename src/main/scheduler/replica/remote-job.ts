// A job of the leader whose answer this replica writes. Chunks come from the replica of the node; everything else from the leader.
import { assertNever } from '../../../shared/assert-never';
import type { CancelReason, JobEvent, JobView } from '../../../shared/api/job';
import { isRecord } from '../../../shared/json';
import type { Clock } from '../../platform/clock';
import type { AnsweredJob, AnswerListener } from '../api/openai/answered-job';
import { type OpenAiFailure, poolFailure } from '../api/openai/core/openai-error';
import type { Bus } from '../cluster/bus/bus';
import { StreamReceiver } from '../cluster/bus/stream-receiver';
import { jsonIn } from '../cluster/channel/core/record';
import { type AnswerEvents, type AnswerStep, onChunk, onJob, onStreamOver, startEvents } from './core/answer-events';
import { ANSWER_CANCEL, ANSWER_CLOSED, CHUNK_STREAM_LIMITS, chunkStreamOf, type EventHead } from './core/answer-records';

export interface RemoteJobOptions {
  readonly jobId: string;
  readonly streams: boolean;
  readonly bus: Bus;
  readonly clock: Clock;
  /** To the leader, where there is one. */
  readonly send: (type: string, head: object) => void;
  /** The listener is set: the leader may send events. */
  readonly onFollowed: () => void;
  /** The writer of the answer has taken an event. */
  readonly onEvent: () => void;
  readonly onClosed: () => void;
}

export class RemoteJob implements AnsweredJob {
  readonly #options: RemoteJobOptions;
  #listener: AnswerListener | null = null;
  #events: AnswerEvents;
  #receiver: StreamReceiver | null = null;
  #failure: OpenAiFailure | null = null;
  #last: JobView | null = null;
  /** The name of the last node. */
  #node: { readonly id: string | null; readonly name: string | null } = { id: null, name: null };

  constructor(options: RemoteJobOptions) {
    this.#options = options;
    this.#events = startEvents(options.streams);
  }

  follow(listener: AnswerListener): () => void {
    this.#listener = listener;
    this.#options.onFollowed();
    return () => {
      this.close();
    };
  }

  cancel(reason: CancelReason): void {
    this.#options.send(ANSWER_CANCEL, { job_id: this.#options.jobId, reason });
  }

  failureOf(): OpenAiFailure {
    return this.#failure ?? poolFailure('job_failed');
  }

  nodeName(nodeId: string): string | null {
    return this.#node.id === nodeId ? this.#node.name : null;
  }

  /** As the leader has sent it last. Null: nothing was sent yet. */
  get last(): JobView | null {
    return this.#last;
  }

  /** The job has succeeded. Its last chunks are on their way. */
  get hasEnded(): boolean {
    return this.#events.held !== null;
  }

  /** From the leader. */
  take({ failure, node_name: name }: Omit<EventHead, 'job_id'>, event: JobEvent): void {
    if (this.#listener === null) return;
    if (event.type === 'chunk') {
      this.#apply(onChunk(this.#events, event));
      return;
    }
    this.#last = event.job;
    this.#failure = failure === null ? null : failureOf(failure);
    this.#node = { id: event.job.node_id, name };
    this.#apply(onJob(this.#events, event.job));
  }

  end(failure: OpenAiFailure, reason: CancelReason): void {
    this.#listener?.mustEnd(failure, reason);
  }

  /** The leader need not keep it any longer. */
  close(): void {
    if (this.#listener === null) return;
    this.#listener = null;
    this.#receiver?.stop('answered');
    this.#options.onClosed();
    // A cancellation in this turn goes first.
    queueMicrotask(() => {
      this.#options.send(ANSWER_CLOSED, { job_id: this.#options.jobId });
    });
  }

  #apply({ state, events, open }: AnswerStep): void {
    this.#events = state;
    if (open !== null) void this.#read(open);
    for (const event of events) this.#listener?.event(event);
    if (events.length > 0) this.#options.onEvent();
  }

  /** Reads at once: the writer of the answer ends it when its client does not read. */
  async #read(attempt: number): Promise<void> {
    const { bus, clock, jobId } = this.#options;
    this.#receiver?.stop('replaced');
    const receiver = new StreamReceiver(bus, clock, chunkStreamOf(jobId, attempt), CHUNK_STREAM_LIMITS);
    this.#receiver = receiver;
    let pieces: Uint8Array[] = [];
    for (;;) {
      const item = await receiver.read();
      if (this.#receiver !== receiver) return;
      switch (item.type) {
        case 'piece': {
          pieces.push(item.bytes);
          if (!item.isLast) break;
          const chunk = chunkIn(pieces);
          pieces = [];
          if (chunk !== null) this.#apply(onChunk(this.#events, { type: 'chunk', attempt, ...chunk }));
          break;
        }
        case 'end':
        // The leader decides what becomes of the attempt.
        case 'failed':
          this.#apply(onStreamOver(this.#events, attempt));
          return;
        default:
          assertNever(item);
      }
    }
  }
}

/** Null: not a chunk of a replica. */
function chunkIn(pieces: readonly Uint8Array[]): { readonly seq: number; readonly data: unknown } | null {
  const value = jsonIn(Buffer.concat(pieces));
  return isRecord(value) && typeof value['seq'] === 'number' ? { seq: value['seq'], data: value['data'] } : null;
}

/** As `OpenAiFailure` has it: a field is absent, or has a value. */
export function failureOf({ error: { muster, ...error }, ...failure }: NonNullable<EventHead['failure']>): OpenAiFailure {
  return { ...failure, error: { ...error, ...(muster === undefined ? {} : { muster }) } };
}
