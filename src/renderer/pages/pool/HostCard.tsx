// The scheduler of this computer: its state, the address for programs; why it failed, and what may help. Closed below: its settings, all
// addresses, facts.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { HostView } from '../../../shared/api/app-state';
import type { PoolSummary } from '../../../shared/api/node-view';
import { ClockTime } from '../../components/Time';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { HostFailure } from '../../components/HostFailure';
import { Rich } from '../../components/Rich';
import type { Shape } from '../../labels/shape';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { cannotStart, portErrorOf } from '../../labels/host-failure';
import { isInOtherPool } from '../../../shared/api/own-host';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import classes from './HostCard.module.css';
import { ChangePoolDialog } from './ChangePoolDialog';
import { useOwnFirst } from '../../store/own-first';
import { Addresses, ProgramsAddress } from './HostAddresses';
import { HostSettings } from './HostSettings';
import { SchedulerPart } from './SchedulerFacts';
import { SharedNotice } from './SharedNotice';
import { StartChoices } from './StartChoices';
import { OnlyHereButton, StopButton } from './StopButtons';
import type { PoolChange } from '../../queries/pool-change';
import { useHostStart } from '../../components/own/use-host-start';

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

export interface HostCardProps {
  readonly host: HostView;
  readonly canHost: boolean;
  /** Null: not this computer's pool, or not known. */
  readonly pool: PoolSummary | null;
}

export function HostCard({ host, canHost, pool }: HostCardProps) {
  const { t, gap } = useLabels();
  const { start, pending, error, question } = useHostStart();
  const [change, setChange] = useState<PoolChange | null>(null);
  const [hasShared, setHasShared] = useState(false);
  const isMember = useApp(isInOtherPool);
  const isStartPrimary = useOwnFirst().isPrimary;
  /** A computer that belongs to a pool leaves it, so the user is asked. */
  const startOwn = (scope: HostView['scope']): void => {
    if (isMember) setChange({ kind: 'own', name: t('pools.own'), scope });
    else start({ scope });
  };
  const share = (): void => {
    setHasShared(true);
    start({ scope: 'lan' });
  };
  const isUp = host.state !== 'stopped' && host.state !== 'failed';
  const hasFailure = host.error_code !== null && (host.state === 'failed' || host.state === 'restarting');
  return (
    <Card
      title={t(TITLES[host.state])}
      note={host.state === 'stopped' ? undefined : <HostState host={host} state={host.state} isUp={isUp} />}
      aside={canHost && isUp && <HostButtons host={host} pending={pending} onShare={share} />}
      tone={host.state === 'failed' ? 'error' : host.state === 'restarting' ? 'warning' : 'plain'}
    >
      <div className={classes['host']}>
        {host.state === 'stopped' && (
          <p>{[t('setup.own_one_address'), t('setup.own_private'), ...(isMember ? [t('pool.host_leaves')] : [])].join(gap)}</p>
        )}
        {hasFailure && (
          <div>
            <HostFailure host={host} />
          </div>
        )}
        {canHost && host.state === 'stopped' && (
          <StartChoices shareLabel={t('setup.start_shared')} isPrimary={isStartPrimary} isStarting={pending} onStart={startOwn} />
        )}
        {canHost && (hasFailure || host.state === 'failed') && (
          <Group gap="xs">
            {hasFailure && <FailureSteps host={host} isStarting={pending} onRestart={() => start({ scope: host.scope })} />}
            {host.state === 'failed' && (
              <StartAgain host={host} isPrimary={isStartPrimary && portErrorOf(host) === null} isStarting={pending} onStart={startOwn} />
            )}
          </Group>
        )}
        <ErrorNote error={error} />
        {hasShared && <SharedNotice host={host} />}
        {host.state === 'running' && <ProgramsAddress host={host} />}
        {isUp && (
          <div>
            {canHost && <HostSettings host={host} />}
            {host.state === 'running' && <Addresses host={host} />}
            {pool !== null && <SchedulerPart pool={pool} />}
          </div>
        )}
        {host.state === 'running' && host.scope === 'lan' && pool !== null && pool.in_cluster !== true && <ClusterLink />}
      </div>
      {question}
      <ChangePoolDialog change={change} onClose={() => setChange(null)} />
    </Card>
  );
}

interface HostButtonsProps {
  readonly host: HostView;
  readonly pending: boolean;
  readonly onShare: () => void;
}

function HostButtons({ host: { state, scope }, pending, onShare }: HostButtonsProps) {
  const { t } = useLabels();
  return (
    <Group gap="xs">
      {state === 'running' && scope === 'this_computer' && (
        <Button variant="default" size="compact-sm" loading={pending} onClick={onShare}>
          {t('pool.start_lan')}
        </Button>
      )}
      {state === 'running' && scope === 'lan' && <OnlyHereButton />}
      {/* In one place in all these states, so that its question stays when the state changes. */}
      <StopButton />
    </Group>
  );
}

/** For a pool that others use. The rail has the page of a cluster. */
function ClusterLink() {
  const { t } = useLabels();
  return (
    <p className={classes['cluster']}>
      <a className="link-target" href={hrefOf({ page: 'cluster' })}>
        {t('pool.cluster_title')}
      </a>
      <Dim as="span">{t('pool.cluster_note')}</Dim>
    </p>
  );
}

interface HostStateProps {
  readonly host: HostView;
  readonly state: keyof typeof SHAPES;
  readonly isUp: boolean;
}

function HostState({ host, state, isUp }: HostStateProps) {
  const { t } = useLabels();
  return (
    <span className={classes['state']}>
      {isUp && cannotStart(host) ? (
        <StatusLabel shape="degraded" label={t('pool.cannot_start')} />
      ) : (
        <StatusLabel shape={SHAPES[state]} label={t(`pool.host_state.${state}`)} />
      )}
      {isUp && cannotStart(host) && <span>{t(`pool.scope.${host.scope}`)}</span>}
      {isUp && !cannotStart(host) && (
        <span>
          {/* While it runs, the top bar has the scope. */}
          {state === 'running' ? null : `${t(`pool.scope.${host.scope}`)} · `}
          <Rich k="pool.since" values={{ since: <ClockTime wallMs={host.since} /> }} />
        </span>
      )}
    </span>
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
