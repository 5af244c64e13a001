// A value to take elsewhere: shown whole, copied with one press.
import { Button, CopyButton } from '@mantine/core';
import { useWords } from '../i18n/use-words';
import classes from './CopyField.module.css';

export interface CopyFieldProps {
  readonly label: string;
  /** The label was just shown for the field above. */
  readonly hideLabel?: boolean;
  readonly value: string;
}

export function CopyField({ label, hideLabel = false, value }: CopyFieldProps) {
  const { t } = useWords();
  return (
    <div className={classes['field']}>
      {!hideLabel && <div className={classes['label']}>{label}</div>}
      <code className={classes['value']}>{value}</code>
      <CopyButton value={value} timeout={2000}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy} aria-label={`${t('action.copy')}: ${label}`}>
            {t(copied ? 'action.copied' : 'action.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
