// The checks from a GPU to a healthy node, and the progress of this computer.
// A step shows only current facts: without a link, no facts about the pool.
import type { AgentView } from '../../../shared/api/agent-view';
import { availabilityFacts, availabilityOf } from '../../../shared/api/availability';
import { isDamaged } from '../../../shared/api/own-damage';
import { failingHere } from '../../../shared/api/own-status';
import { isWithoutNode } from '../../../shared/api/sharing-choice';
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import type { Labels } from '../../i18n/use-labels';
import { addressOf, isErrorCode } from '../../labels/link-labels';
import { isRepairable } from '../../labels/repairable-gpu';

export const STEPS = ['gpu', 'driver', 'models', 'pool', 'health'] as const;
/** `warning`: enough for the next step, but a part has a fault. */
export type StepState = 'done' | 'active' | 'warning' | 'failed' | 'waiting';

export interface SetupStep {
  readonly step: (typeof STEPS)[number];
  readonly state: StepState;
  /** The value beside the name. */
  readonly detail: string;
}

/** `isPoolStarting`: that of this computer, which is not in it yet. */
export function setupSteps(agent: AgentView, labels: Labels, isPoolStarting = false): readonly SetupStep[] {
  return [
    { step: 'gpu', ...gpuStep(agent, labels) },
    { step: 'driver', ...driverStep(agent, labels) },
    { step: 'models', ...modelsStep(agent, labels) },
    { step: 'pool', ...poolStep(agent, labels, isPoolStarting) },
    { step: 'health', ...healthStep(agent, labels) },
  ];
}

type NodeHealth = NodeStatusMessage['health'];
type Progress = Omit<SetupStep, 'step'>;

function gpuStep({ hardware }: AgentView, { t }: Labels): Progress {
  if (hardware === null) return { state: 'active', detail: t('path.searching') };
  const accepted = hardware.gpus.filter((gpu) => gpu.accepted);
  if (accepted.length === 0) return { state: 'failed', detail: t('path.no_gpu') };
  const usable = accepted.filter((gpu) => gpu.available).length;
  if (usable < accepted.length) {
    return { state: usable === 0 ? 'failed' : 'warning', detail: t('path.gpus_some', { usable, all: accepted.length }) };
  }
  const simulated = accepted.every((gpu) => gpu.simulated);
  return { state: 'done', detail: t(simulated ? 'path.gpus_simulated' : 'path.gpus_usable', { count: accepted.length }) };
}

function driverStep({ hardware }: AgentView, { t }: Labels): Progress {
  const accepted = hardware?.gpus.filter((gpu) => gpu.accepted) ?? [];
  if (hardware === null) return { state: 'waiting', detail: t('path.not_yet') };
  if (accepted.length === 0) {
    // With a driver that works, the GPU would be usable. Else only the step of the GPU has failed.
    const isBroken = hardware.gpus.some(isRepairable);
    return isBroken ? { state: 'failed', detail: t('path.driver_broken') } : { state: 'waiting', detail: t('unknown.none') };
  }
  const available = accepted.filter((gpu) => gpu.available);
  if (available.length === 0) return { state: 'failed', detail: t('path.some_lost', { usable: 0, all: accepted.length }) };
  if (available.length < accepted.length) {
    return { state: 'warning', detail: t('path.some_lost', { usable: available.length, all: accepted.length }) };
  }
  if (accepted.every((gpu) => gpu.simulated)) return { state: 'done', detail: t('path.driver_none') };
  if (hardware.read_at === null) return { state: 'active', detail: t('gpus.not_read') };
  const version = accepted.find((gpu) => gpu.driver_version !== null)?.driver_version;
  return { state: 'done', detail: version ?? t('path.driver_silent') };
}

function modelsStep(agent: AgentView, labels: Labels): Progress {
  const { models, node_status } = agent;
  const { t } = labels;
  // The models are read after the hardware.
  if (models.length === 0 && agent.hardware === null) return { state: 'active', detail: t('path.searching') };
  if (models.length === 0) return { state: 'failed', detail: t('path.models_none') };
  const failing = new Set(failingHere(agent).map(({ model_id: id }) => id));
  const ready = models.filter(({ model_id: id, state }) => state === 'ready' && !failing.has(id)).length;
  const detail = t('path.models_count', { ready, all: models.length });
  const faulty = models.filter((model) => model.state === 'error');
  if (faulty.length + failing.size > 0) {
    const fault = faulty.every(isDamaged) ? 'damaged' : 'unusable';
    const parts = [
      ...(faulty.length === 0 ? [detail] : [t(`path.models_${fault}`, { ready, all: models.length, faulty: faulty.length })]),
      ...(failing.size === 0 ? [] : [t('path.models_failing', { count: failing.size })]),
    ];
    return { state: ready === 0 ? 'failed' : 'warning', detail: parts.join(t('punctuation.comma')) };
  }
  const isVerifying = models.some((model) => model.progress !== null || model.reason_code === 'verifying');
  // While registering, all models must be ready; afterwards one model and the models that the scheduler requires (lifecycle §2).
  const isEnough =
    node_status !== null &&
    node_status.message.status !== 'registering' &&
    node_status.message.health.failed_checks.every(({ code }) => code !== 'model_not_ready');
  if (ready === models.length || (ready > 0 && isEnough)) return { state: 'done', detail };
  if (isVerifying) return { state: 'active', detail: t('path.models_verifying', { ready, all: models.length }) };
  return { state: 'failed', detail };
}

function poolStep({ link, registered_at }: AgentView, { t, format }: Labels, isPoolStarting: boolean): Progress {
  switch (link.state) {
    case 'idle':
      return isPoolStarting ? { state: 'active', detail: t('path.starting') } : { state: 'waiting', detail: t('path.not_joined') };
    case 'connecting':
      return { state: 'active', detail: t('path.joining') };
    case 'reconnecting':
      return { state: 'failed', detail: t('path.lost') };
    case 'refused':
      // A member that uses the pool without a node. Without a GPU, the step of the GPU has failed.
      if (isWithoutNode(link.code)) return { state: 'waiting', detail: t('path.shares_nothing') };
      return { state: 'failed', detail: isErrorCode(link.code) ? t('path.refused') : link.code };
    case 'connected':
      return {
        state: registered_at === null ? 'active' : 'done',
        detail: link.latency_ms === null ? addressOf(link.scheduler_url) : t('path.latency', { ms: format.number(link.latency_ms) }),
      };
  }
}

function healthStep({ link, node_status }: AgentView, { t }: Labels): Progress {
  // The step of the pool says why there is none.
  if (link.state === 'idle' || link.state === 'refused') return { state: 'waiting', detail: t('unknown.none') };
  if (link.state !== 'connected') return { state: 'waiting', detail: t(node_status === null ? 'path.not_yet' : 'path.unconfirmed') };
  if (node_status === null) return { state: 'waiting', detail: t('path.not_yet') };
  const { status, health } = node_status.message;
  // A quarantined node keeps its status, and a drained node is offline although it is connected.
  if (availabilityOf(node_status.message).state === 'paused') return { state: 'waiting', detail: t('path.paused') };
  switch (status) {
    case 'registering': {
      const facts = availabilityFacts(node_status.message);
      return { state: 'active', detail: facts.kind === 'checks' ? t('path.checks', facts) : t('path.not_yet') };
    }
    case 'ready':
      return { state: 'done', detail: passedText(health, t) };
    case 'degraded':
      return { state: 'failed', detail: t('path.failing', { count: Math.max(1, health.failed_checks.length) }) };
    case 'draining':
      return { state: 'waiting', detail: t('path.draining') };
    case 'offline':
      return { state: 'waiting', detail: t('path.offline') };
  }
}

/** The last checks. Some may fail before the status becomes degraded. */
function passedText({ window, failures_in_window: failures }: NodeHealth, t: Labels['t']): string {
  return window.length === 0 ? t('path.healthy') : t('path.checks', { passed: window.length - failures, required: window.length });
}
