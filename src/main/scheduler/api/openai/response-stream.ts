// One job's way back to the client that waits for it: an answer, a stream of events, or an error with its right status as long as
// nothing was sent. What an event means is decided in relay-state; here it is written. A client that goes takes its job along.
import type { ServerResponse } from 'node:http';
import { assertNever } from '../../../../shared/assert-never';
import type { CancelReason, JobEvent } from '../../../../shared/api/job';
import type { Language, Localized } from '../../../../shared/language';
import type { OpenAiOutput } from '../../../../shared/protocol/tasks';
import type { Clock, Timer } from '../../../platform/clock';
import type { JobsPort } from '../../jobs/jobs-port';
import { VARY } from '../../access/error-body';
import { SECURITY_HEADERS } from '../security-headers';
import { jobFailure } from './core/job-failure';
import { failureHeaders, openAiBody, type OpenAiFailure, poolFailure } from './core/openai-error';
import type { OpenAiPool } from './openai-pool';
import { BREAK_WORDS, onJobEvent, type RelayAct, type ResponseState, startRelay } from './core/response-state';
import { refusalEvent } from './core/whole-answer';

/** While a node works in silence, so that nothing between takes it for death. Before a node has it nothing is sent at all. */
const KEEP_ALIVE_MS = 15_000;
/** More than this unread, and the client is cut off: it does not read as fast as a model writes. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

const UNKNOWN_JOB: Localized = { en: 'the job is not known any more', zh: '任务已不存在' };

export interface RelayParts {
  readonly jobs: JobsPort;
  readonly pool: OpenAiPool;
  readonly clock: Clock;
}

export interface RelayRequest {
  readonly jobId: string;
  readonly requestId: string;
  readonly streams: boolean;
  /** Of the errors. */
  readonly language: Language;
}

/** Takes the response over, to its end. */
export class ResponseStream {
  readonly #parts: RelayParts;
  readonly #request: RelayRequest;
  readonly #response: ServerResponse;
  #state: ResponseState;
  #nodeId: string | null = null;
  #hasEnded = false;
  #isLastCall = false;
  #unfollow: (() => void) | null = null;
  #keepAlive: Timer | null = null;

  constructor(parts: RelayParts, request: RelayRequest, response: ServerResponse) {
    this.#parts = parts;
    this.#request = request;
    this.#response = response;
    this.#state = startRelay(request.streams);
  }

  start(): void {
    const response = this.#response;
    response.on('error', () => undefined);
    response.on('close', () => {
      this.#leave('client_gone');
    });
    if (response.destroyed) {
      this.#leave('client_gone');
      return;
    }
    this.#unfollow = this.#parts.jobs.follow(this.#request.jobId, (event) => {
      this.#take(event);
    });
    if (this.#unfollow === null) this.#fail(poolFailure('job_failed', { reason: UNKNOWN_JOB }));
    else if (this.#hasEnded) this.#unfollow();
  }

  /** The scheduler will stop: what a node has may still end, what waits for one will get none. */
  stopSoon(): void {
    this.#isLastCall = true;
    if (this.#nodeId === null) this.stop();
  }

  /** The scheduler stops: nobody will be there to pass an answer on. */
  stop(): void {
    if (this.#hasEnded) return;
    this.#fail(poolFailure('scheduler_stopping'));
    this.#cancelJob('scheduler_stopping');
  }

  #take(event: JobEvent): void {
    if (this.#hasEnded) return;
    const [state, act] = onJobEvent(this.#state, event);
    this.#state = state;
    this.#perform(act);
  }

  #perform(act: RelayAct): void {
    switch (act.type) {
      case 'wait':
        return;
      case 'assigned':
        this.#nodeId = act.nodeId;
        if (this.#request.streams && this.#keepAlive === null) this.#keepAliveLater();
        return;
      case 'chunk':
        this.#writeEvent(`data: ${JSON.stringify(act.data)}\n\n`);
        return;
      case 'answer':
        this.#nodeId = act.nodeId;
        this.#answer(act.output);
        return;
      case 'finish':
        this.#nodeId = act.nodeId;
        this.#endStream([...act.events.map((event) => JSON.stringify(event)), '[DONE]']);
        return;
      case 'fail':
        this.#nodeId = act.job.node_id;
        this.#fail(jobFailure(act.job, (nodeLimit) => this.#parts.pool.explain(act.job.requirements, nodeLimit)));
        return;
      case 'broken': {
        const { reason, error } = act;
        const muster = { reason, error_code: error?.code ?? null };
        const failure = poolFailure('stream_broken', { reason: error?.message ?? BREAK_WORDS[reason], muster });
        this.#fail(this.#isLastCall ? poolFailure('scheduler_stopping') : failure);
        // The others are found when the job has succeeded.
        if (reason !== 'not_streamed' && reason !== 'no_answer') this.#cancelJob(reason);
        return;
      }
      default:
        assertNever(act);
    }
  }

  /** A runtime's own refusal of the request passes through as it is; into a stream that has begun, as its last event. */
  #answer(output: OpenAiOutput): void {
    if (this.#response.headersSent) {
      this.#endStream([JSON.stringify(refusalEvent(output, this.#request.language))]);
      return;
    }
    const isJson = 'body' in output;
    const bytes = isJson ? Buffer.from(JSON.stringify(output.body)) : Buffer.from(output.base64, 'base64');
    const contentType = isJson ? 'application/json; charset=utf-8' : safeContentType(output.content_type);
    const headers = { 'content-type': contentType, 'content-length': String(bytes.length) };
    this.#response.writeHead(safeStatus(output.status), { ...this.#headers(), ...headers });
    this.#end(bytes);
  }

  #fail(failure: OpenAiFailure): void {
    const text = JSON.stringify(openAiBody(failure, this.#request.language));
    if (this.#response.headersSent) {
      this.#endStream([text]);
      return;
    }
    const headers = { 'content-type': 'application/json; charset=utf-8', ...VARY, ...failureHeaders(failure) };
    this.#response.writeHead(failure.status, { ...this.#headers(), ...headers });
    this.#end(text);
  }

  /** What was unread before this event counts: one may be large by itself. */
  #writeEvent(text: string): void {
    const response = this.#response;
    if (response.writableLength > MAX_UNREAD_BYTES) {
      response.destroy();
      this.#leave('client_too_slow');
      return;
    }
    this.#beginStream();
    response.write(text);
  }

  #beginStream(): void {
    if (this.#response.headersSent) return;
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
    this.#response.writeHead(200, { ...this.#headers(), ...headers });
  }

  #endStream(events: readonly string[]): void {
    this.#beginStream();
    this.#end(events.map((data) => `data: ${data}\n\n`).join(''));
  }

  #headers(): Record<string, string> {
    const { jobId, requestId } = this.#request;
    const node = this.#nodeId === null ? {} : { 'x-muster-node': this.#nodeId };
    return { ...SECURITY_HEADERS, 'cache-control': 'no-store', 'x-request-id': requestId, 'x-muster-job': jobId, ...node };
  }

  #keepAliveLater(): void {
    this.#keepAlive = this.#parts.clock.setTimer(KEEP_ALIVE_MS, () => {
      this.#keepAliveLater();
      this.#writeEvent(': keep-alive\n\n');
    });
  }

  #end(last: Buffer | string): void {
    this.#stop();
    this.#response.end(last);
  }

  /** Nobody is there to answer to. */
  #leave(reason: CancelReason): void {
    if (this.#hasEnded) return;
    this.#stop();
    this.#cancelJob(reason);
  }

  #stop(): void {
    this.#hasEnded = true;
    this.#keepAlive?.cancel();
    this.#unfollow?.();
  }

  /** What had ended meanwhile needs no cancelling. */
  #cancelJob(reason: CancelReason): void {
    void this.#parts.jobs.cancel(this.#request.jobId, reason);
  }
}

/** From a node: a status that is none would throw. */
const safeStatus = (status: number): number => (status >= 200 && status <= 599 ? status : 502);

/** Sound, pictures and text come as what they are; nothing that a browser would run does. */
const safeContentType = (type: string): string =>
  /^(?:audio|video|image|text)\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/.test(type) && !/^(?:image\/svg|text\/html)/i.test(type)
    ? type
    : 'application/octet-stream';
