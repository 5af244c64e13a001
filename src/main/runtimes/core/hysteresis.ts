// What a new look at a runtime means after the looks before: a program that misses one answer is still there, one that misses
// three is not running, and its models are then known, not ready, and say why.
import type { RuntimeModel, RuntimeSnapshot, RuntimeStatus } from './runtime-snapshot';

/** This many looks in a row must fail before a runtime that ran counts as not running. */
export const MISSES_UNTIL_NOT_RUNNING = 3;

export interface Settled {
  readonly snapshot: RuntimeSnapshot;
  /** Looks in a row that were missed. */
  readonly misses: number;
}

/** Whether a look found nothing to go by: nobody answered, or not the question for the models. */
export const isMiss = ({ state, reasonCode }: Pick<RuntimeStatus, 'state' | 'reasonCode'>): boolean =>
  state === 'not_running' || reasonCode === 'list_not_answered';

/** Bytes of a job this long ago are an answer; ms. The tokens of large models come seconds apart. */
const HEARD_MS = 10_000;

/** Whether a look that was missed was so because the server is at work for us: one with one thread answers nothing while it streams a job. */
export const isAtWorkForUs = (found: Pick<RuntimeStatus, 'reasonCode'>, heardAgoMs: number): boolean =>
  (found.reasonCode === 'timeout' || found.reasonCode === 'list_not_answered') && heardAgoMs <= HEARD_MS;

/** Pure: the state after a look. `before` is null at the first one, which is believed whatever it found. */
export function settle(before: Settled | null, found: RuntimeSnapshot): Settled {
  const misses = isMiss(found.runtime) ? (before?.misses ?? 0) + 1 : 0;
  if (before === null) return { snapshot: found, misses };
  const wasThere = before.snapshot.runtime.state !== 'not_running';
  if (wasThere && misses > 0 && misses < MISSES_UNTIL_NOT_RUNNING) return { snapshot: before.snapshot, misses };
  const lost = found.models.length === 0 ? lostReason(found.runtime) : null;
  if (lost === null) return { snapshot: found, misses };
  return {
    snapshot: {
      runtime: keepFlavour(before.snapshot.runtime, found.runtime),
      models: before.snapshot.models.map((model) => withhold(model, lost, found.runtime)),
    },
    misses,
  };
}

/** Why a model that was ready is not: said of its runtime. */
export type LostReason = 'runtime_not_running' | 'runtime_starting' | 'runtime_unauthorized';

/** Why the models known from an earlier look are not to be had now; null: there are none any more. */
function lostReason({ state }: RuntimeStatus): LostReason | null {
  switch (state) {
    case 'not_running':
      return 'runtime_not_running';
    case 'starting':
      return 'runtime_starting';
    case 'unauthorized':
      return 'runtime_unauthorized';
    case 'running':
    case 'wrong_service':
      return null;
  }
}

/** A program that does not answer cannot say what it is: what it was is the better guess. */
const keepFlavour = (before: RuntimeStatus, found: RuntimeStatus): RuntimeStatus =>
  found.state === 'not_running' ? { ...found, flavour: before.flavour, version: before.version } : found;

const withhold = (model: RuntimeModel, reasonCode: LostReason, { state, checkedAtMs }: RuntimeStatus): RuntimeModel => ({
  ...model,
  state: state === 'starting' ? 'not_installed' : 'error',
  reasonCode,
  details: {},
  progress: null,
  checkedAtMs,
});
