// Translates a request of the Messages API to a chat completion.
import { isRecord } from '../../../../../../shared/json';
import { validate } from '../../../../../../shared/protocol/decode';
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { ChatBody, Translate, Untranslatable } from '../client-api';
import { toMessage } from './answer';
import { IGNORED_FIELDS, type Block, type MessagesBody, type Translatable, translatableSchema } from './request-schema';
import { startMessage } from './stream';

export const messagesTranslation = { data: { name: 'messages' }, answer: toMessage, stream: startMessage } as const;

export const translateMessages: Translate<MessagesBody> = (body) => {
  const request = readRequest(body);
  if (!request.ok) return request;
  if (request.value.max_tokens === undefined) return fail({ field: 'max_tokens', reason: 'required' });
  return ok({ ...messagesTranslation, chat: toChat(request.value) });
};

/** A request with nothing that has no counterpart in a chat completion. */
export function readRequest(body: MessagesBody): Result<Translatable, Untranslatable> {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(translatableSchema.shape, name) && !IGNORED_FIELDS.includes(name));
  if (unknown !== undefined && isGiven(body[unknown])) return fail({ field: unknown.slice(0, 64), reason: NOT_TRANSLATED });
  if (partCountOf(body.messages) > MAX_ALL_PARTS) return fail({ field: 'messages', reason: `more than ${String(MAX_ALL_PARTS)} parts` });
  const request = validate(body, translatableSchema);
  if (request.ok) return request;
  const { field, reason } = request.error;
  return fail({ field, reason: `${reason}; ${NOT_TRANSLATED}` });
}

/** Messages, their blocks, and the parts of results. Each takes some µs, and nothing may hold up other requests for 50 ms. */
const MAX_ALL_PARTS = 8192;

const partCountOf = (messages: MessagesBody['messages']): number =>
  messages.reduce((sum, { content }) => sum + 1 + lengthOf(content, (block) => (isRecord(block) ? lengthOf(block['content']) : 0)), 0);

const lengthOf = (list: unknown, innerOf: (item: unknown) => number = () => 0): number =>
  Array.isArray(list) ? list.reduce<number>((sum, item) => sum + 1 + innerOf(item), 0) : 0;

const NOT_TRANSLATED = 'not every node with this model has the Messages API, and a chat completion has no such field or value';

const isGiven = (value: unknown): boolean => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);

function toChat(request: Translatable): ChatBody {
  const { model, max_tokens: maxTokens, stop_sequences: stop, temperature, top_p: topP, top_k: topK, stream } = request;
  return {
    model,
    messages: [...systemMessages(request.system), ...request.messages.flatMap(toMessages)],
    ...given('max_tokens', maxTokens),
    ...given('stop', stop?.length === 0 ? null : stop),
    ...given('temperature', temperature),
    ...given('top_p', topP),
    ...given('top_k', topK),
    ...toolFields(request),
    ...thinkingField(request.thinking?.type),
    ...given('user', request.metadata?.user_id),
    ...formatField(request.output_config?.format?.schema),
    ...(stream === true ? { stream, stream_options: { include_usage: true } } : {}),
  };
}

const given = (name: string, value: unknown): Readonly<Record<string, unknown>> =>
  value === null || value === undefined ? {} : { [name]: value };

const systemMessages = (system: Translatable['system']): readonly object[] => {
  const text = system.map((block) => block.text).join('\n\n');
  return text === '' ? [] : [{ role: 'system', content: text }];
};

function toolFields({ tools, tool_choice: choice }: Translatable): object {
  if (tools === null || tools === undefined || tools.length === 0) return {};
  const functions = tools.map(({ name, description, input_schema: parameters, strict }) => ({
    type: 'function',
    function: { name, ...given('description', description), parameters, ...given('strict', strict) },
  }));
  const isSerial = choice !== null && choice !== undefined && choice.type !== 'none' && choice.disable_parallel_tool_use === true;
  return { tools: functions, ...choiceField(choice), ...(isSerial ? { parallel_tool_calls: false } : {}) };
}

function choiceField(choice: Translatable['tool_choice']): object {
  switch (choice?.type) {
    case undefined:
      return {};
    case 'auto':
    case 'none':
      return { tool_choice: choice.type };
    case 'any':
      return { tool_choice: 'required' };
    case 'tool':
      return { tool_choice: { type: 'function', function: { name: choice.name } } };
  }
}

/** The field that vLLM and llama.cpp read. Others ignore it. `reasoning_effort` is refused where a model does not think. */
function thinkingField(type: 'enabled' | 'disabled' | 'adaptive' | undefined): object {
  return type === undefined || type === 'adaptive' ? {} : { chat_template_kwargs: { enable_thinking: type === 'enabled' } };
}

const formatField = (schema: object | undefined): object =>
  schema === undefined ? {} : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } };

function toMessages({ role, content }: Translatable['messages'][number]): readonly object[] {
  if (role === 'assistant') return [assistantMessage(content)];
  if (role === 'system') return systemMessages(content.filter((block) => block.type === 'text'));
  return userMessages(content);
}

function assistantMessage(blocks: readonly Block[]): object {
  const texts = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const thoughts = blocks.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : []));
  const calls = blocks.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ id: block.id, type: 'function', function: { name: block.name, arguments: JSON.stringify(block.input ?? {}) } }]
      : [],
  );
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    ...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

type Part = { readonly type: 'text'; readonly text: string } | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

/** Results of tools are messages of their own. A result has text only: its images follow as a message of the user. */
function userMessages(blocks: readonly Block[]): readonly object[] {
  const messages: object[] = [];
  let parts: Part[] = [];
  const flush = (): void => {
    if (parts.length > 0) messages.push({ role: 'user', content: contentOf(parts) });
    parts = [];
  };
  const images: Part[] = [];
  for (const block of blocks) {
    if (block.type === 'tool_result') {
      flush();
      const resultParts = block.content.flatMap(partOf);
      const texts = resultParts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
      images.push(...resultParts.filter((part) => part.type === 'image_url'));
      messages.push({ role: 'tool', tool_call_id: block.tool_use_id, content: texts.join('\n') });
    } else parts.push(...partOf(block));
  }
  parts = [...images, ...parts];
  flush();
  return messages;
}

function partOf(block: Block): readonly Part[] {
  if (block.type === 'text') return [{ type: 'text', text: block.text }];
  if (block.type !== 'image') return [];
  const { source } = block;
  const url = source.type === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`;
  return [{ type: 'image_url', image_url: { url } }];
}

/** Servers of models without images expect a text. */
const contentOf = (parts: readonly Part[]): string | readonly Part[] =>
  parts.every((part) => part.type === 'text') ? parts.map(({ text }) => text).join('\n\n') : parts;
