// A request of the Responses API as a chat completion. A field that a chat completion cannot express is refused by its name. Some fields ask
// nothing of a model: they are accepted and have no effect.
import { z } from 'zod';
import { validate } from '../../../../../../shared/protocol/decode';
import { modelIdSchema } from '../../../../../../shared/protocol/node-messages';
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { ChatBody, Untranslatable } from '../client-api';
import { itemsOf, translateItems } from './messages';
import { type Json, type NamedTools, toolsSchema, translateChoice, translateTools } from './tools';

/** With the conversation before. Each item takes a few µs, and nothing may hold up other requests. */
const MAX_ITEMS = 10_000;
const MAX_INCLUDE = 64;
const ID = /^[\w-]{1,128}$/;

/** What the pool itself reads. A native request reaches the model server with all its other fields. */
export const responsesBodySchema = z.looseObject({
  model: modelIdSchema,
  input: z.union([z.string(), z.array(z.looseObject({})).max(MAX_ITEMS)]),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  previous_response_id: z.string().regex(ID).nullish(),
});
export type ResponsesBody = z.output<typeof responsesBodySchema>;

const number = z.number().nullish();
const text = z.string().nullish();
const formatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    name: z.string().min(1).max(256),
    schema: z.looseObject({}),
    strict: z.boolean().nullish(),
    description: text,
  }),
]);

/** The fields that are translated. */
const translatedSchema = z.object({
  instructions: text,
  tools: toolsSchema.nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.object({ format: formatSchema.nullish(), verbosity: text }).nullish(),
  reasoning: z.object({ effort: text, summary: z.unknown().optional() }).nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  temperature: number,
  top_p: number,
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  include: z.array(z.string()).max(MAX_INCLUDE).nullish(),
  truncation: z.enum(['disabled'], 'a chat completion is not truncated; only "disabled" can be translated').nullish(),
  user: text,
  prompt_cache_key: text,
});
export type TranslatedFields = z.output<typeof translatedSchema>;

/** Fields of a chat completion that clients of open models add. */
const CHAT_FIELDS = [
  'seed',
  'stop',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'top_k',
  'min_p',
  'repetition_penalty',
  'chat_template_kwargs',
] as const;

/** Accepted without effect: they concern OpenAI's service, its own tools, or the client. */
const NO_EFFECT = [
  'metadata',
  'service_tier',
  'safety_identifier',
  'prompt_cache_retention',
  'prompt_cache_options',
  'max_tool_calls',
  'stream_options',
  'client_metadata',
] as const;

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(responsesBodySchema.shape),
  ...Object.keys(translatedSchema.shape),
  ...CHAT_FIELDS,
  ...NO_EFFECT,
]);

/** What `include` may ask for. All other values concern tools that OpenAI runs, and a request with such a tool is refused. */
export const INCLUDE_REASONING = 'reasoning.encrypted_content';
const INCLUDE_LOGPROBS = 'message.output_text.logprobs';

/** What the translation of the answer needs of the request. */
export interface AnsweredFields {
  readonly fields: TranslatedFields;
  readonly named: NamedTools;
}

export interface TranslatedRequest extends AnsweredFields {
  readonly chat: ChatBody;
}

/** Of a request that was translated before. */
export function answeredFields(body: ResponsesBody): Result<AnsweredFields, Untranslatable> {
  const fields = validate(body, translatedSchema);
  if (!fields.ok) return fields;
  const tools = translateTools(fields.value.tools ?? []);
  return tools.ok ? ok({ fields: fields.value, named: tools.value.named }) : tools;
}

/** `context`: the items of the conversation before the input. */
export function translateRequest(body: ResponsesBody, context: readonly Json[]): Result<TranslatedRequest, Untranslatable> {
  const unknown = Object.keys(body).find((name) => !KNOWN.has(name) && body[name] !== null && !isEmptyList(body[name]));
  if (unknown !== undefined) return fail({ field: unknown.slice(0, 256), reason: 'a chat completion has no such field' });
  const read = validate(body, translatedSchema);
  if (!read.ok) return read;
  const fields = read.value;
  const tools = translateTools(fields.tools ?? []);
  if (!tools.ok) return tools;
  const choice = translateChoice(fields.tool_choice, tools.value);
  if (!choice.ok) return choice;
  const items = [...context, ...itemsOf(body.input)];
  if (items.length > MAX_ITEMS)
    return fail({ field: 'input', reason: `more than ${String(MAX_ITEMS)} items with the conversation before` });
  const place = (index: number) => (index < context.length ? 'previous_response_id' : `input[${String(index - context.length)}]`);
  const messages = translateItems(items, fields.instructions ?? null, place);
  if (!messages.ok) return messages;
  if (messages.value.length === 0) return fail({ field: 'input', reason: 'no message' });
  const chat: ChatBody = {
    model: body.model,
    messages: messages.value.map((message) => ({ ...message })),
    ...toolFields(choice.value, fields),
    ...settingsOf(fields),
    ...Object.fromEntries(CHAT_FIELDS.filter((name) => body[name] != null).map((name) => [name, body[name]])),
    ...(body.stream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  return ok({ chat, fields, named: tools.value.named });
}

const isEmptyList = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);

function toolFields(
  { tools, tool_choice: choice }: { readonly tools: readonly object[]; readonly tool_choice: unknown },
  { parallel_tool_calls: parallel }: TranslatedFields,
): object {
  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(choice === null ? {} : { tool_choice: choice }),
    ...(tools.length === 0 || parallel == null ? {} : { parallel_tool_calls: parallel }),
  };
}

function settingsOf(fields: TranslatedFields): object {
  const { text: format, reasoning, max_output_tokens: maxTokens, top_logprobs: topLogprobs, include } = fields;
  const wantsLogprobs = topLogprobs != null || include?.includes(INCLUDE_LOGPROBS) === true;
  const same = { temperature: fields.temperature, top_p: fields.top_p, user: fields.user, prompt_cache_key: fields.prompt_cache_key };
  const renamed = {
    // `max_completion_tokens` is newer, but not every server knows it.
    max_tokens: maxTokens,
    reasoning_effort: reasoning?.effort,
    verbosity: format?.verbosity,
    response_format: responseFormat(format?.format ?? null),
    ...(wantsLogprobs ? { logprobs: true, top_logprobs: topLogprobs ?? 0 } : {}),
  };
  return Object.fromEntries(Object.entries({ ...same, ...renamed }).filter(([, value]) => value != null));
}

function responseFormat(format: z.output<typeof formatSchema> | null): object | null {
  if (format === null || format.type === 'text') return null;
  if (format.type === 'json_object') return format;
  const { name, schema, strict, description } = format;
  const optional = { ...(description == null ? {} : { description }), ...(strict == null ? {} : { strict }) };
  return { type: 'json_schema', json_schema: { name, schema, ...optional } };
}
