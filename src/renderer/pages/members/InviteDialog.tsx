// Invites a computer: a form, then the one link that the form made.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { InviteForm, type MadeInvite } from './InviteForm';
import { InviteResult } from './InviteResult';

export function InviteDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useLabels();
  const [made, setMade] = useState<MadeInvite | null>(null);
  const title =
    made === null
      ? t('invite.title')
      : made.links.name === null
        ? t('invite.created_title_unnamed')
        : t('invite.created_title', { name: made.links.name });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setMade(null)}
      title={title}
      size={made === null ? 'lg' : 'xl'}
      // The link is shown once: neither Escape nor a click beside the dialog may lose the link.
      closeOnClickOutside={made === null}
      closeOnEscape={made === null}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {made === null ? <InviteForm onMade={setMade} onCancel={onClose} /> : <InviteResult made={made} onClose={onClose} />}
    </Modal>
  );
}
