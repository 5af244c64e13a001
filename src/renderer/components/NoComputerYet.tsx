// A pool without a node: no model can be there. What a page shows that needs one, and the first step.
import { Button } from '@mantine/core';
import { may } from '../../shared/api/pool-access';
import { useLabels } from '../i18n/use-labels';
import { INVITE_HREF } from '../routes';
import { useApp } from '../store/Screen';
import { Card } from './Card';
import classes from './PoolElsewhere.module.css';
import { useMay } from './RightNote';

/** False where the user does not see all nodes. */
export const useIsPoolEmpty = (): boolean => useApp(({ pool, nodes }) => nodes.size === 0 && may(pool, 'view'));

export function NoComputerYet() {
  const { t } = useLabels();
  const mayInvite = useMay('manage');
  return (
    <Card title={t('no_computer.title')}>
      <div className={classes['lines']}>
        <p>{t('no_computer.text')}</p>
        {mayInvite && (
          <div>
            <Button component="a" href={INVITE_HREF}>
              {t('pool_overview.invite_first')}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
