// Reads a streaming answer: one JSON value per event, until `[DONE]` or the end of a complete stream. A stream that ends early is broken.
import { codeOfError } from '../../../shared/errors';
import { parseJson } from '../../../shared/json';
import { isTooDeep } from '../../../shared/protocol/json-structure';
import { MAX_BODY_DEPTH } from '../../../shared/protocol/limits';
import type { OpenAiOutput } from '../../../shared/protocol/tasks';
import { EventTooLarge, type ServerSentEvent } from '../../../shared/sse-parser';
import { serverEvents } from '../../platform/server-events';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { runtimeMessageIn, tooDeep } from '../core/openai/answer';
import { streamEndAfter, isComplete, NO_END } from '../core/openai/stream-end';

const DONE = '[DONE]';
const HTTP_CLIENT_ERROR = 400;
const HTTP_SERVER_ERROR = 500;

type StreamStep =
  | { readonly kind: 'chunk'; readonly value: object }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly outcome: RunOutcome };

export interface StreamObserver {
  /** Called for each event, before the client gets it. */
  readonly onEvent: (event: object) => void;
  /** The event as the client gets it. Null: the client does not get it. */
  readonly forClient: (event: object) => object | null;
}

/** Rejects when the connection fails, except when the peer resets it. */
export async function readStream(
  body: AsyncIterable<Buffer>,
  maxOutputBytes: number,
  context: Pick<RunContext, 'onChunk' | 'keepStream'>,
  { onEvent, forClient }: StreamObserver,
): Promise<RunOutcome> {
  const events: unknown[] | null = context.keepStream === true ? [] : null;
  let keptCharacters = 0;
  let chunks = 0;
  let end = NO_END;
  const broken = (reason: string) =>
    failed('runtime_stream_broken', `the stream of the model server broke: ${reason}`, true, { reason, chunks });
  try {
    for await (const event of serverEvents(body, { maxEventCharacters: maxOutputBytes, takesUnfinished: true })) {
      // Some servers send empty events to keep the connection open.
      if (event.data.trim() === '') continue;
      if (isTooDeep(event.data, MAX_BODY_DEPTH)) return tooDeep({ chunks });
      const step = toStep(event, broken);
      if (step.kind === 'failed') return step.outcome;
      if (step.kind === 'done') return toStreamOutcome(chunks, events);
      end = streamEndAfter(end, step.value);
      onEvent(step.value);
      const value = forClient(step.value);
      if (value === null) continue;
      chunks += 1;
      context.onChunk(value);
      keptCharacters += event.data.length;
      events?.push(value);
      if (events !== null && keptCharacters > maxOutputBytes)
        return failed('output_too_large', 'the events of the stream are larger than a frame can be', false, { chunks });
    }
  } catch (cause) {
    if (cause instanceof EventTooLarge)
      return failed('output_too_large', 'an event of the stream is larger than a frame can be', false, { chunks });
    if (codeOfError(cause) === 'ECONNRESET') return broken('connection_lost');
    throw cause;
  }
  return isComplete(end) ? toStreamOutcome(chunks, events) : broken('ended_early');
}

/** The outcome of a complete stream. `events` null: the result does not contain the events. */
export function toStreamOutcome(chunks: number, events: readonly unknown[] | null): RunOutcome {
  const output: OpenAiOutput = { status: 200, body: null, chunks, ...(events === null ? {} : { events: [...events] }) };
  return { success: true, output };
}

function toStep(event: ServerSentEvent, broken: (reason: string) => RunOutcome): StreamStep {
  if (event.data.trim() === DONE) return { kind: 'done' };
  const value = parseJson(event.data);
  if (typeof value !== 'object' || value === null) return { kind: 'failed', outcome: broken('not_json') };
  if (event.name === 'error' || isErrorEvent(value)) return { kind: 'failed', outcome: errorEvent(value) };
  return { kind: 'chunk', value };
}

const isErrorEvent = (value: object): boolean => 'error' in value && value.error !== null && !('choices' in value);

/** Retryable unless the code is a 4xx status. */
function errorEvent(value: object): RunOutcome {
  const error: unknown = 'error' in value ? value.error : value;
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  const isRequestFault = typeof code === 'number' && code >= HTTP_CLIENT_ERROR && code < HTTP_SERVER_ERROR;
  return failed('runtime_stream_error', 'the model server ended the stream with an error', !isRequestFault, {
    runtime_message: runtimeMessageIn(value),
    status: typeof code === 'number' ? code : null,
  });
}
