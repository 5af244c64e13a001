// The invariants of jobs whose clients wait at replicas (docs/faults.md, interactive jobs of a cluster). A violation is an error that names the
// invariant.
import { REPLICA_GRACE_MS } from '../../src/main/scheduler/forwarded/followed-jobs';
import { isTerminal, type JobEvent, type JobView } from '../../src/shared/api/job';
import type { ClusterWorld } from './cluster-world';
import { must } from './job-invariants';
import { HEARTBEAT_TIMEOUT_MS, viewsOf } from './job-world-acts';
import { attemptOutput, keyOf, partOf } from './node-streams';
import type { ClientEnd, ReplicaClient } from './replica-client';

export class ClientInvariants {
  readonly #world: ClusterWorld;
  readonly #ends = new Map<ReplicaClient, JobView>();
  /** Clients whose leader died before it had stored the end that they got. */
  readonly #newer = new Set<ReplicaClient>();

  /** The first one that clients noticed. It is thrown after the step: the scheduler may catch what its listeners throw. */
  #violation: unknown = null;

  constructor(world: ClusterWorld) {
    this.#world = world;
  }

  /** Called with each event that reaches a client. */
  got(client: ReplicaClient, event: JobEvent): void {
    this.#noting(() => {
      this.#checkEvent(client, event);
    });
  }

  ended(client: ReplicaClient, end: ClientEnd, reason: string): void {
    this.#noting(() => {
      this.#checkAnswer(client, end, reason);
    });
  }

  #noting(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#violation ??= error;
    }
  }

  #checkEvent(client: ReplicaClient, event: JobEvent): void {
    const { jobId, parts, last, cutAtMonotonicMs, mayMissParts } = client;
    must(!this.#ends.has(client), `I2: the client of ${jobId} got something after the end`);
    if (event.type === 'job') {
      const isGone = event.job.status === 'cancelled' && event.job.error?.message === 'client_gone';
      must(!isGone || cutAtMonotonicMs !== null, `I2: ${jobId} ended because its client is gone, and its client waits`);
      must(event.job.error?.code !== 'unreadable_answer' || !client.streams, `I9: parts of the stream of ${jobId} are lost`);
      if (isTerminal(event.job.status)) this.#ends.set(client, event.job);
      return;
    }
    const { attempt, seq, data } = event;
    const nodeId = last?.attempts.find((one) => one.attempt === attempt)?.node_id ?? '';
    must(JSON.stringify(data) === JSON.stringify(partOf(nodeId, attempt, seq)), `I9: the client of ${jobId} got a part of another stream`);
    const before = parts.at(-1);
    const next = before?.attempt === attempt ? before.seq + 1 : 0;
    must(seq === next || mayMissParts, `I9: the client of ${jobId} got part ${String(seq)} instead of ${String(next)}`);
  }

  #checkAnswer(client: ReplicaClient, end: ClientEnd, reason: string): void {
    const { jobId, streams, parts, last, mayMissParts } = client;
    must(end !== 'again' || parts.length === 0, `I9: the request of ${jobId} is sent again, and its client has a part`);
    must(end !== 'broken' || reason === 'attempt_lost' || mayMissParts, `I9: the stream of ${jobId} is broken: ${reason}`);
    if (end !== 'answered') return;
    const result = last?.result ?? null;
    const whole = attemptOutput(String(result?.node_id), result?.attempt ?? 0, streams ? parts.length : null);
    const isNonsense = streams && result?.output === 'nonsense';
    must(isNonsense || JSON.stringify(result?.output) === JSON.stringify(whole), `I9: the client of ${jobId} got another answer`);
  }

  /** Call this before the leader is killed. */
  crashing(): void {
    for (const client of this.#ends.keys()) {
      const stored = this.#world.stored(client.jobId);
      if (stored === null || !isTerminal(stored.job.state.status)) this.#newer.add(client);
    }
  }

  /** After every step. */
  async check(): Promise<void> {
    if (this.#violation !== null) throw this.#violation as Error;
    const views = new Map<string, JobView>();
    for (const view of await viewsOf(this.#world)) if (view !== null) views.set(view.job_id, view);
    for (const client of this.#world.waiters) this.#checkAbandoned(client, views.get(client.jobId));
    this.#checkRunning(views);
  }

  /** After all faults, when all jobs and all clients have ended. */
  checkEnd(): void {
    const { waiters, accepted, nodes, scheduler } = this.#world;
    for (const jobId of accepted)
      must(isTerminal(this.#world.stored(jobId)?.job.state.status ?? 'queued'), `I1: the end of ${jobId} is not on the disk`);
    for (const client of waiters) this.#checkStored(client);
    for (const [nodeId, { running, unacknowledged }] of nodes) {
      must(running.size === 0, `I5: ${nodeId} still runs ${[...running.keys()].join()}`);
      must(unacknowledged.size === 0, `I9: the result of ${[...unacknowledged.keys()].join()} is not acknowledged`);
      must((scheduler.record(nodeId)?.assignedJobs ?? 0) === 0, `I11: a slot of ${nodeId} is not freed`);
    }
  }

  /** A job whose client does not return ends after one grace period: that of a new leader, or that of a lost channel. */
  #checkAbandoned({ jobId, isFollowing, cutAtMonotonicMs }: ReplicaClient, view: JobView | undefined): void {
    if (view === undefined || isTerminal(view.status) || isFollowing) return;
    const { clock, ledSinceMonotonicMs } = this.#world;
    const untilMonotonicMs = Math.max(ledSinceMonotonicMs + HEARTBEAT_TIMEOUT_MS, (cutAtMonotonicMs ?? 0) + REPLICA_GRACE_MS);
    must(clock.monotonicMs() <= untilMonotonicMs, `I1: ${jobId} is ${view.status}, and its client has not returned in time`);
  }

  /** A node runs only attempts that are live, or whose clients may return, and has slots for no others. Messages may be on their way. */
  #checkRunning(views: ReadonlyMap<string, JobView>): void {
    const { nodes, scheduler, jobs, waiters, invariants } = this.#world;
    const interactive = new Set(waiters.map(({ jobId }) => jobId));
    for (const [nodeId, { running, unacknowledged, hasMessages, isConnected }] of nodes) {
      if (!isConnected || hasMessages || scheduler.linkOf(nodeId) === undefined) continue;
      for (const { jobId, attempt } of invariants.unknownOn(nodeId).filter((key) => jobs.nodes.unknown.runs(nodeId, key)))
        must(
          running.get(jobId) === attempt || unacknowledged.has(keyOf(jobId, attempt)),
          `I11: ${nodeId} has a slot for attempt ${String(attempt)} of ${jobId}, which it does not run`,
        );
      for (const [jobId, attempt] of running) {
        if (!interactive.has(jobId)) continue;
        const live = views.get(jobId)?.attempts.at(-1);
        const isLive = live?.outcome === null && live.attempt === attempt && live.node_id === nodeId;
        must(isLive || jobs.nodes.unknown.has(nodeId, { jobId, attempt }), `I5: ${nodeId} runs attempt ${String(attempt)} of ${jobId}`);
      }
    }
  }

  #checkStored(client: ReplicaClient): void {
    const { jobId, end } = client;
    must(end !== null, `I1: the client of ${jobId} got no end`);
    const [got, stored] = [this.#ends.get(client), this.#world.stored(jobId)];
    const isSuccess = got?.status === 'succeeded' && stored?.job.state.status === 'succeeded';
    if (got === undefined || (this.#newer.has(client) && !isSuccess)) return;
    must(
      stored?.job.state.status === got.status && JSON.stringify(stored.result) === JSON.stringify(got.result),
      `I2: the client of ${jobId} got ${got.status}, and ${String(stored?.job.state.status)} is stored`,
    );
  }
}
