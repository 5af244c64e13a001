// Step 2, the own pool: what runs on this computer now, and the buttons that share it or keep it here.
import { Button, Group } from '@mantine/core';
import type { HostView } from '../../../shared/api/app-state';
import { Card } from '../../components/Card';
import { CopyButton } from '../../components/CopyButton';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { INVITE_HREF } from '../../routes';
import { useApp } from '../../store/Screen';
import { isOwnFirst } from '../pool/current-pool';
import { StartChoices } from '../pool/StartChoices';
import { useHostStart } from '../pool/use-host-start';
import classes from './SetupPage.module.css';

export interface OwnPoolCardProps {
  readonly host: HostView;
  /** The user keeps the pool of this computer as it is. */
  readonly onKeep: () => void;
}

export function OwnPoolCard({ host: { state, scope, join_link: joinLink }, onKeep }: OwnPoolCardProps) {
  const { t } = useLabels();
  const { start, pending, error, question } = useHostStart();
  const isPrimary = useApp(isOwnFirst);
  const variant = isPrimary ? 'filled' : 'default';
  const isRunning = state === 'running';
  const isShared = isRunning && scope === 'lan';
  const isStarting = pending || state === 'starting' || state === 'restarting';
  return (
    <Card title={t('setup.own')}>
      <div className={classes['lines']}>
        <p>{t(isShared ? 'setup.own_shared' : isRunning ? 'setup.own_running' : 'setup.own_stopped')}</p>
        {isShared ? (
          <>
            <Group gap="xs">
              {joinLink !== null && <CopyButton value={joinLink} variant={variant} text={t('invitation_page.copy_link')} />}
              <Button component="a" href={INVITE_HREF} variant={joinLink === null ? variant : 'default'}>
                {t('setup.invite')}
              </Button>
            </Group>
            {joinLink !== null && <Dim as="p">{t('pool.join_link_note')}</Dim>}
          </>
        ) : (
          <StartChoices
            shareLabel={t(isRunning ? 'setup.share' : 'setup.start_shared')}
            isPrimary={isPrimary}
            isStarting={isStarting}
            onStart={(chosen) => (isRunning && chosen === 'this_computer' ? onKeep() : start({ scope: chosen }))}
          />
        )}
        <ErrorNote error={error} />
        {question}
      </div>
    </Card>
  );
}
