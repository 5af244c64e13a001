// The model servers and the model folders of this computer, folded: one line says what was found. Open while a server needs the owner.
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
  if (servers.length === 0 && folders.length === 0) return null;
  const isUnanswered = names.length === 0 && !servers.some(({ state }) => state === 'unauthorized');
  return (
    <Card label={t('runtimes.title')} className={classes['card']}>
      <ErrorNote error={recheck.error} />
      {isUnanswered && <StartServer />}
      <Button
        className={classes['check'] ?? ''}
        size="compact-sm"
        variant="default"
        loading={recheck.pending}
        onClick={() => void recheck.run({})}
      >
        {t('action.check_again')}
      </Button>
      <details className={classes['servers']} open={servers.some(({ state }) => state === 'unauthorized')}>
        <summary>
          {names.length === 0
            ? t(isUnanswered ? 'own_models.asked_at' : 'own_models.no_servers')
            : t('own_models.servers', { servers: names.join(t('punctuation.list')), count, formatted: format.number(count) })}
        </summary>
        {servers.length > 0 && (
          <RuntimesTable runtimes={runtimes} modelsOf={new Set(models.flatMap(({ runtime_id }) => runtime_id ?? []))} />
        )}
        {models.length > 0 && folders.length > 0 && (
          <>
            <h3>{t('models.folders')}</h3>
            <FolderList folders={folders} />
          </>
        )}
      </details>
    </Card>
  );
}

/** Without a model server there is nothing to share but folders. Muster cannot install one: each has its own installer. */
function StartServer() {
  const { t } = useLabels();
  return (
    <div className={classes['start']}>
      <h2>{t('own_models.start_server')}</h2>
      <p>{t('own_models.start_server_text')}</p>
      <div>
        <Button component="a" href={OLLAMA_DOWNLOAD} target="_blank" rel="noopener noreferrer">
          {t('own_models.get_ollama')}
        </Button>
      </div>
      <CopyField label={t('own_models.start_ollama')} value="ollama serve" />
    </div>
  );
}
