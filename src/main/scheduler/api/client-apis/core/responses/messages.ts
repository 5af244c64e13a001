// The items of a Responses request as messages of a chat completion. Reasoning, texts and calls of one turn of the model are one message.
// `developer` is `system`, because open models know no other name. System messages at the beginning are one message: many chat templates accept
// a single one.
import { z } from 'zod';
import { isRecord } from '../../../../../../shared/json';
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { Untranslatable } from '../client-api';
import { chatNameOf, customArguments, type Json, readAt, shellArguments } from './tools';

const MAX_PARTS = 10_000;
const MAX_TEXT_PARTS = 100_000;
/** Of all items. Each takes a µs or two, and nothing may hold up other requests. */
const MAX_ALL_PARTS = 32_768;

type ChatPart = Json & { readonly type: string };
interface ChatCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly ChatPart[] | null;
  readonly tool_calls?: readonly ChatCall[];
  readonly tool_call_id?: string;
  readonly reasoning_content?: string;
  readonly reasoning?: string;
}

const partSchema = z.looseObject({ type: z.string() });
const contentSchema = z.union([z.string(), z.array(partSchema).max(MAX_PARTS)]);
const messageSchema = z.object({ role: z.enum(['user', 'assistant', 'system', 'developer']), content: contentSchema });
const callId = z.string().min(1).max(256);
const name = z.string().min(1).max(256);
const namespace = z.string().max(256).nullish();
const functionCallSchema = z.object({ call_id: callId, name, namespace, arguments: z.string() });
const customCallSchema = z.object({ call_id: callId, name, namespace, input: z.string() });
const shellCallSchema = z.object({ call_id: callId, action: z.looseObject({ command: z.array(z.string()).max(10_000) }) });
const outputSchema = z.object({ call_id: callId, output: contentSchema });
const shellOutputSchema = z.union([
  z.object({ call_id: callId, output: z.string() }),
  z.object({ id: callId, output: z.string() }).transform(({ id, output }) => ({ call_id: id, output })),
]);
const texts = z
  .array(z.object({ text: z.string() }))
  .max(MAX_TEXT_PARTS)
  .nullish();
const reasoningSchema = z.object({ summary: texts, content: texts, encrypted_content: z.string().nullish() });
const textPartSchema = z.object({ text: z.string() });
const refusalPartSchema = z.object({ refusal: z.string() });
const imagePartSchema = z.object({ image_url: z.string().min(1), detail: z.enum(['auto', 'low', 'high', 'original']).nullish() });
const audioPartSchema = z.object({ input_audio: z.looseObject({}) });

/** Marks `encrypted_content` of this pool: the reasoning as it is. It is the client's own and no secret. */
const PLAIN = 'muster-plain:';
export const sealedReasoning = (text: string): string => PLAIN + text;

/** `place`: the name of the list in the request, for errors. */
export function translateItems(
  items: readonly Json[],
  instructions: string | null,
  place: (index: number) => string,
): Result<readonly ChatMessage[], Untranslatable> {
  if (items.reduce((sum, item) => sum + partCountOf(item), 0) > MAX_ALL_PARTS)
    return fail({ field: 'input', reason: `more than ${String(MAX_ALL_PARTS)} parts with the conversation before` });
  const turns = new Turns();
  if (instructions !== null && instructions !== '') turns.say('system', instructions);
  for (const [index, item] of items.entries()) {
    const fault = addItem(turns, item, place(index));
    if (fault !== null) return fail(fault);
  }
  return ok(turns.all());
}

const partCountOf = ({ content, output, summary }: Json): number =>
  [content, output, summary].reduce<number>((sum, parts) => sum + (Array.isArray(parts) ? parts.length : 0), 0);

function addItem(turns: Turns, item: Json, field: string): Untranslatable | null {
  switch (item['type'] ?? 'message') {
    case 'message':
      return addMessage(turns, item, field);
    case 'reasoning':
      return take(readAt(field, item, reasoningSchema), (reasoning) => turns.think(reasoningOf(reasoning)));
    case 'function_call':
      return take(readAt(field, item, functionCallSchema), (call) =>
        turns.call(call.call_id, chatNameOf({ name: call.name, namespace: call.namespace ?? null }), call.arguments),
      );
    case 'custom_tool_call':
      return take(readAt(field, item, customCallSchema), (call) =>
        turns.call(call.call_id, chatNameOf({ name: call.name, namespace: call.namespace ?? null }), customArguments(call.input)),
      );
    case 'local_shell_call':
      return take(readAt(field, item, shellCallSchema), ({ call_id, action }) =>
        turns.call(call_id, 'local_shell', shellArguments(action)),
      );
    case 'function_call_output':
    case 'custom_tool_call_output':
      return addOutput(turns, item, field);
    case 'local_shell_call_output':
      return take(readAt(field, item, shellOutputSchema), ({ call_id, output }) => turns.output(call_id, output, []));
    default:
      return { field: `${field}.type`, reason: 'a chat completion has no such item' };
  }
}

function take<Value>(read: Result<Value, Untranslatable>, use: (value: Value) => void): Untranslatable | null {
  if (!read.ok) return read.error;
  use(read.value);
  return null;
}

function addMessage(turns: Turns, item: Json, field: string): Untranslatable | null {
  const read = readAt(field, item, messageSchema);
  if (!read.ok) return read.error;
  const { role, content } = read.value;
  const parts = partsOf(content, `${field}.content`);
  if (!parts.ok) return parts.error;
  turns.say(role === 'developer' ? 'system' : role, shortest(parts.value, role !== 'user'));
  return null;
}

function addOutput(turns: Turns, item: Json, field: string): Untranslatable | null {
  const read = readAt(field, item, outputSchema);
  if (!read.ok) return read.error;
  const parts = partsOf(read.value.output, `${field}.output`);
  if (!parts.ok) return parts.error;
  const images = parts.value.filter(({ type }) => type !== 'text');
  turns.output(read.value.call_id, textOf(parts.value), images);
  return null;
}

function partsOf(content: z.output<typeof contentSchema>, field: string): Result<readonly ChatPart[], Untranslatable> {
  if (typeof content === 'string') return ok([{ type: 'text', text: content }]);
  const parts: ChatPart[] = [];
  for (const [index, part] of content.entries()) {
    const read = partOf(part, `${field}[${String(index)}]`);
    if (!read.ok) return read;
    parts.push(read.value);
  }
  return ok(parts);
}

function partOf(part: z.output<typeof partSchema>, field: string): Result<ChatPart, Untranslatable> {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return mapped(readAt(field, part, textPartSchema), ({ text }) => ({ type: 'text', text }));
    case 'refusal':
      return mapped(readAt(field, part, refusalPartSchema), ({ refusal }) => ({ type: 'text', text: refusal }));
    case 'input_image':
      if (part['image_url'] == null && part['file_id'] != null)
        return fail({ field: `${field}.file_id`, reason: 'the pool keeps no files; send the image in image_url' });
      return mapped(readAt(field, part, imagePartSchema), ({ image_url: url, detail }) => ({
        type: 'image_url',
        image_url: { url, ...(detail == null ? {} : { detail: detail === 'original' ? 'high' : detail }) },
      }));
    case 'input_audio':
      return mapped(readAt(field, part, audioPartSchema), ({ input_audio }) => ({ type: 'input_audio', input_audio }));
    default:
      return fail({ field: `${field}.type`, reason: 'a chat completion has no such content' });
  }
}

function mapped<Value>(read: Result<Value, Untranslatable>, map: (value: Value) => ChatPart): Result<ChatPart, Untranslatable> {
  return read.ok ? ok(map(read.value)) : read;
}

const textOf = (parts: readonly ChatPart[]): string =>
  parts
    .filter(({ type }) => type === 'text')
    .map((part) => String(part['text']))
    .join('\n');

/** Texts as one string, since some servers take parts of user messages only. */
const shortest = (parts: readonly ChatPart[], joins: boolean): string | readonly ChatPart[] =>
  parts.every(({ type }) => type === 'text') && (joins || parts.length === 1) ? textOf(parts) : parts;

function reasoningOf({ content, summary, encrypted_content: sealed }: z.output<typeof reasoningSchema>): string {
  const plain = [content, summary].find((list) => list != null && list.length > 0) ?? [];
  if (plain.length > 0) return plain.map(({ text }) => text).join('\n');
  // What another service encrypted is unreadable here, and of no use to another model.
  return sealed?.startsWith(PLAIN) === true ? sealed.slice(PLAIN.length) : '';
}

/** A message to which items are still added. */
interface DraftMessage extends Omit<ChatMessage, 'content' | 'tool_calls'> {
  content: ChatMessage['content'];
  tool_calls?: ChatCall[];
}

/** Collects the messages. There may be thousands of items, so each is added in place. */
class Turns {
  readonly #messages: DraftMessage[] = [];
  #reasoning = '';
  /** Of tool outputs. They follow all outputs of a turn as a message of the user, because an output is text. */
  #images: ChatPart[] = [];

  say(role: 'system' | 'user' | 'assistant', content: string | readonly ChatPart[]): void {
    this.#showImages();
    const first = this.#messages[0];
    if (role === 'system' && this.#messages.length === 1 && first?.role === 'system' && isText(first.content) && isText(content)) {
      first.content = `${first.content}\n\n${content}`;
      return;
    }
    if (role !== 'assistant') {
      this.#reasoning = '';
      this.#messages.push({ role, content });
      return;
    }
    const last = this.#openTurn();
    if (last?.content === null) last.content = content;
    else this.#messages.push({ role, content, ...this.#thought() });
  }

  think(text: string): void {
    this.#reasoning += this.#reasoning === '' || text === '' ? text : `\n${text}`;
  }

  call(id: string, calledName: string, args: string): void {
    this.#showImages();
    const call: ChatCall = { id, type: 'function', function: { name: calledName, arguments: args } };
    const last = this.#openTurn();
    if (last === null) this.#messages.push({ role: 'assistant', content: null, ...this.#thought(), tool_calls: [call] });
    else (last.tool_calls ??= []).push(call);
  }

  output(id: string, text: string, images: readonly ChatPart[]): void {
    this.#messages.push({ role: 'tool', tool_call_id: id, content: text });
    this.#images.push(...images);
  }

  all(): readonly ChatMessage[] {
    this.#showImages();
    return this.#messages;
  }

  /** The message of the model that this item belongs to. Null: it begins one. */
  #openTurn(): DraftMessage | null {
    const last = this.#messages.at(-1);
    return last?.role === 'assistant' && this.#reasoning === '' ? last : null;
  }

  /** llama.cpp reads the first name, Ollama and vLLM the second one. */
  #thought(): Pick<ChatMessage, 'reasoning_content' | 'reasoning'> {
    const text = this.#reasoning;
    this.#reasoning = '';
    return text === '' ? {} : { reasoning_content: text, reasoning: text };
  }

  #showImages(): void {
    if (this.#images.length === 0) return;
    this.#messages.push({ role: 'user', content: this.#images });
    this.#images = [];
  }
}

const isText = (content: ChatMessage['content']): content is string => typeof content === 'string';

/** The input of a request as items. A text is one message of the user. */
export const itemsOf = (input: string | readonly unknown[]): readonly Json[] =>
  typeof input === 'string' ? [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }] : input.filter(isRecord);
