// A whole answer to a request for a stream, as the events that it would have been: servers that do not stream, and proxies that gather
// streams, answer so, and a client that asked for events reads nothing else. Pure.
import { z } from 'zod';

const chatSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.number().optional(),
        message: z.looseObject({ tool_calls: z.array(z.looseObject({})).nullish() }),
        finish_reason: z.unknown().optional(),
      }),
    )
    .min(1),
  usage: z.unknown().optional(),
});
const completionSchema = z.looseObject({ choices: z.array(z.looseObject({ text: z.string() })).min(1) });

/** Whose answers are words. */
export type WordPath = '/v1/chat/completions' | '/v1/completions';
export const isWordPath = (path: string): path is WordPath => path === '/v1/chat/completions' || path === '/v1/completions';

/** In their order; null: the body answers no request of this path. `countsUsage`: the tokens are asked for in an event of their own. */
export function eventsOf(path: WordPath, body: unknown, countsUsage: boolean): readonly object[] | null {
  if (path === '/v1/chat/completions') {
    const chat = chatSchema.safeParse(body);
    return chat.success ? chatEvents(chat.data, countsUsage) : null;
  }
  const completion = completionSchema.safeParse(body);
  // The events of a completion have the shape of the whole.
  return completion.success ? [{ ...completion.data, object: 'text_completion' }] : null;
}

/** First the words, then why they end: clients take a reason for the end of what they read. */
function chatEvents({ choices, usage, ...rest }: z.infer<typeof chatSchema>, countsUsage: boolean): readonly object[] {
  const head = { ...rest, object: 'chat.completion.chunk' };
  const words = choices.map(({ message, ...choice }, at) => ({
    ...choice,
    index: choice.index ?? at,
    delta: deltaOf(message),
    finish_reason: null,
  }));
  const ends = choices.map(({ index, finish_reason: reason }, at) => ({ index: index ?? at, delta: {}, finish_reason: reason ?? 'stop' }));
  const counted = (usage ?? null) === null ? {} : { usage };
  const last = { ...head, choices: ends };
  return [{ ...head, choices: words }, ...(countsUsage ? [last, { ...head, choices: [], ...counted }] : [{ ...last, ...counted }])];
}

/** In events the calls are numbered: they come in pieces there. */
function deltaOf({ tool_calls: calls, ...message }: z.infer<typeof chatSchema>['choices'][number]['message']): object {
  return (calls ?? null) === null ? message : { ...message, tool_calls: calls?.map((call, index) => ({ index, ...call })) };
}
