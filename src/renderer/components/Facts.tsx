// Names and values in two columns, or beside each other.
import type { ReactNode } from 'react';
import classes from './Facts.module.css';

export type Fact = readonly [name: string, value: ReactNode];

/** None where the value is not known. */
export const optional = (name: string, value: ReactNode): readonly Fact[] => (value === null ? [] : [[name, value]]);

export function Facts({ facts, isRow = false }: { readonly facts: readonly Fact[]; readonly isRow?: boolean }) {
  return (
    <dl className={classes[isRow ? 'row' : 'facts']}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
