// The Jobs page of a computer that operates no pool: its own slots, and where the jobs of the pool are shown.
import { slotsOf } from '../../../shared/api/availability';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { ownStatusOf } from '../../../shared/api/own-status';
import { useApp } from '../../store/Screen';

export function MemberJobs() {
  const { t } = useLabels();
  return (
    <Page title={t('jobs.title')}>
      <PoolElsewhere page="jobs">
        <OwnSlots />
      </PoolElsewhere>
    </Page>
  );
}

function OwnSlots() {
  const { t, format } = useLabels();
  const agent = useApp((app) => app.agent);
  const message = agent === null ? null : ownStatusOf(agent);
  if (message === null) return t('jobs.on_host_unknown');
  const { in_flight_jobs: jobs } = message;
  return <Rich k="jobs.on_host_slots" values={{ jobs: format.number(jobs), slots: format.number(slotsOf(message).total) }} />;
}
