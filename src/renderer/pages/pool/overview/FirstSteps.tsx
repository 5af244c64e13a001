// A pool without nodes: what to do first, in order, in place of figures that are all zero.
import { Button } from '@mantine/core';
import { Card } from '../../../components/Card';
import { useLabels } from '../../../i18n/use-labels';
import { hrefOf, INVITE_HREF } from '../../../routes';
import classes from './FirstSteps.module.css';
import { useMayInvite } from './use-rights';

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
          <b>{t('pool_overview.first.model')}</b>
          <span>{t('pool_overview.first.model_text')}</span>
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
