// A dialog about one node, which its title names, or about several, which its title counts.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { useLabels } from '../../i18n/use-labels';
import { nodesText } from './nodes-text';

export interface NodesDialogProps {
  readonly nodes: readonly NodeView[];
  readonly opened: boolean;
  readonly onClose: () => void;
}

interface NodesModalProps extends NodesDialogProps {
  readonly title: 'drain_title' | 'tag_title';
  readonly children: ReactNode;
}

export function NodesModal({ nodes, opened, onClose, title, children }: NodesModalProps) {
  const { t } = useLabels();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={nodesText(t, title, { count: nodes.length, name: nodes[0]?.name ?? '' })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {children}
    </Modal>
  );
}
