// TLS and plain HTTP on one port, or on each of several ports. A TCP server reads the first byte of a connection: 0x16 starts a TLS handshake, anything else is
// HTTP. Both end in the same HTTP server, which never listens itself. The access check decides what a plain connection may request.
// Connections that arrive at once start one after the other, so that open connections are served in between.
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { sourceOf } from '../../platform/source-address';
import type { KeyAndCertificate } from '../../trust/certificates';
import { Newcomers } from '../access/newcomers';

/** The first byte of a TLS record with a handshake. */
const TLS_HANDSHAKE = 0x16;
const FIRST_BYTE_TIMEOUT_MS = 10_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Connections without a first byte or with an unfinished handshake. They cost memory and have no other limit. */
const MAX_UNREADY = 2000;
const MAX_UNREADY_PER_ADDRESS = 1024;
/** A client can send the rest of many handshakes at once. This bounds the work of one turn of the event loop. */
const MAX_HANDSHAKES_PER_ADDRESS = 64;
/** A handshake costs as much as some accepted connections. */
const HANDSHAKE_TURNS = 8;
/** As for the connections of an HTTP server. */
export const SOCKETS = { noDelay: true, keepAlive: true } as const;
/** Repeated at each rotation: without a version the server falls back to TLS 1.2. */
const TLS = { minVersion: 'TLSv1.3' } as const;

export interface OnePortOptions {
  readonly firstByteTimeoutMs?: number;
  readonly handshakeTimeoutMs?: number;
  readonly maxUnready?: number;
  readonly maxUnreadyPerAddress?: number;
  /** An address has reached its maximum. */
  readonly onLimit?: (from: string) => void;
}

/** A connection without a first byte, waiting for its turn, or with an unfinished handshake. */
interface Unready {
  readonly socket: Socket;
  readonly from: string;
  /** Resolves `finished`. */
  readonly finish: () => void;
  readonly finished: Promise<void>;
}

export class OnePort {
  readonly #http: HttpServer;
  readonly #tls: TlsServer;
  /** One for each port. */
  readonly #tcp: TcpServer[] = [];
  readonly #options: Required<OnePortOptions>;
  readonly #unready = new Map<string, Unready>();
  readonly #unreadyByAddress = new Map<string, number>();
  readonly #handshakes = new Newcomers({ maxStartedPerOwner: MAX_HANDSHAKES_PER_ADDRESS });
  /** Separate, so that they do not wait for the handshakes of their address. */
  readonly #plain = new Newcomers();

  constructor(http: HttpServer, { cert, key }: KeyAndCertificate, options: OnePortOptions = {}) {
    this.#options = {
      firstByteTimeoutMs: FIRST_BYTE_TIMEOUT_MS,
      handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      maxUnready: MAX_UNREADY,
      maxUnreadyPerAddress: MAX_UNREADY_PER_ADDRESS,
      onLimit: () => undefined,
      ...options,
    };
    const { handshakeTimeoutMs: handshakeTimeout } = this.#options;
    this.#http = http;
    this.#tls = createTlsServer({ ...TLS, cert, key, handshakeTimeout, ALPNProtocols: ['http/1.1'] });
    this.#tls.on('secureConnection', (socket) => {
      this.#leave(endpointsOf(socket));
      http.emit('connection', socket);
    });
    this.#tls.on('tlsClientError', (_error, socket) => {
      socket.destroy();
    });
    // Starts the timer behind headersTimeout and requestTimeout. Node starts it when a server listens, and this one never does.
    http.emit('listening');
  }

  /** May be called again, for a further port. Rejects with the error of the system, such as EADDRINUSE. */
  listen(port: number, host: string): Promise<AddressInfo> {
    const tcp = createTcpServer(SOCKETS, (socket) => {
      this.#accept(socket);
    });
    return new Promise((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(port, host, () => {
        tcp.off('error', reject);
        this.#tcp.push(tcp);
        resolve(tcp.address() as AddressInfo);
      });
    });
  }

  /** New connections get this certificate. Open connections go on. */
  rotate({ cert, key }: KeyAndCertificate): void {
    this.#tls.setSecureContext({ ...TLS, cert, key });
  }

  /** Connections that another owner upgraded are not closed. */
  async close(): Promise<void> {
    const areClosed = Promise.all(this.#tcp.map(closed));
    for (const { socket } of this.#unready.values()) socket.destroy();
    // Stops the timer of the timeouts.
    this.#http.close();
    this.#http.closeAllConnections();
    await areClosed;
  }

  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    const from = sourceOf(socket.remoteAddress);
    const ofAddress = this.#unreadyByAddress.get(from) ?? 0;
    const isAddressFull = ofAddress >= this.#options.maxUnreadyPerAddress;
    if (isAddressFull) this.#options.onLimit(from);
    if (isAddressFull || (this.#unready.size >= this.#options.maxUnready && !this.#closeForNewcomer(ofAddress))) {
      socket.destroy();
      return;
    }
    const endpoints = endpointsOf(socket);
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    this.#unready.set(endpoints, { socket, from, finish, finished });
    this.#unreadyByAddress.set(from, ofAddress + 1);
    socket.once('close', () => {
      this.#leave(endpoints);
    });
    // Until it starts: the time in which it waits for its turn counts too.
    socket.setTimeout(this.#options.firstByteTimeoutMs, () => socket.destroy());
    socket.once('readable', () => {
      this.#dispatch(socket, endpoints);
    });
  }

  /** Closes the oldest connection of the address with the most, unless the newcomer's address has as many. */
  #closeForNewcomer(ofNewcomer: number): boolean {
    const [largest, most] = [...this.#unreadyByAddress].reduce((one, other) => (other[1] > one[1] ? other : one), ['', 0]);
    if (most <= ofNewcomer) return false;
    this.#options.onLimit(largest);
    for (const [endpoints, { socket, from }] of this.#unready) {
      if (from !== largest) continue;
      this.#leave(endpoints);
      socket.destroy();
      return true;
    }
    return false;
  }

  /** The connection is ready, or it is closed. */
  #leave(endpoints: string): void {
    const unready = this.#unready.get(endpoints);
    if (unready === undefined) return;
    this.#unready.delete(endpoints);
    const left = (this.#unreadyByAddress.get(unready.from) ?? 1) - 1;
    if (left === 0) this.#unreadyByAddress.delete(unready.from);
    else this.#unreadyByAddress.set(unready.from, left);
    unready.finish();
  }

  #dispatch(socket: Socket, endpoints: string): void {
    const first = socket.read(1) as Buffer | null;
    const unready = this.#unready.get(endpoints);
    if (first === null || unready === undefined) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    const isTls = first[0] === TLS_HANDSHAKE;
    const start = (): Promise<void> | null => {
      if (socket.destroyed) return null;
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      if (!isTls) this.#leave(endpoints);
      (isTls ? this.#tls : this.#http).emit('connection', socket);
      return isTls ? unready.finished : null;
    };
    (isTls ? this.#handshakes : this.#plain).add({ owner: unready.from, turns: isTls ? HANDSHAKE_TURNS : 1, start });
  }
}

/** Resolves when the server and its connections are closed. */
export const closed = (tcp: TcpServer): Promise<void> =>
  new Promise((resolve) => {
    tcp.close(() => {
      resolve();
    });
  });

/** Identifies a connection, also from the TLS socket above it. */
const endpointsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  [remoteAddress, remotePort, localAddress, localPort].join(' ');
