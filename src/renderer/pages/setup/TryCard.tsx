// Step 3: the ready models of this computer, and the page that asks one of them.
import { Button } from '@mantine/core';
import type { ModelView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import classes from './SetupPage.module.css';

export function TryCard({ models }: { readonly models: readonly ModelView[] }) {
  const { t } = useLabels();
  const ready = models.filter(({ state }) => state === 'ready').length;
  return (
    <Card>
      <div className={classes['models']}>
        <span>{t('setup.try_text')}</span>
        <Dim as="span">{ready === 0 ? t('setup.try_none') : t('setup.try_ready', { count: ready })}</Dim>
        <Button component="a" variant="default" href={hrefOf({ page: 'try' })}>
          {t('nav.try')}
        </Button>
      </div>
    </Card>
  );
}
