// Decodes the reports of a node (protocol §2), and encodes the data for the API and the database. An absent field and null mean the same,
// except for `gpu_percent`. Views leave out such fields: JSON has no undefined values.
import type {
  Gpu as GpuView,
  Hardware as HardwareView,
  HeartbeatGpu as ReadingView,
  InstalledModel as ModelView,
  NodeHeartbeat,
  OwnerLimits as OwnerLimitsView,
  ResourceUsage as UsageView,
} from '../../../../shared/protocol/node-messages';
import type { GpuReading, InstalledModel, NodeGpu, NodeHardware, NodeReport, NodeUsage, OwnerLimits } from '../../lifecycle/node-report';

export const parseHeartbeat = (message: NodeHeartbeat): NodeReport => ({
  usage: parseUsage(message.resource_usage),
  gpus: message.gpus?.map(parseReading) ?? null,
  installedModels: message.installed_models?.map(parseModel) ?? null,
  capabilityState: message.capability_state ?? null,
  modelResidency: message.model_residency ?? null,
  modelReasons: message.model_reasons ?? null,
  allowsModelControl: message.model_control ?? null,
  acceptPublicJobs: message.accept_public_jobs ?? null,
  maxConcurrentJobs: message.max_concurrent_jobs ?? null,
  limits: message.limits == null ? null : parseLimits(message.limits),
});

/** The part of a report that keeps what is registered. */
export const UNCHANGED_PROFILE: Omit<NodeReport, 'usage' | 'gpus'> = {
  installedModels: null,
  capabilityState: null,
  acceptPublicJobs: null,
  maxConcurrentJobs: null,
  limits: null,
};

export const parseLimits = (view: OwnerLimitsView): OwnerLimits => ({
  cpuPercent: view.cpu_percent,
  gpuPercent: view.gpu_percent,
  memoryPercent: view.mem_percent,
});

export const toLimitsView = (limits: OwnerLimits): OwnerLimitsView => ({
  cpu_percent: limits.cpuPercent,
  gpu_percent: limits.gpuPercent,
  mem_percent: limits.memoryPercent,
});

export const parseHardware = ({ cpu_cores: cpuCores, memory_gb: memoryGb, gpus }: HardwareView): NodeHardware => ({
  cpuCores,
  memoryGb,
  gpus: gpus.map(parseGpu),
});

export const toHardwareView = ({ cpuCores, memoryGb, gpus }: NodeHardware): HardwareView => ({
  cpu_cores: cpuCores,
  memory_gb: memoryGb,
  gpus: gpus.map(toGpuView),
});

const parseGpu = (view: GpuView): NodeGpu => ({
  name: view.name,
  memoryGb: view.memory_gb,
  index: view.index ?? null,
  uuid: view.uuid ?? null,
  vendor: view.vendor ?? null,
  driverVersion: view.driver_version ?? null,
  simulated: view.simulated ?? false,
});

const toGpuView = (gpu: NodeGpu): GpuView => ({
  name: gpu.name,
  memory_gb: gpu.memoryGb,
  index: gpu.index ?? undefined,
  uuid: gpu.uuid ?? undefined,
  vendor: gpu.vendor ?? undefined,
  driver_version: gpu.driverVersion ?? undefined,
  simulated: gpu.simulated ? true : undefined,
});

export const parseModel = (view: ModelView): InstalledModel => ({
  modelId: view.model_id,
  kind: view.kind,
  srcLang: view.src_lang ?? null,
  tgtLang: view.tgt_lang ?? null,
  dialect: view.dialect ?? null,
  version: view.version,
  enabled: view.enabled,
  tasks: view.tasks ?? null,
  tokensPerSecond: view.tokens_per_second ?? null,
  vramGb: view.vram_gb ?? null,
  isLoaded: view.loaded ?? null,
  ...(view.actions == null || view.actions.length === 0 ? {} : { actions: view.actions }),
  ...(view.abilities == null ? {} : { abilities: view.abilities }),
  ...(view.context_tokens == null ? {} : { contextTokens: view.context_tokens }),
});

export const toModelView = (model: InstalledModel): ModelView => ({
  model_id: model.modelId,
  kind: model.kind,
  src_lang: model.srcLang ?? undefined,
  tgt_lang: model.tgtLang ?? undefined,
  dialect: model.dialect ?? undefined,
  version: model.version,
  enabled: model.enabled,
  tasks: model.tasks === null ? undefined : [...model.tasks],
  tokens_per_second: model.tokensPerSecond ?? undefined,
  vram_gb: model.vramGb ?? undefined,
  loaded: model.isLoaded ?? undefined,
  actions: model.actions === undefined ? undefined : [...model.actions],
  abilities: model.abilities,
  context_tokens: model.contextTokens,
});

export const parseUsage = (view: UsageView): NodeUsage => ({
  cpuPercent: view.cpu_percent,
  memoryPercent: view.mem_percent,
  gpuPercent: view.gpu_percent,
  gpuMemoryPercent: view.gpu_mem_percent ?? null,
  ownerCpuPercent: view.owner_cpu_percent,
  ownerGpuPercent: view.owner_gpu_percent,
  runningJobs: view.running_jobs,
});

export const toUsageView = (usage: NodeUsage): UsageView => ({
  cpu_percent: usage.cpuPercent,
  mem_percent: usage.memoryPercent,
  gpu_percent: usage.gpuPercent,
  gpu_mem_percent: usage.gpuMemoryPercent ?? undefined,
  owner_cpu_percent: usage.ownerCpuPercent,
  owner_gpu_percent: usage.ownerGpuPercent,
  running_jobs: usage.runningJobs,
});

export const parseReading = (view: ReadingView): GpuReading => ({
  index: view.index,
  utilizationPercent: view.utilization_percent ?? null,
  memoryUsedGb: view.memory_used_gb ?? null,
  memoryTotalGb: view.memory_total_gb ?? null,
  temperatureC: view.temperature_c ?? null,
  powerW: view.power_w ?? null,
  available: view.available,
});

export const toReadingView = (reading: GpuReading): ReadingView => ({
  index: reading.index,
  utilization_percent: reading.utilizationPercent ?? undefined,
  memory_used_gb: reading.memoryUsedGb ?? undefined,
  memory_total_gb: reading.memoryTotalGb ?? undefined,
  temperature_c: reading.temperatureC ?? undefined,
  power_w: reading.powerW ?? undefined,
  available: reading.available,
});
