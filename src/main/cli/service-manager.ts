// Tells the service manager of the system (systemd) the state of a daemon: ready, alive, stopping. Node.js has no datagram sockets of Unix,
// so `systemd-notify` sends the messages (ADR 0040). Without a service manager nothing is sent.
import { spawn } from 'node:child_process';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { SERVICE_VARIABLES, serviceEnvironment } from './core/service-environment';

export interface ServiceManager {
  /** The service manager kills a service that sends no `WATCHDOG=1` for this time. Null: no watchdog. */
  readonly watchdogMs: number | null;
  /** Sends assignments such as `READY=1`. Resolves to null, or to the reason why they did not arrive. */
  send(assignments: readonly string[]): Promise<string | null>;
}

/**
 * Null: no service manager started this process. Removes the variables from the environment, so that a child process, such as a program
 * that runs a model, does not get the address of the socket. That is no barrier: the units have `NotifyAccess=all`, so a program of the
 * same user that finds the socket can send messages for this service.
 */
export function takeServiceManager(env: Record<string, string | undefined>): ServiceManager | null {
  const service = serviceEnvironment(env, process.pid);
  for (const name of SERVICE_VARIABLES) Reflect.deleteProperty(env, name);
  if (service === null) return null;
  const { socket, watchdogMs } = service;
  return { watchdogMs, send: (assignments) => systemdNotify(assignments, { ...env, NOTIFY_SOCKET: socket }) };
}

const SEND_TIMEOUT_MS = 5000;

/** Without `--no-block`: a sender that has already ended cannot be assigned to its service, and its message is lost. */
const systemdNotify = (assignments: readonly string[], env: NodeJS.ProcessEnv): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn('systemd-notify', [...assignments], { env, stdio: 'ignore', timeout: SEND_TIMEOUT_MS, killSignal: 'SIGKILL' });
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      resolve(code === 0 ? null : `systemd-notify exited with ${signal ?? String(code)}`);
    });
  });

const STOPPING = 'Stopping';

export interface NotifiedService {
  /** What the daemon does now, shown by `systemctl status`. */
  tell(status: string): void;
  /** Announces the stop. */
  stopping(): Promise<void>;
}

/**
 * Reports that a daemon is ready, and then twice in each watchdog period that its event loop turns. `status`: shown by `systemctl status`.
 * A message that does not arrive is logged once: the daemon works without the service manager.
 */
export function notifyService(
  manager: ServiceManager | null,
  status: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): NotifiedService {
  if (manager === null) return { tell: () => undefined, stopping: () => Promise.resolve() };
  let hasFailed = false;
  // One after the other: each message has its own sender, and a later one could be faster.
  let sending = Promise.resolve();
  const send = (...assignments: readonly string[]): Promise<void> => {
    sending = sending.then(async () => {
      const reason = await manager.send(assignments);
      if (reason !== null && !hasFailed) logger.log('warn', 'service_manager_unreachable', { reason });
      hasFailed = reason !== null;
    });
    return sending;
  };
  let timer: Timer | null = null;
  const beat = (watchdogMs: number): void => {
    timer = clock.setTimer(watchdogMs / 2, () => {
      // The next message is due half a period after this one, also when its sender is slow.
      beat(watchdogMs);
      void send('WATCHDOG=1');
    });
  };
  void send('READY=1', `STATUS=${status}`);
  if (manager.watchdogMs !== null) beat(manager.watchdogMs);
  let sent = status;
  return {
    tell: (now) => {
      if (now === sent || sent === STOPPING) return;
      sent = now;
      void send(`STATUS=${now}`);
    },
    stopping: async () => {
      sent = STOPPING;
      await send('STOPPING=1', `STATUS=${STOPPING}`);
      timer?.cancel();
    },
  };
}
