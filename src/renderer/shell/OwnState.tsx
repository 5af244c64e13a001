// The state of this computer for the foot of the rail and the tabs: its label, its reason, and its shape alone.
import type { AgentView } from '../../shared/api/agent-view';
import { availabilityFacts, availabilityOf } from '../../shared/api/availability';
import type { NodeStatusMessage } from '../../shared/protocol/scheduler-messages';
import { useClockPart } from '../clock/Clock';
import { AvailabilityReason, AvailabilityReasonParts } from '../components/Availability';
import { lacksGpu, lastCauseOf } from '../../shared/api/sharing-choice';
import { KnownState } from '../components/KnownState';
import { StatusLabel } from '../components/StatusLabel';
import { StatusShape } from '../components/StatusShape';
import { useLabels } from '../i18n/use-labels';
import { stoppingLabel } from '../labels/availability-labels';
import { causeOfLoss } from '../../shared/api/own-host';
import { heatValues, hottestOf } from '../labels/hot-gpu';
import { pauseLabel } from '../labels/pause-labels';
import { ownNode } from '../store/nodes';
import { ownStatusOf } from '../../shared/api/own-status';
import { useApp } from '../store/Screen';
import { stateLabel } from './own-state-label';

interface OwnStateProps {
  readonly agent: AgentView;
}

export function OwnLabel({ agent }: OwnStateProps) {
  const lost = useApp(causeOfLoss);
  const { label, ...shape } = stateLabel(agent, lost, useLabels());
  return (
    <StatusLabel
      {...shape}
      label={
        <span className="visually-hidden-in-icon-rail">
          <KnownState state={label} />
        </span>
      }
    />
  );
}

/** Null on a computer without an agent. */
export function OwnShape({ size }: { readonly size: number }) {
  const agent = useApp((app) => app.agent);
  const lost = useApp(causeOfLoss);
  const labels = useLabels();
  if (agent === null) return null;
  const { shape, progress } = stateLabel(agent, lost, labels);
  return <StatusShape shape={shape} size={size} progress={progress} />;
}

interface OwnReasonProps extends OwnStateProps {
  readonly className: string | undefined;
  readonly partClass?: string | undefined;
  /** The warnings are beside it as lines, and name the models that are not usable. */
  readonly hasWarningLines?: boolean;
}

/**
 * Only a connected computer has a reason: without a connection, its last availability may be old. A pause holds with and without a
 * connection. Without a GPU: what this computer can do.
 */
export function OwnReason({ agent, className, partClass, hasWarningLines = false }: OwnReasonProps) {
  const labels = useLabels();
  const shownDrain = useApp((app) => ownNode(app)?.drain ?? null);
  const message = ownStatusOf(agent);
  const isDraining = message !== null && availabilityOf(message).state === 'draining';
  const cause = message?.quarantine == null ? lastCauseOf(agent.pause ?? null) : null;
  const hot = hottestOf(agent.hardware);
  const pause = useClockPart((nowWallMs) => {
    if (cause === null) return null;
    if (cause.code === 'temperature' && cause.detail !== null && hot !== null && !isDraining)
      return labels.t('rail.hot', heatValues(labels, hot, cause.detail));
    return isDraining ? stoppingLabel(labels, message, cause, nowWallMs) : pauseLabel(labels, cause, 'own_short', nowWallMs);
  });
  if (pause !== null) return <span className={className}>{pause}</span>;
  if (lacksGpu(agent))
    return <span className={className}>{labels.t(`rail.no_gpu.${agent.link.state === 'idle' ? 'idle' : 'member'}`)}</span>;
  if (message === null) return null;
  if (hasWarningLines && isModelFault(agent, message)) return null;
  // The overview of this computer has the note of the operator.
  if (message.quarantine != null) return <span className={className}>{labels.t('availability_reason.quarantined')}</span>;
  // An older scheduler pushes no drain.
  const drain = message.drain ?? shownDrain;
  return (
    <span className={className}>
      {partClass === undefined ? (
        <AvailabilityReason node={{ ...message, drain }} />
      ) : (
        <AvailabilityReasonParts node={{ ...message, drain }} partClass={partClass} />
      )}
    </span>
  );
}

/** The check fails because of models that are not usable. */
function isModelFault({ models }: AgentView, message: NodeStatusMessage): boolean {
  const facts = availabilityFacts(message);
  return facts.kind === 'failed_check' && facts.check.code === 'model_not_ready' && models.some(({ state }) => state === 'error');
}
