// The actions on nodes in the palette, on every page: drain, resume and tag a node. It holds the dialogs that they open.
import { useState } from 'react';
import { may } from '../../../shared/api/pool-access';
import type { NodeView } from '../../../shared/api/node-view';
import { type Command, useCommands } from '../../components/commands/commands';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { distinctName } from '../../labels/node-name';
import { useScreen } from '../../store/Screen';
import { DrainDialog } from './DrainDialog';
import { possibleActions } from './node-figures';
import { TagDialog } from './TagDialog';
import { useNodeActs } from './use-node-acts';

interface Dialog {
  readonly kind: 'drain' | 'tag';
  readonly node: NodeView;
}

export function NodeCommands() {
  const labels = useLabels();
  const { store } = useScreen();
  const acts = useNodeActs();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  // The state is read when the palette asks, so the frame does not render again with each change of a node. Without a search, the
  // palette shows no actions on single nodes.
  useCommands((search) => {
    const { app } = store.getState();
    if (app === null || search.trim() === '' || !may(app.pool, 'operate')) return [];
    const run = { ask: setDialog, resume: (node: NodeView) => void acts.resume([node]) };
    return Array.from(app.nodes.values(), (node) => commandsOf(node, labels, run)).flat();
  });
  const close = (): void => setDialog(null);
  return (
    <>
      {dialog?.kind === 'drain' && <DrainDialog nodes={[dialog.node]} opened onClose={close} />}
      {dialog?.kind === 'tag' && <TagDialog nodes={[dialog.node]} opened onClose={close} />}
    </>
  );
}

interface Run {
  readonly ask: (dialog: Dialog) => void;
  readonly resume: (node: NodeView) => void;
}

function commandsOf(node: NodeView, { t }: Labels, run: Run): readonly Command[] {
  const { node_id: id, in_flight_jobs: jobs, tags = [] } = node;
  const name = distinctName(node);
  const possible = possibleActions(node);
  const drain: Command = {
    id: `drain ${id}`,
    group: 'actions',
    title: t('nodes.command.drain', { name }),
    ...(jobs === 0 ? {} : { detail: t('nodes.command.jobs', { count: jobs }) }),
    run: () => run.ask({ kind: 'drain', node }),
  };
  const resume: Command = { id: `resume ${id}`, group: 'actions', title: t('nodes.command.resume', { name }), run: () => run.resume(node) };
  const tag: Command = {
    id: `tag ${id}`,
    group: 'actions',
    title: t('nodes.command.tag', { name }),
    detail: tags.join(t('punctuation.list')),
    run: () => run.ask({ kind: 'tag', node }),
  };
  return [...(possible.drain ? [drain] : []), ...(possible.resume ? [resume] : []), tag];
}
