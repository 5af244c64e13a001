// The form of the errors of each path. The server needs it before it knows the route: a wrong key gets an error of the client's API too.
import { isOpenAiPath, openAiErrorSchema } from '../openai/core/openai-error';
import { openAiFormat } from '../openai/core/openai-format';
import type { NamedSchema } from '../route';
import type { AnswerFormat, FormatName } from './core/client-api';
import { messagesErrorSchema, messagesFormat } from './core/messages/messages-format';
import { isOllamaPath, ollamaErrorSchema, ollamaFormat } from './core/ollama/ollama-format';
import { responsesFormat } from './core/responses/responses-format';

export const FORMATS: Readonly<Record<FormatName, AnswerFormat>> = {
  openai: openAiFormat,
  messages: messagesFormat,
  responses: responsesFormat,
  ollama: ollamaFormat,
};

/** Null: a path of Muster's own API, or no path of an API. */
export function formatOfPath(path: string): AnswerFormat | null {
  if (path === '/v1/messages' || path.startsWith('/v1/messages/')) return messagesFormat;
  if (path === '/v1/responses' || path.startsWith('/v1/responses/')) return responsesFormat;
  if (isOllamaPath(path)) return ollamaFormat;
  return isOpenAiPath(path) ? openAiFormat : null;
}

const ERRORS = new Map<AnswerFormat, NamedSchema>([
  [messagesFormat, { name: 'MessagesError', schema: messagesErrorSchema }],
  [ollamaFormat, { name: 'OllamaError', schema: ollamaErrorSchema }],
  [openAiFormat, { name: 'OpenAiError', schema: openAiErrorSchema }],
  [responsesFormat, { name: 'OpenAiError', schema: openAiErrorSchema }],
]);

/** The schema of the errors of a path. Null: Muster's own. */
export function errorSchemaOfPath(path: string): NamedSchema | null {
  const format = formatOfPath(path);
  return format === null ? null : (ERRORS.get(format) ?? null);
}

/** The content type of the streams of a path. */
export const streamTypeOf = (path: string): string =>
  formatOfPath(path)?.framing === 'json_lines' ? 'application/x-ndjson' : 'text/event-stream';
