// Invites a computer: a form, then the one link that the form made.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { InviteForm, type MadeInvite } from './InviteForm';
import { InviteResult } from './InviteResult';
import { ShareFirst } from './ShareFirst';

export function InviteDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useLabels();
  const [made, setMade] = useState<MadeInvite | null>(null);
  const [isCopied, setIsCopied] = useState(false);
  /** It stays when the scheduler restarts meanwhile. */
  const [hasForm, setHasForm] = useState(false);
  const mayShare = useApp(({ app, pool }) => app.can_host && pool?.access === 'host');
  // While the scheduler restarts to be shared, the scope is already the new one.
  const isShared = useApp(({ host }) => host === null || (host.scope === 'lan' && host.state === 'running'));
  if (opened && !hasForm && (isShared || !mayShare)) setHasForm(true);
  const end = (): void => {
    setMade(null);
    setIsCopied(false);
    setHasForm(false);
  };
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
      onExitTransitionEnd={end}
      title={title}
      size={made === null ? 'lg' : 'xl'}
      // The link is shown once: before it was copied, Escape must not lose it, nor a click beside the dialog.
      closeOnClickOutside={made === null}
      closeOnEscape={made === null || isCopied}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {made !== null ? (
        <InviteResult made={made} onClose={onClose} onCopied={() => setIsCopied(true)} />
      ) : hasForm ? (
        <InviteForm onMade={setMade} onCancel={onClose} />
      ) : (
        <ShareFirst onOnlyHere={() => setHasForm(true)} onCancel={onClose} />
      )}
    </Modal>
  );
}
