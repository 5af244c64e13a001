// The kinds of tasks of a pool, in the order of the page Connect programs: one HTTP call each, and `muster submit` where it supports the
// task. Their texts are in the catalogue `pool_task`. Pure, as all files of this folder.
import type { ServerPath, TaskKind } from '../../../../shared/protocol/task-kinds';
import type { Snippet } from '../programs/program';
import { command, formCall, httpCall, queuedJob, submit, type TaskTarget } from './calls';

export const TASK_IDS = [
  'chat',
  'responses',
  'messages',
  'completions',
  'embeddings',
  'rerank',
  'moderation',
  'speech',
  'transcription',
  'translation',
  'images',
  'queued_job',
  'command',
] as const;
export type TaskId = (typeof TASK_IDS)[number];

export type TaskGroup = 'text' | 'media' | 'jobs';
export const TASK_GROUPS: readonly TaskGroup[] = ['text', 'media', 'jobs'];

export interface PoolTask {
  readonly group: TaskGroup;
  /** What the model must support. */
  readonly task: TaskKind;
  /** Not translated. */
  readonly call: string;
  /** Whether `muster submit` supports it, too. */
  readonly hasSubmit: boolean;
  readonly snippets: (target: TaskTarget) => readonly Snippet[];
}

const HELLO = 'Hello';
const messages = [{ role: 'user', content: HELLO }];

const http = (group: TaskGroup, task: ServerPath, body: object, output?: string): PoolTask => ({
  group,
  task,
  call: `POST ${task}`,
  hasSubmit: false,
  snippets: (target) => [httpCall(target, task, body, output)],
});

const form = (task: ServerPath): PoolTask => ({
  group: 'media',
  task,
  call: `POST ${task}`,
  hasSubmit: false,
  snippets: (target) => [formCall(target, task)],
});

const job = { group: 'jobs', call: 'POST /api/v1/jobs', hasSubmit: true } as const;

export const TASKS: Readonly<Record<TaskId, PoolTask>> = {
  chat: {
    group: 'text',
    task: '/v1/chat/completions',
    call: 'POST /v1/chat/completions',
    hasSubmit: true,
    snippets: (target) => [httpCall(target, '/v1/chat/completions', { messages }), submit(target)],
  },
  responses: http('text', '/v1/responses', { input: HELLO }),
  messages: http('text', '/v1/messages', { max_tokens: 256, messages }),
  completions: http('text', '/v1/completions', { prompt: 'A pool of GPUs is' }),
  embeddings: http('text', '/v1/embeddings', { input: HELLO }),
  rerank: http('text', '/v1/rerank', { query: 'GPU', documents: ['A graphics card', 'A bicycle'] }),
  moderation: http('text', '/v1/moderations', { input: HELLO }),
  speech: http('media', '/v1/audio/speech', { input: HELLO }, 'speech.wav'),
  transcription: form('/v1/audio/transcriptions'),
  translation: form('/v1/audio/translations'),
  images: http('media', '/v1/images/generations', { prompt: 'A mountain lake' }, 'picture.json'),
  queued_job: { ...job, task: '/v1/chat/completions', snippets: queuedJob },
  command: { ...job, task: 'command', snippets: command },
};

export const tasksIn = (group: TaskGroup): readonly TaskId[] => TASK_IDS.filter((id) => TASKS[id].group === group);
