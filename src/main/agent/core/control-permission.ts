// Whether the owner lets the present scheduler control which models are in memory (ADR 0025).
import { isLoopbackHost } from '../../../shared/loopback';

/**
 * `setting`: `agent.allow_model_control`; null: unset, which permits a scheduler on this computer. `hostname`: of the address of the
 * scheduler; null: there is no scheduler.
 */
export const allowsModelControl = (setting: boolean | null, hostname: string | null): boolean =>
  hostname !== null && (setting ?? isLoopbackHost(hostname));
