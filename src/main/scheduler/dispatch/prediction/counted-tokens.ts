// The tokens of an attempt. The usage of the pool (ADR 0048) and the limits of keys (ADR 0047) count these, so both show the same numbers.
import { generatesText } from '../../../../shared/protocol/task-kinds';
import type { JobTimings } from './job-timings';
import type { RequestShape } from './request-shape';

export interface CountedTokens {
  /** With the cached ones. */
  readonly prompt: number;
  readonly cached: number;
  readonly output: number;
  /** The node reported no usable number for the prompt, or for the answer. */
  readonly isEstimated: boolean;
}

type Shape = Pick<RequestShape, 'kind' | 'size' | 'maxOutput' | 'answers'>;

/** Of usual English text. */
const CHARACTERS_PER_TOKEN = 4;
export const USUAL_BYTES_PER_TOKEN = 4;
/** Fewer tokens than that are no number of tokens. */
const MAX_BYTES_PER_TOKEN = 32;
/** Templates and owners add tokens to each prompt. */
const MAX_TEMPLATE_TOKENS = 1024;
/** Servers count tokens that are not part of the text, such as the marks of a tool call. */
const MAX_MARK_TOKENS = 64;
/** Reserved for each answer of a request without a limit of its own. */
export const DEFAULT_OUTPUT_TOKENS = 1024;

export const isGenerated = (kind: RequestShape['kind']): boolean => kind !== 'command' && generatesText(kind);

/** Sound, images and commands have none. */
const hasTokens = (kind: RequestShape['kind']): boolean => isGenerated(kind) || kind === '/v1/embeddings' || kind === '/v1/rerank';

/** As far as the size of the prompt shows them. */
export const promptTokensOf = ({ kind, size }: Pick<Shape, 'kind' | 'size'>): number =>
  hasTokens(kind) ? Math.ceil(size / CHARACTERS_PER_TOKEN) : 0;

/** The prompt, and the largest answer that the client accepts. */
export function expectedTokens(shape: Shape): number {
  const { kind, maxOutput, answers = 1 } = shape;
  return promptTokensOf(shape) + (isGenerated(kind) ? (maxOutput ?? DEFAULT_OUTPUT_TOKENS) * answers : 0);
}

/** What the scheduler saw of a request and its answer. */
export interface SeenText {
  /** Of the request: no prompt has more tokens. */
  readonly requestBytes: number;
  /** Of the generated text: no answer has more tokens. */
  readonly answerBytes: number;
  /** The limit of the answer that the client set, in tokens. Null: none. */
  readonly maxOutput: number | null;
  /** Answers that the client requested at once. */
  readonly answers: number;
  /** Whether the answer is generated token by token. */
  readonly isGenerated: boolean;
}

/** Whether the text that the scheduler saw can have so many tokens. */
export function areTokensPlausible({ promptTokens, cachedTokens, completionTokens }: JobTimings, seen: SeenText): boolean {
  // The last token ends an answer.
  const maxCompletion = Math.min(seen.answerBytes + MAX_MARK_TOKENS, ((seen.maxOutput ?? Infinity) + 1) * seen.answers);
  if (seen.isGenerated && (completionTokens ?? 0) > maxCompletion) return false;
  return (promptTokens ?? 0) <= seen.requestBytes + MAX_TEMPLATE_TOKENS && (cachedTokens ?? 0) <= (promptTokens ?? 0);
}

/** Null: the node reported no number, or one that is too small for the text. */
export function reportedOutput(timings: JobTimings | null, { isGenerated, answerBytes }: Pick<SeenText, 'isGenerated' | 'answerBytes'>) {
  const { completionTokens = null } = timings ?? {};
  return isGenerated && completionTokens !== null && completionTokens * MAX_BYTES_PER_TOKEN >= answerBytes ? completionTokens : null;
}

/** Of a whole answer: as the node reported them, so that they are those of the answer's own `usage`. Null: the task has none. */
export function tokensOfAnswer(timings: JobTimings | null, shape: Shape, bytes: Pick<SeenText, 'requestBytes' | 'answerBytes'>) {
  const { kind, maxOutput, answers = 1 } = shape;
  if (!hasTokens(kind)) return null;
  const seen = { ...bytes, maxOutput, answers, isGenerated: isGenerated(kind) };
  const usable = timings !== null && areTokensPlausible(timings, seen) ? timings : null;
  const hasPrompt = usable !== null && (usable.promptTokens ?? 0) > 0;
  const output = seen.isGenerated ? reportedOutput(usable, seen) : 0;
  return {
    prompt: hasPrompt ? (usable.promptTokens ?? 0) : promptTokensOf(shape),
    cached: hasPrompt ? (usable.cachedTokens ?? 0) : 0,
    output: output ?? textTokens(bytes.answerBytes),
    isEstimated: !hasPrompt || output === null,
  } satisfies CountedTokens;
}

/** Of an answer that broke off: the client has so many bytes of text. Null: it has no content, for which the prompt was processed. */
export const tokensOfPart = (shape: Shape, answerBytes: number | null): CountedTokens | null =>
  answerBytes === null || !hasTokens(shape.kind)
    ? null
    : { prompt: promptTokensOf(shape), cached: 0, output: textTokens(answerBytes), isEstimated: true };

const textTokens = (bytes: number): number => Math.ceil(bytes / USUAL_BYTES_PER_TOKEN);

export const totalOf = (tokens: CountedTokens | null): number => (tokens === null ? 0 : tokens.prompt + tokens.output);
