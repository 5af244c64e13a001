// The jobs whose answers replicas write: the replica gets what happens to each, and says when its client has left. A replica that is lost has
// one grace period to come back, on a new channel. The jobs outlive this scheduler: the next leader goes on.
import { isRecord } from '../../../shared/json';
import type { Clock, Timer } from '../../platform/clock';
import { inTurns } from '../../platform/in-turns';
import { LARGE_BYTES } from '../../platform/json-in-turns';
import { ownTurn } from '../../platform/own-turn';
import { forwarderOf } from '../access/transport';
import type { AnswerFacts } from '../api/client-apis/core/client-api';
import { AccessChecks } from '../api/openai/access-checks';
import { OpenJob, type OpenJobOptions } from '../api/openai/answered-job';
import { BusyChecks } from '../api/openai/busy-checks';
import { serverFailure } from '../api/openai/core/openai-error';
import type { HandOver, JobAnswer } from '../api/openai/response-streams';
import type { AccessCheck, EndOfAccess } from '../api/route';
import type { Channel } from '../cluster/channel/channel';
import { jsonBytes } from '../cluster/channel/core/record';
import { readJson } from '../cluster/channel/json-records';
import { onRecord } from '../cluster/channel/on-record';
import type { GoOn, JobsPort, ReturningClients } from '../jobs/jobs-port';
import * as records from '../replica/core/answer-records';
import type { ChannelService } from './channel-service';
import { FollowedJob } from './followed-job';

export interface FollowedJobsOptions {
  readonly jobs: Pick<JobsPort, 'follow' | 'get' | 'cancel'>;
  readonly clients: ReturningClients;
  readonly pool: OpenJobOptions['pool'];
  readonly clock: Clock;
  readonly busyTimeoutMs: () => number;
  /** Whether this credential may still be used. */
  readonly isValid: (holder: string) => boolean;
  /** Keeps a response. Its request, as a text, was read by an earlier leader. */
  readonly keep: (holder: string | null, facts: AnswerFacts, request: string, response: Readonly<Record<string, unknown>>) => void;
}

/** How long a replica without a channel keeps its jobs: longer than a change of the leader, and a loss of the bus. */
export const REPLICA_GRACE_MS = 30_000;

/** Of the work in a turn of the event loop: to claim a job takes some 0.1 ms. */
const PARTS_OF_WAITING = 20;

export class FollowedJobs implements ChannelService {
  readonly #options: FollowedJobsOptions;
  readonly #busyChecks: BusyChecks;
  readonly #access: AccessChecks;
  readonly #jobs = new Map<string, FollowedJob>();
  readonly #channels = new Map<string, Channel>();
  readonly #graces = new Map<string, Timer>();
  /** Jobs whose clients have returned, and that the store is asked for. Each with the channel that has named it last. */
  readonly #asked = new Map<string, Channel>();
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
    const data = jsonBytes(this.dataOf(answer, replica, Object.fromEntries(headers)));
    const { socket } = response;
    const followed = this.#jobs.get(answer.jobId);
    if (followed !== undefined && (socket === null || forwarderOf(socket)?.handOver(data) !== true)) this.#gone(followed);
  };

  /** The answer as data for the replica, which then names the job. `headers`: those that the server has set already. */
  dataOf(answer: JobAnswer, replica: string, headers: Readonly<Record<string, string>>): records.HandedOver {
    const { jobId, requestId, language, streams, format, translated, facts, choice, note, holder, limitHeaders } = answer;
    const followed = this.#add(answer, replica, answer);
    followed.follow();
    return {
      ...{ jobId, requestId, language, streams, facts, holder, first: followed.first },
      format: format.name,
      translation: translated?.data ?? null,
      choice: choice === null ? null : { ...choice, leftOut: [...choice.leftOut] },
      headers: { ...headers, ...limitHeaders },
      isNoted: note !== null,
    };
  }

  attach(channel: Channel): void {
    const { replica } = channel;
    this.#channels.set(replica, channel);
    this.#graces.get(replica)?.cancel();
    this.#graces.delete(replica);
    onRecord(channel, records.ANSWER_WAITING, records.waitingSchema, async ({ jobs, is_all: isAll }) => {
      const isPresent = (): boolean => channel.isOpen && !this.#isStopped;
      await inTurns(jobs, (waiting) => {
        if (isPresent()) this.#waits(channel, waiting);
        return PARTS_OF_WAITING;
      });
      if (isAll && isPresent()) this.#dropOthers(channel);
      // Further records follow at once, and each is read in a turn of its own. One job: a new request.
      if (!isAll && jobs.length > 1) await ownTurn();
    });
    onRecord(channel, records.ANSWER_CANCEL, records.answerCancelSchema, ({ job_id: jobId, reason }) => {
      const followed = this.#of(channel, jobId);
      if (followed !== null) followed.cancel(reason);
      else this.#forgetAsked(channel, jobId);
    });
    onRecord(channel, records.ANSWER_CLOSED, records.answerJobSchema, ({ job_id: jobId }) => {
      const followed = this.#of(channel, jobId);
      if (followed !== null) this.#drop(followed);
      else this.#forgetAsked(channel, jobId);
    });
    onRecord(channel, records.ANSWER_NOTED, records.answerJobSchema, ({ job_id: jobId }, body) =>
      readJson(body, (response) => {
        if (isRecord(response)) this.#of(channel, jobId)?.note?.(response);
      }),
    );
    onRecord(channel, records.ANSWER_KEPT, records.answerKeptSchema, async ({ holder, facts }, body) => {
      const value = await readJson(body, (read) => read);
      if (!isRecord(value) || !isRecord(value['response']) || typeof value['request'] !== 'string') return;
      // The request is read in a turn of its own.
      if (body.length > LARGE_BYTES) await ownTurn();
      this.#options.keep(holder, facts, value['request'], value['response']);
    });
    void channel.ended.then(() => {
      if (this.#channels.get(replica) === channel) this.#lost(replica);
    });
  }

  /** Ends the answers to a credential that may not send jobs any more. */
  closeOf(holder: string, why: EndOfAccess): void {
    for (const followed of [...this.#jobs.values()]) if (followed.holder === holder) followed.end(serverFailure(why, null), 'revoked');
  }

  /** The jobs stay as they are. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#graces.values()) timer.cancel();
    for (const followed of [...this.#jobs.values()]) this.#drop(followed);
  }

  /** `answer` null: an earlier leader has handed it over. */
  #add(
    { jobId, holder }: Pick<JobAnswer, 'jobId' | 'holder'>,
    replica: string,
    answer: Pick<JobAnswer, 'accessFailure' | 'release' | 'note' | 'facts'> | null,
  ): FollowedJob {
    const { busyTimeoutMs, isValid } = this.#options;
    const accessFailure: AccessCheck =
      answer?.accessFailure ?? (() => (holder === null || isValid(holder) ? null : { code: 'REVOKED', details: null }));
    const endChecks = this.#access.add(() => {
      const failure = accessFailure();
      if (failure !== null) followed.end(serverFailure(failure.code, failure.details), failure.code === 'REVOKED' ? 'revoked' : 'expired');
    });
    const followed = new FollowedJob(
      {
        ...{ jobId, replica, holder },
        job: new OpenJob({ ...this.#options, busyTimeoutMs: busyTimeoutMs(), busyChecks: this.#busyChecks }, jobId),
        note: answer === null ? null : (response) => answer.note?.({ ...response }, answer.facts),
        release: () => {
          endChecks();
          answer?.release();
        },
        onOverflow: () => {
          this.#gone(followed);
        },
      },
      this.#channels.get(replica) ?? null,
    );
    this.#jobs.set(jobId, followed);
    return followed;
  }

  #waits(channel: Channel, waiting: records.WaitingJob): void {
    const { job_id: jobId, job: view = null } = waiting;
    const known = this.#of(channel, jobId);
    if (known !== null) {
      known.named(channel);
      return;
    }
    const goOn = this.#options.clients.claim(jobId, view?.job_id === jobId ? view : null);
    if (goOn === null) void this.#notOpen(channel, waiting);
    else this.#goesOn(channel, waiting, goOn);
  }

  #goesOn(channel: Channel, { job_id: jobId, holder }: records.WaitingJob, goOn: GoOn): void {
    (this.#of(channel, jobId) ?? this.#add({ jobId, holder }, channel.replica, null)).named(channel);
    goOn();
  }

  /** A stream may have ended at an earlier leader: then its replica has the chunks. All other answers are not kept (ADR 0050). */
  async #notOpen(channel: Channel, waiting: records.WaitingJob): Promise<void> {
    const { job_id: jobId, streams, job: view = null } = waiting;
    const { jobs, clients } = this.#options;
    this.#asked.set(jobId, channel);
    const job = streams ? await jobs.get(jobId).catch(() => null) : null;
    // The client has left meanwhile, or a newer channel has named the job.
    if (this.#asked.get(jobId) !== channel) return;
    this.#asked.delete(jobId);
    if (!channel.isOpen || this.#isStopped) return;
    const head = { job_id: jobId };
    const goOn = job === null && view?.job_id === jobId ? clients.adopt(view) : null;
    if (goOn !== null) this.#goesOn(channel, waiting, goOn);
    else if (job?.status !== 'succeeded' || !hasChunks(job.result?.output)) channel.send(records.ANSWER_UNKNOWN, head);
    else channel.send(records.ANSWER_EVENT, { ...head, failure: null, node_name: null }, jsonBytes({ type: 'job', job }));
  }

  /** Its client has left. */
  #forgetAsked(channel: Channel, jobId: string): void {
    if (this.#asked.get(jobId) === channel) this.#asked.delete(jobId);
  }

  #of({ replica }: Channel, jobId: string): FollowedJob | null {
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

  #gone(followed: FollowedJob): void {
    followed.cancel('client_gone');
    this.#drop(followed);
  }

  #drop(followed: FollowedJob): void {
    this.#jobs.delete(followed.jobId);
    followed.close();
  }
}

const hasChunks = (output: unknown): boolean =>
  typeof output === 'object' && output !== null && 'chunks' in output && typeof output.chunks === 'number' && output.chunks > 0;
