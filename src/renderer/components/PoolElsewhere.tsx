// What a page of the pool shows on a computer that does not operate the pool: the address of the host's dashboard, or how to get
// a pool. Where the own pool does not run: why. Before the first connection, and before the own pool answers: that it is being made.
import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLabels } from '../i18n/use-labels';
import { addressOf, causeLabel } from '../labels/link-labels';
import type { LinkView } from '../../shared/api/agent-view';
import { causeOfLoss, ownHostOf, stoppedHostOf } from '../../shared/api/own-host';
import { portErrorOf, stoppedTitle } from '../labels/host-failure';
import { hrefOf, type PageName } from '../routes';
import { useApp } from '../store/Screen';
import { Card } from './Card';
import { CopyField } from './CopyField';
import { Dim } from './Dim';
import { HostFailure } from './HostFailure';
import { NoPoolActions } from './NoPoolActions';
import { NextTry } from './own/NextTry';
import { TryNow } from './own/TryNow';
import { Rich } from './Rich';
import { ClockTime } from './Time';
import classes from './PoolElsewhere.module.css';

export interface PoolElsewhereProps {
  readonly page: PageName;
  /** Why the page needs a pool. Absent: the usual text. */
  readonly noPool?: string;
  /** What this computer knows itself. */
  readonly children?: ReactNode;
}

export function PoolElsewhere({ page, noPool, children }: PoolElsewhereProps) {
  const labels = useLabels();
  const { t, gap } = labels;
  const stopped = useApp(stoppedHostOf);
  const isStarting = useApp((app) => causeOfLoss(app)?.state === 'starting');
  const isOwn = useApp((app) => ownHostOf(app) !== null);
  const canHost = useApp(({ app }) => app.can_host);
  const link = useApp(({ agent }) => (agent === null || agent.link.state === 'idle' ? null : agent.link));
  if (stopped !== null) {
    // Only another port helps.
    const needsPort = canHost && portErrorOf(stopped) !== null;
    return (
      <OnPoolPage title={stoppedTitle(labels, stopped)} first={needsPort ? <ChangePort /> : null} isPrimary={!needsPort}>
        <HostFailure host={stopped} isCauseKnown />
      </OnPoolPage>
    );
  }
  if (isStarting)
    return (
      <OnPoolPage title={t('hero.stopped_pool.starting')} first={null} isPrimary>
        <p>{t('elsewhere.after_connection')}</p>
      </OnPoolPage>
    );
  if (link === null)
    return (
      <Card title={t('elsewhere.no_pool_title')}>
        <div className={classes['lines']}>
          <p>{noPool ?? t('elsewhere.no_pool')}</p>
          <NoPoolActions />
        </div>
      </Card>
    );
  if (link.state === 'connecting' || link.state === 'reconnecting' || isOwn)
    return (
      <OnPoolPage title={t('hero.connecting.title')} first={link.state === 'reconnecting' ? <TryNow /> : null} isPrimary={false}>
        <Connecting link={link} />
      </OnPoolPage>
    );
  const { scheduler_url: url } = link;
  const dashboard = `${url.replace(/^ws/, 'http').replace(/\/+$/, '')}/${hrefOf({ page })}`;
  return (
    <Card title={t('elsewhere.title')}>
      <div className={classes['lines']}>
        <p>
          <Rich k="elsewhere.text" values={{ address: addressOf(url) }} />
          {gap}
          {children}
        </p>
        <CopyField label={t('elsewhere.dashboard')} value={dashboard} />
        <Dim as="p">{t('elsewhere.dashboard_note')}</Dim>
      </div>
    </Card>
  );
}

/** No page of the pool has anything to show before the connection. */
function Connecting({ link }: { readonly link: Exclude<LinkView, { readonly state: 'idle' }> }) {
  const labels = useLabels();
  const { t, gap } = labels;
  const address = addressOf(link.scheduler_url);
  return (
    <>
      <p>
        {link.state === 'reconnecting' ? (
          <Rich k="hero.reconnecting.text" values={{ address, since: <ClockTime wallMs={link.since} /> }} />
        ) : (
          <Rich k="hero.connecting.text" values={{ address }} />
        )}
        {gap}
        {t('elsewhere.after_connection')}
      </p>
      {link.state === 'reconnecting' && (
        <p>
          {t('hero.cause', { cause: causeLabel(labels, link.cause) })}
          {gap}
          <NextTry link={link} />
        </p>
      )}
    </>
  );
}

function ChangePort() {
  const { t } = useLabels();
  return (
    <Button component="a" href={hrefOf({ page: 'settings', search: 'server.port' })}>
      {t('pool.change_port')}
    </Button>
  );
}

interface OnPoolPageProps {
  readonly title: string;
  /** An action that helps sooner than the page Pool. */
  readonly first: ReactNode;
  /** The page Pool is the next step. */
  readonly isPrimary: boolean;
  readonly children: ReactNode;
}

/** What the page Pool can change. */
function OnPoolPage({ title, first, isPrimary, children }: OnPoolPageProps) {
  const { t } = useLabels();
  return (
    <Card title={title}>
      <div className={classes['lines']}>
        {children}
        <Group>
          {first}
          <Button component="a" variant={isPrimary ? 'filled' : 'default'} href={hrefOf({ page: 'pool' })}>
            {t('elsewhere.to_pool')}
          </Button>
        </Group>
      </div>
    </Card>
  );
}
