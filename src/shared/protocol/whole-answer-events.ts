// Converts a complete answer to the events of a stream. Servers without streams, and proxies that buffer streams, send complete answers,
// but a client that requested a stream reads events only. Pure.
import { z } from 'zod';
import { MAX_LIST } from './bounded';

const chatSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.number().optional(),
        message: z.looseObject({ tool_calls: z.array(z.looseObject({})).max(MAX_LIST).nullish() }),
        finish_reason: z.unknown().optional(),
      }),
    )
    .max(MAX_LIST)
    .min(1),
  usage: z.unknown().optional(),
});
const completionSchema = z.looseObject({
  choices: z
    .array(z.looseObject({ text: z.string() }))
    .max(MAX_LIST)
    .min(1),
});

/** Paths whose answers are text. */
export type TextPath = '/v1/chat/completions' | '/v1/completions';
export const isTextPath = (path: string): path is TextPath => path === '/v1/chat/completions' || path === '/v1/completions';

/** The events in order. Null: the body is not an answer of this path. `countsUsage`: the client requested the usage in a separate event. */
export function eventsOf(path: TextPath, body: unknown, countsUsage: boolean): readonly object[] | null {
  if (path === '/v1/chat/completions') {
    const chat = chatSchema.safeParse(body);
    return chat.success ? chatEvents(chat.data, countsUsage) : null;
  }
  const completion = completionSchema.safeParse(body);
  // The events of a completion have the shape of the complete answer.
  return completion.success ? [{ ...completion.data, object: 'text_completion' }] : null;
}

/** First the text, then the finish reason: clients stop reading at a finish reason. */
function chatEvents({ choices, usage, ...rest }: z.infer<typeof chatSchema>, countsUsage: boolean): readonly object[] {
  const head = { ...rest, object: 'chat.completion.chunk' };
  const deltas = choices.map(({ message, ...choice }, at) => ({
    ...choice,
    index: choice.index ?? at,
    delta: deltaOf(message),
    finish_reason: null,
  }));
  const ends = choices.map(({ index, finish_reason: reason }, at) => ({ index: index ?? at, delta: {}, finish_reason: reason ?? 'stop' }));
  const counted = (usage ?? null) === null ? {} : { usage };
  const last = { ...head, choices: ends };
  return [{ ...head, choices: deltas }, ...(countsUsage ? [last, { ...head, choices: [], ...counted }] : [{ ...last, ...counted }])];
}

/** In events the tool calls have an index, since a stream sends them in parts. */
function deltaOf({ tool_calls: calls, ...message }: z.infer<typeof chatSchema>['choices'][number]['message']): object {
  return (calls ?? null) === null ? message : { ...message, tool_calls: calls?.map((call, index) => ({ index, ...call })) };
}
