// What the scheduler of a term does for the replicas of its cluster.
import type { Server } from 'node:http';
import type { ReplicaLinks } from './cluster/channel/replica-links';
import type { FollowedJobs } from './forwarded/followed-jobs';
import type { ForwardedNewcomers } from './forwarded/forwarded-newcomers';
import type { ForwardedNodes } from './forwarded/forwarded-nodes';
import { ForwardedRequests } from './forwarded/forwarded-requests';
import { type LeaderBus, openForwarded } from './forwarded/open-forwarded';
import { passedOn } from './forwarded/passed-on';
import type { JobService } from './jobs/job-service';

export interface ForwardingParts {
  readonly server: Server;
  readonly nodes: ForwardedNodes;
  readonly newcomers: ForwardedNewcomers;
  readonly followed: FollowedJobs;
  readonly jobs: Pick<JobService, 'nodes'>;
}

/** Each service sets its handlers on each new channel. */
export function openForwarding(leader: LeaderBus, { server, nodes, newcomers, followed, jobs }: ForwardingParts): ReplicaLinks {
  return openForwarded(leader, [new ForwardedRequests({ server, ...leader }), nodes, newcomers, followed, passedOn(jobs.nodes)]);
}
