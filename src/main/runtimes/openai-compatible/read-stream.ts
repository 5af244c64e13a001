// The events of a streaming answer, one JSON each, until the runtime says that it is done, or ends after it said all. A stream that
// just ends is broken: its last words are missing.
import { isTooDeep } from '../../../shared/protocol/decode';
import { EventTooLarge, type ServerSentEvent } from '../../../shared/sse-parser';
import { serverEvents } from '../../platform/server-events';
import { failed, type RunOutcome } from '../runtime-outcome';
import { MAX_ANSWER_DEPTH, messageIn } from './outcome-mapping';
import { hearOfEnd, isComplete, NO_END } from './stream-end-mapping';

const DONE = '[DONE]';
const HTTP_CLIENT_ERROR = 400;
const HTTP_SERVER_ERROR = 500;

type Step = { readonly kind: 'chunk'; readonly value: unknown } | { readonly kind: 'end'; readonly outcome: RunOutcome };

/** Rejects when the connection failed in another way than by being cut. */
export async function readStream(
  body: AsyncIterable<Buffer>,
  maxEventCharacters: number,
  onChunk: (data: unknown) => void,
): Promise<RunOutcome> {
  let chunks = 0;
  let heard = NO_END;
  const broken = (reason: string) =>
    failed('runtime_stream_broken', `the stream of the runtime broke: ${reason}`, true, { reason, chunks });
  try {
    for await (const event of serverEvents(body, { maxEventCharacters, takesUnfinished: true })) {
      // Servers keep connections open with events of nothing, too.
      if (event.data.trim() === '') continue;
      const step = toStep(event, broken);
      if (step.kind === 'end') return step.outcome;
      heard = hearOfEnd(heard, step.value);
      chunks += 1;
      onChunk(step.value);
    }
  } catch (cause) {
    if (cause instanceof EventTooLarge)
      return failed('output_too_large', 'an event of the stream is larger than may be sent', false, { chunks });
    if ((cause as NodeJS.ErrnoException).code === 'ECONNRESET') return broken('connection_lost');
    throw cause;
  }
  return isComplete(heard) ? STREAMED : broken('ended_early');
}

/** What is left to tell of a stream whose events were all passed on. */
export const STREAMED: RunOutcome = { success: true, output: { status: 200, body: null } };

function toStep(event: ServerSentEvent, broken: (reason: string) => RunOutcome): Step {
  if (event.data.trim() === DONE) return { kind: 'end', outcome: STREAMED };
  const value = parse(event.data);
  if (value === undefined) return { kind: 'end', outcome: broken('not_json') };
  if (event.name === 'error' || isErrorEvent(value)) return { kind: 'end', outcome: errorEvent(value) };
  return { kind: 'chunk', value };
}

function parse(data: string): object | undefined {
  if (isTooDeep(data, MAX_ANSWER_DEPTH)) return undefined;
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
