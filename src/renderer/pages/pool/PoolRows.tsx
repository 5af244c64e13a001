// A framed list of pools: in each row the pool with a note, and its buttons.
import type { ReactNode } from 'react';
import classes from './PoolRows.module.css';

export function PoolRows({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul className={classes['pools']} aria-label={label}>
      {children}
    </ul>
  );
}
