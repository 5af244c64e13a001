// Requests the number of tokens of a stream from servers that report it only on request, and removes the event that the client did not
// request. Only for servers that are known to accept the request: another server may refuse an unknown field.
import type { RuntimeType } from '../../../../shared/api/agent-view';
import { isStreamed, type OpenAiTask } from '../../../../shared/protocol/tasks';
import { isTextPath } from '../../../../shared/protocol/whole-answer-events';

/** llama.cpp reports `timings` without a request. */
const COUNTS_ON_REQUEST: ReadonlySet<RuntimeType> = new Set(['ollama', 'lm-studio', 'vllm']);

/** The body with the request. Null: nothing is added, because the client or the server has its own rule. */
export function bodyWithUsage({ path, body }: OpenAiTask, server: RuntimeType): OpenAiTask['body'] | null {
  if (!COUNTS_ON_REQUEST.has(server) || !isTextPath(path) || !isStreamed({ path, body })) return null;
  const options = body['stream_options'] ?? {};
  if (typeof options !== 'object' || Array.isArray(options)) return null;
  if ('include_usage' in options && options.include_usage === true) return null;
  return { ...body, stream_options: { ...options, include_usage: true } };
}

/** The event of a stream with added usage as the client would have got it. Null: the event has nothing but the usage. */
export function withoutUsage(event: object): object | null {
  if (!('usage' in event)) return event;
  const { usage, ...rest } = event;
  if (usage === null) return rest;
  const isUsageOnly = 'choices' in event && Array.isArray(event.choices) && event.choices.length === 0;
  return isUsageOnly ? null : event;
}
