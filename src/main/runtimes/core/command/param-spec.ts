// What the owner lets a job choose: text by a pattern, one of a list, or a number in a range.
import { z } from 'zod';

/** No program can be given a NUL in an argument. */
export const argument = z
  .string()
  .max(32_768)
  .refine((text) => !text.includes('\0'), { error: 'holds a NUL character' });

const patternSchema = z
  .strictObject({
    /** A regular expression for the whole value. */
    pattern: z.string().max(1024),
    /** Whether a value may begin with `-`, so that a program may take it for an option. */
    leading_dash: z.boolean().optional(),
    default: z.string().max(4096).optional(),
  })
  .superRefine(({ pattern }, context) => {
    if (!isPattern(pattern)) context.addIssue({ code: 'custom', path: ['pattern'], message: 'is no regular expression' });
  });
const enumSchema = z.strictObject({ enum: z.array(argument).min(1).max(1024), default: z.string().optional() });
const rangeSchema = z
  .strictObject({ min: z.number(), max: z.number(), integer: z.boolean().optional(), default: z.number().optional() })
  .refine(({ min, max }) => min <= max, { error: 'min is above max' });

export const paramSpecSchema = z.union([patternSchema, enumSchema, rangeSchema]);
export type ParamSpec = z.output<typeof paramSpecSchema>;

function isPattern(source: string): boolean {
  try {
    new RegExp(`^(?:${source})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
