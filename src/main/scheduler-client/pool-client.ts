// A pool over the HTTP API of its scheduler (api §1): operations as requests, events as a stream that resumes after a lost connection.
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { clusterSchema, type ClusterView } from '../../shared/api/cluster';
import { type Exclusions, type Explanation, exclusionsSchema, explanationSchema, type ExplainRequest } from '../../shared/api/dispatch';
import { type JobAccepted, jobAcceptedViewSchema, type JobList, jobListSchema, type JobView, jobViewSchema } from '../../shared/api/job';
import { type CancelledJobs, cancelledJobsSchema } from '../../shared/api/job-acts';
import { type CallerView, callerViewSchema } from '../../shared/api/members';
import { type ModelAct, type ModelActAnswer, modelActAnswerSchema } from '../../shared/api/model-control';
import { type NodeHistory, nodeHistorySchema, type NodeRange } from '../../shared/api/node-history';
import { type NodeView, nodeViewSchema, type PoolEvent, poolEventSchema } from '../../shared/api/node-view';
import { type MissingModels, missingModelsSchema } from '../../shared/api/missing-models';
import { type PoolFailures, poolFailuresSchema } from '../../shared/api/pool-failures';
import { type PoolHistory, poolHistorySchema, type PoolRange, type PoolTotals, poolTotalsSchema } from '../../shared/api/pool-history';
import { type ModelNodes, modelNodesSchema, type ReadyPoolModel } from '../../shared/api/pool-models';
import { type Usage, type UsageQuery, usageSchema } from '../../shared/api/usage';
import { validate } from '../../shared/protocol/decode';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { keepEventStream } from './event-stream';
import { HttpClient, type HttpClientOptions } from './http-client';
import type { Done, DrainRequest, PoolJobsQuery, PoolPort, QuarantineRequest } from '../contracts/ports';
import { readyModelsOf } from './ready-models';

export interface PoolClientOptions extends HttpClientOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An answer whose body the caller does not use. */
const ignoredBody = z.looseObject({}).transform(() => undefined);

export class PoolClient implements PoolPort {
  readonly #options: PoolClientOptions;
  readonly #client: HttpClient;

  constructor(options: PoolClientOptions) {
    this.#options = options;
    this.#client = new HttpClient(options);
  }

  subscribe(listener: (event: PoolEvent) => void, onConnection?: (isConnected: boolean) => void): () => void {
    const { clock, logger } = this.#options;
    const decode = (value: object) => validate(value, poolEventSchema);
    return keepEventStream({ client: this.#client, path: '/api/v1/events', decode, onEvent: listener, onConnection, clock, logger });
  }

  /** Who this client is for the scheduler. */
  session(): Promise<Outcome<CallerView>> {
    return this.#client.ask({ method: 'GET', path: '/api/v1/session' }, callerViewSchema);
  }

  node(nodeId: string): Promise<Outcome<NodeView>> {
    return this.#client.ask({ method: 'GET', path: nodePath(nodeId) }, nodeViewSchema);
  }

  nodeHistory(nodeId: string, range: NodeRange): Promise<Outcome<NodeHistory>> {
    return this.#client.ask({ method: 'GET', path: `${nodePath(nodeId)}/history?range=${range}`, answer: 'list' }, nodeHistorySchema);
  }

  models(): Promise<Outcome<readonly ReadyPoolModel[]>> {
    return readyModelsOf(this.#client);
  }

  nodesWithModel(text: string): Promise<Outcome<ModelNodes>> {
    return this.#client.ask(
      { method: 'GET', path: `/api/v1/models/nodes?model=${encodeURIComponent(text)}`, answer: 'list' },
      modelNodesSchema,
    );
  }

  drain(nodeId: string, request: DrainRequest): Promise<Outcome<NodeView>> {
    return this.#client.ask({ method: 'POST', path: `${nodePath(nodeId)}/drain`, body: request }, nodeViewSchema);
  }

  resume(nodeId: string): Promise<Outcome<NodeView>> {
    return this.#client.ask({ method: 'POST', path: `${nodePath(nodeId)}/resume`, body: {} }, nodeViewSchema);
  }

  quarantine(nodeId: string, request: QuarantineRequest): Promise<Outcome<NodeView>> {
    return this.#client.ask({ method: 'POST', path: `${nodePath(nodeId)}/quarantine`, body: request }, nodeViewSchema);
  }

  release(nodeId: string): Promise<Outcome<NodeView>> {
    return this.#client.ask({ method: 'POST', path: `${nodePath(nodeId)}/release`, body: {} }, nodeViewSchema);
  }

  setTags(nodeId: string, tags: readonly string[]): Promise<Outcome<NodeView>> {
    return this.#client.ask({ method: 'PUT', path: `${nodePath(nodeId)}/tags`, body: { tags } }, nodeViewSchema);
  }

  controlModel({ node_id: nodeId, model_id: modelId, action }: ModelAct): Promise<Outcome<ModelActAnswer>> {
    const path = `${nodePath(nodeId)}/models/${encodeURIComponent(modelId)}/${action}`;
    return this.#client.ask({ method: 'POST', path, body: {} }, modelActAnswerSchema);
  }

  remove(nodeId: string): Promise<Done> {
    return this.#client.ask({ method: 'DELETE', path: nodePath(nodeId) }, ignoredBody);
  }

  explain(request: ExplainRequest): Promise<Outcome<Explanation>> {
    return this.#client.ask({ method: 'POST', path: '/api/v1/dispatch/explain', body: request, answer: 'list' }, explanationSchema);
  }

  exclusions(): Promise<Outcome<Exclusions>> {
    return this.#client.ask({ method: 'GET', path: '/api/v1/dispatch/exclusions', answer: 'list' }, exclusionsSchema);
  }

  resetExclusions(): Promise<Done> {
    return this.#client.ask({ method: 'DELETE', path: '/api/v1/dispatch/exclusions' }, ignoredBody);
  }

  jobs({ status = [], ...query }: PoolJobsQuery): Promise<Outcome<JobList>> {
    const search = searchOf({ ...query, ...(status.length === 0 ? {} : { status: status.join(',') }) });
    return this.#client.ask({ method: 'GET', path: `/api/v1/jobs?${search}`, answer: 'list' }, jobListSchema);
  }

  job(jobId: string): Promise<Outcome<JobView>> {
    return this.#client.ask({ method: 'GET', path: jobPath(jobId), answer: 'job' }, jobViewSchema);
  }

  cancelJob(jobId: string): Promise<Done> {
    return this.#client.ask({ method: 'DELETE', path: jobPath(jobId), answer: 'job' }, ignoredBody);
  }

  cancelJobs(jobIds: readonly string[]): Promise<Outcome<CancelledJobs>> {
    return this.#client.ask({ method: 'POST', path: '/api/v1/jobs/cancel', body: { job_ids: jobIds } }, cancelledJobsSchema);
  }

  retryJob(jobId: string): Promise<Outcome<JobAccepted>> {
    return this.#client.ask({ method: 'POST', path: `${jobPath(jobId)}/retry`, body: {} }, jobAcceptedViewSchema);
  }

  totals(): Promise<Outcome<PoolTotals>> {
    return this.#client.ask({ method: 'GET', path: '/api/v1/pool/totals' }, poolTotalsSchema);
  }

  history(range: PoolRange): Promise<Outcome<PoolHistory>> {
    return this.#client.ask({ method: 'GET', path: `/api/v1/pool/history?range=${range}`, answer: 'list' }, poolHistorySchema);
  }

  missingModels(): Promise<Outcome<MissingModels>> {
    return this.#client.ask({ method: 'GET', path: '/api/v1/models/missing', answer: 'list' }, missingModelsSchema);
  }

  failures(limit: number): Promise<Outcome<PoolFailures>> {
    return this.#client.ask({ method: 'GET', path: `/api/v1/pool/failures?limit=${String(limit)}`, answer: 'list' }, poolFailuresSchema);
  }

  usage(query: UsageQuery): Promise<Outcome<Usage>> {
    return this.#client.ask(
      { method: 'GET', path: `/api/v1/usage?${searchOf({ ...query, format: 'json' })}`, answer: 'list' },
      usageSchema,
    );
  }

  cluster(): Promise<Outcome<ClusterView>> {
    return this.#client.ask({ method: 'GET', path: '/api/v1/cluster' }, clusterSchema);
  }

  stepDown(): Promise<Done> {
    return this.#client.ask({ method: 'POST', path: '/api/v1/cluster/step-down', body: {} }, ignoredBody);
  }
}

const searchOf = (query: Readonly<Record<string, string | number | boolean | undefined>>): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();

const nodePath = (nodeId: string): string => `/api/v1/nodes/${encodeURIComponent(nodeId)}`;
const jobPath = (jobId: string): string => `/api/v1/jobs/${encodeURIComponent(jobId)}`;
