// A card: a part of a page, with a name.
import { type ReactNode, useId } from 'react';
import classes from './Card.module.css';

export interface CardProps {
  /** Absent: `label` names the card for screen readers. Without either the card is no landmark: its content has a name. */
  readonly title?: ReactNode;
  readonly label?: string;
  /** At the right of the title: source, age, count. */
  readonly aside?: ReactNode;
  readonly tone?: 'plain' | 'warning' | 'error';
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Card({ title, label, aside, tone = 'plain', className, children }: CardProps) {
  const id = useId();
  const name = title === undefined ? { 'aria-label': label } : { 'aria-labelledby': id };
  return (
    <section className={[classes['card'], className].filter(Boolean).join(' ')} data-tone={tone} {...name}>
      {title !== undefined && (
        <div className={classes['head']}>
          <h2 id={id}>{title}</h2>
          {aside !== undefined && <div className={classes['aside']}>{aside}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
