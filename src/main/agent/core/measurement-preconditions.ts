// What else this machine does, as far as it bears on measuring its models; and what a measured figure counts for. Pure.
import type { GpuLoad, HardwareReport } from '../../hardware/parse/types';
import { valueOf } from '../../hardware/parse/reading';
import type { Surroundings } from '../../runtimes/core/measuring/next-measurement';
import type { SessionState } from '../session/session-state';

/** Above it somebody else uses the GPU: a game, a render, a program of the owner's. */
const BUSY_GPU_PERCENT = 25;

/** `gpus` are the present figures; a GPU that tells none is nobody's hindrance. */
export function surroundingsOf(
  { finishWish, nodeStatus }: Pick<SessionState, 'finishWish' | 'nodeStatus'>,
  runningJobs: number,
  gpus: readonly GpuLoad[],
): Surroundings {
  const status = nodeStatus?.message;
  const drained = status?.reason_code === 'drain_complete' || status?.reason_code === 'drain_timeout';
  return {
    jobsRunning: runningJobs > 0,
    draining: finishWish !== null || status?.status === 'draining' || drained,
    gpuUnusable: !gpus.some(({ available }) => available),
    gpuBusy: gpus.some(({ available, live }) => available && (valueOf(live.utilizationPercent) ?? 0) > BUSY_GPU_PERCENT),
  };
}

/** The GPUs offered with their drivers: with another card or driver a model has another speed. */
export function measuredHardware(report: HardwareReport | null): string {
  const offered = report?.adapters.filter(({ verdict }) => verdict.accepted) ?? [];
  return offered
    .map(({ name, driverVersion }) => `${name} ${driverVersion ?? 'unknown'}`)
    .sort()
    .join(', ');
}
