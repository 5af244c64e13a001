// The records on a channel for copies of responses. Leader and member send the same ones.
import { z } from 'zod';
import { KEEP_MS } from '../../api/client-apis/core/responses/kept-responses';

/** First, from both sides: what each has. The other one sends what lacks. */
export const RESPONSES_HAVE = 'responses.have';
/** The copy of one response, in one record or in several that follow one another. The body is a list in JSON. */
export const RESPONSES_COPY = 'responses.copy';
/** The answer to a copy of a response in the background: the other side has it. */
export const RESPONSES_HELD = 'responses.held';
export const RESPONSES_DELETED = 'responses.deleted';

/** Named in one record. */
export const MAX_NAMED = 1000;
const MAX_ITEMS = 1_000_000;
/** Of a request in all: the limit of Node.js. */
const MAX_HEADERS = 16 * 1024;

const id = z.string().regex(/^resp_[\da-z]{1,64}$/);
const ids = z.array(id).max(MAX_NAMED);
const jobId = z.string().max(64);
const ageMs = z.number().nonnegative().max(KEEP_MS);
const text = z.string().max(256);
const holder = text.nullable();
const count = z.number().int().nonnegative().max(MAX_ITEMS);

/** Runs: with the last job, since another one is a change. Deleted: with the time since then. `is_all`: no further record follows. */
export const haveSchema = z.object({
  kept: ids,
  runs: z.array(z.object({ id, job_id: jobId })).max(MAX_NAMED),
  deleted: z.array(z.object({ id, age_ms: ageMs })).max(MAX_NAMED),
  is_all: z.boolean(),
});
export type HavePage = z.output<typeof haveSchema>;
export const deletedSchema = z.object({ ids });
export const heldSchema = z.object({ id });

/**
 * The values: the response, then its conversation, which ends with the input and the output. `has_output`: the response itself has none, since
 * the conversation has it.
 */
const keptSchema = z.object({
  kind: z.literal('kept'),
  id,
  holder,
  age_ms: ageMs,
  input: count,
  output: count,
  has_output: z.boolean(),
});

/** The values: the body without the items of its input, these items, then the conversation before. `input` null: a text. */
const runsSchema = z.object({
  kind: z.literal('runs'),
  id,
  holder,
  input: count.nullable(),
  job_id: jobId,
  facts: z.object({ id: z.string().regex(/^[\da-z]{1,64}$/), requestId: text, model: text, atWallMs: z.number() }),
  translation: z.enum(['responses', 'native_responses']).nullable(),
  language: z.enum(['en', 'zh']),
  headers: z.record(z.string().max(64), z.string().max(1024)),
  session_key: z.string().max(MAX_HEADERS).nullable(),
  only_node: text.nullable(),
});

/** `copy` null: of the copy before. `is_last`: the copy is complete. */
export const copySchema = z.object({
  copy: z.discriminatedUnion('kind', [keptSchema, runsSchema]).nullable(),
  is_last: z.boolean(),
});
export type KeptCopy = z.output<typeof keptSchema>;
export type RunsCopy = z.output<typeof runsSchema>;
