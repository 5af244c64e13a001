// Jobs, tokens, GPU time and energy that this computer gave to its pool, today and in 7 days, and the jobs of each hour of today.
import { memo } from 'react';
import type { PoolContribution } from '../../../shared/api/gpu';
import { isWithoutNode } from '../../../shared/api/sharing-choice';
import { useClockPart, useToday } from '../../clock/Clock';
import { Card } from '../Card';
import { BarsChart } from '../charts/BarsChart';
import { type StatTile, StatTiles } from '../StatTiles';
import { useLabels } from '../../i18n/use-labels';
import { usePoolName } from './use-pool-name';
import { useContribution } from '../../queries/contribution';
import { useApp } from '../../store/Screen';
import { contributionTiles } from './contribution-tiles';
import classes from './ContributionCard.module.css';

const HOUR_MS = 3_600_000;

export interface ContributionCardProps {
  /** `tiles`: without the chart. `column`: the chart below the figures. */
  readonly layout: 'whole' | 'column' | 'tiles';
}

/** Absent without a pool, without a usable GPU, and where the program does not answer. */
export const ContributionCard = memo(function ContributionCard({ layout }: ContributionCardProps) {
  const labels = useLabels();
  const { t } = labels;
  const pool = usePoolName();
  const canGive = useApp(({ agent }) => agent?.link.state !== 'refused' || !isWithoutNode(agent.link.code));
  const { value, error } = useContribution();
  const current = value?.pools.find((one) => one.is_current) ?? null;
  if (pool === null || !canGive || (current === null && (value !== null || error !== null))) return null;
  const tiles = contributionTiles(labels, current);
  const title = t('contribution.title', { pool });
  return (
    <Card title={title} note={t('contribution.times')}>
      {layout === 'tiles' ? (
        <StatTiles label={title} tiles={tiles} />
      ) : (
        <Whole label={title} tiles={tiles} current={current} isColumn={layout === 'column'} />
      )}
    </Card>
  );
});

interface WholeProps {
  readonly label: string;
  readonly tiles: readonly StatTile[];
  readonly current: PoolContribution | null;
  readonly isColumn: boolean;
}

function Whole({ label: name, tiles, current, isColumn }: WholeProps) {
  const midnightWallMs = useToday();
  const hour = useClockPart((nowWallMs) => new Date(nowWallMs).getHours());
  return (
    <div className={classes['whole']} data-column={isColumn ? '' : undefined}>
      <StatTiles label={name} tiles={tiles} />
      <JobsPerHour midnightWallMs={midnightWallMs} hour={hour} jobs={current?.jobs_by_hour ?? null} />
    </div>
  );
}

interface JobsPerHourProps {
  readonly midnightWallMs: number;
  readonly hour: number;
  /** Null: not known yet. */
  readonly jobs: readonly number[] | null;
}

/** The clock ticks each second, and the bars change once in an hour. */
const JobsPerHour = memo(function JobsPerHour({ midnightWallMs, hour, jobs }: JobsPerHourProps) {
  const { t, format } = useLabels();
  return (
    <BarsChart
      label={t('contribution.per_hour')}
      fromWallMs={midnightWallMs}
      toWallMs={midnightWallMs + 24 * HOUR_MS}
      stepMs={HOUR_MS}
      values={(jobs ?? []).slice(0, hour + 1)}
      isLastOpen
      valueText={(value) => format.number(value)}
      heightPx={56}
    />
  );
});
