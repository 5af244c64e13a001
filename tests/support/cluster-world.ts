// A job world whose clients wait at replicas: their connections outlive the leader. Each client has a replica of its own, so that the clients
// return in any order.
import { FollowedJobs } from '../../src/main/scheduler/forwarded/followed-jobs';
import type { JobEvent } from '../../src/shared/api/job';
import { ClientInvariants } from './client-invariants';
import type { SubmitChange } from './job-submission';
import { JobWorld } from './job-world';
import { type ClientEnd, ReplicaClient } from './replica-client';

export class ClusterWorld extends JobWorld {
  /** All that ever waited. */
  readonly waiters: ReplicaClient[] = [];
  readonly clientInvariants: ClientInvariants;
  /** When the present leader began to lead, monotonic ms. */
  ledSinceMonotonicMs = 0;
  #followed: FollowedJobs;

  constructor({ isSlow = false }: { readonly isSlow?: boolean } = {}) {
    super({ isSlow, clientsReturn: true });
    this.clientInvariants = new ClientInvariants(this);
    this.#followed = this.#newFollowed();
  }

  /** Those that wait for an answer, and whose replica has no channel to the present leader. */
  get absent(): readonly ReplicaClient[] {
    return this.waiters.filter(({ isWaiting, end }) => isWaiting && end === null);
  }

  get following(): readonly ReplicaClient[] {
    return this.waiters.filter(({ isFollowing }) => isFollowing);
  }

  override async check(): Promise<void> {
    await super.check();
    await this.clientInvariants.check();
  }

  /** The leader dies. The clients stay. */
  override async crash(awayMs = 0): Promise<void> {
    this.clientInvariants.crashing();
    for (const client of this.waiters) {
      if (client.last !== null) this.invariants.left(client.last);
      client.leaderDied();
    }
    await super.crash(awayMs);
    this.ledSinceMonotonicMs = this.clock.monotonicMs();
    this.#followed = this.#newFollowed();
    await this.invariants.resumed();
  }

  returns(client: ReplicaClient): void {
    // The leader has ended the job without it.
    if (!this.jobs.nodes.unknown.isOpen) client.mayMissParts = true;
    client.returns(this.#followed);
  }

  /** The replica of the client loses its channel. */
  cut(client: ReplicaClient): void {
    client.cut(this.clock.monotonicMs());
    this.clients.delete(client.jobId);
  }

  /** The replica says when a client leaves. */
  override cancel(jobId: string): void {
    void this.jobs.cancel(jobId, 'requested');
  }

  override follow(jobId: string, change: SubmitChange): void {
    const client: ReplicaClient = new ReplicaClient({
      jobId,
      streams: change.streams === true,
      onEvent: (event) => {
        this.#got(client, event);
      },
      onEnd: (end, reason) => {
        this.#ended(client, end, reason, change);
      },
    });
    this.waiters.push(client);
    this.clients.set(jobId, []);
    client.begin(this.#followed);
  }

  #got(client: ReplicaClient, event: JobEvent): void {
    const { jobId } = client;
    // A job that the leader did not know goes on.
    if (!this.accepted.includes(jobId)) this.accepted.push(jobId);
    const events = this.clients.get(jobId) ?? [];
    this.clients.set(jobId, events);
    events.push(event);
    this.clientInvariants.got(client, event);
  }

  #ended(client: ReplicaClient, end: ClientEnd, reason: string, change: SubmitChange): void {
    // Without a channel, and before the end of the job, the client does not learn of it.
    if (end !== 'answered' && end !== 'failed') this.clients.delete(client.jobId);
    this.clientInvariants.ended(client, end, reason);
    if (end === 'again') void this.submit(change);
  }

  #newFollowed(): FollowedJobs {
    const { scheduler, jobs } = this;
    return new FollowedJobs({
      jobs,
      clients: jobs.restart,
      pool: { nodeName: () => null, explain: (job, nodeLimit) => scheduler.views.explain(job, nodeLimit) },
      clock: this.life.clock(this.clock),
      // They wait for any time.
      busyTimeoutMs: () => Infinity,
      isValid: () => true,
      keep: () => undefined,
    });
  }
}
