// Every model of this machine: state, why, measured speed, size and when it was last checked.
import { Button } from '@mantine/core';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Code } from '../../components/Code';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { Path } from '../../components/Path';
import { StatusWord } from '../../components/StatusWord';
import { Table } from '../../components/Table';
import { useWords } from '../../i18n/use-words';
import { useApp } from '../../store/Screen';
import { useOperation } from '../../store/use-operation';
import { languagesOf, modelReason, modelState, modelTasks, placeOf } from './model-words';
import { ModelFolders } from './ModelFolders';
import { ModelProblems } from './ModelProblems';
import { ModelSpeed } from './ModelSpeed';
import { RuntimesCard } from './RuntimesCard';
import classes from './ModelsPage.module.css';

export function ModelsPage() {
  const words = useWords();
  const { t, format } = words;
  const agent = useApp((app) => app.agent);
  const recheck = useOperation('agent.recheck');
  const measure = useOperation('agent.measure_model');
  if (agent === null) return null;
  const { models, model_folders, model_problems, runtimes } = agent;
  const columns = [
    t('models.id'),
    t('models.state'),
    t('measurement.speed'),
    t('models.kind'),
    t('models.version'),
    t('models.size'),
    t('models.checked'),
  ];
  return (
    <Page
      title={t('models.title')}
      aside={
        <Button size="compact-sm" variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
          {t('action.check_again')}
        </Button>
      }
    >
      <ErrorNote error={recheck.error ?? measure.error} />
      <Card label={t('models.title')}>
        {models.length === 0 ? (
          <ModelFolders folders={model_folders} />
        ) : (
          <Table label={t('models.title')} columns={columns}>
            {models.map((model) => {
              const { shape, word } = modelState(model, words);
              return (
                <tr key={model.model_id}>
                  <td className={classes['id']}>
                    <div>{model.model_id}</div>
                    <Path className={classes['faint']} path={placeOf(model)} />
                  </td>
                  <td>
                    <StatusWord shape={shape} word={word} />
                    <div className={classes['dim']}>
                      {modelReason(model, words)} <Code>{model.reason_code}</Code>
                    </div>
                    <div className={classes['dim']}>{modelTasks(model, words)}</div>
                  </td>
                  <td className={classes['speed']}>
                    <ModelSpeed model={model} onMeasure={() => void measure.run({ model_id: model.model_id })} />
                  </td>
                  <td className={classes['whole']}>
                    {words.code('model_kind', model.kind)}
                    <div className={classes['languages']}>{languagesOf(model)}</div>
                  </td>
                  <td>{model.version === 'unknown' ? t('unknown.none') : model.version}</td>
                  <td className={classes['nowrap']}>{model.size_bytes === null ? t('unknown.none') : format.bytes(model.size_bytes)}</td>
                  <td className={classes['nowrap']}>{model.checked_at === null ? t('models.never') : <Ago timeMs={model.checked_at} />}</td>
                </tr>
              );
            })}
          </Table>
        )}
        {models.some(({ measurement }) => measurement !== undefined) && <p className={classes['note']}>{t('measurement.note')}</p>}
        <ModelProblems problems={model_problems} />
      </Card>
      <RuntimesCard runtimes={runtimes ?? []} modelsOf={new Set(models.flatMap(({ runtime_id }) => runtime_id ?? []))} />
      {models.length > 0 && (
        <Card title={t('models.folders')}>
          <ul>
            {model_folders.map((folder) => (
              <li key={folder}>
                <Path path={folder} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}
