// A pool of real processes under faults: one scheduler, nodes and submitters behind proxies, and a record of everything that is
// visible from outside. After every scenario `settle` waits for the end of all jobs and `verify` checks the invariants.
import type { JobSubmissionInput, JobView } from '../../../src/shared/api/job';
import type { NodeView } from '../../../src/shared/api/node-view';
import { sendRequest, type HttpAnswer } from '../http-api';
import type { MusterLab, MusterProcess } from '../muster-process';
import { until } from '../until';
import { AnswerCounter } from './answer-counter';
import { violationsOf } from './fault-invariants';
import { type FaultNode, isReadyWithModel, MODEL } from './fault-node';
import type { FaultEvent } from './fault-record';
import { type FaultScheduler, FileScheduler, type KillPoint, type OpenDisk } from './fault-scheduler';
import { nodeViewsOf } from './node-views';
import { TcpProxy } from './tcp-proxy';

export interface FaultPoolOptions {
  readonly nodes?: number;
  readonly capacity?: number;
  readonly heartbeatTimeoutSeconds?: number;
  /** See `FileSchedulerOptions`. */
  readonly schedulerDisk?: OpenDisk;
  readonly nodeDisk?: OpenDisk;
  /** Another kind of scheduler. Default: one with files. */
  readonly openScheduler?: () => Promise<FaultScheduler>;
  /** Of each client. Default: 20 s. */
  readonly requestLimitMs?: number;
}

export interface JobRequest {
  /** Identifies its runs. */
  readonly name: string;
  /** See runtime-program. */
  readonly behaviour?: string;
  readonly key?: string;
  readonly maxAttempts?: number;
  readonly stream?: boolean;
  readonly model?: string;
  readonly more?: Partial<JobSubmissionInput>;
}

const CAPACITY = 2;
const REQUEST_LIMIT_MS = 20_000;
const WAIT_LIMIT_MS = 30_000;
const SETTLE_MS = 45_000;
const REST_MS = 20_000;

export class FaultPool {
  readonly nodes: FaultNode[] = [];
  readonly events: FaultEvent[] = [];
  readonly clientProxy: TcpProxy;
  readonly accepted = new Set<string>();
  readonly #capacity: number;
  readonly #requestLimitMs: number;
  readonly #scheduler: FaultScheduler;
  #names = 0;
  readonly #answers: AnswerCounter;

  private constructor(clientProxy: TcpProxy, scheduler: FaultScheduler, answers: AnswerCounter, options: FaultPoolOptions) {
    this.clientProxy = clientProxy;
    this.clientProxy.leadTo(scheduler.port);
    this.#scheduler = scheduler;
    this.#answers = answers;
    this.#capacity = options.capacity ?? CAPACITY;
    this.#requestLimitMs = options.requestLimitMs ?? REQUEST_LIMIT_MS;
  }

  static async open(options: FaultPoolOptions = {}): Promise<FaultPool> {
    const { capacity = CAPACITY, heartbeatTimeoutSeconds = 2.5, openScheduler } = options;
    const answers = new AnswerCounter();
    const proxy = await TcpProxy.open({ openTap: () => answers.openTap() });
    const scheduler = await (openScheduler?.() ?? FileScheduler.open({ ...options, capacity, heartbeatTimeoutSeconds }));
    const pool = new FaultPool(proxy, scheduler, answers, options);
    const names = Array.from({ length: options.nodes ?? 2 }, (_, i) => `node-${'abcdef'.charAt(i)}`);
    pool.nodes.push(...(await scheduler.addNodes(names, pool.note.bind(pool))));
    await pool.ready(names.length);
    return pool;
  }

  get lab(): MusterLab {
    return this.#scheduler.lab;
  }

  /** The process that decides. */
  get scheduler(): MusterProcess {
    return this.#scheduler.process;
  }

  /** The port of the scheduler itself, not of the proxy. */
  get port(): number {
    return this.#scheduler.port;
  }

  /** The number of client requests whose answer reached the proxy since the pool was opened. */
  get answerCount(): number {
    return this.#answers.count;
  }

  note(event: FaultEvent): void {
    this.events.push(event);
  }

  /** With a kill point, the scheduler kills itself there. */
  startScheduler(killPoint: KillPoint | null = null): Promise<void> {
    return this.#scheduler.start(killPoint);
  }

  /** Waits for the end of the scheduler and records its database. */
  async recordSchedulerEnd(): Promise<void> {
    await this.scheduler.finished;
    await this.recordStored();
  }

  async recordStored(): Promise<void> {
    this.note({ type: 'stored', jobs: await this.#scheduler.stored() });
  }

  async killScheduler(): Promise<void> {
    this.scheduler.signal('SIGKILL');
    await this.recordSchedulerEnd();
  }

  /** Checks `online` too, because a restarted scheduler has the last status of a node that is not connected yet. */
  async ready(count = this.nodes.length): Promise<void> {
    await until(
      `${String(count)} nodes to be ready with their model`,
      async () => (await this.nodeViews()).filter(isReadyWithModel).length >= count,
      WAIT_LIMIT_MS,
    );
  }

  /** Repairs the pool after a scenario: releases held bytes, continues stopped processes, starts ended ones. */
  async mend(): Promise<void> {
    this.clientProxy.heal();
    for (const node of this.nodes) await node.mend();
  }

  nodeViews(): Promise<readonly NodeView[]> {
    return nodeViewsOf(this.clientProxy.port);
  }

  async nodeView(node: FaultNode): Promise<NodeView | undefined> {
    return (await this.nodeViews()).find(({ node_id: id }) => id === node.nodeId);
  }

  sendRequest(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return sendRequest(this.clientProxy.port, { method, path, body, headers, limitMs: this.#requestLimitMs });
  }

  /** The number of jobs of the scheduler; the request bypasses the proxy. */
  async storedCount(query = ''): Promise<number> {
    const answer = await sendRequest(this.port, { path: `/api/v1/jobs?limit=500&${query}` });
    return (answer.json() as { readonly jobs: readonly unknown[] }).jobs.length;
  }

  newName(): string {
    return `job${String(++this.#names)}`;
  }

  /** The answer. A 202 is recorded. */
  async submit({
    name,
    behaviour = 'say',
    key,
    maxAttempts = 3,
    stream = false,
    model = MODEL,
    more = {},
  }: JobRequest): Promise<HttpAnswer> {
    const body = { model, stream, messages: [{ role: 'user', content: `${name}|${behaviour}` }] };
    const submission = { task: { kind: 'openai', path: '/v1/chat/completions', body }, max_attempts: maxAttempts, ...more };
    const fromMs = performance.now();
    const answer = await this.sendRequest('POST', '/api/v1/jobs', submission, key === undefined ? {} : { 'idempotency-key': key });
    if (answer.status === 202) {
      const { job_id: jobId } = answer.json() as { readonly job_id: string };
      this.accepted.add(jobId);
      this.note({ type: 'accepted', during: { fromMs, toMs: performance.now() }, jobId, name, key: key ?? null, maxAttempts });
    }
    return answer;
  }

  async submitted(request: JobRequest): Promise<string> {
    const answer = await this.submit(request);
    if (answer.status !== 202) throw new Error(`${String(answer.status)} ${answer.text}`);
    return (answer.json() as { readonly job_id: string }).job_id;
  }

  /** Null: no answer. */
  async readJob(jobId: string): Promise<JobView | null> {
    const fromMs = performance.now();
    const answer = await this.sendRequest('GET', `/api/v1/jobs/${jobId}`).catch(() => null);
    const during = { fromMs, toMs: performance.now() };
    if (answer?.status === 404) this.note({ type: 'unknown', during, jobId });
    if (answer?.status !== 200) return null;
    const job = answer.json() as JobView;
    this.note({ type: 'seen', during, job });
    return job;
  }

  jobIs(jobId: string, status: JobView['status'], patienceMs = WAIT_LIMIT_MS): Promise<JobView> {
    return until(
      `${jobId} to be ${status}`,
      async () => {
        const job = await this.readJob(jobId);
        return job?.status === status ? job : null;
      },
      patienceMs,
    );
  }

  /** Waits for a message of this type on the connection of the node. Ignores the first `after` events of the record. */
  async wire(node: FaultNode, type: string, jobId: string | null = null, after = 0): Promise<void> {
    await until(
      `${type} of ${String(jobId)} on the wire of ${node.name}`,
      () =>
        this.events
          .slice(after)
          .some(
            (event) =>
              event.type === 'wire' &&
              event.node === node.name &&
              event.message['type'] === type &&
              (jobId === null || event.message['job_id'] === jobId),
          ),
      WAIT_LIMIT_MS,
    );
  }

  /** Waits until every accepted job has ended and every result is acknowledged, and records the end. */
  async settle(): Promise<void> {
    const open = new Set(this.accepted);
    const all = async (): Promise<boolean> => {
      for (const jobId of open) if ((await this.readJob(jobId))?.finished_at != null) open.delete(jobId);
      return open.size === 0;
    };
    await until('every job to end', all, SETTLE_MS).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${[...open].join(' ')}\n${this.scheduler.output.slice(-3000)}`);
    });
    const isAtRest = async (node: FaultNode): Promise<boolean> =>
      node.resultsLeft() === 0 && (await this.nodeView(node))?.in_flight_jobs === 0;
    for (const node of this.nodes) await until(`${node.name} to rest`, () => isAtRest(node), REST_MS).catch(() => undefined);
    for (const node of this.nodes) {
      const inFlight = (await this.nodeView(node))?.in_flight_jobs ?? 0;
      this.note({ type: 'rest', node: node.name, inFlight, resultsLeft: node.resultsLeft() });
    }
    // After a change of the leader, an interactive job whose client is gone stays open for one grace period (ADR 0056).
    const hasOpen = async (): Promise<boolean> => (await this.storedCount('status=queued,assigned,running')) > 0;
    await until('every interactive job to end', async () => !(await hasOpen()), SETTLE_MS).catch(() => undefined);
    // The list has the jobs that are written behind, so they are on the disk.
    await this.storedCount();
    // Records the final state of each job again. A second state that differs is a violation.
    for (const jobId of this.accepted) await this.readJob(jobId);
  }

  /** Ends a scenario: waits for the end of all jobs, ends the scheduler, and fails with the violations of the scenario. */
  async verify(): Promise<void> {
    const unsettled = await this.settle().then(
      () => null,
      (error: unknown) => String(error),
    );
    await this.killScheduler();
    const violations = await this.violations({ isAtRest: unsettled === null });
    if (violations.length > 0) throw new Error(`violated:\n${violations.join('\n')}`);
    if (unsettled !== null) throw new Error(unsettled);
  }

  async violations(options: { readonly isAtRest?: boolean } = {}): Promise<readonly string[]> {
    const record = { events: this.events, runs: this.nodes.flatMap((node) => node.runs()), capacity: this.#capacity };
    return [...violationsOf(record, options), ...(await this.#scheduler.violations(record, options))];
  }

  async close(): Promise<void> {
    await this.#scheduler.close();
    await Promise.all([this.clientProxy, ...this.nodes].map((one) => one.close()));
  }
}
