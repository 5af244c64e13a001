// Whether a stream that ended without `[DONE]` has said all: streams of sound end with an event of their own, and a lenient server of
// chats just ends after it gave the reason for the end of every choice. Pure.
import { z } from 'zod';

const soundSchema = z.object({ type: z.string().endsWith('.done') });
const choicesSchema = z.object({ choices: z.array(z.object({ index: z.number().nullish(), finish_reason: z.unknown().optional() })) });

/** What was heard of a stream's end so far. */
export interface HeardOfEnd {
  /** The last event was one that ends streams of sound. */
  readonly isLast: boolean;
  /** Of each choice, by its index, whether the reason for its end came. */
  readonly choices: ReadonlyMap<number, boolean>;
}

export const NO_END: HeardOfEnd = { isLast: false, choices: new Map() };

/** After one more event. */
export function hearOfEnd(heard: HeardOfEnd, event: unknown): HeardOfEnd {
  const said = choicesSchema.safeParse(event).data?.choices ?? [];
  const isLast = soundSchema.safeParse(event).success;
  const news = said
    .map(({ index, finish_reason: reason }, at) => [index ?? at, (reason ?? null) !== null] as const)
    .filter(([key, hasEnded]) => !heard.choices.has(key) || (hasEnded && heard.choices.get(key) === false));
  if (news.length === 0) return isLast === heard.isLast ? heard : { ...heard, isLast };
  return { isLast, choices: new Map([...heard.choices, ...news]) };
}

/** Of a stream whose body came whole. */
export const isComplete = ({ isLast, choices }: HeardOfEnd): boolean =>
  isLast || (choices.size > 0 && [...choices.values()].every(Boolean));
