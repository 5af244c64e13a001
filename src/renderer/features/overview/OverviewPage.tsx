// This machine at a glance: is it contributing, why not, on which GPUs, with which models.
import { Page } from '../../components/Page';
import { useWords } from '../../i18n/use-words';
import { useApp } from '../../store/Screen';
import { GpusCard } from '../gpus/GpusCard';
import { ModelsCard } from '../models/ModelsCard';
import { ElsewhereCard } from './ElsewhereCard';
import { Hero } from './Hero';
import { LoadCard } from './LoadCard';
import { Notices } from './Notices';
import { OwnLoad } from './OwnLoad';
import { PathCard } from './PathCard';
import classes from './OverviewPage.module.css';

export function OverviewPage() {
  const { t } = useWords();
  const agent = useApp((app) => app.agent);
  const own = useApp((app) => app.nodes.find((node) => node.node_id === app.agent?.node_id));
  const pool = useApp((app) => app.pool);
  if (agent === null) return null;
  return (
    <Page title={t('nav.overview')} hideTitle>
      <Hero agent={agent} />
      {own !== undefined && pool !== null && <OwnLoad node={own} pool={pool} />}
      <Notices notices={agent.notices} />
      <PathCard agent={agent} />
      <div className={classes['columns']}>
        <div className={classes['column']}>
          <GpusCard hardware={agent.hardware} isExplained={agent.link.state === 'refused' && agent.link.code === 'NO_GPU_AVAILABLE'} />
          {own !== undefined && <ElsewhereCard missedJobs={own.missed_jobs} />}
        </div>
        <div className={classes['column']}>
          {agent.hardware !== null && <LoadCard name={agent.name} hardware={agent.hardware} />}
          <ModelsCard agent={agent} />
        </div>
      </div>
    </Page>
  );
}
