// A node as the scheduler sees it: a raw WebSocket client that sends the frames of a test, and keeps the received messages.
import { WebSocket } from 'ws';
import type { NodeHeartbeat, NodeMessageInput } from '../../src/shared/protocol/node-messages';
import type { NodeRegisterAck, NodeStatusMessage, SchedulerMessage } from '../../src/shared/protocol/scheduler-messages';
import { decodeSchedulerMessage } from '../../src/shared/protocol/decode';
import { WaitExpired, within } from './within';

export type RegisterInput = Extract<NodeMessageInput, { type: 'node_register' }>;
type Sought<Type extends SchedulerMessage['type']> = Extract<SchedulerMessage, { type: Type | 'error' }>;

const WAIT_LIMIT_MS = 10_000;

export const registration = (change: Partial<RegisterInput> = {}): RegisterInput => ({
  type: 'node_register',
  version: '1.2.3',
  platform: 'linux',
  hardware: { cpu_cores: 8, memory_gb: 32, gpus: [{ name: 'RTX 4090', memory_gb: 24, index: 0 }] },
  installed_models: [{ model_id: 'llm-a', kind: 'llm', version: '1' }],
  features_supported: {},
  accept_public_jobs: true,
  ...change,
});

export const heartbeat = (nodeId: string, change: Partial<NodeHeartbeat> = {}): NodeHeartbeat => ({
  type: 'node_heartbeat',
  node_id: nodeId,
  timestamp: 1,
  resource_usage: { cpu_percent: 10, mem_percent: 10, gpu_percent: 0, running_jobs: 0 },
  ...change,
});

export class TestNode {
  readonly received: SchedulerMessage[] = [];
  readonly #socket: WebSocket;
  readonly #closed: Promise<number>;
  #taken = 0;
  #barriers = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const message = decodeSchedulerMessage((data as Buffer).toString());
      if (!message.ok) throw new Error(`the scheduler broke the protocol: ${message.error.field} ${message.error.reason}`);
      this.received.push(message.value);
      this.#wake();
    });
    socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) =>
      socket.once('close', (code) => {
        resolve(code);
      }),
    );
    void this.#closed.then(() => {
      this.#wake();
    });
  }

  /** Rejects with the HTTP status when the upgrade is refused. */
  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<TestNode> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/node`, { headers, perMessageDeflate: false });
    const node = new TestNode(socket);
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        reject(new UpgradeRefused(response.statusCode ?? 0, response.headers['retry-after'] ?? null));
        response.resume();
      });
      socket.once('error', reject);
    });
    await within('the WebSocket to open', opened, WAIT_LIMIT_MS);
    return node;
  }

  /** Connects and registers. The first status is not taken yet. */
  static async registered(
    url: string,
    change: Partial<RegisterInput> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TestNode & { readonly ack: NodeRegisterAck }> {
    const node = await TestNode.connect(url, headers);
    node.send(registration(change));
    const ack = await node.next('node_register_ack');
    return Object.assign(node, { ack });
  }

  /** The close code of the socket. Rejects when the socket is still open after a limit. */
  get closed(): Promise<number> {
    return within('the WebSocket to close', this.#closed, WAIT_LIMIT_MS);
  }

  get socket(): WebSocket {
    return this.#socket;
  }

  send(message: NodeMessageInput): void {
    this.#socket.send(JSON.stringify(message));
  }

  sendRaw(data: string | Buffer, binary = false): void {
    this.#socket.send(data, { binary });
  }

  /** The next message not yet taken, which must be of this type. */
  async next<Type extends SchedulerMessage['type']>(type: Type): Promise<Sought<Type>> {
    const message = await this.#take(type);
    if (message.type !== type) throw new Error(`wanted ${type}, got ${JSON.stringify(message)}`);
    return message as Sought<Type>;
  }

  /** Takes messages until one passes. */
  async until<Type extends SchedulerMessage['type']>(
    type: Type,
    passes: (message: Sought<Type>) => boolean = () => true,
  ): Promise<Sought<Type>> {
    for (;;) {
      const message = await this.#take(type);
      if (message.type === type && passes(message as Sought<Type>)) return message as Sought<Type>;
    }
  }

  /** When this resolves, the scheduler has handled everything sent before. Its messages are kept, and taken. */
  async settled(): Promise<void> {
    const jobId = `barrier-${String(++this.#barriers)}`;
    this.send({
      type: 'job_result',
      job_id: jobId,
      attempt: 1,
      node_id: this.nodeId,
      success: true,
      output: null,
      processing_time_ms: 0,
      trace_id: '',
    });
    await this.until('job_result_ack', (ack) => ack.job_id === jobId);
  }

  /** The last status received. */
  get status(): NodeStatusMessage | undefined {
    return this.received.findLast((message) => message.type === 'node_status');
  }

  /** The id of the last ack. */
  get nodeId(): string {
    const ack = this.received.findLast((message) => message.type === 'node_register_ack');
    if (ack === undefined) throw new Error('not registered');
    return ack.node_id;
  }

  close(): void {
    this.#socket.close();
  }

  async #take(wanted: string): Promise<SchedulerMessage> {
    const deadline = performance.now() + WAIT_LIMIT_MS;
    for (;;) {
      const message = this.received[this.#taken];
      if (message !== undefined) {
        this.#taken++;
        return message;
      }
      if (this.#socket.readyState === WebSocket.CLOSED) throw new Error(`the socket closed before: ${wanted}`);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new WaitExpired(wanted, WAIT_LIMIT_MS);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

export class UpgradeRefused extends Error {
  constructor(
    readonly status: number,
    readonly retryAfter: string | null,
  ) {
    super(`upgrade refused: ${String(status)}`);
  }
}
