// The environment that a service manager such as systemd gives to a service of Type=notify (sd_notify(3), sd_watchdog_enabled(3)). Pure.

export interface ServiceEnvironment {
  /** Address of the socket of the service manager. */
  readonly socket: string;
  /** The service manager kills a service that sends no `WATCHDOG=1` for this time. Null: no watchdog. */
  readonly watchdogMs: number | null;
}

export const SERVICE_VARIABLES = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'] as const;

type Env = Readonly<Record<string, string | undefined>>;

/** A timer of Node.js has no longer delay. */
const MAX_WATCHDOG_MS = 2 ** 31 - 1;

/** Null: no service manager started this process. An invalid watchdog is ignored. */
export function serviceEnvironment(env: Env, pid: number): ServiceEnvironment | null {
  const socket = env['NOTIFY_SOCKET'] ?? '';
  // An absolute path, or a name without a file, which starts with @.
  if (!/^[/@]/.test(socket)) return null;
  return { socket, watchdogMs: watchdogOf(env, pid) };
}

function watchdogOf(env: Env, pid: number): number | null {
  const text = env['WATCHDOG_USEC'] ?? '';
  const forPid = env['WATCHDOG_PID'] ?? String(pid);
  if (forPid !== String(pid) || !/^\d{1,15}$/.test(text)) return null;
  const watchdogMs = Math.floor(Number(text) / 1000);
  return watchdogMs > 0 && watchdogMs <= MAX_WATCHDOG_MS ? watchdogMs : null;
}
