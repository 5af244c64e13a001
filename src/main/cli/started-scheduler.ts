// What a start of a scheduler results in: the running scheduler, or why it did not start.
import { assertNever } from '../../shared/assert-never';
import { programOnPort } from '../hardware/probe/server-finder';
import type { OpenScheduler, SchedulerFailure } from '../scheduler/open-scheduler';
import type { StartFailure } from './daemon';
import type { StartedDashboard } from './dashboard-link';
import { EXIT } from './exit-code';
import type { OwnerKey } from './owner-key';

export interface StartedScheduler {
  /** Address of the dashboard for a browser on this computer. */
  readonly url: string;
  /** Where the scheduler listens on an address of the network only; null: `url` is plain. */
  readonly pin: string | null;
  /** For the agent of the same process. */
  readonly ownerKey: string;
  /** Calls the listener with each new owner key. */
  readonly followOwnerKey: OwnerKey['follow'];
  readonly configure: OpenScheduler['configure'];
  /** Links that sign a browser in, once. */
  readonly dashboard: StartedDashboard;
  /** Announces the stop. Call it before the agent of the same process stops. */
  stopSoon(): void;
  stop(): Promise<void>;
}

/** The message names the port or the file. `procRoot`: of Linux, where the program that has the port can be found. */
export function startFailure({ code, details: found }: SchedulerFailure, procRoot = '/proc'): StartFailure {
  const program = code === 'PORT_IN_USE' ? programOnPort(procRoot, Number(found['port'])) : null;
  const details = program === null ? found : { ...found, program };
  return { exitCode: EXIT.failure, code, details, message: failureText({ code, details }) };
}

function failureText({ code, details }: SchedulerFailure): string {
  const address = `${String(details['host'])}:${String(details['port'])}`;
  const reason = details['reason'] === undefined ? '' : ` (${String(details['reason'])})`;
  switch (code) {
    case 'PORT_IN_USE':
      return `${details['program'] === undefined ? 'another program' : `the program "${String(details['program'])}"`} listens on ${address}; choose another port with --port or server.port`;
    case 'PORT_NOT_PERMITTED':
      return `this user may not listen on ${address}; choose a port above 1023 with --port or server.port`;
    case 'ADDRESS_NOT_AVAILABLE':
      return `this computer does not have the address ${String(details['host'])}`;
    case 'CERTIFICATE_UNUSABLE':
      return `the file ${String(details['file'])} cannot be used for TLS${reason}; the file was not changed`;
    case 'LISTEN_FAILED':
      return `cannot listen on ${address}${reason}`;
    case 'DATABASE_UNREADABLE':
      return `the database ${String(details['file'])} cannot be read${reason}; the file was not changed`;
    case 'DATABASE_TOO_NEW':
      return `the database ${String(details['file'])} was written by a newer version of Muster; the file was not changed`;
    case 'DATABASE_LOCKED':
      return `the database ${String(details['file'])} is in use, probably by another scheduler`;
    default:
      return assertNever(code);
  }
}
