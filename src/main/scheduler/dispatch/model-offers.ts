// The tasks that nodes take for each model, whether or not a node is ready. A request is accepted or refused without reading the whole
// pool. Offers follow from the profiles alone, which few heartbeats change.
import { knownTasks, type TakenTasks, type TaskKind, takes } from '../../../shared/protocol/task-kinds';
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';

/** Whether the pool can run a task on a model, now or later. */
export type TaskOffer =
  /** At least one node has the model and takes the task, does not declare its tasks, or is downloading the model. */
  | { readonly kind: 'may_run' }
  /** Nodes have the model, but take only these other tasks. */
  | { readonly kind: 'other_tasks'; readonly tasks: readonly TaskKind[] }
  | { readonly kind: 'no_model' };

interface Offered {
  readonly taken: TakenTasks;
  /** Number of entries in node profiles with these tasks. */
  count: number;
}

export class ModelOffers {
  /** By model, then by the tasks taken. */
  readonly #offers = new Map<string, Map<string, Offered>>();

  /** Number of models that a node has or is downloading. */
  get size(): number {
    return this.#offers.size;
  }

  /** Must be called with every changed record: `previous` is null for a new node, `next` for a removed one. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (previous?.profile === next?.profile) return;
    if (next !== null) for (const [modelId, taken] of entriesOf(next.profile)) this.#add(modelId, taken);
    if (previous !== null) for (const [modelId, taken] of entriesOf(previous.profile)) this.#remove(modelId, taken);
  }

  has(modelId: string): boolean {
    return this.#offers.has(modelId);
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

  /** Whether each node that has the model reported this task of it. */
  allReport(modelId: string, task: TaskKind): boolean {
    const offered = this.#offers.get(modelId);
    return offered !== undefined && [...offered.values()].every(({ taken }) => taken?.includes(task) === true);
  }

  #add(modelId: string, taken: TakenTasks): void {
    let offered = this.#offers.get(modelId);
    if (offered === undefined) this.#offers.set(modelId, (offered = new Map<string, Offered>()));
    const known = offered.get(keyOf(taken));
    if (known === undefined) offered.set(keyOf(taken), { taken, count: 1 });
    else known.count++;
  }

  /** Model ids come from nodes, so ids without a node are removed: otherwise a node could fill the memory. */
  #remove(modelId: string, taken: TakenTasks): void {
    const offered = this.#offers.get(modelId);
    const known = offered?.get(keyOf(taken));
    if (offered === undefined || known === undefined || --known.count > 0) return;
    offered.delete(keyOf(taken));
    if (offered.size === 0) this.#offers.delete(modelId);
  }
}

/** A model can be listed once per language, each with its tasks. A model that is being downloaded may take any task. */
function* entriesOf(profile: NodeProfile): IterableIterator<readonly [modelId: string, taken: TakenTasks]> {
  /** Models of which no entry is enabled. */
  const disabled = new Set<string>();
  const enabledIds = new Set<string>();
  for (const { modelId, enabled, tasks } of profile.installedModels) {
    if (enabled) yield [modelId, tasks];
    (enabled ? enabledIds : disabled).add(modelId);
  }
  for (const modelId of enabledIds) disabled.delete(modelId);
  for (const [modelId, state] of Object.entries(profile.capabilityState ?? {})) {
    if (state === 'downloading' && !disabled.has(modelId)) yield [modelId, null];
  }
}

const keyOf = (taken: TakenTasks): string => (taken === null ? 'any' : taken.join(' '));
