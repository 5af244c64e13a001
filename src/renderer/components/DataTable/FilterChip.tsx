// A filter that is set: the button removes it.
import { useLabels } from '../../i18n/use-labels';
import classes from './TableTools.module.css';

export interface FilterChipProps {
  readonly name: string;
  readonly onRemove: () => void;
}

export function FilterChip({ name, onRemove }: FilterChipProps) {
  const { t } = useLabels();
  return (
    <button type="button" className={classes['chip']} aria-label={t('table.remove_filter', { name })} onClick={onRemove}>
      {name} <span aria-hidden="true">×</span>
    </button>
  );
}
