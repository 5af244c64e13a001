// Jobs of the last hour that this computer did not get: the count of each reason, the numbers of the last one, help, and a next step.
import type { MissedJobs } from '../../../shared/api/dispatch';
import type { ExclusionReason } from '../../../shared/protocol/status';
import { Card } from '../../components/Card';
import { MissedJobsText } from '../../components/Exclusion';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf, type RouteTarget } from '../../routes';
import classes from './MissedJobsCard.module.css';

type StepText = 'models' | 'gpus' | 'limits' | 'slots' | 'settings';

/** Where the owner can change the cause. Absent for causes that end without an action of the owner. */
const NEXT_STEP: Partial<Record<ExclusionReason, readonly [StepText, RouteTarget]>> = {
  model_not_available: ['models', { page: 'models' }],
  model_failing: ['models', { page: 'models' }],
  gpu_unavailable: ['gpus', { page: 'gpus' }],
  vram_insufficient: ['gpus', { page: 'gpus' }],
  resource_threshold_exceeded: ['limits', { page: 'settings', id: 'sharing' }],
  capacity_exceeded: ['slots', { page: 'settings', id: 'sharing' }],
  not_in_public_pool: ['settings', { page: 'settings', id: 'sharing' }],
};

export function MissedJobsCard({ missedJobs }: { readonly missedJobs: MissedJobs }) {
  const { t, format } = useLabels();
  const window = format.duration(missedJobs.window_seconds * 1000);
  const count = t('missed_jobs_card.window', { count: missedJobs.total, formatted: format.number(missedJobs.total), window });
  return (
    <Card title={t('missed_jobs_card.title')} note={count}>
      {missedJobs.reasons.length === 0 ? (
        <p className={classes['none']}>{t('missed_jobs_card.none')}</p>
      ) : (
        <ul className={classes['reasons']}>
          {missedJobs.reasons.map((reason) => {
            const next = NEXT_STEP[reason.code];
            return (
              <li key={reason.code}>
                <b>{format.number(reason.count)}</b>
                <MissedJobsText reason={reason} />
                {next !== undefined && <a href={hrefOf(next[1])}>{t(`missed_jobs_card.step.${next[0]}`)}</a>}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
