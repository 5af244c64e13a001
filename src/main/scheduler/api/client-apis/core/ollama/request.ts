// Translates requests of Ollama's API to requests of the OpenAI API.
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { OpenAiTask } from '../../../../../../shared/protocol/tasks';
import type { ChatBody, Untranslatable } from '../client-api';
import { OpenCalls } from './open-calls';
import type { Generating, Message, OllamaChat, OllamaEmbed, OllamaGenerate, Options } from './request-schema';

type Fields = Readonly<Record<string, unknown>>;

export function toChat(request: OllamaChat): ChatBody {
  const { tools } = request;
  return {
    ...sampling(request),
    ...thinking(request.think),
    ...logprobs(request),
    messages: toMessages(request.messages ?? []),
    ...(tools === null || tools === undefined || tools.length === 0 ? {} : { tools: tools.map((tool) => ({ ...tool, type: 'function' })) }),
  };
}

/** A prompt as a chat: the template of the model applies. */
export function promptToChat(request: OllamaGenerate): Result<ChatBody, Untranslatable> {
  const { prompt, system, images } = request;
  const fault = promptFault(request);
  if (fault !== null) return fail(fault);
  const messages: readonly Message[] = [
    ...(isGiven(system) ? [{ role: 'system', content: system }] : []),
    { role: 'user', content: prompt, images },
  ];
  return ok({ ...sampling(request), ...thinking(request.think), ...logprobs(request), messages: toMessages(messages) });
}

/** A prompt without a template (`raw`), or with the text that follows (`suffix`). */
export function promptToCompletion(request: OllamaGenerate): Result<OpenAiTask['body'], Untranslatable> {
  const { prompt, suffix, raw, system, images } = request;
  const fault = promptFault(request);
  if (fault !== null) return fail(fault);
  const without = raw === true ? '`raw`' : '`suffix`';
  const others = { system: isGiven(system), images: (images ?? []).length > 0, logprobs: request.logprobs === true };
  const other = Object.entries(others).find(([, given]) => given);
  if (other !== undefined) return fail({ field: other[0], reason: `cannot be used with ${without}` });
  return ok({ ...sampling(request), prompt: prompt ?? '', ...(isGiven(suffix) ? { suffix } : {}) });
}

function promptFault({ template, context }: OllamaGenerate): Untranslatable | null {
  if (isGiven(template)) return { field: 'template', reason: 'the template of a model cannot be replaced' };
  if ((context ?? []).length === 0) return null;
  return { field: 'context', reason: 'tokens of another answer cannot be continued; send the messages to /api/chat' };
}

export const toEmbedding = ({ model, input, dimensions }: OllamaEmbed): OpenAiTask['body'] => ({
  model,
  input,
  encoding_format: 'float',
  ...given({ dimensions }),
});

export const isGiven = (text: string | null | undefined): text is string => text !== null && text !== undefined && text !== '';

/** The fields that have a value. */
const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

function sampling({ model, stream, format, options }: Generating): { readonly model: string } & Fields {
  return {
    model,
    ...optionFields(options ?? {}),
    ...formatField(format),
    ...(stream === false ? {} : { stream: true, stream_options: { include_usage: true } }),
  };
}

/** `num_predict` below 1: no limit. Servers have either name of the repeat penalty, and ignore the other. */
function optionFields({ num_predict: limit, repeat_penalty: penalty, stop, ...same }: Partial<Options>): Fields {
  return given({
    ...same,
    max_tokens: (limit ?? 0) > 0 ? limit : null,
    stop: stop?.length === 0 ? null : stop,
    repeat_penalty: penalty,
    repetition_penalty: penalty,
  });
}

function formatField(format: Generating['format']): Fields {
  if (format === null || format === undefined || format === '') return {};
  if (format === 'json') return { response_format: { type: 'json_object' } };
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: format, strict: true } } };
}

/** vLLM and llama.cpp read `enable_thinking`. An effort is for models that have levels of it. */
function thinking(think: Generating['think']): Fields {
  if (think === null || think === undefined) return {};
  if (typeof think === 'boolean') return { chat_template_kwargs: { enable_thinking: think } };
  return { reasoning_effort: think, chat_template_kwargs: { enable_thinking: true } };
}

const logprobs = ({ logprobs: wanted, top_logprobs: top }: Generating): Fields =>
  wanted === true ? given({ logprobs: true, top_logprobs: top }) : {};

/** A chat completion needs the id of each call, and Ollama's clients may send none: results answer the calls in their order. */
function toMessages(messages: readonly Message[]): readonly object[] {
  const open = new OpenCalls();
  return messages.map((message, at) => {
    if (message.role === 'tool') {
      const name = message.tool_name ?? message.name;
      const id = message.tool_call_id ?? open.first(name) ?? `call_${String(at)}`;
      open.close(id);
      return { role: 'tool', tool_call_id: id, content: message.content ?? '' };
    }
    const calls = (message.tool_calls ?? []).map(({ id, function: called }, index) => ({
      id: id ?? `call_${String(at)}_${String(index)}`,
      type: 'function',
      function: { name: called.name, arguments: JSON.stringify(called.arguments ?? {}) },
    }));
    for (const call of calls) open.add({ id: call.id, name: call.function.name });
    return toMessage(message, calls);
  });
}

function toMessage({ role, content, thinking: thoughts, images }: Message, calls: readonly object[]): object {
  const parts = (images ?? []).map((image) => ({ type: 'image_url', image_url: { url: imageUrl(image) } }));
  const text = content ?? '';
  return {
    role,
    content:
      parts.length > 0 ? [...(text === '' ? [] : [{ type: 'text', text }]), ...parts] : text === '' && calls.length > 0 ? null : text,
    ...(isGiven(thoughts) ? { reasoning_content: thoughts } : {}),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** The first bytes of each kind of image, in base64. */
const IMAGE_TYPES = [
  ['iVBORw', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
] as const;

function imageUrl(base64: string): string {
  if (base64.startsWith('data:')) return base64;
  const type = IMAGE_TYPES.find(([start]) => base64.startsWith(start))?.[1] ?? 'image/jpeg';
  return `data:${type};base64,${base64}`;
}
