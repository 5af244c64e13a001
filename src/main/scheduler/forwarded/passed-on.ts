// What replicas tell of the chunks that they have passed on.
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import type { PoolListener } from '../jobs/pool-listener';
import { CHUNKS_PASSED, CHUNKS_REFUSED, chunksPassedSchema, chunksRefusedSchema } from '../replica/core/answer-records';
import type { ChannelService } from './channel-service';

/** `nodes`: the jobs on nodes. */
export const passedOn = (nodes: Pick<PoolListener['nodes'], 'passed' | 'refused'>): ChannelService => ({
  attach(channel: Channel): void {
    onRecord(channel, CHUNKS_PASSED, chunksPassedSchema, ({ attempts }) => {
      for (const { node_id: nodeId, job_id: jobId, has_token: hasToken, ...counts } of attempts)
        nodes.passed(nodeId, { jobId, hasToken, ...counts });
    });
    onRecord(channel, CHUNKS_REFUSED, chunksRefusedSchema, ({ node_id: nodeId, job_id: jobId, attempt, error }) => {
      nodes.refused(nodeId, { jobId, attempt }, error);
    });
  },
});
