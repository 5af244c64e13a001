// The foot of the rail, on every page: the availability of this computer with its reason, the sharing switch, the latency, and marks that
// need attention. Rails of icons show the shape and the switch alone.
import type { AgentView } from '../../shared/api/agent-view';
import type { AppState } from '../../shared/api/app-state';
import { SimulatedBadge } from '../components/Badge';
import { SharingSwitch } from '../components/sharing/SharingSwitch';
import { useLabels } from '../i18n/use-labels';
import { useApp } from '../store/Screen';
import { OwnSection } from './OwnSection';
import { OwnLabel, OwnReason } from './OwnState';
import classes from './RailFoot.module.css';

export const RailFoot = () => (
  <OwnSection className={classes['foot']}>
    {(agent, sharing) => (
      <>
        <div className={classes['head']}>
          <OwnLabel agent={agent} />
          <SharingSwitch sharing={sharing} />
        </div>
        <div className={classes['notes']}>
          <OwnReason agent={agent} className={classes['reason']} />
          <Latency agent={agent} />
          <div className={classes['marks']}>
            {agent.simulated && <SimulatedBadge gpu />}
            <Warnings />
          </div>
        </div>
      </>
    )}
  </OwnSection>
);

function Latency({ agent: { link } }: { readonly agent: AgentView }) {
  const { t, format } = useLabels();
  if (link.state !== 'connected' || link.latency_ms === null) return null;
  return <span className={classes['latency']}>{t('rail.latency', { latency: format.number(link.latency_ms) })}</span>;
}

function Warnings() {
  const { t } = useLabels();
  const count = useApp(warningsOf);
  return count === 0 ? null : <span>{t('rail.warnings', { count })}</span>;
}

function warningsOf({ agent, host, pool }: AppState): number {
  const gpuFaults = agent?.hardware?.gpus.filter((gpu) => gpu.accepted && !gpu.available).length ?? 0;
  const models = agent?.models.filter((model) => model.state === 'error').length ?? 0;
  const own = (agent?.notices.length ?? 0) + (agent?.model_problems.length ?? 0) + gpuFaults + models;
  return own + (host !== null && host.error_code !== null ? 1 : 0) + (pool?.mass_loss ? 1 : 0);
}
