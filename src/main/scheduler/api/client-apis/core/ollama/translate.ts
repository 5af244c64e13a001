// A request of Ollama's API as a task of the OpenAI API, and how its answer is translated back.
import { ok, type Result } from '../../../../../../shared/result';
import type { OpenAiTask } from '../../../../../../shared/protocol/tasks';
import type { AnswerTranslation, Untranslatable } from '../client-api';
import { embeddingOf, embedOf, type Shape, type Times, wholeOf } from './answer';
import { isGiven, promptToChat, promptToCompletion, toChat, toEmbedding } from './request';
import type { OllamaChat, OllamaEmbed, OllamaGenerate } from './request-schema';
import { startLines } from './stream';

export interface TranslatedTask {
  readonly task: Pick<OpenAiTask, 'path' | 'body'>;
  readonly translated: AnswerTranslation;
}

/** `asked`: the model as the client named it, which may be without its tag. */
export interface Asked {
  readonly asked: string;
  readonly times: Times;
}

const CHAT = { to: 'chat_completions', path: '/v1/chat/completions' } as const;
const COMPLETION = { to: 'completions', path: '/v1/completions' } as const;
const EMBEDDING = { to: 'embeddings', path: '/v1/embeddings' } as const;

interface TextTranslation {
  readonly to: 'chat_completions' | 'completions';
  readonly shape: Shape;
  readonly asked: string;
}

export const textTranslation = ({ to, shape, asked }: TextTranslation, times: Times): AnswerTranslation => ({
  data: { name: 'ollama_text', to, shape, asked },
  to,
  answer: (completion, facts) => wholeOf(shape, completion, facts, asked, times()),
  stream: (facts) => startLines(shape, asked, facts, times),
});

/** Embeddings are never streamed. */
export const embedTranslation = (asked: string, times: Times): AnswerTranslation => ({
  data: { name: 'ollama_embed', asked },
  to: EMBEDDING.to,
  answer: (answer) => embedOf(answer, asked, times()),
  stream: null,
});

/** Of the earlier path. */
export const embeddingTranslation: AnswerTranslation = {
  data: { name: 'ollama_embedding' },
  to: EMBEDDING.to,
  answer: embeddingOf,
  stream: null,
};

export function chatTask(request: OllamaChat, { asked, times }: Asked): TranslatedTask {
  const task = { path: CHAT.path, body: toChat(request) };
  return { task, translated: textTranslation({ to: CHAT.to, shape: 'chat', asked }, times) };
}

/** The field that needs a completion without the template of the model. Null: the prompt becomes a chat. */
export const completionField = ({ raw, suffix }: OllamaGenerate): 'raw' | 'suffix' | null =>
  raw === true ? 'raw' : isGiven(suffix) ? 'suffix' : null;

export function generateTask(request: OllamaGenerate, { asked, times }: Asked): Result<TranslatedTask, Untranslatable> {
  const { to, path } = completionField(request) === null ? CHAT : COMPLETION;
  const body = path === CHAT.path ? promptToChat(request) : promptToCompletion(request);
  return body.ok ? ok({ task: { path, body: body.value }, translated: textTranslation({ to, shape: 'generate', asked }, times) }) : body;
}

export const embedTask = (request: OllamaEmbed, { asked, times }: Asked): TranslatedTask => ({
  task: { path: EMBEDDING.path, body: toEmbedding(request) },
  translated: embedTranslation(asked, times),
});

/** Of the earlier path. */
export const embeddingTask = (request: OllamaEmbed): TranslatedTask => ({
  task: { path: EMBEDDING.path, body: toEmbedding(request) },
  translated: embeddingTranslation,
});
