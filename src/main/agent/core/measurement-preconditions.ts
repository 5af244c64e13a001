// Derives the preconditions of a benchmark from the session, the jobs and the GPUs. Describes the hardware that a result is valid for.
import type { GpuLoad, HardwareReport } from '../../hardware/parse/types';
import { readingValue } from '../../hardware/parse/reading';
import type { Preconditions } from '../../runtimes/core/measuring/next-measurement';
import type { SessionState } from '../session/session-state';

/**
 * Above this utilization another program uses the GPU: a game, a renderer (docs/runtimes.md). Not `resource_threshold`, which is a setting
 * of the scheduler for new jobs and unknown to the node. The equal default is a coincidence.
 */
const BUSY_GPU_PERCENT = 25;

/** `gpus`: the latest load. A GPU that reports no utilization does not count as busy. */
export function preconditionsOf(
  { pause, nodeStatus }: Pick<SessionState, 'pause' | 'nodeStatus'>,
  runningJobs: number,
  gpus: readonly GpuLoad[],
): Preconditions {
  const status = nodeStatus?.message;
  const drained = status?.reason_code === 'drain_complete' || status?.reason_code === 'drain_timeout';
  return {
    jobsRunning: runningJobs > 0,
    draining: pause !== null || status?.status === 'draining' || drained,
    gpuUnusable: !gpus.some(({ available }) => available),
    gpuBusy: gpus.some(({ available, live }) => available && (readingValue(live.utilizationPercent) ?? 0) > BUSY_GPU_PERCENT),
  };
}

/** The offered GPUs with their drivers. With another card or driver a model has another speed. */
export function measuredHardware(report: HardwareReport | null): string {
  const offered = report?.adapters.filter(({ verdict }) => verdict.accepted) ?? [];
  return offered
    .map(({ name, driverVersion }) => `${name} ${driverVersion ?? 'unknown'}`)
    .sort()
    .join(', ');
}
