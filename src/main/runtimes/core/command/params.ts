// A job's parameters against what the owner declared: each value as the text of an argument, or why it is refused. Pure.
import { fail, ok, type Result } from '../../../../shared/result';
import type { CommandTask } from '../../../../shared/protocol/tasks';
import type { ParamSpec } from './param-spec';

type ParamSpecs = Readonly<Record<string, ParamSpec>>;

export interface ParamFault {
  readonly param: string;
  readonly reason: 'unknown' | 'missing' | 'not_allowed' | 'leading_dash' | 'control_character' | 'out_of_range' | 'not_a_number';
}

/** By name; a parameter that the job leaves out has its default. */
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

/** Why a declared default would itself be refused; null: it is none, or fine. */
export function defaultFault(specs: ParamSpecs): ParamFault | null {
  for (const [param, spec] of Object.entries(specs)) {
    const reason = spec.default === undefined ? null : faultOf(spec, spec.default);
    if (reason !== null) return { param, reason };
  }
  return null;
}

function faultOf(spec: ParamSpec, value: string | number | boolean): ParamFault['reason'] | null {
  const text = String(value);
  // No program can be given a NUL in an argument.
  if (text.includes('\0')) return 'control_character';
  if ('enum' in spec) return spec.enum.includes(text) ? null : 'not_allowed';
  if ('min' in spec) {
    if (typeof value !== 'number' || !Number.isFinite(value) || (spec.integer === true && !Number.isInteger(value))) return 'not_a_number';
    return value >= spec.min && value <= spec.max ? null : 'out_of_range';
  }
  if (!new RegExp(`^(?:${spec.pattern})$`, 'u').test(text)) return 'not_allowed';
  // What begins with a dash may be read as an option of the program: a pattern alone is easily too wide for that.
  return text.startsWith('-') && spec.leading_dash !== true ? 'leading_dash' : null;
}
