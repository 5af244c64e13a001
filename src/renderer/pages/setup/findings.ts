// What the first step says about GPUs, models and pools nearby. Pure. What is not known yet is searched, not absent.
import type { AgentView, HardwareView } from '../../../shared/api/agent-view';
import type { NearbyView } from '../../../shared/api/nearby';
import type { Labels } from '../../i18n/use-labels';
import { SERVER_NAMES } from '../../labels/server-names';
import type { Shape } from '../../labels/shape';

export interface Finding {
  readonly shape: Shape;
  readonly title: string;
  readonly lines: readonly string[];
}

/** Names that a line lists before it counts the rest. */
const NAMED = 3;

export function foundGpus({ t, format }: Labels, hardware: HardwareView | null): Finding {
  if (hardware === null) return { shape: 'waiting', title: t('gpus.probing'), lines: [] };
  const usable = hardware.gpus.filter(({ accepted }) => accepted);
  if (usable.length === 0) {
    const others = hardware.gpus.map(({ name }) => name);
    return { shape: 'offline', title: t('setup.no_gpu'), lines: [...others.slice(0, NAMED), t('setup.no_gpu_roles')] };
  }
  const memory = usable.flatMap(({ memory_gb: gb }) => (gb === null ? [] : [t('setup.vram', { gb: format.gb(gb) })]));
  const driver = usable.find(({ driver_version: version }) => version !== null)?.driver_version;
  return {
    shape: 'ready',
    title: usable.map(({ name }) => name).join(t('punctuation.comma')),
    lines: [
      ...(memory.length === 0 ? [] : [memory.join(t('punctuation.comma'))]),
      ...(driver == null ? [] : [t('setup.driver', { version: driver })]),
    ],
  };
}

/** `Ollama with 3 models` */
export function foundModels({ t }: Labels, { models, runtimes: probed }: AgentView): Finding {
  if (models.length === 0 && probed?.length === 0) return { shape: 'waiting', title: t('setup.searching_models'), lines: [] };
  const runtimes = probed ?? [];
  if (models.length === 0) return { shape: 'offline', title: t('models.none'), lines: [t('models.none_how')] };
  const servers = runtimes.filter(({ state, type }) => state === 'running' && type !== 'folders');
  const titles = servers.flatMap(({ id, type }) => {
    const count = models.filter((model) => model.runtime_id === id).length;
    return count === 0 ? [] : [t('setup.server', { server: SERVER_NAMES[type] ?? t('runtimes.other'), count })];
  });
  const inFolders = models.filter(({ folder }) => folder !== '').length;
  const all = [...titles, ...(inFolders === 0 ? [] : [t('setup.in_folders', { count: inFolders })])];
  const rest = models.length - NAMED;
  const names = models.slice(0, NAMED).map(({ model_id: id }) => id);
  return {
    shape: 'ready',
    title: all.length === 0 ? t('setup.models', { count: models.length }) : all.join(t('punctuation.comma')),
    lines: [names.join(t('punctuation.comma')), ...(rest > 0 ? [t('models_here.more', { count: rest })] : [])],
  };
}

export function foundPools({ t }: Labels, { pools }: Pick<NearbyView, 'pools'>, isSearching: boolean): Finding {
  if (pools.length > 0)
    return { shape: 'ready', title: t('setup.pools', { count: pools.length }), lines: pools.slice(0, NAMED).map(({ name }) => name) };
  return isSearching
    ? { shape: 'waiting', title: t('setup.searching'), lines: [] }
    : { shape: 'offline', title: t('setup.no_pools'), lines: [t('setup.no_pools_next')] };
}
