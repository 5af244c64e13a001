// A TCP proxy that breaks connections on demand, in Toxiproxy's terms: it holds bytes back as a partition does, cuts, resets,
// leaves one side half-open, delays and slices. A tap sees the bytes.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { within } from '../within';

/** `up`: from the client to the server. */
export type Direction = 'up' | 'down';
export type Tap = (direction: Direction, bytes: Buffer) => void;

export interface Toxics {
  /** Bytes wait, as behind a partition. None are lost. */
  readonly isHeld: boolean;
  /** The delay of each piece. */
  readonly latencyMs: number;
  /** The largest piece. */
  readonly sliceBytes: number;
}

export interface ProxyOptions {
  /** Called for each connection. */
  readonly openTap: () => Tap;
  /** True: a connection waits until a server listens. False: it is refused. */
  readonly isPatient: boolean;
}

interface Upstream {
  readonly port: () => number | null;
  readonly isPatient: boolean;
}

const CLEAN: Toxics = { isHeld: false, latencyMs: 0, sliceBytes: Infinity };
const HOST = '127.0.0.1';
const RETRY_MS = 20;

export class TcpProxy {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #toxics: Record<Direction, Toxics> = { up: CLEAN, down: CLEAN };
  #upstreamPort: number | null = null;

  private constructor(server: Server, { openTap, isPatient }: ProxyOptions) {
    this.#server = server;
    server.on('connection', (client) => {
      const connection = new Connection(client, openTap(), { port: () => this.#upstreamPort, isPatient }, this.#toxics);
      this.#connections.add(connection);
      client.once('close', () => this.#connections.delete(connection));
    });
  }

  static async open(options: Partial<ProxyOptions> = {}): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, HOST);
    await once(server, 'listening');
    return new TcpProxy(server, { openTap: () => () => undefined, isPatient: false, ...options });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** The port of the server; null: none. */
  leadTo(port: number | null): void {
    this.#upstreamPort = port;
  }

  /** For present and future connections. */
  set(toxics: Partial<Toxics>, directions: readonly Direction[] = ['up', 'down']): void {
    for (const direction of directions) this.#toxics[direction] = { ...this.#toxics[direction], ...toxics };
    for (const connection of this.#connections) connection.wake();
  }

  /** Removes all toxics. Bytes that were held pass, in order. */
  heal(): void {
    this.set(CLEAN);
  }

  /** Both sides get a FIN. */
  cut(): void {
    for (const connection of this.#connections) connection.end();
  }

  /** Both sides get an RST, in the middle of their bytes. */
  reset(): void {
    for (const connection of this.#connections) connection.reset(['up', 'down']);
  }

  /** Only this side gets the end of the connection. The other side gets no more data. */
  endFor(side: 'client' | 'server'): void {
    for (const connection of this.#connections) connection.reset([side === 'client' ? 'down' : 'up']);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.#connections) connection.reset(['up', 'down']);
    await within('the proxy to close', closed);
  }
}

class Connection {
  readonly #client: Socket;
  readonly #toxics: Readonly<Record<Direction, Toxics>>;
  readonly #lanes: Record<Direction, Lane>;
  #server: Socket | null = null;
  #isOver = false;
  #hasClientLeft = false;

  constructor(client: Socket, tap: Tap, upstream: Upstream, toxics: Readonly<Record<Direction, Toxics>>) {
    this.#client = client;
    this.#toxics = toxics;
    this.#lanes = {
      up: new Lane(
        () => toxics.up,
        (bytes) => this.#atHome(bytes, upstream.port()),
      ),
      down: new Lane(() => toxics.down),
    };
    // From the start: `end` must reach a client whose upstream is not connected yet.
    this.#lanes.down.leadTo(client);
    client.on('error', () => undefined);
    client.on('data', (bytes) => {
      const sent = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      tap('up', sent);
      this.#lanes.up.take(sent);
    });
    client.on('end', () => {
      this.#lanes.up.finish();
    });
    client.on('close', () => {
      if (this.#isOver) return;
      this.#hasClientLeft = true;
      this.end();
    });
    void this.#connect(upstream, tap);
  }

  wake(): void {
    this.#lanes.up.wake();
    this.#lanes.down.wake();
  }

  end(): void {
    this.#isOver = true;
    this.#lanes.up.finish();
    this.#lanes.down.finish();
  }

  /** `up` resets the side of the server. */
  reset(directions: readonly Direction[]): void {
    this.#isOver = true;
    if (directions.includes('down')) this.#client.resetAndDestroy();
    if (directions.includes('up')) this.#server?.resetAndDestroy();
    // Later bytes of the other side are dropped.
    this.#lanes.up.stop();
    this.#lanes.down.stop();
  }

  async #connect(upstream: Upstream, tap: Tap): Promise<void> {
    let server: Socket | null = null;
    while (server === null && !this.#isOver) {
      const port = upstream.port();
      // While the client's bytes are held, its connections are not opened, either.
      const { isHeld } = this.#toxics.up;
      if (port !== null && !isHeld) server = await opened(port);
      if (server === null && !isHeld && !upstream.isPatient) this.reset(['down']);
      else if (server === null) await pause(RETRY_MS);
    }
    if (server === null) return;
    if (this.#isOver) {
      server.destroy();
      return;
    }
    this.#server = server;
    server.on('data', (bytes: Buffer) => {
      // A server that was stopped may write to a client that has left.
      if (!this.#hasClientLeft) tap('down', bytes);
      this.#lanes.down.take(bytes);
    });
    server.on('end', () => {
      this.#lanes.down.finish();
    });
    server.on('close', (hadError) => {
      if (this.#isOver) return;
      // A program that is killed with unread bytes ends its connections with an RST. The client gets its bytes first.
      if (hadError) this.#lanes.down.finish();
      else this.end();
    });
    this.#lanes.up.leadTo(server);
  }

  /** The server requires its own port in the Host header, which is in the first bytes of a connection. */
  #isFirst = true;
  #atHome(bytes: Buffer, port: number | null): Buffer {
    if (!this.#isFirst) return bytes;
    this.#isFirst = false;
    return Buffer.from(bytes.toString('latin1').replace(/^(host: [^\r\n:]+):\d+/im, `$1:${String(port)}`), 'latin1');
  }
}

/** One direction of a connection: bytes in order, under the present toxics. */
class Lane {
  readonly #toxics: () => Toxics;
  /** Applied when bytes leave, because the upstream of a proxy that waits for a server may connect after the bytes arrived. */
  readonly #rewrite: (bytes: Buffer) => Buffer;
  #target: Socket | null = null;
  #waiting: Buffer[] = [];
  #isFinishing = false;
  #isFlowing = false;
  #wake: () => void = () => undefined;

  constructor(toxics: () => Toxics, rewrite: (bytes: Buffer) => Buffer = (bytes) => bytes) {
    this.#toxics = toxics;
    this.#rewrite = rewrite;
  }

  leadTo(target: Socket): void {
    this.#target = target;
    void this.#flow();
  }

  take(bytes: Buffer): void {
    this.#waiting.push(bytes);
    void this.#flow();
  }

  /** Ends the target after the waiting bytes. */
  finish(): void {
    this.#isFinishing = true;
    void this.#flow();
  }

  stop(): void {
    this.#waiting = [];
    this.#target = null;
    this.#isFinishing = false;
  }

  wake(): void {
    this.#wake();
  }

  async #flow(): Promise<void> {
    if (this.#isFlowing || this.#target === null) return;
    this.#isFlowing = true;
    for (let bytes = this.#waiting.shift(); bytes !== undefined; bytes = this.#waiting.shift()) await this.#pass(this.#rewrite(bytes));
    this.#isFlowing = false;
    if (!this.#isFinishing) return;
    await this.#passable();
    this.#target?.end();
  }

  async #pass(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      await this.#passable();
      const { sliceBytes, latencyMs } = this.#toxics();
      const piece = bytes.subarray(at, Math.min(bytes.length, at + sliceBytes));
      at += piece.length;
      if (latencyMs > 0) await pause(latencyMs);
      if (this.#target?.writable === true) this.#target.write(piece);
    }
  }

  async #passable(): Promise<void> {
    while (this.#toxics().isHeld)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Null: no process listens on the port. */
async function opened(port: number): Promise<Socket | null> {
  const socket = connect({ port, host: HOST, allowHalfOpen: true, noDelay: true });
  socket.on('error', () => undefined);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => {
      resolve(true);
    });
    socket.once('close', () => {
      resolve(false);
    });
  });
  return isOpen ? socket : null;
}
