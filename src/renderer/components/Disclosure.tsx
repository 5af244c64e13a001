// A part of a card that is closed at first: its name and, in one line, what is in it.
import type { ReactNode } from 'react';
import classes from './Disclosure.module.css';

export interface DisclosureProps {
  readonly title: string;
  readonly summary: ReactNode;
  /** It stays open or closed while it is hidden. */
  readonly hidden?: boolean;
  readonly children: ReactNode;
}

export const Disclosure = ({ title, summary, hidden = false, children }: DisclosureProps) => (
  <details className={classes['part']} hidden={hidden}>
    <summary>
      {title} <span>{summary}</span>
    </summary>
    <div className={classes['content']}>{children}</div>
  </details>
);
