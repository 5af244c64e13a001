// The text for a failed start of the services. `refuse-start` shows it. Pure.
import { assertNever } from '../../../shared/assert-never';
import type { DesktopServicesError } from '../desktop-services';

export interface StartRefusal {
  /** `configuration`: a setting is invalid. */
  readonly kind: 'configuration' | 'other';
  readonly text: string;
}

export function startRefusal(error: DesktopServicesError): StartRefusal {
  switch (error.code) {
    case 'STATE_IN_USE': {
      const text = `Another agent (process ${String(error.pid)}) uses this state folder: ${error.lockFile}. Stop that agent, or use another folder with --data-dir.`;
      return { kind: 'other', text };
    }
    case 'STATE_UNUSABLE':
      return { kind: 'other', text: `The state folder cannot be used: ${error.path}: ${error.reason}` };
    case 'SIMULATE_GPU_INVALID':
      return {
        kind: 'configuration',
        text: `Invalid GPUs to simulate: "${error.item}" (${error.problem}). Expected "NAME:GB", such as "RTX 4090:24".`,
      };
    default:
      return assertNever(error);
  }
}
