// What all routes that become jobs have in common: their headers, their errors, and the facts of a request.
import { ONLY_NODE_HEADER } from '../../../../shared/api/ask';
import { ROUTES } from '../../../../shared/api/prediction';
import { nodeIdSchema } from '../../../../shared/protocol/node-messages';
import { z } from 'zod';
import { POOL_ERRORS, type PoolErrorCode } from '../openai/core/openai-error';
import { rateLimitHeaderTexts } from '../openai/core/rate-limits';
import { describedErrors } from '../openai/openai-requests';
import type { RouteRequest } from '../route';
import { sessionHeadersSchema, sessionKeyOf } from '../session-key';
import type { JobRequest } from './run-job';

/** Of paths that read something that is kept. */
const OF_KEPT: ReadonlySet<PoolErrorCode> = new Set(['response_not_found', 'previous_response_not_found', 'job_not_found']);

export const jobErrors = describedErrors((Object.keys(POOL_ERRORS) as PoolErrorCode[]).filter((code) => !OF_KEPT.has(code)));

export const jobHeaders = {
  'X-Muster-Job': 'The id of the job that this request became.',
  'X-Muster-Node': 'The id of the node of the job, where the job had one when the headers were sent.',
  'X-Muster-Node-Name': 'The name of that node, percent-encoded. Present with X-Muster-Node.',
  'X-Muster-Route': `How the node was chosen: ${ROUTES.join(', ')}. Present with X-Muster-Node.`,
  'X-Muster-Model': 'The model that serves the request. Characters other than visible ASCII, and `%`, `,` and `=`, are percent-encoded.',
  'X-Muster-Alias': 'The name that the client sent, encoded in the same way. Present where it is an alias or `auto`.',
  'X-Muster-Model-Choice': 'How the model was chosen: `alias`, `fallback` or `auto`. Present with X-Muster-Alias.',
  'X-Muster-Models-Left-Out': 'The models of the alias before it, each with `=` and the reason. Absent: none was left out.',
  'X-Muster-Predicted-Ms': 'The predicted time from the assignment to the last token, ms. Absent: nothing is known of the node.',
  ...rateLimitHeaderTexts,
};

/** Of the paths that can be translated. */
export const translatedJobHeaders = {
  ...jobHeaders,
  'X-Muster-Translated':
    'What the request was translated to: `chat_completions`, `completions` or `embeddings`. Absent: it was passed on as it is.',
};

export const jobRequestHeadersSchema = sessionHeadersSchema.extend({
  [ONLY_NODE_HEADER]: nodeIdSchema.optional(),
  /** Any text is valid: a trace context that is not readable is ignored, as W3C requires. */
  traceparent: z.string().optional(),
});

/** A request of such a route. The route knows the type of the body. */
export type JobRouteRequest = RouteRequest<unknown, unknown, unknown, z.infer<typeof jobRequestHeadersSchema>>;

export const jobRequestOf = ({
  headers,
  requestId,
  language,
  caller,
  accessFailure,
  replica,
}: Omit<JobRouteRequest, 'body' | 'params' | 'query'>): JobRequest => ({
  requestId,
  language,
  caller,
  accessFailure,
  replica,
  sessionKey: sessionKeyOf(headers),
  onlyNode: headers[ONLY_NODE_HEADER],
});
