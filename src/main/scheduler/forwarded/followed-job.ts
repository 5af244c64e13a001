// One job whose answer a replica writes: what happens to it, for the replica. Events wait until the replica has named the job.
import { type CancelReason, isTerminal, type JobEvent } from '../../../shared/api/job';
import { memoryOf } from '../../../shared/value-size';
import type { AnsweredJob } from '../api/openai/answered-job';
import type { OpenAiFailure } from '../api/openai/core/openai-error';
import type { Channel } from '../cluster/channel/channel';
import { JsonRecords } from '../cluster/channel/json-records';
import * as records from '../replica/core/answer-records';

/** Chunks that wait for a replica whose channel is lost. More: the client is given up, as one that does not read. */
const MAX_EARLY_BYTES = 8 * 1024 * 1024;

export interface FollowedJobOptions {
  readonly jobId: string;
  /** Its token. */
  readonly replica: string;
  /** The id of the credential of the client. Null: none. */
  readonly holder: string | null;
  readonly job: AnsweredJob;
  /** Keeps the response at the end. Null: it is not kept. */
  readonly note: ((response: Readonly<Record<string, unknown>>) => void) | null;
  /** Called once, at the end. */
  readonly release: () => void;
  /** Too much waits for the replica. */
  readonly onOverflow: () => void;
}

export class FollowedJob {
  /** The channel on which the replica has named it last. */
  channel: Channel | null;
  readonly #options: FollowedJobOptions;
  readonly #sent = new JsonRecords();
  #unfollow: (() => void) | null = null;
  /** Events until the replica names the job. Null: it has. */
  #early: JobEvent[] | null = [];
  #earlyBytes = 0;
  /** The last state, for the next channel. */
  #last: Extract<JobEvent, { type: 'job' }> | null = null;

  /** `channel`: the present one of the replica. */
  constructor(options: FollowedJobOptions, channel: Channel | null) {
    this.#options = options;
    this.channel = channel;
  }

  get jobId(): string {
    return this.#options.jobId;
  }

  get replica(): string {
    return this.#options.replica;
  }

  get holder(): string | null {
    return this.#options.holder;
  }

  get note(): FollowedJobOptions['note'] {
    return this.#options.note;
  }

  /** The job, where it has not ended yet. */
  get first(): records.HandedOver['first'] {
    if (this.#last === null || isTerminal(this.#last.job.status)) return null;
    return { ...this.#headOf(this.#last), job: this.#last.job };
  }

  follow(): void {
    this.#unfollow = this.#options.job.follow({
      event: (event) => {
        if (event.type === 'job') this.#last = event;
        if (this.#early === null) this.#send(event);
        else this.#hold(this.#early, event);
      },
      missing: () => {
        this.#tell(records.ANSWER_UNKNOWN, { job_id: this.jobId });
      },
      mustEnd: (failure, reason) => {
        this.end(failure, reason);
      },
    });
  }

  /** The replica has named the job on this channel. */
  named(channel: Channel): void {
    this.channel = channel;
    const early = this.#early ?? (this.#last === null ? [] : [this.#last]);
    this.#early = null;
    if (this.#unfollow === null) this.follow();
    else for (const event of early) this.#send(event);
  }

  /** The answer ends with this error, and the job is cancelled. */
  end(failure: OpenAiFailure, reason: CancelReason): void {
    // First: the replica would tell the client of the cancellation.
    this.#tell(records.ANSWER_END, { job_id: this.jobId, failure: plain(failure), reason });
    this.cancel(reason);
  }

  cancel(reason: CancelReason): void {
    this.#options.job.cancel(reason);
  }

  close(): void {
    this.#unfollow?.();
    this.#options.release();
  }

  #hold(early: JobEvent[], event: JobEvent): void {
    early.push(event);
    if (event.type !== 'chunk') return;
    this.#earlyBytes += memoryOf(event.data);
    if (this.#earlyBytes > MAX_EARLY_BYTES) this.#options.onOverflow();
  }

  #send(event: JobEvent): void {
    this.#sent.send(this.#openChannel, records.ANSWER_EVENT, this.#headOf(event), event);
  }

  /** At once. */
  #tell(type: string, head: object): void {
    this.#openChannel?.send(type, head);
  }

  get #openChannel(): Channel | null {
    return this.channel?.isOpen === true ? this.channel : null;
  }

  #headOf(event: JobEvent): records.EventHead {
    const hasFailed = event.type === 'job' && FAILED.has(event.job.status);
    const nodeId = event.type === 'job' ? event.job.node_id : null;
    return {
      job_id: this.jobId,
      failure: hasFailed ? plain(this.#options.job.failureOf(event.job)) : null,
      node_name: nodeId === null ? null : this.#options.job.nodeName(nodeId),
    };
  }
}

const FAILED: ReadonlySet<string> = new Set(['failed', 'cancelled', 'expired']);

/** As JSON has it. */
const plain = ({ error, ...failure }: OpenAiFailure): NonNullable<records.EventHead['failure']> => ({ ...failure, error: { ...error } });
