// From the job view of the scheduler to the job view of the dashboard (security.md): bounded, and without the output of programs,
// which may repeat the request. Pure.
import {
  type AppAttempt,
  type AppJob,
  type AppJobContent,
  type AppJobError,
  type AppJobs,
  type ContentFacts,
  MAX_PROGRAM_OUTPUT,
  MAX_TEXT_SHOWN,
  MAX_WAITING_NODES,
} from '../../../shared/api/app-job';
import { type JobError, type JobList, type JobView, type WaitingView, queueTimeoutDetailsSchema } from '../../../shared/api/job';
import { contentOf } from '../../../shared/api/job-content';
import type { AppFailures, PoolFailures } from '../../../shared/api/pool-failures';
import { isRecord } from '../../../shared/json';
import { failureCauseOf } from './failure-cause';

const MAX_DETAILS = 16;
const MAX_DETAIL_LENGTH = 256;
const MAX_CODE_LENGTH = 128;
const MAX_REASONS = 16;
const MAX_ATTEMPTS = 64;
/** Details that hold output of a runtime or a program. */
const PROGRAM_OUTPUT = ['runtime_message', 'stderr_tail'] as const;

export function appJobsOf({ jobs, ...list }: JobList): AppJobs {
  return { jobs: jobs.map((job) => ({ ...job, error: appErrorOf(job.error) })), ...list };
}

export const appFailuresOf = ({ jobs, ...counts }: PoolFailures): AppFailures => ({
  ...counts,
  jobs: jobs.map((job) => ({ ...job, error: appErrorOf(job.error) })),
});

export function appJobOf(job: JobView): AppJob {
  const { result, waiting, attempts, error, ...facts } = job;
  return {
    ...facts,
    error: appErrorOf(error),
    attempts: attempts.slice(-MAX_ATTEMPTS).map((attempt): AppAttempt => ({ ...attempt, error: appErrorOf(attempt.error) })),
    result:
      result === null
        ? null
        : {
            processing_time_ms: result.processing_time_ms,
            http_status: httpStatusOfOutput(result.output),
            content: factsOf(result.output),
            ...(result.timings === undefined ? {} : { timings: result.timings }),
          },
    has_program_output: programOutputOf(error) !== null,
    waiting: waiting === null ? null : waitingOf(waiting),
  };
}

export function appJobContentOf({ result, error }: JobView): AppJobContent {
  const content = result === null ? ({ kind: 'none' } as const) : contentOf(result.output);
  return {
    content: content.kind === 'text' ? { ...content, text: beginningOf(content.text), characters: content.text.length } : content,
    program_output: programOutputOf(error),
  };
}

function factsOf(output: unknown): ContentFacts {
  const content = contentOf(output);
  switch (content.kind) {
    case 'text':
      return { kind: 'text', characters: content.text.length };
    case 'binary':
      return { kind: 'binary', content_type: content.content_type, bytes: bytesOf(content.base64) };
    case 'not_stored':
    case 'none':
      return content;
  }
}

/** The size of padded base64 content, without decoding. */
function bytesOf(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.max(0, (base64.length / 4) * 3 - padding);
}

/** The text up to the limit, without half of a surrogate pair. */
function beginningOf(text: string): string {
  const isHalf = text.length > MAX_TEXT_SHOWN && /[\uD800-\uDBFF]/.test(text.charAt(MAX_TEXT_SHOWN - 1));
  return text.slice(0, isHalf ? MAX_TEXT_SHOWN - 1 : MAX_TEXT_SHOWN);
}

function appErrorOf(error: JobError | null): AppJobError | null {
  if (error === null) return null;
  const details = Object.entries(isRecord(error.details) ? error.details : {})
    .filter(([name]) => !PROGRAM_OUTPUT.some((known) => known === name))
    .flatMap(([name, value]): [string, string | number | boolean][] => {
      if (typeof value === 'string') return [[name, value.slice(0, MAX_DETAIL_LENGTH)]];
      return typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [];
    });
  const cause = failureCauseOf(error.code, programOutputOf(error));
  return {
    code: error.code.slice(0, MAX_CODE_LENGTH),
    message: error.message.slice(0, 512),
    details: Object.fromEntries(details.slice(0, MAX_DETAILS)),
    ...(cause === null ? {} : { cause }),
    reasons: reasonsOf(error),
  };
}

function reasonsOf({ details }: JobError): AppJobError['reasons'] {
  const parsed = queueTimeoutDetailsSchema.safeParse(details);
  if (!parsed.success) return null;
  const known = Object.entries(parsed.data.reasons).filter(([code]) => code.length <= MAX_CODE_LENGTH);
  return Object.fromEntries(known.slice(0, MAX_REASONS));
}

function programOutputOf(error: JobError | null): string | null {
  const details = isRecord(error?.details) ? error.details : {};
  const output = PROGRAM_OUTPUT.map((name) => details[name]).find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof output === 'string' ? output.slice(0, MAX_PROGRAM_OUTPUT) : null;
}

function httpStatusOfOutput(output: unknown): number | null {
  const status = isRecord(output) ? output['status'] : null;
  return typeof status === 'number' && Number.isInteger(status) ? status : null;
}

const waitingOf = ({ nodes, ...waiting }: WaitingView): AppJob['waiting'] => ({
  ...waiting,
  nodes: nodes.slice(0, MAX_WAITING_NODES),
});
