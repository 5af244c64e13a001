// Lines about a state of a node, beside a bar in the colour of the state.
import type { ReactNode } from 'react';
import type { Shape } from '../labels/shape';
import colours from './ShapeColour.module.css';
import classes from './StateLines.module.css';

export const StateLines = ({ shape, children }: { readonly shape: Shape; readonly children: ReactNode }) => (
  <div className={[classes['lines'], colours['colour']].join(' ')} data-shape={shape}>
    {children}
  </div>
);
