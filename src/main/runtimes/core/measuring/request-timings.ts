// Derives the timings of one answered request (protocol §2, `job_result`): the figures of the model server where it reports them, else
// what the node measured. A figure that neither has is left out.
import type { JobTimingsMessage } from '../../../../shared/protocol/job-timings';
import { MAX_INPUT_UNITS, MAX_TIMING_MS, MAX_TIMING_TOKENS } from '../../../../shared/protocol/limits';
import type { ServerPath } from '../../../../shared/protocol/task-kinds';
import { figuresIn, MIN_TOKENS, type ServerFigures } from './server-figures';
import { isPaced, type TokenTiming, tokensOf } from './token-rate';

/** Null: unknown. */
interface Figures {
  readonly queueMs?: number | null;
  readonly loadMs?: number | null;
  readonly firstTokenMs?: number | null;
  readonly promptTokens?: number | null;
  readonly cachedTokens?: number | null;
  readonly completionTokens?: number | null;
  readonly decodeMs?: number | null;
  readonly inputUnits?: number | null;
}

/** `isCold`: the model was not in memory when the request began, so the time to the first token has the loading in it. */
interface RequestStart {
  readonly startedAtMonotonicMs: number;
  readonly isCold: boolean;
}

/** Tokens that came in one piece show only the duration of the whole request. */
export function timingsOfStream(stream: TokenTiming, { startedAtMonotonicMs, isCold }: RequestStart): JobTimingsMessage {
  const { figures, events, arrivals, firstAtMonotonicMs, lastAtMonotonicMs } = stream;
  const isTimed = events > 0 && (isPaced(stream) || tokensOf(stream) < MIN_TOKENS);
  return toTimings({
    ...promptOf(figures),
    ...timesToFirst(figures, isTimed ? firstAtMonotonicMs - startedAtMonotonicMs : null, isCold),
    completionTokens: figures.completionTokens ?? (events > 0 ? events : null),
    decodeMs: figures.decodeMs ?? (isTimed && arrivals > 1 ? lastAtMonotonicMs - firstAtMonotonicMs : null),
    inputUnits: figures.soundSeconds,
  });
}

/**
 * Embeddings and reranking only read: the whole duration is the time for the prompt. Of another whole answer it is the rest, if the
 * server reports the time for the answer. Without that time, the load of a cold model is not known either, and no duration is reported.
 */
export function timingsOfAnswer(path: ServerPath, body: unknown, tookMs: number, isCold: boolean): JobTimingsMessage {
  const figures = figuresIn(body);
  switch (path) {
    case '/v1/embeddings':
    case '/v1/rerank':
      return toTimings({ ...promptOf(figures, figures.totalTokens), ...timesToFirst(figures, tookMs, isCold) });
    case '/v1/chat/completions':
    case '/v1/completions':
    case '/v1/messages':
    case '/v1/responses': {
      const { completionTokens, decodeMs } = figures;
      const measuredMs = decodeMs === null ? null : Math.max(0, tookMs - decodeMs);
      return toTimings({ ...promptOf(figures), ...timesToFirst(figures, measuredMs, isCold), completionTokens, decodeMs });
    }
    case '/v1/audio/speech':
    case '/v1/audio/transcriptions':
    case '/v1/audio/translations':
    case '/v1/images/generations':
    case '/v1/moderations':
    case '/v1/messages/count_tokens':
      return toTimings({ inputUnits: figures.soundSeconds });
  }
}

/** Adds the time before the request, and the size of the input unless the server reported it. */
export const withInput = (timings: JobTimingsMessage, inputUnits: number | null): JobTimingsMessage => ({
  ...toTimings({ inputUnits }),
  ...timings,
});
export const withQueue = (timings: JobTimingsMessage, queueMs: number): JobTimingsMessage => ({ ...timings, ...toTimings({ queueMs }) });

function promptOf({ promptTokens, cachedTokens }: ServerFigures, totalTokens: number | null = null): Figures {
  const all = promptTokens ?? totalTokens;
  return { promptTokens: all, cachedTokens: all !== null && (cachedTokens ?? 0) > all ? null : cachedTokens };
}

/**
 * The server's own time for the prompt, else the measured time to the first token. No server reports the time of loading with its answer.
 * For a cold model this is the rest of the measured time; without a figure for the prompt, it is the whole.
 */
function timesToFirst({ promptMs }: ServerFigures, measuredMs: number | null, isCold: boolean): Figures {
  if (promptMs === null) return isCold ? { loadMs: measuredMs } : { firstTokenMs: measuredMs };
  return { firstTokenMs: promptMs, loadMs: isCold && measuredMs !== null ? Math.max(0, measuredMs - promptMs) : null };
}

/** Without the unknown figures, and without those that the scheduler would refuse. */
function toTimings(figures: Figures): JobTimingsMessage {
  const entries = [
    ['queue_ms', ms(figures.queueMs)],
    ['load_ms', ms(figures.loadMs)],
    ['first_token_ms', ms(figures.firstTokenMs)],
    ['prompt_tokens', within(figures.promptTokens, MAX_TIMING_TOKENS)],
    ['cached_tokens', within(figures.cachedTokens, MAX_TIMING_TOKENS)],
    ['completion_tokens', within(figures.completionTokens, MAX_TIMING_TOKENS)],
    ['decode_ms', ms(figures.decodeMs)],
    ['input_units', within(figures.inputUnits, MAX_INPUT_UNITS)],
  ] as const satisfies readonly (readonly [keyof JobTimingsMessage, number | null])[];
  return Object.fromEntries(entries.filter(([, figure]) => figure !== null));
}

const within = (figure: number | null | undefined, max: number): number | null =>
  figure == null || !(figure >= 0 && figure <= max) ? null : figure;

/** To a tenth of a millisecond. */
const ms = (duration: number | null | undefined): number | null => {
  const valid = within(duration, MAX_TIMING_MS);
  return valid === null ? null : Math.round(valid * 10) / 10;
};
