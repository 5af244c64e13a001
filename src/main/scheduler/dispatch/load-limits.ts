// Which limit of the load holds on a node, for each resource (docs/dispatch.md, Limits; ADR 0016). The first of: the setting of the owner;
// the setting of the operator; no limit, when the scheduler is on loopback and has one node; the default.
import type { LimitSource } from '../../../shared/protocol/status';
import type { NodeRecord } from '../lifecycle/node-record';
import type { DispatchPolicy } from './policy';

export type LimitedResource = 'cpuPercent' | 'gpuPercent' | 'memoryPercent';

export interface LoadLimit {
  /** The load must be strictly below. Null: no limit. */
  readonly percent: number | null;
  readonly setBy: LimitSource;
}

export type LoadLimits = Readonly<Record<LimitedResource, LoadLimit>>;

/** For a node that measures its owner's load. Programs share a CPU with little delay up to this load; they share a GPU badly. */
const MEASURED_DEFAULTS = { cpuPercent: 60, gpuPercent: 25, memoryPercent: 90 } as const;
/** For a node whose load may be the pool's own in part. */
const OTHER_DEFAULTS = { cpuPercent: 25, gpuPercent: 25, memoryPercent: 90 } as const;

export function loadLimitOf(resource: LimitedResource, record: NodeRecord, policy: DispatchPolicy): LoadLimit {
  const owner = record.profile.limits?.[resource];
  if (owner !== undefined) return { percent: limitOrNull(owner), setBy: 'owner' };
  const configured = policy.limits[resource];
  if (configured !== null) return { percent: limitOrNull(configured), setBy: 'scheduler' };
  if (policy.isOwnPool) return { percent: null, setBy: 'own_pool' };
  return { percent: (record.ownerLoad.isMeasured ? MEASURED_DEFAULTS : OTHER_DEFAULTS)[resource], setBy: 'default' };
}

export const loadLimitsOf = (record: NodeRecord, policy: DispatchPolicy): LoadLimits => ({
  cpuPercent: loadLimitOf('cpuPercent', record, policy),
  gpuPercent: loadLimitOf('gpuPercent', record, policy),
  memoryPercent: loadLimitOf('memoryPercent', record, policy),
});

/** A fully used machine is not below 100, and a setting of 100 means no limit. */
const limitOrNull = (percent: number | null): number | null => (percent === null || percent >= 100 ? null : percent);
