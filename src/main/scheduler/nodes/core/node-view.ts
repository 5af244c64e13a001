// A record as API, dashboard and events show it (api §1).
import type { MissedJobs } from '../../../../shared/api/dispatch';
import type { NameConflict, NodeView } from '../../../../shared/api/node-view';
import type { PauseView } from '../../../../shared/protocol/pauses';
import { mixesScripts } from '../../../../shared/protocol/look-alikes';
import type { ModelResidencies } from '../../../../shared/protocol/node-messages';
import type { AvailabilityView, LoadLimitsView } from '../../../../shared/protocol/scheduler-messages';
import { reasonOf } from '../../../../shared/protocol/status';
import { healthView } from '../../lifecycle/health-view';
import { isFailingModel, isShownFailing, shownFailures } from '../../lifecycle/model-failures';
import { type NodeRates, outputPerSecondAt } from '../../lifecycle/model-rates';
import { residencyOf } from '../../lifecycle/model-residency';
import { inFlightJobs, type NodeProfile, type NodeRecord, usableSlotsView } from '../../lifecycle/node-record';
import { wakingSince } from '../../lifecycle/node-wake';
import { secondsOf } from '../../dispatch/waking';
import type { LifecyclePolicy } from '../../lifecycle/policy';
import { countedGpus, gpuUseOf, vramUseOf } from './node-use';
import { toHardwareView, toModelView, toReadingView, toUsageView } from './node-report-views';

/** The parts of a view that do not follow from the record alone. */
export interface NodeViewParts {
  readonly nameConflict: NameConflict | null;
  readonly missedJobs: MissedJobs;
  readonly availability: AvailabilityView;
  readonly limits: LoadLimitsView;
  readonly policy: LifecyclePolicy;
  /** Null: not known. */
  readonly tokensPerSecond: number | null;
  /** Null: not known, or the node is not full. */
  readonly nextSlotAtWallMs: number | null;
}

export function nodeViewOf(
  record: NodeRecord,
  { nameConflict, missedJobs, availability, limits, policy, tokensPerSecond, nextSlotAtWallMs }: NodeViewParts,
): NodeView {
  const { profile } = record;
  return {
    node_id: record.nodeId,
    name: profile.name,
    name_conflict: nameConflict,
    platform: profile.platform,
    version: profile.version,
    hardware: toHardwareView(profile.hardware),
    simulated: profile.hardware.gpus.some((gpu) => gpu.simulated),
    models: modelCountsOf(profile),
    features_supported: profile.featuresSupported,
    advanced_features: [...profile.advancedFeatures],
    accept_public_jobs: profile.acceptPublicJobs,
    ...(profile.allowsModelControl == null ? {} : { model_control: profile.allowsModelControl }),
    status: record.status,
    reason_code: record.reasonCode,
    reason: reasonOf(record.reasonCode),
    previous_status: record.previousStatus,
    since: record.since.wallMs,
    online: record.online,
    availability,
    limits,
    last_heartbeat_at: record.lastHeartbeatAtWallMs,
    resource_usage: record.usage === null ? null : toUsageView(record.usage),
    gpus: record.gpus?.map(toReadingView) ?? null,
    use: useViewOf(record),
    ...(tokensPerSecond === null ? {} : { tokens_per_second: tokensPerSecond }),
    in_flight_jobs: inFlightJobs(record),
    max_concurrent_jobs: profile.maxConcurrentJobs,
    ...usableSlotsView(record),
    ...(nextSlotAtWallMs === null ? {} : { next_slot_at: nextSlotAtWallMs }),
    health: healthView(record, policy),
    drain: drainViewOf(record),
    pause: pauseViewOf(record),
    quarantine: quarantineViewOf(record),
    wake: wakeViewOf(record),
    tags: [...record.tags],
    failing_models: failingModelsOf(record),
    missed_jobs: missedJobs,
  };
}

function useViewOf(record: NodeRecord): NonNullable<NodeView['use']> {
  const [gpu, vram, gpus] = [gpuUseOf(record), vramUseOf(record), countedGpus(record.profile)];
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return {
    gpu_percent: gpu === null ? null : { pool: rounded(gpu.pool / gpus), owner: rounded(gpu.owner / gpus) },
    vram_gb: vram === null ? null : { pool: rounded(vram.pool), owner: rounded(vram.owner) },
  };
}

/** The models of a node: a thousand entries in a view, so lists and events leave them out. */
export const modelsViewOf = ({
  profile,
  rates,
}: NodeRecord): Required<Pick<NodeView, 'installed_models' | 'capability_state' | 'model_residency' | 'model_rates'>> &
  Pick<NodeView, 'model_reasons'> => ({
  installed_models: profile.installedModels.map(toModelView),
  capability_state: profile.capabilityState,
  model_residency: residenciesOf(profile),
  ...(profile.modelReasons == null ? {} : { model_reasons: profile.modelReasons }),
  model_rates: ratesViewOf(profile, rates),
});

/** One answer at a time: the figure that a user of the node would see. */
const ONE_JOB = 1;

function ratesViewOf({ installedModels }: NodeProfile, rates: NodeRates): NonNullable<NodeView['model_rates']> {
  const tenths = (value: number): number => Math.round(value * 10) / 10;
  const shown = installedModels.flatMap(({ modelId }) => {
    const known = rates.get(modelId);
    if (known === undefined) return [];
    const [output, load] = [outputPerSecondAt(known, ONE_JOB), known.loadSeconds];
    if (output === null && load === null) return [];
    const speed = output === null ? {} : { tokens_per_second: tenths(output) };
    return [[modelId, { ...speed, ...(load === null ? {} : { load_seconds: tenths(load) }) }] as const];
  });
  return Object.fromEntries(shown);
}

function residenciesOf(profile: NodeProfile): ModelResidencies {
  if (profile.modelResidency != null) return profile.modelResidency;
  const known = profile.installedModels.map(({ modelId }) => [modelId, residencyOf(profile, modelId)] as const);
  return Object.fromEntries(known.flatMap(([modelId, residency]) => (residency === null ? [] : [[modelId, residency]])));
}

const knownCounts = new WeakMap<NodeProfile, NonNullable<NodeView['models']>>();

/** Counted once per profile: a view is made for every heartbeat, and few of them change the models. */
function modelCountsOf(profile: NodeProfile): NonNullable<NodeView['models']> {
  const known = knownCounts.get(profile);
  if (known !== undefined) return known;
  const enabled = profile.installedModels.filter((model) => model.enabled);
  const ready = enabled.filter(({ modelId }) => profile.capabilityState === null || profile.capabilityState[modelId] === 'ready');
  const mixed = profile.installedModels.filter(({ modelId }) => mixesScripts(modelId));
  const counts = { installed: profile.installedModels.length, enabled: enabled.length, ready: ready.length, mixed_scripts: mixed.length };
  knownCounts.set(profile, counts);
  return counts;
}

export function quarantineViewOf({ quarantine }: NodeRecord): NodeView['quarantine'] {
  return quarantine === null ? null : { by: quarantine.by, reason: quarantine.reason, since: quarantine.since.wallMs };
}

/** A node can have a thousand models. The view lists this many failing ones. */
const MAX_FAILING_MODELS = 20;

/** The models that are excluded on the node, or will be tested by one job: those whose exclusion ends last come first. */
export function failingModelsOf({ failures }: Pick<NodeRecord, 'failures'>): NonNullable<NodeView['failing_models']> {
  return [...failures.byModel]
    .filter(([, entry]) => isShownFailing(entry))
    .sort(([, a], [, b]) => b.until.monotonicMs - a.until.monotonicMs)
    .slice(0, MAX_FAILING_MODELS)
    .map(([modelId, entry]) => ({
      model_id: modelId,
      failures: shownFailures(entry),
      until: entry.phase === 'excluded' ? entry.until.wallMs : null,
      last_error: entry.lastError,
      ...(isFailingModel(entry) ? {} : { takes_jobs: true }),
    }));
}

const wakeViewOf = (record: NodeRecord): NodeView['wake'] =>
  record.profile.wakeMac === undefined
    ? null
    : { waking_since: wakingSince(record)?.wallMs ?? null, ready_after_seconds: secondsOf(record) };

/** The deadline is null once the node is drained. */
export function drainViewOf({ drain, status }: NodeRecord): NodeView['drain'] {
  if (drain === null) return null;
  const { by, reason, requestedAt, timeoutMs } = drain;
  return { by, reason, requested_at: requestedAt.wallMs, deadline_at: status === 'draining' ? requestedAt.wallMs + timeoutMs : null };
}

/** The deadline is null once the node has no jobs in flight. */
export function pauseViewOf({ pause, status }: Pick<NodeRecord, 'pause' | 'status'>): PauseView | null {
  if (pause === null) return null;
  return {
    reason_code: pause.code,
    detail: pause.detail,
    since: pause.since.wallMs,
    until: pause.untilWallMs,
    running_jobs: pause.timeoutMs === 0 ? 'move' : 'finish',
    deadline_at: status === 'draining' ? pause.startedAt.wallMs + pause.timeoutMs : null,
  };
}
