// Cancel and retry in the palette, on every page: for the jobs that this window has loaded. Another job is opened by its id first.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isRetriable, isTerminal } from '../../../shared/api/job';
import { type Command, useCommands } from '../../components/commands/commands';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { StatusShape } from '../../components/StatusShape';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { JOB_SHAPES, shortId } from '../../labels/job-labels';
import { type KnownJob, knownJobs } from '../../queries/jobs';
import { useOperation } from '../../queries/use-operation';
import { goTo } from '../../store/use-route';
import { useCancelJob } from './CancelJob';
import { useMayAct } from './use-may-act';

export function JobCommands() {
  const { t } = useLabels();
  const queries = useQueryClient();
  const { showError } = useToasts();
  const mayAct = useMayAct();
  const retryJob = useOperation('pool.retry_job');
  const [cancelling, setCancelling] = useState<string | null>(null);
  const retry = async (jobId: string): Promise<void> => {
    const retried = await retryJob.run({ job_id: jobId });
    if (retried.ok) goTo({ page: 'jobs', id: retried.value.job_id });
    else showError(retried.error);
  };
  const commandsOf = (job: KnownJob): readonly Command[] => {
    const { job_id: jobId, status, task } = job;
    if (isTerminal(status) && !isRetriable(job)) return [];
    const act = isTerminal(status) ? 'retry_job' : 'cancel_job';
    return [
      {
        id: `${act} ${jobId}`,
        group: 'actions',
        title: t(`palette.${act}`, { id: shortId(jobId) }),
        detail: task.model,
        words: `${jobId} ${task.model}`,
        icon: <StatusShape shape={JOB_SHAPES[status]} size={16} />,
        run: () => (act === 'cancel_job' ? setCancelling(jobId) : void retry(jobId)),
      },
    ];
  };
  useCommands((search) => (search.trim() === '' ? [] : knownJobs(queries).filter(mayAct).flatMap(commandsOf)));
  return cancelling === null ? null : <CancelDialog jobId={cancelling} onClose={() => setCancelling(null)} />;
}

const CancelDialog = ({ jobId, onClose }: { readonly jobId: string; readonly onClose: () => void }) => (
  <ConfirmDialog {...useCancelJob(jobId)} opened onClose={onClose} />
);
