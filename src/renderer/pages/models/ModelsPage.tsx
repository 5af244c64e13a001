// Every model of this computer: state, reason, measured speed, size and the time of the last check.
import { Button } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { AgentView, ModelView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { DataTable } from '../../components/DataTable/DataTable';
import { createSearch } from '../../components/DataTable/search-rows';
import { TableSearch } from '../../components/DataTable/TableSearch';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { Dim } from '../../components/Dim';
import { NoNodeHere } from '../../components/NoNodeHere';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import type { ModelControl } from '../../components/ModelMemory';
import { Path } from '../../components/Path';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { useModelControl } from '../../queries/model-control';
import { useOperation } from '../../queries/use-operation';
import { modelColumns, type ModelColumnsOptions, modelText } from './model-columns';
import { ModelFolders } from './ModelFolders';
import { ModelProblems } from './ModelProblems';
import { RuntimesCard } from './RuntimesCard';
import classes from './ModelsPage.module.css';

export function ModelsPage() {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  const recheck = useOperation('agent.recheck');
  const measure = useOperation('agent.measure_model');
  const { run } = measure;
  const onMeasure = useCallback((modelId: string) => void run({ model_id: modelId }), [run]);
  const nodeId = agent?.node_id ?? '';
  const isControlled = useApp((app) => agent?.link.state === 'connected' && app.nodes.get(nodeId)?.model_control === true);
  const control = useModelControl(nodeId);
  if (agent === null) {
    return (
      <Page title={t('models.title')}>
        <NoNodeHere />
      </Page>
    );
  }
  return (
    <Page
      title={t('models.title')}
      subtitle={agent.name}
      actions={
        <Button variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
          {t('action.check_again')}
        </Button>
      }
    >
      <ErrorNote error={recheck.error ?? measure.error ?? control.operation.error} />
      <Models agent={agent} onMeasure={onMeasure} control={isControlled ? control : null} />
    </Page>
  );
}

interface ModelsProps {
  readonly agent: AgentView;
  readonly onMeasure: (modelId: string) => void;
  readonly control: ModelControl | null;
}

function Models({ agent: { name, models, model_folders, model_problems, runtimes }, onMeasure, control }: ModelsProps) {
  const { t } = useLabels();
  return (
    <>
      <Card>
        {models.length === 0 ? (
          <ModelFolders folders={model_folders} />
        ) : (
          <ModelTable models={models} nodeName={name} onMeasure={onMeasure} control={control} />
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
    </>
  );
}

const keyOf = ({ model_id }: ModelView): string => model_id;

function ModelTable({ models, nodeName, onMeasure, control }: ModelColumnsOptions & { readonly models: readonly ModelView[] }) {
  const labels = useLabels();
  const { t } = labels;
  const { search, sort, setSearch, setSort } = useTableRoute('models');
  const columns = useMemo(() => modelColumns(labels, { onMeasure, nodeName, control }), [labels, onMeasure, nodeName, control]);
  const searchRows = useMemo(() => createSearch<ModelView>((model) => modelText(model, labels)), [labels]);
  const found = searchRows(models, search);
  return (
    <>
      <div className={classes['search']}>
        <TableSearch label={t('table.search_models')} search={search} found={found.length} total={models.length} onSearch={setSearch} />
      </div>
      {found.length === 0 ? (
        <Dim as="p">{t('table.none_found')}</Dim>
      ) : (
        <DataTable label={t('models.title')} columns={columns} rows={found} keyOf={keyOf} sort={sort} onSort={setSort} />
      )}
    </>
  );
}
