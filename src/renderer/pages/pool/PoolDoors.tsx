// A computer that is in no pool and hosts none has two ways into one, side by side: it starts a pool, or it joins one.
import type { ReactNode } from 'react';
import { Card } from '../../components/Card';
import { useLabels } from '../../i18n/use-labels';
import classes from './PoolDoors.module.css';

export const PoolDoors = ({ children }: { readonly children: ReactNode }) => <div className={classes['doors']}>{children}</div>;

export interface JoinDoorProps {
  /** False: absent here. */
  readonly nearby: ReactNode;
  readonly form: ReactNode;
}

export function JoinDoor({ nearby, form }: JoinDoorProps) {
  const { t } = useLabels();
  return (
    <Card title={t('pool.join_title')}>
      <div className={classes['ways']}>
        <p>{t('pool.join_ways')}</p>
        {nearby}
        {form}
      </div>
    </Card>
  );
}
