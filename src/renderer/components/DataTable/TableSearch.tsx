// The search field of a table, and the number of matches.
import { useLabels } from '../../i18n/use-labels';
import { SearchField } from './SearchField';
import classes from './TableSearch.module.css';

/** A table with fewer rows needs no search. */
const SEARCH_FROM_ROWS = 10;

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
  if (all < SEARCH_FROM_ROWS && search === '') return null;
  return (
    <div className={classes['search']}>
      <SearchField label={label} search={search} onSearch={onSearch} />
      <span role="status" className={classes['found']}>
        {search !== '' && found !== null && t('table.found', { found: format.number(found), total: format.number(total) })}
      </span>
    </div>
  );
}
