// The words for why the services could not be opened. Pure: who says them is `refuse-start`.
import { assertNever } from '../../../shared/assert-never';
import type { DesktopServicesError } from '../desktop-services';

export interface StartRefusal {
  /** `configuration`: the owner wrote something that cannot be taken. */
  readonly kind: 'configuration' | 'other';
  readonly text: string;
}

export function startRefusal(error: DesktopServicesError): StartRefusal {
  switch (error.code) {
    case 'STATE_IN_USE': {
      const who = `another agent (process ${String(error.pid)}) runs on this state folder: ${error.lockFile}`;
      return { kind: 'other', text: `${who}. Stop it, or give this app a folder of its own with --data-dir` };
    }
    case 'STATE_UNUSABLE':
      return { kind: 'other', text: `the state folder cannot be used: ${error.path}: ${error.reason}` };
    case 'SIMULATE_GPU_INVALID':
      return {
        kind: 'configuration',
        text: `the GPUs to simulate: "${error.item}": expected "NAME:GB", such as "RTX 4090:24" (${error.problem})`,
      };
    default:
      return assertNever(error);
  }
}
