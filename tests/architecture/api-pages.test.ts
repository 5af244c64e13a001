// The reference of the HTTP API (docs/api, and the index in docs/api.md) is what the schemas and a real scheduler give.
// `node scripts/api-pages.mjs` writes it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type AppApi, OPERATIONS } from '../../src/shared/api/app-api';
import { ok } from '../../src/shared/result';
import { apiIndex, apiPages, type Example, MARKER, type OpenApi, titleOf } from '../support/api-pages/pages';
import { exampleRequests } from '../support/api-pages/examples';
import { sendRequest } from '../support/http-api';
import { startTestScheduler } from '../support/test-scheduler';

const docs = join(import.meta.dirname, '../../docs');
const isWriting = process.env['MUSTER_WRITE_API_PAGES'] === '1';
const app: AppApi = { call: () => Promise.resolve(ok({} as never)), subscribe: () => () => undefined, ask: () => () => undefined };

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(schema, { io, unrepresentable: 'any' });
const operations = Object.fromEntries(
  Object.entries(OPERATIONS).map(([name, { params, result }]) => [
    name,
    { params: jsonSchema(params, 'input'), result: jsonSchema(result, 'output') },
  ]),
);

let api: OpenApi;
let examples: readonly Example[];
beforeAll(async () => {
  const scheduler = await startTestScheduler({ app });
  const document = (await sendRequest(scheduler.port, { path: '/openapi.json' })).json() as Omit<OpenApi, 'operations'>;
  api = { ...document, operations };
  examples = await exampleRequests(scheduler);
  await scheduler.stop();
});

const fileOf = (page: string): string => join(docs, 'api', `${page}.md`);
const written = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
/** The text of the author stays. A new page begins with its title. */
const withGenerated = (before: string, title: string, generated: string): string =>
  `${(before.split(MARKER)[0] || `# ${title}\n\n`).trimEnd()}\n\n${MARKER}\n\n${generated}\n`;

describe('reference of the HTTP API', () => {
  test('docs/api: every page is what the schemas and the scheduler give', () => {
    const pages = apiPages(api, examples);
    for (const [page, generated] of pages) {
      const wanted = withGenerated(written(fileOf(page)), titleOf(page), generated);
      if (isWriting) writeFileSync(fileOf(page), wanted);
      expect(written(fileOf(page)), `docs/api/${page}.md: run node scripts/api-pages.mjs`).toBe(wanted);
    }
    expect(readdirSync(join(docs, 'api')).toSorted(), 'a page without routes').toEqual(
      [...pages.keys()].map((page) => `${page}.md`).toSorted(),
    );
  });

  test('docs/api.md: its index has every page and route', () => {
    const file = join(docs, 'api.md');
    const wanted = written(file).replace(/(<!-- index -->\n)[^]*?(<!-- end of the index -->)/, (_all, start: string, end: string) =>
      [start, apiIndex(api), end].join(start === '' ? '' : '\n'),
    );
    if (isWriting) writeFileSync(file, wanted);
    expect(written(file), 'docs/api.md: run node scripts/api-pages.mjs').toBe(wanted);
    expect(wanted).toContain(apiIndex(api));
  });

  test('examples: successful, each of a route', () => {
    const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(examples.filter(({ status }) => status >= 400).map(({ route, status, answer }) => ({ route, status, answer }))).toEqual([]);
    expect(examples.map(({ route }) => route).filter((route) => !routes.includes(route))).toEqual([]);
  });
});
