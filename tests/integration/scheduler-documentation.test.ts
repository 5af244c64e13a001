// Checks that docs/protocol.md, docs/api.md and docs/log.md are complete.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { STOP_REASONS } from '../../src/shared/api/job';
import { CLOSE_CODES, HTTP_ERRORS, NODE_ERRORS } from '../../src/shared/protocol/codes';
import { nodeMessageSchema } from '../../src/shared/protocol/node-messages';
import { schedulerMessageSchema } from '../../src/shared/protocol/scheduler-messages';
import type { AppApi } from '../../src/shared/api/app-api';
import { ok } from '../../src/shared/result';
import { sendRequest } from '../support/http-api';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

const doc = (name: string): string => readFileSync(path.join(import.meta.dirname, '../../docs', name), 'utf8');
const app: AppApi = { call: () => Promise.resolve(ok({} as never)), subscribe: () => () => undefined, ask: () => () => undefined };
const missing = (text: string, words: readonly string[]): readonly string[] => words.filter((word) => !text.includes(word));

let scheduler: TestScheduler;
beforeAll(async () => {
  scheduler = await startTestScheduler({ app });
});
afterAll(async () => {
  await scheduler.stop();
});

it('api.md: routes, error codes, metrics -> all there', async () => {
  const { paths } = (await sendRequest(scheduler.port, { path: '/openapi.json' })).json() as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => `\`${method.toUpperCase()} ${route}\``),
  );
  const metrics = [...(await sendRequest(scheduler.port, { path: '/metrics' })).text.matchAll(/^# TYPE (\S+)/gm)].map(
    (match) => match[1] ?? '',
  );
  expect(missing(doc('api.md'), [...routes, ...Object.keys(HTTP_ERRORS), ...metrics])).toEqual([]);
});

it('OpenAPI: 429 of a path that runs a model has the x-ratelimit headers, that of another path has not', async () => {
  const { paths } = (await sendRequest(scheduler.port, { path: '/openapi.json' })).json() as {
    paths: Record<string, Record<string, { responses: Record<string, { headers?: object }> }>>;
  };
  const headersOf = (path: string, method: string): readonly string[] =>
    Object.keys(paths[path]?.[method]?.responses['429']?.headers ?? {});
  for (const path of ['/v1/chat/completions', '/v1/messages', '/api/chat', '/api/v1/jobs'])
    expect(headersOf(path, 'post'), path).toEqual(expect.arrayContaining(['Retry-After', 'X-RateLimit-Reset-Tokens']));
  expect(headersOf('/v1/models', 'get')).not.toContain('X-RateLimit-Reset-Tokens');
});

it('protocol.md: messages, fields, error codes, close codes -> all there', () => {
  const messages = [...nodeMessageSchema.options, ...schedulerMessageSchema.options];
  const names = messages.flatMap(({ shape }) => [
    ...('value' in shape.type ? [`\`${shape.type.value}\``] : []),
    ...Object.keys(shape).filter((field) => field !== 'type'),
  ]);
  const closeCodes = Object.values(CLOSE_CODES).map((code) => `| ${String(code)} |`);
  expect(missing(doc('protocol.md'), [...names, ...Object.keys(NODE_ERRORS).map((code) => `\`${code}\``), ...closeCodes])).toEqual([]);
});

it('protocol.md: reasons of job_cancel -> exactly those', () => {
  const [, section = ''] = /^### `job_cancel`\n([^]*?)^### /m.exec(doc('protocol.md')) ?? [];
  expect([...section.matchAll(/^- `(\w+)`: /gm)].map(([, reason]) => reason)).toEqual([...STOP_REASONS]);
});

it('log.md: events that the scheduler logs -> exactly those', () => {
  const folder = path.join(import.meta.dirname, '../../src/main/scheduler');
  const within = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const trust = readdirSync(path.join(folder, '../trust')).filter((name) => name.endsWith('.ts'));
  const sources = [
    ...within,
    ...trust.map((name) => `../trust/${name}`),
    '../platform/abuse-log.ts',
    '../joining/join-host.ts',
    '../joining/announce.ts',
    '../settings/settings-service.ts',
    '../cli/start-scheduler.ts',
    '../cli/start-cluster-member.ts',
    '../cli/daemon.ts',
    '../cli/owner-key.ts',
    '../cli/service-manager.ts',
  ];
  const logged = sources.flatMap((name) =>
    [...readFileSync(path.join(folder, name), 'utf8').matchAll(/(?:\.log\(|\[)\s*'(info|warn|error|debug)',\s*'(\w+)'/g)].map(
      ([, level, event]) => `${event ?? ''} ${level ?? ''}`,
    ),
  );
  const documented = [...doc('log.md').matchAll(/^- `(\w+)` \((\w+)\)/gm)].map(([, event, level]) => `${event ?? ''} ${level ?? ''}`);
  expect(documented.toSorted()).toEqual([...new Set(logged)].toSorted());
});
