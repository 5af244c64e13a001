// The shape and label of a state, for tables, lists and the rail.
import type { ReactNode } from 'react';
import { StatusShape, type StatusShapeProps } from './StatusShape';
import type { Shape } from '../labels/shape';
import colours from './ShapeColour.module.css';
import classes from './StatusLabel.module.css';

export interface StatusLabelProps {
  readonly shape: Shape;
  readonly label: ReactNode;
  readonly progress?: StatusShapeProps['progress'];
}

export function StatusLabel({ shape, label, progress }: StatusLabelProps) {
  return (
    <span className={[classes['label'], colours['colour']].join(' ')} data-shape={shape}>
      <StatusShape shape={shape} size={14} progress={progress} />
      {label}
    </span>
  );
}
