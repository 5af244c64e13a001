// A request of the Messages API as far as it can be translated. Fields without a counterpart in a chat completion are missing here, so
// that `request.ts` names them. Fields that only save time or money (`cache_control`) are accepted and ignored.
import { z } from 'zod';
import { modelIdSchema } from '../../../../../../shared/protocol/node-messages';

const MAX_MESSAGES = 100_000;
const MAX_BLOCKS = 100_000;
const MAX_TOOLS = 10_000;
const MAX_STOPS = 8192;

/** What every request needs, also a native one. The model server checks the rest of that. */
export const messagesBodySchema = z.looseObject({
  model: modelIdSchema,
  messages: z
    .array(z.looseObject({ role: z.string() }))
    .max(MAX_MESSAGES)
    .min(1),
  stream: z.boolean().nullish(),
});
export type MessagesBody = z.infer<typeof messagesBodySchema>;

/** A text is short for a list with one block of text. */
const listOf = <Schema extends z.ZodType>(block: Schema) =>
  z.preprocess((given) => (typeof given === 'string' ? [{ type: 'text', text: given }] : given), z.array(block).max(MAX_BLOCKS));

const textBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
const imageBlock = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), media_type: z.string().max(128), data: z.string() }),
    z.object({ type: z.literal('url'), url: z.string().max(65_536) }),
  ]),
});
const resultPart = z.discriminatedUnion('type', [textBlock, imageBlock]);
export const blockSchema = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  z.looseObject({ type: z.literal('thinking'), thinking: z.string() }),
  z.looseObject({ type: z.literal('redacted_thinking') }),
  z.looseObject({ type: z.literal('tool_use'), id: z.string().max(256), name: z.string().max(256), input: z.unknown() }),
  z.looseObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string().max(256),
    content: z.preprocess((given) => given ?? [], listOf(resultPart)),
  }),
]);
export type Block = z.infer<typeof blockSchema>;

const toolSchema = z.looseObject({
  type: z.literal('custom').nullish(),
  name: z.string().max(256),
  description: z.string().nullish(),
  input_schema: z.looseObject({}),
  strict: z.boolean().nullish(),
});

const parallel = { disable_parallel_tool_use: z.boolean().nullish() };

/** With all fields that have a meaning here. Each field of a request that is not here cannot be translated. */
export const translatableSchema = z.object({
  ...messagesBodySchema.shape,
  messages: z
    .array(
      z.object({
        role: z.enum(['user', 'assistant', 'system']),
        content: listOf(blockSchema),
      }),
    )
    .max(MAX_MESSAGES)
    .min(1),
  max_tokens: z.number().int().min(1).optional(),
  system: z.preprocess((given) => given ?? [], listOf(textBlock)),
  stop_sequences: z.array(z.string()).max(MAX_STOPS).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().int().nullish(),
  tools: z.array(toolSchema).max(MAX_TOOLS).nullish(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('auto'), ...parallel }),
      z.object({ type: z.literal('any'), ...parallel }),
      z.object({ type: z.literal('tool'), name: z.string().max(256), ...parallel }),
      z.object({ type: z.literal('none') }),
    ])
    .nullish(),
  thinking: z.looseObject({ type: z.enum(['enabled', 'disabled', 'adaptive']) }).nullish(),
  metadata: z.looseObject({ user_id: z.string().max(4096).nullish() }).nullish(),
  output_config: z
    .strictObject({
      /** A hint. Chat servers refuse it for models that do not think. */
      effort: z.string().max(32).nullish(),
      format: z.object({ type: z.literal('json_schema'), schema: z.looseObject({}) }).nullish(),
    })
    .nullish(),
});
export type Translatable = z.infer<typeof translatableSchema>;

/** Fields that change the price, the place or the speed of an answer, not the answer. */
export const IGNORED_FIELDS: readonly string[] = [
  'cache_control',
  'service_tier',
  'inference_geo',
  'speed',
  'context_management',
  'diagnostics',
];
