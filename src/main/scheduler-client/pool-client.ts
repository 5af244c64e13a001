// A pool over its scheduler's HTTP API (api §1): acts as requests, what it shows as a stream that is resumed where it broke off.
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { type Exclusions, type Explanation, exclusionsSchema, explanationSchema, type ExplainRequest } from '../../shared/api/dispatch';
import type { JobsQuery } from '../../shared/api/app-job';
import { type JobList, jobListSchema, type JobView, jobViewSchema } from '../../shared/api/job';
import { type NodeView, nodeViewSchema, type PoolEvent, poolEventSchema } from '../../shared/api/node-view';
import { parseJsonObject, validate } from '../../shared/protocol/decode';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { serverEvents } from '../platform/server-events';
import { causeOf, HttpClient, type HttpClientOptions } from './http-client';
import type { Done, DrainRequest, PoolPort } from '../contracts/ports';

export interface HttpPoolOptions extends HttpClientOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An answer whose body says nothing that an operator's act needs. */
const anything = z.looseObject({}).transform(() => ({}));

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5000;

export class HttpPool implements PoolPort {
  private readonly client: HttpClient;

  constructor(private readonly options: HttpPoolOptions) {
    this.client = new HttpClient(options);
  }

  subscribe(listener: (event: PoolEvent) => void): () => void {
    const stream = new PoolEventStream(this.client, this.options, listener);
    return () => {
      stream.stop();
    };
  }

  drain(nodeId: string, request: DrainRequest): Promise<Outcome<NodeView>> {
    return this.client.ask({ method: 'POST', path: `${nodePath(nodeId)}/drain`, body: request }, nodeViewSchema);
  }

  resume(nodeId: string): Promise<Outcome<NodeView>> {
    return this.client.ask({ method: 'POST', path: `${nodePath(nodeId)}/resume`, body: {} }, nodeViewSchema);
  }

  remove(nodeId: string): Promise<Done> {
    return this.client.ask({ method: 'DELETE', path: nodePath(nodeId) }, anything);
  }

  explain(request: ExplainRequest): Promise<Outcome<Explanation>> {
    return this.client.ask({ method: 'POST', path: '/api/v1/dispatch/explain', body: request }, explanationSchema);
  }

  exclusions(): Promise<Outcome<Exclusions>> {
    return this.client.ask({ method: 'GET', path: '/api/v1/dispatch/exclusions' }, exclusionsSchema);
  }

  resetExclusions(): Promise<Done> {
    return this.client.ask({ method: 'DELETE', path: '/api/v1/dispatch/exclusions' }, anything);
  }

  jobs({ status, limit, cursor }: JobsQuery): Promise<Outcome<JobList>> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (status !== undefined) query.set('status', status);
    if (cursor !== undefined) query.set('cursor', cursor);
    return this.client.ask({ method: 'GET', path: `/api/v1/jobs?${query.toString()}` }, jobListSchema);
  }

  job(jobId: string): Promise<Outcome<JobView>> {
    return this.client.ask({ method: 'GET', path: jobPath(jobId) }, jobViewSchema);
  }

  cancelJob(jobId: string): Promise<Done> {
    return this.client.ask({ method: 'DELETE', path: jobPath(jobId) }, anything);
  }
}

const nodePath = (nodeId: string): string => `/api/v1/nodes/${encodeURIComponent(nodeId)}`;
const jobPath = (jobId: string): string => `/api/v1/jobs/${encodeURIComponent(jobId)}`;

/** One subscriber's stream. After a break it asks for what came after the last id; the server answers with that, or with a snapshot. */
class PoolEventStream {
  private readonly stopped = new AbortController();
  private lastId: string | null = null;
  private retryMs = FIRST_RETRY_MS;
  private timer: Timer | null = null;

  constructor(
    private readonly client: HttpClient,
    private readonly options: HttpPoolOptions,
    private readonly listener: (event: PoolEvent) => void,
  ) {
    void this.run();
  }

  stop(): void {
    this.stopped.abort();
    this.timer?.cancel();
  }

  private async run(): Promise<void> {
    let cause = 'ended';
    try {
      await this.read();
    } catch (error) {
      cause = causeOf(error);
    }
    if (this.stopped.signal.aborted) return;
    this.options.logger.log('debug', 'pool_stream_lost', { url: this.options.baseUrl, cause, retry_ms: this.retryMs });
    this.timer = this.options.clock.setTimer(this.retryMs, () => void this.run());
    this.retryMs = Math.min(this.retryMs * 2, MAX_RETRY_MS);
  }

  private async read(): Promise<void> {
    const resume = this.lastId === null ? {} : { 'last-event-id': this.lastId };
    const response = await fetch(this.client.url('/api/v1/events'), {
      headers: { ...this.client.headers(), accept: 'text/event-stream', ...resume },
      redirect: 'error',
      signal: this.stopped.signal,
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP ${String(response.status)}`);
    }
    for await (const { id, data } of serverEvents(response.body)) this.take(id, data);
  }

  private take(id: string | null, data: string): void {
    if (this.stopped.signal.aborted) return;
    const parsed = parseJsonObject(data);
    const event = parsed.ok ? validate(parsed.value, poolEventSchema) : parsed;
    if (!event.ok) {
      // A gap may hide behind it: the next connection starts anew, with a snapshot.
      this.lastId = null;
      throw new Error(`event not understood: ${event.error.field} ${event.error.reason}`);
    }
    this.lastId = id ?? this.lastId;
    this.retryMs = FIRST_RETRY_MS;
    this.listener(event.value);
  }
}
