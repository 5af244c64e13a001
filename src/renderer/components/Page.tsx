// The frame of a page: its title, visible or not, and its parts.
import type { ReactNode } from 'react';
import classes from './Page.module.css';

export interface PageProps {
  readonly title: string;
  readonly hideTitle?: boolean;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, hideTitle = false, aside, children }: PageProps) {
  return (
    <div className={classes['page']}>
      {hideTitle ? (
        <h1 className="visually-hidden">{title}</h1>
      ) : (
        <div className={classes['head']}>
          <h1>{title}</h1>
          <div className={classes['aside']}>{aside}</div>
        </div>
      )}
      {children}
    </div>
  );
}
