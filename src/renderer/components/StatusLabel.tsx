// The shape and label of a state, for tables, lists and the status bar.
import { StatusShape } from './StatusShape';
import type { Shape } from '../labels/shape';
import classes from './StatusLabel.module.css';

export function StatusLabel({ shape, label }: { readonly shape: Shape; readonly label: string }) {
  return (
    <span className={classes['label']} data-shape={shape}>
      <StatusShape shape={shape} size={14} />
      {label}
    </span>
  );
}
