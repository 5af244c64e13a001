// The state of this computer as the shell shows it: the availability while connected, else the state of the link.
import type { AgentView } from '../../shared/api/agent-view';
import { availabilityOf } from '../../shared/api/availability';
import { lacksModel } from '../../shared/api/own-status';
import type { NodeStatusMessage } from '../../shared/protocol/scheduler-messages';
import { checksOf } from '../components/Availability';
import type { StatusLabelProps } from '../components/StatusLabel';
import type { Labels } from '../i18n/use-labels';
import type { AwaitedHost } from '../../shared/api/own-host';
import { cannotStart } from '../labels/host-failure';
import { stoppedShape } from '../labels/stopped-shapes';

/**
 * The last pushed availability while connected, else the state of the link: the scheduler alone sets a status.
 * @param lost the own scheduler as the cause of a lost link
 */
export function stateLabel({ link, node_status, models }: AgentView, lost: AwaitedHost | null, { t }: Labels): StatusLabelProps {
  if (lost !== null)
    return { shape: stoppedShape(lost), label: t(cannotStart(lost) ? 'pool.cannot_start' : `rail.host_stopped.${lost.state}`) };
  switch (link.state) {
    case 'idle':
      return { shape: 'offline', label: t('link.idle') };
    case 'refused':
      // Without a GPU it can still host a pool, and use the GPUs of others.
      if (link.code === 'NOT_A_NODE') return { shape: 'offline', label: t('link.not_a_node') };
      return link.code === 'NO_GPU_AVAILABLE'
        ? { shape: 'offline', label: t('setup.no_gpu') }
        : { shape: 'refused', label: t('link.refused') };
    case 'connecting':
    case 'reconnecting':
      return { shape: 'waiting', label: t(`link.${link.state}`) };
    case 'connected':
      if (node_status === null) return { shape: 'waiting', label: t('availability.registering') };
      if (lacksModel(node_status.message, models)) return { shape: 'degraded', label: t('rail.no_model') };
      return availableLabel(node_status.message, t);
  }
}

function availableLabel(message: NodeStatusMessage, t: Labels['t']): StatusLabelProps {
  const { state } = availabilityOf(message);
  return { shape: state, label: t(`availability.${state}`), progress: checksOf(message) };
}
