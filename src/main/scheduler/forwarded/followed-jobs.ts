// The jobs whose answers replicas write: the replica gets what happens to each, and says when its client has left. A replica that is lost has
// one grace period to come back, on a new channel. The jobs outlive this scheduler: the next leader goes on.
import { isTerminal, type JobEvent } from '../../../shared/api/job';
import { parseJson } from '../../../shared/json';
import type { Clock, Timer } from '../../platform/clock';
import { isLarge, jsonOf } from '../../platform/json-in-turns';
import { forwarderOf } from '../access/transport';
import { AccessChecks } from '../api/openai/access-checks';
import { OpenJob, type OpenJobOptions } from '../api/openai/answered-job';
import { BusyChecks } from '../api/openai/busy-checks';
import { type OpenAiFailure, serverFailure } from '../api/openai/core/openai-error';
import type { HandOver, JobAnswer } from '../api/openai/response-streams';
import type { AccessCheck } from '../api/route';
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import { drained } from '../cluster/channel/drained';
import type { JobsPort, ReturningClients } from '../jobs/jobs-port';
import * as records from '../replica/core/answer-records';
import type { ChannelService } from './channel-service';

export interface FollowedJobsOptions {
  readonly jobs: Pick<JobsPort, 'follow' | 'get' | 'cancel'>;
  readonly clients: ReturningClients;
  readonly pool: OpenJobOptions['pool'];
  readonly clock: Clock;
  readonly busyTimeoutMs: () => number;
  /** Whether this credential may still be used. */
  readonly isValid: (holder: string) => boolean;
}

/** How long a replica without a channel keeps its jobs: longer than a change of the leader, and a loss of the bus. */
export const REPLICA_GRACE_MS = 30_000;

interface Followed {
  readonly jobId: string;
  readonly replica: string;
  readonly holder: string | null;
  readonly job: OpenJob;
  readonly note: JobAnswer['note'];
  readonly facts: JobAnswer['facts'] | null;
  /** Ends the checks of the credential, and the count of the answer. */
  readonly release: () => void;
  /** The channel on which the replica has named it last. */
  channel: Channel | null;
  unfollow: (() => void) | null;
  /** Events until the replica names the job. Null: it has. */
  early: JobEvent[] | null;
  /** The last state, for the next channel. */
  last: Extract<JobEvent, { type: 'job' }> | null;
  /** Of a large event, which later ones must not overtake. Null: none. */
  sending: Promise<void> | null;
}

export class FollowedJobs implements ChannelService {
  readonly #options: FollowedJobsOptions;
  readonly #busyChecks: BusyChecks;
  readonly #access: AccessChecks;
  readonly #jobs = new Map<string, Followed>();
  readonly #channels = new Map<string, Channel>();
  readonly #graces = new Map<string, Timer>();
  #isStopped = false;

  constructor(options: FollowedJobsOptions) {
    this.#options = options;
    this.#busyChecks = new BusyChecks(options.pool, options.clock);
    this.#access = new AccessChecks(options.clock);
  }

  /** Number of answers that replicas write. */
  get size(): number {
    return this.#jobs.size;
  }

  /** The replica writes the answer. A job whose client has left meanwhile is cancelled. */
  readonly handOver: HandOver = (answer, replica, response) => {
    const headers = Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
    const data = records.jsonBytes(this.dataOf(answer, replica, Object.fromEntries(headers)));
    const { socket } = response;
    const followed = this.#jobs.get(answer.jobId);
    if (followed !== undefined && (socket === null || forwarderOf(socket)?.handOver(data) !== true)) this.#gone(followed);
  };

  /** The answer as data for the replica, which then names the job. `headers`: those that the server has set already. */
  dataOf(answer: JobAnswer, replica: string, headers: Readonly<Record<string, string>>): records.HandedOver {
    const { jobId, requestId, language, streams, format, translated, facts, choice, note, holder, limitHeaders } = answer;
    const followed = this.#add(answer, replica, answer);
    this.#follow(followed);
    return {
      ...{ jobId, requestId, language, streams, facts, holder },
      format: format.name,
      translation: translated?.data ?? null,
      choice: choice === null ? null : { ...choice, leftOut: [...choice.leftOut] },
      headers: { ...headers, ...limitHeaders },
      isNoted: note !== null,
      first:
        followed.last === null || isTerminal(followed.last.job.status)
          ? null
          : { ...headOf(followed, followed.last), job: followed.last.job },
    };
  }

  attach(channel: Channel): void {
    const { replica } = channel;
    this.#channels.set(replica, channel);
    this.#graces.get(replica)?.cancel();
    this.#graces.delete(replica);
    onRecord(channel, records.ANSWER_WAITING, records.waitingSchema, ({ jobs, is_all: isAll }) => {
      for (const waiting of jobs) this.#waits(channel, waiting);
      if (isAll) this.#dropOthers(channel);
    });
    onRecord(channel, records.ANSWER_CANCEL, records.answerCancelSchema, ({ job_id: jobId, reason }) => {
      this.#of(channel, jobId)?.job.cancel(reason);
    });
    onRecord(channel, records.ANSWER_CLOSED, records.answerJobSchema, ({ job_id: jobId }) => {
      const followed = this.#of(channel, jobId);
      if (followed !== null) this.#drop(followed);
    });
    onRecord(channel, records.ANSWER_NOTED, records.answerJobSchema, ({ job_id: jobId }, body) => {
      const followed = this.#of(channel, jobId);
      const response = parseJson(Buffer.from(body).toString());
      if (followed?.facts != null && typeof response === 'object' && response !== null) followed.note?.({ ...response }, followed.facts);
    });
    void channel.ended.then(() => {
      if (this.#channels.get(replica) === channel) this.#lost(replica);
    });
  }

  /** Ends the answers to a credential that was revoked. */
  closeOf(holder: string): void {
    for (const followed of [...this.#jobs.values()])
      if (followed.holder === holder) this.#end(followed, serverFailure('REVOKED', null), 'revoked');
  }

  /** The jobs stay as they are. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#graces.values()) timer.cancel();
    for (const followed of [...this.#jobs.values()]) this.#drop(followed);
  }

  #add(
    { jobId, holder }: Pick<JobAnswer, 'jobId' | 'holder'>,
    replica: string,
    answer: Pick<JobAnswer, 'accessFailure' | 'release' | 'note' | 'facts'> | null,
  ): Followed {
    const { busyTimeoutMs, isValid } = this.#options;
    const accessFailure: AccessCheck =
      answer?.accessFailure ?? (() => (holder === null || isValid(holder) ? null : { code: 'REVOKED', details: null }));
    const endChecks = this.#access.add(() => {
      const failure = accessFailure();
      if (failure !== null)
        this.#end(followed, serverFailure(failure.code, failure.details), failure.code === 'REVOKED' ? 'revoked' : 'expired');
    });
    const followed: Followed = {
      ...{ jobId, replica, holder, note: answer?.note ?? null, facts: answer?.facts ?? null },
      job: new OpenJob({ ...this.#options, busyTimeoutMs: busyTimeoutMs(), busyChecks: this.#busyChecks }, jobId),
      release: () => {
        endChecks();
        answer?.release();
      },
      channel: this.#channels.get(replica) ?? null,
      unfollow: null,
      early: [],
      last: null,
      sending: null,
    };
    this.#jobs.set(jobId, followed);
    return followed;
  }

  #waits(channel: Channel, waiting: records.WaitingJob): void {
    const { job_id: jobId } = waiting;
    const known = this.#of(channel, jobId);
    if (known === null && !this.#options.clients.claim(jobId)) void this.#notOpen(channel, waiting);
    else this.#goOn(channel, waiting, known);
  }

  #goOn(channel: Channel, { job_id: jobId, holder }: records.WaitingJob, known: Followed | null): void {
    const followed = known ?? this.#add({ jobId, holder }, channel.replica, null);
    followed.channel = channel;
    const { early } = followed;
    followed.early = null;
    if (followed.unfollow === null) this.#follow(followed);
    else for (const event of early ?? [followed.last]) if (event !== null) this.#send(followed, event);
  }

  /** A stream may have ended at an earlier leader: then its replica has the chunks. All other answers are not kept (ADR 0050). */
  async #notOpen(channel: Channel, waiting: records.WaitingJob): Promise<void> {
    const { job_id: jobId, streams, job: view = null } = waiting;
    const { jobs, clients } = this.#options;
    const job = streams ? await jobs.get(jobId).catch(() => null) : null;
    const head = { job_id: jobId };
    if (job === null && view?.job_id === jobId && clients.adopt(view)) this.#goOn(channel, waiting, this.#of(channel, jobId));
    else if (job?.status !== 'succeeded' || !hasChunks(job.result?.output)) channel.send(records.ANSWER_UNKNOWN, head);
    else channel.send(records.ANSWER_EVENT, { ...head, failure: null, node_name: null }, records.jsonBytes({ type: 'job', job }));
  }

  #follow(followed: Followed): void {
    followed.unfollow = followed.job.follow({
      event: (event) => {
        if (event.type === 'job') followed.last = event;
        if (followed.early === null) this.#send(followed, event);
        else followed.early.push(event);
      },
      missing: () => {
        this.#channelOf(followed)?.send(records.ANSWER_UNKNOWN, { job_id: followed.jobId });
      },
      mustEnd: (failure, reason) => {
        this.#end(followed, failure, reason);
      },
    });
  }

  #send(followed: Followed, event: JobEvent): void {
    const head = headOf(followed, event);
    if (followed.sending === null && !isLarge(event)) {
      this.#channelOf(followed)?.send(records.ANSWER_EVENT, head, records.jsonBytes(event));
      return;
    }
    const sending = this.#sendInTurns(followed, head, event).then(() => {
      if (followed.sending === sending) followed.sending = null;
    });
    followed.sending = sending;
  }

  /** Many large results at once would end the channel, and again on each next one. */
  async #sendInTurns(followed: Followed, head: records.EventHead, event: JobEvent): Promise<void> {
    const channel = this.#channelOf(followed);
    await followed.sending;
    if (channel === null) return;
    await drained(channel);
    if (!channel.isOpen) return;
    const body = Buffer.from(await jsonOf(event));
    // Not `drained`: another sender could fill the channel before its promise resolves.
    while (channel.isFull) await channel.whenDrained();
    channel.send(records.ANSWER_EVENT, head, body);
  }

  #end(followed: Followed, failure: OpenAiFailure, reason: Parameters<OpenJob['cancel']>[0]): void {
    // First: the replica would tell the client of the cancellation.
    this.#channelOf(followed)?.send(records.ANSWER_END, { job_id: followed.jobId, failure: plain(failure), reason });
    followed.job.cancel(reason);
  }

  #channelOf({ channel }: Followed): Channel | null {
    return channel?.isOpen === true ? channel : null;
  }

  #of({ replica }: Channel, jobId: string): Followed | null {
    const followed = this.#jobs.get(jobId);
    return followed?.replica === replica ? followed : null;
  }

  /** Clients of answers that the replica no longer names have left while it had no channel. */
  #dropOthers(channel: Channel): void {
    for (const followed of [...this.#jobs.values()])
      if (followed.replica === channel.replica && followed.channel !== channel) this.#gone(followed);
  }

  #lost(replica: string): void {
    this.#channels.delete(replica);
    if (this.#isStopped) return;
    const timer = this.#options.clock.setTimer(REPLICA_GRACE_MS, () => {
      this.#graces.delete(replica);
      for (const followed of [...this.#jobs.values()]) if (followed.replica === replica) this.#gone(followed);
    });
    this.#graces.set(replica, timer);
  }

  #gone(followed: Followed): void {
    followed.job.cancel('client_gone');
    this.#drop(followed);
  }

  #drop(followed: Followed): void {
    this.#jobs.delete(followed.jobId);
    followed.unfollow?.();
    followed.release();
  }
}

const FAILED: ReadonlySet<string> = new Set(['failed', 'cancelled', 'expired']);

function headOf({ jobId: job_id, job }: Followed, event: JobEvent): records.EventHead {
  const hasFailed = event.type === 'job' && FAILED.has(event.job.status);
  const nodeId = event.type === 'job' ? event.job.node_id : null;
  return {
    job_id,
    failure: hasFailed ? plain(job.failureOf(event.job)) : null,
    node_name: nodeId === null ? null : job.nodeName(nodeId),
  };
}

const hasChunks = (output: unknown): boolean =>
  typeof output === 'object' && output !== null && 'chunks' in output && typeof output.chunks === 'number' && output.chunks > 0;

/** As JSON has it. */
const plain = ({ error, ...failure }: OpenAiFailure): NonNullable<records.EventHead['failure']> => ({ ...failure, error: { ...error } });
