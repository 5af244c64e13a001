// The memory of the GPUs with the models in it, and the disk to which models are downloaded. Which model is on which GPU is not known.
import type { AgentView, GpuView, ModelView, RuntimeView } from '../../../shared/api/agent-view';
import type { ModelDisk } from '../../../shared/api/own-models';
import { isInMemory } from '../../../shared/protocol/model-control';
import { UseBar } from '../../components/bars/UseBar';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { SERVER_NAMES } from '../../labels/server-names';
import { useModelDisk } from '../../queries/own-models';
import { memoryOf } from '../../components/gpu-labels';
import { offeredMemory } from './model-fit';
import classes from './StorageCard.module.css';

/** Without a pool, no memory is the pool's. */
const UNDIVIDED = { pool_memory_gb: null, owner_memory_gb: null } as const;

/** Closed on a phone, where it would take the whole window. */
export function StorageCard({
  agent: { hardware, models, runtimes = [] },
  hasPool,
}: {
  readonly agent: AgentView;
  readonly hasPool: boolean;
}) {
  const { t, format } = useLabels();
  const gpus = (hardware?.gpus ?? []).filter(({ accepted, offered }) => accepted && offered !== false);
  const memory = offeredMemory(gpus);
  const disk = useModelDisk();
  const modelBytes = disk === null ? 0 : bytesOn(disk, models, runtimes);
  const isPhone = useIsPhone();
  if (gpus.length === 0 && disk === null) return null;
  const cards = (
    <div className={classes['storage']}>
      <div className={classes['cards']}>
        {memory !== null && (
          <Card
            title={t('own_models.vram')}
            aside={gpus.length > 1 ? t('own_models.vram_of', { total: format.gb(memory.sumGb), count: gpus.length }) : undefined}
          >
            <div className={classes['gpus']}>
              {gpus.map((gpu) => (
                <GpuMemory key={gpu.key} gpu={hasPool ? gpu : { ...gpu, ...UNDIVIDED }} />
              ))}
            </div>
            <Dim as="p">
              <LoadedModels models={models} />
            </Dim>
          </Card>
        )}
        {disk !== null && (
          <Card
            title={t('own_models.disk')}
            aside={<span title={disk.path}>{disk.of === 'ollama' ? SERVER_NAMES.ollama : t('own_models.model_folder')}</span>}
          >
            <UseBar
              label={t('own_models.disk_use')}
              use={diskUse(disk, modelBytes)}
              total={disk.total_bytes}
              text={format.bytes(disk.total_bytes - disk.free_bytes)}
              figure={null}
              size="tall"
            />
            <Dim as="p">
              {t('own_models.disk_text', {
                models: format.bytes(modelBytes),
                free: format.bytes(disk.free_bytes),
                total: format.bytes(disk.total_bytes),
              })}
            </Dim>
          </Card>
        )}
      </div>
    </div>
  );
  if (!isPhone) return cards;
  return (
    <details className={classes['closed']}>
      <summary>{t('own_models.memory_and_disk')}</summary>
      {cards}
    </details>
  );
}

/** Of the models in the folder that the disk is of: others may be on another disk. */
function bytesOn({ of }: ModelDisk, models: readonly ModelView[], runtimes: readonly RuntimeView[]): number {
  const isHere = ({ folder, runtime_id: id, state }: ModelView): boolean =>
    state !== 'downloading' &&
    state !== 'not_installed' &&
    (of === 'folders' ? folder !== '' : runtimes.some(({ id: server, type }) => server === id && type === 'ollama'));
  return models.reduce((sum, model) => sum + (isHere(model) ? (model.size_bytes ?? 0) : 0), 0);
}

function diskUse({ total_bytes: total, free_bytes: free }: ModelDisk, modelBytes: number) {
  const used = Math.max(0, total - free);
  return { used, pool: Math.min(modelBytes, used) };
}

function GpuMemory({ gpu }: { readonly gpu: GpuView }) {
  const labels = useLabels();
  const { use, totalGb, text, parts } = memoryOf(labels, gpu);
  return (
    <div className={classes['gpu']}>
      <span className={classes['name']}>{gpu.name}</span>
      <UseBar
        label={labels.t('gpus.vram_of', { name: gpu.name })}
        use={use}
        total={totalGb}
        limit={gpu.vram_limit_gb ?? null}
        text={text}
        figure={null}
        size="tall"
      />
      <span className={classes['parts']}>{parts}</span>
    </div>
  );
}

function LoadedModels({ models }: { readonly models: readonly ModelView[] }) {
  const { t, format } = useLabels();
  const loaded = models.filter(({ residency }) => isInMemory(residency ?? null));
  if (loaded.length === 0) return t('own_models.none_in_memory');
  const names = loaded.map(({ model_id, vram_gb }) => (vram_gb === undefined ? model_id : `${model_id} ${format.gb(vram_gb)}`));
  return t('own_models.in_memory', { models: names.join(' · ') });
}
