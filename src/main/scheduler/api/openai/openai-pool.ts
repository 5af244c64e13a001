// What the OpenAI paths ask about the pool. The scheduler answers it.
import type { Explanation, JobRequirements } from '../../../../shared/api/dispatch';
import type { TaskKind } from '../../../../shared/protocol/task-kinds';
import type { TaskOffer } from '../../dispatch/model-offers';
import type { NodeRecord } from '../../lifecycle/node-record';

export interface OpenAiPool {
  records(): Iterable<NodeRecord>;
  /** Whether the pool can run a task on a model, now or later. */
  offerOf(modelId: string, task: TaskKind): TaskOffer;
  /** `nodeLimit`: at most so many nodes are shown with every filter that they do not pass. */
  explain(job: JobRequirements, nodeLimit?: number): Explanation;
}
