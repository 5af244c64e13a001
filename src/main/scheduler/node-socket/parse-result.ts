// Decodes the result of an attempt (protocol §2). Absent fields become null.
import type { JobTimingsMessage } from '../../../shared/protocol/job-timings';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { Pool } from '../pool/pool';

/** `seen`: the chunks that a replica has passed on. Absent: they came over the socket of the node. */
export type JobResult = Extract<NodeMessage, { type: 'job_result' }> & { readonly seen?: SeenChunks };
type SeenChunks = NonNullable<AttemptResult['seen']>;
type AttemptResult = Parameters<NonNullable<Pool['jobs']>['nodes']['result']>[1];

export const parseResult = (message: JobResult): AttemptResult => ({
  jobId: message.job_id,
  attempt: message.attempt,
  success: message.success,
  output: message.output ?? null,
  error: message.error == null ? null : { ...message.error, details: message.error.details ?? null },
  processingTimeMs: message.processing_time_ms,
  timings: message.timings == null ? null : parseTimings(message.timings),
  ...(message.seen === undefined ? {} : { seen: message.seen }),
});

/** Null: all timings are unknown. */
function parseTimings(message: JobTimingsMessage): AttemptResult['timings'] {
  const timings = {
    queueMs: message.queue_ms ?? null,
    loadMs: message.load_ms ?? null,
    firstTokenMs: message.first_token_ms ?? null,
    promptTokens: message.prompt_tokens ?? null,
    cachedTokens: message.cached_tokens ?? null,
    completionTokens: message.completion_tokens ?? null,
    decodeMs: message.decode_ms ?? null,
    inputUnits: message.input_units ?? null,
  };
  return Object.values(timings).every((figure) => figure === null) ? null : timings;
}
