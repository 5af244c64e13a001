// The OpenAPI 3.1 document, made from the table of routes and from the same schemas that validate the requests.
import { z } from 'zod';
import { errorBodySchema } from '../../../shared/api/node-view';
import { ownTurn } from '../../platform/own-turn';
import { type Access, RIGHTS } from '../members/core/permissions';
import { errorSchemaOfPath, streamTypeOf } from './client-apis/formats';
import { errorResponses, headersOf } from './openapi-errors';
import type { NamedSchema, Route } from './route';

const errorSchema: NamedSchema = { name: 'Error', schema: errorBodySchema };

/** Made in turns of the event loop: the schemas of all routes take longer than one turn may. */
export async function openApiDocument(routes: readonly Route[], version: string): Promise<object> {
  const schemas = new Map<string, object>();
  // A request is described before its defaults are filled in (`input`), an answer after (`output`).
  const reference = ({ name, schema }: NamedSchema, io: 'input' | 'output'): object => {
    const place = `#/components/schemas/${name}`;
    if (!schemas.has(name)) schemas.set(name, jsonSchema(schema, io, place));
    return { $ref: place };
  };
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    await ownTurn();
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, reference) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Muster scheduler', version, license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'The owner key, a program key (`mk_...`), a member credential (`mn_...`) or a session key (`ms_...`).',
        },
      },
    },
  };
}

/** The empty object: on loopback no key is required. */
function securityOf(access: Access): readonly object[] {
  if (access === 'anyone') return [];
  if (access === 'invited') return [{ key: [] }];
  return RIGHTS[access].loopback === null ? [{ key: [] }] : [{}, { key: [] }];
}

function operation(route: Route, reference: (schema: NamedSchema, io: 'input' | 'output') => object): object {
  const { status, contentType, schema, streamed } = route.answers;
  const content = {
    [contentType]: schema === null ? {} : { schema: reference(schema, 'output') },
    ...(streamed === null ? {} : { [streamTypeOf(route.path)]: { schema: reference(streamed, 'output') } }),
  };
  const done = { description: 'Success', ...headersOf(route, route.answers.headers), content };
  return {
    summary: route.summary,
    operationId: operationId(route),
    security: securityOf(route.access),
    'x-muster-right': route.access,
    ...parametersOf(route),
    ...(route.body === null ? {} : { requestBody: requestBody(route, route.body, reference) }),
    responses: {
      [String(status)]: status === 101 ? { description: 'Switching protocols' } : done,
      ...errorResponses(route, {
        plain: reference(errorSchema, 'output'),
        own: reference(errorSchemaOfPath(route.path) ?? errorSchema, 'output'),
      }),
    },
  };
}

/** An absent body counts as an empty object. */
const requestBody = ({ bodyType }: Route, body: NamedSchema, reference: (schema: NamedSchema, io: 'input') => object): object => ({
  required: bodyType !== 'application/json' || !body.schema.safeParse({}).success,
  content: { [bodyType]: { schema: reference(body, 'input') } },
});

/** `GET /api/v1/nodes/{node_id}` is `getApiV1NodesNodeId`. */
const operationId = ({ method, path }: Route): string =>
  method.toLowerCase() +
  path
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

function parametersOf({ params, query, headers }: Route): { readonly parameters?: object[] } {
  const parameters = [...parametersIn('path', params), ...parametersIn('query', query), ...parametersIn('header', headers)];
  return parameters.length === 0 ? {} : { parameters };
}

const parametersIn = (place: 'path' | 'query' | 'header', schema: z.ZodObject | null): object[] =>
  Object.entries(schema?.shape ?? {}).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: jsonSchema(type as z.ZodType, 'input', '#'),
  }));

/** `place`: the schema's place in the document. References inside the schema are relative to the document. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', place: string): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(rest).replaceAll('"$ref":"#', `"$ref":"${place}`)) as object;
}
