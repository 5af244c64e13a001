// The pool on one page: key figures, nodes by availability, three charts, recent failures, and what there is to do.
import { useMay } from '../../../components/RightNote';
import { usePoolFailures } from '../../../queries/pool-history';
import { useApp } from '../../../store/Screen';
import { AttentionCard, MOST_ITEMS } from './AttentionCard';
import { AvailabilityCard } from './AvailabilityCard';
import { FailuresCard, NoFailures } from './FailuresCard';
import { FirstSteps } from '../../../components/own/FirstSteps';
import { HistoryCard } from './HistoryCard';
import { MemberOverview } from './MemberOverview';
import { nodeGroups } from './node-groups';
import classes from './PoolOverview.module.css';
import { TotalsTiles } from './TotalsTiles';
import { UsableModelsCard } from './UsableModelsCard';
import { useAttention } from './use-attention';

export function PoolOverview() {
  const maySeeAll = useMay('view');
  const isEmpty = useApp(({ nodes }) => nodes.size === 0);
  if (!maySeeAll) return <MemberOverview />;
  return (
    <div className={classes['overview']}>
      {isEmpty ? (
        <>
          <FirstSteps />
          <EmptyPool />
        </>
      ) : (
        <>
          <TotalsTiles />
          <PoolOfNodes />
        </>
      )}
    </div>
  );
}

/** No job failed: a line in the card of what there is to do is enough. */
const useHasNoFailures = (): boolean => usePoolFailures().value?.jobs.length === 0;

/** Without a node there is nothing to draw over time. Jobs can wait or fail nevertheless. */
function EmptyPool() {
  const hasFailures = !useHasNoFailures();
  const isQuiet = useAttention().length === 0;
  return (
    <>
      {/* The first steps are what there is to do. */}
      {!isQuiet && <AttentionCard />}
      {hasFailures && <FailuresCard />}
    </>
  );
}

/** As many rows of nodes and of what there is to do leave room for a third card beside the charts. */
const FEW_ROWS = 4;

/** What there is to do is at one place in pools of every size. Failures are a table, which needs the full width. */
function PoolOfNodes() {
  const hasNoFailures = useHasNoFailures();
  const rows = useApp(({ nodes }) => nodeGroups(nodes.values()).length) + Math.min(useAttention().length, MOST_ITEMS);
  return (
    <>
      <div className={classes['middle']}>
        <div className={classes['column']}>
          <AttentionCard below={hasNoFailures && <NoFailures />} />
          <AvailabilityCard />
          {rows <= FEW_ROWS && <UsableModelsCard />}
        </div>
        <HistoryCard />
      </div>
      {!hasNoFailures && <FailuresCard />}
    </>
  );
}
