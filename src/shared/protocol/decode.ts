// Decodes a text frame to a message: structure first, then JSON, then the schema. A failure names the first invalid field for the sender
// (protocol §3, node_error.details).
import { type z } from 'zod';
import { issueText } from '../issue-text';
import { fail, ok, type Result } from '../result';
import { type JsonBounds, type JsonFault, jsonFaultOf } from './json-structure';
import { MAX_ASSIGN_COST, MAX_JSON_COST, MAX_JSON_DEPTH } from './limits';
import { type NodeMessage, nodeMessageSchema } from './node-messages';
import { type SchedulerMessage, schedulerMessageSchema } from './scheduler-messages';

/** An invalid field, such as `hardware.gpus[0].memory_gb` (empty for the whole input), and the reason. */
export interface DecodeError {
  readonly field: string;
  readonly reason: string;
}

export const decodeNodeMessage = (text: string): Result<NodeMessage, DecodeError> => decode(text, nodeMessageSchema, MAX_JSON_COST);

/** For text that `structureFault` has passed. */
export function decodeCheckedNodeMessage(text: string): Result<NodeMessage, DecodeError> {
  const parsed = parseCheckedObject(text);
  return parsed.ok ? validate(parsed.value, nodeMessageSchema) : parsed;
}

export const decodeSchedulerMessage = (text: string): Result<SchedulerMessage, DecodeError> =>
  decode(text, schedulerMessageSchema, MAX_ASSIGN_COST);

function decode<Schema extends z.ZodType>(text: string, schema: Schema, maxCost: number): Result<z.output<Schema>, DecodeError> {
  const parsed = parseJsonObject(text, { maxCost });
  return parsed.ok ? validate(parsed.value, schema) : parsed;
}

const BYTE_ORDER_MARK = '\ufeff';

/** Parses a JSON object within the bounds. A byte order mark, which some editors and shells write, is ignored. */
export function parseJsonObject(
  text: string,
  { maxDepth = MAX_JSON_DEPTH, maxCost = MAX_JSON_COST }: Partial<JsonBounds> = {},
): Result<object, DecodeError> {
  const fault = structureFault(text, { maxDepth, maxCost });
  return fault === null ? parseCheckedObject(text) : fail(fault);
}

/** The first half of `parseJsonObject`: whether the text may be parsed. */
export function structureFault(text: string, bounds: JsonBounds): DecodeError | null {
  const fault = jsonFaultOf(text, bounds);
  return fault === null ? null : { field: '', reason: faultReason(fault, bounds.maxDepth) };
}

/** The second half: for text that `structureFault` has passed. */
export function parseCheckedObject(text: string): Result<object, DecodeError> {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch {
    return fail({ field: '', reason: 'not JSON' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail({ field: '', reason: 'not a JSON object' });
  return ok(value);
}

const faultReason = (fault: JsonFault, maxDepth: number): string =>
  fault === 'too_deep' ? `nested deeper than ${String(maxDepth)} levels` : 'too many values, names or objects';

/** Stops at the first fault: the other ones are not used, and there may be a hundred thousand. */
const FIRST_FAULT: z.core.ParseContext<z.core.$ZodIssue> & { readonly abortEarly: true } = { abortEarly: true };
/** A reason may repeat names that the sender chose. */
const MAX_REASON = 512;

/** Validates a parsed value. On failure, the first invalid field. */
export function validate<Schema extends z.ZodType>(value: unknown, schema: Schema): Result<z.output<Schema>, DecodeError> {
  const outcome = schema.safeParse(value, FIRST_FAULT);
  if (outcome.success) return ok(outcome.data);
  const issue = outcome.error.issues[0];
  return fail({ field: fieldPath(issue?.path ?? []), reason: issueText(issue).slice(0, MAX_REASON) });
}

/** `['hardware', 'gpus', 0, 'memory_gb']` as `hardware.gpus[0].memory_gb`. Bounded, since the sender may choose the keys. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let field = '';
  for (const part of path) field += typeof part === 'number' ? `[${String(part)}]` : `${field === '' ? '' : '.'}${String(part)}`;
  return field.slice(0, 256);
}
