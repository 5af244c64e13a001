// The address of the scheduler, the link, simulated nodes, warnings, the version. In windows without the foot of the rail also the
// availability of this computer with its reason, and the counts of the ready nodes.
import type { AgentView } from '../../shared/api/agent-view';
import type { AppState } from '../../shared/api/app-state';
import { SimulatedBadge } from '../components/Badge';
import { useLabels } from '../i18n/use-labels';
import { addressOf } from '../labels/link-labels';
import { nodeCounts } from '../store/nodes';
import { useApp, useScreenState } from '../store/Screen';
import { stateLabel } from './own-state-label';
import { OwnLabel, OwnReason } from './OwnState';
import { ReadyCounts, useHasReadyCounts } from './ReadyCounts';
import classes from './StatusBar.module.css';

export function StatusBar() {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  const hasCounts = useHasReadyCounts();
  const isHosting = useApp((app) => app.host?.state === 'running');
  const version = useApp((app) => app.app.version);
  const isOpen = useScreenState((state) => state.connection === 'open');
  const warnings = useApp(warningsOf);
  const simulatedNodes = useApp((app) => nodeCounts(app.nodes).simulated);
  return (
    <footer className={classes['bar']} aria-label={t('status_bar.label')} data-stale={isOpen ? undefined : ''}>
      {agent !== null && <AgentState agent={agent} />}
      {hasCounts && (
        <span role="group" className={classes['counts']} aria-label={t('rail.nodes')}>
          <ReadyCounts />
        </span>
      )}
      {isHosting && <span className={classes['more']}>{t('status_bar.hosting')}</span>}
      {agent?.simulated === true && <SimulatedBadge gpu />}
      {agent?.simulated !== true && simulatedNodes > 0 && <span>{t('status_bar.simulated_nodes', { count: simulatedNodes })}</span>}
      {warnings > 0 && <span>{t('status_bar.warnings', { count: warnings })}</span>}
      <span className={classes['version']}>Muster {version}</span>
    </footer>
  );
}

function AgentState({ agent }: { readonly agent: AgentView }) {
  const { t, format } = useLabels();
  const { link } = agent;
  return (
    <>
      <span className={classes['state']}>
        <OwnLabel agent={agent} />
        <OwnReason agent={agent} className={classes['reason']} />
      </span>
      {link.state !== 'idle' && <span className={classes['more']}>{addressOf(link.scheduler_url)}</span>}
      {link.state === 'connected' && (
        <span className={classes['more']}>
          {link.latency_ms === null ? t('status_bar.link_unknown') : t('status_bar.link', { latency: format.number(link.latency_ms) })}
        </span>
      )}
    </>
  );
}

/** A screen reader announces a change of status once, and does not announce ages. */
export function StatusAnnouncer() {
  const labels = useLabels();
  const agent = useScreenState((state) => state.app?.agent ?? null);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label={labels.t('hero.label')}>
      {agent === null ? '' : stateLabel(agent, labels).label}
    </div>
  );
}

function warningsOf({ agent, host, pool }: AppState): number {
  const gpuFaults = agent?.hardware?.gpus.filter((gpu) => gpu.accepted && !gpu.available).length ?? 0;
  const models = agent?.models.filter((model) => model.state === 'error').length ?? 0;
  const own = (agent?.notices.length ?? 0) + (agent?.model_problems.length ?? 0) + gpuFaults + models;
  return own + (host !== null && host.error_code !== null ? 1 : 0) + (pool?.mass_loss ? 1 : 0);
}
