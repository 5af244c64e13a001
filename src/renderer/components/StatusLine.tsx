// The shape of a state with a sentence, which wraps in narrow windows. A label of one or two words is a StatusLabel.
import type { ReactNode } from 'react';
import type { Shape } from '../labels/shape';
import colours from './ShapeColour.module.css';
import classes from './StatusLine.module.css';
import { StatusShape } from './StatusShape';

export const StatusLine = ({ shape, children }: { readonly shape: Shape; readonly children: ReactNode }) => (
  <p className={[classes['line'], colours['colour']].join(' ')} data-shape={shape}>
    <StatusShape shape={shape} size={14} />
    <span>{children}</span>
  </p>
);
