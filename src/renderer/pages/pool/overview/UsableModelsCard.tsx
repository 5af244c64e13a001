// The models that this computer can use in the pool: what each does, on how many nodes it is ready, and a first prompt to it.
import { takingNodes } from '../../../../shared/api/pool-models';
import { Button } from '@mantine/core';
import { Card } from '../../../components/Card';
import { Dim } from '../../../components/Dim';
import { ErrorNote } from '../../../components/ErrorNote';
import { useLabels } from '../../../i18n/use-labels';
import { useReadyModels } from '../../../queries/nodes';
import { hrefOf } from '../../../routes';
import { usableModels } from '../../../queries/usable-models';
import { useMayAsk } from '../../../queries/use-may-ask';
import classes from './UsableModelsCard.module.css';
import rows from './Rows.module.css';

/** The others are on the page of the models. */
const MOST_MODELS = 5;

export function UsableModelsCard() {
  const { t, format } = useLabels();
  const mayAsk = useMayAsk();
  const { value, error } = useReadyModels(true);
  const models = usableModels(value?.models ?? []);
  return (
    <Card
      title={t('pool_overview.models')}
      note={value === null ? undefined : format.number(models.length)}
      aside={
        <a className="link-target" href={hrefOf({ page: 'models' })}>
          {t('pool_overview.all_models')}
        </a>
      }
    >
      {models.length === 0 ? (
        <Dim as="p">{value === null ? null : t('pool_overview.no_models')}</Dim>
      ) : (
        <ul className={[classes['models'], rows['rows']].join(' ')}>
          {models.slice(0, MOST_MODELS).map(({ use, model, model: { model_id: id } }) => (
            <li key={`${use} ${id}`}>
              <b>{id}</b>
              <Dim as="span">
                {t(`model_use.${use}`)} ·{' '}
                {t('pool_overview.on_nodes', { count: takingNodes(model), formatted: format.number(takingNodes(model)) })}
              </Dim>
              {mayAsk && (
                <Button
                  component="a"
                  variant="default"
                  size="compact-sm"
                  href={hrefOf({ page: 'try', id })}
                  aria-label={t('pool_overview.action_of', { action: t('nav.try'), about: id })}
                >
                  {t('nav.try')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <ErrorNote error={value === null ? error : null} />
    </Card>
  );
}
