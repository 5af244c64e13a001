// Always below: the node's state, its pool and link, what is simulated, how many warnings, the version.
import type { AgentView } from '../../shared/api/agent-view';
import type { AppState } from '../../shared/api/app-state';
import { SimulatedBadge } from '../components/Badge';
import type { Shape } from '../components/StatusShape';
import { StatusWord } from '../components/StatusWord';
import { useWords, type Words } from '../i18n/use-words';
import { nodeCounts } from '../store/nodes';
import { useApp, useScreenState } from '../store/Screen';
import { addressOf } from '../words/link-words';
import classes from './StatusBar.module.css';

export function StatusBar() {
  const words = useWords();
  const { t } = words;
  const agent = useApp((app) => app.agent);
  const isHosting = useApp((app) => app.host?.state === 'running');
  const version = useApp((app) => app.app.version);
  const isOpen = useScreenState((state) => state.connection === 'open');
  const warnings = useApp(warningsOf);
  const simulatedNodes = useApp((app) => nodeCounts(app.nodes).simulated);
  return (
    <footer className={classes['bar']} aria-label={t('status_bar.label')} data-stale={isOpen ? undefined : ''}>
      {agent !== null && <AgentState agent={agent} words={words} />}
      {isHosting && <span className={classes['more']}>{t('status_bar.hosting')}</span>}
      {agent?.simulated === true && <SimulatedBadge gpu />}
      {agent?.simulated !== true && simulatedNodes > 0 && <span>{t('status_bar.simulated_nodes', { count: simulatedNodes })}</span>}
      {warnings > 0 && <span>{t('status_bar.warnings', { count: warnings })}</span>}
      <span className={classes['version']}>Muster {version}</span>
    </footer>
  );
}

function AgentState({ agent, words }: { readonly agent: AgentView; readonly words: Words }) {
  const { link } = agent;
  const { shape, word } = stateWord(agent, words);
  const { t } = words;
  return (
    <>
      <StatusWord shape={shape} word={word} />
      {link.state !== 'idle' && <span className={classes['more']}>{addressOf(link.scheduler_url)}</span>}
      {link.state === 'connected' && (
        <span>
          {link.latency_ms === null
            ? t('status_bar.link_unknown')
            : t('status_bar.link', { latency: words.format.number(link.latency_ms) })}
        </span>
      )}
    </>
  );
}

/** The one polite live region: a screen reader speaks a change of status once, and nothing that only ticks. */
export function StatusAnnouncer() {
  const words = useWords();
  const agent = useScreenState((state) => state.app?.agent ?? null);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label={words.t('hero.label')}>
      {agent === null ? '' : stateWord(agent, words).word}
    </div>
  );
}

/** The pushed status while the link stands; the link's own state while it does not: a status is never invented. */
export function stateWord({ link, node_status }: AgentView, { t }: Words): { readonly shape: Shape; readonly word: string } {
  switch (link.state) {
    case 'idle':
      return { shape: 'offline', word: t('link.idle') };
    case 'refused':
      return { shape: 'refused', word: t('link.refused') };
    case 'connecting':
    case 'reconnecting':
      return { shape: 'waiting', word: t(`link.${link.state}`) };
    case 'connected':
      if (node_status === null) return { shape: 'waiting', word: t('status_bar.not_pushed') };
      return { shape: node_status.message.status, word: t(`status.${node_status.message.status}`) };
  }
}

function warningsOf({ agent, host, pool }: AppState): number {
  const gpuFaults = agent?.hardware?.gpus.filter((gpu) => gpu.accepted && !gpu.available).length ?? 0;
  const models = agent?.models.filter((model) => model.state === 'error').length ?? 0;
  const own = (agent?.notices.length ?? 0) + (agent?.model_problems.length ?? 0) + gpuFaults + models;
  return own + (host !== null && host.error_code !== null ? 1 : 0) + (pool?.mass_loss ? 1 : 0);
}
