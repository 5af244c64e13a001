// The invitation of the pool that this app shares: one for many computers, which the app makes when the pool starts. The main button copies
// it as a text with the first steps. Below: the way to an invitation with its own roles.
import { Group } from '@mantine/core';
import type { HostView } from '../../../shared/api/app-state';
import { httpsLinkOf } from '../../../shared/api/join-link';
import { JOIN_LINK_USES, joinLinkEndWallMs } from '../../../shared/api/own-pool';
import { useClock, useClockPart } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { invitationText } from '../../labels/invitation-text';
import { poolNameOf } from '../../labels/pool-name';
import { INVITE_HREF } from '../../routes';
import { useApp } from '../../store/Screen';
import { CopyButton } from '../CopyButton';
import { CopyField } from '../CopyField';
import { Rich } from '../Rich';
import { ClockTime } from '../Time';
import classes from './HostInvitation.module.css';

export interface HostInvitationProps {
  readonly host: Pick<HostView, 'join_link' | 'since'>;
  /** The link itself is shown, too. Default: a button copies it. */
  readonly showsLink?: boolean;
}

/** Absent: the pool is not shared. */
export function HostInvitation({ host, showsLink = false }: HostInvitationProps) {
  const { t, gap } = useLabels();
  const untilWallMs = joinLinkEndWallMs(host);
  const hasEnded = useClockPart((nowWallMs) => nowWallMs >= untilWallMs);
  const link = host.join_link;
  if (link === null) return null;
  if (hasEnded)
    return (
      <p>
        {t('invitation.expired')}
        {gap}
        <a href={INVITE_HREF}>{t('invitation.again')}</a>
      </p>
    );
  return (
    <div className={classes['lines']}>
      <p>
        <Rich k="invitation.many" values={{ uses: JOIN_LINK_USES, until: <ClockTime wallMs={untilWallMs} /> }} />
      </p>
      <Group gap="xs">
        <CopyText link={link} untilWallMs={untilWallMs} />
        {!showsLink && <CopyButton value={link} size="compact-sm" text={t('invitation.copy_link')} />}
      </Group>
      {showsLink && <CopyField label={t('pool.join_link')} value={link} />}
      <p>
        <a className="link-target" href={INVITE_HREF}>
          {t('invitation.other')}
        </a>
      </p>
    </div>
  );
}

/** A pool without TLS has no address that other computers can use, so its text would be wrong. */
function CopyText({ link, untilWallMs }: { readonly link: string; readonly untilWallMs: number }) {
  const labels = useLabels();
  const clock = useClock();
  const poolName = useApp(poolNameOf);
  const httpsLink = httpsLinkOf(link);
  if (httpsLink === null) return null;
  const text = invitationText(labels, { poolName, link, httpsLink, uses: JOIN_LINK_USES, untilWallMs }, clock.now());
  return <CopyButton value={text} text={labels.t('invitation.copy')} />;
}
