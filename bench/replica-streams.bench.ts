// Chunks of streamed chats per second through a cluster, with the node at one replica and the client at the other, beside one scheduler alone in
// the same run. Client, model server, agents and schedulers are separate processes. The streams have no pace: they are as fast as they can be.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, clusterEnv, startMember } from '../tests/support/cluster-lab';
import { sendRequest } from '../tests/support/http-api';
import { MusterLab, type MusterProcess, QUICK_AGENT } from '../tests/support/muster-process';
import { NatsServer } from '../tests/support/nats';
import { TestPostgres } from '../tests/support/postgres';
import { until } from '../tests/support/until';

const ROUNDS = 6;
const STREAMS = 16;
const TOKENS = 1500;
const LIMIT_MS = 60_000;
const TICK_MS = 10;
/** Through two replicas, a chunk costs all schedulers together at most so many times as much CPU as at a scheduler that is alone. */
const MOST_TIMES_CPU = 5;

let lab: MusterLab;
let database: TestPostgres;
let nats: NatsServer;
let client: ChildProcess;
const figures: Record<string, string | number>[] = [];

interface Path {
  readonly name: string;
  readonly port: number;
  readonly schedulers: readonly MusterProcess[];
  readonly agent: MusterProcess;
  readonly rounds: { perSecond: number; schedulersMs: readonly number[]; agentMs: number }[];
}
const paths: Path[] = [];

async function modelServer(): Promise<number> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'chat-runtime.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  lab.own(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return (JSON.parse(line) as { readonly port: number }).port;
}

/** Without a limit of the load: the benchmark itself is a load of this machine. */
const CONFIG = '[scheduler.load_balancer]\nresource_threshold = 100\n';

function agentOf(name: string, schedulerUrl: string, model: number): MusterProcess {
  const dataDir = lab.dataDir(`agent-${name}`, '', { models: false });
  const argv = ['agent', '--data-dir', dataDir, '--scheduler', schedulerUrl.replace('http', 'ws'), '--simulate-gpu', 'Test:24'];
  return lab.start(argv, {
    ...QUICK_AGENT,
    MUSTER_AGENT_MAX_CONCURRENT_JOBS: String(STREAMS),
    MUSTER_RUNTIMES_URLS: `http://127.0.0.1:${String(model)}`,
  });
}

beforeAll(async () => {
  lab = new MusterLab();
  [database, nats] = await Promise.all([TestPostgres.start({ isDurable: true }), NatsServer.start()]);
  client = fork(path.join(import.meta.dirname, 'chat-client.mjs'));
  lab.own(client);
  const model = await modelServer();
  const env = { ...clusterEnv(database, await database.newDatabase()), MUSTER_CLUSTER_BUS_URL: nats.url };
  const [a, b] = ['a', 'b'].map((name) => startMember(lab, env, { name, dataDir: lab.dataDir(name, CONFIG, { models: false }) }));
  const alone = lab.start(['scheduler', '--data-dir', lab.dataDir('alone', CONFIG, { models: false }), '--port', '0']);
  if (a === undefined || b === undefined) throw new Error('no members');
  const [aloneUrl, nodesUrl, clientsUrl] = [await alone.url(), (await addressOf(a)).url, (await addressOf(b)).url];
  const add = (name: string, schedulers: readonly MusterProcess[], nodeUrl: string, clientUrl: string): void => {
    paths.push({ name, port: Number(new URL(clientUrl).port), schedulers, agent: agentOf(name, nodeUrl, model), rounds: [] });
  };
  add('alone', [alone], aloneUrl, aloneUrl);
  add('two replicas', [a, b], nodesUrl, clientsUrl);
  for (const { port } of paths)
    await until('the model to be ready', async () => (await sendRequest(port, { path: '/v1/models' })).text.includes('talker'), LIMIT_MS);
}, 2 * LIMIT_MS);

afterAll(async () => {
  await lab.close();
  await nats.close();
  await database.remove();
  console.table(figures);
});

/** Processor time of all threads, ms. Linux only. */
function cpuMsOf({ child }: MusterProcess): number {
  const fields =
    readFileSync(`/proc/${String(child.pid)}/stat`, 'latin1')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function round({ port, schedulers, agent, rounds }: Path): Promise<void> {
  const before = [...schedulers, agent].map(cpuMsOf);
  const answer = once(client, 'message') as Promise<[{ readonly ms: number; readonly events: number }]>;
  client.send({ do: 'streams', port, streams: STREAMS, tokens: TOKENS });
  const [{ ms, events }] = await answer;
  expect(events).toBe(STREAMS * (TOKENS + 1));
  const spent = [...schedulers, agent].map((process, i) => cpuMsOf(process) - (before[i] ?? NaN));
  rounds.push({ perSecond: (events / ms) * 1000, schedulersMs: spent.slice(0, -1), agentMs: spent.at(-1) ?? NaN });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const median = (values: readonly number[]): number => values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? NaN;

test(`${String(STREAMS)} streams without a pace: chunks per second, and the CPU of a chunk`, async () => {
  // Interleaved, so that other work on the machine disturbs both. The first round warms up.
  for (let i = 0; i <= ROUNDS; i++) for (const each of paths) await round(each);
  const perThousand = (ms: number): string => ((ms / (STREAMS * (TOKENS + 1))) * 1000).toFixed(1);
  const cpu = paths.map(({ name, schedulers, rounds: [, ...rounds] }) => {
    figures.push({
      path: name,
      'chunks/s, best': Math.round(Math.max(...rounds.map(({ perSecond }) => perSecond))),
      'chunks/s, median': Math.round(median(rounds.map(({ perSecond }) => perSecond))),
      'CPU ms per 1,000 chunks, schedulers': schedulers
        .map((_, i) => perThousand(median(rounds.map(({ schedulersMs }) => schedulersMs[i] ?? NaN))))
        .join(', '),
      'CPU ms per 1,000 chunks, agent': perThousand(median(rounds.map(({ agentMs }) => agentMs))),
      load: (loadavg()[0] ?? NaN).toFixed(1),
    });
    return median(rounds.map(({ schedulersMs }) => sum(schedulersMs)));
  });
  const [alone = NaN, replicas = NaN] = cpu;
  expect(replicas / alone).toBeLessThan(MOST_TIMES_CPU);
});
