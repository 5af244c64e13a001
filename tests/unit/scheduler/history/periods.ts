// A period of a pool with one idle node.
import type { Period } from '../../../../src/main/scheduler/history/core/periods';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../../src/shared/protocol/status';

const NO_NODES = Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, 0])) as Record<AvailabilityState, number>;

export const aPeriod = (change: Partial<Period>): Period => ({
  atWallMs: 0,
  countedMs: 15_000,
  nodes: { ...NO_NODES, available: 1 },
  gpus: 1,
  offeredGpus: 1,
  vramGb: 24,
  poolVramGb: 0,
  ownersVramGb: 1,
  poolGpuPercent: 0,
  ownersGpuPercent: 2,
  slots: 4,
  usedSlots: 0,
  runningJobs: 0,
  waitingJobs: 0,
  oldestWaitMs: null,
  endedJobs: 0,
  outputTokens: 0,
  firstTokens: {},
  ...change,
});
