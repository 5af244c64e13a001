// Jobs of the last hour that this computer did not get: the count of each reason, the numbers of the last one, help, and a next step.
import { memo } from 'react';
import type { MissedJobs } from '../../../shared/api/dispatch';
import { Card } from '../Card';
import { Dim } from '../Dim';
import { MissedJobsList } from '../MissedJobsList';
import { useLabels } from '../../i18n/use-labels';
import { missedJobsCount } from '../../labels/missed-jobs-count';

export const MissedJobsCard = memo(function MissedJobsCard({ missedJobs }: { readonly missedJobs: MissedJobs }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <Card title={t('missed_jobs_card.title')} note={missedJobsCount(labels, missedJobs)}>
      {missedJobs.reasons.length === 0 ? (
        <Dim as="p">{t('missed_jobs_card.none')}</Dim>
      ) : (
        <MissedJobsList reasons={missedJobs.reasons} isOwn />
      )}
    </Card>
  );
});
