// Submitters and operators that keep a pool busy until its scheduler ends. The acts that lead to the selected kill point are more frequent.
import { request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { streamChat } from './chat-stream';
import { endIn } from './job-events';
import { type FaultNode, MODEL } from './fault-node';
import type { FaultPool } from './fault-pool';
import type { Act } from './kill-point-list';
import { OWNER_KEY } from '../http-api';
import { readyNode } from '../job-pool';
import { TestNode } from '../test-node';
import { until } from '../until';
import { WaitExpired, within } from '../within';

type Activity = (pool: FaultPool, random: () => number) => Promise<void>;
const WAIT_MS = 400;
/** A job of the traffic runs for less than a second, but its node may be stopped, lost or drained meanwhile. */
const FOLLOW_LIMIT_MS = 60_000;
/** Several schedulers in a row may be killed before they answer, and each takes seconds to start on a busy machine. */
const KEY_LIMIT_MS = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const anyNode = (pool: FaultPool, random: () => number): FaultNode => {
  const node = pool.nodes[Math.floor(random() * pool.nodes.length)];
  if (node === undefined) throw new Error('there are no nodes');
  return node;
};

/** A member of a cluster keeps the connection when its leader dies. Test nodes, unlike agents, do not register again, so they time out. */
function asNode(activity: (pool: FaultPool) => Promise<void>): Activity {
  return async (pool) => {
    const { child } = pool.scheduler;
    await activity(pool).catch((error: unknown) => {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (!(error instanceof WaitExpired && hasEnded)) throw error;
    });
  };
}

const ACTIVITIES = {
  /** The job is also polled, because some submitters poll. */
  async plain(pool, random) {
    const jobId = await pool.submitted({ name: pool.newName(), maxAttempts: 1 + Math.floor(random() * 5) });
    for (let i = 0; i < 3; i++) {
      await pool.readJob(jobId);
      await pause(20);
    }
  },
  async followed(pool) {
    await follow(pool, await pool.submitted({ name: pool.newName(), stream: true }));
  },
  /** Two submissions with one key at once, and a third after any outcome of these. */
  async keyed(pool) {
    const request = { name: pool.newName(), key: `key-of-${String(pool.events.length)}` };
    await Promise.all([pool.submit(request), pool.submit(request)]).catch(() => null);
    const answered = async (): Promise<boolean> => (await pool.submit(request)).status < 500;
    await until('an answer to a key', () => answered().catch(() => false), KEY_LIMIT_MS);
  },
  async cancelled(pool, random) {
    const jobId = await pool.submitted({ name: pool.newName(), behaviour: `wait ${String(WAIT_MS)}` });
    await pause(random() * 100);
    await pool.sendRequest('DELETE', `/api/v1/jobs/${jobId}`);
    await pool.readJob(jobId);
  },
  /** A client of the OpenAI API. The client of a stream disconnects when the stream begins. */
  async chatted(pool, random) {
    await chat(pool, random() < 0.5 ? 'say' : 'wait 100', random() < 0.3);
  },
  async failing(pool, random) {
    await pool.submitted({ name: pool.newName(), behaviour: 'fail', maxAttempts: 1 + Math.floor(random() * 3) });
    await pause(50);
  },
  async failingOnce(pool) {
    await pool.submitted({ name: pool.newName(), behaviour: 'fail', maxAttempts: 1 });
    await pause(50);
  },
  async expiring(pool) {
    await pool.submitted({ name: pool.newName(), model: 'missing-model', more: { queue_timeout_seconds: 0.05 } });
    await pause(50);
  },
  async drained(pool, random) {
    const node = anyNode(pool, random);
    await pool.submitted({
      name: pool.newName(),
      behaviour: `wait ${String(WAIT_MS)}`,
      more: node.nodeId === null ? {} : { node_id: node.nodeId },
    });
    await pause(50);
    await drain(pool, node);
    await pause(200);
    await resume(pool, node);
  },
  /** The node is stopped during the attempt, so that only the timeout of the scheduler can end it. */
  async stalled(pool, random) {
    const node = anyNode(pool, random);
    await pool.submitted({ name: pool.newName(), behaviour: `wait ${String(WAIT_MS)}`, maxAttempts: 2, more: { timeout_seconds: 0.2 } });
    await pause(20);
    node.agent.signal('SIGSTOP');
    await pause(350);
    node.agent.signal('SIGCONT');
  },
  /** A node gets a job and returns without it. */
  forgotten: asNode(async (pool) => {
    const url = `http://127.0.0.1:${String(pool.port)}`;
    const model = 'forgotten';
    const node = await readyNode(url, { installed_models: [{ model_id: model, kind: 'llm', version: '1' }] });
    try {
      await pool.submitted({ name: pool.newName(), model, more: { queue_timeout_seconds: 2 } });
      await node.until('job_assign');
      node.close();
      const back = await TestNode.registered(url, { node_id: node.nodeId, node_token: node.ack.node_token, active_jobs: [] });
      await back.settled();
      back.close();
    } finally {
      node.close();
      await pool.sendRequest('DELETE', `/api/v1/nodes/${node.nodeId}`).catch(() => undefined);
    }
  }),
  newcomer: asNode(async (pool) => {
    const node = await TestNode.registered(`http://127.0.0.1:${String(pool.port)}`, { installed_models: [] });
    node.close();
    await pool.sendRequest('DELETE', `/api/v1/nodes/${node.nodeId}`);
  }),
} satisfies Record<string, Activity>;

const MIX: readonly Activity[] = [
  ACTIVITIES.plain,
  ACTIVITIES.followed,
  ACTIVITIES.keyed,
  ACTIVITIES.cancelled,
  ACTIVITIES.failing,
  ACTIVITIES.plain,
  ACTIVITIES.chatted,
];

const NEEDED: Partial<Record<Act, Activity>> = {
  'commit:key': ACTIVITIES.keyed,
  'receive:job_chunk': ACTIVITIES.followed,
  'answer:event:chunk': ACTIVITIES.followed,
  'answer:event:job': ACTIVITIES.followed,
  'receive:job_result:failure': ACTIVITIES.failing,
  'commit:failed': ACTIVITIES.failingOnce,
  'commit:requeued:failed': ACTIVITIES.failing,
  'commit:requeued:node_lost': ACTIVITIES.forgotten,
  'commit:requeued:drain_timeout': ACTIVITIES.drained,
  'commit:requeued:attempt_timeout': ACTIVITIES.stalled,
  'receive:DELETE /api/v1/jobs/*': ACTIVITIES.cancelled,
  'commit:cancelled': ACTIVITIES.cancelled,
  'send:job_cancel': ACTIVITIES.cancelled,
  'answer:DELETE /api/v1/jobs/*': ACTIVITIES.cancelled,
  'commit:expired': ACTIVITIES.expiring,
  'commit:node': ACTIVITIES.newcomer,
  'answer:POST /api/v1/nodes/*/drain': ACTIVITIES.drained,
  'receive:POST /v1/chat/completions': ACTIVITIES.chatted,
  'send:job_assign:interactive': ACTIVITIES.chatted,
  'commit:behind': ACTIVITIES.chatted,
  'answer:POST /v1/chat/completions': ACTIVITIES.chatted,
  'send:answer.event': ACTIVITIES.chatted,
};

const SUBMITTERS = 3;
/** A stream of a second, so that it meets faults. */
const CHUNKS = 60;
/** Longer than a job of the traffic: a drain does not cut it. */
const DRAIN_SECONDS = 20;

const turns = new WeakMap<FaultNode, Promise<unknown>>();

/** One operator at a time acts on a node, because the order of two concurrent requests is unknown. */
function inTurn(node: FaultNode, act: () => Promise<void>): Promise<void> {
  const turn = (turns.get(node) ?? Promise.resolve()).then(act, act);
  turns.set(node, turn);
  return turn;
}

const drain = (pool: FaultPool, node: FaultNode, timeoutSeconds = 0.05): Promise<void> =>
  inTurn(node, async () => {
    const drained = await pool.sendRequest('POST', `/api/v1/nodes/${String(node.nodeId)}/drain`, { timeout_seconds: timeoutSeconds });
    if (drained.status === 200) pool.note({ type: 'drained', atMonotonicMs: performance.now(), node: node.name });
  });

const resume = (pool: FaultPool, node: FaultNode): Promise<void> =>
  inTurn(node, async () => {
    pool.note({ type: 'resumed', atMonotonicMs: performance.now(), node: node.name });
    await pool.sendRequest('POST', `/api/v1/nodes/${String(node.nodeId)}/resume`);
  });

/** Waits until the node is back. Resumes it when an operator had requested a drain from an earlier scheduler. */
export async function waitUntilResumed(pool: FaultPool, node: FaultNode, limitMs = 5000): Promise<void> {
  const isInUse = async (): Promise<boolean> => {
    const view = await pool.nodeView(node);
    if (view?.online === true && view.drain !== null) await resume(pool, node);
    return view?.online === true && view.drain === null;
  };
  await until(`${node.name} is in use`, isInUse, limitMs);
}

const streamed: Activity = async (pool) => {
  const name = pool.newName();
  const body = { model: MODEL, stream: true, messages: [{ role: 'user', content: `${name}|chunks ${String(CHUNKS)}` }] };
  const answer = await streamChat(pool.clientProxy.port, body, FOLLOW_LIMIT_MS);
  if (answer === null) throw new Error('no stream');
  pool.note({ type: 'streamed', name, chunks: CHUNKS, ...answer });
};

const drainedInOrder: Activity = async (pool, random) => {
  const node = anyNode(pool, random);
  try {
    await drain(pool, node, DRAIN_SECONDS);
  } finally {
    await pause(200).then(() => resume(pool, node));
  }
  await pause(500);
};

/** Clients that read long streams to their end, and an operator. */
export const STREAMS_AND_DRAINS: readonly Activity[] = [streamed, streamed, drainedInOrder];

export class Traffic {
  /** The act at which the scheduler is killed next: the traffic must cause it. */
  wanted: Act | null = null;
  readonly #pool: FaultPool;
  readonly #random: () => number;
  readonly #over: Promise<unknown>;
  #isOver = false;
  #expired: WaitExpired | null = null;

  /** Continues when a scheduler is killed: a submitter without a scheduler tries again. `others`: repeated by one client each. */
  constructor(pool: FaultPool, random: () => number, others: readonly Activity[] = []) {
    this.#pool = pool;
    this.#random = random;
    const mixed = (): Activity => MIX[Math.floor(random() * MIX.length)] ?? ACTIVITIES.plain;
    const needed = (): Activity => (this.wanted === null ? undefined : NEEDED[this.wanted]) ?? pause.bind(null, 50);
    const submitters = Array.from({ length: SUBMITTERS }, () => this.#again(mixed));
    this.#over = Promise.all([...submitters, ...others.map((other) => this.#again(() => other)), this.#again(needed)]);
  }

  /** Rejects with the first wait that expired. When a scheduler is killed, its submitters must get an error before their limit. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#over;
    if (this.#expired !== null) throw this.#expired;
  }

  async #again(next: () => Activity): Promise<void> {
    while (!this.#isOver)
      await next()(this.#pool, this.#random).catch((error: unknown) => {
        if (error instanceof WaitExpired) this.#expired ??= error;
        return pause(10);
      });
  }
}

/** Sends a request to the OpenAI API. A whole answer is recorded. */
async function chat(pool: FaultPool, behaviour: string, stream: boolean): Promise<void> {
  const name = pool.newName();
  const body = { model: MODEL, stream, messages: [{ role: 'user', content: `${name}|${behaviour}` }] };
  const answer = await pool.sendRequest('POST', '/v1/chat/completions', body);
  if (answer.status !== 200 || stream) return;
  const { id: run } = answer.json() as { readonly id: string };
  pool.note({ type: 'answered', jobId: String(answer.headers['x-muster-job']), name, run });
}

/** Reads the events of a job to their end, records its end, and counts the terminal events. */
async function follow(pool: FaultPool, jobId: string): Promise<void> {
  let terminalEvents = 0;
  /** A member without a leader for 12 s has refused the subscription, as docs/cluster.md says. Any other refusal is one without an end of the job. */
  let hasNoLeader = false;
  const take = (line: string): void => {
    hasNoLeader ||= line.includes('"code":"NOT_LEADER"');
    const job = endIn(line);
    if (job === null) return;
    terminalEvents++;
    pool.note({ type: 'seen', job });
  };
  const fromMs = performance.now();
  const ended = new Promise<boolean>((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port: pool.clientProxy.port,
        path: `/api/v1/jobs/${jobId}/events`,
        agent: false,
        headers: { authorization: `Bearer ${OWNER_KEY}` },
      },
      (response) => {
        // When the scheduler is killed, the stream ends and `close` reports the end. The line reader forwards the error of its input.
        const lines = createInterface({ input: response }).on('line', take);
        lines.on('error', () => undefined);
        response.on('error', () => undefined);
        response.on('close', () => {
          resolve(response.complete);
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
  const isWhole = await within(`the end of the events of ${jobId}`, ended, FOLLOW_LIMIT_MS);
  if (isWhole && !hasNoLeader) pool.note({ type: 'followed', during: { fromMs, toMs: performance.now() }, jobId, terminalEvents });
}
