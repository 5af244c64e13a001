// A new invitation: its link as text and as a QR code, its validity, and the button that revokes the link.
import { Button, Group } from '@mantine/core';
import { useClock } from '../../clock/Clock';
import { CopyField } from '../../components/CopyField';
import { CopyButton } from '../../components/CopyButton';
import { DialogFoot } from '../../components/DialogFoot';
import { Dim } from '../../components/Dim';
import { Disclosure } from '../../components/Disclosure';
import { ErrorNote } from '../../components/ErrorNote';
import { QrCode } from '../../components/QrCode';
import { Rich } from '../../components/Rich';
import { ClockTime } from '../../components/Time';
import { StateLines } from '../../components/StateLines';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { hostOfLink, invitationText } from '../../labels/invitation-text';
import { poolNameOf } from '../../labels/pool-name';
import { useApp } from '../../store/Screen';
import classes from './InviteDialog.module.css';
import type { MadeInvite } from './InviteForm';
import { useUnreachable } from './use-unreachable';

/** The button that copies. The form before took the focus with it. */
function focusFirst(lines: HTMLElement | null): void {
  lines?.querySelector('button')?.focus({ preventScroll: true });
}

export interface InviteResultProps {
  readonly made: MadeInvite;
  readonly onClose: () => void;
  readonly onCopied: () => void;
}

export function InviteResult({ made, onClose, onCopied }: InviteResultProps) {
  const { t } = useLabels();
  const revoke = useOperation('invites.revoke');
  const unreachable = useUnreachable() ?? t('invite.only_here');
  const { id, link, https_link: httpsLink } = made.links;
  const revokeLink = async (): Promise<void> => {
    const outcome = await revoke.run({ id });
    if (outcome.ok) onClose();
  };
  return (
    <div className={classes['result']}>
      <div className={classes['lines']} ref={focusFirst}>
        {httpsLink !== null && <Invitation made={made} httpsLink={httpsLink} onCopied={onCopied} />}
        {httpsLink === null && (
          <StateLines shape="degraded">
            <p>{unreachable}</p>
          </StateLines>
        )}
        <CopyField label={t('invite.link')} value={link} isPrimary={httpsLink === null} onCopied={onCopied} />
        <p>{t(made.uses === 1 ? 'invite.secret' : 'invite.secret_several')}</p>
        {httpsLink === null ? (
          <>
            <Dim as="p">{t('invite.command')}</Dim>
          </>
        ) : (
          <Disclosure title={t('invite.others')} summary={t('invite.others_summary')}>
            <div className={classes['lines']}>
              <div className={classes['https']}>
                <CopyButton value={httpsLink} text={t('invite.copy_https')} onCopied={onCopied} />
                <Dim as="p">{t('invite.https_note')}</Dim>
              </div>
              <Dim as="p">{t('invite.command')}</Dim>
            </div>
          </Disclosure>
        )}
      </div>
      <div className={classes['code']}>
        <QrCode text={link} label={t('invite.qr')} />
        <Validity made={made} />
      </div>
      <div className={classes['end']}>
        <DialogFoot>
          <ErrorNote error={revoke.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" className={classes['revoke'] ?? ''} loading={revoke.pending} onClick={() => void revokeLink()}>
              {t('invite.revoke')}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t('action.done')}
            </Button>
          </Group>
        </DialogFoot>
      </div>
    </div>
  );
}

interface InvitationProps extends Pick<InviteResultProps, 'made' | 'onCopied'> {
  readonly httpsLink: string;
}

function Invitation({ made, httpsLink, onCopied }: InvitationProps) {
  const labels = useLabels();
  const { t } = labels;
  const clock = useClock();
  const poolName = useApp(poolNameOf);
  const { link, expires_at: untilWallMs } = made.links;
  const text = invitationText(labels, { poolName, link, httpsLink, uses: made.uses, untilWallMs }, clock.now());
  return (
    <div className={classes['https']}>
      <CopyButton variant="filled" value={text} text={t('invitation.copy')} isFocused onCopied={onCopied} />
      <p>{t('invitation.reach', { host: hostOfLink(httpsLink) })}</p>
    </div>
  );
}

function Validity({ made: { links, uses, models } }: { readonly made: MadeInvite }) {
  const { t } = useLabels();
  return (
    <div className={classes['validity']}>
      <p>
        <Rich
          k="invite.summary"
          values={{ computers: t('invitation.computers', { count: uses }), until: <ClockTime wallMs={links.expires_at} /> }}
        />
      </p>
      {models !== null && <p>{t('invite.models', { models: models.join(t('punctuation.list')) })}</p>}
    </div>
  );
}
