// The models of the pool as Ollama lists them. Clients require some fields that a pool does not know: docs/ollama.md says what they hold.
import type { PoolModel } from '../../../../dispatch/pool-models';

export interface ListFacts {
  /** When this scheduler started. */
  readonly startedAtWallMs: number;
  /** 64 hexadecimal digits that follow from the id of the model. */
  readonly digestOf: (modelId: string) => string;
}

type TextModel = Pick<PoolModel, 'kind' | 'tasks'>;

/** Whether Ollama's API has a path for the model. A node that does not report tasks says only what kind of model it is. */
export const isForOllama = ({ kind, tasks }: TextModel): boolean =>
  tasks === null
    ? kind === 'llm' || kind === 'embedding'
    : ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'].some((path) => tasks.some((task) => task === path));

const generates = ({ kind, tasks }: TextModel): boolean =>
  tasks === null ? kind === 'llm' : tasks.includes('/v1/chat/completions') || tasks.includes('/v1/completions');

/** Whether the model uses tools or sees images is not known. */
export const capabilitiesOf = (model: TextModel): readonly string[] => [generates(model) ? 'completion' : 'embedding'];

/** Not known, so Ollama's empty values. */
const DETAILS = { parent_model: '', format: '', family: '', families: [], parameter_size: '', quantization_level: '' };

const UNKNOWN_SIZE = 0;
const BYTES_PER_GB = 1_000_000_000;

export const listedModel = ({ modelId }: Pick<PoolModel, 'modelId'>, { startedAtWallMs, digestOf }: ListFacts): object => ({
  name: modelId,
  model: modelId,
  modified_at: new Date(startedAtWallMs).toISOString(),
  size: UNKNOWN_SIZE,
  digest: digestOf(modelId),
  details: DETAILS,
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
  model_info: {},
  capabilities: capabilitiesOf(model),
  modified_at: new Date(startedAtWallMs).toISOString(),
});

/** Ollama adds the tag `latest` to a name without a tag. Model servers of other kinds have names without tags. */
export function modelIn(isInPool: (modelId: string) => boolean, asked: string): string {
  const hasTag = /:[^/]*$/.test(asked);
  const other = hasTag ? asked.replace(/:latest$/, '') : `${asked}:latest`;
  return !isInPool(asked) && isInPool(other) ? other : asked;
}
