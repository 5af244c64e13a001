// This computer: whether it gets jobs, the reasons, its GPUs and its models.
import { Columns } from '../../components/Columns';
import { NoNodeHere } from '../../components/NoNodeHere';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { GpusCard } from '../gpus/GpusCard';
import { ModelsCard } from '../models/ModelsCard';
import { MissedJobsCard } from './MissedJobsCard';
import { Hero } from './Hero';
import { Notices } from './Notices';
import { OwnLimits } from './OwnLimits';
import { SetupCard } from './SetupCard';

export function ComputerPage() {
  const { t } = useLabels();
  const hostname = useApp((app) => app.app.hostname);
  const agent = useApp((app) => app.agent);
  const own = useApp(ownNode);
  if (agent === null) {
    return (
      <Page title={t('nav.computer')} subtitle={hostname}>
        <NoNodeHere />
      </Page>
    );
  }
  return (
    <Page title={t('nav.computer')} subtitle={agent.name}>
      <Hero agent={agent} />
      <Notices notices={agent.notices} />
      <SetupCard agent={agent} />
      <Columns
        wide={
          <>
            <GpusCard hardware={agent.hardware} isExplained={agent.link.state === 'refused' && agent.link.code === 'NO_GPU_AVAILABLE'} />
            {own !== null && <MissedJobsCard missedJobs={own.missed_jobs} />}
          </>
        }
        narrow={
          <>
            {agent.hardware !== null && <OwnLimits agent={agent} hardware={agent.hardware} />}
            <ModelsCard agent={agent} />
          </>
        }
      />
    </Page>
  );
}
