// The traffic of an honest node and an honest client beside an attack: a heartbeat and a health check about every 25 ms, each timed.
import { once } from 'node:events';
import { expect } from 'vitest';
import { sendRequest } from './http-api';
import { heartbeat, registration, TestNode } from './test-node';

const PAUSE_MS = 25;

interface Target {
  readonly url: string;
  readonly port: number;
}

export interface Measured {
  readonly healthP50Ms: number;
  readonly healthP99Ms: number;
  readonly beatP50Ms: number;
  readonly beatP99Ms: number;
  readonly count: number;
}

const quantile = (values: readonly number[], q: number): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? 0;

export class HonestTraffic {
  readonly #scheduler: Target;
  readonly #node: TestNode;
  readonly #health: number[] = [];
  readonly #beats: number[] = [];
  readonly #readyAt: number;
  #isDone = false;
  #work: Promise<unknown> = Promise.resolve();

  private constructor(scheduler: Target, node: TestNode) {
    this.#scheduler = scheduler;
    this.#node = node;
    this.#readyAt = node.received.length;
  }

  /** With a node that is ready. */
  static async start(scheduler: Target, headers: Readonly<Record<string, string>> = {}): Promise<HonestTraffic> {
    const node = await TestNode.connect(scheduler.url, headers);
    node.send(registration({ node_id: 'honest' }));
    await node.next('node_register_ack');
    for (let i = 0; i < 3; i++) node.send(heartbeat('honest'));
    await node.until('node_status', ({ status }) => status === 'ready');
    const traffic = new HonestTraffic(scheduler, node);
    traffic.#work = Promise.all([
      traffic.#repeat(traffic.#health, () => traffic.#check()),
      traffic.#repeat(traffic.#beats, () => traffic.beat()),
    ]);
    return traffic;
  }

  async stop(): Promise<Measured> {
    this.#isDone = true;
    await this.#work;
    return this.#measured();
  }

  /** Only what happens from now on for this time. */
  async during(ms: number): Promise<Measured> {
    this.#health.length = 0;
    this.#beats.length = 0;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return this.#measured();
  }

  #measured(): Measured {
    return {
      healthP50Ms: quantile(this.#health, 0.5),
      healthP99Ms: quantile(this.#health, 0.99),
      beatP50Ms: quantile(this.#beats, 0.5),
      beatP99Ms: quantile(this.#beats, 0.99),
      count: this.#beats.length,
    };
  }

  /** No heartbeat failed, and the node was never anything but ready. */
  expectUnharmed({ count }: Measured): void {
    expect(count).toBeGreaterThan(1);
    expect(this.#node.received.filter(({ type }) => type === 'node_error')).toEqual([]);
    expect(this.#node.status?.status).toBe('ready');
    const after = this.#node.received.slice(this.#readyAt).flatMap((message) => (message.type === 'node_status' ? [message.status] : []));
    expect(after.filter((status) => status !== 'ready')).toEqual([]);
  }

  close(): void {
    this.#node.close();
  }

  async #repeat(times: number[], work: () => Promise<unknown>): Promise<void> {
    // Twice also in the shortest test, which compares what it has measured.
    while (!this.#isDone || times.length < 2) {
      const startedAtMonotonicMs = performance.now();
      await work();
      times.push(performance.now() - startedAtMonotonicMs);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #check(): Promise<void> {
    expect((await sendRequest(this.#scheduler.port, { path: '/healthz' })).status).toBe(200);
  }

  /** Resolves when the scheduler has handled the heartbeat. */
  async beat(): Promise<void> {
    this.#node.send(heartbeat('honest'));
    const handled = once(this.#node.socket, 'pong');
    this.#node.socket.ping();
    await handled;
  }
}
