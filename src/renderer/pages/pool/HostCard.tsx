// The scheduler of this computer: its state, its addresses, its join link; why it failed, and what may help. Its settings are beside it.
import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { HostView } from '../../../shared/api/app-state';
import { pinOfLink } from '../../../shared/api/join-link';
import { ClockTime } from '../../components/Time';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { HostFailure } from '../../components/HostFailure';
import { Rich } from '../../components/Rich';
import type { Shape } from '../../labels/shape';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { portErrorOf } from '../../labels/host-failure';
import { isInOtherPool } from '../../../shared/api/own-host';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import classes from './HostCard.module.css';
import { ChangePoolDialog } from './ChangePoolDialog';
import { isOwnFirst } from './current-pool';
import { StartChoices } from './StartChoices';
import type { PoolChange } from '../../queries/pool-change';
import { useHostStart } from './use-host-start';

const SHAPES: Record<Exclude<HostView['state'], 'stopped'>, Shape> = {
  starting: 'waiting',
  running: 'ready',
  restarting: 'registering',
  failed: 'refused',
};

const TITLES = {
  stopped: 'pool.host_title',
  starting: 'pool.host_other',
  running: 'pool.host_running',
  restarting: 'pool.host_other',
  failed: 'pool.host_other',
} as const;

export function HostCard({ host, canHost }: { readonly host: HostView; readonly canHost: boolean }) {
  const { t, gap } = useLabels();
  const { start, pending, error, question } = useHostStart();
  const [change, setChange] = useState<PoolChange | null>(null);
  const isMember = useApp(isInOtherPool);
  const isStartPrimary = useApp(isOwnFirst);
  /** A computer that belongs to a pool leaves it, so the user is asked. */
  const startOwn = (scope: HostView['scope']): void => {
    if (isMember) setChange({ kind: 'own', name: t('pools.own'), scope });
    else start({ scope });
  };
  const isUp = host.state !== 'stopped' && host.state !== 'failed';
  const hasFailure = host.error_code !== null && (host.state === 'failed' || host.state === 'restarting');
  return (
    <Card title={t(TITLES[host.state])} tone={host.state === 'failed' ? 'error' : host.state === 'restarting' ? 'warning' : 'plain'}>
      <Stack gap="sm">
        {host.state === 'stopped' ? (
          <p>{t('pool.host_text') + (isMember ? gap + t('pool.host_leaves') : '')}</p>
        ) : (
          <Group gap="sm">
            <StatusLabel shape={SHAPES[host.state]} label={t(`pool.host_state.${host.state}`)} />
            {isUp && (
              <Dim as="span">
                {t(`pool.scope.${host.scope}`)}
                {' · '}
                <Rich k="pool.since" values={{ since: <ClockTime wallMs={host.since} /> }} />
              </Dim>
            )}
          </Group>
        )}
        {hasFailure && (
          <div>
            <HostFailure host={host} />
          </div>
        )}
        {host.state === 'running' && <Addresses host={host} />}
        {canHost && host.state === 'stopped' && (
          <StartChoices shareLabel={t('setup.start_shared')} isPrimary={isStartPrimary} isStarting={pending} onStart={startOwn} />
        )}
        {canHost && (hasFailure || host.state === 'failed' || host.state === 'running') && (
          <Group gap="xs">
            {hasFailure && <FailureSteps host={host} isStarting={pending} onRestart={() => start({ scope: host.scope })} />}
            {host.state === 'failed' && (
              <StartAgain host={host} isPrimary={isStartPrimary && portErrorOf(host) === null} isStarting={pending} onStart={startOwn} />
            )}
            {host.state === 'running' && host.scope === 'this_computer' && (
              <Button variant="default" loading={pending} onClick={() => start({ scope: 'lan' })}>
                {t('pool.start_lan')}
              </Button>
            )}
          </Group>
        )}
        <ErrorNote error={error} />
      </Stack>
      {question}
      <ChangePoolDialog change={change} onClose={() => setChange(null)} />
    </Card>
  );
}

interface StartAgainProps {
  readonly host: HostView;
  readonly isPrimary: boolean;
  readonly isStarting: boolean;
  readonly onStart: (scope: HostView['scope']) => void;
}

/** A failed scheduler starts again as it was, or with the other scope. */
function StartAgain({ host, isPrimary, isStarting, onStart }: StartAgainProps) {
  const { t } = useLabels();
  const other = host.scope === 'lan' ? 'this_computer' : 'lan';
  return (
    <>
      <Button variant={isPrimary ? 'filled' : 'default'} loading={isStarting} onClick={() => onStart(host.scope)}>
        {t('pool.start_again')}
      </Button>
      <Button variant="default" disabled={isStarting} onClick={() => onStart(other)}>
        {t(other === 'this_computer' ? 'setup.only_here' : 'setup.start_shared')}
      </Button>
    </>
  );
}

function Addresses({ host }: { readonly host: HostView }) {
  const { t, gap } = useLabels();
  return (
    <>
      {host.lan_urls[0] !== undefined && (
        <>
          <CopyField label={t('pool.programs_address')} value={`${host.lan_urls[0]}/v1`} />
          <Dim as="p">
            {t('pool.programs_note')}
            {gap}
            <a href={hrefOf({ page: 'members' })}>{t('pool.to_members')}</a>
          </Dim>
          {pinOfLink(host.join_link) !== null && (
            <Dim as="p">
              {t('pool.programs_trust')}
              {gap}
              <a href={hrefOf({ page: 'connect' })}>{t('pool.to_connect')}</a>
            </Dim>
          )}
        </>
      )}
      {host.scope === 'lan' && host.lan_urls.length === 0 && <p>{t('pool.no_lan')}</p>}
      {host.url !== null && (
        <details className={classes['addresses']}>
          <summary>{t('pool.addresses')}</summary>
          {host.join_link !== null && (
            <>
              <CopyField label={t('pool.join_link')} value={host.join_link} />
              <Dim as="p">{t('pool.join_link_note')}</Dim>
            </>
          )}
          {host.lan_urls.map((url, index) => (
            <CopyField key={url} label={t('pool.lan_address')} hideLabel={index > 0} value={url} />
          ))}
          <CopyField label={t('pool.address')} value={host.url} />
        </details>
      )}
    </>
  );
}

interface FailureStepsProps {
  readonly host: HostView;
  readonly isStarting: boolean;
  readonly onRestart: () => void;
}

/** What may help after a failure. A start while the scheduler waits for its restart takes place at once. */
function FailureSteps({ host, isStarting, onRestart }: FailureStepsProps) {
  const { t } = useLabels();
  // On the same port it fails again.
  const needsPort = portErrorOf(host) !== null;
  return (
    <>
      {needsPort && (
        <Button component="a" href={hrefOf({ page: 'settings', search: 'server.port' })}>
          {t('pool.change_port')}
        </Button>
      )}
      {host.state === 'restarting' && host.next_restart_at !== null && (
        <Button variant={needsPort ? 'default' : 'filled'} loading={isStarting} onClick={onRestart}>
          {t('pool.restart_now')}
        </Button>
      )}
      <Button component="a" variant="default" href={hrefOf({ page: 'logs' })}>
        {t('pool.open_logs')}
      </Button>
    </>
  );
}
