// A client of a cluster, and the replica that has its connection, which outlives the leader. It uses the decisions of a replica: which events
// reach the client, and what becomes of its answer. Parts of streams come from the leader here.
import type { JobAnswer } from '../../src/main/scheduler/api/openai/response-streams';
import { LOST_WITH_NODE } from '../../src/main/scheduler/api/openai/core/job-failure';
import { openAiFormat } from '../../src/main/scheduler/api/openai/core/openai-format';
import { onJobEvent, startResponse } from '../../src/main/scheduler/api/openai/core/response-state';
import { jsonIn } from '../../src/main/scheduler/cluster/channel/core/record';
import type { FollowedJobs } from '../../src/main/scheduler/forwarded/followed-jobs';
import { onChunk, onJob, onStreamOver, startEvents } from '../../src/main/scheduler/replica/core/answer-events';
import * as records from '../../src/main/scheduler/replica/core/answer-records';
import type { CancelReason, JobEvent, JobView } from '../../src/shared/api/job';
import { MemoryChannel } from './memory-channel';

/** `again`: its request is sent to the leader again, because it has got nothing. */
export type ClientEnd = 'answered' | 'failed' | 'broken' | 'again' | 'left';

export interface ReplicaClientOptions {
  readonly jobId: string;
  readonly streams: boolean;
  /** Called with each event that reaches the client. */
  readonly onEvent: (event: JobEvent) => void;
  readonly onEnd: (end: ClientEnd, reason: string) => void;
}

export class ReplicaClient {
  readonly jobId: string;
  readonly streams: boolean;
  /** All that it has got. */
  readonly parts: Extract<JobEvent, { type: 'chunk' }>[] = [];
  end: ClientEnd | null = null;
  /** The job as the leader has sent it last. */
  last: JobView | null = null;
  /** When the replica lost its channel to a leader that lived on. Null: never. */
  cutAtMonotonicMs: number | null = null;
  /** The leader had parts of the stream for it, and it was not there. Then its answer ends with an error. */
  mayMissParts = false;
  readonly #options: ReplicaClientOptions;
  #events;
  #response;
  #channel: MemoryChannel | null = null;
  /** The head of the answer is sent: the request cannot be sent again. */
  #hasPart = false;
  #isFirstLeader = true;

  constructor(options: ReplicaClientOptions) {
    this.#options = options;
    this.jobId = options.jobId;
    this.streams = options.streams;
    this.#events = startEvents(options.streams);
    this.#response = startResponse(options.streams);
  }

  get isFollowing(): boolean {
    return this.#channel !== null && this.end === null;
  }

  /** Its replica has no channel. */
  get isWaiting(): boolean {
    return this.#channel === null;
  }

  /** The leader that accepts the job hands its answer over. */
  begin(leader: FollowedJobs): void {
    const channel = this.#attach(leader);
    const { first } = leader.dataOf(this.#answer(), this.#replica, {});
    if (first !== null) this.#take({ type: 'job', job: first.job });
    channel.tell(records.ANSWER_WAITING, { jobs: [this.#waiting(null)], is_all: false });
  }

  /** The replica names the job to a leader, and gives a stream whose client has a part as it knows it. */
  returns(leader: FollowedJobs): void {
    const jobs = this.end === null ? [this.#waiting(this.#hasPart ? this.last : null)] : [];
    this.#attach(leader).tell(records.ANSWER_WAITING, { jobs, is_all: true });
  }

  /** Proxies keep the connection open: the replica has sent the head of the stream. */
  keepAlive(): void {
    if (this.streams && this.last?.status === 'running') this.#hasPart = true;
  }

  leaves(): void {
    this.#close('left', 'client_gone', 'client_gone');
  }

  /** The leader has died. */
  leaderDied(): void {
    this.#channel?.die();
    this.#channel = null;
    this.#isFirstLeader = false;
  }

  /** The leader lives. */
  cut(nowMonotonicMs: number): void {
    if (this.#channel === null) return;
    this.#channel.cut();
    this.#channel = null;
    this.cutAtMonotonicMs = nowMonotonicMs;
    this.mayMissParts = true;
  }

  get #replica(): string {
    return `replica of ${this.jobId}`;
  }

  #waiting(job: JobView | null): records.WaitingJob {
    return { job_id: this.jobId, holder: null, streams: this.streams, job };
  }

  #attach(leader: FollowedJobs): MemoryChannel {
    this.#channel?.cut();
    const channel = new MemoryChannel(this.#replica, (type, head, body) => {
      if (this.end === null) this.#onRecord(type, head, body);
    });
    this.#channel = channel;
    leader.attach(channel.ofLeader);
    return channel;
  }

  #onRecord(type: string, _head: unknown, body: Uint8Array): void {
    if (type === records.ANSWER_UNKNOWN) this.#lost();
    else if (type === records.ANSWER_END) this.#close('failed', type, null);
    else if (type === records.ANSWER_EVENT) this.#take(jsonIn(body) as JobEvent);
  }

  #take(event: JobEvent): void {
    if (event.type === 'job' && this.#isLost(event.job)) {
      this.#lost();
      return;
    }
    if (event.type === 'job') this.last = event.job;
    const first = event.type === 'job' ? onJob(this.#events, event.job) : onChunk(this.#events, event);
    this.#events = first.state;
    for (const each of first.events) this.#pass(each);
    // No replica of a node has a stream of this attempt.
    if (first.open !== null) this.#events = onStreamOver(this.#events, first.open).state;
  }

  /** A leader that took over cannot try the job on another node. */
  #isLost({ status, error }: JobView): boolean {
    return !this.#isFirstLeader && !this.#hasPart && status === 'failed' && LOST_WITH_NODE.has(error?.code);
  }

  /** As `ReplicaAnswers`: a client that has got nothing does not notice it. */
  #lost(): void {
    if (this.#hasPart) this.#close('broken', 'attempt_lost', 'attempt_lost');
    else this.#close('again', 'attempt_lost', null);
  }

  #pass(event: JobEvent): void {
    if (this.end !== null) return;
    this.#options.onEvent(event);
    const [state, act] = onJobEvent(this.#response, event);
    this.#response = state;
    if (act.type === 'chunk' && event.type === 'chunk') {
      this.parts.push(event);
      this.#hasPart = true;
    }
    if (act.type === 'answer' || act.type === 'finish') this.#close('answered', act.type, null);
    else if (act.type === 'fail') this.#close('failed', act.job.status, null);
    else if (act.type === 'broken') {
      // With one of these reasons the job has succeeded.
      const { reason } = act;
      this.#close('broken', reason, reason === 'not_streamed' || reason === 'no_answer' ? null : reason);
    }
  }

  #close(end: ClientEnd, why: string, cancel: CancelReason | null): void {
    if (this.end !== null) return;
    this.end = end;
    const head = { job_id: this.jobId };
    if (cancel !== null) this.#channel?.tell(records.ANSWER_CANCEL, { ...head, reason: cancel });
    this.#channel?.tell(records.ANSWER_CLOSED, head);
    this.#options.onEnd(end, why);
  }

  #answer(): JobAnswer {
    const { jobId, streams } = this;
    return {
      ...{ jobId, requestId: 'req_1', language: 'en', streams, format: openAiFormat, choice: null, holder: null, replica: null },
      facts: { id: 'x', requestId: 'req_1', model: 'llm-a', atWallMs: 1 },
      ...{ translated: null, note: null, limitHeaders: {} },
      accessFailure: () => null,
      release: () => undefined,
    };
  }
}
