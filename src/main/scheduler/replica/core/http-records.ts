// The records on a channel for HTTP requests of clients that a replica has.
import { LOOPBACK_STATES } from '../../../../shared/loopback';
import { z } from 'zod';
import { isToken } from '../../cluster/bus/core/subjects';

/** From the replica: a request, with its head and its body, or the first part of them. */
export const HTTP_REQUEST = 'http.request';
/** From the replica: the client has left. */
export const HTTP_GONE = 'http.gone';
/** From the leader: the answer, as a whole, or the stream that brings it. */
export const HTTP_ANSWER = 'http.answer';
/** From the leader: there is no answer. The connection of the client ends. */
export const HTTP_FAILED = 'http.failed';

/** A body up to this size is in the record of its request, so that the request can be sent again. */
export const MAX_WHOLE_BODY_BYTES = 128 * 1024;
/** An answer up to this size is in one record. */
export const MAX_WHOLE_ANSWER_BYTES = 64 * 1024;

const endpointSchema = z.object({ address: z.string().max(64), port: z.number().int().nonnegative() });
const streamSchema = z.string().refine(isToken).nullable();
const id = z.number().int().nonnegative();

export const requestSchema = z.object({
  /** Of the run of the replica. */
  id,
  from: endpointSchema,
  /** Where the connection of the client ends. */
  at: endpointSchema,
  transport: z.enum(['tls', 'loopback', 'plain']),
  /** What the replica permits its own machine without a key. */
  loopback: z.enum(LOOPBACK_STATES),
  /** Of the rest of the request. Null: the record has all. */
  stream: streamSchema,
});
export type RequestRecord = z.output<typeof requestSchema>;

export const goneSchema = z.object({ id });
export const failedSchema = goneSchema;

/** `stream` null: the record has all. `job`: the replica writes the answer of the job that the record has. */
export const answerSchema = z.object({ id, stream: streamSchema, job: z.boolean().optional() });
export type AnswerRecord = z.output<typeof answerSchema>;
