// "Ready" alone would mislead: while the owner's own work takes more than the pool's limit, jobs go elsewhere.
import type { NodeView, PoolSummary } from '../../../shared/api/node-view';
import { Card } from '../../components/Card';
import { Rich } from '../../components/Rich';
import { useWords } from '../../i18n/use-words';
import { overLimits } from './own-load';
import classes from './OwnLoad.module.css';

export function OwnLoad({ node, pool }: { readonly node: NodeView; readonly pool: PoolSummary }) {
  const { t, format } = useWords();
  const over = overLimits(node, pool);
  if (over.length === 0) return null;
  return (
    <Card title={t('own_load.title')} tone="warning">
      <ul>
        {over.map(({ use, percent, limitPercent }) => (
          <li key={use}>
            <Rich k={`own_load.${use}`} values={{ found: format.percent(percent), limit: format.percent(limitPercent) }} />
          </li>
        ))}
      </ul>
      <p className={classes['dim']}>{t('own_load.help')}</p>
    </Card>
  );
}
