// Makes a translation of its data.
import { assertNever } from '../../../../../shared/assert-never';
import type { AnswerTranslation } from './client-api';
import { messagesTranslation } from './messages/request';
import type { Times } from './ollama/answer';
import { embeddingTranslation, embedTranslation, textTranslation } from './ollama/translate';
import { nativeResponses } from './responses/native';
import { answeredFields, responsesBodySchema } from './responses/request';
import { responsesTranslation } from './responses/translate';
import type { TranslationData } from './translation-data';

/** `times`: of the answer, since the request. Null: data that no translation made. */
export function translationOf(data: TranslationData, times: Times): AnswerTranslation | null {
  switch (data.name) {
    case 'messages':
      return messagesTranslation;
    case 'responses': {
      const body = responsesBodySchema.safeParse(data.body).data;
      const fields = body === undefined ? null : answeredFields(body);
      return body !== undefined && fields?.ok === true ? responsesTranslation(body, fields.value) : null;
    }
    case 'native_responses': {
      const body = responsesBodySchema.safeParse(data.body).data;
      return body === undefined ? null : nativeResponses(body);
    }
    case 'ollama_text':
      return textTranslation(data, times);
    case 'ollama_embed':
      return embedTranslation(data.asked, times);
    case 'ollama_embedding':
      return embeddingTranslation;
    default:
      return assertNever(data);
  }
}
