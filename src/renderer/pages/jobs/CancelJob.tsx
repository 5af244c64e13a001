// Cancels a job after confirmation, because a client may wait for the result.
import { ConfirmButton } from '../../components/ConfirmButton';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';

export function CancelJob({ jobId }: { readonly jobId: string }) {
  const { t } = useLabels();
  const cancel = useOperation('pool.cancel_job');
  return (
    <ConfirmButton
      label={t('jobs.cancel')}
      operation={cancel}
      run={() => cancel.run({ job_id: jobId })}
      title={t('jobs.cancel_title')}
      confirm={t('jobs.cancel_do')}
      back={t('jobs.keep')}
    >
      <p>{t('jobs.cancel_text')}</p>
    </ConfirmButton>
  );
}
