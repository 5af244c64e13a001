// Asks for confirmation of an operation that affects other people: the consequence, then Cancel, then the action in red. The dialog closes
// when the operation has succeeded, and shows its error otherwise.
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { OperationName, OperationParams } from '../../shared/api/app-api';
import { useLabels } from '../i18n/use-labels';
import { useOperation } from '../queries/use-operation';
import classes from './ConfirmDialog.module.css';
import { ErrorNote } from './ErrorNote';

export interface ConfirmDialogProps<Name extends OperationName> {
  readonly operation: Name;
  readonly params: OperationParams<Name>;
  readonly opened: boolean;
  readonly title: string;
  readonly confirm: string;
  /** The label of the button that cancels, where `Cancel` could be read as the action itself. */
  readonly back?: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export function ConfirmDialog<Name extends OperationName>(props: ConfirmDialogProps<Name>) {
  const { operation, params, opened, title, confirm, back, children, onClose } = props;
  const { t } = useLabels();
  const { run, pending, error, clear } = useOperation(operation);
  const close = (): void => {
    clear();
    onClose();
  };
  const start = async (): Promise<void> => {
    const outcome = await run(params);
    if (outcome.ok) close();
  };
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <Stack gap="md">
        {children}
        <ErrorNote error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {back ?? t('action.cancel')}
          </Button>
          <Button className={classes['confirm']} onClick={() => void start()} loading={pending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
