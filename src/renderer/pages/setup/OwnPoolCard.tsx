// Step 2, the own pool: what runs on this computer now, and the buttons that share it or keep it here. A pool that did not start says why,
// and what helps.
import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import type { HostView } from '../../../shared/api/app-state';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { comesUp } from '../../../shared/api/own-host';
import { readyModelsOf } from '../../../shared/api/own-status';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { HostFailure } from '../../components/HostFailure';
import { HostInvitation } from '../../components/own/HostInvitation';
import { useHostStart } from '../../components/own/use-host-start';
import { lookAroundOf } from '../../components/sharing/use-look-around';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { cannotStart, portErrorOf } from '../../labels/host-failure';
import { poolNameOf } from '../../labels/pool-name';
import type { Shape } from '../../labels/shape';
import { hrefOf, INVITE_HREF, OTHER_POOLS_ID } from '../../routes';
import { useApp } from '../../store/Screen';
import { StartChoices } from '../pool/StartChoices';
import choices from '../pool/StartChoices.module.css';
import { awaitsModels } from './findings';
import { PoolLine } from './PoolLine';
import classes from './SetupPage.module.css';

export interface OwnPoolCardProps {
  readonly host: HostView;
  readonly isPrimary: boolean;
  /** The user keeps the pool of this computer as it is. */
  readonly onKeep: () => void;
}

export function OwnPoolCard({ host, isPrimary, onKeep }: OwnPoolCardProps) {
  const { t } = useLabels();
  const { start, pending, error, question } = useHostStart();
  const isRunning = host.state === 'running';
  if (hasFailed(host)) return <FailedPool host={host} isPrimary={isPrimary} />;
  const isStarting = pending || comesUp(host);
  return (
    <Card title={t('setup.own')}>
      <div className={classes['lines']}>
        <p role={isStarting ? 'status' : undefined}>
          {t(isRunning ? 'setup.own_running' : isStarting ? 'setup.own_starts' : 'setup.own_stopped')}
        </p>
        <OwnPoints />
        <StartChoices
          shareLabel={t(isRunning || isStarting ? 'setup.share' : 'setup.start_shared')}
          keepLabel={isRunning || isStarting ? t('setup.keep_here') : null}
          isPrimary={isPrimary}
          isStarting={isStarting}
          onStart={(chosen) => (isRunning && chosen === 'this_computer' ? onKeep() : start({ scope: chosen }))}
        />
        <ErrorNote error={error} />
        {question}
      </div>
    </Card>
  );
}

/** What a pool of this computer gives, and what it does not give away. */
function OwnPoints() {
  const { t } = useLabels();
  const models = useApp(readyModelsOf);
  const mayAnswer = useApp((app) => lookAroundOf(app) === 'answers');
  const gpu = useApp(({ agent }) => ownGpuOf(agent?.hardware));
  const isRegistering = useApp(({ agent }) => agent !== null && awaitsModels(agent));
  return (
    <ul className={classes['points']}>
      {/* The pool refuses this computer as a node, with its models. */}
      {gpu === 'none' && <Point shape="offline">{t(mayAnswer ? 'setup.own_no_gpu_models' : 'setup.own_no_gpu')}</Point>}
      {gpu === 'usable' && models > 0 && !isRegistering && <Point>{t('setup.own_models', { count: models })}</Point>}
      <Point>{t('setup.own_one_address')}</Point>
      <Point>{t('setup.own_private')}</Point>
    </ul>
  );
}

function Point({ shape = 'ready', children }: { readonly shape?: Shape; readonly children: ReactNode }) {
  return (
    <li>
      <StatusShape shape={shape} size={14} />
      {children}
    </li>
  );
}

/** A pool that others can join. */
export function HostedPool({ host }: { readonly host: HostView }) {
  const { t } = useLabels();
  const name = useApp(poolNameOf) ?? '';
  return (
    <PoolLine shape="ready" title={t('setup.hosted', { name })} note={t('setup.hosted_note')}>
      {host.join_link === null ? (
        <Button component="a" href={INVITE_HREF} variant="default">
          {t('setup.invite')}
        </Button>
      ) : (
        <HostInvitation host={host} />
      )}
    </PoolLine>
  );
}

/** A pool for this computer alone, which has answered. */
export function PoolOnlyHere() {
  const { t } = useLabels();
  const { start, pending, error, question } = useHostStart();
  const name = useApp(poolNameOf) ?? '';
  return (
    <PoolLine shape="ready" title={t('setup.hosted', { name })} note={t('pool.host_choices.this_computer')}>
      <Group gap="xs">
        <Button variant="default" disabled={pending} onClick={() => start({ scope: 'lan' })}>
          {t('setup.share')}
        </Button>
        <a href={hrefOf({ page: 'pool', id: OTHER_POOLS_ID })}>{t('hero.idle.join')}</a>
      </Group>
      <ErrorNote error={error} />
      {question}
    </PoolLine>
  );
}

/** A scheduler that crashed did run, and starts again by itself. */
const hasFailed = (host: HostView): boolean => host.state === 'failed' || cannotStart(host);

function FailedPool({ host, isPrimary }: Pick<OwnPoolCardProps, 'host' | 'isPrimary'>) {
  const { t } = useLabels();
  const { start, pending, error, question } = useHostStart();
  // On the same port it fails again.
  const needsPort = portErrorOf(host) !== null;
  return (
    <Card title={t('setup.own_failed')} tone="error">
      <div className={classes['lines']}>
        <div>
          <HostFailure host={host} />
          <p>
            <a className="link-target" href={hrefOf({ page: 'logs' })}>
              {t('pool.open_logs')}
            </a>
          </p>
        </div>
        <ul className={choices['choices']}>
          {needsPort && (
            <li>
              <Button component="a" variant={isPrimary ? 'filled' : 'default'} href={hrefOf({ page: 'settings', search: 'server.port' })}>
                {t('pool.change_port')}
              </Button>
              <p>{t('setup.change_port_note')}</p>
            </li>
          )}
          <li>
            <Button
              variant={isPrimary && !needsPort ? 'filled' : 'default'}
              disabled={pending}
              onClick={() => start({ scope: host.scope })}
            >
              {t('pool.start_again')}
            </Button>
            {needsPort && <p>{t('setup.start_again_note')}</p>}
          </li>
        </ul>
        <ErrorNote error={error} />
        {question}
      </div>
    </Card>
  );
}
