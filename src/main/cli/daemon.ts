// How a daemon lives: started, until somebody asks it to end, then given a deadline to do so in order. A second signal ends it
// at once. What it does while it runs is not known here.
import { constants } from 'node:os';
import type { Result } from '../../shared/result';
import type { Logger } from '../platform/logger';
import type { CliIo } from './command';
import { EXIT } from './exit-code';
import type { CliFailure } from './settings';

export interface Daemon {
  /** Ends in order, within about `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>;
}

/** Why a daemon did not start, with the code that a supervisor reads in the log. */
export interface StartFailure extends CliFailure {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';
const STOP_SIGNALS: readonly StopSignal[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const STOP_DEADLINE_MS = 10_000;
/** What may be left after the deadline is a hang: the process ends anyway. */
const STOP_GRACE_MS = 2000;

/** Runs a daemon to its end; resolves to the exit code. */
export async function runDaemon(io: CliIo, logger: Logger, start: () => Promise<Result<Daemon, StartFailure>>): Promise<number> {
  endOnUnexpectedErrors(logger);
  const asked = stopRequest(io);
  const started = await start();
  if (!started.ok) {
    const { code, details, message, exitCode } = started.error;
    logger.log('error', 'start_failed', { code, ...details, message });
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  const cause = await asked;
  logger.log('info', 'stop_requested', { cause, deadline_seconds: STOP_DEADLINE_MS / 1000 });
  const inOrder = await Promise.race([
    started.value.stop(STOP_DEADLINE_MS).then(() => true),
    later(STOP_DEADLINE_MS + STOP_GRACE_MS, false),
  ]);
  if (inOrder) logger.log('info', 'stopped');
  else logger.log('warn', 'stop_deadline_passed');
  return inOrder ? EXIT.ok : EXIT.timeout;
}

/** Resolves at the first signal, or when the supervisor asks; says which. */
function stopRequest(io: CliIo): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(128 + constants.signals[signal]);
        asked = true;
        resolve(signal);
      });
    }
    if (io.env['MUSTER_SUPERVISED'] !== '1') return;
    onSupervisorStop((cause) => {
      asked = true;
      resolve(cause);
    });
  });
}

/** Electron's utility process, where this program runs as one: it has a port to its parent and no stdin. */
interface UtilityProcess {
  readonly parentPort?: { on(event: 'message', listener: (message: { readonly data: unknown }) => void): void };
}

/** A supervisor holds the other end of stdin, so that its own death is heard too; one without stdin sends `stop`. */
function onSupervisorStop(stop: (cause: string) => void): void {
  const { parentPort } = process as UtilityProcess;
  if (parentPort !== undefined) {
    parentPort.on('message', ({ data }) => {
      if (data === 'stop') stop('supervisor_asked');
    });
    return;
  }
  const ended = () => {
    stop('stdin_ended');
  };
  process.stdin.on('end', ended).on('error', ended).resume();
}

/** A bug that nobody handled: its state is unknown, so the process ends and says why. */
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
