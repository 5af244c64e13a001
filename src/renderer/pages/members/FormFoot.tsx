// The foot of a form in a dialog: the error of the last try, and the buttons.
import { Button, Group } from '@mantine/core';
import type { AppError } from '../../../shared/api/app-api';
import { DialogFoot } from '../../components/DialogFoot';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';

export interface FormFootProps {
  /** The text of the button that sends the form. */
  readonly submit: string;
  readonly isIncomplete?: boolean;
  readonly operation: { readonly pending: boolean; readonly error: AppError | null };
  readonly onCancel: () => void;
}

export function FormFoot({ submit, isIncomplete = false, operation: { pending, error }, onCancel }: FormFootProps) {
  const { t } = useLabels();
  return (
    <DialogFoot>
      <ErrorNote error={error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" disabled={isIncomplete} loading={pending}>
          {submit}
        </Button>
      </Group>
    </DialogFoot>
  );
}
