// The actions for the selected nodes. An action that suits only some of them says for how many.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { DrainDialog } from './DrainDialog';
import { possibleActions } from './node-figures';
import { TagDialog } from './TagDialog';
import { useNodeActs } from './use-node-acts';

export function BulkActions({ nodes }: { readonly nodes: readonly NodeView[] }) {
  const { t, format } = useLabels();
  const { show } = useToasts();
  const acts = useNodeActs();
  // The nodes of the dialog stay the same while rows change.
  const [dialog, setDialog] = useState<{ readonly kind: 'drain' | 'tag'; readonly nodes: readonly NodeView[] } | null>(null);
  const drainable = nodes.filter((node) => possibleActions(node).drain);
  const resumable = nodes.filter((node) => possibleActions(node).resume);
  const partOf = (label: string, some: readonly NodeView[]): string =>
    some.length === 0 || some.length === nodes.length ? label : t('nodes.for_some', { label, shown: format.number(some.length) });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(nodes.map(({ name }) => name).join('\n'));
    show({ text: t('nodes.names_copied', { count: nodes.length }) });
  };
  const close = (): void => setDialog(null);
  const button = { variant: 'subtle', color: 'gray', size: 'compact-sm' } as const;
  return (
    <>
      <Button {...button} disabled={drainable.length === 0} onClick={() => setDialog({ kind: 'drain', nodes: drainable })}>
        {partOf(t('nodes.drain'), drainable)}
      </Button>
      <Button {...button} disabled={resumable.length === 0} onClick={() => void acts.resume(resumable)}>
        {partOf(t('nodes.resume'), resumable)}
      </Button>
      <Button {...button} onClick={() => setDialog({ kind: 'tag', nodes })}>
        {t('nodes.tag')}
      </Button>
      <Button {...button} onClick={() => void copy()}>
        {t('nodes.copy_names')}
      </Button>
      {dialog?.kind === 'drain' && <DrainDialog nodes={dialog.nodes} opened onClose={close} />}
      {dialog?.kind === 'tag' && <TagDialog nodes={dialog.nodes} opened onClose={close} />}
    </>
  );
}
