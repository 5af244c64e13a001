// The limits of registrations (protocol §1): for unknown nodes per address, for each known node, and the maximum of known nodes. A known
// node that proves its token is never refused because of other nodes.
import type { NodeErrorCode } from '../../../shared/protocol/codes';
import { fail, ok, type Result } from '../../../shared/result';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock } from '../../platform/clock';
import { sourceOfRemote } from '../../platform/source-address';
import { TokenBuckets } from '../../platform/token-buckets';
import { isDisplaceable } from '../lifecycle/deadlines';
import type { NodeEvent } from '../lifecycle/events';
import type { NodeRecord } from '../lifecycle/node-record';

/** A node whose connection is lost again and again registers every few seconds. Faster registrations only fill the log. */
const KNOWN_NODE = { capacity: 30, perSecond: 0.5 } as const;
const SECONDS_PER_MINUTE = 60;

export interface RegistrationRefusal {
  readonly code: NodeErrorCode;
  readonly details: { readonly field: string; readonly reason: string } | null;
}

export interface RegistrationLimitOptions {
  readonly maxNodes: number;
  readonly maxNewNodesPerMinute: number;
  readonly clock: Clock;
  readonly abuse: AbuseLog;
}

interface KnownNodes {
  records(): Iterable<NodeRecord>;
  apply(nodeId: string, event: NodeEvent): unknown;
}

export class RegistrationLimits {
  readonly #options: RegistrationLimitOptions;
  readonly #newNodes: TokenBuckets;
  readonly #knownNodes: TokenBuckets;

  constructor(options: RegistrationLimitOptions) {
    this.#options = options;
    const { maxNewNodesPerMinute, maxNodes } = options;
    this.#newNodes = new TokenBuckets({ capacity: maxNewNodesPerMinute, perSecond: maxNewNodesPerMinute / SECONDS_PER_MINUTE });
    this.#knownNodes = new TokenBuckets({ ...KNOWN_NODE, maxKeys: maxNodes });
  }

  /** Counts one registration. `knownId`: the node has proved that it owns this id; null: it has not. */
  count(knownId: string | null, remote: string): Result<null, RegistrationRefusal> {
    const { clock, abuse, maxNewNodesPerMinute } = this.#options;
    const from = sourceOfRemote(remote);
    const buckets = knownId === null ? this.#newNodes : this.#knownNodes;
    const waitMs = buckets.take(knownId ?? from, clock.monotonicMs());
    if (waitMs === 0) return ok(null);
    abuse.limitReached(knownId === null ? 'new_nodes_per_address' : 'registrations_per_node', from);
    const allowed =
      knownId === null
        ? `${String(maxNewNodesPerMinute)} registrations of new nodes per minute from ${from}`
        : `${String(KNOWN_NODE.perSecond * SECONDS_PER_MINUTE)} registrations of one node per minute`;
    return fail({
      code: 'TOO_MANY_REGISTRATIONS',
      details: { field: 'node_register', reason: `allowed: ${allowed}; retry in ${String(Math.ceil(waitMs / 1000))} s` },
    });
  }

  /**
   * Whether one more node may become known. At the maximum, a node that has never been ready and is not connected makes place: the one that
   * was silent for longest. `known`: the number of taken ids.
   */
  admit(known: number, nodes: KnownNodes, remote: string): Result<null, RegistrationRefusal> {
    const { maxNodes, abuse } = this.#options;
    if (known < maxNodes) return ok(null);
    let oldest: NodeRecord | null = null;
    for (const record of nodes.records()) {
      if (isDisplaceable(record) && (oldest === null || record.lastSeen.monotonicMs < oldest.lastSeen.monotonicMs)) oldest = record;
    }
    if (oldest !== null) {
      nodes.apply(oldest.nodeId, { type: 'displaced' });
      return ok(null);
    }
    abuse.limitReached('nodes', sourceOfRemote(remote));
    const reason = `the scheduler knows ${String(known)} nodes, and scheduler.max_nodes is ${String(maxNodes)}`;
    return fail({ code: 'POOL_FULL', details: { field: 'node_id', reason } });
  }
}
