// A chart of the pool over time: the periods of the history as times.
import type { PoolHistory } from '../../../shared/api/pool-history';
import type { ChartData, ChartSeries } from './chart-data';

const MS_PER_SECOND = 1000;

export function poolChart(history: PoolHistory, series: readonly ChartSeries[]): ChartData {
  const stepMs = history.step_seconds * MS_PER_SECOND;
  return {
    fromWallMs: history.from,
    toWallMs: history.until,
    // A value belongs to the middle of its period, and the last period may not have ended.
    timesWallMs: history.at.map((atWallMs) => Math.min(atWallMs + stepMs / 2, history.until)),
    series,
    stepMs,
  };
}
