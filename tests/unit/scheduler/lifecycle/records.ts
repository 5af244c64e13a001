// Builders of records, profiles and heartbeats for the tests and benchmarks of the pure core.
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { NO_CHECKS } from '../../../../src/main/scheduler/lifecycle/health-history';
import type { DrainIntent, Instant, NodeProfile, NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { DEFAULT_LIFECYCLE_POLICY, type LifecyclePolicy } from '../../../../src/main/scheduler/lifecycle/policy';
import type { InstalledModel, NodeHeartbeat, ResourceUsage } from '../../../../src/shared/protocol/node-messages';

export const POLICY: LifecyclePolicy = DEFAULT_LIFECYCLE_POLICY;

/** The wall clock is an hour ahead of the monotonic one, so that tests fail when the clocks are mixed up. */
const WALL_OFFSET_MS = 3_600_000;
export const at = (monotonicMs: number): Instant => ({ wallMs: monotonicMs + WALL_OFFSET_MS, monotonicMs });

export const aModel = (overrides: Partial<InstalledModel> = {}): InstalledModel => ({
  model_id: 'nmt-en-zh',
  kind: 'nmt',
  src_lang: 'en',
  tgt_lang: 'zh',
  version: '1',
  enabled: true,
  ...overrides,
});

export const aProfile = (overrides: Partial<NodeProfile> = {}): NodeProfile => ({
  name: 'Desk',
  version: '0.1.0',
  platform: 'linux',
  hardware: { cpu_cores: 16, memory_gb: 64, gpus: [{ name: 'RTX 4090', memory_gb: 24, index: 0 }] },
  installedModels: [aModel()],
  capabilityState: { 'nmt-en-zh': 'ready' },
  featuresSupported: {},
  advancedFeatures: [],
  acceptPublicJobs: true,
  maxConcurrentJobs: 4,
  ...overrides,
});

export const aUsage = (overrides: Partial<ResourceUsage> = {}): ResourceUsage => ({
  cpu_percent: 5,
  mem_percent: 10,
  gpu_percent: 0,
  running_jobs: 0,
  ...overrides,
});

export const aHeartbeat = (overrides: Partial<NodeHeartbeat> = {}): NodeHeartbeat => ({
  type: 'node_heartbeat',
  node_id: 'node-1',
  timestamp: 0,
  resource_usage: aUsage(),
  ...overrides,
});

export const NO_GRACE = -Infinity;

export const healthyBeat = (overrides: Partial<NodeHeartbeat> = {}): NodeEvent => ({
  type: 'heartbeat',
  message: aHeartbeat(overrides),
  graceUntilMonotonicMs: NO_GRACE,
});

/** A heartbeat whose GPU reading is invalid. */
export const failingBeat = (overrides: Partial<NodeHeartbeat> = {}): NodeEvent =>
  healthyBeat({ resource_usage: aUsage({ gpu_percent: null }), ...overrides });

export const aDrain = (overrides: Partial<DrainIntent> = {}): DrainIntent => ({
  by: 'operator',
  reason: null,
  requestedAt: at(0),
  timeoutMs: POLICY.drainTimeoutMs,
  ...overrides,
});

/** A ready, idle node that was registered and last seen at 0. */
export const aRecord = (overrides: Partial<NodeRecord> = {}): NodeRecord => ({
  nodeId: 'node-1',
  profile: aProfile(),
  status: 'ready',
  reasonCode: 'health_check_passed',
  previousStatus: 'registering',
  since: at(0),
  online: true,
  drain: null,
  registeredAt: at(0),
  lastSeen: at(0),
  lastHeartbeatAtWallMs: null,
  health: NO_CHECKS,
  usage: aUsage(),
  gpus: null,
  assignedJobs: 0,
  lastAssignedAtMonotonicMs: null,
  ...overrides,
});
