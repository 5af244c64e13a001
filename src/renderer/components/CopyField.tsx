// A value to copy: shown in full, with a button that copies it.
import { CopyButton } from './CopyButton';
import classes from './CopyField.module.css';

export interface CopyFieldProps {
  readonly label: string;
  /** True where the field above has the same label. */
  readonly hideLabel?: boolean;
  readonly value: string;
  /** To copy is what the user does next. */
  readonly isPrimary?: boolean;
  /** Label, value and button in one line, where there is space. */
  readonly isLine?: boolean;
}

export function CopyField({ label, hideLabel = false, value, isPrimary = false, isLine = false }: CopyFieldProps) {
  return (
    <div className={classes[isLine ? 'line' : 'field']}>
      {!hideLabel && <div className={classes['label']}>{label}</div>}
      <code className={classes['value']}>{value}</code>
      <CopyButton value={value} subject={label} size={isPrimary ? 'sm' : 'compact-sm'} variant={isPrimary ? 'filled' : 'default'} />
    </div>
  );
}
