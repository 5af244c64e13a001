// A scheduler that the test controls, with a real WebSocket on a free port. It sends nothing by itself, and checks every frame of the
// node with the schemas of the protocol.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { decodeNodeMessage } from '../../src/shared/protocol/decode';
import { NODE_SOCKET_PATH } from '../../src/shared/protocol/limits';
import type { NodeMessage } from '../../src/shared/protocol/node-messages';
import type { Health, NodeRegisterAck, NodeStatusMessage } from '../../src/shared/protocol/scheduler-messages';
import { answerProof } from './proving-server';
import { until } from './until';
import { within } from './within';

export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ScriptedScheduler {
  readonly connections: ScriptedConnection[] = [];
  readonly upgrades: IncomingMessage[] = [];
  /** Set: the next upgrades get this status. */
  refusal: Refusal | null = null;
  /** The secrets that this scheduler proves to know. */
  secrets: readonly string[] = [];
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  private constructor() {
    this.#http = createServer((request, response) => {
      if (!answerProof(this.secrets, request, response)) response.writeHead(404).end();
    });
    this.#http.on('upgrade', (request, socket, head) => {
      this.upgrades.push(request);
      if (this.refusal !== null || request.url !== NODE_SOCKET_PATH) {
        const { status, headers } = this.refusal ?? { status: 404 };
        const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.end(`HTTP/1.1 ${String(status)} No\r\nContent-Length: 0\r\nConnection: close\r\n${lines.join('')}\r\n`);
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (ws) => {
        this.connections.push(new ScriptedConnection(ws));
      });
    });
  }

  static async open(port = 0): Promise<ScriptedScheduler> {
    const scheduler = new ScriptedScheduler();
    await new Promise<void>((resolve) => scheduler.#http.listen(port, '127.0.0.1', resolve));
    return scheduler;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${String(this.port)}`;
  }

  /** Resolves to the n-th connection since the start, from 0. */
  connection(n: number): Promise<ScriptedConnection> {
    return until(`connection ${String(n)}`, () => this.connections[n]);
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.ws.terminate();
    const closed = new Promise((resolve) => this.#http.close(resolve));
    await within('the scripted scheduler to close', closed);
  }
}

export class ScriptedConnection {
  readonly ws: WebSocket;
  readonly received: NodeMessage[] = [];
  /** Violations of the protocol; must stay empty. */
  readonly faults: string[] = [];
  closeCode: number | null = null;
  #taken = 0;

  constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data: Buffer) => {
      const decoded = decodeNodeMessage(data.toString('utf8'));
      if (decoded.ok) this.received.push(decoded.value);
      else this.faults.push(`${decoded.error.field}: ${decoded.error.reason}`);
    });
    ws.on('close', (code) => {
      this.closeCode = code;
    });
  }

  /** The next message not yet taken, which must be of this type. */
  async next<Type extends NodeMessage['type']>(type: Type): Promise<Extract<NodeMessage, { type: Type }>> {
    const message = await until(`a ${type}`, () => this.received[this.#taken]);
    this.#taken++;
    if (message.type !== type) throw new Error(`expected a ${type}, got ${JSON.stringify(message)}`);
    return message as Extract<NodeMessage, { type: Type }>;
  }

  send(message: unknown): void {
    this.ws.send(JSON.stringify(message));
  }

  /** Acknowledges the next registration, and takes the heartbeat that follows. */
  async accept(ack: Partial<NodeRegisterAck> = {}) {
    const registration = await this.next('node_register');
    this.send(ackOf(ack));
    await this.next('node_heartbeat');
    return registration;
  }

  refuse(code: string, details: object | null = null): void {
    this.send({ type: 'node_error', node_id: null, code, message: `${code} / refused`, details });
  }
}

export function ackOf(fields: Partial<NodeRegisterAck> = {}): NodeRegisterAck {
  return {
    type: 'node_register_ack',
    node_id: 'node-1',
    node_token: 'secret-1',
    message: 'registered',
    status: 'registering',
    heartbeat_interval_seconds: 15,
    heartbeat_timeout_seconds: 45,
    scheduler_version: '1.0.0',
    timestamp: 1,
    ...fields,
  };
}

const HEALTH: Health = {
  ok: true,
  failed_checks: [],
  consecutive_successes: 3,
  required_successes: 3,
  window: [true, true, true],
  failures_in_window: 0,
  failure_threshold: 3,
  warmup_deadline: null,
};

export function statusOf(fields: Partial<NodeStatusMessage> = {}): NodeStatusMessage {
  return {
    type: 'node_status',
    node_id: 'node-1',
    status: 'ready',
    reason: 'ok',
    reason_code: 'health_check_passed',
    timestamp: 1,
    previous_status: 'registering',
    since: 1,
    online: true,
    in_flight_jobs: 0,
    max_concurrent_jobs: 4,
    health: HEALTH,
    ...fields,
  };
}
