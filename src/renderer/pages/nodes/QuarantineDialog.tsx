// Quarantines a node, with a note.
import { useState } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ReasonField, reasonParam } from './ReasonField';

export interface QuarantineDialogProps {
  readonly node: NodeView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function QuarantineDialog({ node: { node_id, name }, opened, onClose }: QuarantineDialogProps) {
  const { t } = useLabels();
  const [reason, setReason] = useState('');
  const quarantine = useOperation('pool.quarantine');
  return (
    <ConfirmDialog
      operation={quarantine}
      run={() => quarantine.run({ node_id, ...reasonParam(reason) })}
      opened={opened}
      title={t('nodes.quarantine_title', { name })}
      confirm={t('nodes.quarantine_do')}
      onClose={onClose}
    >
      <p>{t('nodes.quarantine_text')}</p>
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
