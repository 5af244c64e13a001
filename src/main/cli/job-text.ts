// Jobs and results as text, and the exit code of a job that has ended.
import { z } from 'zod';
import { type JobError, type JobSummary, type JobView, queueTimeoutDetailsSchema } from '../../shared/api/job';
import { contentOf } from '../../shared/api/job-content';
import type { SchedulerJobError } from '../../shared/protocol/job-errors';
import { jobErrorText } from '../../shared/reasons/job-errors';
import { EXIT } from './exit-code';
import { failureDetails } from './core/failure-details';
import { NO_NAMES, type NodeNames, predictionText } from './core/prediction-text';
import { ageText, printable, textTable, tookText } from './core/text-table';
import { reasonsText, waitingText } from './waiting-text';
import { inLanguage, type MessageContext } from './core/message-context';

/** `status`: the filter of the list, if any. */
export function jobsText(jobs: readonly JobSummary[], nowWallMs: number, status?: string): string {
  if (jobs.length === 0) return status === undefined ? 'There are no jobs.\n' : `There are no ${printable(status)} jobs.\n`;
  const rows = jobs.map((job) => [
    job.job_id,
    job.status,
    job.task.model,
    job.node_id ?? '-',
    `${String(job.attempt)} of ${String(job.max_attempts)}`,
    ageText(nowWallMs - job.created_at),
    job.error === null ? '' : job.error.code,
  ]);
  return textTable(['JOB', 'STATUS', 'MODEL', 'NODE', 'ATTEMPT', 'AGE', 'ERROR'], rows);
}

/** One job: its task, its attempts, and why it waits or how it ended. */
export function jobText(job: JobView, nowWallMs: number, context: MessageContext, names: NodeNames = NO_NAMES): string {
  const { task } = job;
  const kind = task.path ?? task.kind;
  const head = `${job.job_id}: ${job.status}, ${kind} with ${printable(task.model)}, ${String(task.payload_bytes)} bytes, ${ageText(nowWallMs - job.created_at)} old\n`;
  const attempts = job.attempts.map(
    ({ attempt, node_id: nodeId, assigned_at: assignedAtWallMs, ended_at: endedAtWallMs, outcome, error }) => [
      String(attempt),
      nodeId,
      outcome ?? 'running',
      tookText((endedAtWallMs ?? nowWallMs) - assignedAtWallMs),
      error === null ? '' : errorText(error, context),
    ],
  );
  const table = attempts.length === 0 ? '' : `\n${textTable(['ATTEMPT', 'NODE', 'OUTCOME', 'TOOK', 'ERROR'], attempts)}`;
  return `${head}${table}${whyText(job, names)}${waitingText(job, nowWallMs, names)}${endText(job, context)}`;
}

/** Why the node of the last attempt was chosen. Empty before the first attempt, and for an attempt of an earlier version. */
function whyText({ attempts }: JobView, names: NodeNames): string {
  const prediction = attempts.at(-1)?.prediction;
  return prediction === undefined ? '' : `\n${predictionText(prediction, names)}`;
}

function endText(job: JobView, context: MessageContext): string {
  if (job.error !== null) return `\n${failureText(job.error, context)}\n`;
  const result = resultText(job);
  return result === null ? '' : `\n${result}\n`;
}

/** The error with its details: parameter, exit code, last output of the program, exclusions of the nodes. */
export function failureText(error: JobError, context: MessageContext): string {
  const timedOut = queueTimeoutDetailsSchema.safeParse(error.details);
  const facts = Object.entries(factsSchema.safeParse(error.details).data ?? {}).filter(
    ([name]) => name !== 'retryable' && !(name === 'reasons' && timedOut.success),
  );
  const text = `${errorText(error, context)}${printable(failureDetails(Object.fromEntries(facts)))}`;
  return timedOut.success ? `${text}\n${(reasonsText(timedOut.data.reasons) || NO_REASONS).trimEnd()}` : text;
}

const NO_REASONS = 'No node was excluded: no node was registered, or the disk of the scheduler was full.';

const factsSchema = z.record(z.string(), z.unknown());

/** The scheduler's messages for these codes add nothing to the code, so the text is in the language of the user. */
const TEXT_BY_CODE: ReadonlySet<string> = new Set<SchedulerJobError>([
  'queue_timeout',
  'total_timeout',
  'attempt_timeout',
  'node_lost',
  'drain_timeout',
]);

function errorText({ code, message }: JobError, context: MessageContext): string {
  const text = TEXT_BY_CODE.has(code) ? jobErrorText(code) : null;
  return `${code}: ${text === null ? printable(inLanguage(message, context)) : text[context.language]}`;
}

/** An error answer of the runtime. Its shape differs by runtime, so it is printed whole. */
const refusalSchema = z.object({ status: z.number().min(300), body: z.unknown() });
const isRefusal = (output: unknown): boolean => refusalSchema.safeParse(output).success;
const errorMessageSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

/** Why the runtime rejected the request: the job succeeded, but its result is an error answer. Null for any other result. */
export function refusalText({ result }: JobView, context: MessageContext): string | null {
  const refusal = refusalSchema.safeParse(result?.output).data;
  if (refusal === undefined) return null;
  const message =
    errorMessageSchema.safeParse(refusal.body).data ?? (refusal.body === null ? 'its answer was not stored' : JSON.stringify(refusal.body));
  return `the model server rejected the request with status ${String(refusal.status)}: ${printable(inLanguage(message, context))}`;
}

const jsonText = (value: unknown): string => JSON.stringify(value, null, 2);

/** The text of a model or a command if there is any, else the result as JSON. Null without a result. */
export function resultText({ result }: JobView): string | null {
  if (result === null) return null;
  const { output } = result;
  const content = contentOf(output);
  if (isRefusal(output) && content.kind !== 'not_stored') return jsonText(output);
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'binary':
      return jsonText(output);
    case 'not_stored':
      return 'The answer was sent to the client and was not stored.';
    case 'none':
      return 'No output.';
  }
}

/** The result as the content of a file: binary content as bytes, else its text. Null when it was not stored. */
export function resultBytes(job: JobView): Buffer | null {
  if (job.result === null) return null;
  const content = contentOf(job.result.output);
  switch (content.kind) {
    case 'text':
      return Buffer.from(resultText(job) ?? '');
    case 'binary':
      return Buffer.from(content.base64, 'base64');
    case 'not_stored':
      return null;
    case 'none':
      return Buffer.alloc(0);
  }
}

/** Text of a model without control characters, which could change the terminal. Line ends and tabs stay. */
export const printableLines = (text: string): string => text.replace(/[^\n\t\P{Cc}]/gu, '\u{fffd}');

const TIMEOUTS: ReadonlySet<string> = new Set(['queue_timeout', 'total_timeout', 'attempt_timeout', 'timeout']);

export function exitCodeOf(job: JobView): number {
  const { status, error, result } = job;
  if (status === 'succeeded') return isRefusal(result?.output) ? EXIT.failure : EXIT.ok;
  return error !== null && TIMEOUTS.has(error.code) ? EXIT.timeout : EXIT.failure;
}
