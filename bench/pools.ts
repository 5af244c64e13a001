// Pools of nodes in memory: the registry with its candidates and deadlines, and the counter of missed jobs,
// driven through the status machine.
// All random values come from a fixed seed, so that two runs measure the same pool.
import { MissedJobsLog } from '../src/main/scheduler/dispatch/missed-jobs-log';
import { DEFAULT_DISPATCH_POLICY } from '../src/main/scheduler/dispatch/policy';
import type { NodeEvent } from '../src/main/scheduler/lifecycle/events';
import type { NodeProfile } from '../src/main/scheduler/lifecycle/node-record';
import type { InstalledModel } from '../src/main/scheduler/lifecycle/node-report';
import { DEFAULT_LIFECYCLE_POLICY } from '../src/main/scheduler/lifecycle/policy';
import { nodeTransition } from '../src/main/scheduler/lifecycle/transition';
import { parseHardware, parseHeartbeat, parseModel } from '../src/main/scheduler/nodes/core/node-report-views';
import { NodeRegistry } from '../src/main/scheduler/nodes/node-registry';
import { MissedJobsCounter } from '../src/main/scheduler/nodes/missed-jobs-counter';
import { decodeNodeMessage } from '../src/shared/protocol/decode';

const NO_GRACE = -Infinity;
const GPU_KINDS = 20;
const MODELS: readonly InstalledModel[] = Array.from({ length: 12 }, (_, i) =>
  parseModel({
    model_id: `model-${String(i)}`,
    kind: (['nmt', 'tts', 'asr', 'llm'] as const)[i % 4] ?? 'nmt',
    src_lang: 'en',
    tgt_lang: 'zh',
    version: '1',
    enabled: true,
  }),
);

export class Pool {
  readonly registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, DEFAULT_DISPATCH_POLICY);
  readonly #beats: readonly string[];
  #nextBeat = 0;
  #nowMonotonicMs = 0;

  /**
   * `count` ready nodes with four of twelve models each. One node in five is over its limits, so that it gets no jobs. `changing`: each
   * heartbeat has new figures, so that the node changes its position in every index (the most expensive case).
   */
  constructor(count: number, figures: 'changing' | 'steady' = 'changing') {
    const now = (): number => this.#nowMonotonicMs;
    const clock = { wallMs: now, monotonicMs: now, setTimer: () => ({ cancel: () => undefined }) };
    new MissedJobsCounter(this.registry, clock, new MissedJobsLog({ wallMs: 0, monotonicMs: 0 }));
    const random = randomFrom(count);
    const nodeIds = Array.from({ length: count }, (_, i) => `node-${String(i)}`);
    for (const nodeId of nodeIds) this.#send(nodeId, { type: 'registered', nodeId, profile: profileOf(random) });
    const rounds = figures === 'changing' ? 4 : 1;
    this.#beats = Array.from({ length: rounds }, () => nodeIds.map((nodeId) => heartbeatText(nodeId, random))).flat();
    for (let i = 0; i < 4 * count; i++) this.receiveHeartbeat();
  }

  get nowMonotonicMs(): number {
    return this.#nowMonotonicMs;
  }

  /** All work of the scheduler for a heartbeat: decode, health check, transition, deadline, index and missed jobs. */
  receiveHeartbeat(): void {
    const decoded = decodeNodeMessage(this.#beats[this.#nextBeat] ?? '');
    this.#nextBeat = (this.#nextBeat + 1) % this.#beats.length;
    if (!decoded.ok || decoded.value.type !== 'node_heartbeat') throw new Error('a heartbeat of the benchmark is invalid');
    this.#send(decoded.value.node_id, { type: 'heartbeat', report: parseHeartbeat(decoded.value), graceUntilMonotonicMs: NO_GRACE });
  }

  /**
   * Each node has run all its models. There are twenty kinds of GPU, and two nodes of a kind differ by up to 20 %. A third of the nodes have
   * jobs in flight.
   */
  learnRates(): this {
    const random = randomFrom(7);
    for (const { nodeId, profile } of [...this.registry.records()]) {
      const kind = Math.floor(random() * GPU_KINDS);
      const near = (rate: number): number => rate * 1.2 ** (kind - GPU_KINDS / 2) * (0.9 + 0.2 * random());
      for (const { modelId } of profile.installedModels) {
        const sample = { inputPerSecond: near(2000), outputPerSecond: near(40), concurrency: 1, loadSeconds: null, slowdown: null };
        this.#send(nodeId, { type: 'job_measured', modelId, sample });
      }
      if (random() > 1 / 3) continue;
      const [first] = profile.installedModels;
      const expected = { promptMs: Math.round(random() * 2000), endMonotonicMs: 0 };
      this.#send(nodeId, { type: 'job_assigned', jobId: `job-${nodeId}`, modelId: first?.modelId ?? '', expected });
    }
    return this;
  }

  #send(nodeId: string, event: NodeEvent): void {
    this.#nowMonotonicMs += 0.01;
    const previous = this.registry.get(nodeId) ?? null;
    const [next] = nodeTransition(
      previous,
      event,
      { wallMs: this.#nowMonotonicMs, monotonicMs: this.#nowMonotonicMs },
      DEFAULT_LIFECYCLE_POLICY,
    );
    if (next === null) throw new Error('a node of the benchmark was removed');
    this.registry.keep(previous, next);
  }
}

function profileOf(random: () => number): NodeProfile {
  const first = Math.floor(random() * MODELS.length);
  const installedModels = [0, 1, 2, 5].map((step) => MODELS[(first + step) % MODELS.length]).filter((model) => model !== undefined);
  return {
    name: 'bench',
    version: '0.1.0',
    platform: 'linux',
    hardware: parseHardware({ cpu_cores: 16, memory_gb: 64, gpus: [{ name: 'RTX 4090', memory_gb: 24, index: 0 }] }),
    installedModels,
    capabilityState: Object.fromEntries(installedModels.map(({ modelId }) => [modelId, 'ready' as const])),
    featuresSupported: {},
    advancedFeatures: [],
    acceptPublicJobs: true,
    maxConcurrentJobs: 4,
    limits: null,
  };
}

/** About 300 bytes, with live figures of one GPU, as an agent sends it. */
function heartbeatText(nodeId: string, random: () => number): string {
  const percent = (most: number): number => Math.round(random() * most * 10) / 10;
  const gpuPercent = random() < 0.2 ? 90 : percent(24);
  return JSON.stringify({
    type: 'node_heartbeat',
    node_id: nodeId,
    timestamp: 1_700_000_000_000,
    resource_usage: {
      cpu_percent: percent(24),
      mem_percent: percent(24),
      gpu_percent: gpuPercent,
      gpu_mem_percent: percent(90),
      running_jobs: 0,
    },
    gpus: [
      {
        index: 0,
        utilization_percent: gpuPercent,
        memory_used_gb: 3.2,
        memory_total_gb: 24,
        temperature_c: 55,
        power_w: 120,
        available: true,
      },
    ],
  });
}

/** A random number generator (mulberry32): the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
