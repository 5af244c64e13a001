// The common part of both audio paths on the command of a model folder: request fields become declared parameters, and a refusal names
// the field and the accepted values.
import { messageIn } from '../../../../shared/protocol/codes';
import type { OpenAiOutput, OpenAiTask } from '../../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../../shared/result';
import type { ModelKind } from '../../../../shared/protocol/node-messages';
import type { CommandSpec } from './command-spec';
import { type ParamFault, type ParamSpec, paramValues } from './params';

/** A model folder that has a command: the fields that the audio paths read. */
export interface AudioModel {
  readonly kind: ModelKind;
  readonly srcLang: string | null;
  readonly command: CommandSpec;
}

export type AudioBody = OpenAiTask['body'];
export type ParamInput = Readonly<Record<string, string | number | boolean>>;

/** The invalid field and the reason. */
export interface FieldRefusal {
  readonly param: string;
  readonly reason: string;
}

export const refuseField = (param: string, reason: string): Result<never, FieldRefusal> => fail({ param, reason });

/** The request would be invalid on every node, so the job succeeds with this answer: status 400, in the format of OpenAI's errors. */
export function toRefusalAnswer({ param, reason }: FieldRefusal): OpenAiOutput {
  const message = `${messageIn('INVALID_REQUEST', 'en')}: ${param}: ${reason}`;
  return { status: 400, body: { error: { message, type: 'invalid_request_error', param, code: 'invalid_request' } } };
}

/** A field that is null counts as absent. */
export const givenField = (body: AudioBody, field: string): unknown => body[field] ?? undefined;

/** The refusal of the first field that the model does not accept; null when there is none. The first accepted field is always `model`. */
export function refuseUnsupported(body: AudioBody, supported: readonly string[]): Result<never, FieldRefusal> | null {
  const field = Object.keys(body).find((name) => givenField(body, name) !== undefined && !supported.includes(name));
  return field === undefined ? null : refuseField(field, `this model accepts ${supported.slice(1).join(', ')}`);
}

/** Whether a request can provide all parameters that have no default. */
export const canGiveAll = ({ params }: CommandSpec, fields: readonly string[]): boolean =>
  Object.entries(params).every(([name, spec]) => fields.includes(name) || spec.default !== undefined);

/** The fields that the manifest declares as parameters, converted to the types of their rules. */
export function givenParams(body: AudioBody, { params }: CommandSpec, fields: readonly string[]): Result<ParamInput, FieldRefusal> {
  const given: Record<string, string | number | boolean> = {};
  for (const field of fields) {
    const value = givenField(body, field);
    const spec = Object.hasOwn(params, field) ? params[field] : undefined;
    if (value === undefined || spec === undefined) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return refuseField(field, 'a text or a number is expected');
    // The fields of a form are strings.
    given[field] = 'min' in spec && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  }
  const checked = paramValues(params, given);
  return checked.ok ? ok(given) : refuseField(checked.error.param, faultText(checked.error, params[checked.error.param]));
}

const MAX_NAMED_VALUES = 50;

function faultText({ reason }: ParamFault, spec: ParamSpec | undefined): string {
  if (spec === undefined || reason === 'control_character' || reason === 'leading_dash') return `not accepted (${reason})`;
  const what = reason === 'missing' ? 'required' : 'not accepted';
  if ('enum' in spec) return `${what}; one of ${spec.enum.slice(0, MAX_NAMED_VALUES).join(', ')}`;
  if ('min' in spec)
    return `${what}; ${spec.integer === true ? 'a whole number' : 'a number'} from ${String(spec.min)} to ${String(spec.max)}`;
  return `${what}; a text that matches ${spec.pattern}`;
}
