// The models of a node as lines of a table: the state with its shape, and figures. Pure.
import type { InstalledModel } from '../../../shared/protocol/node-messages';
import type { ModelAction } from '../../../shared/protocol/model-control';
import type { NodeView } from '../../../shared/api/node-view';
import { mixesScripts } from '../../../shared/protocol/look-alikes';
import type { Labels } from '../../i18n/use-labels';
import { type NodeModelLabel, nodeModelLabel } from '../../labels/node-model-labels';
import { missingModels } from './node-figures';

export interface ModelLine extends NodeModelLabel {
  readonly modelId: string;
  readonly actions: readonly ModelAction[];
  readonly note: string | null;
  readonly vramGb: number | null;
  readonly tokensPerSecond: number | null;
  readonly loadSeconds: number | null;
}

/** Missing models first, then those in memory, then the others in the order of the node. */
export function modelLines(node: NodeView, labels: Labels): readonly ModelLine[] {
  const missing = missingModels(node).map(([modelId]) => missingLine(modelId, node, labels));
  const installed = (node.installed_models ?? []).map((model) => installedLine(model, node, labels));
  const isInMemory = ({ residency }: ModelLine): boolean => residency !== undefined && residency !== 'cold';
  return [...missing, ...installed.filter(isInMemory), ...installed.filter((line) => !isInMemory(line))];
}

const missingLine = (modelId: string, node: NodeView, labels: Labels): ModelLine => ({
  modelId,
  ...nodeModelLabel(node, modelId, labels),
  actions: [],
  note: null,
  vramGb: null,
  tokensPerSecond: null,
  loadSeconds: null,
});

function installedLine(model: InstalledModel, node: NodeView, labels: Labels): ModelLine {
  const { model_id: modelId, vram_gb: vramGb = null, tokens_per_second: measured = null, actions } = model;
  const rates = node.model_rates?.[modelId];
  return {
    modelId,
    ...nodeModelLabel(node, modelId, labels),
    actions: actions ?? [],
    note: mixesScripts(modelId) ? labels.t('nodes.mixed_scripts') : null,
    vramGb,
    // Jobs of the pool show the speed of today; the owner's measurement may be old.
    tokensPerSecond: rates?.tokens_per_second ?? measured,
    loadSeconds: rates?.load_seconds ?? null,
  };
}
