// A card: a part of a page, with a name.
import { type ReactNode, useId } from 'react';
import classes from './Card.module.css';

export interface CardProps {
  /** Absent: `label` names the card for screen readers. Without either the card is no landmark: its content has a name. */
  readonly title?: ReactNode;
  readonly label?: string;
  /** Beside the title: count, age. No part of the name of the card. */
  readonly note?: ReactNode;
  /** At the right of the title: source, age, count, a link. */
  readonly aside?: ReactNode;
  readonly tone?: 'plain' | 'warning' | 'error';
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Card({ title, label, note, aside, tone = 'plain', className, children }: CardProps) {
  const id = useId();
  const name = title === undefined ? { 'aria-label': label } : { 'aria-labelledby': id };
  return (
    <section className={[classes['card'], className].filter(Boolean).join(' ')} data-tone={tone} {...name}>
      {title !== undefined && (
        <div className={classes['head']}>
          <div className={classes['title']}>
            <h2 id={id}>{title}</h2>
            {note !== undefined && <span className={classes['note']}>{note}</span>}
          </div>
          {aside !== undefined && <div className={classes['aside']}>{aside}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
