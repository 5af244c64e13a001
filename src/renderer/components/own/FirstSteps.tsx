// A pool without nodes: what to do first, in order, in place of figures that are all zero.
import { Button } from '@mantine/core';
import { Card } from '../Card';
import { useLabels } from '../../i18n/use-labels';
import { useMissingModels } from '../../queries/pool-history';
import { hrefOf, INVITE_HREF } from '../../routes';
import { useApp } from '../../store/Screen';
import classes from './FirstSteps.module.css';
import { useMayInvite } from '../../queries/use-may-invite';

export function FirstSteps() {
  const { t } = useLabels();
  const mayInvite = useMayInvite();
  return (
    <Card title={t('pool_overview.first.title')}>
      <ol className={classes['steps']}>
        <li>
          <b>{t('pool_overview.first.invite')}</b>
          <span>{t('pool_overview.no_nodes')}</span>
          {mayInvite && (
            <Button component="a" size="compact-sm" href={INVITE_HREF}>
              {t('pool_overview.invite_first')}
            </Button>
          )}
        </li>
        <li>
          <ModelStep />
        </li>
        <li>
          <b>{t('pool_overview.first.prompt')}</b>
          <span>{t('pool_overview.first.prompt_text')}</span>
          <Button component="a" size="compact-sm" variant="default" href={hrefOf({ page: 'connect' })}>
            {t('nav.connect')}
          </Button>
        </li>
      </ol>
    </Card>
  );
}

/** Models that a line lists before it counts the rest. */
const NAMED = 3;

/** The models that the pool requires, else those that it was asked for, most requests first. */
function ModelStep() {
  const { t } = useLabels();
  const required = useApp(({ pool }) => pool?.required_models ?? NONE);
  const { value } = useMissingModels();
  const asked = (value?.models ?? []).toSorted((a, b) => b.requests - a.requests).map(({ model_id: id }) => id);
  const kind = required.length > 0 ? 'required' : asked.length > 0 ? 'asked' : null;
  const names = kind === 'required' ? required : asked;
  const more = names.length > NAMED ? [t('models_here.more', { count: names.length - NAMED })] : [];
  const models = [...names.slice(0, NAMED), ...more].join(t('punctuation.list'));
  return (
    <>
      <b>{kind === null ? t('pool_overview.first.model') : t(`pool_overview.first.model_${kind}`, { models, count: names.length })}</b>
      <span>{t('pool_overview.first.model_text')}</span>
      <Button component="a" size="compact-sm" variant="default" href={hrefOf({ page: 'models' })}>
        {t('nav.models')}
      </Button>
    </>
  );
}

const NONE: readonly string[] = [];
