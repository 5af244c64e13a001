// The answers of jobs that this replica writes to its clients, for its whole life. It names the jobs of its clients
// to each new leader.
import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import { type JobEvent, jobEventSchema } from '../../../shared/api/job';
import type { Clock } from '../../platform/clock';
import { notingEnd } from '../api/client-apis/core/responses/noted-end';
import { translationOf } from '../api/client-apis/core/translation-of';
import { FORMATS } from '../api/client-apis/formats';
import { LOST_WITH_NODE } from '../api/openai/core/job-failure';
import { poolFailure } from '../api/openai/core/openai-error';
import { BREAK_REASONS } from '../api/openai/core/response-state';
import { OpenAnswers } from '../api/openai/open-answers';
import { ResponseStream, type StreamedRequest } from '../api/openai/response-stream';
import type { Bus } from '../cluster/bus/bus';
import type { Channel } from '../cluster/channel/channel';
import { jsonIn } from '../cluster/channel/core/record';
import { JsonRecords, readJson } from '../cluster/channel/json-records';
import { onRecord } from '../cluster/channel/on-record';
import type { LeaderLink } from '../cluster/channel/leader-link';
import * as records from './core/answer-records';
import { NotedResponse } from './noted-response';
import { failureOf, RemoteJob } from './remote-job';

/** Named in one record: to read one takes a few milliseconds. */
const MAX_NAMED = 100;

export interface ReplicaAnswersOptions {
  readonly link: LeaderLink;
  readonly bus: Bus;
  readonly clock: Clock;
}

export interface AnswerRequest {
  /** When the request arrived. */
  readonly sinceMonotonicMs: number;
  /** Sends the request to the leader again: the job is lost, and the client has got nothing. */
  readonly again: () => void;
  /** The client has got a part of the answer. */
  readonly begun: () => void;
  /** The body of the request. Null: it is not here any more. */
  readonly body: () => Buffer | null;
}

interface Open {
  readonly waiting: records.WaitingJob;
  readonly job: RemoteJob;
  readonly stream: ResponseStream;
  readonly response: ServerResponse;
  readonly again: () => void;
  /** The first leader knows all of the job. A later one cannot try it on another node. */
  readonly epoch: number;
}

export class ReplicaAnswers {
  readonly #options: ReplicaAnswersOptions;
  readonly #answers: OpenAnswers;
  readonly #open = new Map<string, Open>();

  constructor(options: ReplicaAnswersOptions) {
    this.#options = options;
    this.#answers = new OpenAnswers(options.clock);
    options.link.onChannel((channel) => {
      this.#attach(channel);
    });
  }

  /** Number of clients that wait. */
  get size(): number {
    return this.#open.size;
  }

  /** Writes the answer that the leader has handed over, as JSON. False: it is not readable, and nothing was written. */
  open(handedOver: Uint8Array, response: ServerResponse, { sinceMonotonicMs, again, begun, body }: AnswerRequest): boolean {
    const { data } = records.handedOverSchema.safeParse(jsonIn(handedOver));
    const { link, bus, clock } = this.#options;
    const sent = new JsonRecords();
    const send = (type: string, head: object): void => sent.send(link.channel, type, head);
    if (data === undefined) return false;
    const { jobId, holder, streams, isNoted } = data;
    const epoch = link.channel?.epoch ?? 0;
    const noted = isNoted ? new NotedResponse({ link, records: sent, answer: data, epoch, body }) : null;
    const request = this.#requestOf(data, sinceMonotonicMs, noted);
    if (request === null) return false;
    const waiting = { job_id: jobId, holder, streams };
    const job = new RemoteJob({
      ...{ jobId, streams, bus, clock, send },
      onFollowed: () => link.channel?.send(records.ANSWER_WAITING, { jobs: [waiting], is_all: false }),
      onEvent: () => {
        // A leader that takes over reads the request at the end of the answer, to keep the response.
        if (response.headersSent && noted === null) begun();
      },
      onClosed: () => {
        this.#open.delete(jobId);
        noted?.closed();
      },
    });
    const stream = new ResponseStream({ job, clock }, request, response);
    this.#open.set(jobId, { waiting, job, stream, response, again, epoch });
    this.#answers.start(stream, response);
    if (data.first !== null) job.take(data.first, { type: 'job', job: data.first.job });
    return true;
  }

  /** Clients without a node get an error: this program stops soon. */
  stopSoon(): void {
    this.#answers.stopSoon();
  }

  /** Resolves when all clients have received their errors. */
  async stop(): Promise<void> {
    await this.#answers.stop();
  }

  /** Null: the translation cannot be made. */
  #requestOf(
    { format, translation, choice, headers, isNoted: _isNoted, first: _first, ...request }: records.HandedOver,
    since: number,
    noted: NotedResponse | null,
  ): StreamedRequest | null {
    const { clock } = this.#options;
    const times = () => ({ atWallMs: clock.wallMs(), sinceRequestMs: clock.monotonicMs() - since });
    const made = translation === null ? null : translationOf(translation, times);
    if (translation !== null && made === null) return null;
    const translated = made !== null && noted !== null ? notingEnd(made, (response) => noted.note(response)) : made;
    return { ...request, format: FORMATS[format], translated, choice, note: null, limitHeaders: headers };
  }

  #attach(channel: Channel): void {
    onRecord(channel, records.ANSWER_EVENT, records.eventHeadSchema, (head, body) => this.#take(head, body));
    this.#on(channel, records.ANSWER_UNKNOWN, records.answerJobSchema, (open) => {
      this.#lost(open);
    });
    this.#on(channel, records.ANSWER_END, records.answerEndSchema, ({ job }, { failure, reason }) => {
      job.end(failureOf(failure), reason);
    });
    const jobs = [...this.#open.values()].map(({ waiting, job, response }) => ({
      ...waiting,
      job: response.headersSent ? job.last : null,
    }));
    for (let at = 0; at === 0 || at < jobs.length; at += MAX_NAMED) {
      const is_all = at + MAX_NAMED >= jobs.length;
      channel.send(records.ANSWER_WAITING, { jobs: jobs.slice(at, at + MAX_NAMED), is_all });
    }
  }

  #on<Head extends { readonly job_id: string }>(
    channel: Channel,
    type: string,
    schema: z.ZodType<Head>,
    act: (open: Open, head: Head) => void,
  ): void {
    onRecord(channel, type, schema, (head) => {
      const open = this.#open.get(head.job_id);
      if (open !== undefined) act(open, head);
    });
  }

  async #take(head: records.EventHead, body: Uint8Array): Promise<void> {
    const event = await readJson(body, (value) => jobEventSchema.safeParse(value).data);
    const open = this.#open.get(head.job_id);
    // An event of another form: a newer version may send it. An exception would end the channel, and the answers of all jobs with it.
    if (open === undefined || event === undefined) return;
    if (event.type === 'job' && this.#isLost(open, event)) this.#lost(open);
    else open.job.take(head, event);
  }

  /** A leader that took over cannot try the job on another node. */
  #isLost({ epoch, response }: Open, { job }: Extract<JobEvent, { type: 'job' }>): boolean {
    const isLaterLeader = epoch !== this.#options.link.channel?.epoch;
    return isLaterLeader && !response.headersSent && job.status === 'failed' && LOST_WITH_NODE.has(job.error?.code);
  }

  /** The leader has no answer of the job. A client that has got nothing does not notice it. */
  #lost({ stream, response, again, job }: Open): void {
    if (job.hasEnded) return;
    if (response.headersSent) {
      const reason = BREAK_REASONS.attempt_lost;
      stream.endWith(poolFailure('stream_broken', { reason, muster: { reason: 'attempt_lost', error_code: null } }), 'attempt_lost');
      return;
    }
    this.#answers.release(stream, response);
    job.close();
    again();
  }
}
