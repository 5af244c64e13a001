// A value to copy, with a button that copies it. A secret may be shown masked: the button copies all of it.
import type { ReactNode } from 'react';
import { CodeLines } from './CodeLines';
import { CopyButton } from './CopyButton';
import classes from './CopyField.module.css';

export interface CopyFieldProps {
  readonly label: string;
  /** True where the field above has the same label. */
  readonly hideLabel?: boolean;
  readonly value: string;
  /** In place of the value, for a masked secret. */
  readonly shown?: string;
  /** Beside the label. */
  readonly action?: ReactNode;
  /** To copy is what the user does next. */
  readonly isPrimary?: boolean;
  /** An address, which is in one line unless it is very long. */
  readonly isAddress?: boolean;
  /** Label, value and button in one line, where there is space. */
  readonly isLine?: boolean;
  readonly onCopied?: () => void;
}

/** Characters: `https://192.168.100.200:65535/v1`, in the narrowest window. */
const MAX_UNBROKEN = 32;

export function CopyField({
  label,
  hideLabel = false,
  value,
  shown = value,
  action,
  isPrimary = false,
  isAddress = false,
  isLine = false,
  onCopied,
}: CopyFieldProps) {
  return (
    <div className={classes[isLine ? 'line' : 'field']}>
      {!hideLabel && (
        <div className={classes['label']}>
          {label}
          {action}
        </div>
      )}
      <code className={classes['value']} data-lines={shown.includes('\n') || undefined}>
        {isAddress && shown.length <= MAX_UNBROKEN ? <span className={classes['unbroken']}>{shown}</span> : <CodeLines code={shown} />}
      </code>
      <CopyButton
        value={value}
        subject={label}
        size={isPrimary ? 'sm' : 'compact-sm'}
        variant={isPrimary ? 'filled' : 'default'}
        onCopied={onCopied}
      />
    </div>
  );
}
