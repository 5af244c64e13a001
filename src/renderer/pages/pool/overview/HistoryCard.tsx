// The pool over time: load, output and queue, one above the other with the same times. Events are on the lowest chart.
import { useMemo, useState } from 'react';
import { POOL_RANGE_NAMES, type PoolHistory, type PoolRange } from '../../../../shared/api/pool-history';
import { UseLegend } from '../../../components/bars/UseLegend';
import { Card } from '../../../components/Card';
import { TimeChart } from '../../../components/charts/TimeChart';
import { Dim } from '../../../components/Dim';
import { ErrorNote } from '../../../components/ErrorNote';
import { Segmented } from '../../../components/Segmented';
import { useLabels } from '../../../i18n/use-labels';
import { usePoolHistory } from '../../../queries/pool-history';
import { historyCharts } from './history-data';
import classes from './HistoryCard.module.css';

const PERCENT = { total: 100 } as const;
const TOKENS = { atLeast: 10 } as const;
const JOBS = { atLeast: 4 } as const;
const SYNC = 'pool-history';

/** The least heights. Beside a longer list of nodes the charts are higher. */
const [LOAD_PX, OUTPUT_PX, WAITING_PX] = [116, 104, 120];

/** The range is kept while the page is shown. */
export function HistoryCard() {
  const { t } = useLabels();
  const [range, setRange] = useState<PoolRange>('1h');
  const { value, error } = usePoolHistory(range);
  return (
    <Card
      className={classes['card']}
      title={t(`pool_overview.history.${value?.range ?? range}`)}
      aside={
        <div className={classes['aside']}>
          <UseLegend kinds={['pool', 'owner']} whose="pool" />
          <Segmented
            label={t('pool_overview.range')}
            choices={POOL_RANGE_NAMES.map((name) => ({ value: name, label: t(`pool_overview.ranges.${name}`) }))}
            value={range}
            onChange={setRange}
          />
        </div>
      }
    >
      {value === null ? <Waiting hasError={error !== null} /> : <Charts history={value} />}
      {value === null && <ErrorNote error={error} />}
    </Card>
  );
}

function Waiting({ hasError }: { readonly hasError: boolean }) {
  const { t } = useLabels();
  return hasError ? null : <Dim as="p">{t('pool_overview.chart.loading')}</Dim>;
}

function Charts({ history }: { readonly history: PoolHistory }) {
  const labels = useLabels();
  const { t, format } = labels;
  const { load, output, waiting, events } = useMemo(() => historyCharts(labels, history), [labels, history]);
  const texts = useMemo(
    () => ({
      tick: (value: number): string => (value >= 1000 ? format.compactTick(value) : format.number(value, 1)),
      tokens: (value: number): string => t('pool_overview.chart.tokens', { value: format.number(value) }),
      jobs: (value: number): string => t('pool_overview.chart.jobs', { count: value, formatted: format.number(value) }),
      count: (value: number): string => format.number(value, 1),
    }),
    [t, format],
  );
  const gpus = Math.round(history.gpus.at(-1) ?? 0);
  if (history.at.length === 0) return <Dim as="p">{t('pool_overview.chart.none')}</Dim>;
  return (
    <div className={classes['charts']}>
      <TimeChart
        label={t('pool_overview.chart.load')}
        note={t('pool_overview.chart.load_note', { count: gpus, formatted: format.number(gpus) })}
        data={load}
        scale={PERCENT}
        valueText={format.percent}
        hasTimes={false}
        sync={SYNC}
        heightPx={LOAD_PX}
        fills
      />
      <TimeChart
        label={t('pool_overview.chart.output')}
        note={t('pool_overview.chart.output_note')}
        data={output}
        scale={TOKENS}
        valueText={texts.tokens}
        tickText={texts.tick}
        hasTimes={false}
        sync={SYNC}
        heightPx={OUTPUT_PX}
        fills
      />
      <TimeChart
        label={t('pool_overview.chart.waiting')}
        data={waiting}
        scale={JOBS}
        valueText={texts.jobs}
        tickText={texts.count}
        events={events}
        sync={SYNC}
        heightPx={WAITING_PX}
        fills
      />
    </div>
  );
}
