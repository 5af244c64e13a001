// The interface of a server type: the paths to request, the check whether the answers are this server's, and the parser of its models.
import { z } from 'zod';
import { MAX_MODELS } from '../../../../shared/protocol/limits';
import type { Abilities, Ability } from '../../../../shared/protocol/model-abilities';
import type { CapabilityState, ModelKind } from '../../../../shared/protocol/node-messages';
import type { ModelAction, ModelResidency } from '../../../../shared/protocol/model-control';
import type { ServerPath } from '../../../../shared/protocol/task-kinds';
import type { HttpReason, RuntimeStatus } from '../runtime-snapshot';
import type { Answers, ProbeAnswer } from './answers';

const MAX_CONTEXT_LENGTH = 1e9;

/**
 * The reasons of each state of a model:
 * - `ready`: `loaded`, `cold` (loaded on use), `listed` (nothing more is known), `loading` (when the server queues requests)
 * - `downloading`: `downloading`
 * - `not_installed`: `not_loaded` (and not loaded on use), `loading` (when the server refuses requests)
 * - `error`: `load_failed`, `state_unknown`, `readiness_unknown`
 */
export type ServedReason =
  | 'loaded'
  | 'cold'
  | 'listed'
  | 'loading'
  | 'downloading'
  | 'not_loaded'
  | 'load_failed'
  | 'state_unknown'
  | 'readiness_unknown';

export interface ServedModel {
  readonly modelId: string;
  readonly kind: ModelKind;
  /** The server does not report the kind: it is the usual one of this server type. */
  readonly kindIsGuess: boolean;
  readonly version: string;
  /** The paths of the OpenAI API that are not known to be refused, and the native paths that the server is known to have. */
  readonly tasks: readonly ServerPath[];
  readonly state: CapabilityState;
  readonly reasonCode: ServedReason;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly sizeBytes: number | null;
  /** GPU memory that the loaded model uses. Absent: unknown, or not loaded. */
  readonly vramBytes?: number;
  /** Progress of the download, 0 to 1. Absent: not reported. */
  readonly progress?: number;
  /** Whether the model is in memory, where `reasonCode` does not show it (`residencyOfServed`). */
  readonly residency?: ModelResidency;
  /** What the server can do with the model. Absent: nothing. */
  readonly actions?: readonly ModelAction[];
  /** The loaded copies of the model, by the ids of the server. Absent: the server has one at most. */
  readonly instances?: readonly string[];
  /** What the server says that the model can do. Absent: nothing. */
  readonly abilities?: Abilities;
}

export interface ServerState {
  readonly version: string | null;
  readonly state: RuntimeStatus['state'];
  readonly reasonCode: RuntimeStatus['reasonCode'];
  readonly details: RuntimeStatus['details'];
  readonly models: readonly ServedModel[];
}

/** A path for a GET request, or a POST request whose answer is kept under `key`. */
export type ServerRequest = string | { readonly key: string; readonly path: string; readonly body: object };

/** A request that changes which models are in memory or on disk. */
export interface ControlRequest {
  /** Default: POST. */
  readonly method?: 'POST' | 'DELETE';
  readonly path: string;
  readonly body: object;
}

export interface ServerType {
  readonly name: RuntimeStatus['type'];
  /** GET requests that identify the server and read its state. They must neither start work in any server nor wake, load or pin a model. */
  readonly paths: readonly string[];
  /** Whether the answers are this server's and no other's. */
  matches(answers: Answers): boolean;
  /** Further requests, only for this server: on other servers the same path may start work. */
  followUps?(answers: Answers): readonly ServerRequest[];
  read(answers: Answers): ServerState;
  /** The requests for an action of the model, in order. Defined if models of this server have actions. */
  control?(model: ServedModel, action: ModelAction): readonly ControlRequest[];
  /** The request that deletes the model from the disk. Defined if the server can. */
  removal?(model: ServedModel): ControlRequest;
}

/** The page for browsers. Some servers identify themselves there. */
export const PAGE = '/';

export const FIRST_SERVER_ERROR = 500;

/** Of a prompt with its answer, tokens. */
export const contextLength = z.number().int().min(1).max(MAX_CONTEXT_LENGTH);

/** What the server reports that the model can do. A value that is no boolean is not known. */
export function reportedAbilities(reported: Readonly<Partial<Record<Ability, unknown>>>): Pick<ServedModel, 'abilities'> {
  const known = Object.entries(reported).filter(([, value]) => typeof value === 'boolean');
  return known.length === 0 ? {} : { abilities: Object.fromEntries(known) };
}

/** `tokens`: what the server takes now. `max`: what the model can take. Null: not reported. */
export const contextOf = (tokens: number | null | undefined, max?: number | null): ServedModel['details'] => ({
  ...(tokens == null ? {} : { context_tokens: tokens }),
  ...(max == null ? {} : { max_context_tokens: max }),
});

/** An undocumented field: an invalid value counts as absent, so that the model is still listed. */
export const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);

/** The status of an answer. Null: there was no answer. */
export const statusOf = (answer: ProbeAnswer | undefined): number | null => (answer?.kind === 'answered' ? answer.status : null);

export const httpReason = (status: number): HttpReason => `http_${String(status)}` as HttpReason;

/** The body of an answer with status 200 that fits the schema, else null. */
export function bodyAs<Schema extends z.ZodType>(answer: ProbeAnswer | undefined, schema: Schema): z.output<Schema> | null {
  if (answer?.kind !== 'answered' || answer.status !== 200) return null;
  const outcome = schema.safeParse(answer.json);
  return outcome.success ? outcome.data : null;
}

/** The valid entries of a list; invalid entries are skipped. A list that is null is empty. Null: there is no such list. */
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

/** Whether a request failed, or the answer is a server error. */
export const isUnanswered = (answer: ProbeAnswer | undefined): boolean =>
  answer?.kind === 'failed' || (answer !== undefined && answer.status >= FIRST_SERVER_ERROR);

export const asksForKey = (answer: ProbeAnswer | undefined): boolean => answer?.kind === 'answered' && answer.asksForKey;

export const KEY_NEEDED = {
  version: null,
  state: 'unauthorized',
  reasonCode: 'key_needed',
  details: {},
  models: [],
} as const satisfies ServerState;

export const serverState = (fields: Partial<ServerState>): ServerState => ({
  version: null,
  state: 'running',
  reasonCode: 'ok',
  details: {},
  models: [],
  ...fields,
});
