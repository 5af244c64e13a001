// TLS and plain HTTP on one port. A TCP server reads the first byte of a connection: 0x16 starts a TLS handshake, anything else is
// HTTP. Both end in the same HTTP server, which never listens itself. The access check decides what a plain connection may request.
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { KeyAndCertificate } from '../../trust/certificates';

/** The first byte of a TLS record with a handshake. */
const TLS_HANDSHAKE = 0x16;
const FIRST_BYTE_TIMEOUT_MS = 10_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Connections without a first byte or with an unfinished handshake. They cost memory and have no other limit. */
const MAX_UNREADY = 2000;
/** Repeated at each rotation: without a version the server falls back to TLS 1.2. */
const TLS = { minVersion: 'TLSv1.3' } as const;

export interface OnePortOptions {
  readonly firstByteTimeoutMs?: number;
  readonly handshakeTimeoutMs?: number;
  readonly maxUnready?: number;
}

export class OnePort {
  readonly #http: HttpServer;
  readonly #tls: TlsServer;
  readonly #tcp: TcpServer;
  readonly #options: Required<OnePortOptions>;
  readonly #unready = new Map<string, Socket>();

  constructor(http: HttpServer, { cert, key }: KeyAndCertificate, options: OnePortOptions = {}) {
    this.#options = {
      firstByteTimeoutMs: FIRST_BYTE_TIMEOUT_MS,
      handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      maxUnready: MAX_UNREADY,
      ...options,
    };
    const { handshakeTimeoutMs: handshakeTimeout } = this.#options;
    this.#http = http;
    this.#tls = createTlsServer({ ...TLS, cert, key, handshakeTimeout, ALPNProtocols: ['http/1.1'] });
    this.#tls.on('secureConnection', (socket) => {
      this.#unready.delete(endpointsOf(socket));
      http.emit('connection', socket);
    });
    this.#tls.on('tlsClientError', (_error, socket) => {
      socket.destroy();
    });
    this.#tcp = createTcpServer({ noDelay: true, keepAlive: true }, (socket) => {
      this.#accept(socket);
    });
    // Starts the timer behind headersTimeout and requestTimeout. Node starts it when a server listens, and this one never does.
    http.emit('listening');
  }

  /** Rejects with the error of the system, such as EADDRINUSE. */
  listen(port: number, host: string): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#tcp.once('error', reject);
      this.#tcp.listen(port, host, () => {
        this.#tcp.off('error', reject);
        resolve(this.#tcp.address() as AddressInfo);
      });
    });
  }

  /** New connections get this certificate. Open connections go on. */
  rotate({ cert, key }: KeyAndCertificate): void {
    this.#tls.setSecureContext({ ...TLS, cert, key });
  }

  /** Connections that another owner upgraded are not closed. */
  async close(): Promise<void> {
    const isClosed = new Promise<void>((resolve) => {
      this.#tcp.close(() => {
        resolve();
      });
    });
    for (const socket of this.#unready.values()) socket.destroy();
    // Stops the timer of the timeouts.
    this.#http.close();
    this.#http.closeAllConnections();
    await isClosed;
  }

  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#unready.size >= this.#options.maxUnready) {
      socket.destroy();
      return;
    }
    const endpoints = endpointsOf(socket);
    this.#unready.set(endpoints, socket);
    socket.once('close', () => this.#unready.delete(endpoints));
    socket.setTimeout(this.#options.firstByteTimeoutMs, () => socket.destroy());
    socket.once('readable', () => {
      this.#dispatch(socket, endpoints);
    });
  }

  #dispatch(socket: Socket, endpoints: string): void {
    const first = socket.read(1) as Buffer | null;
    if (first === null) {
      socket.destroy();
      return;
    }
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    socket.unshift(first);
    if (first[0] === TLS_HANDSHAKE) {
      this.#tls.emit('connection', socket);
      return;
    }
    this.#unready.delete(endpoints);
    this.#http.emit('connection', socket);
  }
}

/** Identifies a connection, also from the TLS socket above it. */
const endpointsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  [remoteAddress, remotePort, localAddress, localPort].join(' ');
