// The pool in figures. The nodes are those of the state, so that every page shows the same number; the rest is counted by the scheduler.
import type { PoolTotals } from '../../../../shared/api/pool-history';
import { Card } from '../../../components/Card';
import { ErrorNote } from '../../../components/ErrorNote';
import { StatTiles, type StatTile } from '../../../components/StatTiles';
import { type Labels, useLabels } from '../../../i18n/use-labels';
import { type StateCounts, totalOf } from '../../../labels/node-counts';
import { vramSharesOf } from '../../../labels/vram-shares';
import { usePoolTotals } from '../../../queries/pool-history';
import { nodeCounts } from '../../../store/nodes';
import { useApp } from '../../../store/Screen';
import { type PoolFacts, poolFacts } from '../../../components/bars/node-use';

/** Of the nodes that do not report how much of it is in use. */
const silentVramGb = ({ vramGb, vramReportedGb }: PoolFacts): number => vramGb - vramReportedGb;

const DAY_MS = 24 * 3_600_000;

export function TotalsTiles() {
  const labels = useLabels();
  const counts = useApp(({ nodes }) => nodeCounts(nodes).byState);
  const silentGb = useApp(({ nodes }) => silentVramGb(poolFacts(nodes)));
  const { value, error } = usePoolTotals();
  return (
    <Card label={labels.t('pool_overview.tiles')}>
      {value === null && <ErrorNote error={error} />}
      <StatTiles label={labels.t('pool_overview.tiles')} tiles={[nodesTile(labels, counts), ...tilesOf(labels, value, silentGb)]} />
    </Card>
  );
}

export function nodesTile(labels: Labels, counts: StateCounts): StatTile {
  const { t, format } = labels;
  return {
    label: t('pool_overview.tile.nodes'),
    figure: format.number(counts.available),
    unit: t('pool_overview.of', { total: format.number(totalOf(counts)) }),
    ...fullAndBusy(labels, counts),
  };
}

/** Without the states that no node has. */
function fullAndBusy({ t, format }: Labels, counts: StateCounts): Pick<StatTile, 'note'> {
  const parts = (['full', 'busy'] as const).flatMap((state) =>
    counts[state] === 0 ? [] : [t(`pool_overview.nodes_${state}`, { number: format.number(counts[state]) })],
  );
  return parts.length === 0 ? {} : { note: parts.join(t('punctuation.comma')) };
}

/** Null: not known yet. */
function tilesOf(labels: Labels, totals: PoolTotals | null, silentGb: number): readonly StatTile[] {
  const { t } = labels;
  if (totals === null)
    return (['gpus', 'vram', 'running', 'waiting', 'output', 'first_token'] as const).map((name) => ({
      label: t(`pool_overview.tile.${name}`),
      figure: null,
    }));
  return [
    gpusTile(labels, totals),
    vramTile(labels, totals, silentGb),
    ...jobTiles(labels, totals),
    outputTile(labels, totals),
    firstTokenTile(labels, totals),
  ];
}

function gpusTile({ t, format }: Labels, { gpus: { offered, total } }: PoolTotals): StatTile {
  return {
    label: t('pool_overview.tile.gpus'),
    figure: format.number(offered),
    unit: t('pool_overview.of', { total: format.number(total) }),
    ...(total === 0 ? {} : { note: t('pool_overview.gpus_away', { count: total - offered, formatted: format.number(total - offered) }) }),
  };
}

function vramTile({ t, format }: Labels, { vram_gb: vram }: PoolTotals, silentGb: number): StatTile {
  const label = t('pool_overview.tile.vram');
  // Of memory whose use is unknown, none counts as free.
  const shares = vramSharesOf({ ...vram, total: vram.total - silentGb }, format);
  if (shares === null) return { label, figure: null, note: t('unknown.not_reported') };
  const { used, total, pool, owners } = shares;
  return {
    label,
    figure: used,
    unit: t('pool_overview.of', { total }),
    note: (
      <>
        <span title={t('pool_overview.vram_note')}>{t('pool_overview.vram_split', { pool, owners })}</span>
        {silentGb > 0 && <Line>{t('pool_overview.vram_silent', { gb: format.gb(silentGb) })}</Line>}
      </>
    ),
  };
}

function jobTiles({ t, format }: Labels, { jobs, slots }: PoolTotals): readonly StatTile[] {
  const { running, waiting, oldest_wait_seconds: oldest, ended_per_minute: ended } = jobs;
  const { total, used } = slots;
  const inSlots = t('pool_overview.in_slots', { used: format.number(used), count: total, formatted: format.number(total) });
  // Of busy, draining and degraded nodes, whose slots do not count.
  const elsewhere = Math.max(0, running - used);
  return [
    {
      label: t('pool_overview.tile.running'),
      figure: format.number(running),
      unit: t('pool_overview.jobs', { count: running }),
      note: (
        <>
          <span title={t('pool_overview.elsewhere_note')}>{inSlots}</span>
          {elsewhere > 0 && (
            <Line title={t('pool_overview.elsewhere_note')}>
              {t('pool_overview.elsewhere', { count: elsewhere, formatted: format.number(elsewhere) })}
            </Line>
          )}
        </>
      ),
    },
    {
      label: t('pool_overview.tile.waiting'),
      figure: format.number(waiting),
      unit: t('pool_overview.jobs', { count: waiting }),
      note: (
        <>
          {oldest === null ? t('pool_overview.none_waiting') : t('pool_overview.oldest', { age: format.duration(oldest * 1000) })}
          {ended !== null && <Line>{t('pool_overview.rate', { count: ended, jobs: format.number(ended) })}</Line>}
        </>
      ),
    },
  ];
}

/** A further line of a note. */
const Line = ({ title, children }: { readonly title?: string; readonly children: string }) => (
  <>
    <br />
    <span title={title}>{children}</span>
  </>
);

function outputTile(
  { t, format }: Labels,
  { at, output_tokens_per_second: rate, last_24h: { since, output_tokens: tokens } }: PoolTotals,
): StatTile {
  const counted = format.compact(tokens);
  return {
    label: t('pool_overview.tile.output'),
    figure: rate === null ? null : format.number(rate),
    unit: t('pool_overview.tokens_per_second'),
    note:
      at - since < DAY_MS * 0.98
        ? t('pool_overview.tokens_since', { tokens: counted, since: format.clock(since, at) })
        : t('pool_overview.tokens_24h', { tokens: counted }),
  };
}

function firstTokenTile({ t, format }: Labels, { first_token_ms: first }: PoolTotals): StatTile {
  const label = t('pool_overview.tile.first_token');
  if (first === null) return { label, figure: null, note: t('pool_overview.no_streams') };
  const [figure = '', unit = ''] = format.took(first.median).split('\u00a0');
  return {
    label,
    figure,
    unit: t('pool_overview.seconds_median', { unit }),
    note: t('pool_overview.within', { time: format.took(first.p95) }),
  };
}
