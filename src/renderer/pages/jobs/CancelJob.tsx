// Cancels a job after confirmation, because a client may wait for the result.
import { ConfirmButton } from '../../components/ConfirmButton';
import type { ConfirmDialogProps } from '../../components/ConfirmDialog';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';

export function CancelJob({ jobId }: { readonly jobId: string }) {
  const { t } = useLabels();
  return <ConfirmButton label={t('jobs.cancel')} {...useCancelJob(jobId)} />;
}

/** The question, and the operation. */
export function useCancelJob(jobId: string): Omit<ConfirmDialogProps, 'opened' | 'onClose'> {
  const { t } = useLabels();
  const cancel = useOperation('pool.cancel_job');
  return {
    operation: cancel,
    run: () => cancel.run({ job_id: jobId }),
    title: t('jobs.cancel_title'),
    confirm: t('jobs.cancel_do'),
    back: t('jobs.keep'),
    children: <p>{t('jobs.cancel_text')}</p>,
  };
}
