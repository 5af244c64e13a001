// The search field of a table, and the number of matches. The key / moves the focus to the field.
import { TextInput } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { type Shortcut, useShortcuts } from '../shortcuts/use-shortcuts';
import classes from './TableSearch.module.css';

/** A table with fewer rows needs no search. */
const SEARCH_FROM_ROWS = 10;

const NONE: readonly Shortcut[] = [];

export interface TableSearchProps {
  readonly label: string;
  readonly search: string;
  /** Null: not known, e.g. because the program searches. */
  readonly found: number | null;
  /** The number of rows that are searched. */
  readonly total: number;
  /** The number of rows without a filter. The field stays while a filter leaves few rows, so that no button moves. Default: `total`. */
  readonly all?: number;
  readonly onSearch: (search: string) => void;
}

export function TableSearch({ label, search, found, total, all = total, onSearch }: TableSearchProps) {
  const { t, format } = useLabels();
  const field = useRef<HTMLInputElement>(null);
  const shortcuts = useMemo(
    (): readonly Shortcut[] => [
      {
        keys: '/',
        label: t('shortcut.search'),
        run: () => {
          if (field.current === null) return false;
          field.current.focus();
          return true;
        },
      },
    ],
    [t],
  );
  const isShown = all >= SEARCH_FROM_ROWS || search !== '';
  useShortcuts(isShown ? shortcuts : NONE);
  if (!isShown) return null;
  return (
    <div className={classes['search']}>
      <TextInput
        ref={field}
        type="search"
        rightSection={search === '' && <kbd aria-hidden="true">/</kbd>}
        className={classes['field'] ?? ''}
        aria-label={label}
        placeholder={label}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        maxLength={256}
        spellCheck={false}
        autoComplete="off"
      />
      <span role="status" className={classes['found']}>
        {search !== '' && found !== null && t('table.found', { found: format.number(found), total: format.number(total) })}
      </span>
    </div>
  );
}
