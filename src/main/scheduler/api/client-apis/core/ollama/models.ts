// The models of the pool as Ollama lists them. Clients require some fields that a pool does not know: docs/ollama.md says what they hold.
import { takesPath } from '../../../../../../shared/model-tasks';
import { ABILITIES } from '../../../../../../shared/protocol/model-abilities';
import type { PoolModel } from '../../../../dispatch/pool-models';

export interface ListFacts {
  /** When this scheduler started. */
  readonly startedAtWallMs: number;
  /** 64 hexadecimal digits that follow from the id of the model. */
  readonly digestOf: (modelId: string) => string;
}

type TextModel = Pick<PoolModel, 'kind' | 'tasks' | 'abilities' | 'contextTokens'>;
type AbleModel = Pick<TextModel, 'kind' | 'tasks' | 'abilities'>;

/** Whether a program that chats can use the model. */
export const generates = (model: Pick<TextModel, 'kind' | 'tasks'>): boolean =>
  model.kind !== 'embedding' && (takesPath(model, '/v1/chat/completions') || takesPath(model, '/v1/completions'));

/** In Ollama's words. An ability that no node reports is left out. Empty: Ollama has no word for what the model does. */
export function capabilitiesOf(model: AbleModel): readonly string[] {
  if (generates(model)) return ['completion', ...ABILITIES.filter((ability) => model.abilities?.[ability] === true)];
  return takesPath(model, '/v1/embeddings') ? ['embedding'] : [];
}

/** Of a model whose context is known. The name has an architecture, which is not known. */
const infoOf = ({ contextTokens }: TextModel): object => (contextTokens === undefined ? {} : { 'general.context_length': contextTokens });

/** Not known, so Ollama's empty values. */
const DETAILS = { parent_model: '', format: '', family: '', families: [], parameter_size: '', quantization_level: '' };

const UNKNOWN_SIZE = 0;
const BYTES_PER_GB = 1_000_000_000;

/** `name`: of the model, or an alias of it. */
export const listedModel = (name: string, model: AbleModel, { startedAtWallMs, digestOf }: ListFacts): object => ({
  name,
  model: name,
  modified_at: new Date(startedAtWallMs).toISOString(),
  size: UNKNOWN_SIZE,
  digest: digestOf(name),
  details: DETAILS,
  capabilities: capabilitiesOf(model),
});

/** A model in the memory of a node. `expires_at` is left out: each node has its own. */
export function runningModel({ modelId, vramGb }: Pick<PoolModel, 'modelId' | 'vramGb'>, { digestOf }: ListFacts): object {
  const bytes = vramGb === null ? UNKNOWN_SIZE : Math.round(vramGb * BYTES_PER_GB);
  return { name: modelId, model: modelId, size: bytes, digest: digestOf(modelId), details: DETAILS, size_vram: bytes };
}

export const shownModel = (model: TextModel, { startedAtWallMs }: ListFacts): object => ({
  modelfile: '',
  parameters: '',
  template: '',
  details: DETAILS,
  model_info: infoOf(model),
  capabilities: capabilitiesOf(model),
  modified_at: new Date(startedAtWallMs).toISOString(),
});

/** Ollama adds the tag `latest` to a name without a tag. Model servers of other kinds have names without tags. */
export function modelIn(isInPool: (modelId: string) => boolean, asked: string): string {
  const hasTag = /:[^/]*$/.test(asked);
  const other = hasTag ? asked.replace(/:latest$/, '') : `${asked}:latest`;
  return !isInPool(asked) && isInPool(other) ? other : asked;
}
