// A scheduler and an agent with stand-ins of model servers, new for each test, for client libraries.
import OpenAI from 'openai';
import { afterEach, beforeEach } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import { linkIs, useAgentBench } from './agent-bench';
import { sse } from './stand-ins/openai-answers';
import type { StandIn } from './stand-ins/stand-in';
import { startTestScheduler, type TestScheduler, type TestSchedulerOptions } from './test-scheduler';
import { until } from './until';
import { WAIT_LIMIT_MS } from './within';

export const EVENT_STREAM = 'text/event-stream';

/** The scheduler, and the node for it, whichever client a test has. */
export function useServedPool(options: TestSchedulerOptions = {}) {
  const bench = useAgentBench();
  let scheduler: TestScheduler;
  let servers: StandIn[];
  beforeEach(async () => {
    servers = [];
    scheduler = await startTestScheduler(options);
  });
  afterEach(async () => {
    await scheduler.stop();
    await Promise.all(servers.map((server) => server.close()));
  });
  return {
    get scheduler() {
      return scheduler;
    },
    async restart(changed: TestSchedulerOptions = {}): Promise<void> {
      await scheduler.stop();
      scheduler = await startTestScheduler({ ...options, ...changed });
    },
    /** The pool has one node with these model servers. Returns the first. */
    async serve(opening: Promise<StandIn>, ...more: readonly Promise<StandIn>[]): Promise<StandIn> {
      const server = await opening;
      const all = [server, ...(await Promise.all(more))];
      servers.push(...all);
      const runtimes = all.map(
        ({ url }) => new HttpRuntime({ url, named: false, apiKeyFile: null, clock: systemClock, maxOutputBytes: 1_000_000 }),
      );
      const agent = await bench().open({ runtimes });
      agent.connectTo({ url: scheduler.url.replace(/^http/, 'ws'), joinToken: null });
      await agent.start();
      await linkIs(agent, 'connected');
      await until('the node to be ready', () => {
        if (agent.view().node_status?.message.status === 'ready') return true;
        bench().clock.advance(3000);
        return false;
      });
      return server;
    },
  };
}

/** With OpenAI's client. */
export function useStandInPool(options: TestSchedulerOptions = {}) {
  const pool = useServedPool(options);
  const clientOf = (apiKey: string): OpenAI =>
    new OpenAI({ baseURL: `${pool.scheduler.url}/v1`, apiKey, maxRetries: 0, timeout: WAIT_LIMIT_MS });
  return {
    get url() {
      return pool.scheduler.url;
    },
    get scheduler() {
      return pool.scheduler;
    },
    clientOf,
    async with(
      opening: Promise<StandIn>,
      ...more: readonly Promise<StandIn>[]
    ): Promise<{ readonly server: StandIn; readonly client: OpenAI }> {
      return { server: await pool.serve(opening, ...more), client: clientOf('any') };
    },
  };
}

/** The body of the last request to a path of the server. Undefined: none. */
export function bodyTo(server: StandIn, path: string): unknown {
  const sent = server.requests.findLast((request) => request.path === path);
  return sent === undefined ? undefined : JSON.parse(sent.body.toString());
}

/** Chats are answered with this stream. */
export const chatStream = (...chunks: object[]) => ({
  '/v1/chat/completions': { type: EVENT_STREAM, body: `${chunks.map(sse).join('')}data: [DONE]\n\n` },
});
