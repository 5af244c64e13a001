// What the app is made of, as it sees it: this machine's agent, the scheduler it hosts, and the pool it may operate.
// Each has one implementation per way of running (in process, as a child process, over HTTP); AppService joins them.
import type { AppError, Outcome, PoolAddress } from '../../shared/api/app-api';
import type { AgentView } from '../../shared/api/agent-view';
import type { HostView } from '../../shared/api/app-state';
import type { Exclusions, ExplainRequest, Explanation } from '../../shared/api/dispatch';
import type { JobsQuery } from '../../shared/api/app-job';
import type { JobList, JobView } from '../../shared/api/job';
import type { NodeView, PoolEvent } from '../../shared/api/node-view';

/** Done, or why not: for an act without another answer. */
export type Done = Outcome<Record<never, never>>;

export interface DrainRequest {
  readonly timeout_seconds?: number | undefined;
  readonly reason?: string | undefined;
}

/** A pool that this program may look at and operate. */
export interface PoolPort {
  /** Tells every event in order, a snapshot first (and again after a gap). Returns how to stop. */
  subscribe(listener: (event: PoolEvent) => void): () => void;
  /** Returns the node after the act, as `resume` does. */
  drain(nodeId: string, request: DrainRequest): Promise<Outcome<NodeView>>;
  resume(nodeId: string): Promise<Outcome<NodeView>>;
  remove(nodeId: string): Promise<Done>;
  explain(request: ExplainRequest): Promise<Outcome<Explanation>>;
  exclusions(): Promise<Outcome<Exclusions>>;
  resetExclusions(): Promise<Done>;
  jobs(query: JobsQuery): Promise<Outcome<JobList>>;
  job(jobId: string): Promise<Outcome<JobView>>;
  cancelJob(jobId: string): Promise<Done>;
}

/** Where a scheduler is and what it asks for at the door. */
export interface SchedulerAddress {
  /** ws:// or wss:// URL without the path. */
  readonly url: string;
  readonly joinToken: string | null;
}

export interface AgentPort {
  view(): AgentView;
  /** Called after every change, coalesced; returns how to stop. */
  subscribe(listener: (view: AgentView) => void): () => void;
  /** Somebody looks on: models are looked at now, and more often until the returned function is called. */
  watch(): () => void;
  /** Joins another scheduler, or none: says goodbye to the present one first. */
  connectTo(address: SchedulerAddress | null): void;
  /** Probes hardware and models again and tries at once to connect or register. */
  recheck(): Promise<void>;
  /** Asks the scheduler for a drain (the owner pressed Finish). Fails with `NOT_CONNECTED` without a registered link. */
  drain(timeoutSeconds: number | null): Done;
  resume(): Done;
  /** The owner wants this model's speed measured. Fails with `NOT_FOUND`, or `INVALID_STATE` where no request suits its kind. */
  measureModel(modelId: string): Done;
  dismissNotice(id: string): void;
}

/** The scheduler hosted by this machine. */
export interface HostPort {
  view(): HostView;
  subscribe(listener: (view: HostView) => void): () => void;
  /** Resolves when it listens, or with why it does not. */
  start(scope: 'this_computer' | 'lan'): Promise<Done>;
  stop(): Promise<Done>;
}

export type { AppError, PoolAddress };
