// The scheduler of the pool. Of a headless program also: how other computers join, and how this one joins another pool.
import type { PoolSummary } from '../../../shared/api/node-view';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Disclosure } from '../../components/Disclosure';
import { Facts } from '../../components/Facts';
import { useMay } from '../../components/RightNote';
import { ClockTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { INVITE_HREF } from '../../routes';
import { useIsHeadlessShared } from '../../store/is-shared';
import { useApp, useScreen } from '../../store/Screen';
import { JOIN_COMMAND, SHARE_VARIABLE, shareCommand } from './join-command';
import classes from './SchedulerFacts.module.css';

interface SchedulerProps {
  readonly pool: PoolSummary;
}

/** A part of the card of the host. */
export function SchedulerPart({ pool }: SchedulerProps) {
  const { t } = useLabels();
  const summary = t('pool.scheduler_line', { version: pool.scheduler_version, interval: pool.heartbeat_interval_seconds });
  return (
    <Disclosure title={t('pool.summary')} summary={summary}>
      <SchedulerFacts pool={pool} isRow />
    </Disclosure>
  );
}

export function SchedulerCard({ pool, isHeadless }: SchedulerProps & { readonly isHeadless: boolean }) {
  const { t } = useLabels();
  return (
    <Card title={t('pool.summary')}>
      <SchedulerFacts pool={pool} isRow={isHeadless} />
      {isHeadless && <JoinHelp />}
    </Card>
  );
}

function SchedulerFacts({ pool, isRow }: SchedulerProps & { readonly isRow: boolean }) {
  const { t } = useLabels();
  return (
    <Facts
      isRow={isRow}
      facts={[
        [t('settings.scheduler_version'), pool.scheduler_version],
        [t('pool.started'), <ClockTime key="started" wallMs={pool.started_at} />],
        [
          t('pool.interval'),
          t('pool.interval_value', { interval: pool.heartbeat_interval_seconds, timeout: pool.heartbeat_timeout_seconds }),
        ],
        [
          t('pool.required_models'),
          pool.required_models.length === 0 ? t('pool.none_required') : pool.required_models.join(t('punctuation.list')),
        ],
      ]}
    />
  );
}

/** An owner makes an invitation here, others ask for the command. */
function JoinWay() {
  const { t, gap } = useLabels();
  const mayInvite = useMay('manage');
  if (mayInvite)
    return (
      <p>
        {t('pool.join_by_invitation')}
        {gap}
        <a href={INVITE_HREF}>{t('nodes.join_by.invite')}</a>
      </p>
    );
  return (
    <>
      <JoinCommand label={t('pool.join_with')} />
      <p>{t('pool.join_file')}</p>
    </>
  );
}

/**
 * A headless program has no join link: its owner makes invitations on the command line. And it cannot start itself with other roles, so the
 * owner gets the commands (ADR 0001).
 */
function JoinHelp() {
  const { t } = useLabels();
  const { endpoint } = useScreen();
  const isShared = useIsHeadlessShared();
  const isNode = useApp(({ agent }) => agent !== null);
  if (endpoint.url === null) return null;
  return (
    <div className={classes['note']}>
      {isShared ? (
        <JoinWay />
      ) : (
        <>
          <p>{t('pool.join_closed')}</p>
          <CopyField label={t('pool.share_with')} value={shareCommand(isNode ? 'pool' : 'scheduler')} isLine />
          <CopyField label={t('pool.share_service')} value={SHARE_VARIABLE} isLine />
        </>
      )}
      {isNode && (
        <>
          <p>{t('pool.leave_closed')}</p>
          <JoinCommand label={t('pool.leave_with')} />
        </>
      )}
    </div>
  );
}

/** Without a button that copies: LINK is a placeholder. */
function JoinCommand({ label }: { readonly label: string }) {
  const { t } = useLabels();
  return (
    <p>
      {label}
      {t('punctuation.colon')}
      <code>{JOIN_COMMAND}</code>
    </p>
  );
}
