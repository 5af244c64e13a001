// One measurement: sends the request, as often as it says, and reads how fast the answer came.
import { type RunError, runtimeHttpError } from '../../../shared/protocol/job-errors';
import type { Clock } from '../../platform/clock';
import { messageIn } from '../core/openai/outcome';
import type { RunOutcome } from '../core/runtime-outcome';
import type { RuntimeSet } from '../runtime-set';
import type { Measured } from '../core/measuring/measurement';
import { hear, NOTHING_HEARD, rateOfAnswer, rateOfStream } from '../core/measuring/token-rate';
import type { MeasuringRequest } from '../core/measuring/request';

/** With the loading of a large model from a slow disk. */
const TIMEOUT_MS = 120_000;
/** A runtime that does not heed `max_tokens` is stopped: by then its pace is known. */
const ENOUGH_EVENTS = 128;
const MAX_MESSAGE_CHARS = 300;
const FIRST_CLIENT_ERROR = 400;

const STREAMED: RunOutcome = { success: true, output: { status: 200, body: null } };

export interface MeasureOptions {
  readonly runtimes: Pick<RuntimeSet, 'run'>;
  readonly clock: Clock;
  /** Aborted, the request ends at once and its outcome says nothing. */
  readonly signal: AbortSignal;
}

export async function measure({ task, tokens, twice }: MeasuringRequest, options: MeasureOptions): Promise<Measured> {
  const { runtimes, clock, signal } = options;
  const endMs = clock.monotonicMs() + TIMEOUT_MS;
  const ask = async () => {
    let heard = NOTHING_HEARD;
    const enough = new AbortController();
    const startedMs = clock.monotonicMs();
    const ended = await runtimes.run(task, {
      signal: AbortSignal.any([signal, enough.signal]),
      timeoutMs: Math.max(1, endMs - startedMs),
      onChunk: (data) => {
        if (heard.events < ENOUGH_EVENTS) heard = hear(heard, data, clock.monotonicMs());
        else enough.abort();
      },
    });
    return { outcome: enough.signal.aborted ? STREAMED : ended, heard, tookMs: clock.monotonicMs() - startedMs };
  };
  const first = await ask();
  const { outcome, heard, tookMs } = twice && failureOf(first.outcome) === null && !signal.aborted ? await ask() : first;
  const measuredAtMs = clock.wallMs();
  const failure = failureOf(outcome);
  if (failure !== null) return { outcome: 'failed', ...failure, measuredAtMs };
  const tokensPerSecond = tokens === 'streamed' ? rateOfStream(heard) : tokens === 'read' ? rateOfAnswer(bodyOf(outcome), tookMs) : null;
  return { outcome: 'answered', tokensPerSecond, tookMs: Math.round(tookMs), measuredAtMs };
}

/** An answer that refuses the request is a result for a job, and a failure here. */
function failureOf(outcome: RunOutcome): { readonly code: RunError; readonly message: string | null } | null {
  if (!outcome.success) return { code: outcome.error.code, message: cut(outcome.error.details['runtime_message']) };
  const status = fieldOf(outcome.output, 'status');
  if (typeof status !== 'number' || status < FIRST_CLIENT_ERROR) return null;
  return { code: runtimeHttpError(status), message: cut(messageIn(bodyOf(outcome))) };
}

const bodyOf = (outcome: RunOutcome): unknown => (outcome.success ? fieldOf(outcome.output, 'body') : null);

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

const cut = (message: unknown): string | null => (typeof message === 'string' ? message.slice(0, MAX_MESSAGE_CHARS) : null);
