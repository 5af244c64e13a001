// Search, filters and buttons in the toolbar of a page: in lines, from the left.
import type { ReactNode } from 'react';
import classes from './TableTools.module.css';

export interface TableToolsProps {
  /** What the page changes where its width is small. */
  readonly className: string | undefined;
  /** Has so many parts that a wide page needs two lines, too. */
  readonly wraps?: boolean;
  readonly children: ReactNode;
}

export const TableTools = ({ className = '', wraps = false, children }: TableToolsProps) => (
  <div className={`${classes['tools'] ?? ''} ${className}`} data-wraps={wraps || undefined}>
    {children}
  </div>
);
