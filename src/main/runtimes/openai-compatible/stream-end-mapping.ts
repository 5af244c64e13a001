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
  const choices = new Map(heard.choices);
  said.forEach(({ index, finish_reason: reason }, at) => {
    const key = index ?? at;
    choices.set(key, choices.get(key) === true || (reason ?? null) !== null);
  });
  return { isLast: soundSchema.safeParse(event).success, choices };
}

/** Of a stream whose body came whole. */
export const isComplete = ({ isLast, choices }: HeardOfEnd): boolean =>
  isLast || (choices.size > 0 && [...choices.values()].every(Boolean));
