// For how long a key or an invitation is valid.
import { NativeSelect } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';

/** Seconds. Null: without end. Undefined: as it is. */
export const EXPIRIES = {
  hour_1: 3600,
  hours_24: 86_400,
  days_7: 7 * 86_400,
  days_30: 30 * 86_400,
  days_90: 90 * 86_400,
  year_1: 365 * 86_400,
  never: null,
  unchanged: undefined,
} as const;
export type ExpiryName = keyof typeof EXPIRIES;

export interface ExpiryFieldProps<Name extends ExpiryName> {
  readonly label: string;
  readonly choices: readonly Name[];
  readonly value: Name;
  readonly onChange: (value: Name) => void;
  /** The first field of a dialog. */
  readonly hasFocus?: true;
}

export function ExpiryField<Name extends ExpiryName>({ label, choices, value, onChange, hasFocus }: ExpiryFieldProps<Name>) {
  const { t } = useLabels();
  return (
    <NativeSelect
      data-autofocus={hasFocus}
      label={label}
      value={value}
      onChange={(event) => onChange(choices.find((choice) => choice === event.currentTarget.value) ?? value)}
      data={choices.map((choice: ExpiryName) => ({ value: choice, label: t(`expiry.${choice}`) }))}
    />
  );
}
