// Attacks of a program that answers in place of a scheduler: compressed, endless and slow answers. Each client ends within its limits.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { followJob } from '../../../src/main/cli/follow-job';
import { createConnectionTester } from '../../../src/main/scheduler-client/connection-test';
import { HttpClient } from '../../../src/main/scheduler-client/http-client';
import { PoolClient } from '../../../src/main/scheduler-client/pool-client';
import { systemClock } from '../../../src/main/platform/clock';
import type { Logger } from '../../../src/main/platform/logger';
import { listenHttp } from '../../support/http-server';
import { within } from '../../support/within';

const MIB = 1024 * 1024;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Answer = (response: ServerResponse) => void;

async function falseScheduler(answer: Answer): Promise<{ url: string; sentBytes: () => number }> {
  let socket: Socket | null = null;
  const server = await listenHttp((_request, response) => {
    socket = response.socket;
    answer(response);
  });
  closers.push(() => server.close());
  return { url: server.url, sentBytes: () => socket?.bytesWritten ?? 0 };
}

/** Answers as fast as the client reads, without end. */
const endless =
  (piece: Buffer | string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    const send = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', send);
    send();
  };

/** 400 KiB that unpack to 400 MiB. */
const bomb = (): Answer => {
  const packed = gzipSync(Buffer.alloc(400 * MIB, ' '));
  return (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
};

const clientOf = (url: string, timeoutMs = 20_000) => new HttpClient({ baseUrl: url, token: null, timeoutMs });
const askHealth = (url: string, timeoutMs?: number) =>
  clientOf(url, timeoutMs).ask({ method: 'GET', path: '/healthz', answer: 'health' }, z.object({}));
const askList = (url: string) => clientOf(url).ask({ method: 'GET', path: '/api/v1/nodes', answer: 'list' }, z.object({}));
const testConnection = async (url: string) =>
  (await createConnectionTester({ timeoutMs: 5000 })({ address: url })).find(({ step }) => step === 'http');

/** The growth of the resident memory while `work` runs. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
  await work();
  clearInterval(timer);
  return Math.max(peak, process.memoryUsage.rss()) - before;
}

test('false scheduler: compressed answer -> refused, not unpacked', async () => {
  const { url } = await falseScheduler(bomb());
  const growth = await growthOf(async () => {
    expect(await askHealth(url)).toMatchObject({ ok: false, error: { details: { cause: 'answer_compressed' } } });
    expect(await askList(url)).toMatchObject({ ok: false, error: { details: { cause: 'answer_compressed' } } });
    expect(await testConnection(url)).toMatchObject({ code: 'not_a_scheduler', details: { cause: 'answer_compressed' } });
    expect(await followJob(clientOf(url), 'j', () => undefined)).toMatchObject({ error: { details: { cause: 'answer_compressed' } } });
  });
  expect(growth).toBeLessThan(100 * MIB);
});

test('false scheduler: endless body -> ended at the limit of the answer', async () => {
  const { url, sentBytes } = await falseScheduler(endless(Buffer.alloc(MIB, ' ')));
  expect(await askHealth(url)).toMatchObject({ ok: false, error: { details: { cause: 'answer_too_large' } } });
  expect(sentBytes()).toBeLessThan(16 * MIB);
  expect(await testConnection(url)).toMatchObject({ code: 'not_a_scheduler', details: { cause: 'answer_too_large' } });
  expect(sentBytes()).toBeLessThan(16 * MIB);
  expect(await askList(url)).toMatchObject({ ok: false, error: { details: { cause: 'answer_too_large' } } });
  expect(sentBytes()).toBeLessThan(64 * MIB);
});

test('false scheduler: announced length over the limit -> refused before reading', async () => {
  const { url } = await falseScheduler((response) => {
    response.writeHead(200, { 'content-length': String(10 * 1024 * MIB) }).write('{');
  });
  expect(await askList(url)).toMatchObject({ ok: false, error: { details: { cause: 'answer_too_large' } } });
});

test('false scheduler: body of one byte every 50 ms -> timeout', async () => {
  const { url } = await falseScheduler((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  expect(await within('the answer', askHealth(url, 500), 5000)).toMatchObject({ ok: false, error: { details: { cause: 'TimeoutError' } } });
  const step = await createConnectionTester({ timeoutMs: 500 })({ address: url });
  expect(step.find(({ step: name }) => name === 'http')).toMatchObject({ code: 'timeout' });
});

test('false scheduler: endless header -> ended', async () => {
  let sent = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 200 OK\r\nx: ');
    const piece = Buffer.alloc(16 * 1024, 'a');
    const send = () => {
      while (!socket.destroyed && socket.write(piece)) sent += piece.length;
    };
    socket.on('drain', send);
    send();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  expect(await askHealth(url, 5000)).toMatchObject({ ok: false, error: { details: { cause: 'UND_ERR_HEADERS_OVERFLOW' } } });
  expect(sent).toBeLessThan(16 * MIB);
  expect(await testConnection(url)).toMatchObject({ code: 'not_a_scheduler' });
});

const EVENTS = { 'content-type': 'text/event-stream' };

test.each([
  ['endless line', Buffer.from(`data: ${'a'.repeat(MIB)}`)],
  ['endless line of an unknown field', Buffer.alloc(MIB, 'a')],
  ['endless data lines of one event', Buffer.from(`data: ${'a'.repeat(1000)}\n`.repeat(1000))],
  ['endless comments', Buffer.from(`: ${'a'.repeat(1000)}\n`.repeat(1000))],
])('false scheduler: job events with %s -> ended at the limit', async (_title, piece) => {
  const { url, sentBytes } = await falseScheduler(endless(piece, EVENTS));
  const ended = await followJob(clientOf(url), 'job-1', () => undefined);
  expect(ended).toMatchObject({ ok: false, error: { code: 'DISCONNECTED' } });
  expect(sentBytes()).toBeLessThan(300 * MIB);
});

test('false scheduler: job events refused with an endless body -> ended at the limit', async () => {
  const { url, sentBytes } = await falseScheduler((response) => {
    response.statusCode = 500;
    const send = () => {
      while (!response.destroyed && response.write(Buffer.alloc(MIB, ' ')));
    };
    response.on('drain', send);
    send();
  });
  expect(await followJob(clientOf(url), 'job-1', () => undefined)).toMatchObject({ error: { details: { cause: 'answer_too_large' } } });
  expect(sentBytes()).toBeLessThan(16 * MIB);
});

test('false scheduler: silent job events -> ended', async () => {
  const { url } = await falseScheduler((response) => response.writeHead(200, EVENTS).flushHeaders());
  const followed = followJob(clientOf(url), 'job-1', () => undefined, 300);
  expect(await within('the end', followed, 5000)).toMatchObject({ ok: false, error: { details: { cause: 'silent' } } });
  const mute = await falseScheduler(() => undefined);
  const asked = followJob(clientOf(mute.url), 'job-1', () => undefined, 300);
  expect(await within('the end', asked, 5000)).toMatchObject({ ok: false, error: { details: { cause: 'silent' } } });
});

test('false scheduler: pool events with an endless line -> lost at the limit of an event', async () => {
  const { url, sentBytes } = await falseScheduler(endless(Buffer.from(`data: ${'a'.repeat(MIB)}`), EVENTS));
  const lost = await new Promise<Readonly<Record<string, unknown>>>((resolve) => {
    const logger: Logger = {
      log: (_level, _event, fields) => {
        resolve(fields ?? {});
      },
      isEnabled: () => true,
    };
    const pool = new PoolClient({ baseUrl: url, token: null, clock: systemClock, logger });
    closers.push(pool.subscribe(() => undefined));
  });
  expect(lost).toMatchObject({ cause: 'EventTooLarge' });
  expect(sentBytes()).toBeLessThan(128 * MIB);
});
