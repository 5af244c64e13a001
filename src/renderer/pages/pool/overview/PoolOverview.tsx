// The pool on one page: key figures, nodes by availability, three charts, recent failures, and what needs attention.
import type { PoolRange } from '../../../../shared/api/pool-history';
import { AttentionCard } from './AttentionCard';
import { AvailabilityCard } from './AvailabilityCard';
import { FailuresCard } from './FailuresCard';
import { HistoryCard } from './HistoryCard';
import classes from './PoolOverview.module.css';
import { TotalsTiles } from './TotalsTiles';

export function PoolOverview({ range }: { readonly range: PoolRange }) {
  return (
    <div className={classes['overview']}>
      <TotalsTiles />
      <div className={classes['middle']}>
        <AvailabilityCard />
        <HistoryCard range={range} />
      </div>
      <div className={classes['low']}>
        <FailuresCard />
        <AttentionCard />
      </div>
    </div>
  );
}
