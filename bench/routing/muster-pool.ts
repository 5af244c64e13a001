// Muster's dispatch in virtual time: the registry, the dispatcher, the queue and the learning of the scheduler, as they run in the product.
// Only the sockets and the store are left out.
import { silentLogger } from '../../src/main/platform/logger';
import type { DispatchPolicy } from '../../src/main/scheduler/dispatch/policy';
import { DEFAULT_DISPATCH_POLICY } from '../../src/main/scheduler/dispatch/policy';
import { CHUNK_CHARACTERS, type RequestShape } from '../../src/main/scheduler/dispatch/prediction/request-shape';
import type { NodeEvent } from '../../src/main/scheduler/lifecycle/events';
import type { AttemptVerdict } from '../../src/main/scheduler/lifecycle/model-failures';
import { nodeTransition } from '../../src/main/scheduler/lifecycle/transition';
import { DEFAULT_LIFECYCLE_POLICY } from '../../src/main/scheduler/lifecycle/policy';
import { JobDispatch } from '../../src/main/scheduler/jobs/job-dispatch';
import { JobForecasts } from '../../src/main/scheduler/jobs/job-forecasts';
import { NodeOutput } from '../../src/main/scheduler/jobs/node-output';
import { newJob, type JobFacts, type JobRecord } from '../../src/main/scheduler/jobs/machine/job-record';
import type { JobMachineEvent } from '../../src/main/scheduler/jobs/machine/job-events';
import { WaitingJobs } from '../../src/main/scheduler/jobs/machine/waiting-jobs';
import { Dispatcher } from '../../src/main/scheduler/nodes/dispatcher';
import { NodeRegistry } from '../../src/main/scheduler/nodes/node-registry';
import { SchedulerStats } from '../../src/main/scheduler/nodes/scheduler-stats';
import { aModel, aProfile, aRecord } from '../../tests/unit/scheduler/lifecycle/records';
import { aJob } from '../../tests/unit/scheduler/jobs/job-records';
import { Registry } from 'prom-client';
import { BLOCK_TOKENS, type BenchRequest } from './requests';
import type { Served, VirtualNode } from './virtual-node';
import type { VirtualTime } from './virtual-time';

const MODEL = 'model';
const CHARACTERS_PER_TOKEN = CHUNK_CHARACTERS / BLOCK_TOKENS;
const NEVER_MS = 365 * 86_400_000;
const SUCCEEDED: AttemptVerdict = { kind: 'succeeded' };

export interface MusterPoolOptions {
  readonly time: VirtualTime;
  readonly nodes: readonly VirtualNode[];
  readonly policy: Partial<DispatchPolicy>;
  /** Default: requests wait as long as they must. */
  readonly queueTimeoutMs?: number;
  readonly onAssigned: (request: BenchRequest, node: VirtualNode, callbacks: ServeCallbacks) => void;
}

/** The node calls these, as its messages would. */
export interface ServeCallbacks {
  readonly onFirstToken: () => void;
  readonly onEnd: (served: Served) => void;
}

export class MusterPool {
  readonly #options: MusterPoolOptions;
  readonly #registry: NodeRegistry;
  readonly #dispatch: JobDispatch;
  readonly #forecasts: JobForecasts;
  readonly #waiting = new WaitingJobs();
  readonly #records = new Map<string, JobRecord>();
  readonly #requests = new Map<string, BenchRequest>();

  constructor(options: MusterPoolOptions) {
    const { time, policy, nodes } = options;
    this.#options = options;
    this.#registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, { ...DEFAULT_DISPATCH_POLICY, ...policy });
    const startedAt = { wallMs: 0, monotonicMs: 0 };
    const stats = new SchedulerStats(new Registry());
    const dispatcher = new Dispatcher(this.#registry, { clock: time, logger: silentLogger, stats, startedAt });
    const pool = {
      dispatcher,
      record: (nodeId: string) => this.#registry.get(nodeId),
      records: () => this.#registry.records(),
      apply: (nodeId: string, event: NodeEvent) => {
        this.#applyToNode(nodeId, event);
      },
    };
    const noStats = {
      routed: () => undefined,
      measured: () => undefined,
      recent: { firstToken: () => undefined, output: () => undefined },
      nodeOutput: new NodeOutput(),
    };
    this.#forecasts = new JobForecasts({ pool, stats: noStats, monotonicMs: time.monotonicMs });
    this.#dispatch = new JobDispatch({
      table: {
        waiting: this.#waiting,
        get: (jobId) => this.#records.get(jobId),
        apply: (jobId, event) => {
          this.#applyToJob(jobId, event);
          return [];
        },
      },
      pool,
      forecasts: this.#forecasts,
      stats: noStats,
      logger: silentLogger,
      clock: time,
      isStorageFailing: () => false,
      defer: (callback) => time.setTimer(0, callback),
    });
    for (const node of nodes) this.#registry.keep(null, recordOf(node));
  }

  submit(request: BenchRequest): void {
    const jobId = `job-${String(request.id)}`;
    const facts: JobFacts = aJob({
      jobId,
      seq: request.id,
      queueTimeoutMs: this.#options.queueTimeoutMs ?? NEVER_MS,
      task: { kind: 'openai', path: '/v1/chat/completions', model: MODEL, payloadBytes: request.promptTokens * CHARACTERS_PER_TOKEN },
      requirements: { requiredModels: [MODEL], requiredTask: { modelId: MODEL, task: '/v1/chat/completions' }, public: true },
    });
    this.#requests.set(jobId, request);
    this.#records.set(jobId, newJob(facts, { wallMs: 0, monotonicMs: this.#options.time.monotonicMs() }));
    this.#waiting.add(facts);
    this.#forecasts.keep(jobId, shapeOf(request));
    this.#dispatch.queued(facts);
  }

  #applyToJob(jobId: string, event: JobMachineEvent): void {
    const record = this.#records.get(jobId);
    const request = this.#requests.get(jobId);
    if (event.type !== 'assigned' || record === undefined || request === undefined) return;
    this.#waiting.delete(record.facts);
    const { nodeId } = event;
    const node = this.#options.nodes[Number(nodeId)];
    if (node === undefined) throw new Error(`no node ${nodeId}`);
    this.#options.onAssigned(request, node, {
      onFirstToken: () => {
        this.#forecasts.firstToken(jobId, nodeId, null);
      },
      onEnd: (served) => {
        this.#ended(record.facts, nodeId, request, served);
      },
    });
  }

  #ended(facts: JobFacts, nodeId: string, request: BenchRequest, served: Served): void {
    const { jobId } = facts;
    const timings = {
      queueMs: served.queueMs,
      loadMs: served.loadMs,
      firstTokenMs: served.promptMs,
      promptTokens: request.promptTokens,
      cachedTokens: served.cachedTokens,
      completionTokens: request.outputTokens,
      decodeMs: served.outputMs,
      inputUnits: null,
    };
    this.#forecasts.succeeded(facts, nodeId, timings, request.outputTokens * CHARACTERS_PER_TOKEN);
    this.#forecasts.attemptEnded(jobId);
    this.#records.delete(jobId);
    this.#requests.delete(jobId);
    this.#forecasts.forget(jobId);
    this.#dispatch.forget(jobId);
    this.#applyToNode(nodeId, { type: 'job_released', jobId, modelId: MODEL, verdict: SUCCEEDED });
    this.#dispatch.tryNode(nodeId);
  }

  #applyToNode(nodeId: string, event: NodeEvent): void {
    const previous = this.#registry.get(nodeId) ?? null;
    const nowMonotonicMs = this.#options.time.monotonicMs();
    const [next] = nodeTransition(previous, event, { wallMs: 0, monotonicMs: nowMonotonicMs }, DEFAULT_LIFECYCLE_POLICY);
    if (next !== previous) this.#registry.keep(previous, next);
  }
}

const shapeOf = ({ promptTokens, blocks, session }: BenchRequest): RequestShape => ({
  kind: '/v1/chat/completions',
  size: promptTokens * CHARACTERS_PER_TOKEN,
  maxOutput: null,
  chunks: blocks.slice(0, Math.floor(promptTokens / BLOCK_TOKENS)),
  session,
});

const recordOf = ({ index, speed: { slots } }: VirtualNode) =>
  aRecord({
    nodeId: String(index),
    profile: aProfile({
      name: `node-${String(index)}`,
      installedModels: [aModel({ modelId: MODEL, kind: 'llm' })],
      capabilityState: null,
      maxConcurrentJobs: slots,
    }),
    provenSlots: slots,
  });
