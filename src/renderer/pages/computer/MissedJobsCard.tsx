// Jobs of the last hour that this computer did not get: the count of each reason, the numbers of the last one, help, and a link to a page.
import type { MissedJobs } from '../../../shared/api/dispatch';
import type { ExclusionReason } from '../../../shared/protocol/status';
import { Card } from '../../components/Card';
import { MissedJobsText } from '../../components/Exclusion';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf, type PageName } from '../../routes';
import classes from './MissedJobsCard.module.css';

/** The page that helps the owner with a reason. Absent for reasons that end without an action of the owner. */
const NEXT_STEP: Partial<
  Record<ExclusionReason, { readonly page: PageName; readonly key: 'missed_jobs_card.see' | 'missed_jobs_card.see_gpus' }>
> = {
  model_not_available: { page: 'models', key: 'missed_jobs_card.see' },
  gpu_unavailable: { page: 'gpus', key: 'missed_jobs_card.see_gpus' },
};

export function MissedJobsCard({ missedJobs }: { readonly missedJobs: MissedJobs }) {
  const { t, format } = useLabels();
  return (
    <Card
      title={t('missed_jobs_card.title')}
      aside={t('missed_jobs_card.window', { window: format.duration(missedJobs.window_seconds * 1000) })}
    >
      {missedJobs.reasons.length === 0 ? (
        <p className={classes['none']}>{t('missed_jobs_card.none')}</p>
      ) : (
        <ul className={classes['reasons']}>
          {missedJobs.reasons.map((reason) => {
            const next = NEXT_STEP[reason.code];
            return (
              <li key={reason.code}>
                <b>{t('dispatch.times', { count: reason.count })}</b>
                <MissedJobsText reason={reason} />
                {next !== undefined && <a href={hrefOf({ page: next.page })}>{t(next.key)}</a>}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
