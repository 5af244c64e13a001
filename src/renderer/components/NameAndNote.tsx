// A name with a note below it, each on one line: a pool in the switcher and in its menu.
import type { ReactNode } from 'react';
import classes from './NameAndNote.module.css';

export function NameAndNote({ name, note }: { readonly name: ReactNode; readonly note: ReactNode }) {
  return (
    <>
      <span className={classes['name']}>{name}</span>
      <span className={classes['note']}>{note}</span>
    </>
  );
}
