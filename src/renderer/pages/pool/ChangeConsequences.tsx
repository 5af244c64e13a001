// What a change to another pool means for the present one: how long it stays, who loses it, and which jobs are affected.
import { useShallow } from 'zustand/react/shallow';
import { useLabels } from '../../i18n/use-labels';
import { usePoolName } from '../../components/own/use-pool-name';
import { hostedLosses } from '../../store/hosted-losses';
import { useApp } from '../../store/Screen';
import classes from './ChangeConsequences.module.css';
import type { PoolChange } from '../../queries/pool-change';

export function ChangeConsequences({ change }: { readonly change: PoolChange }) {
  const { name } = change;
  const { t } = useLabels();
  const from = usePoolName();
  const runningHere = useApp(({ agent }) => agent?.running_jobs ?? 0);
  const isHosting = useApp(({ host }) => host !== null && host.state !== 'stopped' && host.state !== 'failed');
  const lines =
    change.kind === 'own'
      ? [...(from === null || isHosting ? [] : [t('change_pool.leaves', { from })])]
      : [
          ...(isHosting ? [t('change_pool.keeps_host', { name })] : []),
          ...(!isHosting && from !== null ? [t('change_pool.keeps_member', { from, name }), t('change_pool.leaves', { from })] : []),
          t('change_pool.trust', { name }),
        ];
  const own = isHosting && change.kind === 'own' ? 0 : runningHere;
  return (
    <ul className={classes['lines']}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
      {isHosting && change.kind !== 'own' && <HostedLosses />}
      {own > 0 && <li>{t('change_pool.own_jobs', { count: own })}</li>}
    </ul>
  );
}

/** The nodes and jobs of the hosted pool. */
export function HostedLosses() {
  const { t } = useLabels();
  const { others, jobs } = useApp(useShallow(hostedLosses));
  return (
    <>
      {others > 0 && <li>{t('change_pool.stops_host', { count: others })}</li>}
      {jobs > 0 && <li>{t('change_pool.stops_jobs', { count: jobs })}</li>}
    </>
  );
}
