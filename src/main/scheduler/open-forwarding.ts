// What the scheduler of a term does for the replicas of its cluster.
import type { Server } from 'node:http';
import { type ResumingOptions, resumingOf } from './api/client-apis/background-requests';
import type { SharedResponses } from './api/client-apis/stored-responses';
import type { ReplicaLinks } from './cluster/channel/replica-links';
import type { ChannelService } from './forwarded/channel-service';
import type { FollowedJobs } from './forwarded/followed-jobs';
import { ForwardedNewcomers } from './forwarded/forwarded-newcomers';
import type { ForwardedNodes } from './forwarded/forwarded-nodes';
import { ForwardedRequests } from './forwarded/forwarded-requests';
import { openForwarded } from './forwarded/open-forwarded';
import { passedOn } from './forwarded/passed-on';
import { replicaLimits } from './forwarded/replica-limits';
import type { JobService } from './jobs/job-service';
import type { Members } from './members/members';
import type { SchedulerStats } from './nodes/scheduler-stats';
import type { ClusterParts, ReplicaParts } from './scheduler';

export interface ForwardingParts {
  readonly server: Server;
  readonly nodes: ForwardedNodes;
  readonly joining: ConstructorParameters<typeof ForwardedNewcomers>[0];
  readonly followed: FollowedJobs;
  readonly jobs: JobService;
  readonly stats: SchedulerStats;
  readonly background: Omit<ResumingOptions, 'jobs' | 'claim' | 'principalWith'> & { readonly members: Pick<Members, 'principalWith'> };
}

/** Each service sets its handlers on each new channel. Called after the jobs have started. */
export async function openForwarding(leader: ReplicaParts, parts: ForwardingParts): Promise<ReplicaLinks> {
  const { server, nodes, joining, followed, jobs, stats, background } = parts;
  const { members, responses } = background;
  // No node has registered yet.
  const claim = (jobId: string): boolean => jobs.restart.claim(jobId) !== null;
  await responses.stored.resume(resumingOf({ ...background, jobs, claim, principalWith: (holder) => members.principalWith(holder) }));
  const [requests, newcomers] = [new ForwardedRequests({ server, ...leader }), new ForwardedNewcomers(joining)];
  const copies: ChannelService = { attach: (channel) => leader.copies.attach(channel, 'leader') };
  return openForwarded(leader, [requests, nodes, newcomers, followed, passedOn(jobs.nodes), replicaLimits(stats), copies]);
}

/** Null: this scheduler is alone. */
export function sharedResponses(cluster: ClusterParts | undefined): SharedResponses | null {
  if (cluster?.replicas === undefined) return null;
  const { copies } = cluster.replicas;
  return { memory: copies.memory, leads: cluster.mayAssign, whenCopied: (id) => copies.whenCopied(id) };
}
