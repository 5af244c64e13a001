// The pages of docs/api, made from the OpenAPI document of a scheduler and from the answers to example requests. Pure.
// A page is the text of an author, then a marker, then the generated part. So the index in docs/api.md.
import { itemLines, type JsonSchema, type Types, typeLines, typeText } from './schema-lines';
import { MAX_COLUMNS, wrapped } from './wrapped';

export interface Example {
  /** `POST /api/v1/nodes/{node_id}/drain` */
  readonly route: string;
  /** With the values of the example, and the query. */
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  /** A text: the data of an event stream, or another body that is no JSON. */
  readonly answer: unknown;
}

interface Operation {
  readonly summary: string;
  readonly 'x-muster-right'?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, Response>>;
}

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
  readonly headers?: Readonly<Record<string, { readonly description: string }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
  /** The operations of the dashboard, which the document of a scheduler leaves out. */
  readonly operations: Readonly<Record<string, { readonly params: JsonSchema; readonly result: JsonSchema }>>;
}

interface Entry {
  readonly route: string;
  readonly page: string;
  readonly operation: Operation;
}

export const MARKER = '<!-- Generated from here to the end: node scripts/api-pages.mjs -->';

/** Its types are shown in part: they change with each version. */
const DASHBOARD = 'dashboard';

/** The page of a path is its first part after `/api/v1`. These share one. */
const SHARED_PAGES: Readonly<Record<string, string>> = {
  keys: 'members',
  invites: 'members',
  audit: 'members',
  session: 'members',
  proof: 'members',
  models: 'nodes',
  usage: 'pool',
  'join-requests': 'joining',
  backup: 'program',
  cluster: 'program',
  app: DASHBOARD,
};
const TITLES: Readonly<Record<string, string>> = {
  members: 'Members and keys',
  openai: 'OpenAI API',
  ollama: 'Ollama API',
  pool: 'The pool',
};

export function pageOf(path: string): string {
  if (path.startsWith('/v1/')) return 'openai';
  if (path.startsWith('/api/') && !path.startsWith('/api/v1/')) return 'ollama';
  const [, part] = /^\/api\/v1\/([\w-]+)/.exec(path) ?? [];
  return part === undefined ? 'program' : (SHARED_PAGES[part] ?? part);
}

export const titleOf = (page: string): string => TITLES[page] ?? page.charAt(0).toUpperCase() + page.slice(1).replaceAll('-', ' ');

function entriesOf({ paths }: OpenApi): readonly Entry[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      page: pageOf(path),
      operation,
    })),
  );
}

/** The generated part of each page, by its name. */
export function apiPages(api: OpenApi, examples: readonly Example[]): ReadonlyMap<string, string> {
  const entries = entriesOf(api);
  const homes = homesOf(entries);
  const names = new Map([...homes.keys()].map((name) => [keyOf(api.components.schemas[name] ?? {}), name]));
  return new Map(
    [...new Set(entries.map(({ page }) => page))].map((page) => {
      const types: Types = {
        nameOf: (schema) => names.get(keyOf(schema)) ?? null,
        link: (name) => `[${name}](${homes.get(name) === page ? '' : `${homes.get(name) ?? 'program'}.md`}#${name.toLowerCase()})`,
      };
      const routes = entries
        .filter((entry) => entry.page === page)
        .flatMap((entry) => [...routeLines(entry, types), ...exampleLines(examples.filter(({ route }) => route === entry.route))]);
      const own = [...homes].filter(([, home]) => home === page).map(([name]) => name);
      const described = own.flatMap((name) => [
        `### ${name}`,
        '',
        ...typeLines(api.components.schemas[name] ?? {}, types, page === DASHBOARD ? 2 : 8),
        '',
      ]);
      const operations = page === DASHBOARD ? operationLines(api, types) : [];
      return [
        page,
        ['## Routes', '', ...routes, ...operations, ...(own.length === 0 ? [] : ['## Types', '', ...described])].join('\n').trimEnd(),
      ];
    }),
  );
}

/** Equal for equal types. References inside a type name the type. */
const keyOf = ({ $defs: _parts, ...schema }: JsonSchema): string => JSON.stringify(schema).replace(/#[/\w$]*/g, '#');

/** The index: each page with its routes. */
export function apiIndex(api: OpenApi): string {
  const entries = entriesOf(api);
  return [...new Set(entries.map(({ page }) => page))]
    .flatMap((page) => [
      `- [${titleOf(page)}](api/${page}.md)`,
      ...entries
        .filter((entry) => entry.page === page)
        .flatMap(({ route, operation }) => wrapped(`\`${route}\`: ${firstSentence(operation.summary)}`, '  - ', '    ')),
    ])
    .join('\n');
}

const firstSentence = (text: string): string => (text.split(/\.(?: |$)/)[0] ?? text).replaceAll('\n', ' ');

/** The page on which each type is described: that of the first route with the type. */
function homesOf(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const { page, operation } of entries) {
    for (const name of schemasOf(operation)) if (!homes.has(name)) homes.set(name, page);
  }
  return homes;
}

function schemasOf({ requestBody, responses }: Operation): readonly string[] {
  const contents = [requestBody?.content ?? {}, ...successes(responses).map(([, { content }]) => content ?? {})];
  return contents.flatMap((content) => Object.values(content)).flatMap(({ schema }) => nameOf(schema) ?? []);
}

const nameOf = (schema: JsonSchema | undefined): string | null =>
  typeof schema?.['$ref'] === 'string' ? (schema['$ref'].split('/').at(-1) ?? null) : null;

const isSuccess = (status: string): boolean => Number(status) < 300;
const successes = (responses: Operation['responses']): readonly (readonly [string, Response])[] =>
  Object.entries(responses).filter(([status]) => isSuccess(status));

const operationLines = ({ operations }: OpenApi, types: Types): readonly string[] => [
  '## Operations',
  '',
  ...Object.entries(operations).flatMap(([name, { params, result }]) => [
    `### \`${name}\``,
    '',
    ...itemLines('Parameters', params, types, 2),
    ...itemLines('Value', result, types, 1),
    '',
  ]),
];

/** Every route can give them: docs/api.md lists them once. */
const COMMON_ERRORS = new Set([
  'HOST_NOT_ALLOWED',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'REVOKED',
  'LIMIT_REACHED',
  'METHOD_NOT_ALLOWED',
  'INTERNAL_ERROR',
  'REQUEST_TIMEOUT',
]);

function routeLines({ route, operation }: Entry, types: Types): readonly string[] {
  const { summary, parameters = [], requestBody, responses } = operation;
  const right = operation['x-muster-right'];
  const inputs = parameters.map(({ name, in: place, schema }) => `${titleOf(place)} \`${name}\`: ${typeText(schema, types)}`);
  const bodies = Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => `Body (\`${type}\`): ${typeText(schema, types)}`);
  const answers = successes(responses).flatMap(([status, { content = {}, headers = {} }]) => [
    ...Object.entries(content).map(
      ([type, { schema }]) => `Answer ${status} (\`${type}\`)${schema === undefined ? '' : `: ${typeText(schema, types)}`}`,
    ),
    ...Object.entries(headers).map(([name, { description }]) => `Header of the answer \`${name}\`: ${description}`),
  ]);
  const errors = Object.entries(responses)
    .filter(([status]) => !isSuccess(status))
    .flatMap(([status, { description }]) => codesOf(description).map((code) => `${status} \`${code}\``));
  const items = [
    ...(right === undefined ? [] : [`Right: \`${right}\``]),
    ...inputs,
    ...bodies,
    ...answers,
    ...(errors.length === 0 ? [] : [`Errors: ${errors.join(', ')}`]),
  ];
  return [`### \`${route}\``, '', ...wrapped(summary), '', ...items.flatMap((item) => wrapped(item, '- ', '  ')), ''];
}

/** Of a description such as `NOT_FOUND: not found; INVALID_STATE: not possible now`. */
const codesOf = (description: string): readonly string[] =>
  [...description.matchAll(/(?:^|; )(\w+): /g)].map(([, code = '']) => code).filter((code) => !COMMON_ERRORS.has(code.toUpperCase()));

const exampleLines = (examples: readonly Example[]): readonly string[] =>
  examples.flatMap(({ route, path, body, status, answer }) => [
    '```http',
    `${route.split(' ')[0] ?? ''} ${path}`,
    ...(body === undefined ? [] : ['', ...jsonLines(body)]),
    '```',
    '',
    '```json',
    `// ${String(status)}`,
    ...(typeof answer === 'string' ? answer.split('\n').map(cut) : jsonLines(answer)),
    '```',
    '',
  ]);

/** Short lists and objects on one line. */
function jsonLines(value: unknown, indent = '', label = '', end = ''): string[] {
  const line = `${indent}${label}${inline(value)}${end}`;
  if (line.length <= MAX_COLUMNS || typeof value !== 'object' || value === null) return [cut(line)];
  const isList = Array.isArray(value);
  const entries = isList ? value.map((one: unknown) => ['', one] as const) : Object.entries(value);
  const inside = entries.flatMap(([name, one], index) =>
    jsonLines(one, `${indent}  `, isList ? '' : `${JSON.stringify(name)}: `, index === entries.length - 1 ? '' : ','),
  );
  return [`${indent}${label}${isList ? '[' : '{'}`, ...inside, `${indent}${isList ? ']' : '}'}${end}`];
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${inline(one)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

const cut = (line: string): string => (line.length <= MAX_COLUMNS ? line : `${line.slice(0, MAX_COLUMNS - 1)}…`);
