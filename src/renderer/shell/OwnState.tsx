// The state of this computer for the foot of the rail and the tabs: its label, its reason, and its shape alone.
import type { AgentView } from '../../shared/api/agent-view';
import { availabilityOf } from '../../shared/api/availability';
import { AvailabilityReason } from '../components/Availability';
import { StatusLabel } from '../components/StatusLabel';
import { StatusShape } from '../components/StatusShape';
import { useLabels } from '../i18n/use-labels';
import { ownNode } from '../store/nodes';
import { useApp } from '../store/Screen';
import { stateLabel } from './own-state-label';
import classes from './OwnState.module.css';

interface OwnStateProps {
  readonly agent: AgentView;
}

export function OwnLabel({ agent }: OwnStateProps) {
  const { label, ...shape } = stateLabel(agent, useLabels());
  return <StatusLabel {...shape} label={<span className={classes['word']}>{label}</span>} />;
}

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
  const { t } = useLabels();
  const shownDrain = useApp((app) => ownNode(app)?.drain ?? null);
  if (link.state !== 'connected' || status === null) return null;
  const { message } = status;
  // An older scheduler pushes no drain.
  const drain = message.drain ?? shownDrain;
  const isStoppedByOwner = drain?.by === 'node' && message.quarantine == null && availabilityOf(message).state === 'paused';
  return <span className={className}>{isStoppedByOwner ? t('rail.stopped') : <AvailabilityReason node={{ ...message, drain }} />}</span>;
}
