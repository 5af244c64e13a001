// What the audio paths have in common on a model folder's command: fields that go to declared parameters, and a refusal that names
// the field and what would be taken. Pure.
import { messageIn } from '../../../../shared/protocol/codes';
import type { OpenAiOutput, OpenAiTask } from '../../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../../shared/result';
import type { ModelKind } from '../../../../shared/protocol/node-messages';
import type { CommandSpec } from './command-spec';
import { type ParamFault, paramValues } from './params';
import type { ParamSpec } from './param-spec';

/** A model folder whose manifest names a command, as far as the audio paths ask. */
export interface AudioModel {
  readonly kind: ModelKind;
  readonly srcLang: string | null;
  readonly command: CommandSpec;
}

export type Body = OpenAiTask['body'];
export type Given = Readonly<Record<string, string | number | boolean>>;

/** The field at fault, and what is wrong with it. */
export interface Refusal {
  readonly param: string;
  readonly reason: string;
}

export const refuse = (param: string, reason: string): Result<never, Refusal> => fail({ param, reason });

/** The request is at fault and would be on every node: an answer with its own status, in OpenAI's shape. */
export function refusalAnswer({ param, reason }: Refusal): OpenAiOutput {
  const message = `${messageIn('INVALID_REQUEST', 'en')}: ${param}: ${reason}`;
  return { status: 400, body: { error: { message, type: 'invalid_request_error', param, code: 'invalid_request' } } };
}

/** A field that is null is one that was left out. */
export const valueOf = (body: Body, field: string): unknown => body[field] ?? undefined;

/** The first field of the request that nothing here would heed. */
export const strayField = (body: Body, heeded: readonly string[]): string | undefined =>
  Object.keys(body).find((field) => valueOf(body, field) !== undefined && !heeded.includes(field));

/** Whether a request can give all parameters that have no default. */
export const canGiveAll = ({ params }: CommandSpec, fields: readonly string[]): boolean =>
  Object.entries(params).every(([name, spec]) => fields.includes(name) || spec.default !== undefined);

/** Those of the fields that the manifest declares as parameters, each as its rule wants it. */
export function givenParams(body: Body, { params }: CommandSpec, fields: readonly string[]): Result<Given, Refusal> {
  const given: Record<string, string | number | boolean> = {};
  for (const field of fields) {
    const value = valueOf(body, field);
    const spec = Object.hasOwn(params, field) ? params[field] : undefined;
    if (value === undefined || spec === undefined) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return refuse(field, 'a text or a number is wanted');
    // The fields of a form are texts.
    given[field] = 'min' in spec && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  }
  const checked = paramValues(params, given);
  return checked.ok ? ok(given) : refuse(checked.error.param, faultText(checked.error, params[checked.error.param]));
}

const MAX_NAMED_VALUES = 50;

function faultText({ reason }: ParamFault, spec: ParamSpec | undefined): string {
  if (spec === undefined || reason === 'control_character' || reason === 'leading_dash') return `not taken (${reason})`;
  const what = reason === 'missing' ? 'wanted' : 'not taken';
  if ('enum' in spec) return `${what}; one of ${spec.enum.slice(0, MAX_NAMED_VALUES).join(', ')}`;
  if ('min' in spec)
    return `${what}; ${spec.integer === true ? 'a whole number' : 'a number'} from ${String(spec.min)} to ${String(spec.max)}`;
  return `${what}; a text that matches ${spec.pattern}`;
}
