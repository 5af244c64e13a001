// Runs one OpenAI task on a runtime: request out, answer or stream back. What a status means for the job is in outcome-mapping.
import { isStreamed, type OpenAiTask } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { ExchangeFailure } from '../core/servers/answers';
import { exchange, readBody, type RuntimeAnswer, type RuntimeTarget } from '../http/exchange';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import type { RuntimeStatus } from '../core/runtime-snapshot';
import { toBody } from '../core/openai/answer-body';
import { toForm } from './multipart';
import { answerOutcome, type Body, unreadable } from '../core/openai/outcome';
import { readStream, streamed } from './read-stream';
import { eventsOf, isWordPath, type WordPath } from '../../../shared/protocol/whole-answer-events';
import { parseRetryAfterSeconds } from '../../../shared/backoff';

export interface RunOptions {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  /** The key, where there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxOutputBytes: number;
  readonly flavour: RuntimeStatus['flavour'];
  /** Called for each piece of an answer, as it comes. */
  readonly onBytes: () => void;
}

const TRANSCRIPTIONS = '/v1/audio/transcriptions';
/** Where whisper.cpp's server takes the same form, unless its owner gave it OpenAI's path. */
const WHISPER_CPP_INFERENCE = '/inference';

/** Never rejects. Aborting the context's signal destroys the request's socket at once. */
export async function runOpenAi(options: RunOptions, task: OpenAiTask, context: RunContext): Promise<RunOutcome> {
  const request = toRequest(task);
  if (!request.ok) return failed('bad_request', request.error, false);
  const { contentType, bytes } = request.value;
  const send = async (path: string): Promise<RunOutcome> => {
    const outcome = await exchange(
      {
        target: options.target,
        clock: options.clock,
        method: 'POST',
        path,
        headers: { ...options.headers, 'content-type': contentType, accept: 'application/json, text/event-stream, */*' },
        body: bytes,
        timeoutMs: context.timeoutMs,
        signal: context.signal,
      },
      (answer) => readAnswer({ ...answer, body: heard(answer.body, options.onBytes) }, options, task, context),
    );
    return outcome.ok ? outcome.value : exchangeFailed(outcome.error);
  };
  if (options.flavour !== 'whisper.cpp' || task.path !== TRANSCRIPTIONS) return send(task.path);
  const outcome = await send(WHISPER_CPP_INFERENCE);
  return !outcome.success && outcome.error.code === 'runtime_http_404' ? send(task.path) : outcome;
}

function toRequest({ path, body }: OpenAiTask): ReturnType<typeof toForm> {
  if (path === TRANSCRIPTIONS) return toForm(body);
  return { ok: true, value: { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(body)) } };
}

async function readAnswer(answer: RuntimeAnswer, options: RunOptions, task: OpenAiTask, context: RunContext): Promise<RunOutcome> {
  const { status } = answer;
  const contentType = answer.headers['content-type'] ?? '';
  if (status === 200 && /^text\/event-stream\b/i.test(contentType)) return readStream(answer.body, options.maxOutputBytes, context);
  const bytes = await readBody(answer, options.maxOutputBytes);
  const body = toBody(bytes, contentType, task.path);
  // Of sound whatever comes whole is passed on so, with its type: the scheduler knows what it is in events.
  if (status === 200 && isStreamed(task) && isWordPath(task.path)) return passOnWhole(task.path, body, task, context);
  return answerOutcome(status, contentType, body, options.maxOutputBytes, parseRetryAfterSeconds(answer.headers['retry-after']));
}

async function* heard(body: AsyncIterable<Buffer>, onBytes: () => void): AsyncGenerator<Buffer> {
  for await (const bytes of body) {
    onBytes();
    yield bytes;
  }
}

/** A client that asked for a stream reads events and nothing else. */
function passOnWhole(path: WordPath, body: Body, task: OpenAiTask, context: RunContext): RunOutcome {
  const wish = task.body['stream_options'];
  const countsUsage = typeof wish === 'object' && wish !== null && 'include_usage' in wish && wish.include_usage === true;
  const events = body.kind === 'json' ? eventsOf(path, body.value, countsUsage) : null;
  if (events === null) return unreadable(body);
  for (const event of events) context.onChunk(event);
  return streamed(events.length, context.keepStream === true ? events : null);
}

function exchangeFailed(failure: ExchangeFailure): RunOutcome {
  switch (failure) {
    case 'aborted':
      return failed('cancelled', 'the job was cancelled', false);
    case 'timeout':
      return failed('timeout', 'the runtime did not finish in time', true);
    case 'too_large':
      return failed('output_too_large', 'the answer is larger than may be sent', false);
    case 'broken':
    case 'unreadable_answer':
    case 'refused':
    case 'name_not_found':
    case 'address_refused':
      return failed('runtime_unreachable', `the runtime could not be talked to: ${failure}`, true, { reason: failure });
  }
}
