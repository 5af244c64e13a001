// Which deadlines a record has (lifecycle §1, Triggers). Monotonic ms. What happens at one is `transition`'s.
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export interface StatusDeadline {
  readonly kind: 'warmup' | 'drain' | 'retention';
  readonly atMs: number;
}

export declare function heartbeatDeadlineMs(record: NodeRecord, policy: LifecyclePolicy): number | null;
export declare function statusDeadline(record: NodeRecord, policy: LifecyclePolicy): StatusDeadline | null;
