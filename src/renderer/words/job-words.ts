// A job in words: its task, its status as a shape, and its error with what would help. Codes that are not known show the
// program's own words.
import type { AppJobError } from '../../shared/api/app-job';
import type { AttemptOutcome, JobStatus, JobSummary } from '../../shared/api/job';
import { runtimeHttpStatus } from '../../shared/protocol/job-errors';
import type { Shape } from '../components/StatusShape';
import type { Catalogue } from '../i18n/en/index';
import { isCode, type Words } from '../i18n/use-words';

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
  '/v1/rerank': 'rerank',
};

/** `chat`; of a path that is not known here, the path. */
export function taskWord({ t }: Words, { path }: JobSummary['task']): string {
  if (path === null) return t('job_task.command');
  const task = TASKS[path];
  return task === undefined ? path : t(`job_task.${task}`);
}

export interface JobErrorWords {
  readonly title: string;
  /** Null when nobody here knows what would help. */
  readonly help: string | null;
}

export function jobErrorWords(words: Words, { code, message }: Pick<AppJobError, 'code' | 'message'>): JobErrorWords {
  const status = runtimeHttpStatus(code);
  const known = status === null ? code : 'runtime_http';
  if (!isCode('job_error', known)) return { title: message === '' ? code : message, help: null };
  const isReasonOfCancel = code === 'cancelled' && isCode('cancel_reason', message);
  const title = isReasonOfCancel ? words.code('cancel_reason', message) : words.code('job_error', known, { status });
  return { title, help: isCode('job_help', known) ? words.code('job_help', known) : null };
}
