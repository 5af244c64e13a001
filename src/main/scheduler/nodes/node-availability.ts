// The availability of each node with its beginning. A job of one second would change it twice, so changes are logged, and pushed to their
// nodes, in batches.
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../shared/protocol/status';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { inTurns } from '../../platform/in-turns';
import { availabilityReasons, availabilityStateOf } from '../dispatch/availability';
import type { NodeRecord } from '../lifecycle/node-record';
import { isLoss } from '../lifecycle/status-change';
import type { NodeRegistry } from './node-registry';

/** Of the work in a turn of the event loop: a log line and perhaps a status. */
const PARTS_OF_LINE = 10;

export interface NodeAvailabilityOptions {
  readonly registry: NodeRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sends the node its status and availability. */
  readonly push: (record: NodeRecord) => void;
}

interface Dated {
  readonly state: AvailabilityState;
  readonly sinceWallMs: number;
}

export class NodeAvailability {
  readonly #options: NodeAvailabilityOptions;
  readonly #current = new Map<string, Dated>();
  readonly #announced = new Map<string, AvailabilityState>();
  /** The state in the last message to the node. */
  readonly #sent = new Map<string, AvailabilityState>();
  readonly #changed = new Set<string>();
  #listener: ((nodeId: string, record: NodeRecord | null) => void) | null = null;

  constructor(options: NodeAvailabilityOptions) {
    this.#options = options;
  }

  /** Sets the listener (at most one), which is called with each new record, after `stateOf` knows it. Null: the node is forgotten. */
  listen(listener: (nodeId: string, record: NodeRecord | null) => void): void {
    this.#listener = listener;
  }

  /** When the present state of the node began, Unix ms. */
  sinceWallMs({ nodeId, since }: NodeRecord): number {
    return this.#current.get(nodeId)?.sinceWallMs ?? since.wallMs;
  }

  stateOf(record: NodeRecord): AvailabilityState {
    return this.#current.get(record.nodeId)?.state ?? availabilityStateOf(record, this.#options.registry.policy);
  }

  counts(): Readonly<Record<AvailabilityState, number>> {
    const counts = Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, 0])) as Record<AvailabilityState, number>;
    for (const { state } of this.#current.values()) counts[state]++;
    return counts;
  }

  /** Ids of the nodes in this state. */
  *nodesIn(wanted: AvailabilityState): Iterable<string> {
    for (const [nodeId, { state }] of this.#current) if (state === wanted) yield nodeId;
  }

  /** Must be called with every new record. `sinceWallMs`: when the state began, if it is a new one. */
  update(record: NodeRecord, sinceWallMs = this.#options.clock.wallMs()): void {
    const { nodeId } = record;
    const state = availabilityStateOf(record, this.#options.registry.policy);
    if (this.#current.get(nodeId)?.state !== state) {
      this.#current.set(nodeId, { state, sinceWallMs });
      this.#changed.add(nodeId);
    }
    this.#listener?.(nodeId, record);
  }

  /** A message with the present state was sent to the node. */
  sent(nodeId: string): void {
    const state = this.#current.get(nodeId)?.state;
    if (state !== undefined) this.#sent.set(nodeId, state);
  }

  forget(nodeId: string): void {
    this.#current.delete(nodeId);
    this.#announced.delete(nodeId);
    this.#sent.delete(nodeId);
    this.#changed.delete(nodeId);
    this.#listener?.(nodeId, null);
  }

  /** Logs the changes since the last call, one for each node, and pushes those that the node does not know. */
  async announce(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    await inTurns(changed, (nodeId) => {
      this.#announce(nodeId);
      return PARTS_OF_LINE;
    });
  }

  #announce(nodeId: string): void {
    const { registry, logger, push } = this.#options;
    const [record, to] = [registry.get(nodeId), this.#current.get(nodeId)?.state];
    const from = this.#announced.get(nodeId) ?? null;
    if (record === undefined || to === undefined || to === from) return;
    this.#announced.set(nodeId, to);
    const reasons = availabilityReasons(record, registry.policy).map(({ code, found }) => ({ code, found }));
    // At the start of the scheduler, all nodes that it remembers are disconnected.
    const level = from !== null && isLost(record, to) ? 'warn' : 'info';
    logger.log(level, 'node_availability_changed', { node_id: nodeId, from, to, reasons });
    if (this.#sent.get(nodeId) !== to) push(record);
  }
}

/** Disconnected or quarantined, or its status says so. */
const isLost = ({ quarantine, reasonCode }: NodeRecord, to: AvailabilityState): boolean =>
  to === 'disconnected' || (to === 'paused' && quarantine !== null) || ((to === 'degraded' || to === 'offline') && isLoss(reasonCode));
