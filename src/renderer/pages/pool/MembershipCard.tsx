// The pool that this computer belongs to, and the action that leaves it. On the host it is the node of the host in its own pool.
import { Button, Stack } from '@mantine/core';
import type { LinkView } from '../../../shared/api/agent-view';
import type { PoolSummary } from '../../../shared/api/node-view';
import { Card } from '../../components/Card';
import { ClockTime } from '../../components/Time';
import { Dim } from '../../components/Dim';
import { NextTry } from '../../components/own/NextTry';
import { LeavePool } from '../../components/own/LeavePool';
import { ErrorNote } from '../../components/ErrorNote';
import { Rich } from '../../components/Rich';
import type { Shape } from '../../labels/shape';
import { StatusLabel, type StatusLabelProps } from '../../components/StatusLabel';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { addressOf, causeLabel, isErrorCode } from '../../labels/link-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import classes from './HostCard.module.css';
import { SchedulerPart } from './SchedulerFacts';

export type MemberLink = Exclude<LinkView, { state: 'idle' }>;
export const LINK_SHAPES: Record<MemberLink['state'], Shape> = {
  connecting: 'waiting',
  connected: 'ready',
  reconnecting: 'waiting',
  refused: 'refused',
};

export interface MembershipCardProps {
  readonly link: MemberLink;
  /** This computer hosts the pool. The user stops the pool to leave it. */
  readonly isHosted: boolean;
  readonly canLeave: boolean;
  /** Null: not known, or shown elsewhere. */
  readonly pool: PoolSummary | null;
}

export function MembershipCard({ link, isHosted, canLeave, pool }: MembershipCardProps) {
  const labels = useLabels();
  const { t } = labels;
  const recheck = useOperation('agent.recheck');
  const lostSince = useApp(({ pool }) => pool?.lost_since ?? null);
  // The agent and the dashboard have a connection each.
  const isLost = link.state === 'connected' && lostSince !== null;
  const address = addressOf(link.scheduler_url);
  return (
    <Card
      title={t(isHosted ? 'pool.own_title' : 'pool.joined_title')}
      note={
        <span className={classes['state']}>
          {isLost ? <StatusLabel shape="disconnected" label={t('pool.no_data')} /> : <StatusLabel {...stateOf(labels, link, isHosted)} />}
        </span>
      }
      aside={!isHosted && canLeave && <LeavePool address={address} size="compact-sm" />}
    >
      <Stack gap="sm">
        {isLost && (
          <p>
            <Rich k="pool.no_data_since" values={{ since: <ClockTime wallMs={lostSince} /> }} />
          </p>
        )}
        {link.state === 'reconnecting' && (
          <>
            <p>
              <Rich k="hero.reconnecting.text" values={{ address, since: <ClockTime wallMs={link.since} /> }} />
            </p>
            <p>
              {t('hero.cause', { cause: causeLabel(labels, link.cause) })}
              {labels.gap}
              <NextTry link={link} />
            </p>
            <div>
              <Button variant="default" size="compact-sm" loading={recheck.pending} onClick={() => void recheck.run({})}>
                {t('hero.try_now')}
              </Button>
            </div>
          </>
        )}
        <ErrorNote error={recheck.error} />
        {isHosted ? <p>{t('pool.own')}</p> : <Membership link={link} address={address} canLeave={canLeave} />}
        {pool !== null && (
          <div>
            <SchedulerPart pool={pool} />
          </div>
        )}
      </Stack>
    </Card>
  );
}

/** Without a GPU a computer stays a member that uses the pool. Another refusal names its reason. */
function stateOf({ t }: Labels, link: MemberLink, isHosted: boolean): StatusLabelProps {
  const shape = LINK_SHAPES[link.state];
  const word = t(`link.${link.state}`);
  if (link.state !== 'refused') return { shape, label: word };
  if (link.code === 'NO_GPU_AVAILABLE') return { shape: 'offline', label: t(`pool.no_gpu.${isHosted ? 'host' : 'member'}`) };
  if (link.code === 'NOT_A_NODE') return { shape: 'offline', label: t('error.NOT_A_NODE.title') };
  const reason = isErrorCode(link.code) ? t(`error.${link.code}.title`) : link.code;
  return { shape, label: t('pool.refused_why', { word, reason }) };
}

type MembershipProps = Pick<MembershipCardProps, 'link' | 'canLeave'> & { readonly address: string };

function Membership({ link, address, canLeave }: MembershipProps) {
  const { t } = useLabels();
  const others = (link.other_urls ?? []).map(addressOf);
  return (
    <>
      {link.state !== 'reconnecting' && (
        <p>
          <Rich k="pool.joined_text" values={{ address }} />
        </p>
      )}
      {others.length > 0 && (
        <Dim as="p">
          {t(link.state === 'reconnecting' ? 'pool.schedulers_in_turn' : 'pool.other_schedulers', {
            addresses: others.join(t('punctuation.list')),
          })}
        </Dim>
      )}
      {!canLeave && <Dim as="p">{t('pool.fixed')}</Dim>}
      {link.state !== 'reconnecting' && <Dim as="p">{t('rights.managed_by')}</Dim>}
    </>
  );
}
