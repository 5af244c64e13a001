// The form of answers of the Responses API. Errors are those of the OpenAI API. A stream ends with its last event, without `[DONE]`.
import { isRecord } from '../../../../../../shared/json';
import { openAiBody } from '../../../openai/core/openai-error';
import { openAiFormat } from '../../../openai/core/openai-format';
import type { AnswerFormat } from '../client-api';

export const responsesFormat: AnswerFormat = {
  ...openAiFormat,
  name: 'responses',
  framing: 'sse',
  eventName: (data) => (isRecord(data) && typeof data['type'] === 'string' ? data['type'] : null),
  errorEvent(failure, language) {
    const { code, message, param } = openAiBody(failure, language).error;
    return { name: 'error', data: { type: 'error', code, message, param } };
  },
};
