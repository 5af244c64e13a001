// The pool of the benchmark in reality: the scheduler with its HTTP and WebSocket servers and its database, and nodes of the timing model on
// real sockets. All clocks run faster by the same factor, so that 10 minutes of traffic take half a minute. What the programs themselves need
// is not compressed, so it counts by the factor more.
import { Agent, request as httpRequest } from 'node:http';
import path from 'node:path';
import { type Clock, systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { CHUNK_CHARACTERS } from '../../src/main/scheduler/dispatch/prediction/request-shape';
import { openScheduler } from '../../src/main/scheduler/open-scheduler';
import type { JobAssign, SchedulerMessage } from '../../src/shared/protocol/scheduler-messages';
import { readyNode } from '../../tests/support/job-pool';
import { heartbeat, type TestNode } from '../../tests/support/test-node';
import { temporaryDir, testConfig } from '../../tests/support/test-scheduler';
import { type Figures, figuresOf, type Outcome } from './figures';
import { BLOCK_TOKENS, type BenchRequest } from './requests';
import { MUSTER_POLICIES, type MusterRule } from './rows';
import { type NodeSpeed, type Served, VirtualNode } from './virtual-node';

const MS_PER_SECOND = 1000;
const HEARTBEAT_MS = 5000;
/** No job of the benchmark reaches a timeout. */
const LONG_SECONDS = 1_000_000;
const MODEL = 'llm-a';
const CHARACTERS_PER_TOKEN = CHUNK_CHARACTERS / BLOCK_TOKENS;

function clockTimes(factor: number): Clock {
  return {
    wallMs: () => systemClock.wallMs(),
    monotonicMs: () => systemClock.monotonicMs() * factor,
    setTimer: (delayMs, callback) => systemClock.setTimer(delayMs / factor, callback),
  };
}

export async function runForReal(
  trace: readonly BenchRequest[],
  speeds: readonly NodeSpeed[],
  rule: MusterRule,
  factor: number,
): Promise<Figures> {
  const clock = clockTimes(factor);
  const folder = temporaryDir();
  const scheduler = await openedScheduler(path.join(folder.dir, 'scheduler.db'), rule, clock);
  const byId = new Map(trace.map((request) => [request.id, request]));
  const served = new Map<number, Served>();
  const nodes = await Promise.all(speeds.map((speed, i) => RealNode.ready(scheduler.url, new VirtualNode(i, speed, clock), byId, served)));
  const beating = setInterval(() => {
    for (const node of nodes) node.beat();
  }, HEARTBEAT_MS / factor);
  try {
    return figuresOf(await outcomesOf(trace, scheduler.url, clock, served), trace.length);
  } finally {
    clearInterval(beating);
    for (const node of nodes) node.close();
    await scheduler.stop();
    folder.remove();
  }
}

async function openedScheduler(
  databaseFile: string,
  rule: MusterRule,
  clock: Clock,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { strategy, holdsJobs: holdJobs } = MUSTER_POLICIES[rule];
  const config = await testConfig({
    server: { registrationTimeoutSeconds: LONG_SECONDS, firstMessageTimeoutSeconds: LONG_SECONDS },
    nodeHealth: { heartbeatTimeoutSeconds: LONG_SECONDS, warmupTimeoutSeconds: LONG_SECONDS },
    scheduler: {
      jobTimeoutSeconds: LONG_SECONDS,
      openai: { queueTimeoutSeconds: LONG_SECONDS, busyTimeoutSeconds: LONG_SECONDS, modelAliases: [] },
      loadBalancer: { strategy, holdJobs, cpuThreshold: 100, gpuThreshold: 100, memoryThreshold: 100 },
    },
  });
  const opened = await openScheduler({ config, databaseFile, clock, logger: silentLogger, version: '0', ownerKey: () => 'owner-key' });
  if (!opened.ok) throw new Error(opened.error.code);
  const listening = await opened.value.listen({ app: null, rendererDir: null });
  if (!listening.ok) throw new Error(listening.error.code);
  return { url: listening.value.url, stop: () => opened.value.stop() };
}

/** A node on a socket that answers as the timing model says. The request of the trace is found by its number, which is the field `seed`. */
class RealNode {
  readonly #node: TestNode;
  readonly #model: VirtualNode;
  readonly #requests: ReadonlyMap<number, BenchRequest>;
  readonly #served: Map<number, Served>;

  constructor(node: TestNode, model: VirtualNode, requests: ReadonlyMap<number, BenchRequest>, served: Map<number, Served>) {
    this.#node = node;
    this.#model = model;
    this.#requests = requests;
    this.#served = served;
    node.socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as SchedulerMessage;
      if (message.type === 'job_assign') this.#serve(message);
    });
  }

  static async ready(
    url: string,
    model: VirtualNode,
    requests: ReadonlyMap<number, BenchRequest>,
    served: Map<number, Served>,
  ): Promise<RealNode> {
    const node = await readyNode(url, { max_concurrent_jobs: model.speed.slots });
    return new RealNode(node, model, requests, served);
  }

  beat(): void {
    this.#node.send(heartbeat(this.#node.nodeId));
  }

  close(): void {
    this.#node.close();
  }

  #serve({ job_id, attempt, trace_id, task }: JobAssign): void {
    const request = task.kind === 'openai' ? this.#requests.get(Number(task.body['seed'])) : undefined;
    if (request === undefined) throw new Error('a job that is not of the trace');
    const node = this.#node;
    node.send({ type: 'job_accepted', job_id, attempt });
    this.#model.serve(
      request,
      () => {
        node.send({ type: 'job_chunk', job_id, attempt, seq: 0, data: { choices: [{ index: 0, delta: { content: 'x' } }] } });
      },
      (served) => {
        this.#served.set(request.id, served);
        // The scheduler counts the bytes of an answer.
        const content = 'x'.repeat(request.outputTokens * CHARACTERS_PER_TOKEN);
        node.send({ type: 'job_chunk', job_id, attempt, seq: 1, data: { choices: [{ index: 0, delta: { content } }] } });
        const output = { status: 200, body: null, chunks: 2 };
        const timings = {
          queue_ms: served.queueMs,
          load_ms: served.loadMs,
          first_token_ms: served.promptMs,
          prompt_tokens: request.promptTokens,
          cached_tokens: served.cachedTokens,
          completion_tokens: request.outputTokens,
          decode_ms: served.outputMs,
        };
        const processing_time_ms = served.loadMs + served.promptMs + served.outputMs;
        const result = { job_id, attempt, node_id: node.nodeId, success: true, output, processing_time_ms, timings, trace_id };
        node.send({ type: 'job_result', ...result });
      },
    );
  }
}

/** Sends the trace as a client, and resolves after the last answer. A request without a whole answer has no outcome. */
async function outcomesOf(
  trace: readonly BenchRequest[],
  url: string,
  clock: Clock,
  served: ReadonlyMap<number, Served>,
): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true });
  const outcomes: Outcome[] = [];
  const after = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      clock.setTimer(delayMs, resolve);
    });
  const send = async (request: BenchRequest): Promise<void> => {
    const startMs = clock.monotonicMs();
    const firstMs = await streamed(url, agent, request, clock);
    const endMs = clock.monotonicMs();
    if (firstMs !== null)
      outcomes.push({
        ttftSeconds: (firstMs - startMs) / MS_PER_SECOND,
        tpotSeconds: (endMs - firstMs) / MS_PER_SECOND / request.outputTokens,
        endSeconds: (endMs - startMs) / MS_PER_SECOND,
        promptTokens: request.promptTokens,
        cachedTokens: served.get(request.id)?.cachedTokens ?? 0,
      });
    const { next } = request;
    if (next === null) return;
    await after(next.thinkSeconds * MS_PER_SECOND);
    await send(next);
  };
  const startMs = clock.monotonicMs();
  await Promise.all(
    trace.map(async (request) => {
      if (request.atSeconds === null) return;
      await after(request.atSeconds * MS_PER_SECOND - (clock.monotonicMs() - startMs));
      await send(request);
    }),
  );
  agent.destroy();
  return outcomes;
}

/** Resolves at the end of the answer, to the time of its first event. Null: the answer is not whole. */
function streamed(url: string, agent: Agent, request: BenchRequest, clock: Clock): Promise<number | null> {
  const payload = JSON.stringify({
    model: MODEL,
    stream: true,
    seed: request.id,
    messages: [{ role: 'user', content: textOf(request) }],
  });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}/v1/chat/completions`, { method: 'POST', agent, headers }, (response) => {
      let firstMs: number | null = null;
      let end = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        end = (end + text).slice(-100);
        if (text.includes('"delta"')) firstMs ??= clock.monotonicMs();
      });
      response.on('end', () => {
        resolve(response.statusCode === 200 && end.includes('[DONE]') ? firstMs : null);
      });
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

/** Equal blocks are equal texts. */
function textOf({ blocks, promptTokens }: BenchRequest): string {
  const whole = blocks.slice(0, Math.floor(promptTokens / BLOCK_TOKENS));
  const rest = Math.max(1, Math.round((promptTokens - whole.length * BLOCK_TOKENS) * CHARACTERS_PER_TOKEN));
  return whole.map((block) => `block ${String(block)} `.padEnd(CHUNK_CHARACTERS, '.')).join('') + '.'.repeat(rest);
}
