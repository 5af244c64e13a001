// A job as labels: its task, its status as a shape, its error with a fix. An error with an unknown code is shown with the
// message of the program.
import type { AppJobError } from '../../shared/api/app-job';
import type { AttemptOutcome, JobStatus, JobSummary } from '../../shared/api/job';
import { runtimeHttpStatus } from '../../shared/protocol/job-errors';
import type { Shape } from './shape';
import type { Catalogue } from '../i18n/en/index';
import { isCode, type Labels } from '../i18n/use-labels';

export const JOB_SHAPES: Readonly<Record<JobStatus, Shape>> = {
  queued: 'waiting',
  assigned: 'assigned',
  running: 'running',
  succeeded: 'ready',
  failed: 'refused',
  cancelled: 'stopped',
  expired: 'expired',
};

export const OUTCOME_SHAPES: Readonly<Record<AttemptOutcome, Shape>> = {
  succeeded: 'ready',
  failed: 'refused',
  node_lost: 'offline',
  drain_timeout: 'draining',
  quarantined: 'refused',
  attempt_timeout: 'expired',
  not_delivered: 'offline',
  cancelled: 'stopped',
};

const TASKS: Readonly<Record<string, keyof Catalogue['job_task']>> = {
  '/v1/chat/completions': 'chat',
  '/v1/completions': 'completion',
  '/v1/embeddings': 'embeddings',
  '/v1/audio/transcriptions': 'transcription',
  '/v1/audio/speech': 'speech',
  '/v1/audio/translations': 'translation',
  '/v1/images/generations': 'image',
  '/v1/moderations': 'moderation',
  '/v1/rerank': 'rerank',
  '/v1/messages': 'messages',
  '/v1/messages/count_tokens': 'count_tokens',
  '/v1/responses': 'responses',
};

/** `chat`; an unknown path is shown as it is. */
export function taskLabel({ t }: Labels, { path }: JobSummary['task']): string {
  if (path === null) return t('job_task.command');
  const task = TASKS[path];
  return task === undefined ? path : t(`job_task.${task}`);
}

export interface JobErrorLabel {
  readonly title: string;
  /** Null for an unknown code. */
  readonly help: string | null;
}

export function jobErrorLabel(labels: Labels, { code, message, cause }: Pick<AppJobError, 'code' | 'message' | 'cause'>): JobErrorLabel {
  if (cause !== undefined) return { title: labels.t(`failure_cause.${cause}.title`), help: labels.t(`failure_cause.${cause}.help`) };
  const status = runtimeHttpStatus(code);
  const known = status === null ? code : 'runtime_http';
  if (!isCode('job_error', known)) return { title: message === '' ? code : message, help: null };
  const isReasonOfCancel = code === 'cancelled' && isCode('cancel_reason', message);
  const title = isReasonOfCancel ? labels.code('cancel_reason', message) : labels.code('job_error', known, { status });
  return { title, help: isCode('job_help', known) ? labels.code('job_help', known) : null };
}

/** Enough of an id to distinguish it in a list: `job-1a2b3c4d`. */
export const shortId = (jobId: string): string => jobId.slice(0, 12);
