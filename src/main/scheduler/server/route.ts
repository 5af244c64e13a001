// What a route of the HTTP API is: data. From one table come the server's routes, the OpenAPI document and the test that
// walks them all, so that none can be forgotten by any of the three.
import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { ErrorBody } from '../../../shared/api/node-view';
import { type ErrorCode, httpStatusOf } from '../../../shared/protocol/codes';
import { errorBody } from './error-body';

/** A schema with the name that it has in the OpenAPI document. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: z.ZodType;
}

export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'text'; readonly status: number; readonly contentType: string; readonly text: string }
  /** The handler writes the response itself, for as long as it likes. False: it could not take one more. */
  | { readonly kind: 'stream'; readonly open: (response: ServerResponse) => boolean }
  /** One of the renderer's files. */
  | { readonly kind: 'file'; readonly path: string };

export interface RouteRequest<Params, Body> {
  readonly params: Params;
  readonly body: Body;
  readonly lastEventId: string | undefined;
}

/** With params and body erased: both are validated by their schemas before the handler sees them. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Parameters in braces: `/api/v1/nodes/{node_id}`. */
  readonly path: string;
  /** `operator`: with the admin token, wherever others than this machine can reach the server. */
  readonly access: 'anyone' | 'operator';
  readonly summary: string;
  readonly params: z.ZodObject | null;
  readonly body: NamedSchema | null;
  readonly answers: { readonly status: number; readonly contentType: string; readonly schema: NamedSchema | null };
  readonly errors: readonly ErrorCode[];
  readonly handle: (request: RouteRequest<never, never>) => Answer | Promise<Answer>;
}

interface RouteSpec<Params extends z.ZodObject, Body extends z.ZodType> {
  readonly method: Route['method'];
  readonly path: string;
  readonly access?: Route['access'];
  readonly summary: string;
  readonly params?: Params;
  readonly body?: { readonly name: string; readonly schema: Body };
  readonly answers: Partial<Route['answers']>;
  readonly errors?: readonly ErrorCode[];
  readonly handle: (request: RouteRequest<z.output<Params>, z.output<Body>>) => Answer | Promise<Answer>;
}

/** A route whose handler gets what its schemas promise. For operators and JSON unless it says otherwise. */
export function route<Params extends z.ZodObject, Body extends z.ZodType>(spec: RouteSpec<Params, Body>): Route {
  return {
    method: spec.method,
    path: spec.path,
    access: spec.access ?? 'operator',
    summary: spec.summary,
    params: spec.params ?? null,
    body: spec.body ?? null,
    answers: { status: 200, contentType: 'application/json', schema: null, ...spec.answers },
    errors: spec.errors ?? [],
    handle: spec.handle as Route['handle'],
  };
}

export const json = (body: unknown): Answer => ({ kind: 'json', status: 200, body });

export const failure = (code: ErrorCode, details: ErrorBody['error']['details'] = null): Answer => ({
  kind: 'json',
  status: httpStatusOf(code),
  body: errorBody(code, details),
});
