// The frame of a chart: its title, the button that shows the same data as a table, and the chart or the table.
import type { ReactNode } from 'react';
import { useLabels } from '../../i18n/use-labels';
import classes from './Chart.module.css';

export interface ChartFrameProps {
  readonly label: string;
  readonly title: ReactNode;
  readonly note: ReactNode;
  readonly aside: ReactNode;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
  /** The chart is as high as its place. */
  readonly fills?: boolean;
  readonly children: ReactNode;
}

export function ChartFrame({ label, title, note, aside, isTable, onTable, fills = false, children }: ChartFrameProps) {
  const { t } = useLabels();
  const action = t(isTable ? 'chart.show_chart' : 'chart.show_table');
  return (
    <figure className={classes['chart']} aria-label={label} data-fills={fills || undefined}>
      <figcaption className={classes['head']}>
        {title !== null && <b>{title}</b>}
        {note !== undefined && <span className={classes['note']}>{note}</span>}
        {aside !== undefined && <span className={classes['aside']}>{aside}</span>}
        <button
          type="button"
          className={classes['toggle']}
          aria-label={`${action}${t('punctuation.colon')}${label}`}
          title={action}
          onClick={() => onTable(!isTable)}
        >
          <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={isTable ? 'M2 2v12h12M4.5 11l3-4 2.5 2 3.5-5' : 'M2 3h12v10H2zM2 6.5h12M2 10h12M7 3v10'} />
          </svg>
        </button>
      </figcaption>
      {children}
    </figure>
  );
}
