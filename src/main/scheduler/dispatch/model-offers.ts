// Which tasks the nodes take for each model, whether or not a node is ready: so that a request is accepted or refused without looking at
// the pool. What a node offers follows from its profile alone, which few heartbeats change.
import { knownTasks, type TakenTasks, type TaskKind, takes } from '../../../shared/protocol/task-kinds';
import { modelState } from '../lifecycle/model-readiness';
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';

/** Whether the pool could ever run a task on a model. */
export type TaskOffer =
  /** A node takes the task as far as is known, or is getting the model. */
  | { readonly kind: 'may_run' }
  /** Nodes have the model, and take these tasks for it instead. */
  | { readonly kind: 'other_tasks'; readonly tasks: readonly TaskKind[] }
  | { readonly kind: 'no_model' };

interface Offered {
  readonly taken: TakenTasks;
  /** How many entries of nodes say so. */
  count: number;
}

export class ModelOffers {
  /** By model, then by what is taken. */
  readonly #offers = new Map<string, Map<string, Offered>>();

  /** Models that some node has or is getting. */
  get size(): number {
    return this.#offers.size;
  }

  /** To be called for every record that a transition changed: `previous` null for a new node, `next` null for one removed. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (previous?.profile === next?.profile) return;
    if (next !== null) for (const [modelId, taken] of entriesOf(next.profile)) this.#add(modelId, taken);
    if (previous !== null) for (const [modelId, taken] of entriesOf(previous.profile)) this.#remove(modelId, taken);
  }

  offerOf(modelId: string, task: TaskKind): TaskOffer {
    const offered = this.#offers.get(modelId);
    if (offered === undefined) return { kind: 'no_model' };
    const others: TaskKind[] = [];
    for (const { taken } of offered.values()) {
      if (takes(taken, task)) return { kind: 'may_run' };
      others.push(...(taken ?? []));
    }
    return { kind: 'other_tasks', tasks: knownTasks(others) };
  }

  #add(modelId: string, taken: TakenTasks): void {
    let offered = this.#offers.get(modelId);
    if (offered === undefined) this.#offers.set(modelId, (offered = new Map()));
    const known = offered.get(keyOf(taken));
    if (known === undefined) offered.set(keyOf(taken), { taken, count: 1 });
    else known.count++;
  }

  /** Model ids come from nodes: an id that no node has any more must not stay. */
  #remove(modelId: string, taken: TakenTasks): void {
    const offered = this.#offers.get(modelId);
    const known = offered?.get(keyOf(taken));
    if (offered === undefined || known === undefined || --known.count > 0) return;
    offered.delete(keyOf(taken));
    if (offered.size === 0) this.#offers.delete(modelId);
  }
}

/** A model may be listed for several languages, each with its tasks. One that is being downloaded may be asked for anything. */
function* entriesOf(profile: NodeProfile): IterableIterator<readonly [modelId: string, taken: TakenTasks]> {
  for (const { model_id: modelId, enabled, tasks } of profile.installedModels) if (enabled) yield [modelId, tasks ?? null];
  for (const [modelId, state] of Object.entries(profile.capabilityState ?? {})) {
    if (state === 'downloading' && modelState(profile, modelId) === 'downloading') yield [modelId, null];
  }
}

const keyOf = (taken: TakenTasks): string => (taken === null ? 'any' : taken.join(' '));
