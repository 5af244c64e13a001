// Chunks of streams through a real NATS server, from one process to another, beside the bus of one process in the same run.
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { loadavg } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NatsServer } from '../tests/support/nats';
import { within } from '../tests/support/within';
import type { Order } from './bus-member';
import type * as streams from './bus-streams';
import type { StreamOrder } from './bus-streams';
import { bundle, importBundled } from './bundled';

const ROUNDS = 5;
const LIMIT_MS = 120_000;
/** A token of an answer, and a piece of a large result. */
const KINDS = [
  { name: 'token', bytes: 200, chunks: 100_000 },
  { name: 'piece', bytes: 128 * 1024, chunks: 1000 },
] as const;
/** Through two processes and a server, a stream is at most this many times slower than in one process. */
const MAX_RATIO = 10;

interface Answer {
  readonly type: 'connected' | 'begun' | 'done';
  readonly cpuMs?: number;
}

let server: NatsServer;
let remove: () => Promise<void>;
let members: readonly [ChildProcess, ChildProcess];
const figures: Record<string, string | number>[] = [];

/** The next answer of this type. */
async function answerOf(child: ChildProcess, type: Answer['type']): Promise<Answer> {
  const exit = new AbortController();
  const abort = (): void => exit.abort(new Error('a member of the bus ended'));
  child.once('exit', abort);
  try {
    for await (const [answer] of on(child, 'message', { signal: exit.signal }) as AsyncIterable<[Answer]>)
      if (answer.type === type) return answer;
    throw new Error(`no answer ${type}`);
  } finally {
    child.off('exit', abort);
  }
}

beforeAll(async () => {
  server = await NatsServer.start();
  const bundled = await bundle('bench/bus-member.ts');
  ({ remove } = bundled);
  const start = (): ChildProcess => fork(bundled.file, [server.url]);
  members = [start(), start()];
  await within('both members', Promise.all(members.map((member) => answerOf(member, 'connected'))));
});

afterAll(async () => {
  for (const member of members) member.kill();
  await server.close();
  await remove();
  console.table(figures);
});

/** Returns the CPU time of writer and reader in ms. */
async function streamOverNats(order: StreamOrder): Promise<readonly [number, number]> {
  const [writer, reader] = members;
  const give = async (member: ChildProcess, type: Order['type']): Promise<{ readonly done: Promise<Answer> }> => {
    const begun = answerOf(member, 'begun');
    const done = answerOf(member, 'done');
    member.send({ type, ...order } satisfies Order);
    await begun;
    return { done };
  };
  const read = await give(reader, 'read');
  const written = await give(writer, 'write');
  const answers = await within('the stream', Promise.all([written.done, read.done]), LIMIT_MS);
  return [answers[0].cpuMs ?? NaN, answers[1].cpuMs ?? NaN];
}

const timed = async <Value>(work: () => Promise<Value>): Promise<{ readonly ms: number; readonly value: Value }> => {
  const before = performance.now();
  const value = await work();
  return { ms: performance.now() - before, value };
};

const least = (values: readonly number[]): number => Math.min(...values);
const rounded = (value: number): number => Number(value.toPrecision(3));

test.each(KINDS)(
  'chunks per second: $name of $bytes bytes, at most ten times slower than in one process',
  async ({ name, bytes, chunks }) => {
    const { streamInProcess } = (await importBundled('bench/bus-streams.ts')) as typeof streams;
    const own: { ms: number; cpuMs: number }[] = [];
    const nats: { ms: number; writerMs: number; readerMs: number }[] = [];
    // Interleaved, so that other work on the machine disturbs both. The first round warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const order = { id: `${name}-${String(round)}`, chunks, bytes };
      const inProcess = await timed(() => streamInProcess(order));
      const overNats = await timed(() => streamOverNats(order));
      if (round === 0) continue;
      own.push({ ms: inProcess.ms, cpuMs: inProcess.value });
      nats.push({ ms: overNats.ms, writerMs: overNats.value[0], readerMs: overNats.value[1] });
    }
    const perSecond = (ms: number): number => rounded((chunks / ms) * 1000);
    const per1000 = (values: readonly number[]): number => rounded((least(values) / chunks) * 1000);
    const ratio = least(nats.map(({ ms }) => ms)) / least(own.map(({ ms }) => ms));
    figures.push(
      {
        chunk: name,
        bus: 'in process',
        'chunks/s': perSecond(least(own.map(({ ms }) => ms))),
        'CPU, ms per 1,000': per1000(own.map((each) => each.cpuMs)),
      },
      {
        chunk: name,
        bus: 'NATS, two processes',
        'chunks/s': perSecond(least(nats.map(({ ms }) => ms))),
        'MB/s': rounded((chunks * bytes) / least(nats.map(({ ms }) => ms)) / 1000),
        'writer, ms per 1,000': per1000(nats.map(({ writerMs }) => writerMs)),
        'reader, ms per 1,000': per1000(nats.map(({ readerMs }) => readerMs)),
        'times slower': rounded(ratio),
        load: rounded(loadavg()[0] ?? NaN),
      },
    );
    expect(ratio).toBeLessThan(MAX_RATIO);
  },
);
