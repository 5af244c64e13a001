// What a kind of server is known by and what its answers mean. Pure: a flavour asks for paths, and reads what came back.
import { z } from 'zod';
import { MAX_MODELS } from '../../../../shared/protocol/limits';
import type { CapabilityState, ModelKind } from '../../../../shared/protocol/node-messages';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { HttpReason, RuntimeStatus } from '../runtime-snapshot';
import type { Answers, ProbeAnswer } from './answers';

/**
 * - `loaded`, `cold` (loads on use), `listed` (all that is known): `ready`; `loading`: `ready` where jobs wait for it, else not
 * - `downloading`; `not_loaded` (and would not be on use): `not_installed`
 * - `load_failed`, `state_unknown`, `readiness_unknown`: `error`
 */
export type FoundReason =
  'loaded' | 'cold' | 'listed' | 'loading' | 'downloading' | 'not_loaded' | 'load_failed' | 'state_unknown' | 'readiness_unknown';

export interface FoundModel {
  readonly modelId: string;
  readonly kind: ModelKind;
  /** Its server does not tell: the kind is what such servers mostly have. */
  readonly kindIsGuess: boolean;
  readonly version: string;
  /** What its server takes for it, as far as that can be known: all that is not known to be refused. */
  readonly tasks: readonly OpenAiPath[];
  readonly state: CapabilityState;
  readonly reasonCode: FoundReason;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly sizeBytes: number | null;
  /** Of its download, 0-1. Absent: it is not told. */
  readonly progress?: number;
}

export interface Look {
  readonly version: string | null;
  readonly state: RuntimeStatus['state'];
  readonly reasonCode: RuntimeStatus['reasonCode'];
  readonly details: RuntimeStatus['details'];
  readonly models: readonly FoundModel[];
}

/** A path to ask by GET; or a question with a body, whose answer is asked for once and found under `key`. */
export type Question = string | { readonly key: string; readonly path: string; readonly body: object };

export interface Flavour {
  readonly name: RuntimeStatus['flavour'];
  /** What it is known by, and looked at by: GET requests that no server takes for work, and that neither wake, load nor pin a model. */
  readonly paths: readonly string[];
  /** Whether the answers are this server's and no other's. */
  matches(answers: Answers): boolean;
  /** What else to ask of it, and of no other: elsewhere the same path may be work. */
  later?(answers: Answers): readonly Question[];
  read(answers: Answers): Look;
}

/** What people see: some say there what they are. */
export const PAGE = '/';

export const FIRST_SERVER_ERROR = 500;

/** A field that nobody promised: whatever does not fit is as if it were not there, and costs no model its place. */
export const perhaps = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);

/** The status of an answer; null when there was none. */
export const statusOf = (answer: ProbeAnswer | undefined): number | null => (answer?.kind === 'answered' ? answer.status : null);

export const httpReason = (status: number): HttpReason => `http_${status}`;

/** The body, when the answer was a success and fits; null otherwise. */
export function bodyAs<Schema extends z.ZodType>(answer: ProbeAnswer | undefined, schema: Schema): z.output<Schema> | null {
  if (answer?.kind !== 'answered' || answer.status !== 200) return null;
  const outcome = schema.safeParse(answer.json);
  return outcome.success ? outcome.data : null;
}

/** Those of a list that fit: one strange entry hides no other. Null is an empty list. Null when there is none, or one of something else. */
export function entriesOf<Schema extends z.ZodType>(
  answer: ProbeAnswer | undefined,
  key: string,
  schema: Schema,
): z.output<Schema>[] | null {
  const list = bodyAs(answer, z.object({ [key]: z.array(z.unknown()).nullable() }))?.[key];
  if (list === undefined) return null;
  if (list === null) return [];
  const fitting = list.slice(0, MAX_MODELS).flatMap((entry) => {
    const outcome = schema.safeParse(entry);
    return outcome.success ? [outcome.data] : [];
  });
  return list.length > 0 && fitting.length === 0 ? null : fitting;
}

/** A question that was not answered, or by a server at fault: what it would have told is unknown. */
export const isMissing = (answer: ProbeAnswer | undefined): boolean =>
  answer?.kind === 'failed' || (answer !== undefined && answer.status >= FIRST_SERVER_ERROR);

export const asksForKey = (answer: ProbeAnswer | undefined): boolean => answer?.kind === 'answered' && answer.asksForKey;

export const KEY_NEEDED = {
  version: null,
  state: 'unauthorized',
  reasonCode: 'key_needed',
  details: {},
  models: [],
} as const satisfies Look;

export const running = (fields: Partial<Look>): Look => ({
  version: null,
  state: 'running',
  reasonCode: 'ok',
  details: {},
  models: [],
  ...fields,
});
