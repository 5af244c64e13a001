// The GPUs that a working driver would make usable.
import type { GpuView } from '../../shared/api/agent-view';

/** The fix makes the GPU usable. Other adapters stay unused. */
export const isRepairable = ({ refusal_code: code }: GpuView): boolean => code === 'driver_not_working';
