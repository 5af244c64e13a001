// A part of an explanation: its title with a note, and rows in a frame.
import type { ReactNode } from 'react';
import classes from './ExplainSection.module.css';

export interface ExplainSectionProps {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

export const ExplainSection = ({ title, note, children }: ExplainSectionProps) => (
  <section className={classes['section']}>
    <h3>
      {title} <span>{note}</span>
    </h3>
    {children}
  </section>
);

export interface ExplainRowsProps {
  /** Of the list: it lays out its rows. */
  readonly className: string | undefined;
  readonly children: ReactNode;
}

export const ExplainRows = ({ className, children }: ExplainRowsProps) => (
  <ul className={[classes['rows'], className].join(' ')}>{children}</ul>
);
