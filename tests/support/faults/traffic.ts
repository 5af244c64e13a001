// Submitters and operators that keep a pool busy until its scheduler dies, with more of what brings it to the wanted point.
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { endIn } from './job-events';
import type { FaultNode } from './fault-node';
import type { FaultPool } from './fault-pool';
import type { Act } from './kill-point-list';
import { readyNode } from '../job-pool';
import { TestNode } from '../test-node';
import { until } from '../until';
import { WaitExpired, within } from '../within';

type Deed = (pool: FaultPool, random: () => number) => Promise<void>;

const WAIT_MS = 400;
/** A job of the traffic runs for less than a second, but its node may be stopped, lost or drained meanwhile. */
const FOLLOW_LIMIT_MS = 60_000;
/** Several schedulers in a row may die before they answer, and each takes seconds to start on a busy machine. */
const KEY_LIMIT_MS = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const anyNode = (pool: FaultPool, random: () => number): FaultNode => {
  const node = pool.nodes[Math.floor(random() * pool.nodes.length)];
  if (node === undefined) throw new Error('there are no nodes');
  return node;
};

const DEEDS = {
  /** Also read again and again, as a submitter does who polls. */
  async plain(pool, random) {
    const jobId = await pool.submitted({ name: pool.newName(), maxAttempts: 1 + Math.floor(random() * 5) });
    for (let i = 0; i < 3; i++) {
      await pool.look(jobId);
      await pause(20);
    }
  },
  async followed(pool) {
    await follow(pool, await pool.submitted({ name: pool.newName(), stream: true }));
  },
  /** Two with one key at once, and once more whatever became of them. */
  async keyed(pool) {
    const wish = { name: pool.newName(), key: `key-of-${String(pool.events.length)}` };
    await Promise.all([pool.submit(wish), pool.submit(wish)]).catch(() => null);
    await until('an answer to a key', () => pool.submit(wish).catch(() => null), KEY_LIMIT_MS);
  },
  async cancelled(pool, random) {
    const jobId = await pool.submitted({ name: pool.newName(), deed: `wait ${String(WAIT_MS)}` });
    await pause(random() * 100);
    await pool.ask('DELETE', `/api/v1/jobs/${jobId}`);
    await pool.look(jobId);
  },
  async failing(pool, random) {
    await pool.submitted({ name: pool.newName(), deed: 'fail', maxAttempts: 1 + Math.floor(random() * 3) });
    await pause(50);
  },
  async failingOnce(pool) {
    await pool.submitted({ name: pool.newName(), deed: 'fail', maxAttempts: 1 });
    await pause(50);
  },
  async expiring(pool) {
    await pool.submitted({ name: pool.newName(), model: 'nobody-has-it', more: { queue_timeout_seconds: 0.05 } });
    await pause(50);
  },
  async drained(pool, random) {
    const node = anyNode(pool, random);
    await pool.submitted({
      name: pool.newName(),
      deed: `wait ${String(WAIT_MS)}`,
      more: node.nodeId === null ? {} : { node_id: node.nodeId },
    });
    await pause(50);
    await drain(pool, node);
    await pause(200);
    await resume(pool, node);
  },
  /** The node is stopped in the middle of it, so that only the scheduler's own clock can end the attempt. */
  async stalled(pool, random) {
    const node = anyNode(pool, random);
    await pool.submitted({ name: pool.newName(), deed: `wait ${String(WAIT_MS)}`, maxAttempts: 2, more: { timeout_seconds: 0.2 } });
    await pause(20);
    node.agent.signal('SIGSTOP');
    await pause(350);
    node.agent.signal('SIGCONT');
  },
  /** A node gets a job, and comes back without it. */
  async forgotten(pool) {
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
      await pool.ask('DELETE', `/api/v1/nodes/${node.nodeId}`).catch(() => undefined);
    }
  },
  async newcomer(pool) {
    const node = await TestNode.registered(`http://127.0.0.1:${String(pool.port)}`, { installed_models: [] });
    node.close();
    await pool.ask('DELETE', `/api/v1/nodes/${node.nodeId}`);
  },
} satisfies Record<string, Deed>;

const MIX: readonly Deed[] = [DEEDS.plain, DEEDS.followed, DEEDS.keyed, DEEDS.cancelled, DEEDS.failing, DEEDS.plain];

const NEEDED: Partial<Record<Act, Deed>> = {
  'commit:key': DEEDS.keyed,
  'receive:job_chunk': DEEDS.followed,
  'answer:event:chunk': DEEDS.followed,
  'answer:event:job': DEEDS.followed,
  'receive:job_result:failure': DEEDS.failing,
  'commit:failed': DEEDS.failingOnce,
  'commit:requeued:failed': DEEDS.failing,
  'commit:requeued:node_lost': DEEDS.forgotten,
  'commit:requeued:drain_timeout': DEEDS.drained,
  'commit:requeued:attempt_timeout': DEEDS.stalled,
  'receive:DELETE /api/v1/jobs/*': DEEDS.cancelled,
  'commit:cancelled': DEEDS.cancelled,
  'send:job_cancel': DEEDS.cancelled,
  'answer:DELETE /api/v1/jobs/*': DEEDS.cancelled,
  'commit:expired': DEEDS.expiring,
  'commit:node': DEEDS.newcomer,
  'answer:POST /api/v1/nodes/*/drain': DEEDS.drained,
};

const SUBMITTERS = 3;

const turns = new WeakMap<FaultNode, Promise<unknown>>();

/** A node has one operator at a time: of two at once nobody outside can tell whose word came last. */
function inTurn(node: FaultNode, act: () => Promise<void>): Promise<void> {
  const turn = (turns.get(node) ?? Promise.resolve()).then(act, act);
  turns.set(node, turn);
  return turn;
}

const drain = (pool: FaultPool, node: FaultNode): Promise<void> =>
  inTurn(node, async () => {
    const drained = await pool.ask('POST', `/api/v1/nodes/${String(node.nodeId)}/drain`, { timeout_seconds: 0.05 });
    if (drained.status === 200) pool.note({ type: 'drained', atMs: performance.now(), node: node.name });
  });

const resume = (pool: FaultPool, node: FaultNode): Promise<void> =>
  inTurn(node, async () => {
    pool.note({ type: 'resumed', atMs: performance.now(), node: node.name });
    await pool.ask('POST', `/api/v1/nodes/${String(node.nodeId)}/resume`);
  });

/** A node that a scheduler before this one was asked to drain is resumed as soon as it is back. */
export async function backInUse(pool: FaultPool, node: FaultNode): Promise<void> {
  await until(`${node.name} is in use`, async () => {
    const view = await pool.nodeView(node);
    if (view?.online === true && view.drain !== null) await resume(pool, node);
    return view?.online === true && view.drain === null;
  });
}

export class Traffic {
  /** What the pool is to be brought to now. */
  wanted: Act | null = null;
  readonly #pool: FaultPool;
  readonly #random: () => number;
  readonly #over: Promise<unknown>;
  #isOver = false;
  #expired: WaitExpired | null = null;

  /** Goes on across the deaths of schedulers: whoever finds none tries again, as submitters do. */
  constructor(pool: FaultPool, random: () => number) {
    this.#pool = pool;
    this.#random = random;
    const mixed = (): Deed => MIX[Math.floor(random() * MIX.length)] ?? DEEDS.plain;
    const needed = (): Deed => (this.wanted === null ? undefined : NEEDED[this.wanted]) ?? pause.bind(null, 50);
    this.#over = Promise.all([...Array.from({ length: SUBMITTERS }, () => this.#again(mixed)), this.#again(needed)]);
  }

  /** Fails with the first wait that expired: a submitter whose scheduler dies gets an error, never silence. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#over;
    if (this.#expired !== null) throw this.#expired;
  }

  async #again(next: () => Deed): Promise<void> {
    while (!this.#isOver)
      await next()(this.#pool, this.#random).catch((error: unknown) => {
        if (error instanceof WaitExpired) this.#expired ??= error;
        return pause(10);
      });
  }
}

/** Reads a job's events to their end, puts down what they tell of its end, and counts how often they do. */
async function follow(pool: FaultPool, jobId: string): Promise<void> {
  let terminalEvents = 0;
  const take = (line: string): void => {
    const job = endIn(line);
    if (job === null) return;
    terminalEvents++;
    pool.note({ type: 'seen', job });
  };
  const ended = new Promise<boolean>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: pool.door.port, path: `/api/v1/jobs/${jobId}/events`, agent: false }, (response) => {
      // A scheduler that dies cuts it off: `close` tells. The lines pass the error of their input on.
      const lines = createInterface({ input: response }).on('line', take);
      lines.on('error', () => undefined);
      response.on('error', () => undefined);
      response.on('close', () => {
        resolve(response.complete);
      });
    });
    asked.on('error', reject);
    asked.end();
  });
  const isWhole = await within(`the end of the events of ${jobId}`, ended, FOLLOW_LIMIT_MS);
  if (isWhole) pool.note({ type: 'followed', jobId, terminalEvents });
}
