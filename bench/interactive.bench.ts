// What Muster adds to an interactive request: the time to the first byte and the end of many streams, beside a plain reverse proxy and
// the model server alone. Client, proxy, model server, scheduler and agent are separate processes; the disk is real.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRequest } from '../tests/support/http-api';
import { MusterLab, type MusterProcess, QUICK_AGENT } from '../tests/support/muster-process';
import { until } from '../tests/support/until';

const ROUNDS = 5;
const REQUESTS = 300;
/** Requests of the first round, which is not counted: the code of a service that has run for a while is compiled. */
const WARM_UP_REQUESTS = 1500;
const STREAM_ROUNDS = 4;
const STREAMS = 64;
const TOKENS_PER_SECOND = 60;
const TOKENS = 3 * TOKENS_PER_SECOND;
/** Muster adds at most this many times what the proxy adds. */
const MAX_P50_RATIO = 4;
const MAX_P99_RATIO = 6;
/** 64 streams end at most this much later than those of the model server alone. */
const MAX_LATE_PERCENT = 1.5;

const lab = new MusterLab();
const figures: Record<string, string | number>[] = [];
let client: ChildProcess;
let scheduler: MusterProcess;
let agent: MusterProcess;
let ports: { readonly direct: number; readonly proxy: number; readonly muster: number };

/** Starts a helper that prints its address. */
async function helper(name: string, ...args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  lab.own(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return (JSON.parse(line) as { readonly port: number }).port;
}

beforeAll(async () => {
  client = fork(path.join(import.meta.dirname, 'chat-client.mjs'));
  lab.own(client);
  const direct = await helper('chat-runtime.mjs');
  const proxy = await helper('chat-proxy.mjs', String(direct));
  const config = lab.configFile('scheduler', '[server]\nport = 0\n[scheduler.load_balancer]\nresource_threshold = 100\n');
  scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('scheduler'), '--config', config, '--log-format', 'json']);
  const url = new URL(await scheduler.url());
  agent = lab.start(
    ['agent', '--data-dir', lab.dataDir('agent', '', { models: false }), '--scheduler', `ws://${url.host}`].concat([
      '--simulate-gpu',
      'Test:24',
      '--log-format',
      'json',
    ]),
    { ...QUICK_AGENT, MUSTER_AGENT_MAX_CONCURRENT_JOBS: String(STREAMS), MUSTER_RUNTIMES_URLS: `http://127.0.0.1:${String(direct)}` },
  );
  const muster = Number(url.port);
  await until('the model to be ready', async () => (await sendRequest(muster, { path: '/v1/models' })).text.includes('talker'), 60_000);
  ports = { direct, proxy, muster };
}, 90_000);

afterAll(async () => {
  console.table(figures);
  await lab.close();
});

async function roundOf<Times>(round: object): Promise<Times> {
  const answer = once(client, 'message') as Promise<[Times]>;
  client.send(round);
  return (await answer)[0];
}

const at = (samples: readonly number[], share: number): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(share * samples.length)] ?? NaN;
const rounded = (value: number): number => Number(value.toFixed(2));
const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

/** Times of the model server alone, through the proxy and through Muster. */
type Times = readonly [direct: number, proxy: number, muster: number];

interface Round {
  readonly p50: Times;
  readonly p99: Times;
}

/** What Muster adds to the median of the model server alone, as a multiple of what the proxy adds. */
const ratioOf = ([, proxy, muster]: Times, { p50: [base] }: Round): number => (muster - base) / (proxy - base);
const sumOf = (times: Times): number => times.reduce((total, ms) => total + ms, 0);
const shown = (times: Times): string => times.map((ms) => ms.toFixed(2)).join(' / ');

for (const stream of [false, true]) {
  test(`time to the first byte of a ${stream ? 'streamed' : 'whole'} chat: Muster adds little more than a proxy`, async () => {
    const rounds: Round[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const [direct = [], proxy = [], muster = []] = await roundOf<readonly (readonly number[])[]>({
        do: 'first-bytes',
        ports: [ports.direct, ports.proxy, ports.muster],
        stream,
        requests: round === 0 ? WARM_UP_REQUESTS : REQUESTS,
      });
      if (round === 0) continue;
      const share = (part: number): Times => [at(direct, part), at(proxy, part), at(muster, part)];
      const times: Round = { p50: share(0.5), p99: share(0.99) };
      rounds.push(times);
      figures.push({
        figure: `${stream ? 'streamed' : 'whole'}, round ${String(round)}, load ${load()}`,
        'p50 direct / proxy / Muster, ms': shown(times.p50),
        'p50 ratio': rounded(ratioOf(times.p50, times)),
        'p99 direct / proxy / Muster, ms': shown(times.p99),
        'p99 ratio': rounded(ratioOf(times.p99, times)),
      });
    }
    // The least disturbed round, by all three paths together.
    const [best] = rounds.toSorted((one, other) => sumOf(one.p99) - sumOf(other.p99));
    if (best === undefined) throw new Error('there is no round');
    expect.soft(ratioOf(best.p50, best)).toBeLessThan(MAX_P50_RATIO);
    expect(ratioOf(best.p99, best)).toBeLessThan(MAX_P99_RATIO);
  });
}

/** Processor time of all threads, ms. Linux only. */
function cpuMsOf({ child }: MusterProcess): number {
  const fields =
    readFileSync(`/proc/${String(child.pid)}/stat`, 'latin1')
      .split(') ')[1]
      ?.split(' ') ?? [];
  const TICK_MS = 10;
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

test(`${String(STREAMS)} streams of ${String(TOKENS_PER_SECOND)} tokens a second: they end hardly later than without Muster`, async () => {
  const late: number[] = [];
  for (let round = 0; round <= STREAM_ROUNDS; round++) {
    const wanted = { do: 'streams', streams: STREAMS, tokens: TOKENS, perSecond: TOKENS_PER_SECOND };
    const direct = await roundOf<{ readonly ms: number }>({ ...wanted, port: ports.direct });
    const before = [scheduler, agent].map(cpuMsOf);
    const muster = await roundOf<{ readonly ms: number; readonly events: number }>({ ...wanted, port: ports.muster });
    const [schedulerMs = NaN, agentMs = NaN] = [scheduler, agent].map((process, index) => cpuMsOf(process) - (before[index] ?? NaN));
    expect(muster.events).toBe(STREAMS * (TOKENS + 1));
    if (round === 0) continue;
    late.push((muster.ms / direct.ms - 1) * 100);
    const perThousand = (ms: number): number => rounded((ms / muster.events) * 1000);
    figures.push({
      figure: `${String(STREAMS)} streams, round ${String(round)}, load ${load()}`,
      'end direct / Muster, ms': `${direct.ms.toFixed(0)} / ${muster.ms.toFixed(0)}`,
      'later, %': rounded(late.at(-1) ?? NaN),
      'CPU ms per 1,000 chunks, scheduler': perThousand(schedulerMs),
      'CPU ms per 1,000 chunks, agent': perThousand(agentMs),
      'chunks per second and core': Math.round((muster.events / (schedulerMs + agentMs)) * 1000),
    });
  }
  expect(Math.min(...late)).toBeLessThan(MAX_LATE_PERCENT);
});
