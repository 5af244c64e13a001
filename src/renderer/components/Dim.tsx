// Secondary text.
import type { ReactNode } from 'react';
import classes from './Dim.module.css';

export interface DimProps {
  readonly as?: 'div' | 'p' | 'span';
  readonly children: ReactNode;
}

export const Dim = ({ as: Tag = 'div', children }: DimProps) => <Tag className={classes['dim']}>{children}</Tag>;
