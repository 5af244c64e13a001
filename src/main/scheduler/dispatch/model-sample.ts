// The model that runs a job, as a node of the pool has it: for decisions about nodes that do not have it.
import { installedModel } from '../lifecycle/model-residency';
import type { NodeRecord } from '../lifecycle/node-record';
import type { InstalledModel } from '../lifecycle/node-report';
import { type JobRequirements, runModelOf } from './job-requirements';

/** Gets every node of the pool, in any number of steps: offline nodes count too. */
export class ModelSample {
  readonly #modelId: string | null;
  #model: InstalledModel | null = null;

  constructor(job: JobRequirements) {
    this.#modelId = runModelOf(job);
  }

  /** One whose size is known, if there is one. Null: no node has the model. */
  get model(): InstalledModel | null {
    return this.#model;
  }

  add({ profile }: NodeRecord): void {
    if (this.#modelId === null || (this.#model !== null && this.#model.vramGb !== null)) return;
    const model = installedModel(profile, this.#modelId);
    if (model !== undefined && (this.#model === null || model.vramGb !== null)) this.#model = model;
  }
}
