// The answer to one question: its state after each message, and the figures that are shown of it. Times are monotonic, in this window.
import type { AskEvent, AskJob } from '../../../shared/api/ask';
import type { AppError } from '../../../shared/api/app-api';

export interface Answer {
  readonly id: string;
  readonly model: string;
  /** `cut`: its page was closed or loaded again. `elsewhere`: another window reads it. */
  readonly state: 'waiting' | 'answering' | 'done' | 'stopped' | 'cut' | 'elsewhere' | 'failed';
  readonly text: string;
  /** The thoughts of a reasoning model. */
  readonly reasoning: string;
  /** Pieces of text and thoughts: about one token each. */
  readonly pieces: number;
  readonly begin: Extract<AskEvent, { readonly type: 'begin' }> | null;
  readonly job: AskJob | null;
  readonly usage: Extract<AskEvent, { readonly type: 'usage' }> | null;
  readonly finishReason: string | null;
  readonly error: AppError | null;
  readonly sentAtMonotonicMs: number;
  readonly firstAtMonotonicMs: number | null;
  /** Of the last piece. */
  readonly lastAtMonotonicMs: number | null;
  readonly endedAtMonotonicMs: number | null;
}

export const newAnswer = (id: string, model: string, sentAtMonotonicMs: number): Answer => ({
  id,
  model,
  state: 'waiting',
  text: '',
  reasoning: '',
  pieces: 0,
  begin: null,
  job: null,
  usage: null,
  finishReason: null,
  error: null,
  sentAtMonotonicMs,
  firstAtMonotonicMs: null,
  lastAtMonotonicMs: null,
  endedAtMonotonicMs: null,
});

export const isOpen = ({ state }: Pick<Answer, 'state'>): boolean => state === 'waiting' || state === 'answering';

export const answerAfter = (answer: Answer, events: readonly AskEvent[], nowMonotonicMs: number): Answer =>
  events.reduce((current, event) => afterEvent(current, event, nowMonotonicMs), answer);

function afterEvent(answer: Answer, event: AskEvent, now: number): Answer {
  switch (event.type) {
    case 'job':
      return { ...answer, job: event.job };
    case 'begin':
      return { ...answer, begin: event };
    case 'text':
    case 'reasoning':
      return {
        ...answer,
        [event.type]: answer[event.type] + event.text,
        state: 'answering',
        pieces: answer.pieces + event.pieces,
        firstAtMonotonicMs: answer.firstAtMonotonicMs ?? now,
        lastAtMonotonicMs: now,
      };
    case 'usage':
      return { ...answer, usage: event };
    case 'audio':
      return answer;
    case 'end':
      return { ...answer, state: 'done', finishReason: event.finish_reason, endedAtMonotonicMs: now };
    case 'failed':
      return { ...answer, state: 'failed', error: event.error, endedAtMonotonicMs: now };
  }
}

export const stopped = (answer: Answer, nowMonotonicMs: number, state: 'stopped' | 'cut' = 'stopped'): Answer =>
  isOpen(answer) ? { ...answer, state, endedAtMonotonicMs: nowMonotonicMs } : answer;

/** The page ended. A browser may close the connection of an answer before it says so: `leavingAtMonotonicMs` is when the end began. */
export function cut(answer: Answer, nowMonotonicMs: number, leavingAtMonotonicMs: number): Answer {
  const { state, error, endedAtMonotonicMs: endedAt } = answer;
  const isClosedByBrowser = state === 'failed' && error?.code === 'DISCONNECTED' && endedAt !== null && endedAt >= leavingAtMonotonicMs;
  return isClosedByBrowser ? { ...answer, state: 'cut', error: null } : stopped(answer, nowMonotonicMs, 'cut');
}

/** It may be asked for again: it has ended, and this window has it. */
export const isRetryable = (answer: Pick<Answer, 'state'>): boolean => !isOpen(answer) && answer.state !== 'elsewhere';

/** Each figure is null while it is unknown. */
export interface Figures {
  readonly firstTokenMs: number | null;
  readonly tokensPerSecond: number | null;
  readonly tokens: number | null;
  /** False: counted here by the pieces of the stream, and the answer may go on. */
  readonly isReported: boolean;
  readonly promptTokens: number | null;
  readonly cachedTokens: number | null;
}

/** A speed of fewer pieces, or of a shorter time, says nothing. */
const LEAST_PIECES = 3;
const LEAST_MS = 100;

/** Of the node where it measured, else of this window. */
export function figuresOf({ sentAtMonotonicMs: sent, firstAtMonotonicMs: first, lastAtMonotonicMs: last, ...answer }: Answer): Figures {
  const { pieces, usage } = answer;
  const timings = answer.job?.timings ?? null;
  const reported = usage?.completion_tokens ?? timings?.completion_tokens ?? null;
  const tokens = reported ?? (pieces === 0 ? null : pieces);
  const seenMs = first === null || last === null ? 0 : last - first;
  const decodeMs = timings?.decode_ms ?? seenMs;
  const isMeasurable = tokens !== null && tokens >= LEAST_PIECES && decodeMs >= LEAST_MS;
  return {
    firstTokenMs: first === null ? null : first - sent,
    tokensPerSecond: isMeasurable ? ((tokens - 1) * 1000) / decodeMs : null,
    tokens,
    isReported: reported !== null,
    promptTokens: usage?.prompt_tokens ?? timings?.prompt_tokens ?? null,
    cachedTokens: usage?.cached_tokens ?? timings?.cached_tokens ?? null,
  };
}

export const STAGES = ['queue', 'prompt', 'answer'] as const;

export interface StageTime {
  readonly stage: (typeof STAGES)[number];
  /** From the start of the question. */
  readonly fromMs: number;
  /** Null: the answer did not reach this stage. */
  readonly ms: number | null;
}

/** The time so far: in the queue, until the first token, and of the answer. */
export function stagesOf(answer: Answer, nowMonotonicMs: number): readonly StageTime[] {
  const { sentAtMonotonicMs: sent, firstAtMonotonicMs: first, endedAtMonotonicMs: ended, job } = answer;
  const totalMs = Math.max(0, (ended ?? nowMonotonicMs) - sent);
  const untilFirstMs = first === null ? totalMs : first - sent;
  // The scheduler measured it on its own clock: never more than what this window saw.
  const queueMs = Math.min(untilFirstMs, job === null ? 0 : (job.queued_ms ?? untilFirstMs));
  return [
    { stage: 'queue', fromMs: 0, ms: queueMs },
    { stage: 'prompt', fromMs: queueMs, ms: first === null && queueMs === untilFirstMs ? null : untilFirstMs - queueMs },
    { stage: 'answer', fromMs: untilFirstMs, ms: first === null ? null : totalMs - untilFirstMs },
  ];
}

export const nodeIdOf = ({ begin, job }: Pick<Answer, 'begin' | 'job'>): string | null => begin?.node_id ?? job?.node_id ?? null;
