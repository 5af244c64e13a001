// The overview for a member without the right to see all of the pool: what the nodes in the state show, what this
// computer gave, the models that it can use, and why the rest is missing.
import { availabilityOf } from '../../../../shared/api/availability';
import type { NodeView } from '../../../../shared/api/node-view';
import type { OpenJobCounts } from '../../../../shared/api/job';
import { Card } from '../../../components/Card';
import { Dim } from '../../../components/Dim';
import { StatTiles, type StatTile } from '../../../components/StatTiles';
import { type Labels, useLabels } from '../../../i18n/use-labels';
import { nodeCounts } from '../../../store/nodes';
import { useApp } from '../../../store/Screen';
import { ContributionCard } from '../../../components/own/ContributionCard';
import { AvailabilityCard } from './AvailabilityCard';
import classes from './PoolOverview.module.css';
import { nodesTile } from './TotalsTiles';
import { UsableModelsCard } from './UsableModelsCard';

export function MemberOverview() {
  return (
    <div className={classes['overview']}>
      <KnownTiles />
      <div className={classes['middle']}>
        <div className={classes['column']}>
          <AvailabilityCard />
          <Limited />
        </div>
        <div className={classes['overview']}>
          <ContributionCard layout="column" />
          <UsableModelsCard />
        </div>
      </div>
    </div>
  );
}

function Limited() {
  const { t } = useLabels();
  return (
    <Card title={t('pool_overview.limited')}>
      <div className={classes['lines']}>
        <p>{t('pool_overview.limited_text')}</p>
        <Dim as="p">{t('pool_overview.limited_how')}</Dim>
      </div>
    </Card>
  );
}

function KnownTiles() {
  const labels = useLabels();
  const nodes = useApp((app) => app.nodes);
  const jobs = useApp(({ pool }) => pool?.open_jobs);
  const label = labels.t('pool_overview.tiles');
  return (
    <Card label={label}>
      <StatTiles label={label} tiles={[nodesTile(labels, nodeCounts(nodes).byState), gpusTile(labels, nodes), ...jobTiles(labels, jobs)]} />
    </Card>
  );
}

function gpusTile({ t, format }: Labels, nodes: ReadonlyMap<string, NodeView>): StatTile {
  let [total, offered] = [0, 0];
  for (const node of nodes.values()) {
    const gpus = node.hardware.gpus.length;
    total += gpus;
    if (['available', 'full'].includes(availabilityOf(node).state)) offered += gpus;
  }
  return {
    label: t('pool_overview.tile.gpus'),
    figure: format.number(offered),
    unit: t('pool_overview.of', { total: format.number(total) }),
  };
}

/** An older scheduler does not report its jobs. */
function jobTiles({ t, format }: Labels, jobs: OpenJobCounts | undefined): readonly StatTile[] {
  if (jobs === undefined) return [];
  const [running, waiting] = [jobs.running + jobs.assigned, jobs.queued];
  return [
    { label: t('pool_overview.tile.running'), figure: format.number(running), unit: t('pool_overview.jobs', { count: running }) },
    { label: t('pool_overview.tile.waiting'), figure: format.number(waiting), unit: t('pool_overview.jobs', { count: waiting }) },
  ];
}
