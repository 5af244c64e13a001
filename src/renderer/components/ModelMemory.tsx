// Whether a model of a node is in memory, and the buttons that change it. To unload a model needs confirmation: its next request waits for
// a load.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { ModelAction, ModelResidency } from '../../shared/protocol/model-control';
import { useLabels } from '../i18n/use-labels';
import { residencyLabel, usefulActions } from '../labels/residency-labels';
import { ConfirmDialog, type ConfirmDialogProps } from './ConfirmDialog';
import classes from './ModelMemory.module.css';
import { StatusLabel } from './StatusLabel';

/** Runs an action on a model. */
export interface ModelControl {
  readonly operation: ConfirmDialogProps['operation'];
  readonly unloading: ConfirmDialogProps['operation'];
  readonly run: (modelId: string, action: ModelAction) => Promise<{ readonly ok: boolean }>;
}

export interface ModelMemoryProps {
  readonly modelId: string;
  /** The name of the node, for the dialog. */
  readonly nodeName: string;
  /** Undefined: unknown. */
  readonly residency: ModelResidency | undefined;
  readonly actions: readonly ModelAction[];
  /** Null: the owner does not permit control, or there is no pool. Then there are no buttons. */
  readonly control: ModelControl | null;
}

export function ModelMemory({ modelId, nodeName, residency, actions, control }: ModelMemoryProps) {
  const labels = useLabels();
  const { t } = labels;
  const [isAsking, setAsking] = useState(false);
  const useful = control === null ? [] : usefulActions(residency ?? null, actions);
  if (residency === undefined && useful.length === 0) return null;
  const act = (action: ModelAction): void => {
    if (action === 'unload') setAsking(true);
    else void control?.run(modelId, action);
  };
  return (
    <div className={classes['memory']}>
      {residency !== undefined && <StatusLabel {...residencyLabel(residency, labels)} />}
      <Group gap={4}>
        {useful.map((action) => (
          <Button
            key={action}
            size="compact-xs"
            variant="default"
            disabled={control?.operation.pending === true}
            aria-label={`${labels.code('model_action', action)}${t('punctuation.colon')}${modelId}`}
            onClick={() => act(action)}
          >
            {labels.code('model_action', action)}
          </Button>
        ))}
      </Group>
      {control !== null && (
        <ConfirmDialog
          operation={control.unloading}
          run={() => control.run(modelId, 'unload')}
          opened={isAsking}
          title={t('models.unload_title', { model: modelId })}
          confirm={t('models.unload_do')}
          onClose={() => setAsking(false)}
        >
          <p>{t('models.unload_text', { name: nodeName })}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
