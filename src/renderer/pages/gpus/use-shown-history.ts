// The history of the GPUs that the charts show: it ends with the reading of the time at which it was received. A later reading alone draws no
// chart again.
import { useMemo } from 'react';
import type { GpuHistory, HistoryRange } from '../../../shared/api/gpu';
import { useGpuHistory } from '../../queries/gpus';
import type { Answer } from '../../queries/use-answer';
import { useScreen } from '../../store/Screen';
import { withReading } from './chart-series';

export function useShownHistory(range: HistoryRange): Answer<GpuHistory> {
  const { store } = useScreen();
  const answer = useGpuHistory(range);
  const { value } = answer;
  const shown = useMemo(() => {
    const hardware = store.getState().app?.agent?.hardware ?? null;
    return value === null || hardware === null ? value : withReading(value, hardware);
  }, [value, store]);
  return { ...answer, value: shown };
}
