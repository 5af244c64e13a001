// The actions of an operator on a node: drain, resume, quarantine, release, remove. Drain, quarantine and remove need confirmation.
import { Button, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { DrainDialog } from './DrainDialog';
import { QuarantineDialog } from './QuarantineDialog';
import { TagDialog } from './TagDialog';
import { useNodeActs } from './use-node-acts';
import { possibleActions } from './node-figures';

export interface NodeActionsProps {
  readonly node: NodeView;
  /** Behind the actions. */
  readonly children: ReactNode;
}

export function NodeActions({ node, children }: NodeActionsProps) {
  const { t } = useLabels();
  const [dialog, setDialog] = useState<'drain' | 'tag' | 'quarantine' | 'remove' | null>(null);
  const acts = useNodeActs();
  const release = useOperation('pool.release');
  const remove = useOperation('pool.remove');
  const actions = possibleActions(node);
  const { node_id, name } = node;
  const close = (): void => setDialog(null);
  return (
    <div>
      <Group gap="xs">
        {actions.drain && (
          <Button variant="default" onClick={() => setDialog('drain')}>
            {t('nodes.drain')}
          </Button>
        )}
        {actions.resume && (
          <Button variant="default" onClick={() => void acts.resume([node])}>
            {t('nodes.resume')}
          </Button>
        )}
        <Button variant="default" onClick={() => setDialog('tag')}>
          {t('nodes.tag')}
        </Button>
        {actions.release ? (
          <Button variant="default" loading={release.pending} onClick={() => void release.run({ node_id })}>
            {t('nodes.release')}
          </Button>
        ) : (
          <Button variant="default" onClick={() => setDialog('quarantine')}>
            {t('nodes.quarantine')}
          </Button>
        )}
        <Button variant="default" onClick={() => setDialog('remove')}>
          {t('nodes.remove')}
        </Button>
        {children}
      </Group>
      <ErrorNote error={release.error} />
      <DrainDialog nodes={[node]} opened={dialog === 'drain'} onClose={close} />
      <TagDialog nodes={[node]} opened={dialog === 'tag'} onClose={close} />
      <QuarantineDialog node={node} opened={dialog === 'quarantine'} onClose={close} />
      <ConfirmDialog
        operation={remove}
        run={() => remove.run({ node_id })}
        opened={dialog === 'remove'}
        title={t('nodes.remove_title', { name })}
        confirm={t('nodes.remove_do')}
        onClose={close}
      >
        <p>{t('nodes.remove_text')}</p>
      </ConfirmDialog>
    </div>
  );
}
