// The models of this computer and of the pool in one list: state, size, whether it fits, nodes, speed, and what the owner can do. Below it
// the model servers and folders.
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { AgentView } from '../../../shared/api/agent-view';
import { Dim } from '../../components/Dim';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorNote } from '../../components/ErrorNote';
import { Icon } from '../../components/Icon';
import { NoComputerYet, useIsPoolEmpty } from '../../components/NoComputerYet';
import { NoNodeHere } from '../../components/NoNodeHere';
import { Page } from '../../components/Page';
import { Segmented } from '../../components/Segmented';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';
import { type ModelActs, type OwnModelActs, useModelDisk, useOwnModelActs } from '../../queries/own-models';
import { useUseOfModels } from '../../queries/usage';
import { useMissingModels } from '../../queries/pool-history';
import { useApp } from '../../store/Screen';
import { useRoutePart } from '../../store/use-route';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { DownloadDialog } from './DownloadDialog';
import { offeredMemory, type OfferedMemory } from './model-fit';
import { isDownload, modelRows, type ModelRow } from './model-rows';
import { ModelList } from './ModelList';
import { ModelProblems } from './ModelProblems';
import { ServersCard } from './ServersCard';
import { StorageCard } from './StorageCard';
import classes from './ModelsPage.module.css';

const NONE: readonly never[] = [];

export function ModelsPage() {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  const hasPool = useApp((app) => app.pool !== null);
  if (agent !== null || hasPool) return <Models agent={agent} hasPool={hasPool} />;
  return (
    <Page title={t('models.title')}>
      <NoNodeHere />
    </Page>
  );
}

interface ModelsProps {
  readonly agent: AgentView | null;
  readonly hasPool: boolean;
}

function Models({ agent, hasPool }: ModelsProps) {
  const { t } = useLabels();
  const { acts: plainActs, removal, error } = useOwnModelActs();
  const acts = useCancelWithUndo(plainActs);
  const [removing, setRemoving] = useState<string | null>(null);
  const [isDownloading, setDownloading] = useState(false);
  const isOpen = useRoutePart(({ id }) => id) !== null;
  const { memory, rows } = useRows(agent, hasPool);
  const canDownload = agent?.runtimes?.some(({ type, state }) => type === 'ollama' && state === 'running') === true;
  const { group, setGroup } = useTableRoute('models');
  const isPoolFirst = group === 'pool' || agent === null;
  const use = useUseOfModels(isPoolFirst && hasPool);
  const actions = (
    <>
      {agent !== null && hasPool && (
        <span className={classes['order']}>
          <Segmented
            label={t('own_models.order')}
            choices={[
              { value: 'here', label: t('own_models.here_first') },
              { value: 'pool', label: t('own_models.pool_first') },
            ]}
            value={isPoolFirst ? 'pool' : 'here'}
            onChange={(value) => setGroup(value === 'pool' ? 'pool' : null)}
          />
        </span>
      )}
      {canDownload && (
        // The details of a model have a primary action of their own.
        <Button
          variant={isOpen ? 'default' : 'filled'}
          leftSection={<Icon name="download" size={14} />}
          onClick={() => setDownloading(true)}
        >
          {t('own_models.download_open')}
        </Button>
      )}
    </>
  );
  return (
    <Page
      title={t('models.title')}
      subtitle={
        <span className={classes['counts']}>
          <Counts rows={rows} agent={agent} hasPool={hasPool} />
        </span>
      }
      actions={actions}
    >
      <ErrorNote error={error} />
      {agent !== null && !isPoolFirst && <StorageCard agent={agent} hasPool={hasPool || agent.link.state !== 'idle'} />}
      {agent?.models.length === 0 && <ServersCard agent={agent} />}
      {agent === null && rows.length === 0 && <NoModels />}
      {rows.length > 0 && (
        <ModelList
          rows={rows}
          acts={agent === null ? null : acts}
          onRemove={setRemoving}
          canDownload={canDownload}
          hasPool={hasPool}
          isPoolFirst={isPoolFirst}
          use={use}
        />
      )}
      {agent !== null && <ModelProblems problems={agent.model_problems} />}
      {agent !== null && agent.models.length > 0 && <ServersCard agent={agent} />}
      <RemoveDialog modelId={removing} rows={rows} removal={removal} onClose={() => setRemoving(null)} />
      {isDownloading && <DownloadDialog memory={memory} rows={rows} onClose={() => setDownloading(false)} />}
    </Page>
  );
}

/** Of a pool, where the program runs no node. */
function NoModels() {
  const { t } = useLabels();
  return useIsPoolEmpty() ? <NoComputerYet /> : <Dim as="p">{t('models.none')}</Dim>;
}

/** What was downloaded stays on the disk for a while: undoing goes on from there. */
function useCancelWithUndo(acts: ModelActs): ModelActs {
  const { t } = useLabels();
  const { show } = useToasts();
  return useMemo(
    () => ({
      ...acts,
      cancel: (modelId: string): void => {
        acts.cancel(modelId);
        show({ text: t('own_models.cancelled', { model: modelId }), subject: `download ${modelId}`, undo: () => acts.download(modelId) });
      },
    }),
    [acts, show, t],
  );
}

function useRows(agent: AgentView | null, hasPool: boolean): { readonly memory: OfferedMemory | null; readonly rows: readonly ModelRow[] } {
  const pool = useReadyModels(hasPool).value?.models ?? NONE;
  const missing = useMissingModels(hasPool).value?.models ?? NONE;
  const gpus = agent?.hardware?.gpus ?? NONE;
  const own = agent?.models ?? NONE;
  const freeBytes = useModelDisk(agent !== null)?.free_bytes ?? null;
  return useMemo(() => {
    const memory = offeredMemory(gpus);
    return { memory, rows: modelRows({ own, pool, missing, memory, freeBytes }) };
  }, [gpus, own, pool, missing, freeBytes]);
}

function Counts({ rows, agent, hasPool }: ModelsProps & { readonly rows: readonly ModelRow[] }) {
  const { t, format } = useLabels();
  const here = format.number(rows.filter(({ own }) => own !== null && !isDownload(own)).length);
  const pool = format.number(rows.filter((row) => row.pool !== null).length);
  if (agent === null) return t('own_models.counts_pool', { pool });
  const counts = hasPool ? t('own_models.counts', { pool, here }) : t('own_models.counts_here', { here });
  const downloads = rows.filter(({ own }) => own !== null && isDownload(own)).length;
  return downloads === 0 ? counts : t('own_models.counts_downloads', { counts, count: downloads });
}

interface RemoveDialogProps {
  /** Null: closed. */
  readonly modelId: string | null;
  readonly rows: readonly ModelRow[];
  readonly removal: OwnModelActs['removal'];
  readonly onClose: () => void;
}

function RemoveDialog({ modelId, rows, removal, onClose }: RemoveDialogProps) {
  const { t, format } = useLabels();
  const bytes = rows.find((row) => row.modelId === modelId)?.own?.size_bytes ?? null;
  return (
    <ConfirmDialog
      operation={removal}
      run={() => removal.run({ model_id: modelId ?? '' })}
      opened={modelId !== null}
      title={t('own_models.remove_title', { model: modelId ?? '' })}
      confirm={t('own_models.remove_do')}
      onClose={onClose}
    >
      <p>{t('own_models.remove_text', { size: bytes === null ? t('unknown.not_reported') : format.bytes(bytes) })}</p>
    </ConfirmDialog>
  );
}
