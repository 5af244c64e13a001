// The names of models in requests of client APIs: aliases of the operator and `auto` (ADR 0049). core/model-choice.ts decides.
import type { JobRequirementsView } from '../../../../shared/api/dispatch';
import { aliasesOf, AUTO_MODEL, type ModelAliases } from '../../../../shared/model-aliases';
import type { ServerPath } from '../../../../shared/protocol/task-kinds';
import { fail, ok, type Result } from '../../../../shared/result';
import type { Clock } from '../../../platform/clock';
import type { PoolModel } from '../../dispatch/pool-models';
import type { Caller } from '../../members/core/principal';
import { type OpenAiFailure, poolFailure, serverFailure } from '../openai/core/openai-error';
import { WAIT_CODES } from '../openai/core/pool-busy';
import type { OpenAiPool } from '../openai/openai-requests';
import {
  autoChoice,
  bestModel,
  firstReady,
  type ModelChoice,
  type Needs,
  needsOf,
  type TargetState,
  type Unfit,
  unfitOf,
  unfitText,
} from './core/model-choice';

/** Reading the models of the whole pool is shared by the requests of this time. */
const READY_MODELS_MS = 1000;
/** A node with one of these serves the model, now or when a job or its owner's work ends. */
const BUSY_CODES = [...WAIT_CODES, 'resource_threshold_exceeded'] as const;

interface ModelNamesOptions {
  readonly pool: Pick<OpenAiPool, 'readyModels' | 'offerOf' | 'explain'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly modelAliases: readonly string[];
}

export interface NameRequest {
  readonly caller: Caller;
  /** The paths, one of which the model must take. */
  readonly paths: readonly ServerPath[];
}

export class ModelNames {
  readonly #pool: ModelNamesOptions['pool'];
  readonly #clock: ModelNamesOptions['clock'];
  #aliases: ModelAliases;
  #ready: { readonly models: Promise<readonly PoolModel[]>; readonly atMonotonicMs: number } | null = null;

  constructor({ pool, clock, modelAliases }: ModelNamesOptions) {
    this.#pool = pool;
    this.#clock = clock;
    this.#aliases = aliasesOf(modelAliases);
  }

  /** For requests that arrive from now on. */
  configure(modelAliases: readonly string[]): void {
    this.#aliases = aliasesOf(modelAliases);
  }

  get aliases(): ModelAliases {
    return this.#aliases;
  }

  isName(name: string): boolean {
    return name === AUTO_MODEL || this.#aliases.has(name);
  }

  /** The choice for the model of a body. Null: the body names a model itself. */
  async choose(body: { readonly model: string }, request: NameRequest): Promise<Result<ModelChoice | null, OpenAiFailure>> {
    const { model: name } = body;
    if (name === AUTO_MODEL) return this.#best(body, request);
    const targets = this.#aliases.get(name);
    if (targets === undefined) return ok(null);
    // A key learns nothing of models that it may not use.
    const usable = targets.filter((model) => mayUse(request.caller, model));
    const choice = firstReady(name, usable, (model) => this.#stateOf(model, request));
    return choice === null ? fail(notAllowed(name)) : ok(choice);
  }

  async #best(body: { readonly model: string }, { caller, paths }: NameRequest): Promise<Result<ModelChoice, OpenAiFailure>> {
    const ready = await this.#readyModels();
    const usable = (model: string): boolean => mayUse(caller, model);
    const needs = needsOf(body);
    const best = bestModel(
      ready.filter(({ modelId }) => usable(modelId)),
      paths,
      needs,
    );
    return best === null ? fail(noBest(unfitOf(ready, paths, needs, usable), paths, needs)) : ok(autoChoice(best.modelId));
  }

  /** The models that are ready on a node, as they were within the last second. */
  #readyModels(): Promise<readonly PoolModel[]> {
    const nowMonotonicMs = this.#clock.monotonicMs();
    if (this.#ready === null || nowMonotonicMs - this.#ready.atMonotonicMs >= READY_MODELS_MS)
      this.#ready = { models: this.#pool.readyModels(), atMonotonicMs: nowMonotonicMs };
    return this.#ready.models;
  }

  #stateOf(model: string, { paths }: NameRequest): TargetState {
    const offers = paths.map((path) => ({ path, kind: this.#pool.offerOf(model, path).kind }));
    const path = offers.find(({ kind }) => kind === 'may_run')?.path;
    if (path === undefined) return offers.some(({ kind }) => kind === 'other_tasks') ? 'other_tasks' : 'not_in_pool';
    return this.#isReady({ required_models: [model], required_task: { model_id: model, task: path }, public: true })
      ? 'ready'
      : 'not_ready';
  }

  #isReady(job: JobRequirementsView): boolean {
    const { chosen, reasons } = this.#pool.explain(job, 0);
    return chosen !== null || BUSY_CODES.some((code) => reasons[code] !== undefined);
  }
}

const notAllowed = (name: string): OpenAiFailure => ({
  ...serverFailure('FORBIDDEN', { field: 'model', model: name }),
  reason: { en: 'this key may use no model of the name', zh: '此密钥不允许使用该名称代表的任何模型' },
});

function noBest(unfit: Unfit, paths: readonly ServerPath[], needs: Needs): OpenAiFailure {
  const { ready, notAllowed: not_allowed, otherTasks: other_tasks, lacking } = unfit;
  return poolFailure('model_not_ready', {
    param: 'model',
    reason: unfitText(unfit, paths, needs),
    muster: { model: AUTO_MODEL, tasks: paths, ready, not_allowed, other_tasks, lacking },
  });
}

export const mayUse = ({ principal }: Caller, model: string): boolean => principal?.models?.includes(model) ?? true;
