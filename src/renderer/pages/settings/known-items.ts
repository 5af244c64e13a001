// The items that a list of settings is likely to get: models and GPUs that this program knows, so that their names need no typing. Pure.
import type { AgentView } from '../../../shared/api/agent-view';

export interface KnownNames {
  readonly agent: AgentView | null;
  /** Of the models of the pool. */
  readonly poolModels: readonly string[];
}

/** In the order of the program, each once. Empty: no item of the list is known. */
export function knownItems(key: string, { agent, poolModels }: KnownNames): readonly string[] {
  switch (key) {
    case 'agent.unshared_models':
      return unique(agent?.models.map(({ model_id: id }) => id) ?? []);
    case 'agent.gpus':
      return unique(agent?.hardware?.gpus.map(({ name }) => name) ?? []);
    case 'scheduler.required_models':
      return unique(poolModels);
    default:
      return [];
  }
}

/** Whether the models of the pool are needed for it. */
export const listsPoolModels = (key: string): boolean => key === 'scheduler.required_models';

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
