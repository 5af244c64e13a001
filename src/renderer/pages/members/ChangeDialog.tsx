// The dialog that changes a member or a key. It keeps its content while it closes.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLast } from '../../components/use-last';
import { useLabels } from '../../i18n/use-labels';

export interface ChangeDialogProps<Row> {
  /** Null: closed. */
  readonly row: Row | null;
  readonly titleOf: (row: Row) => string;
  readonly onClose: () => void;
  readonly children: (row: Row) => ReactNode;
}

export function ChangeDialog<Row>({ row, titleOf, onClose, children }: ChangeDialogProps<Row>) {
  const { t } = useLabels();
  const last = useLast(row);
  return (
    <Modal
      opened={row !== null}
      onClose={onClose}
      title={last === null ? '' : titleOf(last)}
      size="lg"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {last !== null && children(last)}
    </Modal>
  );
}
