// The Jobs page of a computer that operates no pool: the address of its scheduler's dashboard, or a link to join a pool.
import { Button, Group } from '@mantine/core';
import type { AgentView } from '../../../shared/api/agent-view';
import { slotsOf } from '../../../shared/api/availability';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { Page } from '../../components/Page';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { addressOf } from '../../labels/link-labels';
import classes from './MemberJobs.module.css';

export function MemberJobs() {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  return <Page title={t('jobs.title')}>{agent === null || agent.link.state === 'idle' ? <NoPool /> : <OfOtherPool agent={agent} />}</Page>;
}

function NoPool() {
  const { t } = useLabels();
  return (
    <Card title={t('jobs.no_pool_title')}>
      <div className={classes['lines']}>
        <p>{t('jobs.no_pool')}</p>
        <Group>
          <Button component="a" href={hrefOf({ page: 'pool' })}>
            {t('jobs.to_pool')}
          </Button>
        </Group>
      </div>
    </Card>
  );
}

function OfOtherPool({ agent }: { readonly agent: AgentView }) {
  const { t, format, gap } = useLabels();
  const { link, node_status } = agent;
  if (link.state === 'idle') return null;
  const message = link.state === 'connected' ? (node_status?.message ?? null) : null;
  const dashboard = `${link.scheduler_url.replace(/^ws/, 'http').replace(/\/+$/, '')}/${hrefOf({ page: 'jobs' })}`;
  return (
    <Card title={t('jobs.on_host_title')}>
      <div className={classes['lines']}>
        <p>
          <Rich k="jobs.on_host" values={{ address: addressOf(link.scheduler_url) }} />
          {gap}
          {message === null ? (
            t('jobs.on_host_unknown')
          ) : (
            <Rich
              k="jobs.on_host_slots"
              values={{ jobs: format.number(message.in_flight_jobs), slots: format.number(slotsOf(message).total) }}
            />
          )}
        </p>
        <CopyField label={t('jobs.dashboard')} value={dashboard} />
        <Dim as="p">{t('jobs.dashboard_note')}</Dim>
      </div>
    </Card>
  );
}
