// Decides whether a stream that ended without `[DONE]` is complete. Audio streams end with a specific event. A chat stream is complete
// when every choice has a finish reason. The streams of the Messages and the Responses API have a last event.
import { z } from 'zod';

/** Events of the Responses API end with `.done` too: they end a part of the answer. */
const lastEventSchema = z.object({
  type: z.string().regex(/^(?:message_stop|response\.(?:completed|failed|incomplete)|(?!response\.).*\.done)$/),
});
const choicesSchema = z.object({ choices: z.array(z.object({ index: z.number().nullish(), finish_reason: z.unknown().optional() })) });

/** The signs of a complete stream in the events so far. */
export interface StreamEnd {
  /** The last event ends a stream without choices. */
  readonly isLast: boolean;
  /** By the index of a choice: whether its finish reason arrived. */
  readonly choices: ReadonlyMap<number, boolean>;
}

export const NO_END: StreamEnd = { isLast: false, choices: new Map() };

/** After one more event. */
export function streamEndAfter(end: StreamEnd, event: unknown): StreamEnd {
  const choices = choicesSchema.safeParse(event).data?.choices ?? [];
  // A chunk of a chat has choices. It is not parsed twice, since a long stream has thousands of chunks.
  const isLast = choices.length === 0 && lastEventSchema.safeParse(event).success;
  const changed = choices
    .map(({ index, finish_reason: reason }, at) => [index ?? at, (reason ?? null) !== null] as const)
    .filter(([key, hasEnded]) => !end.choices.has(key) || (hasEnded && end.choices.get(key) === false));
  if (changed.length === 0) return isLast === end.isLast ? end : { ...end, isLast };
  return { isLast, choices: new Map([...end.choices, ...changed]) };
}

/** Whether the stream is complete, if its body ended here. */
export const isComplete = ({ isLast, choices }: StreamEnd): boolean => isLast || (choices.size > 0 && [...choices.values()].every(Boolean));
