// What a route of the HTTP API is: data. From one table come the server's routes, the OpenAPI document and the test that
// walks them all, so that none can be forgotten by any of the three.
import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { ErrorBody } from '../../../shared/api/node-view';
import type { Language } from '../../../shared/language';
import { type ErrorCode, httpStatusOf } from '../../../shared/protocol/codes';
import type { Role } from '../access/bearer';
import { errorBody, errorHeaders } from '../access/error-body';

/** A schema with the name that it has in the OpenAPI document. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: z.ZodType;
}

export interface JsonAnswer {
  readonly kind: 'json';
  readonly status: number;
  readonly body: unknown;
}

/** An error, in the language that its client prefers. */
export interface ErrorAnswer {
  readonly kind: 'error';
  readonly status: number;
  readonly bodyIn: (language: Language) => unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export type Answer =
  | JsonAnswer
  | ErrorAnswer
  | { readonly kind: 'text'; readonly status: number; readonly contentType: string; readonly text: string }
  /** The handler writes the response itself, for as long as it likes. False: it could not take one more. */
  | { readonly kind: 'stream'; readonly open: (response: ServerResponse) => boolean }
  /** One of the renderer's files. */
  | { readonly kind: 'file'; readonly path: string };

export interface RouteRequest<Params, Body, Query = unknown, Headers = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  readonly lastEventId: string | undefined;
  /** The caller's `X-Request-Id` where it is a sane one, else ours. */
  readonly requestId: string;
  /** For a handler that answers with a stream: what is said in it of a failure. */
  readonly language: Language;
}

/** What the body of a `multipart/form-data` request is before its form is read. */
export interface FormBytes {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A way to fail that is not in the error catalogue, for the description. */
export interface OtherError {
  readonly status: number;
  readonly code: string;
  readonly words: string;
}

/** With params and body erased: both are validated by their schemas before the handler sees them. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Parameters in braces: `/api/v1/nodes/{node_id}`. */
  readonly path: string;
  /** Wherever others than this machine can reach the server: with the admin token, or with that or the submit token. */
  readonly access: 'anyone' | Role;
  readonly summary: string;
  readonly params: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  /** Request headers that mean something here, by their lower-case names. */
  readonly headers: z.ZodObject | null;
  readonly body: NamedSchema | null;
  /** Of a form the handler gets `FormBytes`, and the body's schema describes its fields. */
  readonly bodyType: 'application/json' | 'multipart/form-data';
  /** Null: what operating a pool takes. */
  readonly maxBodyBytes: number | null;
  readonly answers: {
    readonly status: number;
    readonly contentType: string;
    readonly schema: NamedSchema | null;
    /** Set where it answers with server-sent events too, when it is asked to: the data of one. */
    readonly streamed: NamedSchema | null;
    /** What its answers have in their heads, by name: what that is. */
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
  readonly access?: Route['access'];
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

/** A route whose handler gets what its schemas promise. For operators and JSON unless it says otherwise. */
export function route<Params extends z.ZodObject, Body extends z.ZodType, Query extends z.ZodObject, Headers extends z.ZodObject>(
  spec: RouteSpec<Params, Body, Query, Headers>,
): Route {
  return {
    method: spec.method,
    path: spec.path,
    access: spec.access ?? 'operator',
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
    handle: spec.handle as Route['handle'],
  };
}

/** A route that takes a form. Its handler reads the form, and says itself what is wrong with it. */
export function formRoute<Params extends z.ZodObject, Body extends z.ZodType>(
  spec: Omit<RouteSpec<Params, Body>, 'handle'> & {
    readonly handle: (request: RouteRequest<z.output<Params>, FormBytes>) => Answer | Promise<Answer>;
  },
): Route {
  return { ...route({ ...spec, handle: spec.handle as never }), bodyType: 'multipart/form-data' };
}

export const json = (body: unknown): Answer => ({ kind: 'json', status: 200, body });

export const failure = (code: ErrorCode, details: ErrorBody['error']['details'] = null): ErrorAnswer => ({
  kind: 'error',
  status: httpStatusOf(code),
  bodyIn: (language) => errorBody(code, details, language),
  headers: errorHeaders(code),
});
