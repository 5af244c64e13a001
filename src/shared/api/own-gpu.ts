// Whether this computer has a GPU that a pool accepts. Pure.
import type { HardwareView } from './agent-view';

/** Null: the hardware is not known yet. */
export function ownGpuOf(hardware: Pick<HardwareView, 'gpus'> | null | undefined): 'usable' | 'none' | null {
  if (hardware == null) return null;
  return hardware.gpus.some(({ accepted }) => accepted) ? 'usable' : 'none';
}
