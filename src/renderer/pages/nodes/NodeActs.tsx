// What an operator may do with a node: let it finish, take it back, remove it. What others will feel is asked first.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorNote } from '../../components/ErrorNote';
import { useWords } from '../../i18n/use-words';
import { useOperation } from '../../queries/use-operation';
import { DrainDialog } from './DrainDialog';
import { possibleActs } from './node-figures';

export function NodeActs({ node }: { readonly node: NodeView }) {
  const { t } = useWords();
  const [asking, setAsking] = useState<'drain' | 'remove' | null>(null);
  const resume = useOperation('pool.resume');
  const remove = useOperation('pool.remove');
  const acts = possibleActs(node);
  const { node_id, name } = node;
  const close = (): void => {
    setAsking(null);
    remove.clear();
  };
  return (
    <div>
      <Group gap="xs">
        {acts.drain && (
          <Button variant="default" onClick={() => setAsking('drain')}>
            {t('nodes.drain')}
          </Button>
        )}
        {acts.resume && (
          <Button variant="default" loading={resume.pending} onClick={() => void resume.run({ node_id })}>
            {t('nodes.resume')}
          </Button>
        )}
        <Button variant="default" onClick={() => setAsking('remove')}>
          {t('nodes.remove')}
        </Button>
      </Group>
      <ErrorNote error={resume.error} />
      <DrainDialog node={node} opened={asking === 'drain'} onClose={close} />
      <ConfirmDialog
        opened={asking === 'remove'}
        title={t('nodes.remove_title', { name })}
        confirm={t('nodes.remove_do')}
        pending={remove.pending}
        error={remove.error}
        onClose={close}
        onConfirm={() => void remove.run({ node_id }).then((outcome) => outcome.ok && close())}
      >
        <p>{t('nodes.remove_text')}</p>
      </ConfirmDialog>
    </div>
  );
}
