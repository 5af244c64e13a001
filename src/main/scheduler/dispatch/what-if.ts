// Where a job would go if the pool was changed: the same rules on changed records. Nothing is assigned, and no record of the pool changes.
import type { Change, ChangeOutcome } from '../../../shared/api/what-if';
import { assertNever } from '../../../shared/assert-never';
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';
import { installedModel } from '../lifecycle/model-residency';
import type { InstalledModel } from '../lifecycle/node-report';
import { CandidateIndex } from './candidate-index';
import type { Choice } from './choice';
import { choose } from './choose';
import type { ExplainedPool } from './explain';
import { firstExclusion } from './filters';
import { type JobRequirements, runModelOf } from './job-requirements';
import type { RequestForecast } from './prediction/forecast';
import { predictionOf } from './prediction-view';

/** Nodes that a dry run compares. All that pass are counted. */
const MAX_COMPARED = 256;

export type LimitsChange = Extract<Change, { kind: 'limits' }>;
export type NodeChange = Exclude<Change, LimitsChange>;

interface DryRun {
  readonly pool: ExplainedPool;
  readonly job: JobRequirements;
  readonly forecast: RequestForecast | null;
  /** The choice without the change. Null: no node can take the job. */
  readonly choice: Choice | null;
  /** The number of nodes that can take the job without the change. */
  readonly able: number;
}

/** `forecast` null: nothing is known of the request. */
function dryRunOf(pool: ExplainedPool, job: JobRequirements, forecast: RequestForecast | null): DryRun {
  const excluded = Object.values(pool.tallies.of(job, pool.records())).reduce((sum, { count }) => sum + count, 0);
  const able = pool.size - excluded;
  return { pool, job, forecast, choice: able === 0 ? null : choose(pool.candidates, job, forecast), able };
}

/** The outcome of a change of one node. A node that is not in the pool changes nothing. `sample`: the model as another node has it. */
export function whatIf(
  pool: ExplainedPool,
  job: JobRequirements,
  forecast: RequestForecast | null,
  change: NodeChange,
  sample: InstalledModel | null = null,
): ChangeOutcome {
  const run = dryRunOf(pool, job, forecast);
  switch (change.kind) {
    case 'drained':
      return withoutNode(run, change.node_id);
    case 'resumed':
      return withNode(run, change.node_id, resumed);
    case 'installed':
      return withNode(run, change.node_id, (record) => withModel(record, job, sample, false));
    case 'loaded':
      return withNode(run, change.node_id, (record) => withModel(record, job, sample, true));
    default:
      return assertNever(change);
  }
}

/** The outcome of other limits of the load. Gets every node of the pool, in any number of steps. */
export class LimitsRun {
  readonly #run: DryRun;
  readonly #change: LimitsChange;
  readonly #compared: Map<string, NodeRecord>;
  #able = 0;

  constructor(pool: ExplainedPool, job: JobRequirements, forecast: RequestForecast | null, change: LimitsChange) {
    this.#run = dryRunOf(pool, job, forecast);
    this.#change = change;
    const compared = comparedOf(this.#run).map((record) => this.#changed(record));
    this.#compared = new Map(compared.filter((record) => this.#passes(record)).map((record) => [record.nodeId, record]));
  }

  add(record: NodeRecord): void {
    const next = this.#changed(record);
    if (!this.#passes(next)) return;
    this.#able++;
    if (this.#compared.size < MAX_COMPARED) this.#compared.set(record.nodeId, next);
  }

  outcome(): ChangeOutcome {
    return view(this.#able === 0 ? null : chosenOf(this.#run, [...this.#compared.values()]), this.#able);
  }

  #passes(record: NodeRecord): boolean {
    const { pool, job } = this.#run;
    return firstExclusion(record, job, pool.candidates.policy) === null;
  }

  #changed(record: NodeRecord): NodeRecord {
    const { cpu_percent: cpu, gpu_percent: gpu, mem_percent: memory } = this.#change;
    const { limits } = record.profile;
    const next = {
      cpuPercent: cpu ?? limits?.cpuPercent,
      gpuPercent: gpu ?? limits?.gpuPercent,
      memoryPercent: memory ?? limits?.memoryPercent,
    };
    return { ...record, profile: { ...record.profile, limits: next } };
  }
}

function withoutNode({ pool, job, forecast, choice, able }: DryRun, nodeId: string): ChangeOutcome {
  const record = pool.get(nodeId);
  if (choice === null || record === undefined || firstExclusion(record, job, pool.candidates.policy) !== null) return view(choice, able);
  const other = choose(pool.candidates, job, forecast, new Set([nodeId]));
  return view(other.node?.nodeId === nodeId ? null : other, able - 1);
}

function withNode(run: DryRun, nodeId: string, changed: (record: NodeRecord) => NodeRecord): ChangeOutcome {
  const { pool, job, choice, able } = run;
  const record = pool.get(nodeId);
  if (record === undefined) return view(choice, able);
  const { policy } = pool.candidates;
  const next = changed(record);
  const [before, after] = [record, next].map((each) => (firstExclusion(each, job, policy) === null ? 1 : 0));
  if (after !== 1) return view(choice, able);
  return view(chosenOf(run, [...comparedOf(run).filter((each) => each.nodeId !== nodeId), next]), able + after - (before ?? 0));
}

/** The nodes that the choice without the change compared. */
function comparedOf({ pool, choice }: DryRun): readonly NodeRecord[] {
  const ids = new Set([choice?.node?.nodeId, ...(choice?.forecasts ?? []).map(({ nodeId }) => nodeId)]);
  return [...ids].flatMap((nodeId) => (nodeId === undefined ? [] : (pool.get(nodeId) ?? [])));
}

function chosenOf({ pool, job, forecast }: DryRun, records: readonly NodeRecord[]): Choice {
  const index = new CandidateIndex(pool.candidates.policy);
  for (const record of records) index.update(null, record);
  return choose(index, job, forecast);
}

function view(choice: Choice | null, able: number): ChangeOutcome {
  const prediction = choice === null ? null : predictionOf(choice);
  return { chosen: choice?.node?.nodeId ?? null, able, ...(prediction === null ? {} : { prediction }) };
}

/** A node that is not connected stays as it is. */
function resumed(record: NodeRecord): NodeRecord {
  const isHeldBack = record.drain !== null || record.pause !== null;
  return { ...record, drain: null, pause: null, quarantine: null, ...(isHeldBack && record.online ? { status: 'ready' } : {}) };
}

function withModel(record: NodeRecord, job: JobRequirements, sample: InstalledModel | null, isLoaded: boolean): NodeRecord {
  const modelId = runModelOf(job);
  if (modelId === null) return record;
  const { profile } = record;
  const known = installedModel(profile, modelId) ?? { ...(sample ?? unknownModel(modelId)), isLoaded: false };
  const model = { ...known, enabled: true, ...(isLoaded ? { isLoaded } : {}) };
  const next: NodeProfile = {
    ...profile,
    installedModels: [...profile.installedModels.filter((each) => each.modelId !== modelId), model],
    capabilityState: profile.capabilityState === null ? null : { ...profile.capabilityState, [modelId]: 'ready' },
    ...(isLoaded ? { modelResidency: { ...profile.modelResidency, [modelId]: 'loaded' } } : {}),
  };
  return { ...record, profile: next };
}

const unknownModel = (modelId: string): InstalledModel => ({
  modelId,
  kind: 'llm',
  srcLang: null,
  tgtLang: null,
  dialect: null,
  version: '',
  enabled: true,
  tasks: null,
  tokensPerSecond: null,
  vramGb: null,
  isLoaded: null,
});
