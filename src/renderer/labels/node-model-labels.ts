// The state of a model on a node of the pool, and why the model is not ready there. The details of the node and of the model share it.
import { isDamage } from '../../shared/api/own-damage';
import type { NodeView } from '../../shared/api/node-view';
import type { ModelResidency } from '../../shared/protocol/model-control';
import type { CapabilityState, InstalledModel } from '../../shared/protocol/node-messages';
import { capitalized } from '../i18n/capitalized';
import { isCode, type Labels } from '../i18n/use-labels';
import type { Shape } from './shape';

export interface NodeModelLabel {
  /** Null: the residency says it. */
  readonly state: { readonly shape: Shape; readonly text: string } | null;
  /** Undefined: unknown, or the node is not connected. */
  readonly residency: ModelResidency | undefined;
  /** Why it is not ready. Null: it is, or the node does not say it. */
  readonly reason: string | null;
}

/** `node`: with its models. A model that it does not report has no state. */
export function nodeModelLabel(node: NodeView, modelId: string, labels: Labels): NodeModelLabel {
  const model = node.installed_models?.find(({ model_id: id }) => id === modelId);
  const residency = node.online && model !== undefined ? node.model_residency?.[modelId] : undefined;
  const state = model === undefined ? missingState(node, modelId, labels) : stateOf(model, node, residency, labels);
  // Beside another state, such as in memory or disabled, the reason would contradict it. "Verifying" says all.
  const hasReason = state !== null && model?.enabled !== false && !isVerifying(node, modelId);
  return { state, residency, reason: hasReason ? reasonOf(node, modelId, labels) : null };
}

/** Of a model that the node reports, but has not installed. */
function missingState({ capability_state: states }: NodeView, modelId: string, labels: Labels): NodeModelLabel['state'] {
  const state = states?.[modelId];
  return state === undefined ? null : { shape: 'offline', text: capitalized(labels.code('node_model_state', state)) };
}

/** The node checks the files of the model. The protocol has no state of its own for that. */
const isVerifying = ({ capability_state: states, model_reasons: reasons }: NodeView, modelId: string): boolean =>
  states?.[modelId] === 'downloading' && reasons?.[modelId] === 'verifying';

/** In words. Codes of a later version of the node have none. */
function reasonOf({ online, model_reasons: reasons = {} }: NodeView, modelId: string, labels: Labels): string | null {
  const code = Object.hasOwn(reasons, modelId) ? reasons[modelId] : undefined;
  if (!online || code === undefined) return null;
  const group = isCode('node_model_reason', code) ? 'node_model_reason' : 'model_reason';
  return isCode(group, code) ? labels.code(group, code) : null;
}

/** It failed repeatedly, so that it gets no jobs on the node but for a test. */
const failsHere = ({ failing_models: failing = [] }: NodeView, modelId: string): boolean =>
  failing.some(({ model_id: id, takes_jobs: takesJobs }) => id === modelId && takesJobs !== true);

/** A download is no fault. */
const SHAPES: Readonly<Record<CapabilityState | 'unknown', Shape>> = {
  ready: 'ready',
  downloading: 'registering',
  not_installed: 'degraded',
  error: 'degraded',
  unknown: 'degraded',
};

function stateOf(
  { model_id: modelId, enabled, tasks }: InstalledModel,
  node: NodeView,
  residency: ModelResidency | undefined,
  labels: Labels,
): NodeModelLabel['state'] {
  const { t } = labels;
  const state = node.capability_state == null ? 'ready' : (node.capability_state[modelId] ?? 'unknown');
  if (!enabled) return { shape: 'offline', text: capitalized(t('nodes.disabled')) };
  if (tasks?.length === 0) return { shape: 'offline', text: capitalized(t('nodes.no_tasks')) };
  if (state === 'ready' && node.online && failsHere(node, modelId)) return { shape: 'degraded', text: t('model_state.failing') };
  // A server reports a model as not installed that it must load before it can serve.
  if (residency !== undefined && (state === 'ready' || state === 'not_installed')) return null;
  // The last report of a silent node may be old.
  const shape = node.online ? SHAPES[state] : 'offline';
  if (state === 'error' && isDamage(node.model_reasons?.[modelId] ?? ''))
    return { shape, text: capitalized(labels.code('node_model_state', 'damaged')) };
  if (node.online && isVerifying(node, modelId)) return { shape, text: t('model_state.verifying') };
  return { shape, text: capitalized(labels.code('node_model_state', state)) };
}
