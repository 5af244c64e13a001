// The whole scheduler over real sockets: memory per registered node, the duration of many registrations at once and their longest
// event-loop delay, and heartbeats per second of CPU. The nodes are in another process.
import { type ChildProcess, spawn } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../src/main/platform/clock';
import { silentLogger } from '../src/main/platform/logger';
import { openScheduler } from '../src/main/scheduler/open-scheduler';
import { temporaryDir, testConfig } from '../tests/support/test-scheduler';

const NODES = 10_000;
const ROUNDS = 10;
/**
 * Resident memory for one node with five models, one GPU and a socket. Heap that is free at the measurement counts too. The reference in
 * Rust needs 19 KiB, but has no store.
 */
const MOST_KIB_PER_NODE = 50;
const MOST_LIVE_KIB_PER_NODE = 12;

const figures: Record<string, string | number>[] = [];
afterAll(() => {
  console.table(figures);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function residentKib(): Promise<number> {
  collectGarbage();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return process.memoryUsage.rss() / 1024;
}

/** Polls seldom, because the polling process is the measured one. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  do await new Promise((resolve) => setTimeout(resolve, 250));
  while (!(await isSo()));
};

const printed = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => {
      if (String(data).includes(text)) resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`the nodes' process ended with ${String(code)}`));
    });
  });

test(`${String(NODES)} nodes: registered, heartbeats sent -> memory per node within the limit`, async () => {
  const folder = temporaryDir();
  const options = { config: await testConfig(), databaseFile: path.join(folder.dir, 'scheduler.db'), clock: systemClock };
  const opened = await openScheduler({ ...options, logger: silentLogger, version: '0', ownerKey: () => 'owner-key-of-the-bench' });
  if (!opened.ok) throw new Error(opened.error.code);
  const listening = await opened.value.listen({ app: null, rendererDir: null });
  if (!listening.ok) throw new Error(listening.error.code);
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${listening.value.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  };

  const before = await residentKib();
  const heapBefore = process.memoryUsage().heapUsed;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startMonotonicMs = performance.now();
  const socketUrl = `${listening.value.url.replace('http', 'ws')}/ws/node`;
  const nodes = spawn(process.execPath, [path.join(import.meta.dirname, 'many-sockets.mjs'), socketUrl, String(NODES)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await printed(nodes, 'registered');
  delay.disable();
  const registeredMs = performance.now() - startMonotonicMs;
  figures.push({ figure: `${String(NODES)} registrations, each durable before its ack, s`, value: (registeredMs / 1000).toFixed(2) });
  figures.push({ figure: 'longest event-loop delay during the registrations, ms', value: Math.round(delay.max / 1e6) });

  const cpuBefore = process.cpuUsage();
  for (let round = 1; round <= ROUNDS; round++) {
    nodes.stdin.write('beat\n');
    await until(async () => (await metric('muster_heartbeat_handling_seconds_count')) === round * NODES);
  }
  const cpu = process.cpuUsage(cpuBefore);
  const heartbeats = ROUNDS * NODES;
  figures.push({
    figure: 'heartbeats per second of CPU, sockets included',
    value: Math.round(heartbeats / ((cpu.user + cpu.system) / 1e6)),
  });
  const meanSeconds = (await metric('muster_heartbeat_handling_seconds_sum')) / heartbeats;
  figures.push({ figure: 'handling of one heartbeat, mean, µs', value: (meanSeconds * 1e6).toFixed(1) });
  expect(await metric('muster_nodes\\{status="ready"\\}')).toBe(NODES);

  const perNodeKib = ((await residentKib()) - before) / NODES;
  const heapPerNodeKib = (process.memoryUsage().heapUsed - heapBefore) / 1024 / NODES;
  figures.push({ figure: 'live JavaScript heap per node, KiB', value: heapPerNodeKib.toFixed(1) });
  figures.push({ figure: `resident memory per node at ${String(NODES)} nodes, KiB`, value: perNodeKib.toFixed(1) });
  nodes.stdin.end();
  nodes.kill();
  await opened.value.stop();
  folder.remove();
  expect(perNodeKib).toBeLessThan(MOST_KIB_PER_NODE);
  expect(heapPerNodeKib).toBeLessThan(MOST_LIVE_KIB_PER_NODE);
}, 240_000);
