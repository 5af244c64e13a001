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
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';
import { profileBytes } from '../nodes/core/profile-bytes';

/** A node whose connection is lost again and again registers every few seconds. Faster registrations only fill the log. */
const KNOWN_NODE = { capacity: 30, perSecond: 0.5 } as const;
const SECONDS_PER_MINUTE = 60;

export interface RegistrationRefusal {
  readonly code: NodeErrorCode;
  readonly details: { readonly field: string; readonly reason: string } | null;
}

export interface RegistrationLimitOptions {
  readonly maxNodes: number;
  readonly maxProfileBytes: number;
  readonly maxNewNodesPerMinute: number;
  readonly clock: Clock;
  readonly abuse: AbuseLog;
}

export interface KnownNodes {
  /** The memory of all profiles, estimated. */
  readonly profileBytes: number;
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
   * Whether one more node may become known. At a maximum, nodes that have never been ready and are not connected make place: those that were
   * silent for longest. `known`: the number of taken ids. `bytes`: of the profile of the new node.
   */
  admit(known: number, bytes: number, nodes: KnownNodes, remote: string): Result<null, RegistrationRefusal> {
    const { maxNodes, maxProfileBytes, abuse } = this.#options;
    const missing = { nodes: known + 1 - maxNodes, bytes: nodes.profileBytes + bytes - maxProfileBytes };
    if (this.#makePlace(missing, nodes)) return ok(null);
    if (missing.nodes <= 0) return this.#noMemory(nodes, remote);
    abuse.limitReached('nodes', sourceOfRemote(remote));
    const reason = `the scheduler knows ${String(known)} nodes, and scheduler.max_nodes is ${String(maxNodes)}`;
    return fail({ code: 'POOL_FULL', details: { field: 'node_id', reason } });
  }

  /** Whether the profile of a known node may be replaced. A profile that does not grow may always be replaced. */
  admitChange(previous: NodeProfile | null, bytes: number, nodes: KnownNodes, remote: string): Result<null, RegistrationRefusal> {
    const growth = bytes - (previous === null ? 0 : profileBytes(previous));
    if (growth <= 0) return ok(null);
    const missing = { nodes: 0, bytes: nodes.profileBytes + growth - this.#options.maxProfileBytes };
    return this.#makePlace(missing, nodes) ? ok(null) : this.#noMemory(nodes, remote);
  }

  #noMemory(nodes: KnownNodes, remote: string): Result<never, RegistrationRefusal> {
    const { maxProfileBytes, abuse } = this.#options;
    abuse.limitReached('profile_bytes', sourceOfRemote(remote));
    const reason = `the profiles of all nodes take ${String(nodes.profileBytes)} bytes, and scheduler.max_profile_bytes is ${String(maxProfileBytes)}`;
    return fail({ code: 'POOL_FULL', details: { field: 'installed_models', reason } });
  }

  /** Forgets as few nodes as possible; none when they would not make enough place. */
  #makePlace(missing: { readonly nodes: number; readonly bytes: number }, nodes: KnownNodes): boolean {
    let { nodes: missingNodes, bytes: missingBytes } = missing;
    if (missingNodes <= 0 && missingBytes <= 0) return true;
    const displaced: NodeRecord[] = [];
    const displaceable = Array.from(nodes.records()).filter(isDisplaceable);
    for (const record of displaceable.sort((a, b) => a.lastSeen.monotonicMs - b.lastSeen.monotonicMs)) {
      displaced.push(record);
      missingNodes--;
      missingBytes -= profileBytes(record.profile);
      if (missingNodes > 0 || missingBytes > 0) continue;
      for (const { nodeId } of displaced) nodes.apply(nodeId, { type: 'displaced' });
      return true;
    }
    return false;
  }
}
