// A route of the HTTP API, as data. The server, the OpenAPI document and the access test all read the same table of routes, so none
// of the three can miss a route.
import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Language } from '../../../shared/language';
import { type ErrorCode, httpStatusOfError } from '../../../shared/protocol/codes';
import type { Endpoint } from '../../trust/proof';
import type { Refusal } from '../jobs/refusals';
import type { Access } from '../members/core/permissions';
import type { Caller } from '../members/core/principal';
import { errorBody, type ErrorDetails, errorHeaders } from '../access/error-response';

/** A schema and its name in the OpenAPI document. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: z.ZodType;
}

export interface JsonAnswer {
  readonly kind: 'json';
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error, in the language that the client prefers. */
export interface ErrorAnswer {
  readonly kind: 'error';
  readonly status: number;
  readonly bodyIn: (language: Language) => object;
  readonly headers: Readonly<Record<string, string>>;
}

export type Answer =
  | JsonAnswer
  | ErrorAnswer
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly contentType: string;
      readonly text: string | readonly Buffer[] | AsyncIterable<string>;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The handler writes the response itself and ends it. False: too many streams are open, and nothing was written. */
  | { readonly kind: 'stream'; readonly open: (response: ServerResponse) => boolean }
  /** A file of the dashboard. */
  | { readonly kind: 'file'; readonly path: string };

export interface AccessFailure {
  readonly code: 'UNAUTHORIZED' | 'REVOKED';
  readonly details: ErrorDetails;
}

/** Null: the credential is valid. */
export type AccessCheck = () => AccessFailure | null;

/** The error that ends an answer: the credential was revoked, or it lost the roles that send jobs. */
export type EndOfAccess = 'REVOKED' | 'FORBIDDEN';

export interface RouteRequest<Params, Body, Query = unknown, Headers = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  readonly lastEventId: string | undefined;
  /** The `X-Request-Id` of the client where that is a valid one, else a new id. */
  readonly requestId: string;
  /** For a handler that answers with a stream: the language of the errors in the stream. */
  readonly language: Language;
  /** Who sends the request, and how much of the right of the route the caller has. */
  readonly caller: Caller;
  /** For a handler that answers with a stream: whether the credential of the caller has ended since. */
  readonly accessFailure: AccessCheck;
  /** Whether the connection of the caller has ended since: then nothing more needs to be read for the answer. */
  readonly hasLeft: () => boolean;
  /** The address of the caller. */
  readonly from: string;
  /** Where the connection of the caller ends. */
  readonly at: Endpoint;
  /** The token of the replica that has this connection. Null: this scheduler has it. */
  readonly replica: string | null;
}

/** The body of a `multipart/form-data` request before the form is parsed. */
export interface FormBytes {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** An error of a route that is not in the error catalogue, for the OpenAPI document. */
export interface OtherError {
  readonly status: number;
  readonly code: string;
  readonly text: string;
}

export type BodyType = 'application/json' | 'multipart/form-data';

/** The types of the inputs are erased here: Fastify validates every input with its schema before the handler runs. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parameters in braces: `/api/v1/nodes/{node_id}`. */
  readonly path: string;
  /** The right that the caller needs (docs/security.md). */
  readonly access: Access;
  /** The name of the act in the audit log. Null: the route is no act of an operator. */
  readonly act: string | null;
  /** Whether the request is no act after all, for example because the caller reads its own job. Null: each request is one. */
  readonly isOwnAct: ((caller: Caller, params: Readonly<Record<string, string>>) => Promise<boolean>) | null;
  /** What the audit log names, read before the act, which may remove it. Null: the parameters of the path, or the id of what was created. */
  readonly targetOf: ((params: Readonly<Record<string, string>>) => string | null) | null;
  readonly summary: string;
  readonly params: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  /** Request headers that the handler reads, by their lower-case names. */
  readonly headers: z.ZodObject | null;
  readonly body: NamedSchema | null;
  /** For a form the handler gets `FormBytes`. The body's schema describes the fields of the form in the OpenAPI document. */
  readonly bodyType: BodyType;
  /** Null: the default of the server, which is enough for every operation on a pool. */
  readonly maxBodyBytes: number | null;
  readonly answers: {
    readonly status: number;
    readonly contentType: string;
    readonly schema: NamedSchema | null;
    /** The data of one server-sent event, for a route that can also answer with a stream of events. */
    readonly streamed: NamedSchema | null;
    /** Descriptions of the answer's headers, by name. */
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly errors: readonly ErrorCode[];
  readonly otherErrors: readonly OtherError[];
  readonly handle: (request: RouteRequest<never, never, never, never>) => Answer | Promise<Answer>;
}

interface RouteSpec<
  Params extends z.ZodObject,
  Body extends z.ZodType,
  Query extends z.ZodObject = z.ZodObject,
  Headers extends z.ZodObject = z.ZodObject,
> {
  readonly method: Route['method'];
  readonly path: string;
  readonly access: Route['access'];
  readonly act?: string;
  readonly isOwnAct?: NonNullable<Route['isOwnAct']>;
  readonly targetOf?: NonNullable<Route['targetOf']>;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: { readonly name: string; readonly schema: Body };
  readonly maxBodyBytes?: number;
  readonly answers: Partial<Route['answers']>;
  readonly errors?: readonly ErrorCode[];
  readonly otherErrors?: readonly OtherError[];
  readonly handle: (
    request: RouteRequest<z.output<Params>, z.output<Body>, z.output<Query>, z.output<Headers>>,
  ) => Answer | Promise<Answer>;
}

/** Makes a route whose handler is typed by its schemas. The default is JSON. */
export function route<Params extends z.ZodObject, Body extends z.ZodType, Query extends z.ZodObject, Headers extends z.ZodObject>(
  spec: RouteSpec<Params, Body, Query, Headers>,
): Route {
  return {
    method: spec.method,
    path: spec.path,
    access: spec.access,
    act: spec.act ?? null,
    isOwnAct: spec.isOwnAct ?? null,
    targetOf: spec.targetOf ?? null,
    summary: spec.summary,
    params: spec.params ?? null,
    query: spec.query ?? null,
    headers: spec.headers ?? null,
    body: spec.body ?? null,
    bodyType: 'application/json',
    maxBodyBytes: spec.maxBodyBytes ?? null,
    answers: { status: 200, contentType: 'application/json', schema: null, streamed: null, headers: {}, ...spec.answers },
    errors: spec.errors ?? [],
    otherErrors: spec.otherErrors ?? [],
    handle: spec.handle,
  };
}

/** Makes a route that takes a form. The handler parses and validates the form itself. */
export function formRoute<Params extends z.ZodObject, Body extends z.ZodType, Headers extends z.ZodObject>(
  spec: Omit<RouteSpec<Params, Body, z.ZodObject, Headers>, 'handle'> & {
    readonly handle: (request: RouteRequest<z.output<Params>, FormBytes, unknown, z.output<Headers>>) => Answer | Promise<Answer>;
  },
): Route {
  return { ...route({ ...spec, handle: spec.handle as never }), bodyType: 'multipart/form-data' };
}

export const json = (body: unknown): Answer => ({ kind: 'json', status: 200, body });

export const refusalAnswer = ({ code, details }: Refusal): ErrorAnswer => errorCodeAnswer(code, details);

export const errorCodeAnswer = (code: ErrorCode, details: ErrorDetails = null): ErrorAnswer => ({
  kind: 'error',
  status: httpStatusOfError(code),
  bodyIn: (language) => errorBody(code, details, language),
  headers: errorHeaders(code, details),
});
