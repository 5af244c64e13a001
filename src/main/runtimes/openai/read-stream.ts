// The events of a streaming answer, one JSON each, until the runtime says that it is done, or ends after it said all. A stream that
// just ends is broken: its last words are missing.
import { isTooDeep } from '../../../shared/protocol/decode';
import { MAX_BODY_DEPTH } from '../../../shared/protocol/limits';
import type { OpenAiOutput } from '../../../shared/protocol/tasks';
import { EventTooLarge, type ServerSentEvent } from '../../../shared/sse-parser';
import { serverEvents } from '../../platform/server-events';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { messageIn, tooDeep } from '../core/openai/outcome';
import { hearOfEnd, isComplete, NO_END } from '../core/openai/stream-end';

const DONE = '[DONE]';
const HTTP_CLIENT_ERROR = 400;
const HTTP_SERVER_ERROR = 500;

type Step =
  | { readonly kind: 'chunk'; readonly value: unknown }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly outcome: RunOutcome };

/** Rejects when the connection failed in another way than by being cut. */
export async function readStream(
  body: AsyncIterable<Buffer>,
  maxOutputBytes: number,
  context: Pick<RunContext, 'onChunk' | 'keepStream'>,
): Promise<RunOutcome> {
  const events: unknown[] | null = context.keepStream === true ? [] : null;
  let keptCharacters = 0;
  let chunks = 0;
  let heard = NO_END;
  const broken = (reason: string) =>
    failed('runtime_stream_broken', `the stream of the runtime broke: ${reason}`, true, { reason, chunks });
  try {
    for await (const event of serverEvents(body, { maxEventCharacters: maxOutputBytes, takesUnfinished: true })) {
      // Servers keep connections open with events of nothing, too.
      if (event.data.trim() === '') continue;
      if (isTooDeep(event.data, MAX_BODY_DEPTH)) return tooDeep({ chunks });
      const step = toStep(event, broken);
      if (step.kind === 'failed') return step.outcome;
      if (step.kind === 'done') return streamed(chunks, events);
      heard = hearOfEnd(heard, step.value);
      chunks += 1;
      context.onChunk(step.value);
      keptCharacters += event.data.length;
      events?.push(step.value);
      if (events !== null && keptCharacters > maxOutputBytes)
        return failed('output_too_large', 'the events of the stream are more than may be sent in one piece', false, { chunks });
    }
  } catch (cause) {
    if (cause instanceof EventTooLarge)
      return failed('output_too_large', 'an event of the stream is larger than may be sent', false, { chunks });
    if ((cause as NodeJS.ErrnoException).code === 'ECONNRESET') return broken('connection_lost');
    throw cause;
  }
  return isComplete(heard) ? streamed(chunks, events) : broken('ended_early');
}

/** What is left to tell of a stream whose events were all passed on; `events`: null, or all of them, to be kept. */
export function streamed(chunks: number, events: readonly unknown[] | null): RunOutcome {
  const output: OpenAiOutput = { status: 200, body: null, chunks, ...(events === null ? {} : { events: [...events] }) };
  return { success: true, output };
}

function toStep(event: ServerSentEvent, broken: (reason: string) => RunOutcome): Step {
  if (event.data.trim() === DONE) return { kind: 'done' };
  const value = parse(event.data);
  if (value === undefined) return { kind: 'failed', outcome: broken('not_json') };
  if (event.name === 'error' || isErrorEvent(value)) return { kind: 'failed', outcome: errorEvent(value) };
  return { kind: 'chunk', value };
}

function parse(data: string): object | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const isErrorEvent = (value: object): boolean => 'error' in value && value.error !== null && !('choices' in value);

/** Retryable unless the runtime blames the request. */
function errorEvent(value: object): RunOutcome {
  const error: unknown = 'error' in value ? value.error : value;
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  const isTheRequests = typeof code === 'number' && code >= HTTP_CLIENT_ERROR && code < HTTP_SERVER_ERROR;
  return failed('runtime_stream_error', 'the runtime ended the stream with an error', !isTheRequests, {
    runtime_message: messageIn(value),
    status: typeof code === 'number' ? code : null,
  });
}
