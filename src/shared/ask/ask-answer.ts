// Decodes the answer of the OpenAI API of a pool to events: the data of a stream, the headers, an error, the view of the job.
import { z } from 'zod';
import type { AppError } from '../api/app-error';
import { type AskEvent, type AskJob, MAX_WAITING_NODES } from '../api/ask';
import type { JobView } from '../api/job';
import { ROUTES } from '../api/prediction';
import { parseJson } from '../json';
import { MAX_DETAILS, recordOf } from '../protocol/bounded';
import { MAX_NAME_LENGTH } from '../protocol/limits';

const MAX_CHOICES = 16;
const MAX_MESSAGE = 2000;

const text = z.string().nullish().catch(null);
const count = z.number().int().min(0).nullish().catch(null);

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: text, reasoning_content: text, reasoning: text }).nullish().catch(null),
        finish_reason: text,
      }),
    )
    .max(MAX_CHOICES)
    .nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

const errorSchema = z.object({
  error: z.union([
    z.object({
      message: z.string().catch(''),
      code: z
        .union([z.string().max(64), z.number()])
        .nullish()
        .catch(null),
      param: text,
      muster: recordOf(z.string(), z.json(), MAX_DETAILS).optional().catch(undefined),
    }),
    z.string().transform((message) => ({ message, code: null, param: null, muster: undefined })),
  ]),
});

export interface StreamStep {
  readonly events: readonly AskEvent[];
  /** Undefined: as before. */
  readonly finishReason?: string | undefined;
  readonly isDone: boolean;
}

/** The data of one event of a chat. Unknown data is ignored, as by other clients. */
export function stepOf(data: string): StreamStep {
  if (data.trim() === '[DONE]') return { events: [], isDone: true };
  const value = parseJson(data);
  const failure = errorSchema.safeParse(value);
  if (failure.success) return { events: [{ type: 'failed', error: errorOf(failure.data, 'stream_broken') }], isDone: false };
  const chunk = chunkSchema.safeParse(value);
  if (!chunk.success) return { events: [], isDone: false };
  const { choices, usage } = chunk.data;
  const choice = choices?.[0];
  const reasoning = choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? '';
  const content = choice?.delta?.content ?? '';
  const events: AskEvent[] = [];
  if (reasoning !== '') events.push({ type: 'reasoning', text: reasoning, pieces: 1 });
  if (content !== '') events.push({ type: 'text', text: content, pieces: 1 });
  if (usage != null) {
    const { prompt_tokens, completion_tokens, prompt_tokens_details: details } = usage;
    events.push({
      type: 'usage',
      prompt_tokens: prompt_tokens ?? null,
      cached_tokens: details?.cached_tokens ?? null,
      completion_tokens: completion_tokens ?? null,
    });
  }
  return { events, finishReason: choice?.finish_reason ?? undefined, isDone: false };
}

/** Joins texts that follow each other: a message to the listener causes one render. */
export function joined(events: readonly AskEvent[]): readonly AskEvent[] {
  const all: AskEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if ((event.type === 'text' || event.type === 'reasoning') && last?.type === event.type)
      all[all.length - 1] = { type: event.type, text: last.text + event.text, pieces: last.pieces + event.pieces };
    else all.push(event);
  }
  return all;
}

/** The error of an answer with this status. The body may come from the model server, or from another program at the address. */
export function failureOf(status: number, body: string): AppError {
  const parsed = errorSchema.safeParse(parseJson(body));
  const code = `http_${String(status)}`;
  if (parsed.success) return errorOf(parsed.data, code);
  return { code, message: body.slice(0, MAX_MESSAGE), details: { status } };
}

function errorOf({ error: { message, code, param, muster } }: z.output<typeof errorSchema>, otherwise: string): AppError {
  const details = { ...muster, ...(param == null ? {} : { field: param }) };
  return {
    code: code == null ? otherwise : String(code),
    message: message.slice(0, MAX_MESSAGE),
    details: Object.keys(details).length === 0 ? null : details,
  };
}

/** The answer of a transcription: JSON with the text, or text. Null: neither. */
export function transcriptOf(contentType: string, body: string): string | null {
  if (/^text\//i.test(contentType)) return body.trim();
  const parsed = z.object({ text: z.string() }).safeParse(parseJson(body));
  return parsed.success ? parsed.data.text.trim() : null;
}

/** The headers of an answer. */
export function beginOf(header: (name: string) => string | null): Extract<AskEvent, { readonly type: 'begin' }> {
  const predicted = Number(header('x-muster-predicted-ms') ?? Number.NaN);
  return {
    type: 'begin',
    job_id: header('x-muster-job'),
    node_id: header('x-muster-node'),
    node_name: decoded(header('x-muster-node-name')),
    route: ROUTES.find((known) => known === header('x-muster-route')) ?? null,
    predicted_ms: Number.isFinite(predicted) && predicted >= 0 ? predicted : null,
  };
}

/** Percent-encoded UTF-8. Null for anything else. */
function decoded(value: string | null): string | null {
  try {
    return value === null ? null : decodeURIComponent(value).slice(0, MAX_NAME_LENGTH);
  } catch {
    return null;
  }
}

export function askJobOf({ job_id, status, attempt, node_id, created_at, attempts, result, waiting }: JobView): AskJob {
  const latest = attempts.at(-1);
  return {
    job_id,
    status,
    attempt,
    node_id,
    queued_ms: latest === undefined ? null : Math.max(0, latest.assigned_at - created_at),
    waiting:
      waiting === null
        ? null
        : {
            since: waiting.since,
            ahead: waiting.ahead,
            blocked_by: waiting.blocked_by,
            reasons: waiting.reasons,
            nodes_total: waiting.nodes_total,
            nodes: waiting.nodes.slice(0, MAX_WAITING_NODES),
            held: waiting.held ?? null,
            ...(waiting.wake === undefined ? {} : { wake: waiting.wake }),
          },
    prediction: latest?.prediction ?? null,
    timings: result?.timings ?? null,
  };
}
