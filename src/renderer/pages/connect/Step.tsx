// A step with its number: the address, a key and a model; then what to copy and test. The choice of the program has a first value.
import type { ReactNode } from 'react';
import classes from './ConnectPage.module.css';

export interface StepProps {
  readonly number: number;
  readonly children: ReactNode;
}

export const Step = ({ number, children }: StepProps) => (
  <span className={classes['step']}>
    <i aria-hidden="true">{number}</i>
    {children}
  </span>
);
