// The model servers and the model folders of this computer, folded: one line says what was found. Open while a server needs the owner.
// Without a model, the card says how to get one.
import { Button } from '@mantine/core';
import type { AgentView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { SERVER_NAMES } from '../../labels/server-names';
import { FolderList } from './FolderList';
import { RuntimesTable } from './RuntimesTable';
import { isKnownServer, needsOwner } from './server-step';
import classes from './ServersCard.module.css';

const OLLAMA_DOWNLOAD = 'https://ollama.com/download';

export function ServersCard({ agent: { models, runtimes = [], model_folders: folders } }: { readonly agent: AgentView }) {
  const { t, format } = useLabels();
  const recheck = useOperation('agent.recheck');
  const servers = runtimes.filter(({ url }) => url !== null);
  const answering = servers.filter(({ state }) => state === 'running' || state === 'starting');
  const ids = new Set(answering.map(({ id }) => id));
  const count = models.filter(({ runtime_id: id, folder }) => folder === '' && id !== undefined && ids.has(id)).length;
  const names = [...new Set(answering.map(({ type }) => SERVER_NAMES[type] ?? t('runtimes.other')))];
  const hasNone = models.length === 0;
  const modelsOf = new Set(models.flatMap(({ runtime_id }) => runtime_id ?? []));
  const hasOllama = servers.some((server) => server.type === 'ollama' && isKnownServer(server, modelsOf));
  if (servers.length === 0 && folders.length === 0 && !hasNone) return null;
  const isUnanswered = names.length === 0 && !servers.some(({ state }) => state === 'unauthorized');
  return (
    <Card label={t('runtimes.title')} className={classes['card']}>
      <ErrorNote error={recheck.error} />
      {isUnanswered && <StartServer isInstalled={hasOllama} isFirst={hasNone} />}
      {hasNone && <FirstModel isTitled={!isUnanswered} folders={folders} />}
      <Button
        className={classes['check'] ?? ''}
        size="compact-sm"
        variant="default"
        loading={recheck.pending}
        onClick={() => void recheck.run({})}
      >
        {t('action.check_again')}
      </Button>
      <details
        className={classes['servers']}
        hidden={hasNone && servers.length === 0}
        open={servers.some((server) => needsOwner(server, modelsOf) && !(isUnanswered && server.type === 'ollama'))}
      >
        <summary>
          {names.length === 0
            ? t(!isUnanswered ? 'own_models.no_servers' : hasNone ? 'own_models.asked_servers' : 'own_models.asked_at')
            : t('own_models.servers', { servers: names.join(t('punctuation.list')), count, formatted: format.number(count) })}
        </summary>
        {servers.length > 0 && <RuntimesTable runtimes={runtimes} modelsOf={modelsOf} />}
        {!hasNone && folders.length > 0 && (
          <>
            <h2>{t('models.folders')}</h2>
            <FolderList folders={folders} />
          </>
        )}
      </details>
    </Card>
  );
}

/** The folders are open here: a model that is copied into one of them needs no server. */
function FirstModel({ isTitled, folders }: { readonly isTitled: boolean; readonly folders: readonly string[] }) {
  const { t } = useLabels();
  return (
    <div className={classes['start']}>
      {isTitled && <h2>{t('models.none')}</h2>}
      {folders.length > 0 && (
        <>
          <p>{t('own_models.copy_folder')}</p>
          <FolderList folders={folders} />
        </>
      )}
    </div>
  );
}

/**
 * Without a model server there is nothing to share but folders. Muster cannot install one: each has its own installer. `isInstalled`: Ollama
 * has answered here before. `isFirst`: this computer has no model.
 */
function StartServer({ isInstalled, isFirst }: { readonly isInstalled: boolean; readonly isFirst: boolean }) {
  const { t } = useLabels();
  if (isInstalled)
    return (
      <div className={classes['start']}>
        <h2>{t('own_models.ollama_stopped')}</h2>
        <p>{t('own_models.ollama_stopped_text')}</p>
        <CopyField label={t('own_models.start_installed')} value="ollama serve" />
      </div>
    );
  return (
    <div className={classes['start']}>
      <h2>{t('own_models.start_server')}</h2>
      <p>{t('own_models.start_server_text')}</p>
      <div>
        <Button component="a" variant={isFirst ? 'filled' : 'default'} href={OLLAMA_DOWNLOAD} target="_blank" rel="noopener noreferrer">
          {t('own_models.get_ollama')}
        </Button>
      </div>
      <CopyField label={t('own_models.start_ollama')} value="ollama serve" />
    </div>
  );
}
