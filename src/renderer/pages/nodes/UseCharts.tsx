// GPU use and GPU memory of a node over the last hour or day. The charts end with the use at the time at which the history was received: a
// heartbeat alone draws no chart again.
import { useMemo } from 'react';
import type { NodeHistory } from '../../../shared/api/node-history';
import type { NodeView } from '../../../shared/api/node-view';
import type { ChartData } from '../../components/charts/chart-data';
import { TimeChart } from '../../components/charts/TimeChart';
import type { Use } from '../../components/bars/UseBar';
import { useLabels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { gpuUse, usedOf, vramTotalGb, vramUse } from '../../components/bars/node-use';
import classes from './UseCharts.module.css';

const PERCENT = { total: 100 } as const;
const SYNC = 'node-history';

export interface UseChartsProps {
  readonly node: NodeView;
  readonly history: NodeHistory;
}

export function UseCharts({ node, history }: UseChartsProps) {
  const { t, format } = useLabels();
  const { store } = useScreen();
  const total = vramTotalGb(node);
  const scale = useMemo(() => ({ total }), [total]);
  const names = useMemo(() => ({ pool: t('legend.pool'), owner: t('legend.owner.node') }), [t]);
  const { gpu, vram } = useMemo(() => {
    const present = store.getState().app?.nodes.get(node.node_id);
    const { gpu_pool_percent, gpu_owner_percent, vram_pool_gb, vram_owner_gb } = history;
    return {
      gpu: dataOf(history, names, { pool: gpu_pool_percent, owner: gpu_owner_percent }, present === undefined ? null : gpuUse(present)),
      vram: dataOf(history, names, { pool: vram_pool_gb, owner: vram_owner_gb }, present === undefined ? null : vramUse(present)),
    };
  }, [history, names, store, node.node_id]);
  const gpus = node.hardware.gpus.length;
  // The limit holds for the busiest GPU. The history has the mean, which may be below the limit while the node is busy.
  const limit = gpus > 1 ? null : (node.limits?.gpu_percent ?? null);
  const vramText = (usedGb: number): string =>
    gpus > 1
      ? t('nodes.vram_of_gpus', { used: format.gb(usedGb), total: format.gb(total), count: gpus })
      : t('nodes.vram_of', { used: format.number(usedGb, 1), total: format.number(total, total < 10 ? 1 : 0) });
  const [usedPercent, usedGb] = [usedOf(gpuUse(node)), usedOf(vramUse(node))];
  return (
    <div className={classes['charts']}>
      <TimeChart
        label={t('nodes.gpu_use')}
        title={gpus > 1 ? `${t('nodes.gpu_use')}${t('punctuation.comma')}${t('nodes.of_gpus', { count: gpus })}` : undefined}
        aside={usedPercent === null ? t('unknown.none') : format.percent(usedPercent)}
        data={gpu}
        scale={PERCENT}
        limit={limit === null ? null : { value: limit, label: t('nodes.limit_line', { percent: format.percent(limit) }) }}
        valueText={format.percent}
        heightPx={120}
        sync={SYNC}
      />
      <TimeChart
        label={t('nodes.vram')}
        title={gpus > 1 ? t('gpus.vram') : undefined}
        aside={usedGb === null ? t('unknown.none') : vramText(usedGb)}
        data={vram}
        scale={scale}
        valueText={format.gb}
        tickText={format.number}
        heightPx={120}
        sync={SYNC}
      />
    </div>
  );
}

type Values = readonly (number | null)[];

/** The chart ends with a reading: the points before are means, and the figure beside the chart is a reading. */
function dataOf(
  { at, from, until, step_seconds: stepSeconds }: NodeHistory,
  names: { readonly pool: string; readonly owner: string },
  { pool, owner }: { readonly pool: Values; readonly owner: Values },
  now: Use,
): ChartData {
  const present = now === null || 'used' in now || (at.at(-1) ?? 0) >= until ? null : now;
  const ending = (values: Values, value: number | undefined): Values => (value === undefined ? values : [...values, value]);
  return {
    fromWallMs: from,
    toWallMs: until,
    timesWallMs: present === null ? at : [...at, until],
    stepMs: stepSeconds * 1000,
    series: [
      { label: names.owner, kind: 'owner', values: ending(owner, present?.owner) },
      { label: names.pool, kind: 'pool', values: ending(pool, present?.pool) },
    ],
  };
}
