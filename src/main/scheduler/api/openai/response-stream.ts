// Writes the answer of one job to the client that waits for it: a whole answer, a stream of events, or an error. An error has its own
// status as long as nothing was sent. response-state.ts decides; this file writes. When the client disconnects, the job is cancelled.
import type { ServerResponse } from 'node:http';
import { assertNever } from '../../../../shared/assert-never';
import type { CancelReason, JobEvent } from '../../../../shared/api/job';
import type { Language } from '../../../../shared/language';
import type { OpenAiOutput } from '../../../../shared/protocol/tasks';
import type { Clock, Timer } from '../../../platform/clock';
import { VARY } from '../../access/error-response';
import { AnswerEncoder, type AnswerForm } from '../client-apis/core/answer-encoder';
import type { AnswerFacts } from '../client-apis/core/client-api';
import type { Note } from '../client-apis/core/responses/noted-end';
import type { AnsweredJob } from './answered-job';
import { failureHeaders, type OpenAiFailure, poolFailure, serverFailure } from './core/openai-error';
import { TOO_LARGE, UNKNOWN_JOB } from './core/response-ends';
import { BREAK_REASONS, onJobEvent, type ResponseAct, type ResponseState, startResponse } from './core/response-state';
import { routeHeadersOf } from './core/route-headers';
import { passInTurns } from './pass-in-turns';
import { type AnsweredRequest, answerHeaders, nodeHeaders, safeStatus, wholeAnswer } from './response-headers';

/** Interval of comments or events while a node works, so that proxies keep the connection open. Before an assignment nothing is sent. */
const KEEP_ALIVE_MS = 15_000;
/** A slow consumer is disconnected when more bytes than this are unsent. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

export interface ResponseStreamOptions {
  readonly job: AnsweredJob;
  readonly clock: Clock;
}

export interface StreamedRequest extends AnswerForm, AnsweredRequest {
  readonly facts: AnswerFacts;
  readonly streams: boolean;
  /** Keeps the response at the end of the answer. Null: it is not kept. */
  readonly note: Note | null;
  /** The language of errors. */
  readonly language: Language;
}

/** Writes the response from `start` on, and ends it. */
export class ResponseStream {
  readonly #options: ResponseStreamOptions;
  readonly #request: StreamedRequest;
  readonly #response: ServerResponse;
  readonly #encoder: AnswerEncoder;
  #state: ResponseState;
  #nodeId: string | null = null;
  #route: Readonly<Record<string, string>> = {};
  #hasEnded = false;
  #isStopping = false;
  #isFinishing = false;
  #unfollow: (() => void) | null = null;
  #keepAlive: Timer | null = null;

  constructor(options: ResponseStreamOptions, request: StreamedRequest, response: ServerResponse) {
    this.#options = options;
    this.#request = request;
    this.#response = response;
    this.#encoder = new AnswerEncoder(request);
    this.#state = startResponse(request.streams);
  }

  start(): void {
    const response = this.#response;
    response.on('error', () => undefined);
    response.on('close', () => {
      this.#abandon('client_gone');
    });
    if (response.destroyed) {
      this.#abandon('client_gone');
      return;
    }
    this.#unfollow = this.#options.job.follow({
      event: this.#take,
      missing: () => {
        if (!this.#hasEnded) this.#fail(poolFailure('job_failed', { reason: UNKNOWN_JOB }));
      },
      mustEnd: this.endWith.bind(this),
    });
    if (this.#hasEnded) this.#unfollow();
  }

  /** The scheduler will stop soon. Assigned jobs may still end; queued jobs would not be assigned any more. */
  stopSoon(): void {
    this.#isStopping = true;
    if (this.#nodeId === null) this.stop();
  }

  /** The scheduler stops and cannot pass on an answer any more. */
  stop(): void {
    this.endWith(poolFailure('scheduler_stopping'), 'scheduler_stopping');
  }

  /** The client gets no more of the answer. */
  endWith(failure: OpenAiFailure, reason: CancelReason): void {
    if (this.#hasEnded) return;
    this.#fail(failure);
    this.#cancelJob(reason);
  }

  /** Writes nothing more, and leaves the response and the job as they are. */
  detach(): void {
    this.#stop();
  }

  readonly #take = (event: JobEvent): void => {
    if (this.#hasEnded || this.#isFinishing) return;
    try {
      const [state, act] = onJobEvent(this.#state, event);
      this.#state = state;
      if (event.type === 'job') this.#route = routeHeadersOf(event.job);
      this.#perform(act);
    } catch (error) {
      this.#crash();
      throw error;
    }
  };

  #perform(act: ResponseAct): void {
    switch (act.type) {
      case 'wait':
      case 'queued':
        return;
      case 'assigned':
        this.#nodeId = act.nodeId;
        if (this.#request.streams && this.#keepAlive === null) this.#keepAliveLater();
        return;
      case 'chunk':
        this.#pass([act.data]);
        return;
      case 'answer':
        this.#nodeId = act.nodeId;
        this.#answer(act.output);
        return;
      case 'finish':
        this.#nodeId = act.nodeId;
        void this.#finish(act.events);
        return;
      case 'fail':
        this.#nodeId = act.job.node_id;
        this.#fail(this.#options.job.failureOf(act.job));
        return;
      case 'broken': {
        const { reason, error } = act;
        const muster = { reason, error_code: error?.code ?? null };
        const failure = poolFailure('stream_broken', { reason: error?.message ?? BREAK_REASONS[reason], muster });
        this.#fail(this.#isStopping ? poolFailure('scheduler_stopping') : failure);
        // With one of these two reasons the job has already succeeded, so it needs no cancellation.
        if (reason !== 'not_streamed' && reason !== 'no_answer') this.#cancelJob(reason);
        return;
      }
      default:
        assertNever(act);
    }
  }

  #pass(chunks: readonly unknown[]): void {
    if (this.#hasEnded) return;
    const text = chunks.map((chunk) => this.#encoder.chunk(chunk)).join('');
    if (this.#encoder.isBroken) this.#perform(TOO_LARGE);
    else this.#write(text);
  }

  async #finish(events: readonly unknown[]): Promise<void> {
    this.#isFinishing = true;
    try {
      const rest = await passInTurns(this.#response, events, (some) => (this.#pass(some), !this.#hasEnded));
      if (this.#hasEnded) return;
      const last = this.#encoder.end(rest);
      if (this.#encoder.isBroken) this.#perform(TOO_LARGE);
      else this.#endStream(last);
    } catch {
      this.#crash();
    }
  }

  /** An error in this program, such as a text that is too long for a string, must not leave the response open. */
  #crash(): void {
    if (this.#hasEnded) return;
    try {
      this.#fail(serverFailure('INTERNAL_ERROR', null));
    } catch {
      this.#response.destroy();
    }
    this.#cancelJob('unreadable_output');
  }

  /** In a stream that has begun, a refusal by the model server is the last event. */
  #answer(output: OpenAiOutput): void {
    if (this.#response.headersSent) {
      this.#endStream(this.#encoder.refused(output));
      return;
    }
    const body = this.#encoder.whole(output);
    if (body === null) this.#fail(poolFailure('stream_broken', { reason: BREAK_REASONS.unreadable_output }));
    else this.#sendWhole(body === 'as_is' ? output : { status: output.status, body });
  }

  #sendWhole(output: OpenAiOutput): void {
    const { bytes, headers } = wholeAnswer(output);
    this.#response.writeHead(safeStatus(output.status), { ...this.#headers(), ...headers });
    this.#end(bytes);
  }

  #fail(failure: OpenAiFailure): void {
    if (this.#response.headersSent) {
      this.#endStream(this.#encoder.broken(failure));
      return;
    }
    const headers = { 'content-type': 'application/json; charset=utf-8', ...VARY, ...failureHeaders(failure) };
    this.#response.writeHead(failure.status, { ...this.#headers(), ...headers });
    this.#end(JSON.stringify(this.#encoder.failure(failure)));
  }

  /** Nothing for an empty text. The limit holds for the bytes before this event, since one event may be large. */
  #write(text: string): void {
    if (text === '') return;
    const response = this.#response;
    if (response.writableLength > MAX_UNREAD_BYTES) {
      response.destroy();
      this.#abandon('client_too_slow');
      return;
    }
    this.#beginStream();
    response.write(text);
  }

  #beginStream(): void {
    if (this.#response.headersSent) return;
    const headers = { 'content-type': this.#encoder.contentType, 'x-accel-buffering': 'no' };
    this.#response.writeHead(200, { ...this.#headers(), ...headers });
  }

  #endStream(text: string): void {
    this.#beginStream();
    this.#end(text);
  }

  #headers(): Record<string, string> {
    const node = this.#nodeId === null ? {} : nodeHeaders(this.#nodeId, this.#options.job, this.#route);
    return { ...answerHeaders(this.#request), ...this.#encoder.headers(), ...node };
  }

  #keepAliveLater(): void {
    const { keepAlive } = this.#request.format;
    if (keepAlive === null) return;
    this.#keepAlive = this.#options.clock.setTimer(KEEP_ALIVE_MS, () => {
      this.#keepAliveLater();
      this.#write(keepAlive);
    });
  }

  #end(last: Buffer | string): void {
    this.#stop();
    this.#response.end(last);
  }

  /** The client has disconnected, or is disconnected here. */
  #abandon(reason: CancelReason): void {
    if (this.#hasEnded) return;
    this.#stop();
    this.#cancelJob(reason);
  }

  #stop(): void {
    this.#hasEnded = true;
    this.#keepAlive?.cancel();
    this.#unfollow?.();
  }

  /** Has no effect on a job that has ended meanwhile. */
  #cancelJob(reason: CancelReason): void {
    this.#options.job.cancel(reason);
  }
}
