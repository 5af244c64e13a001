// The foot of the rail, on every page: the availability of this computer with its reason, the sharing switch, the latency, and the warnings
// with their causes. Rails of icons show the shape, the switch and the number of warnings.
import type { AgentView } from '../../shared/api/agent-view';
import { availabilityOf } from '../../shared/api/availability';
import { ownStatusOf } from '../../shared/api/own-status';
import { SimulatedBadge } from '../components/Badge';
import { SharingSwitch } from '../components/sharing/SharingSwitch';
import { useLabels } from '../i18n/use-labels';
import { OwnSection } from './OwnSection';
import { OwnLabel, OwnReason } from './OwnState';
import { WarningLines, WarningMark } from './OwnWarnings';
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
          <OwnReason agent={agent} className={classes['reason']} hasWarningLines />
          <Latency agent={agent} />
          {agent.simulated && (
            <div>
              <SimulatedBadge gpu />
            </div>
          )}
          <WarningLines />
        </div>
        <div className={classes['mark']}>
          <WarningMark />
        </div>
      </>
    )}
  </OwnSection>
);

/** While this computer can get jobs, beside their number or the limit. */
function Latency({ agent }: { readonly agent: AgentView }) {
  const { t, format } = useLabels();
  const { link, pause } = agent;
  const message = ownStatusOf(agent);
  const isDegraded = message !== null && availabilityOf(message).state === 'degraded';
  if (link.state !== 'connected' || link.latency_ms === null || pause != null || isDegraded) return null;
  return <span className={classes['latency']}>{t('rail.latency', { latency: format.number(link.latency_ms) })}</span>;
}
