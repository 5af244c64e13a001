// Types and functions that the routes of the OpenAI API share: the interface to the pool, the id of a request, model ids in paths, errors.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Explanation, JobRequirementsView } from '../../../../shared/api/dispatch';
import type { TaskKind } from '../../../../shared/protocol/task-kinds';
import type { TaskOffer } from '../../dispatch/model-offers';
import type { PoolModel } from '../../dispatch/pool-models';
import type { OtherError } from '../route';
import { POOL_ERRORS, type PoolErrorCode } from './core/openai-error';

/** The part of the pool that the OpenAI API reads. */
export interface OpenAiPool {
  /** The models that are ready on a node. */
  readyModels(): Promise<readonly PoolModel[]>;
  /** Null: no node has the model. */
  model(modelId: string): Promise<PoolModel | null>;
  /** Null: no such node. */
  nodeName(nodeId: string): string | null;
  /** Whether the pool can run a task on a model, now or later. */
  offerOf(modelId: string, task: TaskKind): TaskOffer;
  /** Whether each node that has the model reported this task of it. */
  allReport(modelId: string, task: TaskKind): boolean;
  /** `nodeLimit`: the exclusions of at most this many nodes are listed. The counts cover all nodes. */
  explain(job: JobRequirementsView, nodeLimit?: number): Explanation;
}

/** The `X-Request-Id` of the client where it is safe in a header, a log and a job, else a new id. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : `req_${randomUUID()}`;
}

/** The `X-Client-Request-Id` of the client where it is safe in a header. */
export function echoedHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const given = headers['x-client-request-id'];
  return typeof given === 'string' && /^[!-~]{1,128}$/.test(given) ? { 'x-client-request-id': given } : {};
}

const MODEL_PREFIX = '/v1/models/';

/** Encodes the slashes of a model id, since not every client writes them as `%2F` in `/v1/models/{model}`. */
export function withModelInOnePart(url: string): string {
  if (!url.startsWith(MODEL_PREFIX)) return url;
  const [model = '', ...query] = url.slice(MODEL_PREFIX.length).split('?');
  return [MODEL_PREFIX + model.replaceAll('/', '%2F'), ...query].join('?');
}

/** Error codes of the pool for the OpenAPI document. */
export const describedErrors = (codes: readonly PoolErrorCode[]): readonly OtherError[] =>
  codes.map((code) => ({ status: POOL_ERRORS[code].status, code, text: POOL_ERRORS[code].en }));
