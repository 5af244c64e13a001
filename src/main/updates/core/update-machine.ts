// What the update does next: from a phase and an event to the next phase. The service performs the work of a phase.
import { MAX_REASON_LENGTH, type UpdateFault, type UpdatePhase, type UpdateStep } from '../../../shared/api/update';
import { assertNever } from '../../../shared/assert-never';

export type UpdateEvent =
  | { readonly type: 'check' | 'download' | 'install' }
  /** Null: there is no newer version. */
  | { readonly type: 'checked'; readonly found: { readonly version: string; readonly sizeBytes: number } | null }
  | { readonly type: 'received'; readonly bytes: number }
  | { readonly type: 'downloaded' | 'cancelled' }
  | { readonly type: 'failed'; readonly step: UpdateStep; readonly fault: UpdateFault; readonly reason: string };

/** Null: the event does not fit the phase, and nothing changes. */
export function nextPhase(phase: UpdatePhase, event: UpdateEvent): UpdatePhase | null {
  const { state } = phase;
  switch (event.type) {
    case 'check':
      // A downloaded update waits for its installation. A newer one is found after it.
      return state === 'idle' || state === 'available' || state === 'failed' ? { state: 'checking' } : null;
    case 'checked':
      if (state !== 'checking') return null;
      return event.found === null
        ? { state: 'idle' }
        : { state: 'available', version: event.found.version, size_bytes: event.found.sizeBytes };
    case 'download':
      return state === 'available' ? { ...phase, state: 'downloading', received_bytes: 0 } : null;
    case 'received':
      return state === 'downloading' ? { ...phase, received_bytes: Math.min(event.bytes, phase.size_bytes) } : null;
    case 'downloaded':
      return state === 'downloading' ? { state: 'ready', version: phase.version } : null;
    case 'cancelled':
      return state === 'downloading' ? { state: 'available', version: phase.version, size_bytes: phase.size_bytes } : null;
    case 'install':
      return state === 'ready' ? { state: 'installing', version: phase.version } : null;
    case 'failed':
      return WORKING[state] === event.step ? failedPhase(phase, event) : null;
    default:
      return assertNever(event);
  }
}

/** The step that runs in a phase. */
const WORKING: Readonly<Partial<Record<UpdatePhase['state'], UpdateStep>>> = {
  checking: 'check',
  downloading: 'download',
  installing: 'install',
};

const failedPhase = (phase: UpdatePhase, { step, fault, reason }: Extract<UpdateEvent, { type: 'failed' }>): UpdatePhase => ({
  state: 'failed',
  step,
  fault,
  version: 'version' in phase ? phase.version : null,
  reason: reason.slice(0, MAX_REASON_LENGTH),
});
