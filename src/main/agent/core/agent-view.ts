// Encodes the agent's state as AgentView. The link state is the agent's own knowledge. The node status is the scheduler's last
// message and the time of its arrival: the agent never infers a status.
import type {
  AgentView,
  GpuView,
  HardwareView,
  LinkView,
  MeasurementView,
  ModelView,
  Notice,
  ReadingView,
  RuntimeView,
  Simulation,
} from '../../../shared/api/agent-view';
import type { RuleView } from '../../../shared/api/agent-rules';
import { knownActions } from '../../../shared/protocol/model-control';
import type { GpuAdapter, GpuLoad, GpuShare, HardwareReport, LoadReport, Reading } from '../../hardware/parse/types';
import type { Measurement } from '../../runtimes/core/measuring/measurement';
import type { ModelFoldersSnapshot } from '../../runtimes/core/model-folders/local-model';
import type { RuntimesSnapshot } from '../../runtimes/core/merge-snapshots';
import type { RuntimeModel, RuntimeStatus } from '../../runtimes/core/runtime-snapshot';
import { EVERY_GPU, type GpuChoice, isOffered, vramLimitGb } from './gpu-choice';
import { partsOf } from './history/history-view';
import type { NodeSelf } from './node-messages';
import { causesOf, type PauseState, runningJobsOf } from './pause';
import { otherUrlsOf, presentUrlOf } from '../session/pool-urls';
import type { Link, SessionState } from '../session/session-state';

export interface AgentFacts {
  readonly simulation: Simulation;
  readonly self: NodeSelf;
  readonly session: SessionState;
  readonly latencyMs: number | null;
  readonly lastHeartbeatAtWallMs: number | null;
  readonly hardware: HardwareReport | null;
  readonly load: { readonly load: LoadReport; readonly readAtWallMs: number } | null;
  /** Which GPUs the owner offers. Default: all. */
  readonly gpuChoice?: GpuChoice;
  /** Models and problems of the model folders. */
  readonly folders: ModelFoldersSnapshot;
  readonly runtimes: RuntimesSnapshot;
  /** By model id. */
  readonly measurements: ReadonlyMap<string, Measurement>;
  readonly runningJobs: number;
  readonly modelFolders: readonly string[];
  /** Models that the owner does not share. Default: none. */
  readonly unshared?: readonly string[];
  readonly notices: readonly Notice[];
  readonly pause: PauseState;
  readonly rules: readonly RuleView[];
  /** Default: none. */
  readonly poolCaFile?: string | null;
}

export function toAgentView(facts: AgentFacts): AgentView {
  const { session, hardware, folders, runtimes } = facts;
  const folderOf = new Map(folders.models.map(({ modelId, folder }) => [modelId, folder]));
  const { link } = session;
  return {
    node_id: session.target?.identity?.nodeId ?? null,
    name: facts.self.name,
    simulated: hardware?.adapters.some((adapter) => adapter.simulated) ?? false,
    simulation: facts.simulation,
    link: toLinkView(session, facts.latencyMs),
    node_status:
      session.nodeStatus === null ? null : { received_at: session.nodeStatus.receivedAtWallMs, message: session.nodeStatus.message },
    registered_at: link.state === 'registered' || link.state === 'stopping' ? link.sinceWallMs : null,
    heartbeat_interval_seconds: link.state === 'registered' ? link.heartbeatIntervalMs / 1000 : null,
    last_heartbeat_sent_at: facts.lastHeartbeatAtWallMs,
    accept_public_jobs: facts.self.acceptPublicJobs,
    hardware: hardware === null ? null : toHardwareView(hardware, facts.load, facts.gpuChoice),
    models: [...runtimes.models, ...runtimes.pulls].map((model) => {
      const { model_id: id } = model.model;
      const view = toModelView(model, folderOf.get(id) ?? '', facts.measurements.get(id) ?? null);
      return facts.unshared?.includes(id) === true ? { ...view, shared: false } : view;
    }),
    runtimes: runtimes.runtimes.map(toRuntimeView),
    running_jobs: facts.runningJobs,
    model_folders: [...facts.modelFolders],
    model_problems: folders.problems.map((problem) => ({ ...problem })),
    notices: [...facts.notices],
    pause: toPauseView(facts.pause),
    rules: [...facts.rules],
    pool_ca_file: facts.poolCaFile ?? null,
  };
}

function toPauseView(state: PauseState): NonNullable<AgentView['pause']> | null {
  const causes = causesOf(state);
  if (causes.length === 0) return null;
  return {
    causes: causes.map(({ code, sinceWallMs, untilWallMs, detail }) => ({ code, since: sinceWallMs, until: untilWallMs, detail })),
    running_jobs: runningJobsOf(causes),
  };
}

/** Connected means registered: an open socket without an acknowledged registration is still connecting. */
function toLinkView({ link, target, failures }: SessionState, latencyMs: number | null): LinkView {
  const pin = target?.pin ?? null;
  const others = target === null ? [] : otherUrlsOf(target);
  const scheduler = {
    scheduler_url: target === null ? '' : presentUrlOf(target),
    ...(pin === null ? {} : { pin }),
    ...(others.length === 0 ? {} : { other_urls: [...others] }),
  };
  switch (link.state) {
    case 'idle':
      return { state: 'idle' };
    case 'connecting':
      if (link.refused !== undefined) return refusedView(link.refused, scheduler);
      return { state: 'connecting', ...scheduler, since: link.sinceWallMs };
    case 'waiting':
    case 'unregistered':
      return { state: 'connecting', ...scheduler, since: link.sinceWallMs };
    case 'registered':
    case 'stopping':
      return { state: 'connected', ...scheduler, since: link.sinceWallMs, latency_ms: latencyMs };
    case 'reconnecting':
      return {
        state: 'reconnecting',
        ...scheduler,
        since: link.sinceWallMs,
        // At another address of the pool the first attempt comes without a wait.
        attempt: Math.max(failures, 1),
        next_try_at: link.nextTryAtWallMs,
        cause: link.cause,
      };
    case 'refused':
      return refusedView(link, scheduler);
  }
}

type RefusedView = Extract<AgentView['link'], { state: 'refused' }>;

function refusedView(
  { sinceWallMs, refusal: { code, message, details } }: Extract<Link, { state: 'refused' }>,
  scheduler: Pick<RefusedView, 'scheduler_url' | 'pin' | 'other_urls'>,
): RefusedView {
  return { state: 'refused', ...scheduler, since: sinceWallMs, code, message, details: details === null ? null : { ...details } };
}

export function toHardwareView(report: HardwareReport, measured: AgentFacts['load'], choice: GpuChoice = EVERY_GPU): HardwareView {
  const shares = new Map(measured?.load.shares.map((share) => [share.key, share]));
  const byKey = new Map(measured?.load.gpus.map((gpu) => [gpu.key, gpu]));
  return {
    cpu_model: report.cpuModel,
    cpu_cores: report.cpuCores,
    memory_gb: report.memoryGb,
    platform: report.platform,
    os_name: report.osName,
    gpus: report.adapters.map((adapter) => ({
      ...toGpuView(adapter, byKey.get(adapter.key), shares.get(adapter.key)),
      offered: isOffered(choice, adapter),
      vram_limit_gb: vramLimitGb(choice, adapter),
    })),
    trace: report.trace.map(({ source, outcome, detail, durationMs }) => ({ source, outcome, detail, duration_ms: durationMs })),
    cpu_percent: measured?.load.cpuPercent ?? null,
    mem_percent: measured?.load.memPercent ?? null,
    owner_cpu_percent: measured?.load.ownerCpuPercent ?? null,
    owner_gpu_percent: measured?.load.ownerGpuPercent ?? null,
    read_at: measured?.readAtWallMs ?? null,
    read_took_ms: measured?.load.takenMs ?? null,
  };
}

function toGpuView(adapter: GpuAdapter, load: GpuLoad | undefined, share: GpuShare | undefined): GpuView {
  const { verdict } = adapter;
  const now = load ?? adapter;
  const parts = partsOf(now, share);
  return {
    key: adapter.key,
    index: adapter.index,
    uuid: adapter.uuid,
    name: adapter.name,
    vendor: adapter.vendor,
    memory_gb: adapter.memoryGb,
    unified_memory: adapter.unifiedMemory,
    driver_version: adapter.driverVersion,
    mig: adapter.mig,
    simulated: adapter.simulated,
    accepted: verdict.accepted,
    refusal_code: verdict.accepted ? null : verdict.code,
    refusal_detail: verdict.accepted ? null : verdict.detail,
    available: verdict.accepted && now.available,
    fault_code: now.unavailableCode,
    utilization_percent: toReadingView(now.live.utilizationPercent),
    memory_used_gb: toReadingView(now.live.memoryUsedGb),
    memory_total_gb: toReadingView(now.live.memoryTotalGb),
    pool_percent: parts.poolPercent,
    owner_percent: parts.ownerPercent,
    pool_memory_gb: parts.poolMemoryGb,
    owner_memory_gb: parts.ownerMemoryGb,
    temperature_c: toReadingView(now.live.temperatureC),
    power_w: toReadingView(now.live.powerW),
    power_limit_w: toReadingView(now.live.powerLimitW),
    source: adapter.source,
  };
}

const toReadingView = (reading: Reading): ReadingView =>
  reading.known ? { known: true, value: reading.value } : { known: false, reason: reading.reason };

/** `folder` empty: the model is in no model folder. `measurement` null: this program runs no benchmarks. */
export function toModelView({ model, ...rest }: RuntimeModel, folder: string, measurement: Measurement | null): ModelView {
  return {
    model_id: model.model_id,
    kind: model.kind,
    version: model.version,
    src_lang: model.src_lang ?? null,
    tgt_lang: model.tgt_lang ?? null,
    folder,
    ...(model.tasks == null ? {} : { tasks: [...model.tasks] }),
    runtime_id: rest.runtimeId,
    ...(rest.residency === undefined ? {} : { residency: rest.residency }),
    ...(model.actions == null ? {} : { actions: knownActions(model.actions) }),
    ...(rest.isRemovable === true ? { removable: true } : {}),
    ...(model.vram_gb == null ? {} : { vram_gb: model.vram_gb }),
    state: rest.state,
    reason_code: rest.reasonCode,
    details: { ...rest.details },
    size_bytes: rest.sizeBytes,
    progress: rest.progress,
    checked_at: rest.checkedAtWallMs,
    ...(measurement === null ? {} : { measurement: toMeasurementView(measurement) }),
  };
}

function toMeasurementView(measurement: Measurement): MeasurementView {
  switch (measurement.state) {
    case 'none':
    case 'impossible':
    case 'waiting':
      return measurement;
    case 'running':
      return { state: 'running', since: measurement.sinceWallMs };
    case 'measured': {
      const { measured } = measurement;
      return measured.outcome === 'failed'
        ? { state: 'failed', code: measured.code, message: measured.message, measured_at: measured.measuredAtWallMs }
        : {
            state: 'answered',
            tokens_per_second: measured.tokensPerSecond,
            took_ms: measured.tookMs,
            measured_at: measured.measuredAtWallMs,
          };
    }
  }
}

export const toRuntimeView = (runtime: RuntimeStatus): RuntimeView => ({
  id: runtime.id,
  type: runtime.type,
  url: runtime.url,
  version: runtime.version,
  state: runtime.state,
  reason_code: runtime.reasonCode,
  details: { ...runtime.details },
  checked_at: runtime.checkedAtWallMs,
});
