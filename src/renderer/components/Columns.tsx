// Two columns of cards, split 7:5. A page without space for both shows one below the other.
import type { ReactNode } from 'react';
import classes from './Columns.module.css';

export interface ColumnsProps {
  /** The last card of the shorter column ends where the other column ends. For columns that are about equally long. */
  readonly isEven?: boolean;
  readonly wide: ReactNode;
  readonly narrow: ReactNode;
}

export const Columns = ({ isEven = false, wide, narrow }: ColumnsProps) => (
  <div className={classes['columns']} data-even={isEven ? '' : undefined}>
    <div className={classes['column']}>{wide}</div>
    <div className={classes['column']}>{narrow}</div>
  </div>
);
