// The foot of the rail, on every page: the availability of this computer with its reason, the sharing switch, the latency, and the warnings
// with their causes. Rails of icons show the shape, the switch and the number of warnings.
import type { AgentView } from '../../shared/api/agent-view';
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

function Latency({ agent: { link, pause } }: { readonly agent: AgentView }) {
  const { t, format } = useLabels();
  if (link.state !== 'connected' || link.latency_ms === null || pause != null) return null;
  return <span className={classes['latency']}>{t('rail.latency', { latency: format.number(link.latency_ms) })}</span>;
}
