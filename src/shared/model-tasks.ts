// The tasks of a model by the names that people and clients use, and which models take them.
import type { ModelKind } from './protocol/node-messages';
import type { ServerPath, TakenTasks } from './protocol/task-kinds';

/** For `GET /v1/models?task=`. */
export const TASK_PATHS = {
  chat: '/v1/chat/completions',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
  rerank: '/v1/rerank',
  transcriptions: '/v1/audio/transcriptions',
  translations: '/v1/audio/translations',
  speech: '/v1/audio/speech',
  images: '/v1/images/generations',
  moderations: '/v1/moderations',
} as const satisfies Readonly<Record<string, ServerPath>>;
export type TaskName = keyof typeof TASK_PATHS;
export const TASK_NAMES = Object.keys(TASK_PATHS) as [TaskName, ...TaskName[]];

/** The kinds of models that take a path, where a node does not report tasks. Other paths: any kind may. */
const KINDS: Readonly<Partial<Record<ServerPath, readonly ModelKind[]>>> = {
  '/v1/chat/completions': ['llm', 'other'],
  '/v1/completions': ['llm', 'other'],
  '/v1/messages': ['llm', 'other'],
  '/v1/responses': ['llm', 'other'],
  '/v1/embeddings': ['embedding', 'llm', 'other'],
  '/v1/rerank': ['rerank', 'other'],
  '/v1/audio/transcriptions': ['asr', 'other'],
  '/v1/audio/translations': ['asr', 'other'],
  '/v1/audio/speech': ['tts', 'other'],
  '/v1/images/generations': ['image', 'other'],
};

interface TaskModel {
  readonly kind: ModelKind;
  readonly tasks: TakenTasks;
}

/** Whether the model takes the path: by its tasks, else by its kind. */
export function takesPath({ kind, tasks }: TaskModel, path: ServerPath): boolean {
  return tasks === null ? (KINDS[path]?.includes(kind) ?? true) : tasks.includes(path);
}
