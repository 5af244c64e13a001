// The history of the pool as charts: three charts with the same times, and the events on the last one.
import type { PoolHistory, PoolMark } from '../../../../shared/api/pool-history';
import { assertNever } from '../../../../shared/assert-never';
import type { ChartData, ChartEvent, ChartSeries } from '../../../components/charts/chart-data';
import { poolChart } from '../../../components/charts/pool-chart';
import type { Labels } from '../../../i18n/use-labels';

export interface HistoryCharts {
  readonly load: ChartData;
  readonly output: ChartData;
  readonly waiting: ChartData;
  readonly events: readonly ChartEvent[];
}

export function historyCharts(labels: Labels, history: PoolHistory): HistoryCharts {
  const { t } = labels;
  const chart = (series: readonly ChartSeries[]): ChartData => poolChart(history, series);
  return {
    load: chart([
      { label: t('legend.owner.pool'), kind: 'owner', values: history.gpu_owners_percent },
      { label: t('legend.pool'), kind: 'pool', values: history.gpu_pool_percent },
    ]),
    output: chart([{ label: t('pool_overview.chart.output'), kind: 'pool', values: history.output_tokens_per_second }]),
    waiting: chart([{ label: t('pool_overview.chart.waiting'), kind: 'steps', values: history.waiting_jobs }]),
    events: history.marks.map((mark) => ({ atWallMs: mark.at, label: markLabel(labels, mark) })),
  };
}

function markLabel({ t, format }: Labels, mark: PoolMark): string {
  switch (mark.kind) {
    case 'scheduler_started':
      return t(`pool_overview.mark.started_${mark.cause}`);
    case 'jobs_lost':
      return t(`pool_overview.mark.jobs_${mark.cause}`, { name: mark.name, count: mark.jobs });
    case 'mass_loss':
      return t('pool_overview.mark.mass_loss', { lost: format.number(mark.lost), total: format.number(mark.of) });
    default:
      return assertNever(mark);
  }
}
