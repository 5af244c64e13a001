// The models of the pool by what a person can do with them here.
import { type ReadyPoolModel, takingNodes } from '../../shared/api/pool-models';
import type { ModelKind } from '../../shared/protocol/node-messages';
import type { TaskKind } from '../../shared/protocol/task-kinds';

export const USES = ['chat', 'transcribe', 'speak'] as const;
export type Use = (typeof USES)[number];

export interface UsableModel {
  readonly use: Use;
  readonly model: ReadyPoolModel;
}

const TASK: Readonly<Record<Use, TaskKind>> = {
  chat: '/v1/chat/completions',
  transcribe: '/v1/audio/transcriptions',
  speak: '/v1/audio/speech',
};
/** A model of an older node does not report its tasks: its kind decides. */
const KINDS: Readonly<Record<Use, readonly ModelKind[]>> = { chat: ['llm', 'other'], transcribe: ['asr'], speak: ['tts'] };

const takes = ({ kind, tasks }: ReadyPoolModel, use: Use): boolean =>
  tasks === null ? KINDS[use].includes(kind) : tasks.includes(TASK[use]);

/** In the order of uses; the models in memory on most nodes first. */
export function usableModels(models: readonly ReadyPoolModel[]): readonly UsableModel[] {
  const rank = (model: ReadyPoolModel): number => (model.nodes_loaded ?? 0) * 100_000 + takingNodes(model);
  const sorted = models.toSorted((one, other) => rank(other) - rank(one) || one.model_id.localeCompare(other.model_id));
  return USES.flatMap((use) => sorted.filter((model) => takes(model, use)).map((model) => ({ use, model })));
}

/** The chosen model while the pool has it, else the first one. Null: no model is usable. */
export function chosenModel(models: readonly UsableModel[], chosen: string | null): UsableModel | null {
  return models.find((entry) => keyOf(entry) === chosen) ?? models[0] ?? null;
}

export const keyOf = ({ use, model }: UsableModel): string => `${use} ${model.model_id}`;

/** The first model for this use. */
export const modelFor = (models: readonly UsableModel[], use: Use): string | null =>
  models.find((entry) => entry.use === use)?.model.model_id ?? null;
