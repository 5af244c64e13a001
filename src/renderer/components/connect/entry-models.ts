// The models that serve an entry of the page Connect programs: a program, or a kind of task. Pure.
import { AUTO_MODEL } from '../../../shared/model-aliases';
import type { ReadyPoolModel } from '../../../shared/api/pool-models';
import type { ModelKind } from '../../../shared/protocol/node-messages';
import { TASK_KINDS, type TaskKind, takes } from '../../../shared/protocol/task-kinds';

export interface EntryModels {
  /** In memory on most nodes first. */
  readonly models: readonly ReadyPoolModel[];
  /** Their further names, and `auto`. */
  readonly names: readonly string[];
}

const CHAT: TaskKind = '/v1/chat/completions';
/** The pool translates these to a chat where the server of the model lacks them. */
const TRANSLATED: readonly TaskKind[] = ['/v1/responses', '/v1/messages'];

/** For a model whose node reports no tasks: what models of its kind do. */
const USUAL: Readonly<Record<ModelKind, readonly TaskKind[]>> = {
  llm: [CHAT, '/v1/completions'],
  other: [CHAT, '/v1/completions'],
  embedding: ['/v1/embeddings'],
  rerank: ['/v1/rerank'],
  tts: ['/v1/audio/speech'],
  asr: ['/v1/audio/transcriptions', '/v1/audio/translations'],
  image: ['/v1/images/generations'],
  nmt: ['command'],
  vad: ['command'],
  emotion: ['command'],
};

const does = ({ kind, tasks }: ReadyPoolModel, task: TaskKind): boolean =>
  tasks === null ? USUAL[kind].includes(task) : takes(tasks, task);

/** `task`: what the program or the call needs. */
export function modelsFor(ready: readonly ReadyPoolModel[], task: TaskKind): EntryModels {
  const models = ready
    .filter((model) => does(model, task) || (TRANSLATED.includes(task) && does(model, CHAT)))
    .toSorted((one, other) => (other.nodes_loaded ?? 0) - (one.nodes_loaded ?? 0) || one.model_id.localeCompare(other.model_id));
  const ids = new Set(models.map(({ model_id: id }) => id));
  const aliases = new Set(models.flatMap((model) => model.aliases ?? []));
  // A command names its model (docs/openai.md).
  const hasNames = task !== 'command' && models.length > 0;
  return { models, names: hasNames ? [...[...aliases].filter((name) => !ids.has(name)).toSorted(), AUTO_MODEL] : [] };
}

/** Ready models that support no task. */
export const modelsWithoutTask = (ready: readonly ReadyPoolModel[]): readonly string[] =>
  ready.flatMap(({ model_id, tasks }) => (TASK_KINDS.some((task) => takes(tasks, task)) ? [] : [model_id]));
