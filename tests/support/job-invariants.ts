// The invariants of jobs (I1-I5, I8, I9, I11, I14 in docs/faults.md), checked when messages are sent and after every step. A
// violation is an error that names the invariant. Interactive jobs are written behind: a crash ends them, and may leave no trace of them.
import type { StoredAttempt } from '../../src/main/scheduler/jobs/machine/stored-job';
import type { ActiveJob } from '../../src/main/scheduler/jobs/pool-listener';
import type { NodeLink } from '../../src/main/scheduler/nodes/node-link';
import { isTerminal, type JobView } from '../../src/shared/api/job';
import type { JobAssign, SchedulerMessage } from '../../src/shared/protocol/scheduler-messages';
import { type JobWorld, NODE_IDS } from './job-world';
import { attemptOutput } from './node-streams';
import { NODE_CAPACITY } from './scripted-node';

export class JobInvariants {
  readonly #world: JobWorld;
  readonly #maxAttempts = new Map<string, number>();
  readonly #keys = new Map<string, string>();
  readonly #sent = new Set<string>();
  readonly #started = new Map<string, Set<number>>();
  /** Links whose node was acknowledged as registered. */
  readonly #registered = new WeakSet<NodeLink>();
  /** Attempts that were live when the scheduler was killed: it is unknown whether they were sent. */
  readonly #uncertain = new Set<string>();
  /** Attempts whose result was sent to a scheduler. */
  readonly #reported = new Set<string>();
  /** Attempts whose result was received and not yet on the disk when the scheduler was killed. They are live again after the restart. */
  readonly #revived = new Set<string>();
  /** The end of each job as first found on the disk. */
  readonly #ends = new Map<string, string>();
  readonly #interactive = new Set<string>();
  /** Attempts, with their nodes, that the scheduler stopped because it does not know them. Their results change nothing. */
  readonly #stale = new Set<string>();
  /** Interactive jobs of earlier schedulers: no other one can read their tasks. */
  readonly #unreadable = new Set<string>();

  constructor(world: JobWorld) {
    this.#world = world;
  }

  submitted(jobId: string, key: string | null, maxAttempts: number): void {
    if (this.#world.clients.has(jobId)) this.#interactive.add(jobId);
    else must(this.#world.stored(jobId) !== null, `I1: ${jobId} was accepted and is not on the disk`);
    if (key !== null) {
      const first = this.#keys.get(key);
      must(first === undefined || first === jobId, `I14: key ${key} named ${String(first)} and now ${jobId}`);
      this.#keys.set(key, jobId);
    }
    if (!this.#maxAttempts.has(jobId)) this.#maxAttempts.set(jobId, maxAttempts);
  }

  /** Called when the scheduler sends. */
  sending(nodeId: string, link: NodeLink, message: SchedulerMessage): void {
    if (message.type === 'node_register_ack') this.#registered.add(link);
    if (message.type === 'job_assign') this.#assigning(nodeId, link, message);
    if (message.type === 'job_cancel' && message.reason === 'stale' && this.#interactive.has(message.job_id))
      this.#stale.add(`${message.job_id} ${String(message.attempt)} ${nodeId}`);
    if (message.type === 'job_result_ack' && !this.#stale.has(`${message.job_id} ${String(message.attempt)} ${nodeId}`)) {
      const stored = this.#world.stored(message.job_id);
      must(
        stored !== null || !this.#world.clients.has(message.job_id),
        `a result of ${message.job_id} was acknowledged before its job was on the disk`,
      );
      const attempt = stored?.job.state.attempts.find((one) => one.attempt === message.attempt);
      must(
        attempt === undefined || attempt.nodeId !== nodeId || attempt.outcome !== null,
        `a result of ${message.job_id} was acknowledged before it was on the disk`,
      );
    }
  }

  /** Call this before the scheduler is killed. */
  crashing(): void {
    for (const jobId of this.#interactive) this.#unreadable.add(jobId);
    for (const { job } of this.#world.rows.all()) {
      const last = job.state.attempts.at(-1);
      if (last?.outcome !== null) continue;
      const id = `${job.facts.jobId} ${String(last.attempt)}`;
      this.#uncertain.add(id);
      if (this.#reported.has(id) || this.#hasLost(job.facts.jobId, last)) this.#revived.add(id);
    }
  }

  /** Call this after the restart: no client waits any more, and no interactive job is left. */
  async restarted(): Promise<void> {
    const { accepted } = this.#world;
    for (const jobId of accepted.filter((id) => this.#interactive.has(id))) {
      const view = await this.#world.view(jobId);
      if (view === null) accepted.splice(accepted.indexOf(jobId), 1);
      // Many jobs end in turns of the event loop: until then a job is as it is stored.
      else if (!isTerminal(view.status))
        must(view.status === this.#world.stored(jobId)?.job.state.status, `I1: the interactive ${jobId} goes on after a restart`);
    }
  }

  /** The same where clients return: no interactive job is decided before that. One that is not stored is unknown until then. */
  async resumed(): Promise<void> {
    const { accepted } = this.#world;
    for (const jobId of accepted.filter((id) => this.#interactive.has(id))) {
      const [view, stored] = [await this.#world.view(jobId), this.#world.stored(jobId)];
      must(view?.status === stored?.job.state.status, `I1: the interactive ${jobId} is ${String(view?.status)} before its client returns`);
      if (view === null) accepted.splice(accepted.indexOf(jobId), 1);
    }
  }

  /** Call this before the scheduler is killed, with a job as its client knows it. */
  left(view: JobView): void {
    const last = view.attempts.at(-1);
    if (last?.outcome === null) this.#uncertain.add(`${view.job_id} ${String(last.attempt)}`);
  }

  /** Called when a node sends a result. */
  reported(jobId: string, attempt: number): void {
    this.#reported.add(`${jobId} ${String(attempt)}`);
  }

  /** Called when a node gets an assignment. `running`: the other attempts that run there. */
  started(nodeId: string, jobId: string, attempt: number, running: number): void {
    must(running < NODE_CAPACITY, `I11: ${nodeId} got ${jobId} while it ran ${String(running)} jobs`);
    const attempts = this.#started.get(jobId) ?? new Set();
    this.#started.set(jobId, attempts);
    must(!attempts.has(attempt), `I5: attempt ${String(attempt)} of ${jobId} began twice, now on ${nodeId}`);
    attempts.add(attempt);
    const limit = this.#maxAttempts.get(jobId) ?? 3;
    must(attempts.size <= limit, `I3: ${jobId} was begun ${String(attempts.size)} times of ${String(limit)}`);
  }

  /** What is stored of an interactive job may be older than what its node does. */
  #hasLost(jobId: string, { nodeId, attempt }: StoredAttempt): boolean {
    return this.#interactive.has(jobId) && this.#world.nodes.get(nodeId)?.running.get(jobId) !== attempt;
  }

  /** After every step. */
  async check(): Promise<void> {
    const views: JobView[] = [];
    for (const jobId of this.#world.accepted) {
      const view = await this.#world.view(jobId);
      if (view === null) throw new Error(`I1: ${jobId} was lost`);
      views.push(view);
    }
    for (const view of views) this.#checkEnd(view);
    for (const view of views) this.#checkWaiting(view);
    await this.#checkSlots();
    const strays = this.#world.rows.strays();
    must(strays.length === 0, `rows of ${strays.join()} have no job`);
  }

  #assigning(nodeId: string, link: NodeLink, { job_id: jobId, attempt, interactive = false }: JobAssign): void {
    const { scheduler } = this.#world;
    must(this.#registered.has(link), `${jobId} was sent to ${nodeId} before its registration was acknowledged`);
    const record = scheduler.record(nodeId);
    must(
      record?.status === 'ready' && record.online && record.quarantine === null && scheduler.linkOf(nodeId) === link,
      `I4, I8: ${jobId} was sent to ${nodeId}, ${String(record?.status)}`,
    );
    // The node may have named unknown attempts since the assignment was decided.
    const known = record.assignedJobs - this.unknownOn(nodeId).length;
    must(known <= record.profile.maxConcurrentJobs, `I4, I11: ${jobId} was sent to ${nodeId} beyond its capacity`);
    const id = `${jobId} ${String(attempt)}`;
    must(!this.#sent.has(id), `I5: ${id} was sent twice`);
    must(!this.#unreadable.has(jobId), `I3: ${id} was sent, and an earlier scheduler has its task`);
    this.#sent.add(id);
    if (interactive) return;
    const stored = this.#world.stored(jobId)?.job.state;
    must(stored?.status === 'assigned' && stored.lastAttempt === attempt, `${id} was sent before it was on the disk`);
  }

  #checkEnd(view: JobView): void {
    const stored = this.#world.stored(view.job_id);
    if (this.#interactive.has(view.job_id)) this.#checkClient(view);
    else
      must(
        !isTerminal(view.status) || stored?.job.state.status === view.status,
        `I1, I2: ${view.job_id} is shown as ${view.status} and is not on the disk`,
      );
    const used = view.attempts.filter(({ outcome }) => outcome !== 'not_delivered').length;
    must(used <= view.max_attempts, `I3: ${view.job_id} has used ${String(used)} attempts`);
    for (const { attempt, outcome } of view.attempts) {
      const id = `${view.job_id} ${String(attempt)}`;
      const mayBeUnsent = outcome === null || outcome === 'not_delivered' || outcome === 'cancelled' || this.#uncertain.has(id);
      must(mayBeUnsent || this.#sent.has(id), `I3: ${id} ended as ${String(outcome)} and was never sent`);
    }
    must(
      view.attempts.filter(({ outcome }) => outcome === null).length <= (isTerminal(view.status) ? 0 : 1),
      `I5: ${view.job_id} has two live attempts`,
    );
    if (stored === null || !isTerminal(stored.job.state.status)) {
      must(!this.#ends.has(view.job_id), `I1: ${view.job_id} had ended and runs again`);
      return;
    }
    const end = JSON.stringify([stored.job.state, stored.result]);
    must((this.#ends.get(view.job_id) ?? end) === end, `I2, I9: the end of ${view.job_id} has changed`);
    this.#ends.set(view.job_id, end);
    if (stored.job.state.status !== 'succeeded') return;
    const last = stored.job.state.attempts.at(-1);
    const { output } = stored.result ?? {};
    const parts = stored.job.facts.streams ? chunksOf(output) : null;
    const isOwn = JSON.stringify(output) === JSON.stringify(attemptOutput(String(last?.nodeId), last?.attempt ?? 0, parts));
    // The answer of a stored job may have any form. The client of an interactive one gets a whole answer.
    const mayBeNonsense = stored.job.facts.streams || !stored.job.facts.interactive;
    must(isOwn || (mayBeNonsense && output === 'nonsense'), `I9: ${view.job_id} has the result of another attempt`);
  }

  /** The client gets the end of its job at once, and once. */
  #checkClient({ job_id: jobId, status, result }: JobView): void {
    const events = this.#world.clients.get(jobId);
    if (events === undefined) return;
    const ends = events.flatMap((event) => (event.type === 'job' && isTerminal(event.job.status) ? [event.job] : []));
    must(ends.length === (isTerminal(status) ? 1 : 0), `I2: the client of ${jobId} (${status}) got ${String(ends.length)} ends`);
    const [end] = ends;
    must(
      end === undefined || (end.status === status && JSON.stringify(end.result) === JSON.stringify(result)),
      `I2: ${jobId} is shown as ${status}, and its client got ${String(end?.status)}`,
    );
  }

  /** No job is forgotten: while one waits, no node could run it now, or the storage still fails. When it is repaired, the job ends. */
  #checkWaiting({ job_id: jobId, status, waiting, requirements, attempts }: JobView): void {
    if (status !== 'queued' || waiting?.not_before !== null || waiting.blocked_by !== null) return;
    const barred = waiting.nodes
      .filter(({ excluded }) => excluded.some(({ code }) => code === 'not_requested_node'))
      .map(({ node_id }) => node_id);
    if (requirements.node_id === undefined) {
      must(barred.length <= 1, `${jobId} waits, and may not go to ${barred.join(' and ')}`);
      for (const nodeId of barred)
        must(
          attempts.some(({ node_id, outcome }) => node_id === nodeId && outcome === 'failed'),
          `${jobId} may not go to ${nodeId}, which reported no error`,
        );
    }
    for (const { node_id: nodeId, excluded } of this.#world.scheduler.views.explain(requirements).nodes)
      must(excluded.length > 0 || barred.includes(nodeId), `${jobId} waits and ${nodeId} could take it`);
  }

  async #checkSlots(): Promise<void> {
    const { scheduler, jobs } = this.#world;
    const revived = await this.#liveRevived();
    for (const nodeId of NODE_IDS) {
      const record = scheduler.record(nodeId);
      if (record === undefined) continue;
      const live = jobs.liveOn(nodeId);
      const unknown = this.unknownOn(nodeId).length;
      must(jobs.nodes.unknown.isOpen || unknown === 0, `I11: ${nodeId} keeps ${String(unknown)} unknown attempts`);
      const unclear = record.assignedJobs - live;
      must(
        unclear >= 0 && unclear <= unknown,
        `I11: ${nodeId} has ${String(live)} live jobs, ${String(unknown)} unknown and ${String(record.assignedJobs)} slots taken`,
      );
      const running = live - revived.filter((on) => on === nodeId).length;
      must(running <= record.profile.maxConcurrentJobs, `I11: ${nodeId} has ${String(running)} jobs`);
    }
  }

  /** Attempts on the node whose clients may return. One that has ended there uses no slot. */
  unknownOn(nodeId: string): readonly ActiveJob[] {
    const { unknown } = this.#world.jobs.nodes;
    return [...new Set([...this.#sent, ...this.#uncertain])].map(attemptIn).filter((key) => unknown.has(nodeId, key));
  }

  /** The node of each live attempt that its node has already run. The scheduler learns it again when the node repeats the result. */
  async #liveRevived(): Promise<readonly string[]> {
    const nodes: string[] = [];
    for (const id of this.#revived) {
      const [jobId = '', attempt] = id.split(' ');
      const last = (await this.#world.view(jobId))?.attempts.at(-1);
      if (last?.outcome === null && String(last.attempt) === attempt) nodes.push(last.node_id);
    }
    return nodes;
  }
}

const attemptIn = (id: string): ActiveJob => {
  const [jobId = '', attempt] = id.split(' ');
  return { jobId, attempt: Number(attempt) };
};

/** Null: the node did not say how many parts it has sent. */
const chunksOf = (output: unknown): number | null =>
  typeof output === 'object' && output !== null && 'chunks' in output && typeof output.chunks === 'number' ? output.chunks : null;

export function must(holds: boolean, violation: string): asserts holds {
  if (!holds) throw new Error(violation);
}
