// What a heartbeat costs the leader: with the nodes at the leader itself, beside nodes at a replica, over a real NATS server. The nodes, the
// replica and the leader are separate processes.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NatsServer } from '../tests/support/nats';
import { temporaryDir } from '../tests/support/test-scheduler';
import { within } from '../tests/support/within';
import { bundle } from './bundled';
import type { Figures } from './led-nodes';

const NODES = 2000;
const ROUNDS = 9;
const WARM_UP = 3;
/** Heartbeats of each node in a round. The polls of one heartbeat would cost as much as it does. */
const BEATS = 5;
const IDLE_POLLS = 10;
const LIMIT_MS = 120_000;
/** Of the cost of a heartbeat at a leader that is alone: when the nodes report what they reported before. */
const MOST_SUMMED = 0.1;

/** The load that the nodes report in a heartbeat. */
const KINDS = [
  { name: 'only the time changes', cpu: () => 10 },
  { name: 'a little more or less load', cpu: (beat: number) => 10 + 2 * (beat % 2) },
  { name: 'more or less load, within the limits', cpu: (beat: number) => 10 + 10 * (beat % 2) },
  { name: 'over a limit, or below it again', cpu: (beat: number) => 10 + 40 * (beat % 2) },
] as const;

const figures: Record<string, string | number>[] = [];
const folder = temporaryDir();
let server: NatsServer;
let bundled: Awaited<ReturnType<typeof bundle>>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  server = await NatsServer.start();
  bundled = await bundle('bench/led-nodes.ts');
}, LIMIT_MS);

afterAll(async () => {
  for (const child of children) child.kill();
  await server.close();
  await bundled.remove();
  folder.remove();
  console.table(figures);
});

async function start(role: 'leader' | 'replica'): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = fork(bundled.file, [role, server.url, folder.dir]);
  children.push(child);
  const [{ url }] = (await within(`the ${role}`, once(child, 'message'), LIMIT_MS)) as [{ url: string }];
  return { url, child };
}

async function figuresOf(child: ChildProcess): Promise<Figures> {
  const answered = once(child, 'message');
  child.send('figures');
  return ((await answered) as [Figures])[0];
}

async function nodesAt(url: string): Promise<ChildProcess> {
  const program = path.join(import.meta.dirname, 'many-sockets.mjs');
  const child = spawn(process.execPath, [program, `${url.replace('http', 'ws')}/ws/node`, String(NODES)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  await within('the registrations', once(child.stdout, 'data'), LIMIT_MS);
  return child;
}

const POLL_MS = 500;
const poll = async (leader: ChildProcess): Promise<Figures> => {
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  return figuresOf(leader);
};

/** CPU time between two polls without a heartbeat, ms. */
async function idleCost(leader: ChildProcess): Promise<number> {
  const before = await poll(leader);
  for (let polls = 0; polls < IDLE_POLLS - 1; polls++) await poll(leader);
  return ((await poll(leader)).cpuMs - before.cpuMs) / IDLE_POLLS;
}

/** CPU time of one heartbeat in the middle round, µs: now and then the leader repeats the status of all nodes to them. */
async function cost(leader: ChildProcess, nodes: ChildProcess, cpu: (beat: number) => number): Promise<number> {
  const rounds: number[] = [];
  const idleMs = await idleCost(leader);
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const before = await figuresOf(leader);
    let now = before;
    let polls = 0;
    for (; polls < BEATS || now.heartbeats < before.heartbeats + BEATS * NODES; polls++) {
      if (polls < BEATS) nodes.stdin?.write(`beat ${String(cpu(round * BEATS + polls))}\n`);
      now = await within('the heartbeats', poll(leader), LIMIT_MS);
    }
    if (round >= WARM_UP) rounds.push(now.cpuMs - before.cpuMs - polls * idleMs);
  }
  return ((rounds.toSorted((a, b) => a - b)[(ROUNDS - 1) / 2] ?? NaN) * 1000) / (BEATS * NODES);
}

test(`${String(NODES)} nodes at a replica -> a heartbeat costs the leader a part of what it costs a scheduler that is alone`, async () => {
  const leader = await start('leader');
  const replica = await start('replica');
  const results: Record<string, number[]> = {};
  for (const place of ['alone', 'at a replica'] as const) {
    const nodes = await nodesAt(place === 'alone' ? leader.url : replica.url);
    for (const { name, cpu } of KINDS) (results[name] ??= []).push(await cost(leader.child, nodes, cpu));
    nodes.kill();
    await once(nodes, 'exit');
  }
  for (const [name, [alone = NaN, forwarded = NaN]] of Object.entries(results))
    figures.push({
      heartbeat: name,
      'alone, µs': Number(alone.toPrecision(3)),
      'at a replica, µs': Number(forwarded.toPrecision(3)),
      ratio: Number((forwarded / alone).toPrecision(2)),
      load: Number((loadavg()[0] ?? NaN).toPrecision(2)),
    });
  const [alone = NaN, summed = NaN] = results[KINDS[0].name] ?? [];
  expect(summed / alone).toBeLessThan(MOST_SUMMED);
}, 600_000);
