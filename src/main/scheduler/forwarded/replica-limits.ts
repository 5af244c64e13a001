// What replicas tell of the limits that their clients have reached.
import { LIMITS } from '../../platform/abuse-log';
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { LIMITS_REACHED, limitsReachedSchema } from '../replica/core/limit-records';
import type { ChannelService } from './channel-service';

export const replicaLimits = (stats: Pick<SchedulerStats, 'limitReached'>): ChannelService => ({
  attach(channel: Channel): void {
    onRecord(channel, LIMITS_REACHED, limitsReachedSchema, ({ limits }) => {
      for (const limit of LIMITS) {
        const times = limits[limit];
        if (times !== undefined) stats.limitReached(limit, times);
      }
    });
  },
});
