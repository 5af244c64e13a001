// What the jobs tell the limits of keys (ADR 0047). Implemented by KeyMeter in members/.
import type { ProgramLimitReached } from '../../../shared/api/program-limits';
import { generatesText } from '../../../shared/protocol/task-kinds';
import type { RequestShape } from '../dispatch/prediction/request-shape';

export interface JobMeter {
  /** Counts a job that is submitted now. Null: it may be. `estimate`: its tokens. */
  reserve(jobId: string, submitter: string | null, estimate: () => number): ProgramLimitReached | null;
  /** A job of an earlier run of the scheduler goes on. */
  restored(jobId: string, submitter: string | null): void;
  /** The tokens of an attempt. Only the last attempt of a job counts. */
  used(jobId: string, tokens: number): void;
  /** The job has ended, or was refused. */
  ended(jobId: string): void;
}

export const NO_METER: JobMeter = { reserve: () => null, restored: () => undefined, used: () => undefined, ended: () => undefined };

/** Of usual English text. */
const CHARACTERS_PER_TOKEN = 4;
/** Reserved for each answer of a request without a limit of its own. */
export const DEFAULT_OUTPUT_TOKENS = 1024;

/** The tokens of the prompt, as far as its size shows them. 0: the task has no tokens, such as a file of sound. */
export const promptTokensOf = ({ kind, size }: Pick<RequestShape, 'kind' | 'size'>): number =>
  countsTokens(kind) ? Math.ceil(size / CHARACTERS_PER_TOKEN) : 0;

/** The prompt, and the largest answer that the client accepts. */
export function estimatedTokens(shape: RequestShape): number {
  const { kind, maxOutput, answers = 1 } = shape;
  const isGenerated = kind !== 'command' && generatesText(kind);
  return promptTokensOf(shape) + (isGenerated ? (maxOutput ?? DEFAULT_OUTPUT_TOKENS) * answers : 0);
}

export const countsTokens = (kind: RequestShape['kind']): boolean =>
  kind !== 'command' && (generatesText(kind) || kind === '/v1/embeddings' || kind === '/v1/rerank');
