// The nodes that a job cannot use, by their first reason, with the numbers that a person needs to change it.
import type { ReasonGroup } from '../../../shared/api/what-if';
import type { AvailabilityState, ExclusionReason } from '../../../shared/protocol/status';
import { largestAvailableGpuGb } from '../lifecycle/gpu-usability';
import { modelState } from '../lifecycle/model-readiness';
import type { NodeRecord } from '../lifecycle/node-record';
import { availabilityStateOf } from './availability';
import { MAX_EXAMPLES } from './exclusion-aggregates';
import { firstExclusionCode } from './filters';
import { missingVram } from './free-vram';
import type { JobRequirements } from './job-requirements';
import { type LimitedResource, loadLimitsOf } from './load-limits';
import { ModelSample } from './model-sample';
import { nextSlotMs } from './next-slot';
import type { DispatchPolicy } from './policy';

export interface GroupInput {
  readonly job: JobRequirements;
  readonly policy: DispatchPolicy;
  readonly nowMonotonicMs: number;
}

/**
 * The examples of a reason begin with nodes of these states: another node does not get the job either when the reason has gone. A node
 * that is drained can be resumed, and a degraded one cannot.
 */
const FIRST_EXAMPLES: Partial<Record<ExclusionReason, readonly AvailabilityState[]>> = {
  status_not_ready: ['paused', 'draining'],
  model_not_available: ['available'],
};

type Group = { -readonly [Key in keyof ReasonGroup]: ReasonGroup[Key] };

/** Gets every node of the pool, in any number of steps. */
export class ReasonGroups {
  readonly #input: GroupInput;
  readonly #sample: ModelSample;
  readonly #groups = new Map<ExclusionReason, Group>();
  readonly #full: NodeRecord[] = [];
  readonly #withoutModel: NodeRecord[] = [];
  readonly #firstExamples = new Map<ExclusionReason, NodeRecord[]>();

  constructor(input: GroupInput) {
    this.#input = input;
    this.#sample = new ModelSample(input.job);
  }

  add(record: NodeRecord): void {
    const { job, policy } = this.#input;
    this.#sample.add(record);
    const code = firstExclusionCode(record, job, policy);
    if (code === null) return;
    const group = this.#groups.get(code) ?? { code, count: 0, examples: [], states: {} };
    this.#groups.set(code, group);
    group.count++;
    if (group.examples.length < MAX_EXAMPLES) group.examples = [...group.examples, record.nodeId];
    const state = availabilityStateOf(record, policy);
    group.states[state] = (group.states[state] ?? 0) + 1;
    if (FIRST_EXAMPLES[code]?.includes(state) === true) {
      const first = this.#firstExamples.get(code) ?? [];
      this.#firstExamples.set(code, first);
      first.push(record);
    }
    if (code === 'model_not_available') this.#withoutModel.push(record);
    if (code === 'capacity_exceeded') this.#full.push(record);
    addFigures(group, record, this.#input);
  }

  /** The largest group first. */
  groups(): ReasonGroup[] {
    const missing = this.#groups.get('model_not_available');
    const modelGb = this.#sample.model?.vramGb ?? null;
    if (missing !== undefined && modelGb !== null) addFits(missing, this.#withoutModel, modelGb);
    for (const [code, records] of this.#firstExamples) {
      const group = this.#groups.get(code);
      if (group !== undefined) group.examples = examplesOf(group, code === 'model_not_available' ? fittingIn(records, modelGb) : records);
    }
    const full = this.#groups.get('capacity_exceeded');
    const slotMs = nextSlotMs(this.#full, 0, this.#input.nowMonotonicMs);
    if (full !== undefined && slotMs !== null) full.slot_seconds = slotMs / 1000;
    return [...this.#groups.values()].sort((one, other) => other.count - one.count);
  }
}

const examplesOf = ({ examples }: Group, first: readonly NodeRecord[]): string[] =>
  [...new Set([...first.slice(0, MAX_EXAMPLES).map(({ nodeId }) => nodeId), ...examples])].slice(0, MAX_EXAMPLES);

/** `neededGb`: null where it is not known. */
const fittingIn = (records: readonly NodeRecord[], neededGb: number | null): readonly NodeRecord[] =>
  neededGb === null ? records : records.filter((record) => (memoryGbOf(record) ?? 0) >= neededGb);

function addFits(group: Group, records: readonly NodeRecord[], neededGb: number): void {
  group.needed_gb = rounded(neededGb);
  group.fits = fittingIn(records, neededGb).length;
}

/** Of all available GPUs: servers split a model over them. */
function memoryGbOf({ gpus, profile }: NodeRecord): number | null {
  const sizes =
    gpus?.filter(({ available }) => available).map(({ memoryTotalGb }) => memoryTotalGb) ??
    profile.hardware.gpus.map(({ memoryGb }) => memoryGb);
  return sizes.reduce<number | null>((sum, gb) => (sum === null || gb === null ? null : sum + gb), 0);
}

function addFigures(group: Group, record: NodeRecord, { job, policy }: GroupInput): void {
  switch (group.code) {
    case 'model_not_available': {
      const id = job.requiredModels.find((model) => modelState(record.profile, model) !== 'ready');
      if (id === undefined) return;
      const state = modelState(record.profile, id);
      const states = (group.model_states ??= {});
      states[state] = (states[state] ?? 0) + 1;
      return;
    }
    case 'vram_insufficient': {
      const missing = missingVram(record, job.requiredModels);
      if (missing === null) return;
      group.needed_gb = Math.max(group.needed_gb ?? 0, missing.vramGb);
      group.largest_gb = Math.max(group.largest_gb ?? 0, missing.freeGb);
      return;
    }
    case 'gpu_unavailable': {
      const { profile, usage, gpus } = record;
      if (job.minGpuMemoryGb === undefined) return;
      group.needed_gb = job.minGpuMemoryGb;
      group.largest_gb = Math.max(group.largest_gb ?? 0, largestAvailableGpuGb({ hardware: profile.hardware, usage, gpus }) ?? 0);
      return;
    }
    case 'resource_threshold_exceeded':
      addOver(group, record, policy);
      return;
    case 'not_requested_node':
    case 'status_not_ready':
    case 'not_online':
    case 'quarantined':
    case 'not_in_public_pool':
    case 'model_failing':
    case 'capacity_exceeded':
      return;
  }
}

const LOADS: readonly (readonly [
  name: 'cpu' | 'gpu' | 'memory',
  resource: LimitedResource,
  loadOf: (record: NodeRecord) => number | null,
])[] = [
  ['cpu', 'cpuPercent', ({ ownerLoad }) => ownerLoad.cpuPercent],
  ['gpu', 'gpuPercent', ({ ownerLoad }) => ownerLoad.gpuPercent],
  ['memory', 'memoryPercent', ({ usage }) => usage?.memoryPercent ?? null],
];

function addOver(group: Group, record: NodeRecord, policy: DispatchPolicy): void {
  const limits = loadLimitsOf(record, policy);
  for (const [name, resource, loadOf] of LOADS) {
    const [{ percent }, load] = [limits[resource], loadOf(record)];
    if (percent === null || load === null || load < percent) continue;
    const over = (group.over ??= {});
    const known = over[name];
    over[name] = {
      count: (known?.count ?? 0) + 1,
      limits: { lowest: Math.min(known?.limits.lowest ?? percent, percent), highest: Math.max(known?.limits.highest ?? percent, percent) },
    };
  }
}

const rounded = (gb: number): number => Math.round(gb * 10) / 10;
