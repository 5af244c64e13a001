// The fake program behind a page of the gallery: it has one state, and answers with the fixtures.
import type { AgentView, ModelView } from '../src/shared/api/agent-view';
import type { OperationName, OperationParams, Outcome } from '../src/shared/api/app-api';
import type { AppEvent, AppSnapshot } from '../src/shared/api/app-state';
import type { AppJob, AppJobs } from '../src/shared/api/app-job';
import type { ClusterView } from '../src/shared/api/cluster';
import type { Exclusions } from '../src/shared/api/dispatch';
import type { LogPage } from '../src/shared/api/logs';
import type { MissingModels } from '../src/shared/api/missing-models';
import { causeOfLoss, isInOtherPool, isPoolAwaited } from '../src/shared/api/own-host';
import type { RememberedPoolView } from '../src/shared/api/remembered-pools';
import { fail, ok } from '../src/shared/result';
import { clusterOfThree, schedulerAlone } from '../tests/fixtures/app-states/clusters';
import { exclusions, exclusionsOfMany, failedSteps } from '../tests/fixtures/app-states/answers';
import { type FakeApi, fakeApi } from '../tests/fixtures/app-states/fake-api';
import { createdKey, inviteLinks, networkReport, trustOf } from '../tests/fixtures/app-states/trust';
import { failures, missingModels, NO_FAILURES, totalsOf } from '../tests/fixtures/app-states/pool-figures';
import { explain } from '../tests/fixtures/app-states/explained';
import { FIRST_LINES } from '../tests/fixtures/app-states/logs';
import { withUse } from '../tests/fixtures/app-states/node-history';
import { readyModels } from '../tests/fixtures/app-states/sample-models';
import { poolModels } from '../tests/fixtures/app-states/own-models';
import { failuresIn, jobsOf, totalsWithJobs } from '../tests/fixtures/app-states/open-jobs';
import { settingsOf } from '../tests/fixtures/app-states/settings';
import { isNewPool, ownPoolAlone, rememberedPools, seesOwnAlone } from '../tests/fixtures/app-states/pools';
import { JOBS, textContent, errorContent } from '../tests/fixtures/app-states/jobs';
import { noUsage, usageAnswer } from '../tests/fixtures/app-states/usage';
import { isLarge, partsOf } from '../tests/fixtures/app-states/usage-parts';
import { LARGE_JOBS, waitingPage } from '../tests/fixtures/app-states/waiting-jobs';

const ANSWERS: Partial<Record<OperationName, Outcome<unknown>>> = {
  'join.test': ok({ steps: failedSteps }),
  'keys.create': ok(createdKey),
  'invites.create': ok(inviteLinks()),
  'doctor.network': ok(networkReport()),
};

/** A pool that has never had a node has none of these: the answers of the fake program are empty. */
const OF_NODES: ReadonlySet<string> = new Set<OperationName>(['pool.jobs', 'pool.models', 'pool.exclusions']);

const CONTENTS: Record<string, unknown> = { [JOBS.done.job_id]: textContent, [JOBS.failed.job_id]: errorContent };

/** Of a pool with this computer alone: the models of this computer. */
function modelsOf(state: AppSnapshot): Outcome<unknown> {
  const { agent, pool, nodes } = state;
  if (isPoolAwaited(state)) return fail({ code: 'NOT_AVAILABLE_HERE', message: '', details: null });
  if (agent?.link.state === 'idle' || causeOfLoss(state) !== null) return fail({ code: 'NOT_CONNECTED', message: '', details: null });
  if (agent === null || pool?.access === 'member' || nodes.length !== 1) return ok({ models: readyModels(state.nodes) });
  const ready = agent.models.filter(({ state }) => state === 'ready');
  const own = ({ model_id, kind, tasks, residency }: ModelView) => ({
    model_id,
    kind,
    tasks: tasks ?? null,
    nodes_ready: 1,
    nodes_loaded: residency === 'loaded' || residency === 'pinned' ? 1 : 0,
  });
  return ok({ models: ready.map(own) });
}

function poolsOf(state: AppSnapshot): RememberedPoolView[] {
  if (!state.app.can_join) return [];
  return isInOtherPool(state) ? rememberedPools() : ownPoolAlone(state.agent?.link.state !== 'idle', state.pool?.name ?? null);
}

/** The log of this program: only a host has that of the scheduler, and a dashboard has no other. It names no node that the pool does not have. */
function logOf(state: AppSnapshot, page: LogPage): LogPage {
  const { agent, pool, nodes } = state;
  const sources: LogPage['sources'] = agent === null ? ['scheduler'] : pool?.access === 'host' ? ['app', 'scheduler'] : ['app'];
  const ids = new Set<unknown>(nodes.map(({ node_id: id }) => id));
  // A page of a later time has no lines.
  const all = isNewPool(state) && page.lines.length > 0 ? FIRST_LINES : page.lines;
  const reasons = jobsOf(nodes).jobs.find(({ status, wait }) => status === 'queued' && wait != null)?.wait?.reasons ?? {};
  const counts = Object.fromEntries(Object.entries(reasons).map(([code, count]) => [code, { count, examples: [] }]));
  const lines = all
    .filter(({ source, fields: { node_id: id } }) => sources.includes(source) && (id === undefined || ids.has(id)))
    .map((one) => (one.event === 'dispatch_no_candidate' ? { ...one, fields: { ...one.fields, reasons: counts } } : one));
  return { ...page, sources, lines };
}

/** The examples are nodes of the pool. */
function exclusionsOf(nodes: AppSnapshot['nodes']): Exclusions {
  const ids = new Set(nodes.map(({ node_id: id }) => id));
  const reasons = Object.entries(exclusions.reasons).map(([code, reason]) => {
    return [code, { ...reason, examples: reason.examples.filter((id) => ids.has(id)) }] as const;
  });
  return { ...exclusions, reasons: Object.fromEntries(reasons) };
}

/** Of a member that may not see the whole pool: what this computer sent. */
function ownJobs(state: AppSnapshot): AppJobs {
  const [all, name] = isLarge(state) ? [waitingPage(state.nodes.map(withUse)), 'search-001'] : [jobsOf(state.nodes), 'kai-desktop'];
  const jobs = all.jobs
    .filter(({ submitter }) => submitter?.name === name)
    .slice(0, 8)
    .map((job) => ({ ...job, submitter: { id: 'member-ming-desktop', name: 'ming-desktop' } }));
  const countOf = (wanted: string): number => jobs.filter(({ status }) => status === wanted).length;
  return { jobs, next_cursor: null, open: { queued: countOf('queued'), assigned: 0, running: countOf('running') } };
}

/** The details of a job, with the sender that the list names. */
function jobIn(state: AppSnapshot, jobId: string | undefined): AppJob | undefined {
  const job = [...Object.values(JOBS), ...Object.values(LARGE_JOBS)].find(({ job_id: id }) => id === jobId);
  const { jobs } = isLarge(state) ? waitingPage(state.nodes) : jobsOf(state.nodes);
  const sender = jobs.find(({ job_id: id }) => id === jobId)?.submitter;
  return job === undefined || sender === undefined ? job : { ...job, submitter: sender };
}

/** The pool of another computer. */
function joinedCluster({ agent }: AppSnapshot): ClusterView {
  const isAlone = agent?.link.state !== 'connected' || (agent.link.other_urls ?? []).length === 0;
  const members = clusterOfThree().members.map((member, at) => ({ ...member, address: `192.168.1.${String(20 + at)}:7080` }));
  return isAlone ? schedulerAlone('atelier-host') : clusterOfThree({ members });
}

/** As an explanation counts the nodes that have the memory. */
const missingIn = ({ nodes }: AppSnapshot): MissingModels =>
  missingModels(explain(nodes, { required_models: ['qwen3-coder:30b'], grouped: true }).groups?.[0]?.fits);

/** A pool that has had no job. */
function answerAsNew(api: FakeApi, { nodes, pool }: AppSnapshot): void {
  const since = pool?.started_at ?? 0;
  api.answer('pool.jobs', ok({ jobs: [], next_cursor: null, open: { queued: 0, assigned: 0, running: 0 } }));
  api.answer('pool.failures', ok({ ...NO_FAILURES, since }));
  api.answer('pool.totals', ok(totalsOf(nodes, since)));
  api.answer('pool.exclusions', ok({ since, reasons: {} }));
  api.answer('pool.usage', ok(noUsage));
}

export function createProgram(state: AppSnapshot): FakeApi {
  const api = fakeApi(state);
  api.answer('pools.list', ok({ pools: poolsOf(state) }));
  const isEmpty = state.pool !== null && state.nodes.length === 0;
  for (const [name, outcome] of Object.entries(ANSWERS)) if (!isEmpty || !OF_NODES.has(name)) api.answer(name as OperationName, outcome);
  if (!isEmpty) {
    api.answer('pool.models', modelsOf(state));
    api.answer('pool.exclusions', ok(exclusionsOf(state.nodes)));
    api.answer('pool.jobs', ok(jobsOf(state.nodes)));
    api.answer('pool.failures', ok(failuresIn(jobsOf(state.nodes))));
    if (!isLarge(state)) api.answer('pool.totals', ok(totalsWithJobs(state.nodes)));
  }
  if (state.pool?.in_cluster === true) api.answer('pool.cluster', ok(clusterOfThree()));
  api.answer('settings.list', ok(settingsOf(state)));
  // Smaller pools have no failures and miss no model, so that the gallery shows both.
  if (isLarge(state)) {
    api.answer('pool.failures', ok(failures()));
    api.answer('pool.missing_models', ok(missingIn(state)));
    api.answer('pool.jobs', ok(waitingPage(state.nodes)));
    api.answer('pool.exclusions', ok(exclusionsOfMany));
  }
  const isMember = state.pool?.access === 'member';
  if (seesOwnAlone(state)) api.answer('pool.jobs', ok(ownJobs(state)));
  if (isMember) api.answer('pool.cluster', ok(joinedCluster(state)));
  const { members, keys, invites, audit } = trustOf(state);
  api.answer('members.list', ok({ members }));
  api.answer('keys.list', ok({ keys }));
  api.answer('invites.list', ok({ invites }));
  api.answer('audit.list', ok(audit));
  if (state.agent?.models.some(({ removable }) => removable === true) === true) {
    api.answer('pool.models', ok({ models: poolModels() }));
    api.answer('pool.missing_models', ok(missingIn(state)));
  }
  if (isNewPool(state)) answerAsNew(api, state);
  const parts = partsOf(state);
  /** By the opening. */
  const answered = new Set<OperationName>();
  return {
    ...api,
    answer(name, outcome) {
      answered.add(name);
      api.answer(name, outcome);
    },
    call: (name, params) => {
      const jobId = (params as { readonly job_id?: string }).job_id;
      if (name === 'pool.explain' && !answered.has(name))
        return Promise.resolve(ok(explain(state.nodes, params as OperationParams<'pool.explain'>)) as never);
      if (name === 'pool.nodes_with_model')
        return Promise.resolve(ok(nodesWith(state, params as OperationParams<'pool.nodes_with_model'>)) as never);
      if (name === 'pool.job') return Promise.resolve(found(jobIn(state, jobId)) as never);
      if (name === 'pool.usage' && !isNewPool(state) && !answered.has(name))
        return Promise.resolve(ok(usageAnswer(params as OperationParams<'pool.usage'>, parts)) as never);
      if (name === 'logs.read')
        return api
          .call('logs.read', params as OperationParams<'logs.read'>)
          .then((page) => (page.ok ? ok(logOf(state, page.value)) : page)) as never;
      if (name === 'pool.job_content') return Promise.resolve(found(CONTENTS[jobId ?? '']) as never);
      return api.call(name, params);
    },
  };
}

const nodesWith = ({ nodes }: AppSnapshot, { model }: OperationParams<'pool.nodes_with_model'>) => ({
  node_ids: nodes
    .filter(({ installed_models: models }) => models?.some(({ model_id: id }) => id.includes(model)))
    .map(({ node_id: id }) => id),
});

const found = (value: unknown): Outcome<unknown> =>
  value === undefined ? fail({ code: 'NOT_FOUND', message: 'not shown', details: null }) : ok(value);

const READINGS = 100;
const READ_EVERY_MS = 3000;

/** The readings of the last five minutes, one event for each. The figures are the same in every run. */
export function earlierReadings({ agent }: AppSnapshot): AppEvent[] {
  const readAt = agent?.hardware?.read_at;
  if (agent === null || readAt === null || readAt === undefined) return [];
  return Array.from({ length: READINGS }, (_, index) => ({ type: 'agent', agent: withReading(agent, READINGS - index, readAt) }));
}

function withReading(agent: AgentView, step: number, readAtWallMs: number): AgentView {
  const { hardware } = agent;
  if (hardware === null) return agent;
  const gpus = hardware.gpus.map((gpu) => {
    const use = gpu.utilization_percent;
    const swing = Math.round(24 * Math.sin(step / 7) + 9 * Math.sin(step * 2.3));
    const isBusy = use.known && use.value > 0;
    return isBusy ? { ...gpu, utilization_percent: { ...use, value: Math.max(0, Math.min(100, use.value + swing)) } } : gpu;
  });
  return { ...agent, hardware: { ...hardware, gpus, read_at: readAtWallMs - step * READ_EVERY_MS } };
}
