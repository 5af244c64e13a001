// Decides when to send the models to the scheduler: only when the message would differ from the last one.
import { type AdvertisedModels, NO_MODELS, toWireModels } from './core/node-messages';

export class ModelChanges {
  readonly #onChange: () => void;
  #known = JSON.stringify(toWireModels(NO_MODELS));

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Call it after every probe of the models, and when the rules for sending them change. */
  update(models: AdvertisedModels): void {
    const now = JSON.stringify(toWireModels(models));
    if (now === this.#known) return;
    this.#known = now;
    this.#onChange();
  }
}
