// Which limit of the load holds on a node, for each resource (docs/dispatch.md, Limits; ADR 0016). The first of: the setting of the owner;
// the setting of the operator; no limit, when the scheduler is on loopback and has one node; the default.
import type { LimitSource } from '../../../shared/protocol/status';
import type { NodeRecord } from '../lifecycle/node-record';
import type { DispatchPolicy } from './policy';

export type LimitedResource = 'cpuPercent' | 'gpuPercent' | 'memoryPercent';

const RESOURCES: readonly LimitedResource[] = ['cpuPercent', 'gpuPercent', 'memoryPercent'];

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
  return { percent: defaultsOf(record)[resource], setBy: 'default' };
}

/**
 * Before its first heartbeat a node gets no job, so the limits only inform it. They are those of a node that measures: only such a node
 * acts on its limits. The first heartbeat shows which ones hold.
 */
const defaultsOf = ({ ownerLoad }: NodeRecord) => (ownerLoad.isMeasured === false ? OTHER_DEFAULTS : MEASURED_DEFAULTS);

export const loadLimitsOf = (record: NodeRecord, policy: DispatchPolicy): LoadLimits => ({
  cpuPercent: loadLimitOf('cpuPercent', record, policy),
  gpuPercent: loadLimitOf('gpuPercent', record, policy),
  memoryPercent: loadLimitOf('memoryPercent', record, policy),
});

/** A fully used machine is not below 100, and a setting of 100 means no limit. */
const limitOrNull = (percent: number | null): number | null => (percent === null || percent >= 100 ? null : percent);

/** For the changes of a node that can change its limits: cheaper than the limits of every record. */
export function haveLimitsChanged(previous: NodeRecord, next: NodeRecord, policy: DispatchPolicy): boolean {
  if (previous.ownerLoad.isMeasured === next.ownerLoad.isMeasured && previous.profile.limits === next.profile.limits) return false;
  const [before, after] = [loadLimitsOf(previous, policy), loadLimitsOf(next, policy)];
  return RESOURCES.some(
    (resource) => before[resource].percent !== after[resource].percent || before[resource].setBy !== after[resource].setBy,
  );
}
