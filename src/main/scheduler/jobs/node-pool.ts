// What jobs need of the pool: implemented by the scheduler, the single writer of nodes.
import type { Dispatcher } from '../nodes/dispatcher';
import type { NodeEvent } from '../lifecycle/events';
import type { Instant } from '../lifecycle/node-record';
import type { NodeLink } from '../nodes/node-link';
import type { NodeRegistry } from '../nodes/node-registry';

export interface NodePool {
  readonly registry: NodeRegistry;
  readonly dispatcher: Dispatcher;
  now(): Instant;
  linkOf(nodeId: string): NodeLink | undefined;
  apply(nodeId: string, event: NodeEvent): unknown;
  /** So many nodes fell silent at once that the scheduler may be cut off itself: their jobs are not moved yet (lifecycle §1). */
  isMassLoss(): boolean;
  /** Jobs came, went or changed their status: who watches the pool is told the counts soon. */
  jobsCounted(): void;
}
