// Runs one OpenAI task on a runtime: request out, answer or stream back. What a status means for the job is in outcome-mapping.
import type { IncomingMessage } from 'node:http';
import { isTooDeep } from '../../../shared/protocol/decode';
import type { OpenAiTask } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { ExchangeFailure } from '../http/answers';
import { exchange, readBody, type RuntimeTarget } from '../http/exchange';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../runtime-outcome';
import type { RuntimeStatus } from '../runtime-snapshot';
import { toForm } from './multipart';
import { answerOutcome, type Body, MAX_ANSWER_DEPTH } from './outcome-mapping';
import { readStream } from './read-stream';

export interface RunOptions {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  /** The key, where there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxOutputBytes: number;
  readonly flavour: RuntimeStatus['flavour'];
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
      (response) => readAnswer(response, options, context),
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

async function readAnswer(response: IncomingMessage, options: RunOptions, context: RunContext): Promise<RunOutcome> {
  const status = response.statusCode ?? 0;
  const contentType = response.headers['content-type'] ?? '';
  if (status === 200 && /^text\/event-stream\b/i.test(contentType)) return readStream(response, options.maxOutputBytes, context);
  const bytes = await readBody(response, options.maxOutputBytes);
  return answerOutcome(status, contentType, toBody(bytes, contentType), options.maxOutputBytes);
}

/** JSON where it says so, and for the messages of errors text; sound and pictures in base64. */
function toBody(bytes: Buffer, contentType: string): Body {
  const text = () => bytes.toString('utf8');
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(contentType)) return { kind: 'bytes', base64: () => bytes.toString('base64'), text };
  const json = text();
  if (isTooDeep(json, MAX_ANSWER_DEPTH)) return { kind: 'unreadable' };
  try {
    return { kind: 'json', value: JSON.parse(json) };
  } catch {
    return { kind: 'unreadable' };
  }
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
