// A computer that is in no pool and hosts none has two ways into one, side by side: it starts a pool, or it joins one.
import type { ReactNode } from 'react';
import { Card } from '../../components/Card';
import { useLabels } from '../../i18n/use-labels';
import classes from './PoolWays.module.css';

export const PoolWays = ({ children }: { readonly children: ReactNode }) => <div className={classes['both']}>{children}</div>;

export interface JoinWaysProps {
  /** False: absent here. */
  readonly nearby: ReactNode;
  readonly form: ReactNode;
}

export function JoinWays({ nearby, form }: JoinWaysProps) {
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
