// The tags of nodes: those that all of them have. Other tags of a node stay.
import { Button, Group, Stack, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { MAX_TAG_LENGTH, MAX_TAGS } from '../../../shared/api/node-tags';
import { useLabels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { type NodesDialogProps, NodesModal } from './NodesModal';
import { commonTags, knownTags, tagChanges } from './tag-changes';
import { useNodeActs } from './use-node-acts';

export const TagDialog = (dialog: NodesDialogProps) => (
  <NodesModal {...dialog} title="tag_title">
    <TagForm {...dialog} />
  </NodesModal>
);

function TagForm({ nodes, onClose }: NodesDialogProps) {
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
