// A value with its name above.
import type { ReactNode } from 'react';
import classes from './ConnectPage.module.css';

export function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={classes['fact']}>
      <div className={classes['label']}>{label}</div>
      {children}
    </div>
  );
}
