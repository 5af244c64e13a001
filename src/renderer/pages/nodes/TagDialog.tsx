// The tags of nodes: those that all of them have. Other tags of a node stay.
import { Button, Group, Modal, Stack, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { MAX_TAG_LENGTH, MAX_TAGS } from '../../../shared/api/node-tags';
import type { NodeView } from '../../../shared/api/node-view';
import { useLabels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { nodesText } from './nodes-text';
import { commonTags, knownTags, tagChanges } from './tag-changes';
import { useNodeActs } from './use-node-acts';

export interface TagDialogProps {
  readonly nodes: readonly NodeView[];
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function TagDialog({ nodes, opened, onClose }: TagDialogProps) {
  const { t } = useLabels();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={nodesText(t, 'tag_title', { count: nodes.length, name: nodes[0]?.name ?? '' })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <TagForm nodes={nodes} onClose={onClose} />
    </Modal>
  );
}

function TagForm({ nodes, onClose }: Omit<TagDialogProps, 'opened'>) {
  const { t } = useLabels();
  const { store } = useScreen();
  const acts = useNodeActs();
  const [tags, setTags] = useState<readonly string[]>(() => commonTags(nodes));
  const [offered] = useState(() => knownTags(store.getState().app?.nodes.values() ?? []));
  const changes = tagChanges(nodes, tags);
  const save = (): void => {
    if (changes === null) return;
    if (changes.length > 0) void acts.tag(changes);
    onClose();
  };
  return (
    <Stack gap="md">
      <TagsInput
        label={t('nodes.tags')}
        description={t('nodes.tag_hint', { count: nodes.length, most: MAX_TAGS, length: MAX_TAG_LENGTH })}
        error={changes === null ? t('nodes.tag_refused', { most: MAX_TAGS, length: MAX_TAG_LENGTH }) : null}
        value={[...tags]}
        onChange={(next) => setTags(next.map((tag) => tag.trim().normalize('NFC')).filter((tag) => tag !== ''))}
        data={[...offered]}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button onClick={save} disabled={changes === null}>
          {t('nodes.tag_do')}
        </Button>
      </Group>
    </Stack>
  );
}
