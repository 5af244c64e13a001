// What replicas tell of the chunks that they have passed on.
import type { Channel } from '../cluster/channel/channel';
import type { PoolListener } from '../jobs/pool-listener';
import { CHUNKS_PASSED, CHUNKS_REFUSED, chunksPassedSchema, chunksRefusedSchema } from '../replica/core/answer-records';

export function countPassedChunks(nodes: Pick<PoolListener['nodes'], 'passed' | 'refused'>, channel: Channel): void {
  channel.on(CHUNKS_PASSED, (head) => {
    for (const { node_id: nodeId, job_id: jobId, has_token: hasToken, ...counts } of chunksPassedSchema.parse(head).attempts)
      nodes.passed(nodeId, { jobId, hasToken, ...counts });
  });
  channel.on(CHUNKS_REFUSED, (head) => {
    const { node_id: nodeId, job_id: jobId, attempt, error } = chunksRefusedSchema.parse(head);
    nodes.refused(nodeId, { jobId, attempt }, error);
  });
}
