// Changes the limit of the pool for one kind of load. Nodes that are above the limit get no jobs.
import { Button, Group, Modal, NumberInput, Stack } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { limitSettings } from '../../../../shared/api/over-use-text';
import { ErrorNote } from '../../../components/ErrorNote';
import { useToasts } from '../../../components/toasts/use-toasts';
import { useLabels } from '../../../i18n/use-labels';
import { useOperation } from '../../../queries/use-operation';
import { type Attention, takingAt } from './attention';

export type OverLimit = Extract<Attention, { readonly kind: 'over_limit' }>;

export interface LimitDialogProps {
  readonly limit: OverLimit;
  readonly onClose: () => void;
}

export function LimitDialog({ limit: { use, nodes, limitPercent, percents, suggestion }, onClose }: LimitDialogProps) {
  const { t, format, gap } = useLabels();
  const { show } = useToasts();
  const set = useOperation('settings.set');
  const [percent, setPercent] = useState<number | string>(suggestion?.limitPercent ?? limitPercent);
  const name = t(`pool_overview.limit_name.${use}`);
  const taking = typeof percent === 'number' ? takingAt(percent, percents) : 0;
  const isValid = typeof percent === 'number' && percent >= 1 && percent <= 100;
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const [key = ''] = limitSettings(use, 'scheduler');
    if (!isValid || !(await set.run({ key, value: percent })).ok) return;
    show({ text: t('pool_overview.limit.saved', { name, limit: format.percent(percent) }) });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t('pool_overview.limit.title', { name })} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <p>
            {t(`pool_overview.limit.text.${use}`, {
              count: nodes.count,
              formatted: format.number(nodes.count),
              limit: format.percent(limitPercent),
            })}
            {gap}
            {t('pool_overview.limit.text_scope')}
          </p>
          <NumberInput
            data-autofocus
            label={t(`pool_overview.limit.field.${use}`)}
            suffix="%"
            min={1}
            max={100}
            clampBehavior="none"
            allowDecimal={false}
            value={percent}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            description={
              isValid &&
              t('pool_overview.limit.taking', {
                count: taking,
                formatted: format.number(taking),
                limit: format.percent(percent),
              })
            }
            error={!isValid && t('pool_overview.limit.invalid')}
            onChange={setPercent}
          />
          <ErrorNote error={set.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={!isValid} loading={set.pending}>
              {t('pool_overview.limit.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
