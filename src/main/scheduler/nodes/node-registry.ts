// The known nodes, with everything that is derived from their records: deadlines, candidates, full nodes, offers, turns, rates, names,
// tallies, counts. `keep` applies a change to all of these at once, so they always agree. When the dispatch policy changes, every node is
// judged again. Whether the pool has one node is part of the policy.
import { isDeepStrictEqual } from 'node:util';
import { CandidateIndex } from '../dispatch/candidate-index';
import { FairTurns } from '../dispatch/fair-turns';
import { LiveTallies } from '../dispatch/live-tallies';
import { ModelOffers } from '../dispatch/model-offers';
import type { DispatchPolicy, DispatchSettings } from '../dispatch/policy';
import { FullNodes } from '../dispatch/prediction/full-nodes';
import { PoolRates } from '../dispatch/prediction/pool-rates';
import { DeadlineQueue } from '../lifecycle/deadline-queue';
import type { NodeRecord } from '../lifecycle/node-record';
import type { LifecyclePolicy } from '../lifecycle/policy';
import { NodeNames } from './core/node-names';
import { profileBytes } from './core/profile-bytes';
import { PAUSE_CODES, type PauseCode } from '../../../shared/protocol/pauses';
import type { NodeStatus } from '../../../shared/protocol/status';

/** Is called while the registry still has the previous record or the previous policy. */
export interface ChangeListener {
  /** `previous` null: there was no such node. `next` null: the node is no longer known. */
  beforeChange(previous: NodeRecord | null, next: NodeRecord | null): void;
  beforePolicyChange(): void;
}

export class NodeRegistry {
  readonly deadlines: DeadlineQueue;
  readonly candidates: CandidateIndex;
  readonly offers = new ModelOffers();
  readonly turns = new FairTurns();
  readonly rates = new PoolRates();
  readonly full = new FullNodes();
  readonly names = new NodeNames();
  readonly tallies: LiveTallies;
  #policy: DispatchPolicy;
  readonly #records = new Map<string, NodeRecord>();
  readonly #byStatus: Record<NodeStatus, number> = { registering: 0, ready: 0, degraded: 0, draining: 0, offline: 0 };
  #listener: ChangeListener | null = null;
  #profileBytes = 0;

  constructor(policy: LifecyclePolicy, dispatchPolicy: DispatchPolicy) {
    this.deadlines = new DeadlineQueue(policy);
    this.#policy = dispatchPolicy;
    this.candidates = new CandidateIndex(dispatchPolicy);
    this.tallies = new LiveTallies(dispatchPolicy);
  }

  /** The dispatch policy for the pool as it is now. */
  get policy(): DispatchPolicy {
    return this.#policy;
  }

  /** The memory of all profiles, estimated. */
  get profileBytes(): number {
    return this.#profileBytes;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Nodes that are not offline. */
  get live(): number {
    return this.#records.size - this.#byStatus.offline;
  }

  get(nodeId: string): NodeRecord | undefined {
    return this.#records.get(nodeId);
  }

  /** Whether a job may go to the node now, or may wait until it has a free slot. */
  isFreeOrFull(nodeId: string): boolean {
    return this.candidates.has(nodeId) || this.full.get(nodeId) !== undefined;
  }

  records(): IterableIterator<NodeRecord> {
    return this.#records.values();
  }

  countByStatus(): Readonly<Record<NodeStatus, number>> {
    return { ...this.#byStatus };
  }

  countByPause(): Readonly<Record<PauseCode, number>> {
    const counts = Object.fromEntries(PAUSE_CODES.map((code) => [code, 0])) as Record<PauseCode, number>;
    for (const { pause } of this.#records.values()) if (pause !== null) counts[pause.code]++;
    return counts;
  }

  /** Sets the listener (at most one). */
  listen(listener: ChangeListener): void {
    this.#listener = listener;
  }

  /**
   * Replaces a record. `previous` null: a new node. `next` null: the node is no longer known. Returns whether the policy changed, so that
   * other nodes were judged again.
   */
  keep(previous: NodeRecord | null, next: NodeRecord | null): boolean {
    this.#listener?.beforeChange(previous, next);
    this.candidates.update(previous, next);
    this.offers.update(previous, next);
    this.turns.update(previous, next);
    this.rates.update(previous, next);
    this.full.update(previous, next, this.#policy);
    this.names.update(previous, next);
    if (previous?.profile !== next?.profile) this.#profileBytes += bytesOf(next) - bytesOf(previous);
    this.tallies.update(previous, next);
    if (previous !== null) this.#byStatus[previous.status]--;
    if (next !== null) {
      this.#byStatus[next.status]++;
      this.#records.set(next.nodeId, next);
      this.deadlines.set(next);
    } else if (previous !== null) {
      this.#records.delete(previous.nodeId);
      this.deadlines.delete(previous.nodeId);
    }
    return this.#setPolicy(this.#policyFor(this.live));
  }

  /** As `keep`, for a record that differs only in when the node was seen: all that is derived from it stays, but its deadlines. */
  seen(next: NodeRecord): void {
    this.#records.set(next.nodeId, next);
    this.candidates.seen(next);
    if (this.full.get(next.nodeId) !== undefined) this.full.update(next, next, this.#policy);
    this.deadlines.set(next);
  }

  /** Returns whether the settings differ from the present ones, so that every node was judged again. */
  configure(settings: DispatchSettings): boolean {
    return this.#setPolicy({ ...this.#policy, ...settings });
  }

  /** The dispatch policy once this record is kept. */
  policyWith({ nodeId, status }: NodeRecord): DispatchPolicy {
    const previous = this.#records.get(nodeId);
    const others = this.live - (previous !== undefined && previous.status !== 'offline' ? 1 : 0);
    return this.#policyFor(others + (status === 'offline' ? 0 : 1));
  }

  #policyFor(live: number): DispatchPolicy {
    const isOwnPool = this.#policy.isOnLoopback && live <= 1;
    return isOwnPool === this.#policy.isOwnPool ? this.#policy : { ...this.#policy, isOwnPool };
  }

  #setPolicy(policy: DispatchPolicy): boolean {
    if (policy === this.#policy || isDeepStrictEqual(policy, this.#policy)) return false;
    this.#listener?.beforePolicyChange();
    this.#policy = policy;
    this.candidates.setPolicy(this.#policy, this.records());
    this.tallies.setPolicy(this.#policy);
    for (const record of this.records()) this.full.update(record, record, this.#policy);
    return true;
  }
}

const bytesOf = (record: NodeRecord | null): number => (record === null ? 0 : profileBytes(record.profile));
