// The models that the owner wants and that are not there yet: which is pulled next, when a failed one is tried again, and what is
// shown of each. Named as Ollama names them, the one program that downloads what it is asked for. Pure.
import type { RuntimeModel } from '../runtime-snapshot';
import type { PullEnd, PullProgress, PullReason } from './pull';
import { downloadShare } from '../download-share';

export type PullFailure = Omit<Extract<PullEnd, { end: 'failed' }>, 'end' | 'code'> & {
  /** `pull_not_listed`: Ollama says that it has it, and does not list it under this name. */
  readonly code: Extract<PullEnd, { end: 'failed' }>['code'] | 'pull_not_listed';
};

export type PullState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'pulling'; readonly progress: PullProgress }
  | {
      readonly kind: 'failed';
      readonly failure: PullFailure;
      /** In a row, without a byte between them. */
      readonly failures: number;
      readonly retryAtMs: number;
      readonly retryAtWallMs: number;
    };

export const WAITING: PullState = { kind: 'waiting' };

const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 3600 * 1000;
const JITTER = 0.1;

/** `random` in [0, 1). */
export const retryDelayMs = (failures: number, random: number): number =>
  Math.round(Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS) * (1 + JITTER * (2 * random - 1)));

/** As Ollama lists it: `llama3.2` is `llama3.2:latest`. */
export function listedName(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last.includes(':') ? name : `${name}:latest`;
}

/** Each wanted model once, by the name under which it will be listed. */
export const wantedNames = (names: readonly string[]): readonly string[] => [
  ...new Map(names.map(listedName).map((name) => [name.toLowerCase(), name])).values(),
];

/** Ollama tells names apart by their letters alone, not by their case. */
export const missing = (wanted: readonly string[], models: readonly RuntimeModel[]): readonly string[] => {
  const here = new Set(models.map(({ model }) => model.model_id.toLowerCase()));
  return wanted.filter((name) => !here.has(name.toLowerCase()));
};

/** The first that never failed, else the first whose time has come; null: none. */
export function nextPull(names: readonly string[], states: ReadonlyMap<string, PullState>, nowMs: number): string | null {
  const stateOf = (name: string): PullState => states.get(name) ?? WAITING;
  const isDue = (state: PullState): boolean => state.kind === 'failed' && state.retryAtMs <= nowMs;
  return names.find((name) => stateOf(name).kind === 'waiting') ?? names.find((name) => isDue(stateOf(name))) ?? null;
}

/** What can be said of a wanted model without the agent that would have it downloaded. */
export const wantedView = (name: string): PullView => ({
  ...pullView(name, WAITING, null, 0),
  reasonCode: 'pull_wanted',
  checkedAtMs: null,
});

type PullView = RuntimeModel & { readonly reasonCode: PullReason };

/** What is shown of a wanted model that is not there. `runtimeId` null: no Ollama runs, so nothing can be done about it now. */
export function pullView(name: string, state: PullState, runtimeId: string | null, checkedAtMs: number): PullView {
  const model: PullView = {
    runtimeId: runtimeId ?? 'ollama',
    model: { model_id: name, kind: 'other', version: 'unknown', enabled: true },
    state: 'not_installed',
    reasonCode: runtimeId === null ? 'pull_no_ollama' : 'pull_waiting',
    details: {},
    sizeBytes: null,
    progress: null,
    checkedAtMs,
  };
  switch (state.kind) {
    case 'waiting':
      return model;
    case 'pulling': {
      const { status, completedBytes, totalBytes } = state.progress;
      const details = { status, completed_bytes: completedBytes, total_bytes: totalBytes };
      const progress = totalBytes === 0 ? null : downloadShare(completedBytes, totalBytes);
      return { ...model, state: 'downloading', reasonCode: 'pulling', details, progress, sizeBytes: totalBytes === 0 ? null : totalBytes };
    }
    case 'failed': {
      const { failure, failures, retryAtWallMs } = state;
      const details = { runtime_message: failure.message, failures, retry_at: retryAtWallMs };
      return { ...model, state: 'error', reasonCode: failure.code, details };
    }
  }
}
