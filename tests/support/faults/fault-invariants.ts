// The invariants of jobs under faults (I1-I5, I8, I9, I11, I14 in docs/faults.md), checked from outside in the record of a test.
// Each violation begins with the names of the invariants that it violates. Interactive jobs are written behind: a killed scheduler may
// leave no record of them, or an older one.
import { isTerminal, type JobStatus, type JobView } from '../../../src/shared/api/job';
import type { FaultEvent, FaultRecord, Stored, StoredAttempt } from './fault-record';
import { NodeOnWire } from './node-on-wire';

type EventOf<Type extends FaultEvent['type']> = Extract<FaultEvent, { type: Type }>;

const outputOf = (resultText: string | null): string =>
  resultText === null ? '' : JSON.stringify((JSON.parse(resultText) as { readonly output?: unknown }).output ?? null);

/** The name of a job, which its prompt begins with. */
const nameOf = (task: unknown): string => /"content":"([^|"]*)/.exec(JSON.stringify(task))?.[1] ?? '';

/** From the end of a term to the registration of a node in the next one, on a busy machine. */
const TERM_MS = 30_000;

/** `isAtRest`: all jobs have ended at the last event. */
export function violationsOf(record: FaultRecord, { isAtRest = true } = {}): readonly string[] {
  const checker = new Checker(record);
  for (const event of record.events) checker.take(event);
  checker.end();
  if (isAtRest) checker.rest();
  return checker.violations;
}

class Checker {
  readonly violations: string[] = [];
  readonly #record: FaultRecord;
  readonly #accepted = new Map<string, EventOf<'accepted'>>();
  readonly #keys = new Map<string, string>();
  readonly #nodes = new Map<string, NodeOnWire>();
  /** `job attempt` -> node. */
  readonly #assigned = new Map<string, string>();
  /** Interactive job -> its name. */
  readonly #interactive = new Map<string, string>();
  /** Attempts of interactive jobs that the present scheduler has sent, and its epoch. */
  readonly #sentByPresent = new Map<string, number>();
  /** Node and connection -> the epoch of its leader. 0: a scheduler that is alone. */
  readonly #epochs = new Map<string, number>();
  /** When the first node learned of each epoch. */
  readonly #ledAtMs = new Map<number, number>();
  readonly #followed: EventOf<'followed'>[] = [];
  readonly #answered: EventOf<'answered'>[] = [];
  readonly #acknowledged = new Set<string>();
  /** `job attempt node` -> outputs that the node sent as its result. */
  readonly #sentResults = new Map<string, Set<string>>();
  /** The first recorded end of each job. */
  readonly #ends = new Map<string, string>();
  #stored: ReadonlyMap<string, Stored> = new Map();

  constructor(record: FaultRecord) {
    this.#record = record;
  }

  take(event: FaultEvent): void {
    switch (event.type) {
      case 'accepted':
        this.#onAccepted(event);
        break;
      case 'seen':
        this.#onSeen(event.job);
        break;
      case 'unknown':
        this.#must(!this.#accepted.has(event.jobId), `I1: ${event.jobId} was accepted and is not known`);
        break;
      case 'answered':
        this.#answered.push(event);
        break;
      case 'streamed':
        this.#onStreamed(event);
        break;
      case 'followed':
        this.#followed.push(event);
        break;
      case 'wire':
        this.#onWire(event);
        break;
      case 'stored':
        this.#onStored(event.jobs);
        break;
      case 'drained':
      case 'resumed':
        this.#node(event.node).drainedAtMonotonicMs = event.type === 'drained' ? event.atMonotonicMs : null;
        break;
      case 'rest':
        this.#must(
          event.inFlight === 0,
          `I11: ${event.node} has ${String(event.inFlight)} jobs in flight in its view, although all jobs have ended`,
        );
        this.#must(event.resultsLeft === 0, `I9: ${String(event.resultsLeft)} results of ${event.node} were never acknowledged`);
        break;
    }
  }

  /** A subscription ends with the job, or with the term of a leader that ends in order: then the client subscribes again. */
  end(): void {
    const laterTermsMs = [...this.#ledAtMs.values()].slice(1);
    for (const { jobId, terminalEvents, during } of this.#followed) {
      const isOfTerm = laterTermsMs.some((ms) => ms > during.fromMs && ms < during.toMs + TERM_MS);
      const isRight = terminalEvents === 1 || (terminalEvents === 0 && isOfTerm);
      this.#must(isRight, `I2: ${jobId} has ${String(terminalEvents)} terminal events in one stream`);
    }
  }

  /** All jobs have ended, and the last database was read. */
  rest(): void {
    for (const { jobId, name } of this.#accepted.values()) {
      const stored = this.#stored.get(jobId);
      this.#must(stored !== undefined && isTerminal(stored.state.status), `I1: ${jobId} has not ended: ${String(stored?.state.status)}`);
      this.#checkRuns(jobId, name);
      if (stored?.state.status === 'succeeded') this.#checkWinner(jobId, name, stored);
    }
    for (const [jobId, name] of this.#interactive) this.#checkInteractive(jobId, name);
    for (const { jobId, name, run } of this.#answered) this.#checkAnswer(jobId, name, run);
  }

  /** An interactive job has at most three attempts. A member of a cluster may send a request again, which is another job with the name. */
  #checkInteractive(jobId: string, name: string): void {
    const stored = this.#stored.get(jobId);
    this.#must(stored === undefined || isTerminal(stored.state.status), `I1: the interactive ${jobId} has not ended`);
    const ids = [...this.#interactive].filter(([, other]) => other === name).map(([id]) => id);
    this.#checkRuns(jobId, name, 3, ids);
    if (stored?.state.status === 'succeeded') this.#checkWinner(jobId, name, stored);
  }

  /** The client got the answer of a run for its request. If the success is on the disk, it is the same answer. */
  #checkAnswer(jobId: string, name: string, run: string): void {
    const stored = this.#stored.get(jobId);
    this.#must(
      this.#record.runs.some((one) => one.run === run && one.name === name),
      `I9: the client of ${jobId} got the answer of another request`,
    );
    this.#must(
      stored?.state.status !== 'succeeded' || outputOf(stored.result).includes(run),
      `I2: the client of ${jobId} got another answer than the one on the disk`,
    );
  }

  #onAccepted(event: EventOf<'accepted'>): void {
    const { jobId, key } = event;
    this.#accepted.set(jobId, event);
    if (key === null) return;
    const first = this.#keys.get(key) ?? jobId;
    this.#must(first === jobId, `I14: ${key} named ${first} and then ${jobId}`);
    this.#keys.set(key, first);
  }

  /** A stream has each chunk of one run, once and in order; one that was cut has the first ones. */
  #onStreamed({ jobId, name, chunks, cut, pieces, runs }: EventOf<'streamed'>): void {
    const whole = Array.from({ length: cut === null ? chunks : pieces.length }, (_, i) => i).join(' ');
    this.#must(pieces.join(' ') === whole, `I9: the client of ${jobId} got the chunks ${pieces.join(' ')} of ${String(chunks)}`);
    const [run, ...others] = runs;
    const isOwn = others.length === 0 && this.#record.runs.some((one) => one.run === run && one.name === name);
    this.#must(isOwn, `I9: the client of ${jobId} got chunks of another request`);
  }

  #onSeen({ job_id: jobId, status, attempts, result }: JobView): void {
    const seen = attempts.map(({ attempt, node_id: nodeId, outcome }) => ({ attempt, nodeId, outcome }));
    this.#checkAttempts(jobId, status, seen);
    this.#checkEnd(jobId, status, seen, result === null ? null : JSON.stringify(result));
  }

  #onStored(jobs: ReadonlyMap<string, Stored>): void {
    this.#stored = jobs;
    for (const jobId of this.#accepted.keys()) this.#must(jobs.has(jobId), `I1: ${jobId} was accepted and is not on the disk`);
    for (const [jobId, { state, result }] of jobs) {
      const attempts = state.attempts.map(({ attempt, nodeId, outcome }) => ({ attempt, nodeId, outcome }));
      this.#checkAttempts(jobId, state.status, attempts);
      this.#checkEnd(jobId, state.status, attempts, result);
    }
    for (const [jobAttempt, node] of this.#assigned) {
      const attempt = this.#storedAttempt(jobAttempt);
      const isInteractive = this.#interactive.has(jobAttempt.split(' ', 1)[0] ?? '');
      this.#must(attempt !== undefined || isInteractive, `I3: ${jobAttempt} was sent to ${node} and is not on the disk`);
      this.#must(attempt?.outcome !== 'not_delivered', `I3: ${jobAttempt} reached ${node} and does not count`);
      this.#must(
        !this.#acknowledged.has(jobAttempt) || (attempt !== undefined && attempt.outcome !== null),
        `I9: the result of ${jobAttempt}${isInteractive ? ' (interactive)' : ''} was acknowledged and is not on the disk`,
      );
    }
    this.#sentByPresent.clear();
  }

  #storedAttempt(jobAttempt: string): StoredAttempt | undefined {
    const [jobId = '', attempt] = jobAttempt.split(' ');
    return this.#stored.get(jobId)?.state.attempts.find((one) => String(one.attempt) === attempt);
  }

  #checkAttempts(jobId: string, status: JobStatus, attempts: readonly StoredAttempt[]): void {
    const live = attempts.filter(({ outcome }) => outcome === null).length;
    this.#must(live <= (isTerminal(status) ? 0 : 1), `I5: ${jobId}, ${status}, has ${String(live)} live attempts`);
    const numbers = attempts.map(({ attempt }) => attempt);
    this.#must(new Set(numbers).size === numbers.length, `I5: ${jobId} has attempts ${numbers.join(' ')}`);
    const limit = this.#accepted.get(jobId)?.maxAttempts ?? Infinity;
    const used = attempts.filter(({ outcome }) => outcome !== 'not_delivered').length;
    this.#must(used <= limit, `I3: ${jobId} has used ${String(used)} attempts of ${String(limit)}`);
  }

  #checkEnd(jobId: string, status: JobStatus, attempts: readonly StoredAttempt[], result: string | null): void {
    const first = this.#ends.get(jobId);
    if (!isTerminal(status)) {
      this.#must(first === undefined, `I1: ${jobId} had ended and is ${status} again`);
      return;
    }
    const end = JSON.stringify([status, attempts, result]);
    this.#must(first === undefined || first === end, `I2, I9: the end of ${jobId} was ${String(first)} and is ${end}`);
    this.#ends.set(jobId, first ?? end);
  }

  #onWire(event: EventOf<'wire'>): void {
    const { message, direction, node: name } = event;
    const node = this.#node(name);
    const violation = node.take(event);
    if (violation !== null) this.violations.push(violation);
    const jobAttempt = `${String(message['job_id'])} ${String(message['attempt'])}`;
    const link = `${name} ${String(event.connection)}`;
    if (direction === 'down' && message['type'] === 'node_register_ack') {
      const epoch = Number(message['leader_epoch'] ?? 0);
      this.#epochs.set(link, epoch);
      if (!this.#ledAtMs.has(epoch)) this.#ledAtMs.set(epoch, event.atMonotonicMs);
    }
    if (direction === 'down' && message['type'] === 'job_assign') {
      const first = this.#assigned.get(jobAttempt);
      this.#must(first === undefined, `I5: ${jobAttempt} was sent to ${String(first)} and again to ${name}`);
      this.#assigned.set(jobAttempt, name);
      if (message['interactive'] === true) {
        this.#interactive.set(String(message['job_id']), nameOf(message['task']));
        this.#sentByPresent.set(jobAttempt, this.#epochs.get(link) ?? 0);
      }
    }
    // The next scheduler acknowledges results of jobs of which it knows nothing.
    const isKnown =
      !this.#interactive.has(String(message['job_id'])) || this.#sentByPresent.get(jobAttempt) === (this.#epochs.get(link) ?? 0);
    if (direction === 'down' && message['type'] === 'job_result_ack' && this.#assigned.get(jobAttempt) === name && isKnown)
      this.#acknowledged.add(jobAttempt);
    if (direction === 'up' && message['type'] === 'job_result') {
      const id = `${jobAttempt} ${String(node.nodeId)}`;
      const outputs = this.#sentResults.get(id) ?? new Set();
      this.#sentResults.set(id, outputs.add(JSON.stringify(message['output'] ?? null)));
    }
  }

  /** At most one run for each assignment that was sent, on the node that it was sent to. `ids`: the jobs with this name. */
  #checkRuns(
    jobId: string,
    name: string,
    limit = this.#accepted.get(jobId)?.maxAttempts ?? Infinity,
    ids: readonly string[] = [jobId],
  ): void {
    const sentTo = ids.flatMap((id) => this.#nodesOf(id));
    const own = this.#nodesOf(jobId).length;
    this.#must(own <= limit, `I3: ${jobId} was sent ${String(own)} times of ${String(limit)}`);
    for (const node of this.#nodes.keys()) {
      const runs = this.#record.runs.filter((run) => run.event === 'begin' && run.name === name && run.node === node).length;
      const sent = sentTo.filter((other) => other === node).length;
      this.#must(runs <= sent, `I3: ${jobId} ran ${String(runs)} times on ${node}, where it was sent ${String(sent)} times`);
    }
  }

  /** The nodes that got the job, once for each assignment. */
  #nodesOf(jobId: string): readonly string[] {
    return [...this.#assigned].filter(([jobAttempt]) => jobAttempt.startsWith(`${jobId} `)).map(([, node]) => node);
  }

  /** The recorded result belongs to a run of this job, and the node of the recorded attempt sent it for this attempt. */
  #checkWinner(jobId: string, name: string, { state, result }: Stored): void {
    const winner = state.attempts.at(-1);
    const sent = this.#sentResults.get(`${jobId} ${String(winner?.attempt)} ${String(winner?.nodeId)}`);
    const output = outputOf(result);
    this.#must(
      winner?.outcome === 'succeeded' && sent?.has(output) === true,
      `I9: ${jobId} has a result that its last attempt did not send`,
    );
    const id = /"id":"([^"]+)"/.exec(output)?.[1];
    if (id === undefined) return;
    const run = this.#record.runs.find((one) => one.run === id);
    this.#must(run?.name === name, `I9: ${jobId} has the result of a run for ${String(run?.name)}`);
  }

  #node(name: string): NodeOnWire {
    let node = this.#nodes.get(name);
    if (node === undefined) this.#nodes.set(name, (node = new NodeOnWire(name, this.#record.capacity)));
    return node;
  }

  #must(holds: boolean, violation: string): void {
    if (!holds) this.violations.push(violation);
  }
}
