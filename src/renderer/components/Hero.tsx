// The state of what a page is about: shape at the left, a sentence with text below it, actions at the right, and below them the reasons.
import type { ReactNode } from 'react';
import type { Shape } from '../labels/shape';
import { Card } from './Card';
import classes from './Hero.module.css';
import { StatusShape, type StatusShapeProps } from './StatusShape';

export interface HeroProps {
  /** For screen readers. */
  readonly label: string;
  readonly shape: Shape;
  readonly progress?: StatusShapeProps['progress'];
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  /** Below a line: parts that are absent take no room. */
  readonly reasons?: readonly ReactNode[];
  /** At the foot of the card. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

export function Hero({ label, shape, progress, title, actions, reasons = [], foot, children }: HeroProps) {
  return (
    <Card label={label}>
      <div className={classes['hero']}>
        <StatusShape shape={shape} size={44} progress={progress} />
        <div className={classes['text']}>
          <h2>{title}</h2>
          {children}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </div>
      {reasons.map((reason, index) => (
        <div key={index} className={classes['reasons']}>
          {reason}
        </div>
      ))}
      {foot}
    </Card>
  );
}
