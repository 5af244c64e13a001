// Floats above the table while rows are selected: how many, the actions for them, and a button that clears the selection.
import type { ReactNode } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { KeyCaps } from '../shortcuts/KeyCaps';
import classes from './BulkBar.module.css';

export interface BulkBarProps {
  readonly count: number;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

export function BulkBar({ count, onClear, children }: BulkBarProps) {
  const { t, format } = useLabels();
  return (
    <div className={classes['bar']} role="region" aria-label={t('table.bulk')}>
      <b role="status">{t('table.selected', { count, shown: format.number(count) })}</b>
      {children}
      <button type="button" className={classes['clear']} onClick={onClear}>
        {t('table.clear')}
        <span className={classes['keys']} aria-hidden="true">
          <KeyCaps keys="Escape" />
        </span>
      </button>
    </div>
  );
}
