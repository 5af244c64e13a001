// The checkbox of a row, and the checkbox of all rows. The label around a box is its target, which is larger.
import { useLabels } from '../../i18n/use-labels';
import type { SelectedPart } from './selection';
import classes from './SelectBox.module.css';

/** `range`: from the row that was changed last to this one. */
export type SelectRow = (key: string, range: boolean) => void;

export interface RowBoxProps {
  readonly name: string;
  readonly rowKey: string;
  readonly isSelected: boolean;
  readonly onSelect: SelectRow;
}

export function RowBox({ name, rowKey, isSelected, onSelect }: RowBoxProps) {
  const { t } = useLabels();
  return (
    <label className={classes['target']}>
      <input
        type="checkbox"
        className={classes['box']}
        aria-label={t('table.select_row', { name })}
        checked={isSelected}
        onChange={({ nativeEvent }) => onSelect(rowKey, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
      />
    </label>
  );
}

export interface AllBoxProps {
  readonly part: SelectedPart;
  readonly onSelectAll: (all: boolean) => void;
  /** Else the box has a name for screen readers only. */
  readonly hasText?: boolean;
}

export function AllBox({ part, onSelectAll, hasText = false }: AllBoxProps) {
  const { t } = useLabels();
  return (
    <label className={classes['target']}>
      <input
        type="checkbox"
        className={classes['box']}
        aria-label={t('table.select_all')}
        checked={part === 'all'}
        ref={(input) => {
          if (input !== null) input.indeterminate = part === 'some';
        }}
        onChange={() => onSelectAll(part !== 'all')}
      />
      {hasText && <span aria-hidden="true">{t('table.select_all')}</span>}
    </label>
  );
}
