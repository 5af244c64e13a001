// Whether the scheduler knows the models as they are: it is told when what it would be told differs, not at every look.
import { type ModelsHere, NO_MODELS, toWireModels } from './core/node-messages';

export class ModelNews {
  private known = JSON.stringify(toWireModels(NO_MODELS));

  constructor(private readonly tell: () => void) {}

  /** The models were looked at, or how they are told has changed. */
  consider(models: ModelsHere): void {
    const now = JSON.stringify(toWireModels(models));
    if (now === this.known) return;
    this.known = now;
    this.tell();
  }
}
