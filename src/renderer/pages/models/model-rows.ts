// The models of this computer, of the pool, and those that the pool was asked for, as one list: each model once.
import type { ModelView } from '../../../shared/api/agent-view';
import type { MissingModel } from '../../../shared/api/missing-models';
import { type ReadyPoolModel, takingNodes } from '../../../shared/api/pool-models';
import { ABILITIES, type Ability } from '../../../shared/protocol/model-abilities';
import type { ModelKind } from '../../../shared/protocol/node-messages';
import { type DiskLack, diskLackOf, type Fit, fitOf, neededGb, type OfferedMemory } from './model-fit';

export type ModelGroup = 'here' | 'pool' | 'missing';

export interface ModelRow {
  readonly modelId: string;
  readonly group: ModelGroup;
  /** Null: unknown, while it is being downloaded or is on no node. */
  readonly kind: ModelKind | null;
  /** The model on this computer. */
  readonly own: ModelView | null;
  /** The model on ready nodes of the pool. */
  readonly pool: ReadyPoolModel | null;
  readonly missing: MissingModel | null;
  readonly neededGb: number | null;
  readonly fit: Fit;
  /** Of a model that is not on this computer: what its download lacks. */
  readonly diskLack: DiskLack | null;
}

export interface ModelSources {
  readonly own: readonly ModelView[];
  readonly pool: readonly ReadyPoolModel[];
  readonly missing: readonly MissingModel[];
  /** Null: unknown. */
  readonly memory: OfferedMemory | null;
  /** Of the disk to which models are downloaded. Null: unknown. */
  readonly freeBytes: number | null;
}

/** This computer's models in their order; then the pool's, those of most nodes first; then the missing ones, most requests first. */
export function modelRows({ own, pool, missing, memory, freeBytes }: ModelSources): readonly ModelRow[] {
  const poolById = new Map(pool.map((model) => [model.model_id, model]));
  const missingById = new Map(missing.map((model) => [model.model_id, model]));
  const ownIds = new Set(own.map(({ model_id }) => model_id));
  const row = (modelId: string, group: ModelGroup, view: ModelView | null): ModelRow => {
    const [ofPool, asked] = [poolById.get(modelId) ?? null, missingById.get(modelId) ?? null];
    const vramGb = view?.vram_gb ?? ofPool?.vram_gb ?? null;
    // No library has it: a size that its name suggests would be one of nothing.
    const exists = view?.reason_code !== 'pull_unknown';
    const needed = exists ? neededGb({ modelId, vramGb, sizeBytes: view?.size_bytes ?? null }) : null;
    const isUnknown = view !== null && view.kind === 'other' && view.tasks === undefined;
    const kind = view === null || isUnknown ? (ofPool?.kind ?? null) : view.kind;
    const diskLack = view === null ? diskLackOf(needed, freeBytes) : null;
    return { modelId, group, kind, own: view, pool: ofPool, missing: asked, neededGb: needed, fit: fitOf(needed, memory), diskLack };
  };
  const elsewhere = pool.filter(({ model_id }) => !ownIds.has(model_id)).toSorted((one, other) => takingNodes(other) - takingNodes(one));
  const asked = missing.filter(({ model_id }) => !ownIds.has(model_id) && !poolById.has(model_id));
  return [
    ...own.map((view) => row(view.model_id, 'here', view)),
    ...elsewhere.map(({ model_id }) => row(model_id, 'pool', null)),
    ...asked.toSorted((one, other) => other.requests - one.requests).map(({ model_id }) => row(model_id, 'missing', null)),
  ];
}

/** For the view `Pool`: models on ready nodes are in one group, also those that this computer has. */
export const groupInPool = ({ group, pool }: ModelRow): ModelGroup => (pool === null ? group : 'pool');

export const CATEGORIES = ['chat', 'embedding', 'speech', 'rerank', 'image', 'translation', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

const CATEGORY_OF: Readonly<Record<ModelKind, Category>> = {
  llm: 'chat',
  embedding: 'embedding',
  asr: 'speech',
  tts: 'speech',
  vad: 'speech',
  emotion: 'speech',
  rerank: 'rerank',
  image: 'image',
  nmt: 'translation',
  other: 'other',
};

/** Null: unknown. */
export const categoryOf = ({ kind }: Pick<ModelRow, 'kind'>): Category | null => (kind === null ? null : CATEGORY_OF[kind]);

export type ModelAbility = Category | Ability;

/** Beside its type. Of a model of this computer alone, they are not known. */
export const abilitiesOf = ({ pool }: Pick<ModelRow, 'pool'>): readonly Ability[] =>
  ABILITIES.filter((ability) => pool?.abilities?.[ability] === true);

export const isFitting = ({ fit }: ModelRow): boolean => fit.kind === 'fits' || fit.kind === 'split';

const DOWNLOADS = ['pulling', 'pull_waiting', 'pull_no_ollama', 'pull_paused'];
const FAULTS = ['pull_refused', 'pull_unknown', 'pull_stalled', 'pull_broken', 'pull_unreadable', 'pull_not_listed'];

/** A wanted model that Ollama downloads, or will. */
export const isDownload = ({ reason_code }: ModelView): boolean => [...DOWNLOADS, ...FAULTS].includes(reason_code);
