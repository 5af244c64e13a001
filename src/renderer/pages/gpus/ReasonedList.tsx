// A list with a title: names at the left, texts at the right.
import type { ReactNode } from 'react';
import classes from './ReasonedList.module.css';

export interface ReasonedItem {
  readonly key: string;
  readonly name: ReactNode;
  readonly text: ReactNode;
}

export interface ReasonedListProps {
  /** Null: what is above the list says it. */
  readonly title: string | null;
  /** `h2`: the list is a part of the page, and not of a card with a title. */
  readonly heading?: 'h2' | 'h3';
  readonly items: readonly ReasonedItem[];
}

/** Renders nothing without items. */
export function ReasonedList({ title, heading: Heading = 'h3', items }: ReasonedListProps) {
  if (items.length === 0) return null;
  return (
    <div>
      {title !== null && <Heading className={classes['title']}>{title}</Heading>}
      <ul className={classes['list']}>
        {items.map(({ key, name, text }) => (
          <li key={key}>
            <span>{name}</span>
            <span className={classes['text']}>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
