// A record's health as it goes over the wire (protocol §3).
import type { Health } from '../../../shared/protocol/scheduler-messages';
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export declare function healthView(record: NodeRecord, policy: LifecyclePolicy): Health;
