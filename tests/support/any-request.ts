// Random requests to every route, made from the OpenAPI document of a scheduler: valid values, with some replaced by bad ones, and text
// that is no JSON.
import fc from 'fast-check';
import { z } from 'zod';
import { brokenFrame, nasty } from './broken-frames';
import { submission } from './job-pool';

const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  items: z.unknown(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const operationShape = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: z.unknown() })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) }).optional(),
});

const documentShape = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationShape)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

export interface AnyRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface AnyRoute {
  readonly name: string;
  /** Without parameters and a body, only the query differs between two requests. */
  readonly hasInput: boolean;
  readonly requests: fc.Arbitrary<AnyRequest>;
}

const CHAT = { model: 'llm-x', messages: [{ role: 'user', content: 'x' }] };
const NAMED = { name: 'x', roles: ['client'], models: ['llm-x'] };
/** A body that the handler accepts, for routes whose schema is not enough to make one. No node has the model: so no request waits. */
const SAMPLE_BODIES: Readonly<Record<string, object>> = {
  '/api/v1/jobs': submission({ priority: 1, required_models: ['llm-x'] }),
  '/api/v1/dispatch/explain': { required_models: ['llm-x'] },
  '/api/v1/keys': { ...NAMED, limits: { max_queued: 1 } },
  '/api/v1/invites': { ...NAMED, roles: ['node'], uses: 2, expires_in_seconds: 60 },
  '/api/v1/session': { code: 'x'.repeat(43) },
  '/v1/chat/completions': { ...CHAT, stream: true, temperature: 1, tools: [{ type: 'function', function: { name: 'f' } }] },
  '/v1/completions': { model: 'llm-x', prompt: 'x' },
  '/v1/embeddings': { model: 'llm-x', input: ['x'] },
  '/v1/rerank': { model: 'llm-x', query: 'x', documents: ['x'] },
  '/v1/messages': { model: 'llm-x', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] },
  '/v1/messages/count_tokens': { model: 'llm-x', messages: [{ role: 'user', content: 'x' }] },
  '/v1/audio/speech': { model: 'llm-x', input: 'x', voice: 'x' },
};
const MAX_LEVELS = 5;
const BOUNDARY = 'boundary';
const FORM = 'multipart/form-data';

export function anyRoutes(openApi: unknown): readonly AnyRoute[] {
  const { paths, components } = documentShape.parse(openApi);
  const generators = [new Values(components.schemas, false), new Values(components.schemas, true)];
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      hasInput: operation.parameters.length > 0 || operation.requestBody !== undefined,
      requests: fc.oneof(...generators.map((values) => requestsOf(method.toUpperCase(), path, operation, values))),
    })),
  );
}

type Operation = z.infer<typeof operationShape>;

function requestsOf(method: string, path: string, { parameters, requestBody }: Operation, values: Values): fc.Arbitrary<AnyRequest> {
  const partsIn = (place: string, spoiled?: fc.Arbitrary<string>): fc.Arbitrary<Record<string, string | undefined>> => {
    const found = parameters.filter((parameter) => parameter.in === place);
    const text = ({ schema }: { readonly schema: unknown }): fc.Arbitrary<string> => {
      const plain = values.of(schema).map(toText);
      return spoiled === undefined || !values.isSpoiled ? plain : fc.oneof(plain, spoiled);
    };
    return fc.record(Object.fromEntries(found.map((each) => [each.name, text(each)])), place === 'path' ? {} : { requiredKeys: [] });
  };
  const [type = null, content = null] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const query = partsIn('query').map(toQuery);
  return fc
    .record({
      parts: partsIn('path', anyPart),
      query: values.isSpoiled ? fc.oneof(query, anyQuery) : query,
      headers: partsIn('header'),
      body:
        content === null ? fc.constant(undefined) : fc.oneof(bodiesOf(type, values.of(content.schema), values.isSpoiled), samplesOf(path)),
    })
    .map((request) => ({
      method,
      path: `${path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => toPart(request.parts[name] ?? ''))}${request.query}`,
      headers: {
        ...toHeaders(request.headers),
        ...(type === null ? {} : { 'content-type': type === FORM ? `${FORM}; boundary=${BOUNDARY}` : type }),
      },
      body: request.body,
    }));
}

function samplesOf(path: string): fc.Arbitrary<string> {
  const sample = SAMPLE_BODIES[path] ?? {};
  return fc.oneof(fc.constant(JSON.stringify(sample)), { arbitrary: brokenFrame(sample), weight: 3 });
}

function bodiesOf(type: string | null, values: fc.Arbitrary<unknown>, isSpoiled: boolean): fc.Arbitrary<string> {
  const text = values.map(type === FORM ? toForm : (value) => JSON.stringify(value) ?? '');
  if (!isSpoiled) return text;
  return fc.oneof(
    { arbitrary: text, weight: 8 },
    fc.tuple(text, fc.nat({ max: 200 })).map(([whole, length]) => whole.slice(0, length)),
    fc.string(),
    fc.constantFrom('['.repeat(5000), `{"a":${'[{"b":'.repeat(200)}`, `[${'{},'.repeat(2000)}{}]`, '{"__proto__":{"x":1}}'),
  );
}

/** A part of a path as an attacker writes it. */
const anyPart = fc.oneof(fc.constantFrom('..', '%2e%2e%2f', '%00', '%', '%ff', 'a%0d%0ab', '__proto__', 'x'.repeat(300)), fc.string());
const anyQuery = fc.oneof(
  fc.constantFrom('', '?', '?limit=-1', '?limit=1e9&limit=2', '?cursor=%00', '?__proto__[a]=1'),
  fc.string().map((text) => `?${encodeURI(text.toWellFormed())}`),
);

type Schema = z.infer<typeof schemaShape>;

/** Values of JSON schemas. Spoiled: at each level some are replaced. */
class Values {
  readonly isSpoiled: boolean;
  readonly #definitions: Readonly<Record<string, unknown>>;

  constructor(definitions: Readonly<Record<string, unknown>>, isSpoiled: boolean) {
    this.#definitions = definitions;
    this.isSpoiled = isSpoiled;
  }

  of(schema: unknown, level = 0): fc.Arbitrary<unknown> {
    const parsed = schemaShape.safeParse(schema);
    if (!parsed.success || level > MAX_LEVELS) return fc.constantFrom<unknown>(null, 1, 'x', {}, []);
    const valid = this.#valid(parsed.data, (inner) => this.of(inner, level + 1));
    return this.isSpoiled ? fc.oneof({ arbitrary: valid, weight: 9 }, nasty) : valid;
  }

  #valid(schema: Schema, values: (inner: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) return values(this.#definitions[schema.$ref.split('/').at(-1) ?? '']);
    const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (choices !== undefined && choices.length > 0) return fc.oneof(...choices.map(values));
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.const !== undefined) return fc.constant(schema.const);
    switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
      case 'string':
        return fc.oneof(fc.constantFrom('llm-x', 'pool.exclusions', 'x'), fc.string({ minLength: 1 }), fc.string({ unit: 'binary' }));
      case 'integer':
        return fc.integer({ min: Math.max(schema.minimum ?? -5, -1e6), max: Math.min(schema.maximum ?? 1000, 1e6) });
      case 'number':
        return fc.double({ min: schema.minimum ?? -5, max: schema.maximum ?? 1000, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(values(schema.items), { minLength: 1, maxLength: 4 });
      case 'object':
        return this.#object(schema, values);
      case undefined:
      default:
        return this.isSpoiled ? nasty : fc.constantFrom<unknown>(1, 'x', true);
    }
  }

  #object({ properties = {}, required = [] }: Schema, values: (inner: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, values(schema)]));
    const known = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
    if (!this.isSpoiled) return known;
    const other = fc.dictionary(fc.string({ maxLength: 8 }), nasty, { maxKeys: 1 });
    return fc.tuple(known, other).map(([one, more]) => ({ ...more, ...one }));
  }
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 2000);
/** Some parts stay as they are: their escapes may be wrong. */
const toPart = (text: string): string => (/^[\w.%-]+$/.test(text) ? text : encodeURIComponent(text.toWellFormed()));
const toQuery = (query: Readonly<Record<string, string | undefined>>): string =>
  `?${Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent((value ?? '').toWellFormed())}`)
    .join('&')}`;
/** Node refuses to send other characters in a header. */
const toHeaders = (headers: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, (value ?? '').replaceAll(/[^\x20-\x7e]/g, '')]));

function toForm(value: unknown): string {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [['file', value]];
  const parts = fields.map(
    ([name, each]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${String(name)}"\r\n\r\n${toText(each)}\r\n`,
  );
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}
