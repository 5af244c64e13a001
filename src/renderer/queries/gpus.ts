// The history of the GPUs of this computer, and the programs on them, while a page shows them.
import type { GpuHistory, GpuProcesses, HistoryRange } from '../../shared/api/gpu';
import { type Answer, useAnswer } from './use-answer';

/** About as often as a range has a new point. The agent reads the GPUs every 2.5 s. */
const REFRESH_EVERY_MS: Readonly<Record<HistoryRange, number>> = { '5m': 2500, '1h': 15_000, '24h': 60_000 };
/** The agent lists the programs every 5 s while they are shown. */
const PROGRAMS_EVERY_MS = 5000;

export const useGpuHistory = (range: HistoryRange): Answer<GpuHistory> =>
  useAnswer('gpu.history', { range }, { everyMs: () => REFRESH_EVERY_MS[range], keepsLast: true });

/** The names of programs may be private, so the answer is dropped with the page. */
export const useGpuProcesses = (isEnabled: boolean): Answer<GpuProcesses> =>
  useAnswer('gpu.processes', {}, { isEnabled, everyMs: () => PROGRAMS_EVERY_MS, isPrivate: true });
