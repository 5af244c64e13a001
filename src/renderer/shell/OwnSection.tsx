// The frame of the state of this computer on every page: marked as old without a connection, with the error of the sharing switch at its
// end. Absent on a computer without an agent.
import type { ReactNode } from 'react';
import type { AgentView } from '../../shared/api/agent-view';
import { ErrorNote } from '../components/ErrorNote';
import { type Sharing, useSharing } from '../components/sharing/use-sharing';
import { useLabels } from '../i18n/use-labels';
import { useApp, useScreenState } from '../store/Screen';

interface OwnSectionProps {
  readonly className: string | undefined;
  readonly children: (agent: AgentView, sharing: Sharing) => ReactNode;
}

export function OwnSection({ className, children }: OwnSectionProps) {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  const sharing = useSharing();
  const isOpen = useScreenState((state) => state.connection === 'open');
  if (agent === null) return null;
  return (
    <section className={className} aria-label={t('rail.computer')} data-stale={isOpen ? undefined : ''}>
      {children(agent, sharing)}
      <ErrorNote error={sharing.error} />
    </section>
  );
}
