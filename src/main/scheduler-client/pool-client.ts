// A pool over the HTTP API of its scheduler (api §1): operations as requests, events as a stream that resumes after a lost connection.
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { type Exclusions, type Explanation, exclusionsSchema, explanationSchema, type JobRequirements } from '../../shared/api/dispatch';
import type { JobsQuery } from '../../shared/api/app-job';
import { type JobList, jobListSchema, type JobView, jobViewSchema } from '../../shared/api/job';
import { type PoolEvent, poolEventSchema } from '../../shared/api/node-view';
import { parseJsonObject, validate } from '../../shared/protocol/decode';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { serverEvents } from '../platform/server-events';
import { causeOf, HttpClient, type HttpClientOptions } from './http-client';
import type { Done, DrainRequest, PoolPort } from '../contracts/ports';

export interface PoolClientOptions extends HttpClientOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An answer whose body the caller does not use. */
const ignoredBody = z.looseObject({}).transform(() => undefined);

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5000;

export class PoolClient implements PoolPort {
  readonly #options: PoolClientOptions;
  readonly #client: HttpClient;

  constructor(options: PoolClientOptions) {
    this.#options = options;
    this.#client = new HttpClient(options);
  }

  subscribe(listener: (event: PoolEvent) => void): () => void {
    const stream = new PoolEventStream(this.#client, this.#options, listener);
    return () => {
      stream.stop();
    };
  }

  drain(nodeId: string, request: DrainRequest): Promise<Done> {
    return this.#client.ask({ method: 'POST', path: `${nodePath(nodeId)}/drain`, body: request }, ignoredBody);
  }

  resume(nodeId: string): Promise<Done> {
    return this.#client.ask({ method: 'POST', path: `${nodePath(nodeId)}/resume`, body: {} }, ignoredBody);
  }

  remove(nodeId: string): Promise<Done> {
    return this.#client.ask({ method: 'DELETE', path: nodePath(nodeId) }, ignoredBody);
  }

  explain(requirements: JobRequirements): Promise<Outcome<Explanation>> {
    return this.#client.ask({ method: 'POST', path: '/api/v1/dispatch/explain', body: requirements }, explanationSchema);
  }

  exclusions(): Promise<Outcome<Exclusions>> {
    return this.#client.ask({ method: 'GET', path: '/api/v1/dispatch/exclusions' }, exclusionsSchema);
  }

  resetExclusions(): Promise<Done> {
    return this.#client.ask({ method: 'DELETE', path: '/api/v1/dispatch/exclusions' }, ignoredBody);
  }

  jobs({ status, limit, cursor }: JobsQuery): Promise<Outcome<JobList>> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (status !== undefined) query.set('status', status);
    if (cursor !== undefined) query.set('cursor', cursor);
    return this.#client.ask({ method: 'GET', path: `/api/v1/jobs?${query.toString()}` }, jobListSchema);
  }

  job(jobId: string): Promise<Outcome<JobView>> {
    return this.#client.ask({ method: 'GET', path: jobPath(jobId) }, jobViewSchema);
  }

  cancelJob(jobId: string): Promise<Done> {
    return this.#client.ask({ method: 'DELETE', path: jobPath(jobId) }, ignoredBody);
  }
}

const nodePath = (nodeId: string): string => `/api/v1/nodes/${encodeURIComponent(nodeId)}`;
const jobPath = (jobId: string): string => `/api/v1/jobs/${encodeURIComponent(jobId)}`;

/** The stream of one subscriber. After a lost connection it requests the events after the last id. The server sends those, or a snapshot. */
class PoolEventStream {
  readonly #client: HttpClient;
  readonly #options: PoolClientOptions;
  readonly #listener: (event: PoolEvent) => void;
  readonly #stopped = new AbortController();
  #lastId: string | null = null;
  #retryMs = FIRST_RETRY_MS;
  #timer: Timer | null = null;

  constructor(client: HttpClient, options: PoolClientOptions, listener: (event: PoolEvent) => void) {
    this.#client = client;
    this.#options = options;
    this.#listener = listener;
    void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    let cause = 'ended';
    try {
      await this.#read();
    } catch (error) {
      cause = causeOf(error);
    }
    if (this.#stopped.signal.aborted) return;
    this.#options.logger.log('debug', 'pool_stream_lost', { url: this.#options.baseUrl, cause, retry_ms: this.#retryMs });
    this.#timer = this.#options.clock.setTimer(this.#retryMs, () => void this.#run());
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  async #read(): Promise<void> {
    const resume = this.#lastId === null ? {} : { 'last-event-id': this.#lastId };
    const response = await fetch(this.#client.url('/api/v1/events'), {
      headers: { ...this.#client.headers(), accept: 'text/event-stream', ...resume },
      redirect: 'error',
      signal: this.#stopped.signal,
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP ${String(response.status)}`);
    }
    for await (const { id, data } of serverEvents(response.body)) this.#take(id, data);
  }

  #take(id: string | null, data: string): void {
    if (this.#stopped.signal.aborted) return;
    const parsed = parseJsonObject(data);
    const event = parsed.ok ? validate(parsed.value, poolEventSchema) : parsed;
    if (!event.ok) {
      // The unknown event may be a change that is missing later: the next connection starts with a snapshot.
      this.#lastId = null;
      throw new Error(`invalid event: ${event.error.field} ${event.error.reason}`);
    }
    this.#lastId = id ?? this.#lastId;
    this.#retryMs = FIRST_RETRY_MS;
    this.#listener(event.value);
  }
}
