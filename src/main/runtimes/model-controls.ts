// Acts on models: asks the runtime of a model for an act, and waits until a probe shows its result. One act on a model at a time, and no
// unload or removal while a task runs on the model.
import { isInMemory, type ModelAction, type NodeControlCode } from '../../shared/protocol/model-control';
import { fail, ok, type Result } from '../../shared/result';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { decideControl, decideRemoval, isReached } from './core/model-residency';
import type { RuntimeModel } from './core/runtime-snapshot';
import { CONTROL_TIMEOUT_MS } from './http/control-model';
import type { RuntimePoller } from './runtime-poller';

export interface ControlFailure {
  readonly code: NodeControlCode;
  /** The message of the model server. Null: the code says everything. */
  readonly message: string | null;
}
type Act = ModelAction | 'remove';
export type ControlOutcome = Result<void, ControlFailure>;

/** Between two probes that look for the result of an act. */
const CHECK_INTERVAL_MS = 1000;
/** A server that is not loading shows the result within this time, for example the end of an unload. */
const SETTLE_MS = 30_000;

export interface ModelControlsOptions {
  /** The runtime that has the model, and the model by its last probe. */
  readonly ownerOf: (
    modelId: string,
  ) => { readonly poller: Pick<RuntimePoller, 'runtime' | 'refresh'>; readonly model: RuntimeModel } | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** An act has begun or ended. */
  readonly onChange: () => void;
}

export class ModelControls {
  readonly #options: ModelControlsOptions;
  readonly #acting = new Map<string, Act>();
  /** Number of tasks that run on a model. */
  readonly #work = new Map<string, number>();
  readonly #stopped = new AbortController();

  constructor(options: ModelControlsOptions) {
    this.#options = options;
  }

  /** Counts the task as work of the model. */
  async during<Value>(modelId: string, run: () => Promise<Value>): Promise<Value> {
    this.#work.set(modelId, (this.#work.get(modelId) ?? 0) + 1);
    try {
      return await run();
    } finally {
      const left = (this.#work.get(modelId) ?? 1) - 1;
      if (left === 0) this.#work.delete(modelId);
      else this.#work.set(modelId, left);
    }
  }

  /** A model that is being loaded by an act is `loading`: some servers do not list it meanwhile. */
  shown(model: RuntimeModel): RuntimeModel {
    const action = this.#acting.get(model.model.model_id);
    const isLoading = (action === 'load' || action === 'pin') && !isInMemory(model.residency ?? null);
    return isLoading ? { ...model, residency: 'loading' } : model;
  }

  /** Resolves at the end of the act, at the latest after `CONTROL_TIMEOUT_MS`: before the scheduler stops to wait. Never rejects. */
  async control(modelId: string, action: ModelAction): Promise<ControlOutcome> {
    const owner = this.#options.ownerOf(modelId);
    const model = owner === null ? null : { residency: owner.model.residency ?? null, actions: owner.model.model.actions ?? [] };
    const decision = decideControl({ model, ...this.#factsOf(modelId) }, action);
    if (decision === 'done') return ok(undefined);
    const control = owner?.poller.runtime.control;
    if (decision !== 'act') return fail({ code: decision, message: null });
    if (owner === null || control === undefined) return fail({ code: 'not_supported', message: null });
    return this.#act(modelId, action, owner.poller, async (signal) => {
      const end = await control(modelId, action, signal);
      return end.ok ? this.#settled(modelId, action, signal) : failed(signal.aborted ? 'timeout' : end.message);
    });
  }

  /** Deletes the model from the disk. Resolves at the end of the act, as `control` does. Never rejects. */
  async remove(modelId: string): Promise<ControlOutcome> {
    const owner = this.#options.ownerOf(modelId);
    const model = owner === null ? null : { isRemovable: owner.model.isRemovable === true };
    const decision = decideRemoval({ model, ...this.#factsOf(modelId) });
    const remove = owner?.poller.runtime.remove;
    if (decision !== 'act') return fail({ code: decision, message: null });
    if (owner === null || remove === undefined) return fail({ code: 'not_supported', message: null });
    return this.#act(modelId, 'remove', owner.poller, async (signal) => {
      const end = await remove(modelId, signal);
      if (!end.ok) return failed(signal.aborted ? 'timeout' : end.message);
      await owner.poller.refresh();
      return ok(undefined);
    });
  }

  #factsOf(modelId: string): { readonly isActing: boolean; readonly hasWork: boolean } {
    return { isActing: this.#acting.has(modelId), hasWork: this.#work.has(modelId) };
  }

  /** The signal is aborted when the act has lasted too long, or at the end of the agent. */
  async #act(
    modelId: string,
    action: Act,
    poller: Pick<RuntimePoller, 'refresh'>,
    run: (signal: AbortSignal) => Promise<ControlOutcome>,
  ): Promise<ControlOutcome> {
    const { clock, logger, onChange } = this.#options;
    const late = new AbortController();
    const timer = clock.setTimer(CONTROL_TIMEOUT_MS, () => {
      late.abort();
    });
    this.#acting.set(modelId, action);
    onChange();
    try {
      const outcome = await run(AbortSignal.any([this.#stopped.signal, late.signal]));
      if (!outcome.ok) void poller.refresh();
      logger.log(outcome.ok ? 'info' : 'warn', 'model_controlled', { model_id: modelId, action, ...(outcome.ok ? {} : outcome.error) });
      return outcome;
    } finally {
      timer.cancel();
      this.#acting.delete(modelId);
      onChange();
    }
  }

  /** Ends the requests of all acts. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Probes until the model is in the state that the action leads to, or the signal is aborted. */
  async #settled(modelId: string, action: ModelAction, signal: AbortSignal): Promise<ControlOutcome> {
    const { clock, ownerOf } = this.#options;
    const startMonotonicMs = clock.monotonicMs();
    for (;;) {
      await ownerOf(modelId)?.poller.refresh();
      const model = ownerOf(modelId)?.model;
      if (model === undefined) return fail({ code: 'unknown_model', message: null });
      if (isReached(model.residency ?? null, action)) return ok(undefined);
      if (model.reasonCode === 'load_failed') return failed('load_failed');
      const elapsedMs = clock.monotonicMs() - startMonotonicMs;
      if (signal.aborted || (model.reasonCode !== 'loading' && elapsedMs >= SETTLE_MS)) return failed('timeout');
      await new Promise<void>((resolve) => {
        clock.setTimer(CHECK_INTERVAL_MS, resolve);
      });
    }
  }
}

const failed = (message: string): ControlOutcome => fail({ code: 'failed', message });
