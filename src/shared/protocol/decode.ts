// Decodes a text frame to a message: depth first, then JSON, then the schema. A failure names the first invalid field for the sender
// (protocol §3, node_error.details).
import { type z } from 'zod';
import { fail, ok, type Result } from '../result';
import { MAX_JSON_DEPTH } from './limits';
import { type NodeMessage, nodeMessageSchema } from './node-messages';
import { type SchedulerMessage, schedulerMessageSchema } from './scheduler-messages';

/** An invalid field, such as `hardware.gpus[0].memory_gb` (empty for the whole input), and the reason. */
export interface DecodeError {
  readonly field: string;
  readonly reason: string;
}

export const decodeNodeMessage = (text: string): Result<NodeMessage, DecodeError> => decode(text, nodeMessageSchema);

export const decodeSchedulerMessage = (text: string): Result<SchedulerMessage, DecodeError> => decode(text, schedulerMessageSchema);

function decode<Schema extends z.ZodType>(text: string, schema: Schema): Result<z.output<Schema>, DecodeError> {
  const parsed = parseJsonObject(text);
  return parsed.ok ? validate(parsed.value, schema) : parsed;
}

const BYTE_ORDER_MARK = '\ufeff';

/** Parses a JSON object that is not nested deeper than `maxDepth`. A byte order mark, which some editors and shells write, is ignored. */
export function parseJsonObject(text: string, maxDepth = MAX_JSON_DEPTH): Result<object, DecodeError> {
  if (isTooDeep(text, maxDepth)) return fail({ field: '', reason: `nested deeper than ${String(maxDepth)} levels` });
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch {
    return fail({ field: '', reason: 'not JSON' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail({ field: '', reason: 'not a JSON object' });
  return ok(value);
}

/** Validates a parsed value. On failure, the first invalid field. */
export function validate<Schema extends z.ZodType>(value: unknown, schema: Schema): Result<z.output<Schema>, DecodeError> {
  const outcome = schema.safeParse(value);
  if (outcome.success) return ok(outcome.data);
  const issue = outcome.error.issues[0];
  return fail({ field: fieldPath(issue?.path ?? []), reason: issue?.message ?? 'invalid' });
}

/** `['hardware', 'gpus', 0, 'memory_gb']` as `hardware.gpus[0].memory_gb`. Bounded, since the sender may choose the keys. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let field = '';
  for (const part of path) field += typeof part === 'number' ? `[${String(part)}]` : `${field === '' ? '' : '.'}${String(part)}`;
  return field.slice(0, 256);
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether JSON text is nested deeper than `maxDepth`. Both sides of a connection use this check. */
export function isTooDeep(text: string, maxDepth = MAX_JSON_DEPTH): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    // A string may be megabytes of base64, so it is skipped.
    if (char === QUOTE) i = endOfString(text, i + 1);
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > maxDepth) return true;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return false;
}

/** The index of the closing quote of the string at `from`: the first quote after an even number of backslashes. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (quote - 1 - backslashes >= from && text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
}
