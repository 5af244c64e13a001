// Decides which wanted model is downloaded next and when a failed download is retried, and derives the view of each download. Only Ollama
// downloads on request, so the models have Ollama's names.
import { downloadShare, type RuntimeModel } from '../runtime-snapshot';
import { type BackoffPolicy, backoffMs, jitteredMs } from '../../../../shared/backoff';
import type { PullEnd, PullProgress, PullReason } from './pull';

export type PullFailure = Omit<Extract<PullEnd, { end: 'failed' }>, 'end' | 'code'> & {
  /** `pull_not_listed`: Ollama reported success but does not list the model under this name. */
  readonly code: Extract<PullEnd, { end: 'failed' }>['code'] | 'pull_not_listed';
};

export type PullState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'pulling'; readonly progress: PullProgress; readonly bytesPerSecond: number | null }
  /** By the owner. Null: paused before this start of the agent. */
  | { readonly kind: 'paused'; readonly progress: PullProgress | null }
  | {
      readonly kind: 'failed';
      readonly failure: PullFailure;
      /** Failures in a row without any downloaded byte. */
      readonly failures: number;
      readonly retryAtMonotonicMs: number;
      readonly retryAtWallMs: number;
    };

export const WAITING: PullState = { kind: 'waiting' };

const RETRY_BACKOFF: BackoffPolicy = { firstMs: 15_000, maxMs: 3600 * 1000 };
const JITTER = 0.1;

/** The delay before the next attempt. `random` is in [0, 1). */
export const retryDelayMs = (failures: number, random: number): number => jitteredMs(backoffMs(RETRY_BACKOFF, failures), JITTER, random);

/** The name in Ollama's list: `llama3.2` is listed as `llama3.2:latest`. */
export function listedName(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last.includes(':') ? name : `${name}:latest`;
}

/** The models without duplicates, by their listed names. */
export const listedNames = (names: readonly string[]): readonly string[] => [
  ...new Map(names.map(listedName).map((name) => [name.toLowerCase(), name])).values(),
];

/** The wanted models that no runtime lists. Ollama ignores the case of names. */
export const modelsToPull = (wanted: readonly string[], models: readonly RuntimeModel[]): readonly string[] => {
  const listed = new Set(models.map(({ model }) => model.model_id.toLowerCase()));
  return wanted.filter((name) => !listed.has(name.toLowerCase()));
};

/** The first model that never failed, else the first whose retry is due. Null: none. */
export function nextPull(names: readonly string[], states: ReadonlyMap<string, PullState>, nowMonotonicMs: number): string | null {
  const stateOf = (name: string): PullState => states.get(name) ?? WAITING;
  const isDue = (state: PullState): boolean => state.kind === 'failed' && state.retryAtMonotonicMs <= nowMonotonicMs;
  return names.find((name) => stateOf(name).kind === 'waiting') ?? names.find((name) => isDue(stateOf(name))) ?? null;
}

/** The view of a configured model when no agent runs that could download it. */
export const wantedView = (name: string): PullView => ({
  ...pullView(name, WAITING, { runtimeId: null, checkedAtWallMs: 0, isRequested: false }),
  reasonCode: 'pull_wanted',
  checkedAtWallMs: null,
});

type PullView = RuntimeModel & { readonly reasonCode: PullReason };

export interface PullFacts {
  /** Null: no Ollama runs that could download it. */
  readonly runtimeId: string | null;
  readonly checkedAtWallMs: number;
  /** The owner requested it, and may cancel it. Else the configuration wants it. */
  readonly isRequested: boolean;
}

/** The view of a model that is not downloaded yet. */
export function pullView(name: string, state: PullState, { runtimeId, checkedAtWallMs, isRequested }: PullFacts): PullView {
  const shared = isRequested ? { requested: true } : {};
  const model: PullView = {
    runtimeId: runtimeId ?? 'ollama',
    model: { model_id: name, kind: 'other', version: 'unknown', enabled: true },
    state: 'not_installed',
    reasonCode: runtimeId === null ? 'pull_no_ollama' : 'pull_waiting',
    details: shared,
    sizeBytes: null,
    progress: null,
    checkedAtWallMs,
  };
  switch (state.kind) {
    case 'waiting':
      return model;
    case 'paused': {
      const { details, ...figures } = figuresOf(state.progress);
      return { ...model, reasonCode: 'pull_paused', details: { ...shared, ...details }, ...figures };
    }
    case 'pulling': {
      const { details, ...figures } = figuresOf(state.progress);
      const { bytesPerSecond } = state;
      const speed = bytesPerSecond === null ? {} : { bytes_per_second: Math.round(bytesPerSecond) };
      const { status } = state.progress;
      return { ...model, state: 'downloading', reasonCode: 'pulling', details: { ...shared, status, ...details, ...speed }, ...figures };
    }
    case 'failed': {
      const { failure, failures, retryAtWallMs } = state;
      const details = { ...shared, runtime_message: failure.message, failures, retry_at: retryAtWallMs };
      return { ...model, state: 'error', reasonCode: failure.code, details };
    }
  }
}

function figuresOf(progress: PullProgress | null): Pick<RuntimeModel, 'details' | 'progress' | 'sizeBytes'> {
  if (progress === null) return { details: {}, progress: null, sizeBytes: null };
  const { completedBytes, totalBytes } = progress;
  return {
    details: { completed_bytes: completedBytes, total_bytes: totalBytes },
    progress: totalBytes === 0 ? null : downloadShare(completedBytes, totalBytes),
    sizeBytes: totalBytes === 0 ? null : totalBytes,
  };
}
