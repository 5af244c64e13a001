// What the scheduler of a term does for the replicas of its cluster.
import type { Server } from 'node:http';
import type { ReplicaLinks } from './cluster/channel/replica-links';
import type { FollowedJobs } from './forwarded/followed-jobs';
import { ForwardedNewcomers } from './forwarded/forwarded-newcomers';
import type { ForwardedNodes } from './forwarded/forwarded-nodes';
import { ForwardedRequests } from './forwarded/forwarded-requests';
import { type LeaderBus, openForwarded } from './forwarded/open-forwarded';
import { passedOn } from './forwarded/passed-on';
import { replicaLimits } from './forwarded/replica-limits';
import type { JobService } from './jobs/job-service';
import type { SchedulerStats } from './nodes/scheduler-stats';

export interface ForwardingParts {
  readonly server: Server;
  readonly nodes: ForwardedNodes;
  readonly joining: ConstructorParameters<typeof ForwardedNewcomers>[0];
  readonly followed: FollowedJobs;
  readonly jobs: Pick<JobService, 'nodes'>;
  readonly stats: SchedulerStats;
}

/** Each service sets its handlers on each new channel. */
export function openForwarding(leader: LeaderBus, { server, nodes, joining, followed, jobs, stats }: ForwardingParts): ReplicaLinks {
  const [requests, newcomers] = [new ForwardedRequests({ server, ...leader }), new ForwardedNewcomers(joining)];
  return openForwarded(leader, [requests, nodes, newcomers, followed, passedOn(jobs.nodes), replicaLimits(stats)]);
}
