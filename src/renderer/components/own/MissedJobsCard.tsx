// Jobs of the last hour that this computer did not get: the count of each reason, the numbers of the last one, help, and a next step. None
// without a usable GPU: its node gets no job, and misses none.
import { memo } from 'react';
import { noSharingOf } from '../../../shared/api/sharing-choice';
import { Card } from '../Card';
import { Dim } from '../Dim';
import { MissedJobsList } from '../MissedJobsList';
import { useLabels } from '../../i18n/use-labels';
import { missedJobsCount } from '../../labels/missed-jobs-count';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';

export const MissedJobsCard = memo(function MissedJobsCard() {
  const labels = useLabels();
  const { t } = labels;
  const missedJobs = useApp((app) =>
    app.agent !== null && noSharingOf(app.agent) === 'no_gpu' ? null : (ownNode(app)?.missed_jobs ?? null),
  );
  if (missedJobs === null) return null;
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
