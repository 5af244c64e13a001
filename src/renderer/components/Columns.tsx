// Two columns of cards, split 7:5. A page without space for both shows one below the other.
import type { ReactNode } from 'react';
import classes from './Columns.module.css';

export interface ColumnsProps {
  readonly wide: ReactNode;
  readonly narrow: ReactNode;
}

export const Columns = ({ wide, narrow }: ColumnsProps) => (
  <div className={classes['columns']}>
    <div className={classes['column']}>{wide}</div>
    <div className={classes['column']}>{narrow}</div>
  </div>
);
