// The reason of an operator for an action on a node, and the parameter that it becomes.
import { TextInput } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';

/** The limit of the API. */
const MAX_LENGTH = 512;

/** Blank: no reason. */
export const reasonParam = (reason: string): { readonly reason?: string } => (reason.trim() === '' ? {} : { reason: reason.trim() });

export interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function ReasonField({ value, onChange }: ReasonFieldProps) {
  const { t } = useLabels();
  return (
    <TextInput
      data-autofocus
      label={t('nodes.drain_reason')}
      value={value}
      maxLength={MAX_LENGTH}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
