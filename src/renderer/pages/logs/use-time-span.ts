// The span of time that the list is limited to: it is in the route, so that a link and the Back button have it.
import { useMemo } from 'react';
import type { LogLine } from '../../../shared/api/logs';
import { goTo, useRoute } from '../../store/use-route';
import { isWithin, type TimeSpan } from './log-buckets';
import { timeFilterOf, timeSpanOf, withFilter } from './log-filters';

export interface SpanOfList {
  /** Null: all times. */
  readonly span: TimeSpan | null;
  readonly setSpan: (span: TimeSpan | null) => void;
  /** The lines of the span. */
  readonly shown: readonly LogLine[];
}

const ALL_TIMES: TimeSpan = { fromWallMs: -Infinity, toWallMs: Infinity };

export function useTimeSpan(lines: readonly LogLine[]): SpanOfList {
  const route = useRoute();
  const span = timeSpanOf(route.filters);
  const { fromWallMs, toWallMs } = span ?? ALL_TIMES;
  const shown = useMemo(
    () => (toWallMs === Infinity ? lines : lines.filter(({ at }) => isWithin(at, { fromWallMs, toWallMs }))),
    [lines, fromWallMs, toWallMs],
  );
  const setSpan = (next: TimeSpan | null): void => {
    const filters = withFilter(route.filters, 'time', next === null ? null : timeFilterOf(next));
    goTo({ ...route, page: 'logs', filters }, { replace: true });
  };
  return { span, setSpan, shown };
}
