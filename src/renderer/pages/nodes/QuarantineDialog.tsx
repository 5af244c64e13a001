// Quarantines a node, with a note.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';

export interface QuarantineDialogProps {
  readonly node: NodeView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function QuarantineDialog({ node: { node_id, name }, opened, onClose }: QuarantineDialogProps) {
  const { t } = useLabels();
  const [reason, setReason] = useState('');
  const quarantine = useOperation('pool.quarantine');
  const params = { node_id, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
  const close = (): void => {
    quarantine.clear();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={t('nodes.quarantine_title', { name })}
      confirm={t('nodes.quarantine_do')}
      pending={quarantine.pending}
      error={quarantine.error}
      onClose={close}
      onConfirm={() => void quarantine.run(params).then((outcome) => outcome.ok && close())}
    >
      <p>{t('nodes.quarantine_text')}</p>
      <TextInput
        label={t('nodes.drain_reason')}
        value={reason}
        maxLength={512}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
