// What the first step says about GPUs, models and pools nearby. Pure. What is not known yet is searched, not absent.
import type { AgentView, HardwareView, ModelView } from '../../../shared/api/agent-view';
import type { NearbyView } from '../../../shared/api/nearby';
import { isDamaged } from '../../../shared/api/own-damage';
import type { Labels } from '../../i18n/use-labels';
import { shortGpuName } from '../../labels/gpu-names';
import { SERVER_NAMES } from '../../labels/server-names';
import type { Shape } from '../../labels/shape';
import { isRepairable, repairText } from '../../labels/repairable-gpu';

export interface Finding {
  readonly shape: Shape;
  readonly title: string;
  readonly lines: readonly string[];
}

/** Names that a line lists before it counts the rest. */
const NAMED = 3;

/** `isMember`: of the pool of another computer. */
export function foundGpus({ t, format }: Labels, hardware: HardwareView | null, isMember: boolean): Finding {
  if (hardware === null) return { shape: 'waiting', title: t('gpus.probing'), lines: [] };
  const usable = hardware.gpus.filter(({ accepted }) => accepted);
  if (usable.length === 0) {
    const broken = hardware.gpus.find(isRepairable);
    const others = hardware.gpus.map(({ name }) => name).slice(0, NAMED);
    const causes = broken === undefined ? others : [repairText({ t }, broken)];
    return { shape: 'offline', title: t('setup.no_gpu'), lines: [...causes, t(isMember ? 'setup.no_gpu_member' : 'setup.no_gpu_roles')] };
  }
  const driver = usable.find(({ driver_version: version }) => version !== null)?.driver_version;
  return {
    shape: 'ready',
    title: usable.length === 1 ? (usable[0]?.name ?? '') : t('setup.gpus', { count: usable.length }),
    lines: [...memoryLines({ t, format }, usable), ...(driver == null ? [] : [t('setup.driver', { version: driver })])],
  };
}

/** The memory of the only GPU; of several GPUs the name and the memory of each, equal ones in one line. */
function memoryLines({ t, format }: Pick<Labels, 't' | 'format'>, gpus: HardwareView['gpus']): readonly string[] {
  const memoryOf = (gb: number | null): string | null => (gb === null ? null : t('setup.vram', { gb: format.gb(gb) }));
  if (gpus.length === 1) return gpus.flatMap(({ memory_gb: gb }) => memoryOf(gb) ?? []);
  const counts = new Map<string, number>();
  for (const { name: fullName, memory_gb: gb } of gpus) {
    const [name, memory] = [shortGpuName(fullName), memoryOf(gb)];
    const text = memory === null ? name : `${name}${t('punctuation.colon')}${memory}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const lines = Array.from(counts, ([text, count]) => (count === 1 ? text : `${format.number(count)} × ${text}`));
  const rest = lines.length - NAMED;
  return [...lines.slice(0, NAMED), ...(rest > 0 ? [t('models_here.more', { count: rest })] : [])];
}

/** `Ollama with 3 models`, `4 models, 1 damaged`. The models are read after the hardware. */
export function foundModels({ t, format }: Labels, { hardware, models, runtimes: probed }: AgentView): Finding {
  if (models.length === 0 && (hardware === null || probed?.length === 0))
    return { shape: 'waiting', title: t('setup.searching_models'), lines: [] };
  const runtimes = probed ?? [];
  if (models.length === 0) return { shape: 'offline', title: t('models.none'), lines: [t('models.none_how')] };
  const servers = runtimes.filter(({ state, type }) => state === 'running' && type !== 'folders');
  const titles = servers.flatMap(({ id, type }) => {
    const count = models.filter((model) => model.runtime_id === id).length;
    return count === 0 ? [] : [t('setup.server', { server: SERVER_NAMES[type] ?? t('runtimes.other'), count })];
  });
  const inFolders = models.filter(({ folder }) => folder !== '').length;
  const all = [...titles, ...(inFolders === 0 ? [] : [t('setup.in_folders', { count: inFolders })])];
  const damaged = models.filter(isDamaged).length;
  const damagedTitle = t('setup.models_damaged', { all: t('setup.models', { count: models.length }), count: damaged });
  // A line of its own says how far the check of a model is. The link below them names a damaged one.
  const checked = models.filter(isChecked).map(({ model_id: id, progress }) => {
    const share = progress === null ? '' : ` ${format.percent(Math.floor(progress * 100))}`;
    return `${id}${t('punctuation.colon')}${t('model_state.verifying')}${share}`;
  });
  const named = models.filter((model) => !isDamaged(model) && !isChecked(model));
  const rest = [named, checked].reduce((sum, { length }) => sum + Math.max(0, length - NAMED), 0);
  const names = named.slice(0, NAMED).map(({ model_id: id }) => id);
  return {
    shape: damaged === 0 ? 'ready' : 'degraded',
    title: damaged > 0 ? damagedTitle : all.length === 0 ? t('setup.models', { count: models.length }) : all.join(t('punctuation.list')),
    lines: [
      ...(names.length === 0 ? [] : [names.join(t('punctuation.list'))]),
      ...checked.slice(0, NAMED),
      ...(rest > 0 ? [t('models_here.more', { count: rest })] : []),
    ],
  };
}

const isChecked = ({ reason_code: reason }: ModelView): boolean => reason === 'verifying';

export const foundPools = ({ t }: Labels, { pools }: Pick<NearbyView, 'pools'>): Finding => ({
  shape: 'ready',
  title: t('setup.pools', { count: pools.length }),
  lines: pools.slice(0, NAMED).map(({ name }) => name),
});

/** The pool has the models of this computer as soon as the computer has passed its checks. */
export const awaitsModels = ({ link, models, node_status: status }: AgentView): boolean =>
  models.some(({ state }) => state === 'ready') &&
  (link.state === 'connecting' || (link.state === 'connected' && (status === null || status.message.status === 'registering')));
