// A page: title, facts and actions in the top bar, below it a toolbar, then the content. `cards`: cards with space between them. `full`: a
// dense table or list fills the page without a card, and scrolls inside it; on a phone the page scrolls. `window`: as `full`, on a phone too.
import type { ReactNode } from 'react';
import classes from './Page.module.css';

export interface PageProps {
  readonly title: string;
  /** Beside the title: facts, such as counts. */
  readonly subtitle?: ReactNode;
  /** At the right of the top bar. */
  readonly actions?: ReactNode;
  /** Below the top bar: search, filters. */
  readonly toolbar?: ReactNode;
  readonly layout?: 'cards' | 'full' | 'window';
  readonly children: ReactNode;
}

export function Page({ title, subtitle, actions, toolbar, layout = 'cards', children }: PageProps) {
  return (
    <div className={classes['page']} data-layout={layout}>
      <div className={classes['top']}>
        <h1>{title}</h1>
        <div className={classes['subtitle']}>{subtitle}</div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </div>
      {toolbar !== undefined && <div className={classes['toolbar']}>{toolbar}</div>}
      <div className={classes['content']}>{children}</div>
    </div>
  );
}
