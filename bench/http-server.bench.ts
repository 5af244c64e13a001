// The processor time of one request, with Muster's HTTP server, with bare node:http, and with Fastify used in full (ADR 0014).
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { importBundled } from './bundled';
import type * as servers from './http-servers';

const ROUNDS = 15;
const REQUESTS = 2000;
/** A request to the API costs the scheduler at most this many times the processor time of bare node:http. */
const MAX_RATIO = 3;

const head = (port: number): string => `Host: 127.0.0.1:${String(port)}\r\nAccept-Language: en\r\n`;
const body = JSON.stringify({ required_models: ['llm-a'], min_gpu_memory_gb: 20 });
const KINDS: readonly (readonly [string, (port: number) => string])[] = [
  ['GET', (port) => `GET /api/v1/nodes/node-17 HTTP/1.1\r\n${head(port)}\r\n`],
  [
    'POST',
    (port) =>
      `POST /api/v1/dispatch/explain HTTP/1.1\r\n${head(port)}` +
      `Content-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
  ],
];

const figures: Record<string, string | number>[] = [];
afterAll(() => {
  console.table(figures);
});

/** Processor time of this process (all threads, user and kernel) while the client sends its requests. */
async function microsecondsPerRequest(client: ChildProcess, port: number, request: string): Promise<number> {
  const before = process.cpuUsage();
  const done = once(client, 'message');
  client.send({ port, request, requests: REQUESTS });
  await done;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

test('processor time of a request: at most three times that of node:http alone', async () => {
  const { bareServer, musterServer, fullFastifyServer } = (await importBundled('bench/http-servers.ts')) as typeof servers;
  const client = fork(path.join(import.meta.dirname, 'http-load.mjs'));
  const variants = [
    ['node:http', bareServer()],
    ['Muster', musterServer()],
    ['Fastify in full', fullFastifyServer()],
  ] as const;
  for (const [, variant] of variants) await variant.listen();
  for (const [kind, requestTo] of KINDS) {
    const rounds = variants.map(() => [] as number[]);
    // The rounds are interleaved, so that other work on the machine affects every server equally. The first round is a warm-up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, [, { server }]] of variants.entries()) {
        const { port } = server.address() as AddressInfo;
        const microseconds = await microsecondsPerRequest(client, port, requestTo(port));
        if (round > 0) rounds[index]?.push(microseconds);
      }
    }
    const bare = rounds[0] ?? [];
    for (const [index, [name]] of variants.entries()) {
      const own = rounds[index] ?? [];
      const ratio = median(own.map((microseconds, round) => microseconds / (bare[round] ?? NaN)));
      figures.push({
        request: kind,
        server: name,
        'least, µs': Math.round(Math.min(...own)),
        'median, µs': Math.round(median(own)),
        'ratio to node:http': Number(ratio.toFixed(2)),
      });
      expect([kind, name, ratio < MAX_RATIO]).toEqual([kind, name, true]);
    }
  }
  client.kill();
  await Promise.all(variants.map(([, variant]) => variant.close()));
});
