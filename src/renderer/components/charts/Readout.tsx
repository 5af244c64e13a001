// The values below the pointer, beside the pointer.
import { useLabels } from '../../i18n/use-labels';
import type { ChartData } from './chart-data';
import type { Pointed } from './plot';
import classes from './Chart.module.css';

export interface ReadoutProps {
  readonly data: ChartData;
  readonly pointed: Pointed;
  readonly valueText: (value: number) => string;
}

/** Hidden from screen readers: they have the text and the table. */
export function Readout({ data, pointed: { index, leftPx }, valueText }: ReadoutProps) {
  const { t, format } = useLabels();
  const atWallMs = data.timesWallMs[index];
  if (atWallMs === undefined) return null;
  const values = data.series.map(({ label, kind, values: some }) => ({ label, kind, value: some[index] ?? null }));
  return (
    <div className={classes['readout']} style={{ left: leftPx }} data-side={leftPx > 240 ? 'left' : 'right'} aria-hidden="true">
      <b>{format.exactClock(atWallMs, data.toWallMs)}</b>
      {values.every(({ value }) => value === null) ? (
        <span>{t('unknown.not_reported')}</span>
      ) : (
        values.map(({ label, kind, value }) => (
          <span key={label} data-kind={kind}>
            {label} {value === null ? t('unknown.none') : valueText(value)}
          </span>
        ))
      )}
    </div>
  );
}
