// The `node_status` message, which sends the status of a node to the node (protocol §3).
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import { reasonOf } from '../../../shared/protocol/status';
import { healthView } from './health-view';
import { inFlightJobs, type NodeRecord, usableSlotsView } from './node-record';
import type { LifecyclePolicy } from './policy';

/** `periodic`: the message repeats the status; nothing changed. */
export function nodeStatusMessage(record: NodeRecord, nowWallMs: number, periodic: boolean, policy: LifecyclePolicy): NodeStatusMessage {
  return {
    type: 'node_status',
    node_id: record.nodeId,
    status: record.status,
    reason: reasonOf(record.reasonCode),
    reason_code: record.reasonCode,
    timestamp: nowWallMs,
    ...(periodic ? { periodic } : {}),
    previous_status: record.previousStatus,
    since: record.since.wallMs,
    online: record.online,
    in_flight_jobs: inFlightJobs(record),
    max_concurrent_jobs: record.profile.maxConcurrentJobs,
    health: healthView(record, policy),
    ...usableSlotsView(record),
  };
}
