// Jobs of the last hour that this computer did not get: the count of each reason, the numbers of the last one, help, and a link to a page.
import type { MissedJobs } from '../../../shared/api/dispatch';
import type { ExclusionReason } from '../../../shared/protocol/status';
import { Card } from '../../components/Card';
import { MissedJobsText } from '../../components/Exclusion';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf, type PageName } from '../../routes';
import classes from './MissedJobsCard.module.css';

/** The page that helps the owner with a reason. Absent for reasons that end without an action of the owner. */
const NEXT_STEP: Partial<Record<ExclusionReason, { readonly page: PageName; readonly key: 'elsewhere.see' | 'elsewhere.see_gpus' }>> = {
  model_not_available: { page: 'models', key: 'elsewhere.see' },
  gpu_unavailable: { page: 'gpus', key: 'elsewhere.see_gpus' },
};

export function MissedJobsCard({ missedJobs }: { readonly missedJobs: MissedJobs }) {
  const { t, format } = useLabels();
  return (
    <Card title={t('elsewhere.title')} aside={t('elsewhere.window', { window: format.duration(missedJobs.window_seconds * 1000) })}>
      {missedJobs.reasons.length === 0 ? (
        <p className={classes['none']}>{t('elsewhere.none')}</p>
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
