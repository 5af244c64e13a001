// The rules by which the owner pauses this computer (ADR 0031), as its dashboard shows them.
import { z } from 'zod';

/** In the order in which screens show them. */
export const JUDGED_CODES = ['schedule', 'full_screen', 'process', 'battery', 'temperature'] as const;
export type JudgedCode = (typeof JUDGED_CODES)[number];

export const RULE_STATES = ['holds', 'clear', 'not_read', 'not_supported'] as const;

/** A rule that is on. `holds`: it pauses, unless the owner overrides it. `not_read`, `not_supported`: it cannot pause now. */
export const ruleViewSchema = z.object({
  code: z.enum(JUDGED_CODES),
  state: z.enum(RULE_STATES),
  /** The program in front, or the chosen program that uses a GPU. */
  program: z.string().max(256).nullable(),
  /** Of the hottest offered GPU. */
  celsius: z.number().nullable(),
  /** When the schedule changes next, Unix ms. */
  changes_at: z.number().nullable(),
});
export type RuleView = z.infer<typeof ruleViewSchema>;
