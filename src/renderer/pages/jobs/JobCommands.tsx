// Jobs in the palette, on every page: to open, cancel and retry. They are those that this window has loaded, and those that the pool finds
// for the text.
import { useQueryClient } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { isRetriable, isTerminal } from '../../../shared/api/job';
import { type Command, commandsChanged, useCommands, usePaletteSearch } from '../../components/commands/commands';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { StatusShape } from '../../components/StatusShape';
import { useMay } from '../../components/RightNote';
import { useToasts } from '../../components/toasts/use-toasts';
import { useNodeNames } from '../../components/NodeName';
import { useLabels } from '../../i18n/use-labels';
import { JOB_SHAPES, shortId } from '../../labels/job-labels';
import { type KnownJob, knownJobs, useFoundJobs } from '../../queries/jobs';
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
  const nodeName = useNodeNames();
  useSearchedJobs();
  const [cancelling, setCancelling] = useState<string | null>(null);
  const retry = async (jobId: string): Promise<void> => {
    const retried = await retryJob.run({ job_id: jobId });
    if (retried.ok) goTo({ page: 'jobs', id: retried.value.job_id });
    else showError(retried.error);
  };
  const openOf = ({ job_id: jobId, status, task, node_id: nodeId }: KnownJob): Command => ({
    id: `job ${jobId}`,
    group: 'jobs',
    title: `${task.model} ${shortId(jobId)}`,
    detail: [t(`job_status.${status}`), ...(nodeId === null ? [] : [nodeName(nodeId)])].join(' · '),
    words: jobId,
    icon: <StatusShape shape={JOB_SHAPES[status]} size={16} />,
    run: () => goTo({ page: 'jobs', id: jobId }),
  });
  const actsOf = (job: KnownJob): readonly Command[] => {
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
  useCommands((search) => {
    const jobs = knownJobs(queries);
    return search.trim() === '' ? jobs.map(openOf) : [...jobs.map(openOf), ...jobs.filter(mayAct).flatMap(actsOf)];
  });
  return cancelling === null ? null : <CancelDialog jobId={cancelling} onClose={() => setCancelling(null)} />;
}

const SEARCH_AFTER_MS = 150;
/** A shorter text finds too many jobs. */
const LEAST_LENGTH = 3;

/** Loads the newest jobs that match the text in the palette. */
function useSearchedJobs(): void {
  const mayRead = useMay('read_jobs');
  const [text] = useDebouncedValue(usePaletteSearch().trim(), SEARCH_AFTER_MS);
  const found = useFoundJobs(text, mayRead && text.length >= LEAST_LENGTH);
  useEffect(commandsChanged, [found]);
}

const CancelDialog = ({ jobId, onClose }: { readonly jobId: string; readonly onClose: () => void }) => (
  <ConfirmDialog {...useCancelJob(jobId)} opened onClose={onClose} />
);
