// The page Members of a caller who does not manage the pool: the pool, its host, and what this caller may do there. The scheduler reports
// no other member to it.
import { may, type PoolRight } from '../../../shared/api/pool-access';
import { Card } from '../../components/Card';
import { usePoolTarget } from '../../components/connect/use-connect-target';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { Facts } from '../../components/Facts';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { poolNameOf } from '../../labels/pool-name';
import { useApp } from '../../store/Screen';
import classes from './OwnMembership.module.css';

/** In the order of the roles, from the least to the most. */
const SHOWN_RIGHTS = ['be_a_node', 'submit_jobs', 'view', 'operate'] as const satisfies readonly PoolRight[];

export function OwnMembership() {
  const { t, gap } = useLabels();
  const name = useApp(poolNameOf);
  const pool = useApp((app) => app.pool);
  const nodeName = useApp(({ agent }) => agent?.name ?? null);
  const schedulerUrl = useApp(({ agent }) => (agent === null || agent.link.state === 'idle' ? null : agent.link.scheduler_url));
  const membersUrl = usePoolTarget(false)?.membersUrl ?? null;
  // The state of a host has the rights of the host, not those of a caller in a browser.
  const rights =
    pool?.access === 'member' ? SHOWN_RIGHTS.filter((right) => may(pool, right)).map((right) => t(`members.right.${right}`)) : [];
  return (
    <Card title={t('members.yours')}>
      <div className={classes['lines']}>
        <Facts
          facts={[
            [t('members.pool'), name ?? '–'],
            ...(schedulerUrl === null ? [] : [[t('members.host'), addressOf(schedulerUrl)] as const]),
            ...(nodeName === null ? [] : [[t('settings.computer'), nodeName] as const]),
            ...(rights.length === 0 ? [] : [[t('members.rights'), rights.join(t('punctuation.comma'))] as const]),
          ]}
        />
        <p>
          {t('members.not_owner')}
          {gap}
          {t('members.not_owner_how')}
        </p>
        {membersUrl !== null && (
          <>
            <CopyField label={t('connect.key_members')} value={membersUrl} />
            <Dim as="p">{t('elsewhere.dashboard_note')}</Dim>
          </>
        )}
      </div>
    </Card>
  );
}
