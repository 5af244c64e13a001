// Makes the HTTP server listen: plain on loopback, else with TLS on the same port and a certificate that is renewed while it runs. Ollama's
// port is a second port of the same server, with the same rules.
import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { bracketed } from '../../shared/host-and-port';
import { isLoopbackHost, localHostOf } from '../../shared/loopback';
import { fail, ok, type Result } from '../../shared/result';
import type { AbuseLog } from '../platform/abuse-log';
import type { Clock } from '../platform/clock';
import type { ServerConfig } from '../platform/config/config';
import type { LogFields, Logger, LogLevel } from '../platform/logger';
import type { ServerCertificate } from '../trust/server-certificate';
import { listenFailure, type ListenFailure } from './api/listen-failure';
import type { ListeningServer } from './api/listening-server';
import { closed, OnePort, SOCKETS } from './api/one-port';

export interface ListenerOptions {
  readonly server: ListeningServer;
  readonly config: ServerConfig;
  /** Where the CA of the pool is kept. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abuse: AbuseLog;
}

export interface Listener {
  readonly port: number;
  /** Null on loopback, where connections are plain. */
  readonly certificate: ServerCertificate | null;
  /** Called after the line of the listening server, which is the first line of the log. */
  readonly releaseLog: () => void;
  /** Opens a further port of the same server, which is closed with it. Rejects with the error of the system. */
  readonly listenOn: (port: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const openListener = (options: ListenerOptions): Promise<Result<Listener, ListenFailure>> =>
  isLoopbackHost(options.config.host) ? openOnLoopback(options) : openWithTls(options);

/** Another program, often Ollama itself, may have the port. The server works without it. */
export async function openOllamaPort({ listenOn }: Listener, { host, ollamaPort: port }: ServerConfig, logger: Logger): Promise<void> {
  if (port === 0) return;
  try {
    await listenOn(port);
    logger.log('info', 'ollama_port_opened', { host, port });
  } catch (error) {
    const { code } = listenFailure(host, port, error);
    logger.log('warn', 'ollama_port_not_opened', { host, port, code });
  }
}

async function openOnLoopback(options: ListenerOptions): Promise<Result<Listener, ListenFailure>> {
  const { host, port } = options.config;
  const { server } = options;
  try {
    await server.listen({ host, port });
  } catch (error) {
    return fail(listenFailure(host, port, error));
  }
  return ok({
    port: (server.server.address() as AddressInfo).port,
    certificate: null,
    releaseLog: () => undefined,
    // Programs expect Ollama at the IPv4 address.
    ...furtherPorts(server, host === 'localhost' ? '127.0.0.1' : host),
  });
}

function furtherPorts(server: ListeningServer, host: string): Pick<Listener, 'listenOn' | 'close'> {
  const further: TcpServer[] = [];
  return {
    async listenOn(port) {
      const tcp = createTcpServer(SOCKETS, (socket) => server.server.emit('connection', socket)).listen(port, host);
      await once(tcp, 'listening');
      further.push(tcp);
    },
    async close() {
      const areClosed = Promise.all(further.map(closed));
      await server.close();
      await areClosed;
    },
  };
}

async function openWithTls(options: ListenerOptions): Promise<Result<Listener, ListenFailure>> {
  const { server, config, dataDir, clock, logger, abuse } = options;
  const { host, port, allowedHosts, tlsFiles } = config;
  // Loaded on demand: a scheduler on loopback makes no certificate.
  const { openServerCertificate } = await import('../trust/server-certificate');
  const names = () => ({ hostname: hostname(), allowedHosts: [host, ...allowedHosts], interfaces: networkInterfaces() });
  const held = new HeldLog(logger);
  const opened = await openServerCertificate({ folder: dataDir, ownFiles: tlsFiles, names, clock, logger: held });
  if (!opened.ok) return fail({ code: 'CERTIFICATE_UNUSABLE', details: { ...opened.error } });
  const certificate = opened.value;
  await server.ready();
  const onePort = new OnePort(server.server, certificate.current, {
    maxUnreadyPerAddress: config.maxConnectionsPerAddress,
    onLimit: (from) => {
      abuse.limitReached('connections_per_address', from);
    },
  });
  try {
    const address = await onePort.listen(port, host);
    const stopWatching = certificate.watch((next) => {
      onePort.rotate(next);
    });
    const close = async (): Promise<void> => {
      stopWatching();
      await onePort.close();
      await server.close();
    };
    const releaseLog = (): void => {
      held.release();
    };
    const listenOn = async (further: number): Promise<void> => {
      await onePort.listen(further, host);
    };
    return ok({ port: address.port, certificate, releaseLog, close, listenOn });
  } catch (error) {
    await onePort.close();
    return fail(listenFailure(host, port, error));
  }
}

/** A server on all addresses is reached over loopback, where connections are plain. */
export function urlOf(host: string, port: number, publicName: string | null): string {
  const local = localHostOf(host);
  if (isLoopbackHost(local)) return `http://${bracketed(local)}:${String(port)}`;
  return `https://${bracketed(publicName ?? local)}:${String(port)}`;
}

/** Keeps lines until `release`. */
class HeldLog implements Logger {
  readonly #logger: Logger;
  #lines: (readonly [LogLevel, string, LogFields | undefined])[] | null = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(level: LogLevel, event: string, fields?: LogFields): void {
    if (this.#lines === null) this.#logger.log(level, event, fields);
    else this.#lines.push([level, event, fields]);
  }

  isEnabled(level: LogLevel): boolean {
    return this.#logger.isEnabled(level);
  }

  release(): void {
    const lines = this.#lines ?? [];
    this.#lines = null;
    for (const [level, event, fields] of lines) this.#logger.log(level, event, fields);
  }
}
