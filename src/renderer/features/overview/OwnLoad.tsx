// "Ready" alone would mislead: while the owner's own work takes more than the pool's limit, jobs go elsewhere.
import type { NodeView } from '../../../shared/api/node-view';
import { Card } from '../../components/Card';
import { Rich } from '../../components/Rich';
import { useWords } from '../../i18n/use-words';
import { useWatch } from '../../store/use-watch';
import { overLimits } from './own-load';
import classes from './OwnLoad.module.css';

const EVERY_MS = 10_000;

export function OwnLoad({ node }: { readonly node: NodeView }) {
  const { t, format } = useWords();
  // Asked, so that it is known before a job was turned away: a job that needs nothing, and may go nowhere else.
  const { value: explanation } = useWatch(
    'pool.explain',
    { required_models: [], public: false, node_id: node.node_id },
    { everyMs: EVERY_MS },
  );
  const over = overLimits(node, explanation);
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
