// A step with its number: a key and a model, a program, what to copy and test.
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
