// Jobs as text for people, what of a result is worth printing, and which exit code an end means.
import { z } from 'zod';
import { type JobError, type JobSummary, type JobView, waitedInVainSchema } from '../../shared/api/job';
import { contentOf } from '../../shared/api/job-content';
import { ageText } from './age-text';
import { EXIT } from './exit-code';
import { failureDetails } from './core/failure-details';
import { printable, textTable } from './core/text-table';
import { reasonsText, waitingText } from './waiting-text';
import { inLanguage, type Wording } from './core/labels';

/** @param status the one that was asked for, if any */
export function jobsText(jobs: readonly JobSummary[], nowMs: number, status?: string): string {
  if (jobs.length === 0) return status === undefined ? 'There are no jobs.\n' : `There are no ${printable(status)} jobs.\n`;
  const rows = jobs.map((job) => [
    job.job_id,
    job.status,
    job.task.model,
    job.node_id ?? '-',
    `${String(job.attempt)} of ${String(job.max_attempts)}`,
    ageText(nowMs - job.created_at),
    job.error === null ? '' : job.error.code,
  ]);
  return textTable(['JOB', 'STATUS', 'MODEL', 'NODE', 'ATTEMPT', 'AGE', 'ERROR'], rows);
}

/** One job: what it is, its attempts, and why it waits or what became of it. */
export function jobText(job: JobView, nowMs: number, wording: Wording): string {
  const { task } = job;
  const what = task.path === null ? 'command' : task.path;
  const head = `${job.job_id}: ${job.status}, ${what} with ${printable(task.model)}, ${String(task.payload_bytes)} bytes, ${ageText(nowMs - job.created_at)} old\n`;
  const attempts = job.attempts.map(({ attempt, node_id: nodeId, assigned_at: assignedAt, ended_at: endedAt, outcome, error }) => [
    String(attempt),
    nodeId,
    outcome ?? 'running',
    ageText((endedAt ?? nowMs) - assignedAt),
    error === null ? '' : errorText(error, wording),
  ]);
  const table = attempts.length === 0 ? '' : `\n${textTable(['ATTEMPT', 'NODE', 'OUTCOME', 'TOOK', 'ERROR'], attempts)}`;
  return `${head}${table}${waitingText(job, nowMs)}${endText(job, wording)}`;
}

function endText(job: JobView, wording: Wording): string {
  if (job.error !== null) return `\n${failureText(job.error, wording)}\n`;
  const result = resultText(job);
  return result === null ? '' : `\n${result}\n`;
}

/** With what is known of it: which parameter, which exit code, what the program wrote last, what kept the nodes out. */
export function failureText(error: JobError, wording: Wording): string {
  const waited = waitedInVainSchema.safeParse(error.details);
  const facts = Object.entries(factsSchema.safeParse(error.details).data ?? {}).filter(
    ([name]) => name !== 'retryable' && !(name === 'reasons' && waited.success),
  );
  const said = `${errorText(error, wording)}${printable(failureDetails(Object.fromEntries(facts)))}`;
  return waited.success ? `${said}\n${(reasonsText('WAITED BECAUSE', waited.data.reasons) || NO_REASONS).trimEnd()}` : said;
}

const NO_REASONS = 'Nothing kept a node out: there was none, or the scheduler could not write to its disk.';

const factsSchema = z.record(z.string(), z.unknown());

const errorText = ({ code, message }: JobError, wording: Wording): string => `${code}: ${printable(inLanguage(message, wording))}`;

/** A refusal by the model's program: its status alone tells that it is one, so it is printed whole. */
const refusalSchema = z.object({ status: z.number().min(300), body: z.unknown() });
const isRefusal = (output: unknown): boolean => refusalSchema.safeParse(output).success;
const saidSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

/** What is wrong with the request, as the runtime said it: the job did what it could, and there is no answer. Null: there is one. */
export function refusalText({ result }: JobView, wording: Wording): string | null {
  const refusal = refusalSchema.safeParse(result?.output).data;
  if (refusal === undefined) return null;
  const said = saidSchema.safeParse(refusal.body).data ?? JSON.stringify(refusal.body);
  return `the runtime refused the request with ${String(refusal.status)}: ${printable(inLanguage(said, wording))}`;
}

const jsonText = (value: unknown): string => JSON.stringify(value, null, 2);

/** The words of a model or a command where there are any, else the result as JSON; null without a result. */
export function resultText({ result }: JobView): string | null {
  if (result === null) return null;
  const { output } = result;
  if (isRefusal(output)) return jsonText(output);
  const content = contentOf(output);
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'binary':
      return jsonText(output);
    case 'streamed':
      return 'The answer was streamed as it came, and is not kept.';
    case 'none':
      return 'It gave nothing back.';
  }
}

/** A result as a file holds it: sound and pictures as they are, else its text; null where it was not kept. */
export function resultBytes(job: JobView): Buffer | null {
  if (job.result === null) return null;
  const content = contentOf(job.result.output);
  switch (content.kind) {
    case 'text':
      return Buffer.from(resultText(job) ?? '');
    case 'binary':
      return Buffer.from(content.base64, 'base64');
    case 'streamed':
      return null;
    case 'none':
      return Buffer.alloc(0);
  }
}

/** A model's words, lines and all, with nothing that would steer a terminal. */
export const harmless = (text: string): string => text.replace(/[^\n\t\P{Cc}]/gu, '\u{fffd}');

const TIMEOUTS: ReadonlySet<string> = new Set(['queue_timeout', 'total_timeout', 'attempt_timeout', 'timeout']);

export function exitCodeOf(job: JobView): number {
  const { status, error, result } = job;
  if (status === 'succeeded') return isRefusal(result?.output) ? EXIT.failure : EXIT.ok;
  return error !== null && TIMEOUTS.has(error.code) ? EXIT.timeout : EXIT.failure;
}
