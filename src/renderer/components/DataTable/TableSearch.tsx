// The field that searches a table, and how many of its rows are found.
import { TextInput } from '@mantine/core';
import { useWords } from '../../i18n/use-words';
import classes from './TableSearch.module.css';

/** A table of fewer rows is read at a glance. */
const SEARCH_FROM_ROWS = 10;

export interface TableSearchProps {
  readonly label: string;
  readonly search: string;
  readonly found: number;
  readonly total: number;
  readonly onSearch: (search: string) => void;
}

export function TableSearch({ label, search, found, total, onSearch }: TableSearchProps) {
  const { t, format } = useWords();
  if (total < SEARCH_FROM_ROWS && search === '') return null;
  return (
    <div className={classes['search']}>
      <TextInput
        type="search"
        size="xs"
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
        {search !== '' && t('table.found', { found: format.number(found), total: format.number(total) })}
      </span>
    </div>
  );
}
