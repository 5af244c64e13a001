// The search field of a table, and the number of matches.
import { useLabels } from '../../i18n/use-labels';
import { SearchField } from './SearchField';
import classes from './TableSearch.module.css';

export interface TableSearchProps {
  readonly label: string;
  readonly search: string;
  /** Null: not known, e.g. because the program searches. */
  readonly found: number | null;
  /** The number of rows that are searched. */
  readonly total: number;
  readonly onSearch: (search: string) => void;
}

export function TableSearch({ label, search, found, total, onSearch }: TableSearchProps) {
  const { t, format } = useLabels();
  return (
    <div className={classes['search']}>
      <SearchField label={label} search={search} onSearch={onSearch} />
      <span role="status" className={classes['found']}>
        {search !== '' && found !== null && t('table.found', { found: format.number(found), total: format.number(total) })}
      </span>
    </div>
  );
}
