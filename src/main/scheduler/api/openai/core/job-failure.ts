// Why a request got no answer, from what became of its job to an error of OpenAI's shape. Pure.
import { z } from 'zod';
import type { Exclusion, Explanation } from '../../../../../shared/api/dispatch';
import type { JobError, JobView } from '../../../../../shared/api/job';
import type { SubmitFailure } from '../../../jobs/jobs-port';
import { type OpenAiFailure, poolFailure, serverFailure } from './openai-error';

export function submitFailure(failure: SubmitFailure): OpenAiFailure {
  switch (failure.code) {
    case 'NO_AVAILABLE_NODE':
      return poolFailure('no_available_node', { muster: { reasons: failure.reasons } });
    case 'PAYLOAD_TOO_LARGE':
      return serverFailure(failure.code, { limit_bytes: failure.limitBytes, payload_bytes: failure.payloadBytes });
    case 'QUEUE_FULL':
      return poolFailure('queue_full', { muster: { limit: failure.limit, queued: failure.queued } });
    case 'STORAGE_FULL':
      return poolFailure('storage_full', { muster: failure.details });
    // These jobs have no key.
    case 'IDEMPOTENCY_KEY_REUSED':
      return poolFailure('job_failed');
  }
}

/** Of a job that has ended without success; `explain` says why no node took it, for one that waited in vain. */
export function jobFailure(job: JobView, explain: () => Explanation): OpenAiFailure {
  switch (job.status) {
    case 'expired':
      return waitedInVain(explain().nodes);
    case 'cancelled':
      return poolFailure('job_cancelled', reasonOf(job.error));
    default:
      return attemptsFailed(job);
  }
}

const ABSENT: ReadonlySet<Exclusion['code']> = new Set(['status_not_ready', 'not_online', 'model_not_available']);
const BUSY: ReadonlySet<Exclusion['code']> = new Set(['capacity_exceeded', 'resource_threshold_exceeded']);

/** Busy: less at a time would fit. Not ready: nothing serves the model. Else the nodes that do are barred to the job. */
function waitedInVain(nodes: Explanation['nodes']): OpenAiFailure {
  const serving = nodes.filter(({ excluded }) => !excluded.some(({ code }) => ABSENT.has(code)));
  const muster = { reasons: tally(nodes) };
  if (serving.length === 0) return poolFailure('model_not_ready', { param: 'model', muster });
  const isBusy = serving.some(({ excluded }) => excluded.every(({ code }) => BUSY.has(code)));
  return poolFailure(isBusy ? 'pool_busy' : 'no_available_node', { muster });
}

const MAX_EXAMPLES = 5;

/** Each node once, by the first filter that it does not pass. */
function tally(nodes: Explanation['nodes']): Record<string, { count: number; examples: string[] }> {
  const reasons: Record<string, { count: number; examples: string[] }> = {};
  for (const { node_id: nodeId, excluded } of nodes) {
    const code = excluded[0]?.code;
    if (code === undefined) continue;
    const reason = (reasons[code] ??= { count: 0, examples: [] });
    reason.count++;
    if (reason.examples.length < MAX_EXAMPLES) reason.examples.push(nodeId);
  }
  return reasons;
}

function attemptsFailed({ error, attempt }: JobView): OpenAiFailure {
  const muster = { error_code: error?.code ?? null, attempts: attempt, details: error?.details ?? null };
  const facts = { ...reasonOf(error), muster };
  switch (error?.code) {
    case 'bad_request':
      return poolFailure('bad_request', facts);
    case 'attempt_timeout':
    case 'timeout':
      return poolFailure('job_timeout', facts);
    case 'runtime_http_429':
      return comingBack(poolFailure('runtime_busy', facts), error);
    case 'runtime_http_503':
      return comingBack(poolFailure('job_failed', facts), error);
    default:
      return poolFailure('job_failed', facts);
  }
}

const MAX_RETRY_AFTER_SECONDS = 3600;
const retryAfterSchema = z.object({ retry_after_seconds: z.number().positive().max(MAX_RETRY_AFTER_SECONDS) });

/** A runtime that says when it has room again knows better than the pool. */
function comingBack(failure: OpenAiFailure, { details }: JobError): OpenAiFailure {
  const told = retryAfterSchema.safeParse(details).data?.retry_after_seconds;
  return told === undefined ? failure : { ...failure, retryAfterSeconds: Math.ceil(told), mayRetry: true };
}

/** With the runtime's own words where it had some. */
function reasonOf(error: JobError | null): { readonly reason?: string } {
  if (error === null) return {};
  const { details } = error;
  const said = typeof details === 'object' && details !== null && 'runtime_message' in details ? details.runtime_message : null;
  return { reason: typeof said === 'string' ? `${error.message} (${said})` : error.message };
}
