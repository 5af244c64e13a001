// What replicas tell of the limits that their clients have reached.
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { LIMITS_REACHED, limitsReachedSchema } from '../replica/core/limit-records';
import type { ChannelService } from './channel-service';

export const replicaLimits = (stats: Pick<SchedulerStats, 'limitReached'>): ChannelService => ({
  attach(channel: Channel): void {
    onRecord(channel, LIMITS_REACHED, limitsReachedSchema, ({ limits }) => {
      for (const [limit, times] of Object.entries(limits)) stats.limitReached(limit, times);
    });
  },
});
