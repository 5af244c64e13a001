// Translates a chat completion to a message of the Messages API.
import { z } from 'zod';
import { isRecord, parseJson } from '../../../../../../shared/json';
import { MAX_LIST } from '../../../../../../shared/protocol/bounded';
import { type AnswerFacts, MAX_CALLS } from '../client-api';

const count = z.number().int().min(0).nullish().catch(null);
const usageSchema = z
  .object({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  })
  .nullish()
  .catch(null);
const text = z.string().nullish().catch(null);

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: text,
          refusal: text,
          reasoning_content: text,
          reasoning: text,
          tool_calls: z
            .array(z.object({ id: text, function: z.object({ name: z.string(), arguments: z.unknown() }) }))
            .max(MAX_CALLS)
            .nullish(),
        }),
        finish_reason: text,
        stop_reason: z.unknown().optional(),
      }),
    )
    .max(MAX_LIST)
    .min(1),
  usage: usageSchema,
});

/** Null: the completion is not readable, or the arguments of a tool are no JSON object. */
export function toMessage(completion: unknown, facts: AnswerFacts): object | null {
  const { data } = completionSchema.safeParse(completion);
  const choice = data?.choices[0];
  if (data === undefined || choice === undefined) return null;
  const { message } = choice;
  const tools = (message.tool_calls ?? []).map(({ id, function: called }, at) => toolUse(called, id ?? toolId(facts, at)));
  if (tools.some((tool) => tool === null)) return null;
  const thoughts = message.reasoning_content ?? message.reasoning ?? '';
  const said = `${message.content ?? ''}${message.refusal ?? ''}`;
  return {
    ...messageHead(facts),
    content: [
      ...(thoughts === '' ? [] : [{ type: 'thinking', thinking: thoughts, signature: '' }]),
      ...(said === '' ? [] : [{ type: 'text', text: said }]),
      ...tools,
    ],
    ...stopOf(choice.finish_reason ?? null, choice.stop_reason, tools.length > 0),
    usage: usageOf(data.usage),
  };
}

function toolUse({ name, arguments: given }: { readonly name: string; readonly arguments?: unknown }, id: string): object | null {
  const isEmpty = given === undefined || given === null || (typeof given === 'string' && given.trim() === '');
  // Some servers send the arguments as an object.
  const input = isEmpty ? {} : typeof given === 'string' ? parseJson(given) : given;
  return isRecord(input) ? { type: 'tool_use', id, name, input } : null;
}

export const messageHead = ({ id, model }: AnswerFacts): object => ({ id: `msg_${id}`, type: 'message', role: 'assistant', model });

/** For servers that give a call no id. */
export const toolId = ({ id }: AnswerFacts, at: number): string => `toolu_${id}_${String(at)}`;

/** vLLM names the stop sequence in `stop_reason`. Other servers do not tell it from the usual end. */
export function stopOf(
  finish: string | null,
  stop: unknown,
  usesTools: boolean,
): { readonly stop_reason: string; readonly stop_sequence: string | null } {
  const end = (reason: string) => ({ stop_reason: reason, stop_sequence: null });
  switch (finish) {
    case 'length':
      return end('max_tokens');
    case 'content_filter':
      return end('refusal');
    case 'tool_calls':
    case 'function_call':
      return end('tool_use');
    case null:
    default:
      if (usesTools) return end('tool_use');
      return typeof stop === 'string' ? { stop_reason: 'stop_sequence', stop_sequence: stop } : end('end_turn');
  }
}

/** `input_tokens` does not count the tokens from the cache. */
export function usageOf(usage: unknown): object {
  const { data } = usageSchema.safeParse(usage);
  const prompt = data?.prompt_tokens ?? 0;
  const cached = Math.min(data?.prompt_tokens_details?.cached_tokens ?? 0, prompt);
  return {
    input_tokens: prompt - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: data?.completion_tokens ?? 0,
  };
}
