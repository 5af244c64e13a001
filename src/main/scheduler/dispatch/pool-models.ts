// The models of the pool, each with its tasks and the number of nodes on which it is ready. Ten thousand nodes can have millions of models,
// so a caller adds the nodes in several turns of the event loop.
import { type Abilities, joinAbilities } from '../../../shared/protocol/model-abilities';
import type { ModelKind } from '../../../shared/protocol/node-messages';
import { joinTasks, type TakenTasks } from '../../../shared/protocol/task-kinds';
import { isFailingModel } from '../lifecycle/model-failures';
import { isModelReady } from '../lifecycle/model-readiness';
import { isModelInMemory } from '../lifecycle/model-residency';
import type { NodeRecord } from '../lifecycle/node-record';

export interface PoolModel {
  readonly modelId: string;
  readonly kind: ModelKind;
  readonly nodesReady: number;
  /** Ready, and in memory. */
  readonly nodesLoaded: number;
  readonly nodesInstalled: number;
  /** Ready, but failing: it gets no jobs there. */
  readonly nodesFailing: number;
  /** The tasks that some node takes for the model; null: a node does not report its tasks. */
  readonly tasks: TakenTasks;
  /** The largest GPU memory that it used on a node. Null: not reported. */
  readonly vramGb: number | null;
  readonly speeds: Speeds;
  /** Those that some node reports. Absent: none reports any. */
  readonly abilities?: Abilities;
  /** The smallest of the nodes that report it: each of them may get a request. Absent: none reports it. */
  readonly contextTokens?: number;
}

/** The speeds that nodes measured, tokens per second. */
interface Speeds {
  readonly sum: number;
  readonly count: number;
}

interface ModelFigures {
  readonly vram_gb?: number;
  readonly tokens_per_second?: number;
  readonly abilities?: Abilities;
  readonly context_tokens?: number;
}

/** Memory, mean speed and abilities as the API shows them. A figure that no node reports is left out. */
export const figuresOf = ({
  vramGb,
  speeds: { sum, count },
  abilities,
  contextTokens,
}: Pick<PoolModel, 'vramGb' | 'speeds' | 'abilities' | 'contextTokens'>): ModelFigures => ({
  ...(vramGb === null ? {} : { vram_gb: vramGb }),
  ...(count === 0 ? {} : { tokens_per_second: Math.max(0.1, Math.round((sum / count) * 10) / 10) }),
  ...(abilities === undefined ? {} : { abilities }),
  ...(contextTokens === undefined ? {} : { context_tokens: contextTokens }),
});

const NO_SPEEDS: Speeds = { sum: 0, count: 0 };
const withSpeed = ({ sum, count }: Speeds, speed: number | null): Speeds =>
  speed === null ? { sum, count } : { sum: sum + speed, count: count + 1 };
const larger = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);
const smaller = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

/** A pool with more models than this shows those that most nodes have. */
const MAX_SHOWN = 5000;

export class PoolModels {
  readonly #models = new Map<string, PoolModel>();

  /** Adds the models that the node has installed and enabled, and that `isSought`. */
  add(record: NodeRecord, isSought: (modelId: string) => boolean = () => true): void {
    const { profile } = record;
    const isOffered = record.status === 'ready' && record.online;
    const seen = new Set<string>();
    for (const installed of profile.installedModels) {
      const { modelId, enabled } = installed;
      if (!enabled || !isSought(modelId)) continue;
      const known = this.#models.get(modelId);
      // A node may list a model once per language: it counts as one model.
      const isNew = !seen.has(modelId);
      seen.add(modelId);
      const isReady = isNew && isOffered && isModelReady(profile, installed);
      const failures = isReady ? record.failures.byModel.get(modelId) : undefined;
      const isFailing = failures !== undefined && isFailingModel(failures);
      const isLoaded = isReady && isModelInMemory(profile, installed);
      const abilities = joinAbilities(known?.abilities, installed.abilities);
      const contextTokens = smaller(known?.contextTokens, installed.contextTokens);
      this.#models.set(modelId, {
        modelId,
        kind: known?.kind ?? installed.kind,
        nodesReady: (known?.nodesReady ?? 0) + (isReady ? 1 : 0),
        nodesLoaded: (known?.nodesLoaded ?? 0) + (isLoaded ? 1 : 0),
        nodesFailing: (known?.nodesFailing ?? 0) + (isFailing ? 1 : 0),
        nodesInstalled: (known?.nodesInstalled ?? 0) + (isNew ? 1 : 0),
        vramGb: larger(known?.vramGb ?? null, installed.vramGb),
        speeds: withSpeed(known?.speeds ?? NO_SPEEDS, isNew ? installed.tokensPerSecond : null),
        tasks: joinTasks(known === undefined ? [] : known.tasks, installed.tasks),
        ...(abilities === undefined ? {} : { abilities }),
        ...(contextTokens === undefined ? {} : { contextTokens }),
      });
    }
  }

  get(modelId: string): PoolModel | null {
    return this.#models.get(modelId) ?? null;
  }

  /** Sorted by id. `isReadyOnly`: without the models that are ready on no node. */
  list({ isReadyOnly }: { readonly isReadyOnly: boolean }): readonly PoolModel[] {
    const rank = ({ nodesReady, nodesInstalled }: PoolModel): number => (isReadyOnly ? nodesReady : nodesInstalled);
    const counts: number[] = [];
    for (const model of this.#models.values()) counts[rank(model)] = (counts[rank(model)] ?? 0) + 1;
    let least = counts.length;
    for (let left = MAX_SHOWN; least > 1 && left > 0; left -= counts[least] ?? 0) least--;
    const shown: PoolModel[] = [];
    let atLeast = MAX_SHOWN - counts.slice(least + 1).reduce((sum, count) => sum + count, 0);
    for (const model of this.#models.values()) if (rank(model) > least || (rank(model) === least && atLeast-- > 0)) shown.push(model);
    return shown.sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
  }
}
