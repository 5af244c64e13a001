// The paths of Ollama's API, its errors, and its streams of JSON lines.
import { z } from 'zod';
import { messageOf, type OpenAiFailure, serverFailure } from '../../../openai/core/openai-error';
import type { AnswerFormat } from '../client-api';

export const ollamaErrorSchema = z.object({ error: z.string() });

const PATHS: ReadonlySet<string> = new Set(
  ['chat', 'generate', 'embed', 'embeddings', 'tags', 'show', 'ps', 'version'].map((name) => `/api/${name}`),
);
/** They change the models of a server. */
const CHANGES: ReadonlySet<string> = new Set(['pull', 'push', 'create', 'copy', 'delete'].map((name) => `/api/${name}`));

export const changesModels = (path: string): boolean => CHANGES.has(path) || path.startsWith('/api/blobs/');
export const isOllamaPath = (path: string): boolean => PATHS.has(path) || changesModels(path);

export const MODEL_CHANGE: OpenAiFailure = {
  ...serverFailure('FORBIDDEN', null),
  text: {
    en: 'models of a pool cannot be changed through this API: the owner of each computer installs and removes its models',
    zh: '不能通过此接口更改算力池的模型：模型由各电脑的所有者安装和删除',
  },
};

/** Clients look for the words `not found`. */
const errorBody: AnswerFormat['errorBody'] = (failure, language) => {
  const { code, muster } = failure.error;
  const model = muster?.['model'];
  if (code === 'model_not_found' && typeof model === 'string') return { error: `model '${model}' not found` };
  return { error: messageOf(failure, language) };
};

export const ollamaFormat: AnswerFormat = {
  name: 'ollama',
  framing: 'json_lines',
  keepAlive: null,
  headers: () => ({}),
  eventName: () => null,
  errorBody,
  errorEvent: (failure, language, requestId) => ({ name: null, data: errorBody(failure, language, requestId) }),
  isError: (body) => ollamaErrorSchema.safeParse(body).success,
  passesRefusals: false,
};
