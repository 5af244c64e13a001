// Runs one benchmark: sends the request once or twice and derives the token rate of the answer.
import { type RunError, runtimeHttpError } from '../../../shared/protocol/job-errors';
import type { Clock } from '../../platform/clock';
import { runtimeMessageIn } from '../core/openai/answer';
import type { RunOutcome } from '../core/runtime-outcome';
import type { RuntimeSet } from '../runtime-set';
import type { Measured } from '../core/measuring/measurement';
import { withEvent, NO_TOKENS, rateOfAnswer, rateOfStream } from '../core/measuring/token-rate';
import type { MeasuringRequest } from '../core/measuring/request';

/** Includes loading a large model from a slow disk. */
const TIMEOUT_MS = 120_000;
/** A runtime that ignores `max_tokens` is stopped after this many events. They are enough for a rate. */
const ENOUGH_EVENTS = 128;
const MAX_MESSAGE_CHARS = 300;
const FIRST_CLIENT_ERROR = 400;

const STREAMED: RunOutcome = { success: true, output: { status: 200, body: null } };

export interface MeasureOptions {
  readonly runtimes: Pick<RuntimeSet, 'run'>;
  readonly clock: Clock;
  /** When it is aborted, the request ends immediately and the result is not valid. */
  readonly signal: AbortSignal;
}

export async function measure({ task, tokens, twice }: MeasuringRequest, options: MeasureOptions): Promise<Measured> {
  const { runtimes, clock, signal } = options;
  const deadlineMonotonicMs = clock.monotonicMs() + TIMEOUT_MS;
  const ask = async () => {
    let timing = NO_TOKENS;
    const enough = new AbortController();
    const startedAtMonotonicMs = clock.monotonicMs();
    const ended = await runtimes.run(task, {
      signal: AbortSignal.any([signal, enough.signal]),
      timeoutMs: Math.max(1, deadlineMonotonicMs - startedAtMonotonicMs),
      onChunk: (data) => {
        if (timing.events < ENOUGH_EVENTS) timing = withEvent(timing, data, clock.monotonicMs());
        else enough.abort();
      },
    });
    return { outcome: enough.signal.aborted ? STREAMED : ended, timing, tookMs: clock.monotonicMs() - startedAtMonotonicMs };
  };
  const first = await ask();
  const { outcome, timing, tookMs } = twice && failureOf(first.outcome) === null && !signal.aborted ? await ask() : first;
  const measuredAtWallMs = clock.wallMs();
  const failure = failureOf(outcome);
  if (failure !== null) return { outcome: 'failed', ...failure, measuredAtWallMs };
  const tokensPerSecond = tokens === 'streamed' ? rateOfStream(timing) : tokens === 'read' ? rateOfAnswer(bodyOf(outcome), tookMs) : null;
  return { outcome: 'answered', tokensPerSecond, tookMs: Math.round(tookMs), measuredAtWallMs };
}

/** An answer with an error status is a result for a job, but a failure of a benchmark. */
function failureOf(outcome: RunOutcome): { readonly code: RunError; readonly message: string | null } | null {
  if (!outcome.success) return { code: outcome.error.code, message: cut(outcome.error.details['runtime_message']) };
  const status = fieldOf(outcome.output, 'status');
  if (typeof status !== 'number' || status < FIRST_CLIENT_ERROR) return null;
  return { code: runtimeHttpError(status), message: cut(runtimeMessageIn(bodyOf(outcome))) };
}

const bodyOf = (outcome: RunOutcome): unknown => (outcome.success ? fieldOf(outcome.output, 'body') : null);

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

const cut = (message: unknown): string | null => (typeof message === 'string' ? message.slice(0, MAX_MESSAGE_CHARS) : null);
