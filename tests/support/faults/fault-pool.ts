// A pool of real processes under faults: one scheduler, nodes and submitters behind proxies, and a record of everything that is
// visible from outside. After every scenario `settle` waits for the end of all jobs and `verify` checks the invariants.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JobSubmissionInput, JobView } from '../../../src/shared/api/job';
import type { NodeView } from '../../../src/shared/api/node-view';
import { sendRequest, type HttpAnswer } from '../http-api';
import { MusterLab, type MusterProcess, writeOwnerKey } from '../muster-process';
import { reservePort, type ReservedPort } from '../reserved-port';
import { until } from '../until';
import { AnswerCounter } from './answer-counter';
import { violationsOf } from './fault-invariants';
import { FaultNode, isReadyWithModel, MODEL } from './fault-node';
import type { FaultEvent } from './fault-record';
import { nodeViewsOf } from './node-views';
import type { SmallDisk } from './small-disk';
import { storedJobs } from './stored-jobs';
import { TcpProxy } from './tcp-proxy';

export interface FaultPoolOptions {
  readonly nodes?: number;
  readonly capacity?: number;
  readonly heartbeatTimeoutSeconds?: number;
  readonly config?: string;
  /** These functions open a separate disk for the data folder of the scheduler, and of each node. Absent: no separate disk. */
  readonly schedulerDisk?: OpenDisk;
  readonly nodeDisk?: OpenDisk;
}

type OpenDisk = (lab: MusterLab, folder: string) => Promise<SmallDisk>;

export interface KillPoint {
  readonly side: 'before' | 'after';
  readonly act: string;
  readonly nth: number;
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

const KILL_POINTS = pathToFileURL(path.join(import.meta.dirname, 'kill-points.ts')).href;
const WAIT_LIMIT_MS = 30_000;
const SETTLE_MS = 45_000;
const REST_MS = 20_000;

export class FaultPool {
  readonly lab = new MusterLab();
  readonly nodes: FaultNode[] = [];
  readonly events: FaultEvent[] = [];
  readonly folder: string;
  readonly config: string;
  readonly clientProxy: TcpProxy;
  readonly accepted = new Set<string>();
  readonly #options: FaultPoolOptions;
  readonly #capacity: number;
  #disk: SmallDisk | null = null;
  #scheduler: MusterProcess | null = null;
  /** The scheduler keeps it over its restarts. */
  readonly #reserved: ReservedPort;
  #names = 0;
  readonly #answers: AnswerCounter;

  private constructor(clientProxy: TcpProxy, reserved: ReservedPort, answers: AnswerCounter, options: FaultPoolOptions) {
    this.clientProxy = clientProxy;
    this.clientProxy.leadTo(reserved.port);
    this.#reserved = reserved;
    this.#answers = answers;
    this.#options = options;
    this.#capacity = options.capacity ?? 2;
    const timeout = String(options.heartbeatTimeoutSeconds ?? 2.5);
    this.config = this.lab.configFile(
      'scheduler',
      `[server]\nport = ${String(reserved.port)}\n[scheduler.jobs]\nkeep_answers = true\n` +
        `[scheduler.load_balancer]\nresource_threshold = 100\n[scheduler.node_health]\n` +
        `heartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = ${timeout}\nhealth_check_success_threshold = 1\n`,
    );
    this.folder = path.join(this.lab.folder, 'scheduler-data');
  }

  static async open(options: FaultPoolOptions = {}): Promise<FaultPool> {
    const answers = new AnswerCounter();
    const proxy = await TcpProxy.open({ openTap: () => answers.openTap() });
    const pool = new FaultPool(proxy, await reservePort(), answers, options);
    pool.#disk = (await options.schedulerDisk?.(pool.lab, pool.folder)) ?? null;
    writeOwnerKey(`${pool.#disk?.root ?? ''}${pool.folder}`);
    await pool.startScheduler();
    const names = Array.from({ length: options.nodes ?? 2 }, (_, i) => `node-${'abcdef'.charAt(i)}`);
    await Promise.all(names.map((name) => pool.#addNode(name)));
    await pool.ready(names.length);
    return pool;
  }

  get scheduler(): MusterProcess {
    if (this.#scheduler === null) throw new Error('there is no scheduler');
    return this.#scheduler;
  }

  /** The port of the scheduler itself, not of the proxy. */
  get port(): number {
    return this.#reserved.port;
  }

  /** The number of client requests whose answer reached the proxy since the pool was opened. */
  get answerCount(): number {
    return this.#answers.count;
  }

  note(event: FaultEvent): void {
    this.events.push(event);
  }

  /** With a kill point, the scheduler kills itself there. */
  async startScheduler(killPoint: KillPoint | null = null): Promise<void> {
    // The scheduler starts dozens of times. A scheduler that ends in order writes Node's compile cache, which speeds up the next start.
    const NODE_COMPILE_CACHE = path.join(this.lab.folder, 'compiled');
    const armed = killPoint === null ? {} : { NODE_OPTIONS: `--import ${KILL_POINTS}`, MUSTER_TEST_KILL: JSON.stringify(killPoint) };
    this.#scheduler = this.lab.start(
      ['scheduler', '--data-dir', this.folder, '--config', this.config, '--log-format', 'json'],
      { NODE_COMPILE_CACHE, ...armed },
      this.#disk?.wrap ?? [],
    );
    await this.#scheduler.url();
  }

  async #addNode(name: string): Promise<void> {
    const disk = await this.#options.nodeDisk?.(this.lab, path.join(this.lab.folder, name));
    const note = this.note.bind(this);
    const node = await FaultNode.start({ name, lab: this.lab, capacity: this.#capacity, note, ...(disk === undefined ? {} : { disk }) });
    this.nodes.push(node);
    node.proxy.leadTo(this.port);
  }

  /** Waits for the end of the scheduler and records its database. */
  async recordSchedulerEnd(): Promise<void> {
    await this.scheduler.finished;
    this.note({ type: 'stored', jobs: storedJobs(`${this.#disk?.root ?? ''}${this.folder}`) });
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
    return sendRequest(this.clientProxy.port, { method, path, body, headers });
  }

  /** The number of jobs of the scheduler; the request bypasses the proxy. */
  async storedCount(): Promise<number> {
    const answer = await sendRequest(this.port, { path: '/api/v1/jobs?limit=500' });
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
    const answer = await this.sendRequest('POST', '/api/v1/jobs', submission, key === undefined ? {} : { 'idempotency-key': key });
    if (answer.status === 202) {
      const { job_id: jobId } = answer.json() as { readonly job_id: string };
      this.accepted.add(jobId);
      this.note({ type: 'accepted', jobId, name, key: key ?? null, maxAttempts });
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
    const answer = await this.sendRequest('GET', `/api/v1/jobs/${jobId}`).catch(() => null);
    if (answer?.status !== 200) return null;
    const job = answer.json() as JobView;
    this.note({ type: 'seen', job });
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
    const violations = this.violations({ isAtRest: unsettled === null });
    if (violations.length > 0) throw new Error(`violated:\n${violations.join('\n')}`);
    if (unsettled !== null) throw new Error(unsettled);
  }

  violations(options: { readonly isAtRest?: boolean } = {}): readonly string[] {
    const runs = this.nodes.flatMap((node) => node.runs());
    return violationsOf({ events: this.events, runs, capacity: this.#capacity }, options);
  }

  async close(): Promise<void> {
    await this.lab.close();
    this.#reserved.release();
    await Promise.all([this.clientProxy, ...this.nodes].map((one) => one.close()));
  }
}
