// What the OpenAI paths ask about the pool. The scheduler answers it.
import type { Explanation, JobRequirements } from '../../../../shared/api/dispatch';
import type { ModelOffers } from '../../dispatch/model-offers';
import type { NodeRecord } from '../../lifecycle/node-record';

export interface OpenAiPool {
  readonly registry: { readonly offers: ModelOffers; records(): Iterable<NodeRecord> };
  /** `nodeLimit`: at most so many nodes are shown with every filter that they do not pass. */
  explain(job: JobRequirements, nodeLimit?: number): Explanation;
}
