// Always visible: the availability of the node with its reason, the address of its scheduler, the link, simulated nodes, warnings, the version.
import type { AgentView } from '../../shared/api/agent-view';
import type { AppState } from '../../shared/api/app-state';
import { availabilityOf } from '../../shared/api/availability';
import type { NodeView } from '../../shared/api/node-view';
import type { NodeStatusMessage } from '../../shared/protocol/scheduler-messages';
import { AvailabilityReason, checksOf } from '../components/Availability';
import { SimulatedBadge } from '../components/Badge';
import type { StatusShapeProps } from '../components/StatusShape';
import type { Shape } from '../labels/shape';
import { StatusLabel } from '../components/StatusLabel';
import { useLabels, type Labels } from '../i18n/use-labels';
import { nodeCounts, ownNode } from '../store/nodes';
import { useApp, useScreenState } from '../store/Screen';
import { addressOf } from '../labels/link-labels';
import classes from './StatusBar.module.css';

export function StatusBar() {
  const labels = useLabels();
  const { t } = labels;
  const agent = useApp((app) => app.agent);
  const isHosting = useApp((app) => app.host?.state === 'running');
  const version = useApp((app) => app.app.version);
  const isOpen = useScreenState((state) => state.connection === 'open');
  const warnings = useApp(warningsOf);
  const simulatedNodes = useApp((app) => nodeCounts(app.nodes).simulated);
  return (
    <footer className={classes['bar']} aria-label={t('status_bar.label')} data-stale={isOpen ? undefined : ''}>
      {agent !== null && <AgentState agent={agent} labels={labels} />}
      {isHosting && <span className={classes['more']}>{t('status_bar.hosting')}</span>}
      {agent?.simulated === true && <SimulatedBadge gpu />}
      {agent?.simulated !== true && simulatedNodes > 0 && <span>{t('status_bar.simulated_nodes', { count: simulatedNodes })}</span>}
      {warnings > 0 && <span>{t('status_bar.warnings', { count: warnings })}</span>}
      <span className={classes['version']}>Muster {version}</span>
    </footer>
  );
}

function AgentState({ agent, labels }: { readonly agent: AgentView; readonly labels: Labels }) {
  const { link, node_status: status } = agent;
  const drain = useApp((app) => hostDrainOf(ownNode(app)));
  const { t } = labels;
  return (
    <>
      <span className={classes['state']}>
        <StatusLabel {...stateLabel(agent, labels)} />
        {link.state === 'connected' && status !== null && (
          <span className={classes['reason']}>
            <AvailabilityReason node={{ ...status.message, drain }} />
          </span>
        )}
      </span>
      {link.state !== 'idle' && <span className={classes['more']}>{addressOf(link.scheduler_url)}</span>}
      {link.state === 'connected' && (
        <span className={classes['more']}>
          {link.latency_ms === null
            ? t('status_bar.link_unknown')
            : t('status_bar.link', { latency: labels.format.number(link.latency_ms) })}
        </span>
      )}
    </>
  );
}

/** The only polite live region: a screen reader announces a change of status once, and does not announce ages. */
export function StatusAnnouncer() {
  const labels = useLabels();
  const agent = useScreenState((state) => state.app?.agent ?? null);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label={labels.t('hero.label')}>
      {agent === null ? '' : stateLabel(agent, labels).label}
    </div>
  );
}

/** A drain by the owner needs no name: the reader is the owner. */
const hostDrainOf = (own: NodeView | null): NodeView['drain'] => (own?.drain?.by === 'operator' ? own.drain : null);

interface StateLabel {
  readonly shape: Shape;
  readonly label: string;
  readonly progress?: StatusShapeProps['progress'];
}

/** The last pushed availability while connected, else the state of the link: the scheduler alone sets a status. */
export function stateLabel({ link, node_status }: AgentView, { t }: Labels): StateLabel {
  switch (link.state) {
    case 'idle':
      return { shape: 'offline', label: t('link.idle') };
    case 'refused':
      return { shape: 'refused', label: t('link.refused') };
    case 'connecting':
    case 'reconnecting':
      return { shape: 'waiting', label: t(`link.${link.state}`) };
    case 'connected':
      if (node_status === null) return { shape: 'waiting', label: t('status_bar.not_pushed') };
      return availableLabel(node_status.message, t);
  }
}

function availableLabel(message: NodeStatusMessage, t: Labels['t']): StateLabel {
  const { state } = availabilityOf(message);
  return { shape: state, label: t(`availability.${state}`), progress: checksOf(message) };
}

function warningsOf({ agent, host, pool }: AppState): number {
  const gpuFaults = agent?.hardware?.gpus.filter((gpu) => gpu.accepted && !gpu.available).length ?? 0;
  const models = agent?.models.filter((model) => model.state === 'error').length ?? 0;
  const own = (agent?.notices.length ?? 0) + (agent?.model_problems.length ?? 0) + gpuFaults + models;
  return own + (host !== null && host.error_code !== null ? 1 : 0) + (pool?.mass_loss ? 1 : 0);
}
