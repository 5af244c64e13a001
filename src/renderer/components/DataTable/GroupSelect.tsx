// By what the rows of a table are grouped.
import { NativeSelect } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import classes from './TableTools.module.css';

export interface GroupChoice {
  readonly value: string;
  readonly label: string;
}

export interface GroupSelectProps {
  readonly choices: readonly GroupChoice[];
  /** Null: no groups. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

const NONE = '';

export function GroupSelect({ choices, value, onChange }: GroupSelectProps) {
  const { t } = useLabels();
  const named = (label: string): string => `${t('table.group')}${t('punctuation.colon')}${label}`;
  return (
    <NativeSelect
      size="xs"
      className={classes['group'] ?? ''}
      aria-label={t('table.group')}
      value={value ?? NONE}
      onChange={(event) => onChange(choices.find((choice) => choice.value === event.currentTarget.value)?.value ?? null)}
      data={[
        { value: NONE, label: named(t('table.no_group')) },
        ...choices.map((choice) => ({ value: choice.value, label: named(choice.label) })),
      ]}
    />
  );
}
