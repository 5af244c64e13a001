// May this node get any job at all now? Status, connection, GPU, load and drain joined in one predicate.
import type { NodeRecord } from '../lifecycle/node-record';
import type { DispatchPolicy } from './policy';

export declare function isSchedulable(record: NodeRecord, policy: DispatchPolicy): boolean;
