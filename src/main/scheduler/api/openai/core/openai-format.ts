// The form of the OpenAI API. Its paths are never translated.
import type { AnswerFormat } from '../../client-apis/core/client-api';
import { openAiBody } from './openai-error';
import { isOpenAiError } from './whole-answer';

export const openAiFormat: AnswerFormat = {
  name: 'openai',
  framing: 'sse_done',
  keepAlive: ': keep-alive\n\n',
  headers: () => ({}),
  eventName: () => null,
  errorBody: openAiBody,
  errorEvent: (failure, language) => ({ name: null, data: openAiBody(failure, language) }),
  isError: isOpenAiError,
  passesRefusals: true,
};
