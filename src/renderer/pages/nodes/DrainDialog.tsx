// Drains a node: the deadline, and a note for the owner.
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ReasonField, reasonParam } from './ReasonField';

/** Seconds; null leaves it to the scheduler's configuration. */
const DEADLINES = { drain_default: null, drain_minutes_5: 300, drain_hour_1: 3600, drain_now: 0 } as const;
type Deadline = keyof typeof DEADLINES;
const CHOICES = Object.keys(DEADLINES) as Deadline[];

export interface DrainDialogProps {
  readonly node: NodeView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function DrainDialog({ node: { node_id, name }, opened, onClose }: DrainDialogProps) {
  const { t } = useLabels();
  const [deadline, setDeadline] = useState<Deadline>('drain_default');
  const [reason, setReason] = useState('');
  const drain = useOperation('pool.drain');
  const seconds = DEADLINES[deadline];
  const params = { node_id, ...(seconds === null ? {} : { timeout_seconds: seconds }), ...reasonParam(reason) };
  return (
    <ConfirmDialog
      operation={drain}
      run={() => drain.run(params)}
      opened={opened}
      title={t('nodes.drain_title', { name })}
      confirm={t('nodes.drain_do')}
      onClose={onClose}
    >
      <p>{t('nodes.drain_text')}</p>
      <NativeSelect
        label={t('nodes.drain_deadline')}
        value={deadline}
        onChange={(event) => setDeadline(CHOICES.find((choice) => choice === event.currentTarget.value) ?? 'drain_default')}
        data={CHOICES.map((value) => ({ value, label: t(`nodes.${value}`) }))}
      />
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
