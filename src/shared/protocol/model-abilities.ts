// What a model can do besides its tasks, as its server reports it. Absent: not known.
import { z } from 'zod';

export const ABILITIES = ['vision', 'audio', 'tools', 'thinking'] as const;
export type Ability = (typeof ABILITIES)[number];

/** `vision`, `audio`: it takes pictures or sound in a chat. `tools`: it calls tools. `thinking`: it thinks before it answers. */
export const abilitiesSchema = z.object({
  vision: z.boolean().optional(),
  audio: z.boolean().optional(),
  tools: z.boolean().optional(),
  thinking: z.boolean().optional(),
});
export type Abilities = Readonly<Partial<Record<Ability, boolean | undefined>>>;

/** Of a prompt with its answer, tokens. */
export const MAX_CONTEXT_TOKENS = 1_000_000_000;
export const contextTokensSchema = z.number().int().min(1).max(MAX_CONTEXT_TOKENS);

/** The abilities that at least one of two nodes reports. One that only is reported as missing is missing. */
export function joinAbilities(one: Abilities | undefined, other: Abilities | undefined): Abilities | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  const known = ABILITIES.filter((name) => one[name] !== undefined || other[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, one[name] === true || other[name] === true]));
}

export const sameAbilities = (one: Abilities | undefined, other: Abilities | undefined): boolean =>
  ABILITIES.every((name) => one?.[name] === other?.[name]);
