// The chat completion of a request of the Responses API, or the error.
import { validate } from '../../../../../../../src/shared/protocol/decode';
import { responsesBodySchema } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/request';
import { translateResponses } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/translate';

export const hello = { role: 'user', content: 'hello' };
export const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

export function chatOf(fields: object, context: readonly Record<string, unknown>[] = []): unknown {
  const body = validate({ model: 'm', input: 'hello', ...fields }, responsesBodySchema);
  if (!body.ok) return body.error;
  const translated = translateResponses(body.value, context);
  return translated.ok ? translated.value.chat : translated.error;
}

export const withMessages = (...messages: object[]) => ({ model: 'm', messages });
