// What a row of the node table counts. Unknown stays null.
import type { CapabilityState } from '../../../shared/protocol/node-messages';
import type { NodeView } from '../../../shared/api/node-view';
import type { Words } from '../../i18n/use-words';

export interface ModelCount {
  readonly ready: number;
  readonly enabled: number;
}

/** Of the enabled models those that are ready; without a capability state every one counts as ready (protocol §2). */
export function modelCount({ installed_models, capability_state }: Pick<NodeView, 'installed_models' | 'capability_state'>): ModelCount {
  const enabled = installed_models.filter((model) => model.enabled);
  const ready = enabled.filter(({ model_id }) => capability_state === null || capability_state[model_id] === 'ready');
  return { ready: ready.length, enabled: enabled.length };
}

/** Models that have a state and are not installed: being downloaded, or why not. */
export function missingModels({
  installed_models,
  capability_state,
}: Pick<NodeView, 'installed_models' | 'capability_state'>): readonly (readonly [string, CapabilityState])[] {
  const installed = new Set(installed_models.map(({ model_id }) => model_id));
  return Object.entries(capability_state ?? {}).filter(([modelId]) => !installed.has(modelId));
}

/** `RTX 4090, 2 × H100 80GB HBM3`: without the maker, where the name tells enough. A line ends between two of them only. */
export function gpuSummary({ hardware }: Pick<NodeView, 'hardware'>, { t }: Pick<Words, 't'>): string {
  const counts = new Map<string, number>();
  for (const gpu of hardware.gpus) {
    const name = gpu.name.replace(/^NVIDIA (?:GeForce )?(?=\S)/, '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => (count === 1 ? name : `${String(count)} × ${name}`).replaceAll(' ', '\u00a0'))
    .join(t('punctuation.comma'));
}

/** A draining node, and one that drained, can be taken back; the others can be asked to finish, unless they are offline. */
export function possibleActs({ status, drain }: Pick<NodeView, 'status' | 'drain'>): { readonly drain: boolean; readonly resume: boolean } {
  const isDrained = status === 'draining' || drain !== null;
  return { drain: !isDrained && status !== 'offline', resume: isDrained };
}
