// What a model can be asked for: the paths of OpenAI's API, and the command of a model folder. A node tells for each of its models
// which of these it takes there (ADR 0006).

export const OPENAI_PATHS = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/audio/transcriptions',
  '/v1/audio/speech',
  '/v1/rerank',
] as const;
export type OpenAiPath = (typeof OPENAI_PATHS)[number];

export const TASK_KINDS = ['command', ...OPENAI_PATHS] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Those of a list that this version knows, each once, in one order: a newer node may tell more. */
export const knownTasks = (told: readonly string[]): TaskKind[] => TASK_KINDS.filter((task) => told.includes(task));

/** What a model takes. Null: nobody told, so any. */
export type TakenTasks = readonly TaskKind[] | null;

export const takes = (taken: TakenTasks, task: TaskKind): boolean => taken === null || taken.includes(task);

/** What one of two takes. */
export const joinTasks = (one: TakenTasks, other: TakenTasks): TaskKind[] | null =>
  one === null || other === null ? null : knownTasks([...one, ...other]);
