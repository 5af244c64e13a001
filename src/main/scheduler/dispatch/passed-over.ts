// How often each node was passed over in the last hour, and why (lifecycle §3: the mirror view).
import type { Exclusion, PassedOver } from '../../../shared/api/dispatch';

export declare class PassedOverLog {
  /** `nowMs` monotonic. */
  note(nodeId: string, exclusion: Exclusion, nowMs: number): void;
  view(nodeId: string, nowMs: number): PassedOver;
  delete(nodeId: string): void;
}
