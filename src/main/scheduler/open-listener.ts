// Makes the HTTP server listen: plain on loopback, else with TLS on the same port and a certificate that is renewed while it runs.
import { type AddressInfo, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { isLoopbackHost, localHostOf } from '../../shared/loopback';
import { fail, ok, type Result } from '../../shared/result';
import type { AbuseLog } from '../platform/abuse-log';
import type { Clock } from '../platform/clock';
import type { ServerConfig } from '../platform/config/config';
import type { LogFields, Logger, LogLevel } from '../platform/logger';
import type { ServerCertificate } from '../trust/server-certificate';
import { listenFailure, type ListenFailure } from './api/listen-failure';
import { OnePort } from './api/one-port';

export interface ListenerOptions {
  readonly server: FastifyInstance;
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
  readonly close: () => Promise<void>;
}

export async function openListener(options: ListenerOptions): Promise<Result<Listener, ListenFailure>> {
  const { host, port } = options.config;
  if (!isLoopbackHost(host)) return openWithTls(options);
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
    close: () => server.close(),
  });
}

async function openWithTls({ server, config, dataDir, clock, logger, abuse }: ListenerOptions): Promise<Result<Listener, ListenFailure>> {
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
    return ok({ port: address.port, certificate, releaseLog, close });
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

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

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
