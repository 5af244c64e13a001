// Builders of records, profiles and heartbeats for the tests and benchmarks of the pure core.
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { NO_EXPECTED_JOBS } from '../../../../src/main/scheduler/lifecycle/expected-jobs';
import { NO_RATES } from '../../../../src/main/scheduler/lifecycle/model-rates';
import { type AttemptVerdict, NO_FAILURES } from '../../../../src/main/scheduler/lifecycle/model-failures';
import { NO_CHECKS } from '../../../../src/main/scheduler/lifecycle/health-history';
import type { DrainIntent, Instant, NodeProfile, NodeRecord, OwnerPause } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { GpuReading, InstalledModel, NodeGpu, NodeReport, NodeUsage } from '../../../../src/main/scheduler/lifecycle/node-report';
import { NO_OWNER_LOAD, type OwnerLoad, ownerLoadOf } from '../../../../src/main/scheduler/lifecycle/owner-load';
import { DEFAULT_LIFECYCLE_POLICY, type LifecyclePolicy } from '../../../../src/main/scheduler/lifecycle/policy';

export const POLICY: LifecyclePolicy = DEFAULT_LIFECYCLE_POLICY;

/** The wall clock is an hour ahead of the monotonic one, so that tests fail when the clocks are mixed up. */
const WALL_OFFSET_MS = 3_600_000;
export const at = (monotonicMs: number): Instant => ({ wallMs: monotonicMs + WALL_OFFSET_MS, monotonicMs });

export const aModel = (overrides: Partial<InstalledModel> = {}): InstalledModel => ({
  modelId: 'nmt-en-zh',
  kind: 'nmt',
  srcLang: 'en',
  tgtLang: 'zh',
  dialect: null,
  version: '1',
  enabled: true,
  tasks: null,
  tokensPerSecond: null,
  vramGb: null,
  isLoaded: null,
  ...overrides,
});

export const aGpu = (overrides: Partial<NodeGpu> = {}): NodeGpu => ({
  name: 'RTX 4090',
  memoryGb: 24,
  index: null,
  uuid: null,
  vendor: null,
  driverVersion: null,
  simulated: false,
  ...overrides,
});

export const aReading = (overrides: Partial<GpuReading> = {}): GpuReading => ({
  index: 0,
  utilizationPercent: null,
  memoryUsedGb: null,
  memoryTotalGb: null,
  temperatureC: null,
  powerW: null,
  available: true,
  ...overrides,
});

export const aProfile = (overrides: Partial<NodeProfile> = {}): NodeProfile => ({
  name: 'Desk',
  version: '0.1.0',
  platform: 'linux',
  hardware: { cpuCores: 16, memoryGb: 64, gpus: [aGpu({ index: 0 })] },
  installedModels: [aModel()],
  capabilityState: { 'nmt-en-zh': 'ready' },
  featuresSupported: {},
  advancedFeatures: [],
  acceptPublicJobs: true,
  maxConcurrentJobs: 4,
  limits: null,
  ...overrides,
});

export const aUsage = (overrides: Partial<NodeUsage> = {}): NodeUsage => ({
  cpuPercent: 5,
  memoryPercent: 10,
  gpuPercent: 0,
  gpuMemoryPercent: null,
  ownerCpuPercent: undefined,
  ownerGpuPercent: undefined,
  runningJobs: 0,
  ...overrides,
});

/** The content of a heartbeat that reports its usage only. */
export const aReport = (overrides: Partial<NodeReport> = {}): NodeReport => ({
  usage: aUsage(),
  gpus: null,
  installedModels: null,
  capabilityState: null,
  modelResidency: null,
  modelReasons: null,
  allowsModelControl: null,
  acceptPublicJobs: null,
  maxConcurrentJobs: null,
  limits: null,
  ...overrides,
});

export const NO_GRACE = -Infinity;

export const healthyBeat = (overrides: Partial<NodeReport> = {}): NodeEvent => ({
  type: 'heartbeat',
  report: aReport(overrides),
  graceUntilMonotonicMs: NO_GRACE,
});

/** A heartbeat whose GPU reading is invalid. */
export const failingBeat = (overrides: Partial<NodeReport> = {}): NodeEvent =>
  healthyBeat({ usage: aUsage({ gpuPercent: null }), ...overrides });

export const aDrain = (overrides: Partial<DrainIntent> = {}): DrainIntent => ({
  by: 'operator',
  reason: null,
  requestedAt: at(0),
  timeoutMs: POLICY.drainTimeoutMs,
  ...overrides,
});

/** The owner paused at 0 by hand, until the owner resumes. */
export const aPause = (overrides: Partial<OwnerPause> = {}): OwnerPause => ({
  code: 'owner',
  detail: null,
  since: at(0),
  startedAt: at(0),
  untilWallMs: null,
  timeoutMs: POLICY.drainTimeoutMs,
  ...overrides,
});

/** The load of the owner that a heartbeat with this usage reports while no job is in flight. */
export const ownerLoadIn = (usage: NodeUsage | null): OwnerLoad =>
  usage === null ? NO_OWNER_LOAD : ownerLoadOf(NO_OWNER_LOAD, usage, true, 0);
export const jobAssigned = (modelId = 'nmt-en-zh', jobId = 'job-1', turn?: number) =>
  ({ type: 'job_assigned', jobId, modelId, ...(turn === undefined ? {} : { turn }) }) as const satisfies NodeEvent;

export const jobReleased = (verdict: AttemptVerdict = { kind: 'none' }, modelId = 'nmt-en-zh', jobId = 'job-1') =>
  ({ type: 'job_released', jobId, modelId, verdict }) as const satisfies NodeEvent;

export const BROKE = { code: 'command_failed', message: 'it broke' };

/** A ready, idle node that was registered and last seen at 0. */
export const aRecord = (overrides: Partial<NodeRecord> = {}): NodeRecord => ({
  nodeId: 'node-1',
  profile: aProfile(),
  hasBeenReady: true,
  status: 'ready',
  reasonCode: 'health_check_passed',
  previousStatus: 'registering',
  since: at(0),
  online: true,
  isAsleep: false,
  drain: null,
  pause: null,
  quarantine: null,
  tags: [],
  registeredAt: at(0),
  lastSeen: at(0),
  lastHeartbeatAtWallMs: null,
  health: NO_CHECKS,
  usage: aUsage(),
  ownerLoad: ownerLoadIn(overrides.usage === undefined ? aUsage() : overrides.usage),
  gpus: null,
  assignedJobs: 0,
  lastAssignedAtMonotonicMs: null,
  lastJobAtMonotonicMs: null,
  turn: 0,
  provenSlots: 4,
  failures: NO_FAILURES,
  rates: NO_RATES,
  expectedJobs: NO_EXPECTED_JOBS,
  ...overrides,
});
