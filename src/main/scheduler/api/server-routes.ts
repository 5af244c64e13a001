// Routes about the server itself: health, metrics, the API's description, and the way to the dashboard and the node socket.
import type { Registry } from 'prom-client';
import { healthzSchema } from '../../../shared/api/node-view';
import { NODE_SOCKET_PATH, PROTOCOL_VERSION } from '../../../shared/protocol/limits';
import type { Clock } from '../../platform/clock';
import { failure, json, route, type Route } from './route';

interface Parts {
  readonly version: string;
  readonly clock: Clock;
  readonly metrics: Registry;
  /** The OpenAPI document of all routes, these included. */
  readonly openApi: () => object;
}

export function serverRoutes({ version, clock, metrics, openApi }: Parts): readonly Route[] {
  const startedAtMs = clock.monotonicMs();
  const uptimeSeconds = (): number => Math.round(clock.monotonicMs() - startedAtMs) / 1000;
  return [
    route({
      method: 'GET',
      path: '/healthz',
      access: 'anyone',
      summary: 'Whether the scheduler is up.',
      answers: { schema: { name: 'Health', schema: healthzSchema } },
      handle: () => json({ status: 'ok', version, protocol: PROTOCOL_VERSION, uptime_seconds: uptimeSeconds() }),
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Figures for Prometheus.',
      answers: { contentType: 'text/plain' },
      handle: async () => ({ kind: 'text', status: 200, contentType: metrics.contentType, text: await metrics.metrics() }),
    }),
    route({
      method: 'GET',
      path: '/openapi.json',
      summary: 'This description.',
      answers: {},
      handle: () => json(openApi()),
    }),
    route({
      method: 'GET',
      path: NODE_SOCKET_PATH,
      access: 'anyone',
      summary: 'The WebSocket of the nodes (docs/protocol.md). It wants an upgrade, and the join token where one is set.',
      answers: { status: 101 },
      handle: () => failure('INVALID_REQUEST', { field: 'upgrade', reason: 'a WebSocket upgrade is wanted here' }),
    }),
    route({
      method: 'GET',
      path: '/',
      access: 'anyone',
      summary: 'The dashboard.',
      answers: { contentType: 'text/html' },
      handle: () => ({ kind: 'file', path: '/' }),
    }),
  ];
}
