// An overview of this computer: whether it gets jobs, the reasons, its GPUs and its models.
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { GpusCard } from '../gpus/GpusCard';
import { ModelsCard } from '../models/ModelsCard';
import { MissedJobsCard } from './MissedJobsCard';
import { Hero } from './Hero';
import { LoadCard } from './LoadCard';
import { Notices } from './Notices';
import { SetupCard } from './SetupCard';
import classes from './OverviewPage.module.css';

export function OverviewPage() {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  const own = useApp(ownNode);
  if (agent === null) return null;
  return (
    <Page title={t('nav.overview')} hideTitle>
      <Hero agent={agent} />
      <Notices notices={agent.notices} />
      <SetupCard agent={agent} />
      <div className={classes['columns']}>
        <div className={classes['column']}>
          <GpusCard hardware={agent.hardware} isExplained={agent.link.state === 'refused' && agent.link.code === 'NO_GPU_AVAILABLE'} />
          {own !== null && <MissedJobsCard missedJobs={own.missed_jobs} />}
        </div>
        <div className={classes['column']}>
          {agent.hardware !== null && <LoadCard agent={agent} hardware={agent.hardware} />}
          <ModelsCard agent={agent} />
        </div>
      </div>
    </Page>
  );
}
