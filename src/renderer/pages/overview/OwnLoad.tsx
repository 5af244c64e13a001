// A ready node gets no jobs while its owner's work takes more than the limit of the pool. Then "Ready" alone would mislead.
import type { Use } from '../../../shared/api/exclusion-facts';
import type { NodeView, PoolSummary } from '../../../shared/api/node-view';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';

export function OwnLoad({ node, pool }: { readonly node: NodeView; readonly pool: PoolSummary }) {
  const { t, format } = useLabels();
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
      <Dim as="p">{t('own_load.help')}</Dim>
    </Card>
  );
}

interface OverLimit {
  readonly use: Use;
  readonly percent: number;
  readonly limitPercent: number;
}

/** The loads over their limits, by the rule of the filter `resource_use`. Also empty when the scheduler does not report its thresholds. */
export function overLimits(
  { status, resource_usage: usage }: NodeView,
  { resource_thresholds: thresholds }: PoolSummary,
): readonly OverLimit[] {
  if (status !== 'ready' || usage === null || thresholds === undefined) return [];
  const uses: readonly OverLimit[] = [
    { use: 'cpu', percent: usage.cpu_percent, limitPercent: thresholds.cpu_percent },
    { use: 'gpu', percent: usage.gpu_percent ?? 0, limitPercent: thresholds.gpu_percent },
    { use: 'mem', percent: usage.mem_percent, limitPercent: thresholds.mem_percent },
  ];
  return uses.filter(({ percent, limitPercent }) => limitPercent < 100 && percent >= limitPercent);
}
