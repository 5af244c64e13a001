// Runs a daemon: starts it, waits for a stop request, stops it within a timeout. A second signal ends the process at once.
import { constants } from 'node:os';
import type { Result } from '../../shared/result';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { CliIo } from './command';
import { EXIT } from './exit-code';
import { notifyService } from './service-manager';
import type { CliFailure } from './settings';

export interface Daemon {
  /** For the service manager of the system: what the daemon does, in a few words. */
  readonly status: string;
  /** Calls back with each change of the status. */
  readonly followStatus?: (tell: (status: string) => void) => void;
  /** Resolves when nothing is left to do. Absent: the daemon runs until a stop is requested. */
  readonly done?: Promise<void>;
  /** Stops in order, within about `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

/** Why a daemon did not start. A supervisor reads the code in the log. */
export interface StartFailure extends CliFailure {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';
const STOP_SIGNALS: readonly StopSignal[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const STOP_TIMEOUT_MS = 10_000;
/** When this time has passed after the timeout, the process ends although the daemon has not stopped. */
const STOP_GRACE_MS = 2000;

/** Runs a daemon until it stops. Resolves to the exit code. A stop request aborts a start that waits, which then fails. */
export async function runDaemon(
  io: CliIo,
  logger: Logger,
  start: (stop: AbortSignal) => Promise<Result<Daemon, StartFailure>>,
): Promise<number> {
  endOnUnexpectedErrors(logger);
  const requested = stopRequest(io);
  const stop = new AbortController();
  void requested.then(() => {
    stop.abort();
  });
  const started = await Promise.race([start(stop.signal), requested.then(() => later(STOP_TIMEOUT_MS, null))]);
  if (started === null) {
    logger.log('warn', 'stop_deadline_passed');
    return EXIT.timeout;
  }
  if (!started.ok && stop.signal.aborted) {
    logger.log('info', 'stopped');
    return EXIT.ok;
  }
  if (!started.ok) {
    const { code, details, message, exitCode } = started.error;
    logger.log('error', 'start_failed', { code, ...details, message });
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  const daemon = started.value;
  const service = notifyService(io.serviceManager, daemon.status, { clock: systemClock, logger });
  daemon.followStatus?.((status) => {
    service.tell(status);
  });
  const cause = await (daemon.done === undefined ? requested : Promise.race([requested, daemon.done.then(() => 'done')]));
  logger.log('info', 'stop_requested', { cause, deadline_seconds: STOP_TIMEOUT_MS / 1000 });
  const stopped = Promise.all([daemon.stop(STOP_TIMEOUT_MS), service.stopping()]).then(() => true);
  const inOrder = await Promise.race([stopped, later(STOP_TIMEOUT_MS + STOP_GRACE_MS, false)]);
  if (inOrder) logger.log('info', 'stopped');
  else logger.log('warn', 'stop_deadline_passed');
  return inOrder ? EXIT.ok : EXIT.timeout;
}

/** Resolves at the first stop signal or request of the supervisor, with the name of the cause. */
function stopRequest(io: CliIo): Promise<string> {
  return new Promise((resolve) => {
    let isRequested = false;
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => {
        if (isRequested) process.exit(128 + constants.signals[signal]);
        isRequested = true;
        resolve(signal);
      });
    }
    if (io.env['MUSTER_SUPERVISED'] !== '1') return;
    onSupervisorStop((cause) => {
      isRequested = true;
      resolve(cause);
    });
  });
}

/** In an Electron utility process there is a port to the parent process, and no stdin. */
interface UtilityProcess {
  readonly parentPort?: { on(event: 'message', listener: (message: { readonly data: unknown }) => void): void };
}

/** Stdin ends when the supervisor closes the pipe or itself ends. A utility process has no stdin: the supervisor sends it `stop`. */
function onSupervisorStop(stop: (cause: string) => void): void {
  const { parentPort } = process as UtilityProcess;
  if (parentPort !== undefined) {
    parentPort.on('message', ({ data }) => {
      if (data === 'stop') stop('supervisor_requested');
    });
    return;
  }
  const ended = () => {
    stop('stdin_ended');
  };
  process.stdin.on('end', ended).on('error', ended).resume();
}

/** After an unhandled error the state is unknown: the process logs the error and ends. */
function endOnUnexpectedErrors(logger: Logger): void {
  const end = (error: unknown) => {
    logger.log('error', 'unexpected_error', { error });
    process.exit(EXIT.failure);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

function later<Value>(delayMs: number, value: Value): Promise<Value> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(value);
    }, delayMs).unref();
  });
}
