// The state of this computer for the rail and the status bar: its label, its reason, and its shape alone.
import type { AgentView } from '../../shared/api/agent-view';
import { availabilityOf } from '../../shared/api/availability';
import { AvailabilityReason } from '../components/Availability';
import { StatusLabel } from '../components/StatusLabel';
import { StatusShape } from '../components/StatusShape';
import { useLabels } from '../i18n/use-labels';
import { ownNode } from '../store/nodes';
import { useApp } from '../store/Screen';
import { stateLabel } from './own-state-label';

interface OwnStateProps {
  readonly agent: AgentView;
}

export const OwnLabel = ({ agent }: OwnStateProps) => <StatusLabel {...stateLabel(agent, useLabels())} />;

/** Null on a computer without an agent. */
export function OwnShape({ size }: { readonly size: number }) {
  const agent = useApp((app) => app.agent);
  const labels = useLabels();
  if (agent === null) return null;
  const { shape, progress } = stateLabel(agent, labels);
  return <StatusShape shape={shape} size={size} progress={progress} />;
}

/** Only a connected computer has a reason: without a connection, its last availability may be old. */
export function OwnReason({ agent: { link, node_status: status }, className }: OwnStateProps & { readonly className: string | undefined }) {
  const shownDrain = useApp((app) => ownNode(app)?.drain ?? null);
  if (link.state !== 'connected' || status === null) return null;
  const { message } = status;
  // An older scheduler pushes no drain.
  const drain = message.drain ?? shownDrain;
  const { pause, quarantine } = message;
  // The sharing switch beside it shows the pause.
  if (pause != null && quarantine == null && availabilityOf(message).state === 'paused') return null;
  return (
    <span className={className}>
      <AvailabilityReason node={{ ...message, drain }} />
    </span>
  );
}
