// The data of a chart as a table, the latest first.
import { useLabels } from '../../i18n/use-labels';
import { ScrollRegion } from '../ScrollRegion';
import type { ChartData } from './chart-data';
import { rowsOf } from './chart-summary';
import classes from './Chart.module.css';

export interface ChartTableProps {
  readonly label: string;
  readonly data: ChartData;
  readonly valueText: (value: number) => string;
  readonly heightPx: number;
}

export function ChartTable({ label, data, valueText, heightPx }: ChartTableProps) {
  const { t, format } = useLabels();
  return (
    <ScrollRegion label={label} className={classes['tableScroll']} style={{ maxHeight: Math.max(heightPx, 180) }}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('chart.column_time')}</th>
            {data.series.map((one) => (
              <th key={one.label} scope="col">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(data).map(({ atWallMs, values }) => (
            <tr key={atWallMs}>
              <th scope="row">{format.exactClock(atWallMs, data.toWallMs)}</th>
              {values.map((value, i) => (
                <td key={data.series[i]?.label}>{value === null ? t('unknown.not_reported') : valueText(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
