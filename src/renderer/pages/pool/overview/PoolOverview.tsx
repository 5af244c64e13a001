// The pool on one page: key figures, nodes by availability, three charts, recent failures, and what needs attention.
import { useMay } from '../../../components/RightNote';
import { usePoolFailures } from '../../../queries/pool-history';
import { useApp } from '../../../store/Screen';
import { AttentionCard } from './AttentionCard';
import { AvailabilityCard } from './AvailabilityCard';
import { FailuresCard, NoFailures } from './FailuresCard';
import { FirstSteps } from './FirstSteps';
import { HistoryCard } from './HistoryCard';
import { MemberOverview } from './MemberOverview';
import classes from './PoolOverview.module.css';
import { TotalsTiles } from './TotalsTiles';

/** With so few nodes, the card of the nodes is much lower than the charts, and the other cards fit below it. */
const SMALL = 8;

export function PoolOverview() {
  const maySeeAll = useMay('view');
  const isSmall = useApp(({ nodes }) => nodes.size <= SMALL);
  const isEmpty = useApp(({ nodes }) => nodes.size === 0);
  if (!maySeeAll) return <MemberOverview />;
  return (
    <div className={classes['overview']}>
      {isEmpty ? <FirstSteps /> : <TotalsTiles />}
      {isEmpty ? (
        <EmptyPool />
      ) : isSmall ? (
        <SmallPool />
      ) : (
        <>
          <div className={classes['middle']}>
            <AvailabilityCard />
            <HistoryCard />
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

/** No job failed: a line in the card of what needs attention is enough. */
const useHasNoFailures = (): boolean => usePoolFailures().value?.jobs.length === 0;

/** Without a node there is nothing to draw over time. Jobs can wait or fail nevertheless. */
function EmptyPool() {
  const hasNoFailures = useHasNoFailures();
  return (
    <>
      <AttentionCard below={hasNoFailures && <NoFailures />} />
      {!hasNoFailures && <FailuresCard />}
    </>
  );
}

/** Failures are a table, which needs the full width. */
function SmallPool() {
  const hasNoFailures = useHasNoFailures();
  return (
    <>
      <div className={classes['middle']}>
        <div className={classes['column']}>
          <AvailabilityCard />
          <AttentionCard below={hasNoFailures && <NoFailures />} />
        </div>
        <HistoryCard />
      </div>
      {!hasNoFailures && <FailuresCard />}
    </>
  );
}
