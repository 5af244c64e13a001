// The status machine (lifecycle §1): total, every status x event cell is tested.
import type { NodeEvent, Transition } from './events';
import type { Instant, NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

/** Returns the same record, by identity, when nothing changed. */
export declare function transition(record: NodeRecord | null, event: NodeEvent, now: Instant, policy: LifecyclePolicy): Transition;
