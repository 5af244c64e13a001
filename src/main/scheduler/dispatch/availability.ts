// What a node can do now (docs/dispatch.md, Availability): joins status, connection, GPU, slots and load. Dispatch gives jobs to nodes that
// are `available`, and every view shows this state.
import type { Exclusion } from '../../../shared/api/dispatch';
import type { AvailabilityState } from '../../../shared/protocol/status';
import type { NodeRecord } from '../lifecycle/node-record';
import { capacity } from './filters/capacity';
import type { DispatchFilter } from './filters/dispatch-filter';
import { gpu } from './filters/gpu';
import { online } from './filters/online';
import { quarantined } from './filters/quarantined';
import { resourceUse } from './filters/resource-use';
import { statusReady } from './filters/status-ready';
import type { JobRequirements } from './job-requirements';
import type { DispatchPolicy } from './policy';

/** Filters that depend on the node alone. */
const NODE_FILTERS: readonly DispatchFilter[] = [statusReady, online, quarantined, gpu, capacity, resourceUse];

const ANY_JOB: JobRequirements = { requiredModels: [], public: false };

/** `available` exactly when the node passes every filter that depends on the node alone. */
export function availabilityStateOf(record: NodeRecord, policy: DispatchPolicy): AvailabilityState {
  if (!record.online) return record.isAsleep ? 'asleep' : record.status === 'offline' ? 'offline' : 'disconnected';
  if (record.quarantine !== null) return 'paused';
  switch (record.status) {
    case 'offline':
      // A connected node is offline only when it is drained.
      return 'paused';
    case 'registering':
    case 'degraded':
    case 'draining':
      return record.status;
    case 'ready':
      if (gpu(record, ANY_JOB, policy) !== null) return 'degraded';
      if (capacity(record, ANY_JOB, policy) !== null) return 'full';
      return resourceUse(record, ANY_JOB, policy) === null ? 'available' : 'busy';
  }
}

/** Every filter that keeps all jobs from the node, in the order of the filters. Empty for an available node. */
export function availabilityReasons(record: NodeRecord, policy: DispatchPolicy): Exclusion[] {
  return NODE_FILTERS.map((filter) => filter(record, ANY_JOB, policy)).filter((exclusion) => exclusion !== null);
}
