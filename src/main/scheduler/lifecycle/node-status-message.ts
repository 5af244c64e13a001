// The `node_status` that tells a node what the scheduler thinks of it (protocol §3).
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

/** `periodic`: a repetition, not a change. */
export declare function nodeStatusMessage(record: NodeRecord, nowWallMs: number, periodic: boolean, policy: LifecyclePolicy): NodeStatusMessage;
