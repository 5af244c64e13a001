// Step 2 after this computer joined a pool, in one line: which pool, whether jobs can run here, and the next step.
import { availabilityOf } from '../../../shared/api/availability';
import type { AgentView } from '../../../shared/api/agent-view';
import { noSharingOf } from '../../../shared/api/sharing-choice';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { usePoolName } from '../../components/own/use-pool-name';
import type { Shape } from '../../labels/shape';
import { hrefOf } from '../../routes';
import { isDamaged } from '../../../shared/api/own-damage';
import { LINK_SHAPES, type MemberLink } from '../pool/MembershipCard';
import { PoolLine } from './PoolLine';

export interface JoinedCardProps {
  readonly agent: AgentView;
  readonly link: MemberLink;
}

export function JoinedCard({ agent, link }: JoinedCardProps) {
  const labels = useLabels();
  const { t } = labels;
  const name = usePoolName() ?? addressOf(link.scheduler_url);
  // It is no node, and uses the pool.
  if (noSharingOf(agent) === 'no_gpu')
    return (
      <PoolLine shape="offline" title={t('setup.joined_no_gpu', { name })}>
        <a href={hrefOf({ page: 'computer' })}>{t('setup.joined_next.refused')}</a>
      </PoolLine>
    );
  if (link.state !== 'connected') {
    return (
      <PoolLine shape={LINK_SHAPES[link.state]} title={t(`setup.joined.${link.state}`, { name })}>
        {link.state === 'refused' && <a href={hrefOf({ page: 'computer' })}>{t('setup.joined_next.refused')}</a>}
      </PoolLine>
    );
  }
  const { shape, reason } = workOf(agent, labels);
  return (
    <PoolLine shape={shape} title={reason === null ? t('setup.joined_ready', { name }) : t('setup.joined_not_ready', { name, reason })}>
      <a href={hrefOf({ page: 'computer' })}>{t(reason === null ? 'setup.joined_next.connected' : 'setup.joined_next.refused')}</a>
    </PoolLine>
  );
}

/** Whether jobs can start here. `reason` null: they can. */
function workOf({ node_status: status, models }: AgentView, { t }: Labels): { readonly shape: Shape; readonly reason: string | null } {
  if (status === null) return { shape: 'waiting', reason: t('availability.registering') };
  const { state } = availabilityOf(status.message);
  if (state === 'available' || state === 'full') return { shape: 'ready', reason: null };
  const damaged = models.find(isDamaged);
  const reason =
    state === 'degraded' && damaged !== undefined ? t('setup.damaged_model', { model: damaged.model_id }) : t(`availability.${state}`);
  return { shape: state, reason };
}
