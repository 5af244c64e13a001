// Follows one job over HTTP until it ends. It uses one connection: when that is lost, the job continues and can be followed again.
import { ALL_NODES_QUERY, isTerminal, type JobEvent, jobEventSchema, type JobView } from '../../shared/api/job';
import { errorBodySchema } from '../../shared/api/node-view';
import type { Outcome } from '../../shared/api/app-api';
import { parseJson } from '../../shared/json';
import { validate } from '../../shared/protocol/decode';
import { fail, ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import { bounded, causeOf, JOB_EVENT_LIMIT, MAX_ANSWER_BYTES, readText, SilenceLimit } from '../scheduler-client/bounded-answer';
import { openEventStream } from '../scheduler-client/event-stream';
import type { HttpClient } from '../scheduler-client/http-client';
import { serverEvents } from '../platform/server-events';

/** The job after its end. Never rejects. A lost connection is DISCONNECTED. */
export async function followJob(
  client: HttpClient,
  jobId: string,
  onEvent: (event: JobEvent) => void,
  maxSilenceMs?: number,
): Promise<Outcome<JobView>> {
  const silence = new SilenceLimit(maxSilenceMs);
  try {
    silence.start();
    const path = `/api/v1/jobs/${encodeURIComponent(jobId)}/events?${ALL_NODES_QUERY}`;
    const response = await openEventStream(client, path, { signal: silence.signal });
    if (!response.ok || response.body === null) return await refusalIn(response);
    for await (const { data } of serverEvents(silence.watch(bounded(response.body, MAX_ANSWER_BYTES.stream)), JOB_EVENT_LIMIT)) {
      const event = validate(parseJson(data), jobEventSchema);
      if (!event.ok) return failure('INTERNAL_ERROR', { ...event.error });
      onEvent(event.value);
      if (event.value.type === 'job' && isTerminal(event.value.job.status)) return ok(event.value.job);
    }
    return failure('DISCONNECTED', { job_id: jobId, cause: 'ended' });
  } catch (error) {
    return failure('DISCONNECTED', { job_id: jobId, cause: causeOf(error) });
  } finally {
    silence.end();
  }
}

/** The error of an answer that is no success. */
export async function refusalIn(response: Response): Promise<Outcome<never>> {
  const refusal = errorBodySchema.safeParse(parseJson(await readText(response, 'refusal')));
  return refusal.success ? fail(refusal.data.error) : failure('INTERNAL_ERROR', { reason: `HTTP ${String(response.status)}` });
}
