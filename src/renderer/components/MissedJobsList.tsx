// The missed jobs of a node by reason: the count, the numbers of the last one, help, and where the reader can change the cause.
import type { MissedJobs } from '../../shared/api/dispatch';
import { exclusionFacts } from '../../shared/api/exclusion-facts';
import type { ExclusionReason } from '../../shared/protocol/status';
import { useLabels } from '../i18n/use-labels';
import { hrefOf, type RouteTarget } from '../routes';
import { MissedJobsText } from './Exclusion';
import classes from './MissedJobsList.module.css';

type StepText = 'models' | 'install' | 'gpus' | 'limits' | 'slots' | 'settings';
type Step = readonly [StepText, RouteTarget];

/** Where the owner can change the cause. Absent for causes that end without an action of the owner. */
const NEXT_STEP: Partial<Record<ExclusionReason, Step>> = {
  model_not_available: ['models', { page: 'models' }],
  model_failing: ['models', { page: 'models' }],
  gpu_unavailable: ['gpus', { page: 'gpus' }],
  vram_insufficient: ['gpus', { page: 'gpus' }],
  resource_threshold_exceeded: ['limits', { page: 'settings', id: 'sharing' }],
  capacity_exceeded: ['slots', { page: 'settings', id: 'sharing' }],
  not_in_public_pool: ['settings', { page: 'settings', id: 'sharing' }],
};

type Reason = MissedJobs['reasons'][number];

export interface MissedJobsListProps {
  readonly reasons: readonly Reason[];
  /** Whether the node is this computer. Only its owner can change the cause. */
  readonly isOwn: boolean;
}

export function MissedJobsList({ reasons, isOwn }: MissedJobsListProps) {
  const { t, format } = useLabels();
  return (
    <ul className={classes['reasons']}>
      {reasons.map((reason) => {
        const next = isOwn ? nextStep(reason) : undefined;
        return (
          <li key={reason.code}>
            <b>{format.number(reason.count)}</b>
            <MissedJobsText reason={reason} isOwn={isOwn} />
            {next !== undefined && (
              <a className="link-target" href={hrefOf(next[1])}>
                {t(`missed_jobs_card.step.${next[0]}`)}
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** A model that is not installed: the list of models shows it, with its download. */
function nextStep(reason: Reason): Step | undefined {
  const facts = exclusionFacts(reason);
  const missing = facts?.code === 'model_not_available' ? facts.models.find(({ state }) => state === 'not_installed') : undefined;
  return missing === undefined ? NEXT_STEP[reason.code] : ['install', { page: 'models', search: missing.id }];
}
