// Asks for confirmation of an operation that affects other people: the consequence, then Cancel, then the action, in red where something
// is lost. The dialog closes when the operation has succeeded, and shows its error otherwise.
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AppError } from '../../shared/api/app-api';
import { useLabels } from '../i18n/use-labels';
import classes from './ConfirmDialog.module.css';
import { ErrorNote } from './ErrorNote';

export interface ConfirmDialogProps {
  readonly operation: { readonly pending: boolean; readonly error: AppError | null; readonly clear: () => void };
  /** Runs the operation. Never rejects. */
  readonly run: () => Promise<{ readonly ok: boolean }>;
  readonly opened: boolean;
  readonly title: string;
  readonly confirm: string;
  /** The label of the button that cancels, where `Cancel` could be read as the action itself. */
  readonly back?: string;
  /** Nothing is lost, so that the action is not red. */
  readonly isHarmless?: boolean;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { operation, run, opened, title, confirm, back, isHarmless = false, children, onClose } = props;
  const { t } = useLabels();
  const close = (): void => {
    operation.clear();
    onClose();
  };
  const start = async (): Promise<void> => {
    const outcome = await run();
    if (outcome.ok) close();
  };
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <Stack gap="md">
        {children}
        <ErrorNote error={operation.error} />
        <Group justify="flex-end" gap="xs">
          {/* A field of the question comes first. */}
          <Button variant="default" onClick={close} data-autofocus>
            {back ?? t('action.cancel')}
          </Button>
          <Button className={isHarmless ? undefined : classes['confirm']} onClick={() => void start()} loading={operation.pending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
