// The operations of operators on the pool, for the HTTP routes and for the rest of the program.
import type { Done, DrainRequest, JoinRequests, PoolJobsQuery, PoolPort, QuarantineRequest } from '../../contracts/ports';
import type { PoolHistoryPort, UsagePort } from '../../contracts/history-ports';
import type { AppError, Outcome } from '../../../shared/api/app-api';
import type { Change } from '../../../shared/api/what-if';
import type { ExplainRequest, Exclusions, Explanation, ModelName } from '../../../shared/api/dispatch';
import type { JobAccepted, JobList, JobView } from '../../../shared/api/job';
import type { CancelledJobs } from '../../../shared/api/job-acts';
import { MAX_ACT_WAIT_MS, type ModelAct, type ModelActAnswer } from '../../../shared/api/model-control';
import type { NodeHistory, NodeRange } from '../../../shared/api/node-history';
import type { NodeView, PoolEvent } from '../../../shared/api/node-view';
import type { MissingModels } from '../../../shared/api/missing-models';
import type { PoolFailures } from '../../../shared/api/pool-failures';
import type { PoolHistory, PoolRange, PoolTotals } from '../../../shared/api/pool-history';
import type { ModelNodes, ReadyPoolModel } from '../../../shared/api/pool-models';
import type { Usage, UsageQuery } from '../../../shared/api/usage';
import { AUTO_MODEL, type ModelAliases, modelNames } from '../../../shared/model-aliases';
import { type ErrorCode, messageIn } from '../../../shared/protocol/codes';
import { fail, ok, type Result } from '../../../shared/result';
import { ownTurn } from '../../platform/own-turn';
import { figuresOf } from '../dispatch/pool-models';
import type { JobsPort, RetryJob } from '../jobs/jobs-port';
import { cancelRefusal, type Refusal, retryRefusal, unknownJob } from '../jobs/refusals';
import type { NodeEvent, RefusalCode } from '../lifecycle/events';
import type { ActRefusal, ControlFailure } from '../nodes/control-requests';
import { cancelEach } from '../jobs/cancel-each';
import { inTurns } from '../../platform/in-turns';
import type { Pool } from './pool';
import { followInTurns } from './pool-follower';

const DAY_MS = 24 * 3_600_000;

export interface SchedulerPoolOptions {
  readonly pool: Pool;
  readonly jobs: JobsPort;
  readonly retry: RetryJob;
  readonly joinRequests: Pick<JoinRequests, 'list' | 'subscribe'>;
  readonly history: PoolHistoryPort;
  readonly usage: UsagePort;
  readonly cluster: Pick<PoolPort, 'cluster' | 'stepDown'>;
  readonly modelAliases: () => ModelAliases;
  /** For the program itself, which may use every model. */
  readonly nameModels: NameModels;
}

/** Replaces aliases and `auto` by models, for one caller. */
export type NameModels = (request: ExplainRequest) => Promise<Outcome<NamedRequest>>;

interface NamedRequest {
  readonly request: ExplainRequest;
  readonly names: ModelName[];
}

export class SchedulerPool implements PoolPort {
  readonly cluster: PoolPort['cluster'];
  readonly stepDown: PoolPort['stepDown'];
  readonly #pool: Pool;
  readonly #jobs: JobsPort;
  readonly #retry: RetryJob;
  readonly #joinRequests: Pick<JoinRequests, 'list' | 'subscribe'>;
  readonly #history: PoolHistoryPort;
  readonly #usage: UsagePort;
  readonly #modelAliases: SchedulerPoolOptions['modelAliases'];
  readonly #nameModels: SchedulerPoolOptions['nameModels'];

  constructor({ pool, jobs, retry, joinRequests, history, usage, cluster, modelAliases, nameModels }: SchedulerPoolOptions) {
    this.cluster = cluster.cluster;
    this.stepDown = cluster.stepDown;
    this.#pool = pool;
    this.#jobs = jobs;
    this.#retry = retry;
    this.#joinRequests = joinRequests;
    this.#history = history;
    this.#usage = usage;
    this.#modelAliases = modelAliases;
    this.#nameModels = nameModels;
  }

  subscribe(listener: (event: PoolEvent) => void): () => void {
    const sendJoinRequests = (): void => {
      listener({ type: 'join_requests', join_requests: [...this.#joinRequests.list()] });
    };
    const stopPool = followInTurns(this.#pool, listener);
    const stopRequests = this.#joinRequests.subscribe(sendJoinRequests);
    if (this.#joinRequests.list().length > 0) sendJoinRequests();
    return () => {
      stopPool();
      stopRequests();
    };
  }

  drain(nodeId: string, request: DrainRequest): Promise<Outcome<NodeView>> {
    const { timeout_seconds: timeoutSeconds, reason } = request;
    const timeoutMs = timeoutSeconds === undefined ? null : timeoutSeconds * 1000;
    return this.#operateOn(nodeId, { type: 'drain_requested', by: 'operator', reason: reason ?? null, timeoutMs });
  }

  resume(nodeId: string): Promise<Outcome<NodeView>> {
    return this.#operateOn(nodeId, { type: 'resume_requested', by: 'operator' });
  }

  quarantine(nodeId: string, { reason }: QuarantineRequest): Promise<Outcome<NodeView>> {
    return this.#operateOn(nodeId, { type: 'quarantine_requested', reason: reason ?? null });
  }

  release(nodeId: string): Promise<Outcome<NodeView>> {
    return this.#operateOn(nodeId, { type: 'release_requested' });
  }

  setTags(nodeId: string, tags: readonly string[]): Promise<Outcome<NodeView>> {
    return this.#operateOn(nodeId, { type: 'tags_set', tags });
  }

  remove(nodeId: string): Promise<Done> {
    return this.#operate(nodeId, { type: 'removed' });
  }

  async controlModel(act: ModelAct): Promise<Outcome<ModelActAnswer>> {
    const { node_id: nodeId, model_id: modelId, action } = act;
    const started = this.#pool.modelControl.start({ nodeId, modelId, action, isAutomatic: false });
    if (!started.ok) return actRefused(act, started.error);
    const end = await this.#pool.modelControl.within(started.value.ended, MAX_ACT_WAIT_MS);
    if (end === null) return ok({ ...act, state: 'started' });
    return end.ok ? ok({ ...act, state: 'done' }) : actFailed(act, end.error);
  }

  node(nodeId: string): Promise<Outcome<NodeView>> {
    const node = this.#pool.views.node(nodeId);
    return Promise.resolve(node === null ? refused(nodeId, 'unknown_node') : ok(node));
  }

  async models(): Promise<Outcome<readonly ReadyPoolModel[]>> {
    const ready = await this.#pool.views.readyModels();
    const namesOf = modelNames(this.#modelAliases());
    return ok(
      ready.map(({ modelId, kind, tasks, nodesReady, nodesLoaded, nodesFailing, ...figures }) => ({
        model_id: modelId,
        kind,
        tasks: tasks === null ? null : [...tasks],
        nodes_ready: nodesReady,
        nodes_loaded: nodesLoaded,
        ...(nodesFailing === 0 ? {} : { nodes_failing: nodesFailing }),
        ...figuresOf(figures),
        ...namesOf(modelId),
      })),
    );
  }

  async nodesWithModel(text: string): Promise<Outcome<ModelNodes>> {
    const sought = text.toLowerCase();
    const found: string[] = [];
    await inTurns(this.#pool.views.nodeIds(), (nodeId) => {
      const models = this.#pool.record(nodeId)?.profile.installedModels ?? [];
      if (models.some(({ modelId }) => modelId.toLowerCase().includes(sought))) found.push(nodeId);
      return models.length;
    });
    return ok({ node_ids: found });
  }

  /** Each change is judged in its own turn of the event loop. */
  async explain(asked: ExplainRequest, nameModels = this.#nameModels): Promise<Outcome<Explanation>> {
    const named = await nameModels(asked);
    if (!named.ok) return named;
    const { request, names } = named.value;
    const { node_limit: nodeLimit, input_tokens, output_tokens, grouped, what_if: changes = [], ...job } = request;
    const { views } = this.#pool;
    const unknown = changes.map(nodeOf).find((nodeId) => nodeId !== null && this.#pool.record(nodeId) === undefined);
    if (unknown != null) return refused(unknown, 'unknown_node');
    const size = { input: input_tokens ?? null, output: output_tokens ?? null };
    const explanation = views.explain(job, nodeLimit, size);
    if (names.length > 0) explanation.names = names;
    if (grouped === true) explanation.groups = await views.reasonGroups(job);
    for (const change of changes) {
      await ownTurn();
      (explanation.what_if ??= []).push(await views.whatIf(job, change, size));
    }
    return ok(explanation);
  }

  exclusions(): Promise<Outcome<Exclusions>> {
    return Promise.resolve(ok(this.#pool.views.exclusions()));
  }

  resetExclusions(): Promise<Done> {
    this.#pool.dispatcher.resetExclusions();
    return Promise.resolve(ok(undefined));
  }

  async jobs({ status, ...query }: PoolJobsQuery): Promise<Outcome<JobList>> {
    return ok(
      await this.#jobs.list({
        limit: query.limit,
        cursor: query.cursor ?? null,
        statuses: status ?? [],
        model: query.model ?? null,
        nodeId: query.node_id ?? null,
        key: query.key ?? null,
        search: query.search ?? null,
        hasLiveParts: query.live !== false,
      }),
    );
  }

  async job(jobId: string): Promise<Outcome<JobView>> {
    const job = await this.#jobs.get(jobId);
    return job === null ? failed(unknownJob(jobId)) : ok(job);
  }

  async cancelJob(jobId: string): Promise<Done> {
    const cancelled = await this.#jobs.cancel(jobId, 'requested');
    if (cancelled.ok) return ok(undefined);
    return failed(cancelRefusal(jobId, cancelled.error));
  }

  async cancelJobs(jobIds: readonly string[]): Promise<Outcome<CancelledJobs>> {
    return ok(await cancelEach(this.#jobs, jobIds));
  }

  async retryJob(jobId: string): Promise<Outcome<JobAccepted>> {
    const retried = await this.#retry(jobId);
    if (!retried.ok) return failed(retryRefusal(jobId, retried.error));
    return ok({ job_id: retried.value.jobId, status: retried.value.status });
  }

  async totals(): Promise<Outcome<PoolTotals>> {
    return ok(await this.#history.totals());
  }

  history(range: PoolRange): Promise<Outcome<PoolHistory>> {
    return Promise.resolve(ok(this.#history.history(range)));
  }

  nodeHistory(nodeId: string, range: NodeRange): Promise<Outcome<NodeHistory>> {
    const history = this.#history.nodeHistory(nodeId, range);
    return Promise.resolve(history === null ? refused(nodeId, 'unknown_node') : ok(history));
  }

  async missingModels(): Promise<Outcome<MissingModels>> {
    const aliases = this.#modelAliases();
    const isName = (asked: string): boolean => asked === AUTO_MODEL || aliases.has(asked);
    return ok(await this.#history.missingModels((asked) => this.#pool.dispatcher.hasModel(asked) || isName(asked)));
  }

  async failures(limit: number): Promise<Outcome<PoolFailures>> {
    return ok(await this.#jobs.failures({ sinceWallMs: this.#pool.now().wallMs - DAY_MS, limit }));
  }

  async usage(query: UsageQuery): Promise<Outcome<Usage>> {
    const usage = await this.#usage.usage(query);
    return usage === null ? fail(appError('LIMIT_REACHED', { limit: 'usage_queries' })) : ok(usage);
  }

  /** Returns the node after the operation, without its models. */
  async #operateOn(nodeId: string, event: NodeEvent): Promise<Outcome<NodeView>> {
    const done = await this.#operate(nodeId, event);
    if (!done.ok) return done;
    const node = this.#pool.views.listedNode(nodeId);
    return node === null ? refused(nodeId, 'unknown_node') : ok(node);
  }

  async #operate(nodeId: string, event: NodeEvent): Promise<Done> {
    const failure = await this.#pool.applyDurably(nodeId, event);
    if (failure === null) return ok(undefined);
    return failure === 'write_failed' ? fail(appError('INTERNAL_ERROR', {})) : refused(nodeId, failure);
  }
}

function refused(nodeId: string, refusal: RefusalCode): Result<never, AppError> {
  const details = { node_id: nodeId, reason: refusal };
  return fail(appError(refusal === 'unknown_node' ? 'NOT_FOUND' : 'INVALID_STATE', details));
}

function actRefused(act: ModelAct, refusal: ActRefusal): Result<never, AppError> {
  const { code: reason, ...figures } = refusal;
  if (reason === 'unknown_node') return refused(act.node_id, reason);
  return fail(appError('INVALID_STATE', { ...act, reason, ...snakeFigures(figures) }));
}

/** Milliseconds as seconds, rounded up. */
const snakeFigures = ({ leftMs, ...figures }: { readonly leftMs?: number; readonly [name: string]: string | number | undefined }) => ({
  ...Object.fromEntries(Object.entries(figures).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  ...(leftMs === undefined ? {} : { seconds_left: Math.ceil(leftMs / 1000) }),
});

const actFailed = (act: ModelAct, { code: reason, message }: ControlFailure): Result<never, AppError> =>
  fail(appError('INVALID_STATE', { ...act, reason, ...(message === null ? {} : { runtime_message: message }) }));

const failed = ({ code, details }: Refusal): Result<never, AppError> => fail(appError(code, details));

const appError = (code: ErrorCode, details: AppError['details']): AppError => ({ code, message: messageIn(code, 'en', details), details });

const nodeOf = (change: Change): string | null => ('node_id' in change ? change.node_id : null);
