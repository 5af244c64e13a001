// Beside the title: how many jobs wait and run, and how many ended in the last minute.
import type { AppJobs } from '../../../shared/api/app-job';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { usePoolTotals } from '../../queries/pool-history';

export function JobFacts({ open }: { readonly open: AppJobs['open'] | null }) {
  const { t, format } = useLabels();
  const mayView = useMay('view');
  if (open === null) return null;
  return (
    <>
      {t('job_page.counts', { waiting: format.number(open.queued), running: format.number(open.running) })}
      {mayView && <Rate />}
    </>
  );
}

function Rate() {
  const { t, format } = useLabels();
  const ended = usePoolTotals().value?.jobs.ended_per_minute ?? null;
  return ended === null ? null : ` · ${t('job_page.rate', { jobs: format.number(ended) })}`;
}
