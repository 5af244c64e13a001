// Which columns a table shows. The first column names the row and is always shown.
import { Button, Checkbox, Popover } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { type Column, shownColumns } from './column';
import classes from './TableTools.module.css';

export interface ColumnChooserProps<Row> {
  /** All columns of the table. */
  readonly columns: readonly Column<Row>[];
  /** Null: the columns of the page. */
  readonly chosen: readonly string[] | null;
  readonly onChange: (chosen: readonly string[] | null) => void;
}

export function ColumnChooser<Row>({ columns, chosen, onChange }: ColumnChooserProps<Row>) {
  const { t } = useLabels();
  const shown = new Set(shownColumns(columns, chosen).map(({ key }) => key));
  const toggle = (toggled: string): void =>
    onChange(columns.map(({ key }) => key).filter((key) => (key === toggled ? !shown.has(key) : shown.has(key))));
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus hideDetached={false}>
      <Popover.Target>
        <Button variant="default" size="compact-sm" leftSection={<ColumnsIcon />}>
          {t('table.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes['choices']}>
          {columns.slice(1).map(({ key, title }) => (
            <Checkbox key={key} size="xs" label={title} checked={shown.has(key)} onChange={() => toggle(key)} />
          ))}
          <Button variant="subtle" size="compact-sm" disabled={chosen === null} onClick={() => onChange(null)}>
            {t('table.columns_reset')}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const ColumnsIcon = () => (
  <svg className={classes['icon']} width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d="M2 2.5h12v11H2zM6 2.5v11M10 2.5v11" />
  </svg>
);
