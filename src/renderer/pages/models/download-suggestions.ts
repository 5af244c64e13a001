// The models that the download dialog lists. Pure.
import { isOllamaName } from '../../../shared/api/own-models';
import { type Fit, fitOf, neededGb, type OfferedMemory } from './model-fit';
import type { ModelRow } from './model-rows';

export interface Suggestion {
  readonly modelId: string;
  /** Null: unknown. */
  readonly neededGb: number | null;
  readonly fit: Fit;
}

export interface Suggestions {
  /** Asked for in the pool, ready in the pool, or known of Ollama's library. */
  readonly group: 'missing' | 'pool' | 'common';
  readonly models: readonly Suggestion[];
}

/** Of Ollama's library, from small to large. */
const COMMON = [
  'nomic-embed-text:latest',
  'llama3.2:3b',
  'gemma3:4b',
  'qwen3:4b',
  'deepseek-r1:8b',
  'llama3.1:8b',
  'qwen3:8b',
  'gemma3:12b',
  'phi4:14b',
  'qwen3:14b',
  'gpt-oss:20b',
  'mistral-small3.2:24b',
  'gemma3:27b',
  'qwen3-coder:30b',
  'deepseek-r1:32b',
  'llama3.3:70b',
  'gpt-oss:120b',
];

/** From the name alone. Null: it does not tell. */
export const estimateOf = (modelId: string): number | null => neededGb({ modelId, vramGb: null, sizeBytes: null });

export interface Suggesting {
  /** The models of this computer, of the pool, and those that the pool was asked for. */
  readonly rows: readonly ModelRow[];
  /** Null: unknown. */
  readonly memory: OfferedMemory | null;
  readonly typed: string;
}

/** Models of Ollama's library that this computer does not have, and whose names contain the typed text. Too large ones are last. */
export function suggestionsOf({ rows, memory, typed }: Suggesting): readonly Suggestions[] {
  const known = new Set(rows.map(({ modelId }) => modelId));
  const text = typed.toLowerCase();
  const ofRows = (group: 'missing' | 'pool'): readonly Suggestion[] =>
    rows.filter((row) => row.group === group && isOllamaName(row.modelId));
  const common = COMMON.filter((modelId) => !known.has(modelId)).map((modelId): Suggestion => {
    const needed = estimateOf(modelId);
    return { modelId, neededGb: needed, fit: fitOf(needed, memory) };
  });
  const groups = { missing: ofRows('missing'), pool: ofRows('pool'), common };
  return (['missing', 'pool', 'common'] as const)
    .map((group) => ({ group, models: sorted(groups[group].filter(({ modelId }) => modelId.toLowerCase().includes(text))) }))
    .filter(({ models }) => models.length > 0);
}

const isTooLarge = ({ fit }: Suggestion): number => Number(fit.kind === 'too_large');
const sorted = (models: readonly Suggestion[]): readonly Suggestion[] => models.toSorted((a, b) => isTooLarge(a) - isTooLarge(b));
