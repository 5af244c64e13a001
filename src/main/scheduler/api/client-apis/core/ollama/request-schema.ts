// The requests of Ollama's API. As Ollama does, the pool ignores fields that it does not know.
import { z } from 'zod';
import { modelIdSchema } from '../../../../../../shared/protocol/node-messages';

const MAX_MESSAGES = 100_000;
const MAX_INPUTS = 100_000;
/** Of one request. */
const MAX_IMAGES = 1000;
const MAX_TOOLS = 10_000;
const MAX_STOPS = 8192;
const MAX_CONTEXT = 1_000_000;

const text = z.string().nullish();
const number = z.number().nullish();
const images = z.array(z.string().min(1)).max(MAX_IMAGES).nullish();

/** The options that change the answer. All others set up Ollama's own server (`num_ctx`, `num_gpu`, ...) and have no effect. */
const optionsSchema = z.object({
  temperature: number,
  top_p: number,
  top_k: number,
  min_p: number,
  typical_p: number,
  seed: number,
  num_predict: number,
  stop: z.union([z.string(), z.array(z.string()).max(MAX_STOPS)]).nullish(),
  presence_penalty: number,
  frequency_penalty: number,
  repeat_penalty: number,
  repeat_last_n: number,
  mirostat: number,
  mirostat_tau: number,
  mirostat_eta: number,
});
export type Options = z.infer<typeof optionsSchema>;

const format = z.union([z.enum(['', 'json']), z.looseObject({})], 'must be "json" or a JSON schema').nullish();
const think = z
  .union([z.boolean(), z.enum(['low', 'medium', 'high', 'max'])], 'must be true, false, "low", "medium", "high" or "max"')
  .nullish();
/** A duration, such as `5m`, or seconds. Only 0 without a prompt has a meaning here. */
const keepAlive = z.union([z.string().max(64), z.number()]).nullish();

const common = { model: modelIdSchema, options: optionsSchema.nullish(), keep_alive: keepAlive };
const generating = {
  ...common,
  format,
  think,
  /** Absent: true. */
  stream: z.boolean().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).nullish(),
};
/** What every request for text has. */
export type Generating = z.infer<z.ZodObject<typeof generating>>;

const messageSchema = z.object({
  role: z.string().max(64),
  content: text,
  thinking: text,
  images,
  tool_calls: z
    .array(
      z.object({
        id: z.string().max(256).nullish(),
        function: z.object({ name: z.string().max(256), arguments: z.looseObject({}).nullish() }),
      }),
    )
    .max(MAX_TOOLS)
    .nullish(),
  /** The function whose result this is. Earlier clients write `name`. */
  tool_name: z.string().max(256).nullish(),
  name: z.string().max(256).nullish(),
  tool_call_id: z.string().max(256).nullish(),
});
export type Message = z.infer<typeof messageSchema>;

/** Adds an issue at the list that has the first image too many. */
function limitImages({ value: messages, issues }: z.core.ParsePayload<readonly Message[]>): void {
  let count = 0;
  for (const [at, { images: given }] of messages.entries()) {
    count += given?.length ?? 0;
    if (count <= MAX_IMAGES) continue;
    const message = `more than ${String(MAX_IMAGES)} images in all messages`;
    issues.push({ code: 'custom', input: given, path: [at, 'images'], message });
    return;
  }
}

export const chatSchema = z.object({
  ...generating,
  /** Absent or empty: Ollama loads the model. */
  messages: z.array(messageSchema).max(MAX_MESSAGES).check(limitImages).nullish(),
  tools: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string().max(256) }) }))
    .max(MAX_TOOLS)
    .nullish(),
});
export type OllamaChat = z.infer<typeof chatSchema>;

export const generateSchema = z.object({
  ...generating,
  prompt: text,
  suffix: text,
  system: text,
  template: text,
  context: z.array(z.number()).max(MAX_CONTEXT).nullish(),
  images,
  raw: z.boolean().nullish(),
});
export type OllamaGenerate = z.infer<typeof generateSchema>;

export const embedSchema = z.object({
  ...common,
  input: z.union([z.string(), z.array(z.string()).max(MAX_INPUTS)], 'must be a text or a list of texts').nullish(),
  dimensions: z.number().int().min(0).nullish(),
});
export type OllamaEmbed = z.infer<typeof embedSchema>;

export const embeddingsSchema = z.object({ ...common, prompt: text });

/** Earlier clients write `name`. */
export const showSchema = z
  .object({ model: modelIdSchema.optional(), name: modelIdSchema.optional() })
  .refine(({ model, name }) => (model ?? name) !== undefined, { path: ['model'], message: 'required' });
