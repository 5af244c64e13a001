// What the scheduler has learned of requests and nodes, for the prediction of the next request (ADR 0024). In memory only.
import type { RequestForecast } from '../dispatch/prediction/forecast';
import { KnownPrompts } from '../dispatch/prediction/known-prompts';
import type { TaskKind } from '../../../shared/protocol/task-kinds';
import type { GivenSize, PoolRates, WorkDone } from '../dispatch/prediction/pool-rates';
import type { RequestShape } from '../dispatch/prediction/request-shape';

export class RequestForecasts {
  readonly #rates: PoolRates;
  readonly #prompts = new KnownPrompts();

  constructor(rates: PoolRates) {
    this.#rates = rates;
  }

  /** Whether a job of the model has shown how fast a node of the pool is. */
  isMeasured(modelId: string): boolean {
    return this.#rates.isKnown(modelId);
  }

  forecastFor(modelId: string, shape: RequestShape): RequestForecast {
    const tokensPerCharacter = this.#rates.tokensPerCharacter(modelId);
    const cachedOn = new Map<string, number>();
    for (const [nodeId, characters] of this.#prompts.cachedOn(shape)) cachedOn.set(nodeId, characters * tokensPerCharacter);
    return {
      work: this.#rates.workOf(modelId, shape),
      cachedOn,
      prior: (record, model) => this.#rates.prior(record, model),
      showsRate: (shape.answers ?? 1) === 1,
    };
  }

  /** Of a request that does not exist: of the size that is expected of the model, except as `given`. */
  expectedFor(modelId: string, kind: TaskKind | null, given: GivenSize): RequestForecast {
    return {
      work: this.#rates.expectedWork(modelId, kind, given),
      cachedOn: new Map(),
      prior: (record, model) => this.#rates.prior(record, model),
    };
  }

  /** The node gets the request now. */
  assigned(nodeId: string, modelId: string, shape: RequestShape): void {
    this.#prompts.assigned(nodeId, modelId, shape);
  }

  /** A job on the node has ended with these figures. `expectedCached`: tokens, at its assignment. */
  learn(nodeId: string, modelId: string, shape: RequestShape, done: WorkDone, expectedCached: number): void {
    this.#rates.learn(modelId, shape, done);
    if (done.cached === null) return;
    const tokensPerCharacter = this.#rates.tokensPerCharacter(modelId);
    this.#prompts.reported(nodeId, modelId, expectedCached / tokensPerCharacter, done.cached / tokensPerCharacter);
  }

  forget(nodeId: string): void {
    this.#prompts.forget(nodeId);
  }
}
