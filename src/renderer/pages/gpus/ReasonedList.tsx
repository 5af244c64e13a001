// A list with a title: names at the left, texts at the right.
import type { ReactNode } from 'react';
import classes from './ReasonedList.module.css';

export interface ReasonedItem {
  readonly key: string;
  readonly name: ReactNode;
  readonly text: ReactNode;
}

/** Renders nothing without items. */
export function ReasonedList({ title, items }: { readonly title: string; readonly items: readonly ReasonedItem[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <h3 className={classes['title']}>{title}</h3>
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
