// The models of a node as lines of a table: the state with its shape, and figures. Pure.
import type { CapabilityState, InstalledModel } from '../../../shared/protocol/node-messages';
import type { ModelAction, ModelResidency } from '../../../shared/protocol/model-control';
import type { NodeView } from '../../../shared/api/node-view';
import { mixesScripts } from '../../../shared/protocol/look-alikes';
import { capitalized } from '../../i18n/capitalized';
import { isCode, type Labels } from '../../i18n/use-labels';
import type { Shape } from '../../labels/shape';
import { missingModels } from './node-figures';

export interface ModelLine {
  readonly modelId: string;
  /** Null: the residency says it. */
  readonly state: { readonly shape: Shape; readonly text: string } | null;
  /** Undefined: unknown, or the node is not connected. */
  readonly residency: ModelResidency | undefined;
  readonly actions: readonly ModelAction[];
  readonly note: string | null;
  /** Why it is not ready. Null: it is, or the node does not say it. */
  readonly reason: string | null;
  readonly vramGb: number | null;
  readonly tokensPerSecond: number | null;
  readonly loadSeconds: number | null;
}

/** Missing models first, then those in memory, then the others in the order of the node. */
export function modelLines(node: NodeView, labels: Labels): readonly ModelLine[] {
  const missing = missingModels(node).map(([modelId, state]) => missingLine(modelId, state, reasonOf(node, modelId, labels), labels));
  const installed = (node.installed_models ?? []).map((model) => installedLine(model, node, labels));
  const isInMemory = ({ residency }: ModelLine): boolean => residency !== undefined && residency !== 'cold';
  return [...missing, ...installed.filter(isInMemory), ...installed.filter((line) => !isInMemory(line))];
}

const missingLine = (modelId: string, state: CapabilityState, reason: string | null, labels: Labels): ModelLine => ({
  modelId,
  state: { shape: 'offline', text: capitalized(labels.code('node_model_state', state)) },
  residency: undefined,
  actions: [],
  note: null,
  reason,
  vramGb: null,
  tokensPerSecond: null,
  loadSeconds: null,
});

function installedLine(model: InstalledModel, node: NodeView, labels: Labels): ModelLine {
  const { model_id: modelId, vram_gb: vramGb = null, tokens_per_second: measured = null, actions } = model;
  const residency = node.online ? node.model_residency?.[modelId] : undefined;
  const rates = node.model_rates?.[modelId];
  const state = stateOf(model, node, residency, labels);
  return {
    modelId,
    state,
    // Beside another state, such as in memory or disabled, the reason would contradict it.
    reason: model.enabled && state !== null ? reasonOf(node, modelId, labels) : null,
    residency,
    actions: actions ?? [],
    note: mixesScripts(modelId) ? labels.t('nodes.mixed_scripts') : null,
    vramGb,
    // Jobs of the pool show the speed of today; the owner's measurement may be old.
    tokensPerSecond: rates?.tokens_per_second ?? measured,
    loadSeconds: rates?.load_seconds ?? null,
  };
}

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
): ModelLine['state'] {
  const { t } = labels;
  const state = node.capability_state == null ? 'ready' : (node.capability_state[modelId] ?? 'unknown');
  if (!enabled) return { shape: 'offline', text: capitalized(t('nodes.disabled')) };
  if (tasks?.length === 0) return { shape: 'offline', text: capitalized(t('nodes.no_tasks')) };
  if (state === 'ready' && node.online && failsHere(node, modelId)) return { shape: 'degraded', text: t('model_state.failing') };
  // A server reports a model as not installed that it must load before it can serve.
  if (residency !== undefined && (state === 'ready' || state === 'not_installed')) return null;
  // The last report of a silent node may be old.
  const shape = node.online ? SHAPES[state] : 'offline';
  return { shape, text: capitalized(labels.code('node_model_state', state)) };
}
