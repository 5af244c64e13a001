// The axis of a chart of bars without a canvas: the height, and a line with its value at each tick. The bars are drawn into the plot.
import type { ComponentProps, ReactNode } from 'react';
import classes from './BarsFrame.module.css';

export interface BarsFrameProps extends Pick<ComponentProps<'div'>, 'onPointerMove' | 'onPointerLeave' | 'onClick'> {
  /** For screen readers: the name of the chart and its values. */
  readonly summary: string;
  readonly heightPx: number;
  readonly ticks: readonly number[];
  /** The value at the upper end. */
  readonly top: number;
  readonly tickText: (value: number) => string;
  /** Below the bars. */
  readonly names: ReactNode;
  readonly children: ReactNode;
}

export const BarsFrame = ({ summary, heightPx, ticks, top, tickText, names, children, ...pointer }: BarsFrameProps) => (
  <div className={classes['bars']} role="img" aria-label={summary}>
    <div className={classes['plot']} style={{ height: heightPx }} {...pointer}>
      {ticks.map((tick) => (
        <span key={tick} className={classes['line']} style={{ bottom: `${String((tick / top) * 100)}%` }}>
          <i>{tickText(tick)}</i>
        </span>
      ))}
      {children}
    </div>
    {names}
  </div>
);
