// The nodes that only lack a free slot, by model and rates: a job may wait for one of them (ADR 0024).
import type { NodeRecord } from '../../lifecycle/node-record';
import { hasRates } from '../../lifecycle/model-rates';
import { isModelReady } from '../../lifecycle/model-readiness';
import { availabilityStateOf } from '../availability';
import type { DispatchPolicy } from '../policy';
import { rankOf } from '../ranking';
import type { RequestWork } from './cost';
import { cheapestFirst, RateClasses, type RankedNode } from './rate-classes';

interface FullNode extends RankedNode {
  readonly classes: readonly RateClasses<FullNode>[];
}

export class FullNodes {
  readonly #nodes = new Map<string, FullNode>();
  readonly #byModel = new Map<string, RateClasses<FullNode>>();

  /** Number of models with a full node that ran it. */
  get modelCount(): number {
    return this.#byModel.size;
  }

  /** Must be called with every changed record: `previous` is null for a new node, `next` for a removed one. */
  update(previous: NodeRecord | null, next: NodeRecord | null, policy: DispatchPolicy): void {
    const nodeId = (next ?? previous)?.nodeId ?? '';
    const known = this.#nodes.get(nodeId);
    if (known !== undefined) this.#remove(nodeId, known);
    if (next !== null && policy.holdsJobs && policy.strategy === 'predicted' && availabilityStateOf(next, policy) === 'full')
      this.#add(next);
  }

  get(nodeId: string): NodeRecord | undefined {
    return this.#nodes.get(nodeId)?.record;
  }

  /** Those that ran the model, in the order of the time that the request takes after its start. */
  *fastestFirst(modelId: string, work: RequestWork): IterableIterator<NodeRecord> {
    const classes = this.#byModel.get(modelId);
    if (classes !== undefined) for (const { record } of cheapestFirst([classes], work)) yield record;
  }

  #add(record: NodeRecord): void {
    const classes: RateClasses<FullNode>[] = [];
    const node: FullNode = { record, rank: rankOf(record), classes };
    const modelIds = new Set(
      record.profile.installedModels.filter((model) => isModelReady(record.profile, model)).map((model) => model.modelId),
    );
    for (const modelId of modelIds) {
      if (!hasRates(record.rates, modelId)) continue;
      let found = this.#byModel.get(modelId);
      if (found === undefined) this.#byModel.set(modelId, (found = new RateClasses(modelId)));
      found.add(node);
      classes.push(found);
    }
    this.#nodes.set(record.nodeId, node);
  }

  #remove(nodeId: string, node: FullNode): void {
    this.#nodes.delete(nodeId);
    for (const classes of node.classes) classes.delete(node);
    for (const modelId of node.record.rates.keys()) if (this.#byModel.get(modelId)?.size === 0) this.#byModel.delete(modelId);
  }
}
