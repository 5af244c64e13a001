// Runs one OpenAI task on a runtime: sends the request and reads the answer or the stream. core/openai/answer.ts maps statuses.
import { takesForm } from '../../../shared/protocol/task-kinds';
import { isStreamed, type OpenAiTask } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { ExchangeFailure } from '../core/servers/answers';
import { exchange, readBody, type RuntimeAnswer, type RuntimeTarget } from '../http/exchange';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import type { RuntimeStatus } from '../core/runtime-snapshot';
import { answerOutcome, type AnswerBody, parseBody, unusableAnswer } from '../core/openai/answer';
import { bodyWithUsage, withoutUsage } from '../core/openai/usage-event';
import { toForm } from './multipart';
import { RequestMeter } from './request-meter';
import { readStream, toStreamOutcome } from './read-stream';
import { eventsOf, isTextPath, type TextPath } from '../../../shared/protocol/whole-answer-events';
import { parseRetryAfterSeconds } from '../../../shared/backoff';

export interface RunOptions {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  /** With the API key, if there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxOutputBytes: number;
  readonly runtimeType: RuntimeStatus['type'];
  /** The server has to load the model first. */
  readonly isCold: boolean;
  /** Called when a piece of the answer arrives. */
  readonly onBytes: () => void;
}

const TRANSCRIPTIONS = '/v1/audio/transcriptions';
const TRANSLATIONS = '/v1/audio/translations';
/** The path of whisper.cpp's server for the forms of both, unless it was started with OpenAI's path. A field tells them apart. */
const WHISPER_CPP_INFERENCE = '/inference';

/** Aborting the context's signal destroys the request's socket immediately. Never rejects. */
export async function runOpenAi(options: RunOptions, task: OpenAiTask, context: RunContext): Promise<RunOutcome> {
  const counted = bodyWithUsage(task, options.runtimeType);
  const isWhisperCpp = options.runtimeType === 'whisper.cpp' && takesForm(task.path);
  const translates = isWhisperCpp && task.path === TRANSLATIONS ? { translate: 'true' } : {};
  const request = await toRequest({ ...task, body: { ...(counted ?? task.body), ...translates } });
  if (!request.ok) return failed('bad_request', request.error, false);
  const { contentType, bytes } = request.value;
  const forClient = counted === null ? asIs : withoutUsage;
  const send = async (path: string): Promise<RunOutcome> => {
    const meter = new RequestMeter(task, options.clock, options.isCold);
    const outcome = await exchange(
      {
        target: options.target,
        clock: options.clock,
        method: 'POST',
        path,
        headers: {
          ...givenOf(task.headers),
          ...(context.requestId === undefined ? {} : { 'x-request-id': context.requestId }),
          ...options.headers,
          'content-type': contentType,
          accept: 'application/json, text/event-stream, */*',
        },
        body: bytes,
        timeoutMs: context.timeoutMs,
        signal: context.signal,
        mayReuseConnection: true,
      },
      (answer) =>
        readAnswer({ ...answer, body: reportingBytes(answer.body, options.onBytes) }, options, { task, context, meter, forClient }),
    );
    const timings = outcome.ok && outcome.value.success ? meter.timings() : null;
    if (timings !== null) context.onTimings?.(timings, meter.startedAtMonotonicMs);
    return outcome.ok ? outcome.value : exchangeFailed(outcome.error);
  };
  if (!isWhisperCpp) return send(task.path);
  const outcome = await send(WHISPER_CPP_INFERENCE);
  return !outcome.success && outcome.error.code === 'runtime_http_404' ? send(TRANSCRIPTIONS) : outcome;
}

const givenOf = (headers: OpenAiTask['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined));

async function toRequest({ path, body }: OpenAiTask): ReturnType<typeof toForm> {
  if (takesForm(path)) return toForm(body);
  return { ok: true, value: { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(body)) } };
}

interface Asked {
  readonly task: OpenAiTask;
  readonly context: RunContext;
  readonly meter: RequestMeter;
  /** An event of a stream as the client gets it. Null: the client does not get it. */
  readonly forClient: (event: object) => object | null;
}

const asIs = (event: object): object => event;

async function readAnswer(answer: RuntimeAnswer, options: RunOptions, { task, context, meter, forClient }: Asked): Promise<RunOutcome> {
  const { status } = answer;
  const contentType = answer.headers['content-type'] ?? '';
  if (status === 200 && /^text\/event-stream\b/i.test(contentType)) {
    const onEvent = (event: object) => {
      meter.onEvent(event);
    };
    return readStream(answer.body, options.maxOutputBytes, context, { onEvent, forClient });
  }
  const bytes = await readBody(answer, options.maxOutputBytes);
  const body = parseBody(bytes, contentType, task.path);
  meter.onAnswer(status, body.kind === 'json' ? body.value : null);
  // A complete audio answer is returned with its type: the scheduler converts it to events.
  if (status === 200 && isStreamed(task) && isTextPath(task.path)) return toChunks(task.path, body, task, context);
  return answerOutcome(status, contentType, body, options.maxOutputBytes, parseRetryAfterSeconds(answer.headers['retry-after']));
}

async function* reportingBytes(body: AsyncIterable<Buffer>, onBytes: () => void): AsyncGenerator<Buffer> {
  for await (const bytes of body) {
    onBytes();
    yield bytes;
  }
}

/** A client that requested a stream expects events, so a complete answer is converted to events. */
function toChunks(path: TextPath, body: AnswerBody, task: OpenAiTask, context: RunContext): RunOutcome {
  const streamOptions = task.body['stream_options'];
  const countsUsage =
    typeof streamOptions === 'object' && streamOptions !== null && 'include_usage' in streamOptions && streamOptions.include_usage === true;
  const events = body.kind === 'json' ? eventsOf(path, body.value, countsUsage) : null;
  if (events === null) return unusableAnswer(body);
  for (const event of events) context.onChunk(event);
  return toStreamOutcome(events.length, context.keepStream === true ? events : null);
}

function exchangeFailed(failure: ExchangeFailure): RunOutcome {
  switch (failure) {
    case 'aborted':
      return failed('cancelled', 'the job was cancelled', false);
    case 'timeout':
      return failed('timeout', 'the model server did not finish in time', true);
    case 'too_large':
      return failed('output_too_large', 'the answer is larger than a frame can be', false);
    case 'broken':
    case 'unreadable_answer':
    case 'refused':
    case 'name_not_found':
    case 'address_refused':
      return failed('runtime_unreachable', `the model server could not be reached: ${failure}`, true, { reason: failure });
  }
}
