// The kinds of tasks: the paths of model servers, and the command of a model folder. A node reports for each model which of these it
// supports (ADR 0006).

/** Paths of the OpenAI API that any compatible server may have. */
export const OPENAI_PATHS = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/audio/transcriptions',
  '/v1/audio/translations',
  '/v1/audio/speech',
  '/v1/rerank',
  '/v1/images/generations',
  '/v1/moderations',
] as const;
export type OpenAiPath = (typeof OPENAI_PATHS)[number];

/** Paths that a model has only where its node reports them (ADR 0043). Without them, the scheduler translates to a chat completion. */
export const NATIVE_PATHS = ['/v1/messages', '/v1/messages/count_tokens', '/v1/responses'] as const;
export type NativePath = (typeof NATIVE_PATHS)[number];

/** The paths of tasks. */
export const SERVER_PATHS = [...OPENAI_PATHS, ...NATIVE_PATHS] as const;
export type ServerPath = (typeof SERVER_PATHS)[number];

/** Paths whose answers are text that the model generates. */
const GENERATING_PATHS: ReadonlySet<string> = new Set<ServerPath>([
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/messages',
  '/v1/responses',
]);
export const generatesText = (path: string): boolean => GENERATING_PATHS.has(path);

/** Paths whose requests are forms with a file of sound. */
export const FORM_PATHS = ['/v1/audio/transcriptions', '/v1/audio/translations'] as const satisfies readonly ServerPath[];
export const takesForm = (path: string | null): boolean => FORM_PATHS.some((one) => one === path);

export const TASK_KINDS = ['command', ...SERVER_PATHS] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** The tasks of a list that this version knows, without duplicates, in a fixed order. A newer node may report more. */
export const knownTasks = (reported: readonly string[]): TaskKind[] => TASK_KINDS.filter((task) => reported.includes(task));

/** The tasks that a model takes. Null: not reported, so any task. */
export type TakenTasks = readonly TaskKind[] | null;

export const takes = (taken: TakenTasks, task: TaskKind): boolean => taken === null || taken.includes(task);

/** The tasks that at least one of two models takes. */
export const joinTasks = (one: TakenTasks, other: TakenTasks): TaskKind[] | null =>
  one === null || other === null ? null : knownTasks([...one, ...other]);
