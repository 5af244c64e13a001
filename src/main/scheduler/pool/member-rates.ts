// The rates of nodes that left, by member (ADR 0024). A member that leaves and joins again has a new node, which would get a trial at once:
// a slow one could get each request of a small pool in this way. So its new node begins with the rates of its last one. In memory only.
import { isTrialDue, NO_RATES, type NodeRates, withMissedTrial } from '../lifecycle/model-rates';
import type { Instant, NodeRecord } from '../lifecycle/node-record';

interface MemberRatesOptions {
  record(nodeId: string): NodeRecord | undefined;
  now(): Instant;
  /** Jobs of the model that are assigned to the node. */
  liveOn(nodeId: string, modelId: string): number;
}

/** Of all members together, 300 bytes each. */
const MAX_MODELS = 20_000;
/** Without rates, a member takes about as much memory as a model. */
const COST_OF_MEMBER = 1;

interface LastNode {
  readonly nodeId: string;
  /** Of the node when it left. */
  readonly rates: NodeRates;
}

export class MemberRates {
  readonly #options: MemberRatesOptions;
  /** The member that changed its node longest ago comes first. */
  readonly #byMember = new Map<string, LastNode>();
  #cost = 0;

  constructor(options: MemberRatesOptions) {
    this.#options = options;
  }

  /** The rates with which a new node of the member begins. */
  of(memberId: string): NodeRates {
    const last = this.#byMember.get(memberId);
    return last === undefined ? NO_RATES : (this.#options.record(last.nodeId)?.rates ?? last.rates);
  }

  registered(memberId: string, nodeId: string): void {
    if (this.#byMember.get(memberId)?.nodeId !== nodeId) this.#keep(memberId, { nodeId, rates: NO_RATES });
  }

  /** Before the record is removed. A trial that the node did not end is a missed one. */
  leaving(memberId: string, nodeId: string): void {
    const record = this.#options.record(nodeId);
    if (record === undefined) return;
    const { monotonicMs } = this.#options.now();
    let { rates } = record;
    for (const { modelId } of record.assignedJobs === 0 ? [] : record.profile.installedModels)
      if (isTrialDue(rates, modelId) && this.#options.liveOn(nodeId, modelId) > 0) rates = withMissedTrial(rates, modelId, monotonicMs);
    this.#keep(memberId, { nodeId, rates });
  }

  #keep(memberId: string, last: LastNode): void {
    this.#delete(memberId);
    this.#byMember.set(memberId, last);
    this.#cost += costOf(last);
    for (const oldest of this.#byMember.keys()) {
      if (this.#cost <= MAX_MODELS) return;
      this.#delete(oldest);
    }
  }

  #delete(memberId: string): void {
    const last = this.#byMember.get(memberId);
    if (last === undefined) return;
    this.#byMember.delete(memberId);
    this.#cost -= costOf(last);
  }
}

const costOf = ({ rates }: LastNode): number => COST_OF_MEMBER + rates.size;
