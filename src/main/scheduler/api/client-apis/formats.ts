// The form of the errors of each path. The server needs it before it knows the route: a wrong key gets an error of the client's API too.
import { isOpenAiPath, openAiErrorSchema } from '../openai/core/openai-error';
import { openAiFormat } from '../openai/core/openai-format';
import type { NamedSchema } from '../route';
import type { AnswerFormat } from './core/client-api';
import { messagesErrorSchema, messagesFormat } from './core/messages/messages-format';

/** Null: a path of Muster's own API, or no path of an API. */
export function formatOfPath(path: string): AnswerFormat | null {
  if (path === '/v1/messages' || path.startsWith('/v1/messages/')) return messagesFormat;
  return isOpenAiPath(path) ? openAiFormat : null;
}

const ERRORS = new Map<AnswerFormat, NamedSchema>([
  [messagesFormat, { name: 'MessagesError', schema: messagesErrorSchema }],
  [openAiFormat, { name: 'OpenAiError', schema: openAiErrorSchema }],
]);

/** The schema of the errors of a path. Null: Muster's own. */
export function errorSchemaOfPath(path: string): NamedSchema | null {
  const format = formatOfPath(path);
  return format === null ? null : (ERRORS.get(format) ?? null);
}
