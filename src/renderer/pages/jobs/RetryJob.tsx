// Sends the task of a job that did not succeed once more, and opens the new job.
import { Button } from '@mantine/core';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { goTo, useRoute } from '../../store/use-route';

export function RetryJob({ jobId }: { readonly jobId: string }) {
  const { t } = useLabels();
  const route = useRoute();
  const { run, pending, error } = useOperation('pool.retry_job');
  const retry = async (): Promise<void> => {
    const retried = await run({ job_id: jobId });
    if (retried.ok) goTo({ ...route, page: 'jobs', id: retried.value.job_id });
  };
  return (
    <>
      <Button variant="default" loading={pending} onClick={() => void retry()}>
        {t('job_page.retry')}
      </Button>
      <ErrorNote error={error} />
    </>
  );
}
