// Parameters that a job can choose: text that matches a pattern, a value of a list, or a number in a range. Validates the parameters of
// a job against the declared parameters. Returns the values as text for the arguments, or the reason for the refusal.
import { fail, ok, type Result } from '../../../../shared/result';
import type { CommandTask } from '../../../../shared/protocol/tasks';
import { z } from 'zod';
import { compilePattern, MAX_PATTERN_STEPS } from './linear-pattern';

/** An argument cannot contain NUL. */
export const argument = z
  .string()
  .max(32_768)
  .refine((text) => !text.includes('\0'), { error: 'contains a NUL character' });

/** The limit of a value that must match a pattern, as in `commandTaskSchema`. */
const MAX_VALUE_CHARACTERS = 4096;

const patternSchema = z
  .strictObject({
    /** A regular expression that must match the whole value (linear-pattern.ts). */
    pattern: z.string(),
    /** Whether a value may begin with `-`. The program may read such a value as an option. */
    leading_dash: z.boolean().optional(),
    default: z.string().max(MAX_VALUE_CHARACTERS).optional(),
  })
  .superRefine(({ pattern }, context) => {
    const compiled = compilePattern(pattern);
    if (!compiled.ok) context.addIssue({ code: 'custom', path: ['pattern'], message: compiled.error });
  });
const enumSchema = z.strictObject({ enum: z.array(argument).min(1).max(1024), default: z.string().optional() });
const rangeSchema = z
  .strictObject({ min: z.number(), max: z.number(), integer: z.boolean().optional(), default: z.number().optional() })
  .refine(({ min, max }) => min <= max, { error: 'min is above max' });

export const paramSpecSchema = z.union([patternSchema, enumSchema, rangeSchema]);
export type ParamSpec = z.output<typeof paramSpecSchema>;

type ParamSpecs = Readonly<Record<string, ParamSpec>>;

export interface ParamFault {
  readonly param: string;
  readonly reason: 'unknown' | 'missing' | 'not_allowed' | 'leading_dash' | 'control_character' | 'out_of_range' | 'not_a_number';
}

/** Whether the patterns of all parameters together could take too long. */
export function areTooSlow(specs: ParamSpecs): boolean {
  const steps = Object.values(specs).map((spec) => {
    const pattern = 'pattern' in spec ? compilePattern(spec.pattern) : null;
    return pattern?.ok === true ? pattern.value.steps : 0;
  });
  return steps.reduce((sum, one) => sum + one, 0) > MAX_PATTERN_STEPS;
}

/** Values by name. A parameter that the job leaves out has its default. */
export function paramValues(specs: ParamSpecs, given: CommandTask['params'] = {}): Result<ReadonlyMap<string, string>, ParamFault> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(specs, name));
  if (unknown !== undefined) return fail({ param: unknown, reason: 'unknown' });
  const values = new Map<string, string>();
  for (const [param, spec] of Object.entries(specs)) {
    const value = Object.hasOwn(given, param) ? given[param] : spec.default;
    if (value === undefined) return fail({ param, reason: 'missing' });
    const reason = faultOf(spec, value);
    if (reason !== null) return fail({ param, reason });
    values.set(param, String(value));
  }
  return ok(values);
}

/** The first default that its own rule would refuse. Null: there is none. */
export function defaultFault(specs: ParamSpecs): ParamFault | null {
  for (const [param, spec] of Object.entries(specs)) {
    const reason = spec.default === undefined ? null : faultOf(spec, spec.default);
    if (reason !== null) return { param, reason };
  }
  return null;
}

function faultOf(spec: ParamSpec, value: string | number | boolean): ParamFault['reason'] | null {
  const text = String(value);
  // An argument cannot contain NUL.
  if (text.includes('\0')) return 'control_character';
  if ('enum' in spec) return spec.enum.includes(text) ? null : 'not_allowed';
  if ('min' in spec) {
    if (typeof value !== 'number' || !Number.isFinite(value) || (spec.integer === true && !Number.isInteger(value))) return 'not_a_number';
    return value >= spec.min && value <= spec.max ? null : 'out_of_range';
  }
  if (text.length > MAX_VALUE_CHARACTERS) return 'not_allowed';
  const pattern = compilePattern(spec.pattern);
  if (!pattern.ok || !pattern.value.matches(text)) return 'not_allowed';
  // The program may read a value with a leading dash as an option. A pattern alone often does not exclude that.
  return text.startsWith('-') && spec.leading_dash !== true ? 'leading_dash' : null;
}
