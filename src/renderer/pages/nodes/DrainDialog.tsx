// Drains nodes: the deadline, and a note for the owner. The dialog closes at once: a notice says which nodes changed.
import { Button, Group, NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { SELDOM_MS, useSettings } from '../../queries/settings';
import { useApp } from '../../store/Screen';
import { type NodesDialogProps, NodesModal } from './NodesModal';
import { ReasonField, reasonParam } from './ReasonField';
import { useNodeActs } from './use-node-acts';

const SETTING = 'scheduler.drain_timeout_seconds';

/** Seconds; null leaves it to the scheduler's configuration. */
const DEADLINES = { drain_default: null, drain_minutes_5: 300, drain_hour_1: 3600, drain_now: 0 } as const;
type Deadline = keyof typeof DEADLINES;
const CHOICES = Object.keys(DEADLINES) as Deadline[];

export function DrainDialog({ nodes, opened, onClose }: NodesDialogProps) {
  const { t } = useLabels();
  const [deadline, setDeadline] = useState<Deadline>('drain_default');
  const [reason, setReason] = useState('');
  const acts = useNodeActs();
  const defaultLabel = useDefaultLabel();
  const seconds = DEADLINES[deadline];
  const jobs = nodes.reduce((sum, { in_flight_jobs: count }) => sum + count, 0);
  const start = (): void => {
    void acts.drain(nodes, { ...(seconds === null ? {} : { timeout_seconds: seconds }), ...reasonParam(reason) });
    onClose();
  };
  return (
    <NodesModal nodes={nodes} opened={opened} onClose={onClose} title="drain_title">
      <Stack gap="md">
        <p>{t('nodes.drain_text', { count: nodes.length })}</p>
        {jobs > 0 && <p>{t(seconds === 0 ? 'nodes.drain_moves' : 'nodes.drain_finishes', { count: jobs })}</p>}
        <NativeSelect
          data-autofocus
          label={t('nodes.drain_deadline')}
          value={deadline}
          onChange={(event) => setDeadline(CHOICES.find((choice) => choice === event.currentTarget.value) ?? 'drain_default')}
          data={CHOICES.map((value) => ({ value, label: value === 'drain_default' ? defaultLabel : t(`nodes.${value}`) }))}
        />
        <ReasonField value={reason} onChange={setReason} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button onClick={start}>{t('nodes.drain_do')}</Button>
        </Group>
      </Stack>
    </NodesModal>
  );
}

/** With its time, where the caller may read the settings of the scheduler and it runs here. */
function useDefaultLabel(): string {
  const { t, format } = useLabels();
  const { value } = useSettings(SELDOM_MS);
  const isHere = useApp(({ pool, host }) => pool !== null && host !== null);
  const seconds = value?.settings.find(({ key }) => key === SETTING)?.value;
  if (!isHere || typeof seconds !== 'number') return t('nodes.drain_default');
  return t('nodes.drain_default_after', { time: format.duration(seconds * 1000) });
}
