// The tools of a Responses request as functions of a chat completion, and the way back. A chat completion knows functions only:
// - a custom tool (free text) is a function with one string, `input`
// - `local_shell` is a function with the fields of its action
// - a function of a namespace has the namespace before its name
// Tools that OpenAI runs itself cannot be translated. One exception: `web_search` with the field `external_web_access`, which Codex sends unasked
// with every request. It is left out: the model does not know of the search, and cannot call it.
import { z } from 'zod';
import { isRecord, parseJson } from '../../../../../../shared/json';
import { validate } from '../../../../../../shared/protocol/decode';
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { Untranslatable } from '../client-api';

export type Json = Readonly<Record<string, unknown>>;

/** A tool of the request that a chat completion calls by a name. */
export interface NamedTool {
  readonly kind: 'function' | 'custom' | 'local_shell';
  readonly name: string;
  readonly namespace: string | null;
}

/** By the name in the chat completion. */
export type NamedTools = ReadonlyMap<string, NamedTool>;

export interface ChatTool {
  readonly type: 'function';
  readonly function: { readonly name: string; readonly description?: string; readonly parameters?: object; readonly strict?: boolean };
}

interface Declared extends NamedTool {
  readonly chat: ChatTool;
}

export const MAX_TOOLS = 1024;
/** With those of all namespaces. Each takes some µs, and nothing may hold up other requests. */
const MAX_ALL_TOOLS = 4096;
const MAX_NAME = 256;

const nameSchema = z.string().min(1).max(MAX_NAME);
const functionSchema = z.object({
  name: nameSchema,
  description: z.string().nullish(),
  parameters: z.looseObject({}).nullish(),
  strict: z.boolean().nullish(),
});
const customSchema = z.object({
  name: nameSchema,
  description: z.string().nullish(),
  format: z
    .union([
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('grammar'), syntax: z.enum(['lark', 'regex']), definition: z.string() }),
    ])
    .nullish(),
});
const toolSchema = z.looseObject({ type: z.string().max(MAX_NAME) });
export const toolsSchema = z.array(toolSchema).max(MAX_TOOLS);
const namespaceSchema = z.object({ name: nameSchema, tools: toolsSchema });
const searchSchema = z.object({ external_web_access: z.boolean() });

const LOCAL_SHELL = 'local_shell';
const SHELL_PARAMETERS = {
  type: 'object',
  properties: {
    command: { type: 'array', items: { type: 'string' }, description: 'the program and its arguments' },
    working_directory: { type: 'string' },
    timeout_ms: { type: 'integer' },
  },
  required: ['command'],
};

/** The name of a tool in the chat completion. */
export const chatNameOf = ({ namespace, name }: Pick<NamedTool, 'namespace' | 'name'>): string =>
  namespace === null ? name : `${namespace}${namespace.endsWith('_') ? '' : '__'}${name}`;

export interface TranslatedTools {
  readonly chat: readonly ChatTool[];
  readonly named: NamedTools;
}

export function translateTools(tools: z.output<typeof toolsSchema>): Result<TranslatedTools, Untranslatable> {
  const chat: ChatTool[] = [];
  const named = new Map<string, NamedTool>();
  const count = tools.reduce((sum, { tools: members }) => sum + (Array.isArray(members) ? members.length : 1), 0);
  if (count > MAX_ALL_TOOLS) return fail({ field: 'tools', reason: `more than ${String(MAX_ALL_TOOLS)} with those of namespaces` });
  for (const [index, tool] of tools.entries()) {
    const field = `tools[${String(index)}]`;
    const declared = declaredBy(tool, field, null);
    if (!declared.ok) return declared;
    for (const { chat: each, ...rest } of declared.value) {
      if (named.has(each.function.name)) return fail({ field: `${field}.name`, reason: 'duplicate name' });
      named.set(each.function.name, rest);
      chat.push(each);
    }
  }
  return ok({ chat, named });
}

function declaredBy(
  tool: z.output<typeof toolSchema>,
  field: string,
  namespace: string | null,
): Result<readonly Declared[], Untranslatable> {
  switch (tool.type) {
    case 'function': {
      const read = readAt(field, tool, functionSchema);
      return read.ok ? ok([functionOf(read.value, namespace)]) : read;
    }
    case 'custom': {
      const read = readAt(field, tool, customSchema);
      return read.ok ? ok([customOf(read.value, namespace)]) : read;
    }
    case LOCAL_SHELL:
      return namespace === null ? ok([localShell]) : fail(hosted(field, tool.type));
    case 'namespace':
      return namespace === null ? toolsOfNamespace(tool, field) : fail(hosted(field, tool.type));
    case 'web_search':
      return searchSchema.safeParse(tool).success ? ok([]) : fail(hosted(field, tool.type));
    default:
      return fail(hosted(field, tool.type));
  }
}

function toolsOfNamespace(tool: Json, field: string): Result<readonly Declared[], Untranslatable> {
  const read = readAt(field, tool, namespaceSchema);
  if (!read.ok) return read;
  const all: Declared[] = [];
  for (const [index, member] of read.value.tools.entries()) {
    const declared = declaredBy(member, `${field}.tools[${String(index)}]`, read.value.name);
    if (!declared.ok) return declared;
    all.push(...declared.value);
  }
  return ok(all);
}

const hosted = (field: string, type: string): Untranslatable => ({
  field: `${field}.type`,
  reason: `no node of the model has /v1/responses, and a chat completion has no ${type.slice(0, 64)} tool`,
});

function functionOf({ name, description, parameters, strict }: z.output<typeof functionSchema>, namespace: string | null): Declared {
  const chat = {
    name: chatNameOf({ namespace, name }),
    ...(description == null ? {} : { description }),
    ...(parameters == null ? {} : { parameters }),
    ...(strict == null ? {} : { strict }),
  };
  return { kind: 'function', name, namespace, chat: { type: 'function', function: chat } };
}

function customOf({ name, description, format }: z.output<typeof customSchema>, namespace: string | null): Declared {
  const grammar = format?.type === 'grammar' ? `\`input\` follows this ${format.syntax} grammar:\n${format.definition}` : null;
  const text = [description, grammar].filter((part) => part != null && part !== '').join('\n\n');
  const input = { type: 'string', description: 'the input of the tool as plain text' };
  const chat = {
    name: chatNameOf({ namespace, name }),
    ...(text === '' ? {} : { description: text }),
    parameters: { type: 'object', properties: { input }, required: ['input'], additionalProperties: false },
  };
  return { kind: 'custom', name, namespace, chat: { type: 'function', function: chat } };
}

const localShell: Declared = {
  kind: 'local_shell',
  name: LOCAL_SHELL,
  namespace: null,
  chat: {
    type: 'function',
    function: { name: LOCAL_SHELL, description: 'Runs a command on the computer of the user.', parameters: SHELL_PARAMETERS },
  },
};

/** The schema of a part, with the place of the part before the name of an invalid field. */
export function readAt<Schema extends z.ZodType>(place: string, value: unknown, schema: Schema): Result<z.output<Schema>, Untranslatable> {
  const read = validate(value, schema);
  if (read.ok) return read;
  const { field, reason } = read.error;
  const dot = field === '' || field.startsWith('[') ? '' : '.';
  return fail({ field: `${place}${dot}${field}`, reason });
}

const choiceSchema = z.union([
  z.enum(['auto', 'none', 'required']),
  z.looseObject({
    type: z.string(),
    name: z.string().nullish(),
    namespace: z.string().nullish(),
    mode: z.enum(['auto', 'required']).nullish(),
    tools: z
      .array(z.looseObject({ type: z.string(), name: z.string().nullish(), namespace: z.string().nullish() }))
      .max(MAX_TOOLS)
      .nullish(),
  }),
]);

export interface ChatChoice {
  readonly tools: readonly ChatTool[];
  readonly tool_choice: string | object | null;
}

/** `allowed_tools` becomes the shorter list of tools. */
export function translateChoice(choice: unknown, { chat, named }: TranslatedTools): Result<ChatChoice, Untranslatable> {
  if (choice === undefined || choice === null) return ok({ tools: chat, tool_choice: null });
  const read = readAt('tool_choice', choice, choiceSchema);
  if (!read.ok) return read;
  const { value } = read;
  if (typeof value === 'string') return ok({ tools: chat, tool_choice: chat.length === 0 && value !== 'required' ? null : value });
  if (value.type === 'allowed_tools') {
    const allowed = new Set((value.tools ?? []).map(calledName));
    return ok({ tools: chat.filter(({ function: { name } }) => allowed.has(name)), tool_choice: value.mode ?? 'auto' });
  }
  if (!KINDS.has(value.type)) return fail({ field: 'tool_choice.type', reason: 'a chat completion can be made to call functions only' });
  const name = calledName(value);
  if (!named.has(name)) return fail({ field: 'tool_choice.name', reason: 'no such tool in the request' });
  return ok({ tools: chat, tool_choice: { type: 'function', function: { name } } });
}

const KINDS: ReadonlySet<string> = new Set<NamedTool['kind']>(['function', 'custom', 'local_shell']);

const calledName = ({ type, name, namespace }: { type: string; name?: string | null | undefined; namespace?: string | null | undefined }) =>
  chatNameOf({ name: type === LOCAL_SHELL ? LOCAL_SHELL : (name ?? ''), namespace: namespace ?? null });

const inputSchema = z.strictObject({ input: z.string() });
const shellSchema = z.object({
  command: z.array(z.string()).min(1).max(10_000),
  working_directory: z.string().nullish(),
  timeout_ms: z.number().nullish(),
});

/** The text that a model gave to a custom tool. A model that ignores the schema gives the text itself. */
export const customInputOf = (args: string): string => inputSchema.safeParse(parseJson(args)).data?.input ?? args;

/** Null: not the fields of a command. It is then passed on as a call of a function, and is never run by guess. */
export function shellActionOf(args: string): Json | null {
  const { data } = shellSchema.safeParse(parseJson(args));
  if (data === undefined) return null;
  const { command, working_directory, timeout_ms } = data;
  return { type: 'exec', command, env: {}, working_directory: working_directory ?? null, timeout_ms: timeout_ms ?? null };
}

export const customArguments = (input: string): string => JSON.stringify({ input });

export function shellArguments(action: unknown): string {
  const { command, working_directory, timeout_ms } = isRecord(action) ? action : {};
  return JSON.stringify({
    command,
    ...(working_directory == null ? {} : { working_directory }),
    ...(timeout_ms == null ? {} : { timeout_ms }),
  });
}
