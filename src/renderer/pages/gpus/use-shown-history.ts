// The history of the GPUs that the charts show: it ends with the present reading.
import { useMemo } from 'react';
import type { HardwareView } from '../../../shared/api/agent-view';
import type { GpuHistory, HistoryRange } from '../../../shared/api/gpu';
import { useGpuHistory } from '../../queries/gpus';
import type { Answer } from '../../queries/use-answer';
import { withReading } from './chart-series';

export function useShownHistory(range: HistoryRange, hardware: HardwareView): Answer<GpuHistory> {
  const answer = useGpuHistory(range);
  const { value } = answer;
  const shown = useMemo(() => (value === null ? null : withReading(value, hardware)), [value, hardware]);
  return { ...answer, value: shown };
}
