// Routes of the server itself: health, metrics, the OpenAPI document, the dashboard, and the path of the node socket.
import type { Registry } from 'prom-client';
import { healthzSchema } from '../../../shared/api/node-view';
import { NODE_SOCKET_PATH, PROTOCOL_VERSION } from '../../../shared/protocol/limits';
import type { Clock } from '../../platform/clock';
import { type Answer, errorCodeAnswer, json, route, type Route } from './route';

interface ServerRouteOptions {
  readonly version: string;
  readonly clock: Clock;
  readonly metrics: Registry;
  /** Its page is Ollama's, which programs look for. 0: no such port. */
  readonly ollamaPort: number;
  /** The OpenAPI document of all routes, including these. Made once. */
  readonly openApi: () => Promise<object>;
}

const OLLAMA_PAGE: Answer = { kind: 'text', status: 200, contentType: 'text/plain; charset=utf-8', text: 'Ollama is running' };

export function serverRoutes({ version, clock, metrics, ollamaPort, openApi }: ServerRouteOptions): readonly Route[] {
  const startedAtMonotonicMs = clock.monotonicMs();
  const uptimeSeconds = (): number => Math.round(clock.monotonicMs() - startedAtMonotonicMs) / 1000;
  return [
    route({
      method: 'GET',
      path: '/healthz',
      access: 'anyone',
      summary: 'Health check: answers while the scheduler runs.',
      answers: { schema: { name: 'Health', schema: healthzSchema } },
      handle: () => json({ status: 'ok', version, protocol: PROTOCOL_VERSION, uptime_seconds: uptimeSeconds() }),
    }),
    route({
      method: 'GET',
      path: '/metrics',
      access: 'read_metrics',
      summary: 'Metrics for Prometheus.',
      answers: { contentType: 'text/plain' },
      handle: async () => ({ kind: 'text', status: 200, contentType: metrics.contentType, text: await metrics.metrics() }),
    }),
    route({
      method: 'GET',
      path: '/openapi.json',
      access: 'read_pool',
      summary: 'This OpenAPI document.',
      answers: {},
      handle: async () => json(await openApi()),
    }),
    route({
      method: 'GET',
      path: NODE_SOCKET_PATH,
      access: 'anyone',
      summary: 'The WebSocket for nodes (docs/protocol.md). Requires an upgrade, and an invitation or a member credential.',
      answers: { status: 101 },
      handle: () => errorCodeAnswer('INVALID_REQUEST', { field: 'upgrade', reason: 'a WebSocket upgrade is required' }),
    }),
    route({
      method: 'GET',
      path: '/',
      access: 'anyone',
      summary: 'The dashboard; on the port for Ollama clients the text `Ollama is running`.',
      answers: { contentType: 'text/html' },
      handle: ({ at }) => (ollamaPort !== 0 && at.port === ollamaPort ? OLLAMA_PAGE : { kind: 'file', path: '/' }),
    }),
  ];
}
