// The models that the download dialog offers. Pure.
import { fitOf, neededGb, type OfferedMemory } from './model-fit';
import { isOllamaName, type ModelRow } from './model-rows';

export interface Suggestions {
  /** Asked for in the pool, ready in the pool, or known of Ollama's library. */
  readonly group: 'missing' | 'pool' | 'common';
  readonly modelIds: readonly string[];
}

/** Of Ollama's library, from small to large. */
const COMMON = ['gemma3:4b', 'llama3.1:8b', 'qwen3:8b', 'qwen3:14b', 'gpt-oss:20b', 'qwen3-coder:30b', 'nomic-embed-text:latest'];

/** From the name alone. Null: it does not tell. */
export const estimateOf = (modelId: string): number | null => neededGb({ modelId, vramGb: null, sizeBytes: null });

export interface Suggesting {
  /** The models of this computer, of the pool, and those that the pool was asked for. */
  readonly rows: readonly ModelRow[];
  /** Null: unknown. */
  readonly memory: OfferedMemory | null;
  readonly typed: string;
}

/**
 * Models of Ollama's library that this computer does not have, and that are not too large for it. None for a name that is complete: the list
 * would cover the button.
 */
export function suggestionsOf({ rows, memory, typed }: Suggesting): readonly Suggestions[] {
  const known = new Set(rows.map(({ modelId }) => modelId));
  const ofRows = (group: 'missing' | 'pool'): Suggestions => ({
    group,
    modelIds: rows
      .filter((row) => row.group === group && row.fit.kind !== 'too_large' && isOllamaName(row.modelId))
      .map(({ modelId }) => modelId),
  });
  const common = COMMON.filter((modelId) => !known.has(modelId) && fitOf(estimateOf(modelId), memory).kind !== 'too_large');
  const groups: readonly Suggestions[] = [ofRows('missing'), ofRows('pool'), { group: 'common', modelIds: common }];
  const offered = groups.filter(({ modelIds }) => modelIds.length > 0);
  return offered.some(({ modelIds }) => modelIds.includes(typed)) ? [] : offered;
}
