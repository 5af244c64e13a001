// The pool on one page: key figures, nodes by availability, three charts, recent failures, and what needs attention.
import type { PoolRange } from '../../../../shared/api/pool-history';
import { useMay } from '../../../components/RightNote';
import { useApp } from '../../../store/Screen';
import { AttentionCard } from './AttentionCard';
import { AvailabilityCard } from './AvailabilityCard';
import { FailuresCard } from './FailuresCard';
import { HistoryCard } from './HistoryCard';
import { MemberOverview } from './MemberOverview';
import classes from './PoolOverview.module.css';
import { TotalsTiles } from './TotalsTiles';

/** With so few nodes, the card of the nodes is much lower than the charts. */
const SMALL = 8;

export function PoolOverview({ range }: { readonly range: PoolRange }) {
  const maySeeAll = useMay('view');
  const isSmall = useApp(({ nodes }) => nodes.size <= SMALL);
  if (!maySeeAll) return <MemberOverview />;
  return (
    <div className={classes['overview']}>
      <TotalsTiles />
      {isSmall ? (
        <>
          <div className={classes['middle']}>
            <div className={classes['column']}>
              <AvailabilityCard />
              <AttentionCard />
            </div>
            <HistoryCard range={range} />
          </div>
          <FailuresCard />
        </>
      ) : (
        <>
          <div className={classes['middle']}>
            <AvailabilityCard />
            <HistoryCard range={range} />
          </div>
          <div className={classes['low']}>
            <FailuresCard />
            <AttentionCard />
          </div>
        </>
      )}
    </div>
  );
}
