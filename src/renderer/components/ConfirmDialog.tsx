// Asks for confirmation of an action that affects other people: the consequence, then Cancel, then the action in red.
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AppError } from '../../shared/api/app-api';
import { useLabels } from '../i18n/use-labels';
import classes from './ConfirmDialog.module.css';
import { ErrorNote } from './ErrorNote';

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly confirm: string;
  /** The label of the button that cancels, where `Cancel` could be read as the action itself. */
  readonly back?: string;
  readonly pending: boolean;
  readonly error: AppError | null;
  readonly children: ReactNode;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function ConfirmDialog({ opened, title, confirm, back, pending, error, children, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useLabels();
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <Stack gap="md">
        {children}
        <ErrorNote error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {back ?? t('action.cancel')}
          </Button>
          <Button className={classes['confirm']} onClick={onConfirm} loading={pending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
