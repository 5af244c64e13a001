// Queries about the jobs of the pool: a page of the list, one job, the content of a job.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { OperationParams } from '../../shared/api/app-api';
import type { AppJob, AppJobContent, AppJobRow, AppJobs } from '../../shared/api/app-job';
import { isTerminal } from '../../shared/api/job';
import { useScreen } from '../store/Screen';
import { type Answer, useAnswer } from './use-answer';

const LIST_EVERY_MS = 2000;
/** To explain why a job waits, the scheduler reads every node. So a job is refreshed seldom, and at once when its row changes. */
const JOB_EVERY_MS = 5000;
/** The jobs of a busy pool change all the time: the list is refreshed at most this often. */
export const LIST_MIN_GAP_MS = 400;

export function useJobs(query: OperationParams<'pool.jobs'>): Answer<AppJobs> {
  useListRefresh();
  return useJobList(query);
}

/** One of several lists: the component also uses `useListRefresh`. The last page is shown until another page or status has loaded. */
export const useJobList = (query: OperationParams<'pool.jobs'>, isEnabled = true): Answer<AppJobs> =>
  useAnswer('pool.jobs', query, { isEnabled, everyMs: () => LIST_EVERY_MS, keepsLast: true });

/** `row`: the row of the job in the list; null: the list does not contain the job. */
export function useJob(jobId: string, row: AppJobRow | null): Answer<AppJob> {
  const answer = useAnswer('pool.job', { job_id: jobId }, { everyMs: () => JOB_EVERY_MS, isFinal: ({ status }) => isTerminal(status) });
  const { refetch } = answer;
  const listed = row === null ? null : `${row.status} ${String(row.attempt)}`;
  const known = useRef(listed);
  useEffect(() => {
    if (known.current !== null && listed !== known.current) refetch();
    known.current = listed;
  }, [listed, refetch]);
  return answer;
}

const MOST_FOUND = 6;

/** The newest jobs of the pool with this text in the name of the model, or at the beginning of the id. Null: not known. */
export const useFoundJobs = (search: string, isEnabled: boolean): AppJobs | null =>
  useAnswer('pool.jobs', { limit: MOST_FOUND, search }, { isEnabled }).value;

export type KnownJob = Pick<AppJobRow & AppJob, 'job_id' | 'status' | 'task' | 'submitter' | 'node_id' | 'interactive'>;

/** The jobs of all answers that are still in memory, as in the newest answer that has them. */
export function knownJobs(queries: QueryClient): readonly KnownJob[] {
  const answers = queries
    .getQueryCache()
    .getAll()
    .toSorted((one, other) => one.state.dataUpdatedAt - other.state.dataUpdatedAt);
  const jobs = answers.flatMap(({ queryKey: [name], state: { data } }): readonly KnownJob[] => {
    if (data === undefined) return [];
    return name === 'pool.jobs' ? (data as AppJobs).jobs : name === 'pool.job' ? [data as AppJob] : [];
  });
  return [...new Map(jobs.map((job) => [job.job_id, job])).values()];
}

/** The content belongs to the submitter: loaded on request, and dropped when it is not shown. */
export const useJobContent = (jobId: string, isRequested: boolean): Answer<AppJobContent> =>
  useAnswer('pool.job_content', { job_id: jobId }, { isEnabled: isRequested, isFinal: () => true, isPrivate: true });

/** Refreshes the lists soon after jobs of the pool changed. */
export function useListRefresh(): void {
  const { store } = useScreen();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let refreshedAtMonotonicMs = performance.now();
    const refresh = (): void => {
      timer = undefined;
      refreshedAtMonotonicMs = performance.now();
      void queries.invalidateQueries({ queryKey: ['pool.jobs'] }, { cancelRefetch: false });
    };
    const unsubscribe = store.subscribe((state, before) => {
      // A hidden page is refreshed when it is shown again.
      if (state.jobsRevision === before.jobsRevision || timer !== undefined || document.visibilityState === 'hidden') return;
      timer = setTimeout(refresh, Math.max(0, refreshedAtMonotonicMs + LIST_MIN_GAP_MS - performance.now()));
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [queries, store]);
}
