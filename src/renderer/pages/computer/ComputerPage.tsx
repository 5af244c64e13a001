// This computer: whether it gets jobs and why, its contribution, its GPUs, slots, missed jobs and models. While the load or the pause of the
// owner keeps jobs away, the limits and the programs on the GPU come first.
import { type ReactNode, useState } from 'react';
import type { AgentView } from '../../../shared/api/agent-view';
import { availabilityOf } from '../../../shared/api/availability';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { ownStatusOf } from '../../../shared/api/own-status';
import { Columns } from '../../components/Columns';
import { Page } from '../../components/Page';
import { LookAroundCard } from '../../components/sharing/LookAroundCard';
import { useLabels } from '../../i18n/use-labels';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { GpusCard } from '../gpus/GpusCard';
import { ModelsCard } from '../models/ModelsCard';
import { ContributionCard } from '../../components/own/ContributionCard';
import { Hero } from './Hero';
import { NoNodeHero } from './NoNodeHero';
import { MissedJobsCard } from '../../components/own/MissedJobsCard';
import { Notices } from './Notices';
import { OwnLimits } from './OwnLimits';
import { ProgramsCard } from './ProgramsCard';
import { RunningCard } from '../../components/own/RunningCard';
import classes from './ComputerPage.module.css';

export function ComputerPage() {
  const { t } = useLabels();
  const hostname = useApp((app) => app.app.hostname);
  const agent = useApp((app) => app.agent);
  if (agent === null) {
    return (
      <Page title={t('nav.computer')} subtitle={hostname}>
        <NoNodeHero />
      </Page>
    );
  }
  return (
    <Page title={t('nav.computer')} subtitle={agent.name}>
      <Hero agent={agent} />
      <Notices notices={agent.notices} />
      <LookAroundCard />
      <Cards agent={agent} />
    </Page>
  );
}

/**
 * While the owner changes limits or rules, the cards stay where they are: a limit that lets jobs start again must not move its own button
 * away. They move at the next change after that.
 */
function Cards({ agent }: { readonly agent: AgentView }) {
  const hasNode = useApp((app) => ownNode(app) !== null);
  const order = isKeptByOwner(agent) ? 'kept' : hasNode || ownStatusOf(agent) !== null ? 'working' : 'unknown';
  const [seen, setSeen] = useState(order);
  const [shown, setShown] = useState(order);
  const [isChanging, setChanging] = useState(false);
  if (order !== seen) {
    setSeen(order);
    if (!isChanging) setShown(order);
  }
  const { hardware } = agent;
  const limits = hardware !== null && ownGpuOf(hardware) === 'usable' && (
    <div role="presentation" className={classes['limits']} onFocus={() => setChanging(true)} onBlur={() => setChanging(false)}>
      <OwnLimits agent={agent} hardware={hardware} />
    </div>
  );
  if (shown === 'kept') return <KeptByOwner agent={agent} limits={limits} />;
  return <Working agent={agent} limits={limits} hasWork={shown === 'working'} />;
}

interface CardsProps {
  readonly agent: AgentView;
  readonly limits: ReactNode;
}

/** The own load or the own pause keeps jobs away. */
function isKeptByOwner({ link, node_status: status }: AgentView): boolean {
  if (link.state !== 'connected' || status === null) return false;
  const { state } = availabilityOf(status.message);
  return state === 'busy' || (state === 'paused' && status.message.pause != null);
}

/**
 * The limits are where they keep both columns about equally long: without slots and missed jobs in the narrow one, below the chart of one GPU,
 * and below both columns with more GPUs.
 */
function Working({ agent, limits, hasWork }: CardsProps & { readonly hasWork: boolean }) {
  const place = !hasWork ? 'narrow' : countGpus(agent) > 1 ? 'below' : 'wide';
  return (
    <>
      <ContributionCard layout="whole" />
      <Columns
        isEven={place === 'below'}
        wide={
          <>
            <Gpus agent={agent} />
            {place === 'wide' && limits}
          </>
        }
        narrow={
          <>
            <RunningCard agent={agent} />
            <MissedJobsCard />
            <Models agent={agent} />
            {place === 'narrow' && limits}
          </>
        }
      />
      {place === 'below' && limits}
    </>
  );
}

function KeptByOwner({ agent, limits }: CardsProps) {
  const { hardware } = agent;
  return (
    <>
      <Columns
        wide={limits}
        narrow={
          <>
            {hardware !== null && <ProgramsCard hardware={hardware} />}
            <RunningCard agent={agent} />
          </>
        }
      />
      <ContributionCard layout="whole" />
      <Gpus agent={agent} />
      <Columns wide={<MissedJobsCard />} narrow={<Models agent={agent} />} />
    </>
  );
}

function Gpus({ agent: { hardware, link } }: { readonly agent: AgentView }) {
  const isExplained = link.state === 'refused' && link.code === 'NO_GPU_AVAILABLE';
  // The hero shows the probed sources and refused adapters then.
  return isExplained && ownGpuOf(hardware) === 'none' ? null : <GpusCard hardware={hardware} isExplained={isExplained} />;
}

const countGpus = ({ hardware }: AgentView): number => (hardware?.gpus ?? []).filter(({ accepted }) => accepted).length;

function Models({ agent: { models, runtimes = NO_RUNTIMES, model_folders, model_problems } }: { readonly agent: AgentView }) {
  return <ModelsCard models={models} runtimes={runtimes} model_folders={model_folders} model_problems={model_problems} />;
}

/** One list for all renders. */
const NO_RUNTIMES: NonNullable<AgentView['runtimes']> = [];
